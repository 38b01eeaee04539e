"""What a file's tables change alone is made anew, and comes out as if everything was."""

import pandas as pd
import pytest

from helpers.cases import ledger
from helpers.imports.judging import Asked, judge
from helpers.imports.trial import tried
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
