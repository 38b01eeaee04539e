"""Releases: readers have one or another, whole, and never lose the one they had."""

import os
from pathlib import Path

import pytest

from helpers.errors import ParameterError, SetupError
from helpers.releases.contents import (
    File,
    Report,
    file_of,
    read_release,
    read_reports,
    write_record,
)
from helpers.releases.store import Releases

INDEX = '<!DOCTYPE html><a href="lan/24.html">AC</a> <a href="andringar.html">Ändringar</a> <a href="#om">Om</a></html>'


def build(out: Path, text: str) -> str:
    """Publish a release with one report that says a text; return its id."""
    building = out / ".building"
    page = building / "html" / "lan" / "24.html"
    page.parent.mkdir(parents=True)
    (building / "executed").mkdir()
    page.write_text(text, "utf-8")
    for name in ("index.html", "andringar.html"):
        (building / "html" / name).write_text(INDEX, "utf-8")
    (building / "html" / "manifest.json").write_text("{}", "utf-8")
    report = Report(
        id="lan/24", key={"code": "1"}, parameters={}, files={"html/lan/24.html": file_of(page)}
    )
    release = write_record(building, "Prov", text, [report])
    Releases(out).publish(building, release, kept=3)
    return release.id


def shown(out: Path) -> str:
    return (out / "html" / "lan" / "24.html").read_text("utf-8")


def test_a_new_release_is_shown_and_the_one_before_stays(tmp_path):
    first, second = build(tmp_path, "ett"), build(tmp_path, "två")
    assert shown(tmp_path) == "två"
    assert (tmp_path / "releases" / first / "html/lan/24.html").read_text("utf-8") == "ett"
    assert Releases(tmp_path).order == [first, second]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "current",
        "executed",
        "html",
        "releases",
    ]


def test_the_links_of_the_open_index_lead_into_the_release_itself(tmp_path):
    name = build(tmp_path, "ett")
    index = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert f'href="../releases/{name}/html/lan/24.html"' in index
    assert f'href="../releases/{name}/html/andringar.html"' in index
    assert 'href="#om"' in index
    assert Path(
        os.path.normpath(tmp_path / "html" / f"../releases/{name}/html/lan/24.html")
    ).is_file()


def test_the_links_of_a_releases_own_index_stay_in_it(tmp_path):
    name = build(tmp_path, "ett")
    assert (tmp_path / "releases" / name / "html" / "index.html").read_text("utf-8") == INDEX


def test_the_same_reports_are_the_same_release(tmp_path):
    names = [build(tmp_path, text) for text in ("ett", "två", "ett")]
    assert names[0] == names[2] != names[1]
    assert Releases(tmp_path).order == [names[1], names[0]]
    assert shown(tmp_path) == "ett"


def test_only_as_many_releases_as_wished_are_kept_and_the_published_one_always(tmp_path):
    names = [build(tmp_path, text) for text in "abcd"]
    assert Releases(tmp_path).order == names[1:]
    assert not (tmp_path / "releases" / names[0]).exists()


def test_a_file_that_is_not_what_was_made_is_never_published(tmp_path):
    build(tmp_path, "ett")
    building = tmp_path / ".building"
    page = building / "html" / "lan" / "24.html"
    page.parent.mkdir(parents=True)
    page.write_text("två", "utf-8")
    (building / "html" / "manifest.json").write_text("{}", "utf-8")
    report = Report(id="lan/24", key={}, parameters={}, files={"html/lan/24.html": file_of(page)})
    release = write_record(building, "Prov", "x", [report])
    page.write_text("tre", "utf-8")
    with pytest.raises(SetupError, match=r"html/lan/24\.html is of other content than recorded"):
        Releases(tmp_path).publish(building, release)
    assert shown(tmp_path) == "ett"


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_publication_that_fails_at_any_step_shows_the_old_or_the_new_release(
    tmp_path, monkeypatch, failing
):
    build(tmp_path, "ett")
    calls = []

    def counted(real):
        def call(*given, **named):
            calls.append(given)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            return real(*given, **named)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", counted(os.replace))
        patch.setattr(os, "symlink", counted(os.symlink))
        patch.setattr(Path, "rename", counted(Path.rename))
        patch.setattr(Path, "replace", counted(Path.replace))
        with pytest.raises((SetupError, OSError)):
            build(tmp_path, "två")
    assert shown(tmp_path) in {"ett", "två"}
    Releases(tmp_path).mend()
    assert shown(tmp_path) in {"ett", "två"}


