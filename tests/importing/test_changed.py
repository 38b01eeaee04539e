"""A sound file of each layout with one to three things changed by chance: refused, or it loads, its
report is rendered, and what it gives is what another reader finds in the changed file.

`MOTTAGNING_CHANGED` says how many files of each layout are tried.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.cases import ledger
from helpers.imports import detailed, detailed_child
from helpers.imports.judging import Asked, Judged, judge
from helpers.imports.trial import tried
from helpers.sources.files.child import read_bytes
from helpers.tables.workbook import Workbook
from tests.test_depends import make

from .changing import Changed, changed
from .independent import cells, differences, grid, month_sums
from .layouts import Rows

MANY = int(os.environ.get("MOTTAGNING_CHANGED", "1000"))
RENDERED = 400  # of so many that are tried, the report of the first accepted one is rendered
WORKBOOKS = {"mottagna": 25, "kommuntal": 10, "andelstal": 5, "manad": 25}  # one of so many is one
MARKS = {"kommuntal": ","}
ASKED = {
    "mottagna": Asked(),
    "kommuntal": Asked(None, 2018),
    "andelstal": Asked("24", 2018),
    "manad": Asked(),
}
EXTRACT = [
    ["Kommunkod", "År", "Månad", "Åldersgrupp", "Kön", "Medborgarskap", "Antal"],
    *(
        [kod, "2019", str(manad), alder, kon, "Syrien", str(7 * manad + len(alder) + len(kon))]
        for kod in ("2480", "2418", "0180")
        for manad in (1, 2, 3)
        for alder in ("0–17", "18–64")
        for kon in ("kvinna", "man")
    ),
]


class Loader:
    """Loads what a file gives with all other tables, once for files that give the same."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook, self.seen = workbook, set[str]()
        ledger(workbook)

    def refuses(self, judged: Judged, name: str) -> bool:
        """Whether it cannot be loaded."""
        same = json.dumps([[table.csv_text, table.differences] for table in judged.tables])
        if same in self.seen:
            return False
        self.seen.add(same)
        return tried(judged, name, self.workbook, ledger).refused

    def render(self, judged: Judged, name: str) -> None:
        """Make the reports of the county and the nation with its tables among the others."""
        books: list[Workbook] = []
        assert not tried(judged, name, self.workbook, books.append).refused
        for report in ("lan/24", "riket"):
            assert '"value"' in make(report, books[0]).shown, report


def _files(layout: str, sound: Rows) -> Iterator[tuple[int, Changed, str, bytes]]:
    mark = MARKS.get(layout, ";")
    for seed in range(MANY):
        kind = "xlsx" if seed % WORKBOOKS.get(layout, MANY + 1) == 1 else "csv"
        file = changed(sound, f"{layout} {kind} {seed}", mark)
        yield seed, file, kind, file.as_workbook() if kind == "xlsx" else file.as_text()


@pytest.mark.parametrize("layout", ASKED)
def test_a_changed_file_is_refused_or_gives_what_another_reader_finds(layout, sound, workbook):
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    loader, rendered = Loader(workbook), 0
    for seed, file, kind, data in _files(layout, getattr(sound, layout)):
        name = f"{file.name}.{kind}"
        judged = judge(read_bytes(name, data), workbook, ASKED[layout], name)
        if judged.refused:
            continue
        assert judged.tables, seed
        second = cells(grid(data, kind, file.encoding, file.mark), layout, names)
        told = {one.code for one in judged.findings}
        wrong = differences(judged.tables[0].figures, told, second, layout == "mottagna")
        assert not wrong, (seed, wrong[:5])
        assert not loader.refuses(judged, name), seed
        if seed >= rendered * RENDERED:
            loader.render(judged, name)
            rendered += 1


def _in_this_process(path: Path, workbook: Workbook, folder: Path, sha256: str) -> dict:
    asked = detailed._question(path, workbook, folder, sha256)
    return json.loads(json.dumps(detailed_child.answer(asked)))


def test_a_changed_extract_is_refused_or_its_sums_are_what_another_reader_finds(
    workbook, tmp_path, monkeypatch
):
    monkeypatch.setattr(detailed, "_apart", _in_this_process)
    loader, rendered = Loader(workbook), 0
    for seed, file, _, data in _files("detalj", EXTRACT):
        path = tmp_path / f"{file.name}.csv"
        path.write_bytes(data)
        if detailed.columns_of(path) is None:
            judged = judge(read_bytes(path.name, data), workbook, Asked(), path.name)
            assert judged.refused, seed
            continue
        judged = detailed.judge(path, workbook, tmp_path)
        if judged.refused:
            continue
        own = {
            (kod, ar, detailed.NAMES.index(what) + 1): value
            for table in judged.tables
            for (kod, ar, what), value in table.figures.items()
        }
        assert own == month_sums(grid(data, "csv", file.encoding, file.mark)), seed
        assert not loader.refuses(judged, path.name), seed
        if seed >= rendered * RENDERED:
            loader.render(judged, path.name)
            rendered += 1
