"""A sound file of each layout with one to three things changed by chance: refused, or it loads, its
report is rendered, and what it gives is what another reader finds in the changed file.

`MOTTAGNING_CHANGED` says how many files of each layout are tried.
"""

import json
import os
from collections.abc import Callable, Iterator
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
RENDERED = 50  # of so many that are loaded, reports are rendered of one: each takes seconds
WORKBOOKS = {"mottagna": 25, "kommuntal": 10, "andelstal": 5, "manad": 100}  # one of so many is one
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

    def takes(self, judged: Judged, name: str) -> bool:
        """Whether it can be loaded; of some, the reports of a county and the nation are made."""
        same = json.dumps([[table.csv_text, table.differences] for table in judged.tables])
        if same in self.seen:
            return True
        self.seen.add(same)
        books: list[Workbook] = []
        refused = tried(judged, name, self.workbook, self._reckoned(books)).refused
        if not refused and len(self.seen) % RENDERED == 2:  # the first is often the sound one
            for report in ("lan/24", "riket"):
                assert '"value"' in make(report, books[0]).shown, report
        return not refused

    def _reckoned(self, books: list[Workbook]) -> Callable[[Workbook], object]:
        def use(book: Workbook) -> object:
            books.append(book)
            return ledger(book)

        return use


def _files(layout: str, sound: Rows) -> Iterator[tuple[int, Changed, str, bytes]]:
    mark = MARKS.get(layout, ";")
    for seed in range(MANY):
        kind = "xlsx" if seed % WORKBOOKS.get(layout, MANY + 1) == 1 else "csv"
        file = changed(sound, f"{layout} {kind} {seed}", mark)
        yield seed, file, kind, file.as_workbook() if kind == "xlsx" else file.as_text()


@pytest.mark.parametrize("layout", ASKED)
def test_a_changed_file_is_refused_or_gives_what_another_reader_finds(layout, sound, workbook):
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    loader = Loader(workbook)
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
        assert loader.takes(judged, name), seed


def _in_this_process(path: Path, workbook: Workbook, folder: Path, sha256: str) -> dict:
    asked = detailed._question(path, workbook, folder, sha256)
    return json.loads(json.dumps(detailed_child.answer(asked)))


def test_a_changed_extract_is_refused_or_its_sums_are_what_another_reader_finds(
    workbook, tmp_path, monkeypatch
):
    monkeypatch.setattr(detailed, "_apart", _in_this_process)
    loader = Loader(workbook)
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
        assert loader.takes(judged, path.name), seed
