"""What a report has noted as read is all that decides it: where none of it has changed, the page is
the same.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from helpers import tables
from helpers.make.execute import ANALYST
from helpers.present import page
from helpers.sources import load_catalogue
from helpers.sources.freshness import fingerprints
from helpers.tables.questions import values_of
from helpers.tables.workbook import Workbook, read_and_check
from tests.edits import EDITS, edit

pytestmark = pytest.mark.xdist_group("depends")

PROJECT = Path(__file__).parents[1]
CASES = {
    "lan/24": ("10_lansrapport", {"lan": "AC"}),
    "kommun/0114": ("11_kommunrapport", {"kommunkod": "0114"}),
    "riket": ("12_riket", {}),
}
PEOPLE = {  # inhabitants of one municipality one year, one more
    "folkmangd of Malå 2018": ("folkmangd", ("2418,2018,3122", "2418,2018,3123")),
    "folkmangd of Stockholm 2018": ("folkmangd", ("0180,2018,962154", "0180,2018,962155")),
}
CHANGES = {name: (name, change) for name, change in EDITS.items()} | PEOPLE


@dataclass(frozen=True)
class Made:
    """A page as a reader meets it, and what it has noted as read."""

    shown: str
    read: frozenset[str]
    values: dict[str, str]


def make(case: str, workbook: Workbook, *, drawn: bool = False) -> Made:
    """Run a report's notebook in this process with these tables, its drawings left out unless they
    are asked for.
    """
    name, parameters = CASES[case]
    book, shown = workbook.with_own_record(), list[str]()
    space: dict[str, Any] = {}

    def show(self: page.Page, *views: Any, **how: Any) -> page.Shown:
        one = original(self, *views, **how)
        shown.append(f"{one.html}\n{json.dumps(one.record['facts'], default=str)}")
        return one

    original = page.Page.show
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page.Page, "show", show)
        if not drawn:
            patch.setattr(page, "render_svg", lambda *_, **__: "<svg/>")
        patch.setattr(tables, "load", lambda *_: book)
        for source, is_parameters in _cells(name):
            exec(source, space)
            if is_parameters:
                space.update(parameters)
    return Made("\n".join(shown), frozenset(book.catalogue.read), dict(book.catalogue.values))


def _cells(name: str) -> Iterator[tuple[str, bool]]:
    for cell in json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and ANALYST not in tags:
            yield "".join(cell["source"]), "parameters" in tags


@pytest.fixture(scope="module")
def before(workbook) -> dict[str, Made]:
    return {case: make(case, workbook) for case in CASES}


@pytest.fixture(scope="module")
def after(tmp_path_factory) -> Callable[..., Workbook]:
    """Give the tables after some changes."""

    def after(*names: str) -> Workbook:
        copy = tmp_path_factory.mktemp("changed") / "data"
        shutil.copytree(PROJECT / "data", copy, ignore=shutil.ignore_patterns("raw", "tidy"))
        for name in names:
            edit(copy, *CHANGES[name])
        return read_and_check(load_catalogue(copy))

    return after


@pytest.fixture(scope="module")
def changed(after) -> dict[str, Workbook]:
    """The tables after each change."""
    return {name: after(name) for name in CHANGES}


def up_to_date(made: Made, workbook: Workbook, was: dict[str, str]) -> bool:
    """Whether a run would keep a report, with the tables as they are now and the checksums as they
    were.
    """
    now = fingerprints(workbook.catalogue.root, made.read)
    whole = all(now.get(name) == was.get(name) for name in made.read)
    return whole and values_of(workbook, made.values) == made.values


def kept_in_vain(
    before: dict[str, Made], changed: dict[str, Workbook], after: Callable[..., Workbook]
) -> tuple[list[str], list[str]]:
    """Return what would be kept after a change, and which of it would have come out otherwise.

    What a report is kept after is changed all at once first: where it comes out the same, no one of
    the changes shows in it.
    """
    was = fingerprints(PROJECT / "data")
    told, other = list[str](), list[str]()
    for case, made in before.items():
        kept = [name for name, book in changed.items() if up_to_date(made, book, was)]
        told += [f"{case} after {name}" for name in kept]
        if make(case, after(*kept)).shown != made.shown:
            other += [
                f"{case} after {name}"
                for name in kept
                if make(case, changed[name]).shown != made.shown
            ] or [f"{case} after {kept}"]
    return told, other


@pytest.fixture(scope="module")
def judged(before, changed, after):
    return kept_in_vain(before, changed, after)


def test_a_report_that_is_kept_would_have_come_out_the_same(judged):
    assert judged[1] == []


def test_a_report_is_kept_where_the_change_shows_nowhere_in_it(judged):
    kept = set(judged[0])
    assert {f"{case} after folkmangd" for case in CASES} <= kept  # 2008, which no report shows
    people = {case for case in CASES if f"{case} after folkmangd of Malå 2018" in kept}
    assert people == set(CASES) - {"lan/24", "riket"}
    assert {"lan/24 after kommuntal_ostergotland", "lan/24 after kommuntal_2018"} <= kept
    assert "kommun/0114 after kommuntal_2018" not in kept  # it is of that municipality


def test_a_report_that_has_not_noted_what_it_shows_is_found_out(before, changed, after):
    silent = {"lan/24": replace(before["lan/24"], values={}, read=frozenset())}
    one = {"folkmangd of Malå 2018": changed["folkmangd of Malå 2018"]}
    assert kept_in_vain(silent, one, after) == (["lan/24 after folkmangd of Malå 2018"],) * 2
