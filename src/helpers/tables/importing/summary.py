"""What was read out of a file, in numbers: rows, places, totals, and what is new, changed or gone."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from helpers.tables.importing.against import BY_MONTH, Change
from helpers.tables.importing.verdicts import ImportedTable
from helpers.tables.workbook import Workbook

TOTALS = {  # the fields of each kind of table that are added up, by what they are called
    "kommunmottagna": ("totalt", "totalt, varav ensamkommande"),
    "kommuntal": ("kommuntal", "mottagna_efter_anvisning"),
    "andelstal": ("andelstal", "utfall"),
}
FRAMES = {"kommunmottagna": "mottagna", "kommuntal": "kommuntal", "andelstal": "andelstal"}  # the workbook's parts
ALL_MONTHS = "totalt"
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Summary:
    """One table as it was read.

    Attributes:
        id, kind, ar: The table, what it holds and its year.
        rows: Rows of the table as it is written.
        municipalities: Municipalities with a row; those of unknown place are none.
        totals: Sum (persons; ‰ for andelstal) of the known figures, by field.
        unknown: Figures that the file does not tell.
        new, changed, gone: Figures that were unknown and are told, that are told otherwise, and that this table
            had and has no more.
    """

    id: str
    kind: str
    ar: int
    rows: int
    municipalities: int
    totals: dict[str, int | float]
    unknown: int
    new: int
    changed: int
    gone: int


def summary_of(table: ImportedTable, table_id: str, changes: Sequence[Change], workbook: Workbook) -> Summary:
    """Return what was read of a table.

    Args:
        table: As it is to be written.
        table_id: Under which id.
        changes: What `against.changes` found of it.
        workbook: The tables in hand before.
    """
    figures = table.figures
    lines = len(table.csv_text.splitlines()) - 1
    told = table.entry.get("rows", lines - (table.entry.get("sum_row") is not None))
    new = sum(change.gammalt is None for change in changes)
    gone = sum(one.nytt is None for one in changes) + len(_gone(table, table_id, workbook))
    return Summary(
        id=table_id,
        kind=table.kind,
        ar=table.ar,
        rows=int(str(told)),
        municipalities=len({kod for kod, _, _ in figures if kod}),
        totals=_totals(table),
        unknown=sum(value is None for value in figures.values()),
        new=new,
        changed=len(changes) - new - sum(one.nytt is None for one in changes),
        gone=gone,
    )


def _totals(table: ImportedTable) -> dict[str, int | float]:
    """The sum of each field, exact; months are added up to one."""
    if table.kind == BY_MONTH:
        return {ALL_MONTHS: _added(table, None)}
    known = {what for _, _, what in table.figures}
    return {what: _added(table, what) for what in TOTALS.get(table.kind, ()) if what in known}


def _added(table: ImportedTable, what: str | None) -> int | float:
    values = (value for (_, _, field), value in table.figures.items() if value is not None and what in (None, field))
    added = sum((Decimal(str(value)) for value in values), Decimal(0))
    return int(added) if added == int(added) else float(added)


def _gone(table: ImportedTable, table_id: str, workbook: Workbook) -> set[Key]:
    """The figures that an earlier table of the same id had and this one does not tell; months are changes already."""
    if table.kind not in FRAMES:
        return set()
    frame: pd.DataFrame = getattr(workbook, FRAMES[table.kind])
    earlier = frame[(frame["tabell"] == table_id) & (frame["ar"] == table.ar)]
    columns = ("antal", "varav_ensamkommande") if table.kind == "kommunmottagna" else TOTALS[table.kind]
    held = {
        (str(row["kommunkod"]), table.ar, _field(table.kind, row, column))
        for row in earlier.to_dict("records")
        for column in columns
        if pd.notna(row[column])
    }
    return {key for key in held if table.figures.get(key) is None}


def _field(kind: str, row: dict[Hashable, Any], column: str) -> str:
    """What a figure of a published table is called among the figures of a file."""
    if kind != "kommunmottagna":
        return column
    return f"{row['kategori']}{', varav ensamkommande' if column == 'varav_ensamkommande' else ''}"
