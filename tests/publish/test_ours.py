"""What a stranger has put somewhere stays there, whatever it is called and whichever command meets
it.
"""

import contextlib
import os
import re
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.clock import history
from helpers.contracts.marks import MARK, mark_for, names_in, read_mark, write_mark
from helpers.errors import WorkbookError
from helpers.releases import building, state
from helpers.releases.folder import (
    FILES,
    FOLDERS,
    LOCK,
    PAGE,
    SHOWN,
    STATES,
    held,
    put_files,
    refuse_foreign,
)
from helpers.releases.store import Releases, strange_in
from tests.publish.samples import older_edition
from tests.publish.test_releases import build, shown

TEXT = "Detta är en främlings text.\n"
WRITTEN = [
    "index.html",
    "current.json",
    "lan/24.html",
    "lan/24.json",
    "executed/lan/24.ipynb",
    "html/index.html",
]
BESIDE = [
    ".html",
    ".executed",
    ".current",
    ".previous-html",
    "releases/v1.0/egen.txt",
    "logs/run-egen.log",
]
SOURCE = [
    ".building/html/egen.html",
    ".building/egen.txt",
    ".single/egen.txt",
    "releases/0123456789ab/egen.txt",
]
NAMES = sorted({*FILES, *FOLDERS, *SHOWN, "current", *WRITTEN, *BESIDE, *SOURCE})
FORMS = ["file", "folder", "link to a file", "link to a folder", "dangling link", "read-only file"]
COMMANDS = {
    "reports": ["reports", "--out", "OUT"],
    "some reports": ["reports", "--only", "lan/*", "--out", "OUT"],
    "report": ["report", "--lan", "AC", "--ar", "2018", "--out", "OUT"],
    "rollback": ["rollback", "--out", "OUT"],
    "schedule run": ["schedule", "run", "--out", "OUT"],
    "publish": ["publish", "OUT", "--out", "EDITION"],
}


def put(folder: Path, name: str, form: str, elsewhere: Path) -> None:
    """Let a stranger have something at a place, where no other of the stranger's files stands in
    for its folder.
    """
    path = folder / name
    if os.path.lexists(path) or any(
        parent.is_file() or parent.is_symlink() for parent in path.parents
    ):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if "link" in form:
        target = elsewhere / form.replace(" ", "-")
        if form == "link to a file":
            target.write_text(TEXT, "utf-8")
        elif form == "link to a folder":
            target.mkdir(exist_ok=True)
            (target / "egen.txt").write_text(TEXT, "utf-8")
        path.symlink_to(target)
    elif form == "folder":
        path.mkdir()
        (path / "egen.txt").write_text(TEXT, "utf-8")
    else:
        path.write_text(TEXT, "utf-8")
        path.chmod(0o444 if "read-only" in form else 0o644)


def strangers(*folders: Path) -> dict[str, object]:
    """Return all that is a stranger's below some folders: files of the text, and links that are
    none of ours.
    """
    found: dict[str, object] = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.is_symlink():
            found |= {str(path): os.readlink(path)} if "elsewhere" in os.readlink(path) else {}
        elif path.is_file() and path.read_bytes() == TEXT.encode():
            found[str(path)] = path.stat().st_mode
    return found


def paths(*folders: Path) -> set[str]:
    return {str(path) for folder in folders for path in folder.rglob("*")}