def test_rolling_back_shows_the_release_before_and_marks_the_one_left(tmp_path):
    first, second = build(tmp_path, "ett"), build(tmp_path, "två")
    assert Releases(tmp_path).rollback() == first
    assert shown(tmp_path) == "ett"
    assert Releases(tmp_path).withdrawn == {second}
    assert Releases(tmp_path).rollback(second) == second
    assert Releases(tmp_path).withdrawn == set()


def test_rolling_back_further_than_there_are_releases_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="nothing is published"):
        Releases(tmp_path).rollback()
    name = build(tmp_path, "ett")
    with pytest.raises(ParameterError, match=f"none before {name}"):
        Releases(tmp_path).rollback()
    with pytest.raises(ParameterError, match="no release 'finns-inte'"):
        Releases(tmp_path).rollback("finns-inte")


def test_a_damaged_release_of_the_same_id_is_replaced(tmp_path):
    name = build(tmp_path, "ett")
    (tmp_path / "releases" / name / "html/lan/24.html").write_text("fel", "utf-8")
    assert build(tmp_path, "ett") == name
    assert shown(tmp_path) == "ett"


def test_a_removal_that_was_cut_off_is_gone_on_with_by_the_next_run(tmp_path):
    name, gone = build(tmp_path, "ett"), build(tmp_path, "två")
    Releases(tmp_path).rollback(name)
    hidden = (tmp_path / "releases" / gone).rename(tmp_path / "releases" / f".{gone}")
    (hidden / "html/index.html").unlink()
    Releases(tmp_path).mend()
    assert Releases(tmp_path).order == [name]
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == [name, "state.json"]


def test_a_record_is_read_as_it_was_written_and_a_torn_line_left_out(tmp_path):
    name = build(tmp_path, "ett")
    folder = tmp_path / "releases" / name
    assert read_release(folder).id == name
    [report] = read_reports(folder)
    assert report.files["html/lan/24.html"] == File(
        sha256=file_of(folder / "html/lan/24.html").sha256, size=3
    )
    with (folder / "reports.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "lan/25", "key"')
    assert [found.id for found in read_reports(folder)] == ["lan/24"]


@pytest.mark.parametrize(
    "damage", ["gone", "torn", "state gone", "state a list", "state of numbers", "both"]
)
def test_one_can_go_back_from_a_release_whose_record_is_damaged(tmp_path, damage):
    names = [build(tmp_path, text) for text in ("ett", "två", "tre")]
    record, state = (
        tmp_path / "releases" / names[-1] / "release.json",
        tmp_path / "releases" / "state.json",
    )
    if damage in ("gone", "both"):
        record.unlink()
    if damage == "torn":
        record.write_text('{"id": ', "utf-8")
    if damage in ("state gone", "both"):
        state.unlink()
    if damage.startswith("state a") or damage.startswith("state of"):
        state.write_text(
            "[]" if damage == "state a list" else '{"order": [1, null], "withdrawn": 5}', "utf-8"
        )
    releases = Releases(tmp_path)
    assert bool(releases.damaged) == (damage != "state gone")
    before = [name for name in releases.order if name != names[-1]]
    chosen = releases.rollback(names[1]) if damage.startswith("state") else releases.rollback()
    assert chosen in before
    assert shown(tmp_path) in ("ett", "två")


def test_no_one_goes_back_to_a_release_whose_record_is_damaged(tmp_path):
    names = [build(tmp_path, text) for text in ("ett", "två", "tre")]
    (tmp_path / "releases" / names[1] / "release.json").write_text("{", "utf-8")
    assert Releases(tmp_path).rollback() == names[0]
    assert shown(tmp_path) == "ett"
