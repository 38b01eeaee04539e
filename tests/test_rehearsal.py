"""A rehearsal tells what a report would show: the same as when it is drawn, and other as soon as a byte would be."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.publish.rehearsal import END, HEAD, REST
from helpers.sources.catalogue import record
from tests.edits import EDITS, edit
from tests.rehearsing import PROJECT, Case, company, figures_of, reword

pytestmark = pytest.mark.xdist_group("rehearsal")

CASES = {
    "01_kallor": Case("01_kallor"),
    "02_mottagande": Case("02_mottagande"),
    "03_scenarier": Case("03_scenarier"),
    "04_utfall": Case("04_utfall"),
    "10_lansrapport": Case("10_lansrapport", {"scenario": "vasterbotten-2018", "sprak": "en"}),
    "11_kommunrapport": Case("11_kommunrapport"),
    "12_riket": Case("12_riket"),
}
SMALL = Case("11_kommunrapport", {"kommunkod": "0114"})  # no share is known there, so little is computed
ELSEWHERE = ("kommuntal_ostergotland", "kommuntal_kramfors_2022", "dokumentuppgifter", "kommunmottagna_2018_summor")
SHOWN = ("kommuntal_2018", "kommunmottagna_2018", "asylsokande_riket", "kommuner")

NEW = """
[ny]
path = "published/ny.csv"
kind = "kommuntal"
producer = "Länsstyrelsen"
title = "Kommuntal 2019"
published = "2019"
read_on = 2026-11-22
licence = "Uppgifter återgivna med källa"
origin = "county"
trust = "high"
sha256 = ""
"""


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    with company(tmp_path_factory.mktemp("rehearsed")) as play:
        yield play


@pytest.fixture(scope="module")
def came(play):
    """What came of each case with the tables as they are."""
    return dict(zip(CASES, play(*CASES.values()), strict=True))


@pytest.fixture(scope="module")
def small(play):
    return play(SMALL)[0]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Makes a copy of the data folder under a name."""

    def copy(name: str) -> Path:
        skipped = shutil.ignore_patterns("raw", "tidy")
        return Path(shutil.copytree(PROJECT / "data", tmp_path_factory.mktemp(name) / "data", ignore=skipped))

    return copy


@pytest.mark.parametrize("name", CASES)
def test_a_rehearsal_tells_what_is_drawn(name, came):
    assert came[name].rehearsed is not None
    assert list(came[name].rehearsed.items()) == list(came[name].drawn.items())
    assert {HEAD, END, REST} < set(came[name].rehearsed)


@pytest.mark.parametrize("name", CASES)
def test_what_a_report_has_not_read_changes_nothing_that_it_shows(name, came, play, data):
    case, copy = CASES[name], data("unread")
    read = came[name].read
    unread = [own for own in EDITS if f"published/{own}.csv" not in read]
    for own in unread:
        edit(copy, own)
    reword(copy, {own for own in EDITS if f"sources.toml#{own}" not in read})
    for path in (copy / "scenarios").iterdir():
        if f"scenarios/{path.name}" not in read:
            path.unlink()
    assert play(replace(case, data=copy, drawn=False))[0].rehearsed == came[name].rehearsed


def test_a_table_that_a_notebook_does_not_use_is_not_noted(came):
    tables = {name: {one for one in found.read if one.startswith("published/")} for name, found in came.items()}
    unread = {name: sorted({f"published/{own}.csv" for own in EDITS} - read) for name, read in tables.items()}
    assert "published/prognoser_press.csv" in unread["12_riket"]
    assert "published/indelningsandringar.csv" in unread["11_kommunrapport"]


@pytest.mark.parametrize("own", [*ELSEWHERE, *SHOWN])
def test_equal_digests_mean_the_same_bytes_and_others_do_not(own, small, play, data):
    copy = data(own)
    path = edit(copy, own)
    other = play(replace(SMALL, data=copy))[0]
    assert other.rehearsed == other.drawn
    assert (other.rehearsed == small.rehearsed) == (own in ELSEWHERE)
    assert (other.html == small.html) == (own in ELSEWHERE)
    assert (other.figures == small.figures) == (own in ELSEWHERE)
    assert own in ELSEWHERE or path in small.read


def test_one_changed_figure_changes_only_the_views_that_show_it(came, play, data):
    copy = data("own")
    edit(copy, "kommuntal_2018", ("2480,2018,187,187", "2480,2018,187,188"))
    before = came["10_lansrapport"].rehearsed
    now = play(replace(CASES["10_lansrapport"], data=copy, drawn=False))[0].rehearsed
    differ = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    assert sorted(differ) == ["kommuntal_figur", "kommuntal_utfall"]


def test_what_a_scenario_file_says_counts(came, play, data):
    copy = data("scenario")
    file = copy / "scenarios" / "vasterbotten-2018.yaml"
    file.write_text(file.read_text("utf-8").replace("prognos_ekb: 1500", "prognos_ekb: 1501"), "utf-8")
    now = play(replace(CASES["10_lansrapport"], data=copy, drawn=False))[0].rehearsed
    assert now is not None
    assert now != came["10_lansrapport"].rehearsed
    assert "scenarios/vasterbotten-2018.yaml" in came["10_lansrapport"].read


def test_a_table_that_has_come_since_is_told_of_though_nothing_of_it_is_shown(small, play, data):
    copy = data("new")
    (copy / "published" / "ny.csv").write_text(
        "kommunkod,ar,kommuntal,mottagna_efter_anvisning\n1480,2019,7,\n", "utf-8"
    )
    with (copy / "sources.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(NEW)
    record("ny", copy)
    now = play(replace(SMALL, data=copy, drawn=False))[0]
    assert now.rehearsed == small.rehearsed
    assert now.read - small.read == {"published/ny.csv", "sources.toml#ny"}


def test_who_published_a_figure_counts(small, play, data):
    copy = data("entry")
    reword(copy, {"kommunmottagna_2018"})
    assert play(replace(SMALL, data=copy, drawn=False))[0].rehearsed != small.rehearsed


def test_the_figures_of_an_edition_tell_no_checksum_of_a_table(small):
    sources = figures_of(small)["sources"]
    assert sources
    assert {source["sha256"] for source in sources.values()} == {None}
