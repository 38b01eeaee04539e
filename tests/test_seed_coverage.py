"""Each passage of the counties' documents has a place on a page, as docs/seed_coverage.md says."""

import re
from pathlib import Path

import pytest

from helpers import tables

DOCUMENT = Path(__file__).parents[1] / "docs" / "seed_coverage.md"
ROW = re.compile(
    r"^\| (?!passage|---)(.+?) \| (.+?) \| (.+?) \| (lan/\S+) \| (\S+) \|$", re.MULTILINE
)
ROWS = ROW.findall(DOCUMENT.read_text("utf-8"))
PASSAGES = 31


def test_every_passage_is_listed_once():
    assert len(ROWS) == PASSAGES
    assert len({row[0] for row in ROWS}) == PASSAGES


def test_every_table_that_is_named_is_published():
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[2])}
    assert named <= set(tables.load().catalogue.entries)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_each_place_is_on_the_page(row, edition):
    _, _, _, page, anchor = row
    markup = (edition / f"{page}.html").read_text("utf-8")
    assert f'id="{anchor}"' in markup, f"{page} has no {anchor}"


SECTIONS = (
    "lagesbild",
    "beredskap",
    "strategi",
    "overenskommelse",
    "politik",
    "medel",
)
WITH_WORDS = {"05", "22", "24"}


def test_a_county_that_says_nothing_has_no_heading_for_it(edition):
    others = [page for page in (edition / "lan").glob("??.html") if page.stem not in WITH_WORDS]
    assert len(others) == 18
    for page in others:
        markup = page.read_text("utf-8")
        assert not [name for name in SECTIONS if f'id="avsnitt-{name}"' in markup], page.name


def test_every_county_has_questions_to_discuss_in_its_report_and_on_its_handout(edition):
    reports = sorted((edition / "lan").glob("??.html"))
    assert len(reports) == 21
    for page in [*reports, *(report.with_suffix("") / "kort.html" for report in reports)]:
        assert 'id="avsnitt-diskutera"' in page.read_text("utf-8"), page


def test_a_calendar_lies_beside_the_one_report_that_has_days(edition):
    assert [file.name for file in edition.rglob("*.ics")] == ["22.ics"]


def test_at_most_three_questions_stand_on_what_is_handed_out(edition):
    for code in ("22", "24"):
        markup = (edition / "lan" / code / "kort.html").read_text("utf-8")
        assert 1 <= len(re.findall(r'id="fraga_\d"', markup)) <= 3