@pytest.fixture
def elsewhere(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_a_strangers_is_left_as_it_is_and_the_call_is_refused(
    command, form, tmp_path, elsewhere, capsys
):
    out, edition = tmp_path / "out", tmp_path / "edition"
    for name in NAMES:
        put(out, name, form, elsewhere)
    build(edition, "ett")
    theirs, all_paths = strangers(out, elsewhere), paths(tmp_path)
    call = [
        word.replace("OUT", str(out)).replace("EDITION", str(edition)) for word in COMMANDS[command]
    ]
    with pytest.raises(SystemExit) as ended:
        main(call)
    said = capsys.readouterr().err
    assert ended.value.code in (2, 4), said
    assert str(out) in said, said
    assert "--out" in said or "Nothing was sent" in said, said
    assert len(theirs) >= 10
    assert (strangers(out, elsewhere), paths(tmp_path)) == (theirs, all_paths)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_one_thing_of_a_strangers_is_enough_for_a_folder_to_be_theirs(
    name, form, tmp_path, elsewhere
):
    put(tmp_path / "out", name, form, elsewhere)
    with pytest.raises(WorkbookError, match="Nothing was made or changed"):
        refuse_foreign(tmp_path / "out")


def work(out: Path) -> None:
    """All that writes, renames and removes in a folder of reports."""
    state.append(out / "egna.jsonl", {})
    with held(out, "prov"):
        building.sweep(out / ".building")
        Releases(out).mend()
        made = building.leave(out / ".building")
        assert made is None
        building.sweep(out / ".single")
        building.begin(out / ".single", ["lan/24"])
        (out / ".single/html/lan").mkdir()
        (out / ".single/html/lan/24.html").write_text("ett", "utf-8")
        put_files(
            out, {f"lan/24{ending}": out / ".single/html" / f"lan/24{ending}" for ending in PAGE}
        )
        building.clear(out / ".single")
        for text in ("två", "tre", "fyra", "fem"):
            build(out, text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [name for name in NAMES if name != MARK])
def test_in_a_folder_of_ours_a_stranger_keeps_what_they_have(name, form, tmp_path, elsewhere):
    out = tmp_path / "out"
    build(out, "ett")
    write_mark(out, mark_for("reports"))
    if name in (*SHOWN, "current"):
        (out / name).unlink()
    if name == "releases":
        (out / name).rename(tmp_path / "moved")
    put(out, name, form, elsewhere)
    theirs = strangers(out, elsewhere)
    with contextlib.suppress(WorkbookError, OSError):
        work(out)
    assert strangers(out, elsewhere) == theirs


@pytest.mark.parametrize("name", STATES)
def test_a_plain_file_of_a_strangers_that_bears_the_name_of_a_state_file_is_named_and_stays(
    name, tmp_path
):
    (tmp_path / "releases").mkdir()
    write_mark(tmp_path, mark_for("reports"))
    (tmp_path / name).write_text(TEXT, "utf-8")
    with pytest.raises(
        WorkbookError, match=f"{re.escape(name)} was not made here.*Nothing was made or changed"
    ):
        work(tmp_path)
    assert (tmp_path / name).read_text("utf-8") == TEXT


@pytest.mark.parametrize("name", [name for name in STATES if name != LOCK])
def test_a_state_file_that_we_have_put_there_is_ours_whatever_it_holds(name, tmp_path):
    (tmp_path / "releases").mkdir()
    (tmp_path / name).touch()
    write_mark(tmp_path, mark_for("reports"))
    with held(tmp_path, "prov"):
        pass
    (tmp_path / name).write_bytes(b"\xff damaged")
    refuse_foreign(tmp_path)


def test_a_release_that_is_removed_leaves_what_a_stranger_has_put_into_it_and_names_it(tmp_path):
    name = build(tmp_path, "ett")
    theirs = tmp_path / "releases" / name / "html" / "lan" / "egen.txt"
    theirs.write_text(TEXT, "utf-8")
    for text in ("två", "tre", "fyra"):
        build(tmp_path, text)
    left = tmp_path / "releases" / f".{name}"
    assert [path.name for path in left.rglob("*") if path.is_file()] == ["egen.txt"]
    assert strange_in(tmp_path) == [f"releases/.{name}"]


def test_a_single_page_that_was_changed_by_hand_is_not_replaced(tmp_path):
    write_mark(tmp_path, mark_for("reports"))
    made = tmp_path / "made.html"

    def put_page(text: str) -> None:
        made.write_text(text, "utf-8")
        put_files(tmp_path, {"lan/24.html": made, "lan/24.json": tmp_path / "none"})

    put_page("ett")
    put_page("två")
    page = tmp_path / "lan/24.html"
    assert page.read_text("utf-8") == "två"
    page.write_text("egen", "utf-8")
    with pytest.raises(
        WorkbookError, match=r"lan/24\.html was not made here, or was changed since"
    ):
        put_page("tre")
    assert page.read_text("utf-8") == "egen"


@pytest.mark.parametrize("kept", ["current", "history.jsonl", ".single.jsonl", ".lock"])
def test_a_folder_that_an_earlier_version_made_is_known_by_its_records_and_marked(kept, tmp_path):
    texts = {
        "history.jsonl": history.RunRecord(
            started="2026-01-01T00:00:00+00:00", seconds=1, edition="x", exit_code=0
        ).model_dump_json()
        + "\n",
        ".single.jsonl": '{"id": "lan/24", "status": "failed", "failure": null}\n',
        ".lock": '{"pid": 7, "run": "x"}',
    }
    out = tmp_path / "out"
    out.mkdir()
    if kept == "current":
        older_edition(out)
        (out / MARK).unlink()
    else:
        (out / kept).write_text(texts[kept], "utf-8")
    (out / "lan").mkdir()
    (out / "lan/24.html").write_text("en sida", "utf-8")
    with held(out, "prov"):
        mark = read_mark(out)
    assert mark
    assert mark.holds == "reports"
    assert ("lan/24.html" in mark.files) == (kept == ".single.jsonl")
    assert names_in(out)


@pytest.mark.parametrize("out", ["", ".", "/", "~", "data/raw", "data/raw/ny"])
def test_no_folder_for_reports_is_the_place_one_stands_in_the_root_home_or_among_the_tables(
    out, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOTTAGNING_DATA", str(tmp_path / "data"))
    (tmp_path / "home").mkdir()
    build(tmp_path / "edition", "ett")
    before = paths(tmp_path)
    given = out.replace("~", str(tmp_path / "home"))
    calls = [
        ["reports", "--out", given],
        ["rollback", "--out", given],
        ["schedule", "run", "--out", given],
    ]
    calls += [["publish", given, "--out", "edition"]] if "data" not in out else []
    for call in calls:
        with pytest.raises(SystemExit) as ended:
            main(call)
        says = "ame a folder" if out else "is empty. Write what is meant"
        assert (ended.value.code, says in capsys.readouterr().err) == (2, True), call
    assert paths(tmp_path) == before


def test_a_target_that_holds_other_things_is_taken_over_only_if_asked_and_they_are_listed(
    tmp_path, capsys
):
    www, edition = tmp_path / "www", tmp_path / "edition"
    www.mkdir()
    (www / "index.html").write_text(TEXT, "utf-8")
    (www / "egen.txt").write_text(TEXT, "utf-8")
    name = build(edition, "ett")
    said = []
    for more in ([], ["--adopt"], []):
        with contextlib.suppress(SystemExit):
            main(["publish", str(www), "--out", str(edition), *more])
        said.append(capsys.readouterr())
    assert "egen.txt, index.html; in the way: index.html" in said[0].err
    assert "--adopt" in said[0].err
    assert "Taken over with what lies there: egen.txt, index.html." in said[1].err
    assert (f"see release {name}" in said[2].out, said[2].err) == (True, "")
    assert (www / "egen.txt").read_text("utf-8") == TEXT
    assert shown(edition) == "ett"


def test_the_oldest_release_at_a_target_goes_but_not_what_a_stranger_has_put_into_it(
    tmp_path, capsys
):
    www, edition, theirs = tmp_path / "www", tmp_path / "edition", None
    for text in ("ett", "två", "tre"):
        name = build(edition, text)
        with contextlib.suppress(SystemExit):
            main(["publish", str(www), "--out", str(edition), "--keep", "2"])
        if theirs is None:
            theirs = www / "releases" / name / "html" / "egen.txt"
            theirs.write_text(TEXT, "utf-8")
    assert [path for path in theirs.parents[1].rglob("*") if path.is_file()] == [theirs]
