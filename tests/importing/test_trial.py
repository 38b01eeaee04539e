"""What a file's tables change alone is made anew, and comes out as if everything was."""

import dataclasses

import pandas as pd
import pytest

from helpers.cases import ledger
from helpers.imports.judging import Asked, judge
from helpers.imports.trial import tried
from helpers.imports.verdicts import ungrouped
from helpers.sources.files.child import read_bytes
from helpers.tables.workbook import bundle

from .layouts import as_csv

ASKED = {
    "mottagna": Asked(),
    "kommuntal": Asked(None, 2021),
    "andelstal": Asked("24", 2019),
    "manad": Asked(),
}


def _one_more(rows: list[list[str]], layout: str) -> list[list[str]]:
    """The table without its sums where a figure of another year must not be repeated."""
    rows = [list(row) for row in rows if layout != "kommuntal" or row[1]]
    for row in rows[1:] if layout in ("kommuntal", "andelstal") else ():
        row[4] = str(int(row[4]) + 1) if row[0] != "Summa" else str(int(row[4]) + len(rows) - 2)
    return rows


@pytest.mark.parametrize("layout", ASKED)
def test_tables_tried_are_as_if_all_were_made_anew(layout, sound, workbook):
    ledger(workbook)  # what is kept of it
    rows = _one_more(getattr(sound, layout), layout)
    judged = judge(read_bytes("m.csv", as_csv(rows)), workbook, ASKED[layout], "m.csv")
    books = []
    assert not tried(judged, "m.csv", workbook, books.append).refused, judged.findings
    (quick,) = books
    whole = bundle(dict(quick.checked), quick.catalogue)
    assert set(quick.frames) == set(whole.frames)
    for name, frame in whole.frames.items():
        pd.testing.assert_frame_equal(quick.frames[name], frame, check_dtype=False, obj=name)
    pd.testing.assert_frame_equal(ledger(quick), ledger(whole))
    assert judged.tables[0].kind in {quick.catalogue[name].kind for name in quick.checked}


@pytest.mark.parametrize(
    ("layout", "column"),
    [
        ("mottagna", "antal"),
        ("kommuntal", "kommuntal"),
        ("andelstal", "utfall"),
        ("manad", "antal"),
    ],
)
def test_a_cell_that_would_not_load_is_told_where_the_file_has_it(layout, column, sound, workbook):
    printed = getattr(sound, layout)
    rows = _one_more(printed, layout)
    judged = judge(read_bytes("m.csv", as_csv(rows)), workbook, ASKED[layout], "m.csv")
    table = judged.tables[0]
    spoiled, told = _spoiled(table.csv_text, column, ";" if layout == "andelstal" else ",")
    tables = [dataclasses.replace(table, csv_text=spoiled), *judged.tables[1:]]
    refused = tried(dataclasses.replace(judged, tables=tables), "m.csv", workbook, ledger)
    (found,) = [one for one in refused.findings if one.code == "laddas_inte"]
    assert "”elva”" in found.says
    assert ungrouped(rows[found.rad - 1][ord(found.kolumn) - ord("A")]) == told
    assert not refused.tables


@pytest.mark.parametrize("text", ["kommunkod\n", "kommunkod,ar\n0114,2018,3,4\n"])
def test_a_table_that_cannot_be_read_at_all_is_refused_as_a_table(text, sound, workbook):
    rows = _one_more(sound.kommuntal, "kommuntal")
    judged = judge(read_bytes("m.csv", as_csv(rows)), workbook, ASKED["kommuntal"], "m.csv")
    table = dataclasses.replace(judged.tables[0], csv_text=text)
    refused = tried(dataclasses.replace(judged, tables=[table]), "m.csv", workbook, ledger)
    assert [one.rad for one in refused.findings if one.code == "laddas_inte"] == [None]


def _spoiled(text: str, column: str, mark: str) -> tuple[str, str]:
    """The table with a word where its greatest number of a column stands, and that number."""
    lines = [line.split(mark) for line in text.splitlines()]
    where = [name.lower() for name in lines[0]].index(column)
    line = max(
        (line for line in lines[1:] if line[where] and line[0] != "Summa"),
        key=lambda line: int(line[where]),
    )
    told, line[where] = line[where], "elva"
    return "".join(mark.join(line) + "\n" for line in lines), told
