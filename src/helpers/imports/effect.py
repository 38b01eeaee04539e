"""What a file holds and what it would change: rows, places, totals, and every figure it adds,
changes or leaves out.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pandas as pd

from helpers.imports.recognise import NAMES
from helpers.imports.verdicts import ImportedTable
from helpers.tables.workbook import Workbook

Key = tuple[str, int, str]  # kommunkod, year, what it is
Figures = dict[Key, float | None]
BY_MONTH = "kommunmottagna_manad"
ENOUGH = 5  # figures that must be the same before two years are said to be


@dataclass(frozen=True)
class Change:
    """One figure that an import would change: None is unknown."""

    kommunkod: str
    ar: int
    uppgift: str
    gammalt: float | None
    nytt: float | None


def figures_in_hand(workbook: Workbook, kind: str) -> Mapping[Key, float | None]:
    """Return the figures of a kind that are in hand, by kommunkod, year and what it is; {} if none
    are.
    """
    return workbook.computed(f"figures in hand: {kind}", _figures_in_hand, workbook, kind)


def _figures_in_hand(workbook: Workbook, kind: str) -> Mapping[Key, float | None]:
    return MappingProxyType(_of_kind(workbook, kind))  # read-only, so that all may have it


def _of_kind(workbook: Workbook, kind: str) -> Figures:
    if kind == "kommunmottagna":
        found: Figures = {}
        for name, column in (("", "antal"), (", varav ensamkommande", "varav_ensamkommande")):
            for row in workbook.mottagna.to_dict("records"):
                found[row["kommunkod"], int(row["ar"]), f"{row['kategori']}{name}"] = _plain(
                    row.get(column)
                )
        return found
    if kind == BY_MONTH:
        rows = workbook.manader.fillna({"kommunkod": ""}).to_dict("records")  # "" is "Okänd kommun"
        return {
            (row["kommunkod"], int(row["ar"]), NAMES[row["manad"] - 1]): _plain(row["antal"])
            for row in rows
        }
    if kind == "kommuntal":
        listed = workbook.kommuntal[
            workbook.kommuntal["harledd_ur"].isna()
        ]  # what is derived is in no file
        return _wide(listed, ("kommuntal", "mottagna_efter_anvisning"))
    return _wide(workbook.andelstal, ("andelstal", "utfall")) if kind == "andelstal" else {}


def _wide(frame: pd.DataFrame, columns: tuple[str, ...]) -> Figures:
    return {
        (row["kommunkod"], int(row["ar"]), column): _plain(row.get(column))
        for row in frame.to_dict("records")
        for column in columns
    }


def _plain(value: object) -> float | None:
    if value is None or value is pd.NA or value != value:
        return None
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


def changes(
    table: ImportedTable, in_hand: Mapping[Key, float | None], gone: Figures
) -> list[Change]:
    """Return every figure that would be new or other than the one in hand, in order of place.

    A figure that the file leaves blank, hides or has no row for is no longer known, if it was.

    Args:
        table: As it is to be written.
        in_hand: The figures of its kind that are in hand.
        gone: What `gone` returns of it.
    """
    return [
        Change(*where, in_hand.get(where), value)
        for where, value in sorted((table.figures | gone).items(), key=_in_order)
        if value != in_hand.get(where) and (value is not None or in_hand.get(where) is not None)
    ]


def _in_order(figure: tuple[tuple[str, int, str], float | None]) -> tuple[str, int, int, str]:
    """By place and year, months as they follow, other figures by name."""
    (kod, ar, what), _ = figure
    return kod, ar, NAMES.index(what) if what in NAMES else 0, what


def months_lost(table: ImportedTable, in_hand: Mapping[Key, float | None]) -> list[str]:
    """Return the months in hand of a table's year that the table does not have; none for other
    kinds of table.
    """
    if table.kind != BY_MONTH:
        return []
    held, told = (
        {what for (_, ar, what) in figures if ar == table.ar}
        for figures in (in_hand, table.figures)
    )
    return [name for name in NAMES if name in held - told]


@dataclass(frozen=True)
class Lost:
    """What an earlier file of a table had and a later one has not: municipalities and fields (or
    months) of which nothing is left, and known figures; and whether more figures are known than
    before.
    """

    municipalities: int
    fields: tuple[str, ...]
    figures: int
    fewer: bool

    @property
    def words(self) -> str:
        """What disappears, in words; "" if nothing that a later file may not leave out does.

        >>> Lost(167, (), 334, True).words
        '167 kommuner och 334 kända tal försvinner'
        """
        if not (self.municipalities or self.fields or (self.figures and self.fewer)):
            return ""
        parts = [
            f"{number} {one if number == 1 else many}"
            for number, one, many in (
                (self.municipalities, "kommun", "kommuner"),
                (self.figures, "känt tal", "kända tal"),
            )
            if number
        ]
        months = [name for name in self.fields if name in NAMES]
        if months:
            parts.insert(1, f"{len(months)} {'månad' if len(months) == 1 else 'månader'}")
        others = [name for name in self.fields if name not in NAMES]
        parts += [f"kolumnen {name}" for name in others]
        return f"{', '.join(parts[:-1])}{' och ' if len(parts) > 1 else ''}{parts[-1]} försvinner"


def lost(table: ImportedTable, table_id: str, workbook: Workbook) -> Lost:
    """Return what the earlier table of the same id and year had that this one has not."""
    held = _held(table, table_id, workbook)
    told = {key for key, value in table.figures.items() if value is not None}
    gone = held - told
    places = {kod for kod, _, _ in held} - {kod for kod, _, _ in told}
    fields = {what for _, _, what in held} - {what for _, _, what in told}
    ordered = sorted(fields, key=lambda what: (NAMES.index(what) if what in NAMES else 0, what))
    return Lost(len(places), tuple(ordered), len(gone), len(told) < len(held))


def repeated_year(table: ImportedTable, in_hand: Mapping[Key, float | None]) -> int | None:
    """Return another year whose every figure this table repeats, as last year's file saved again
    does; else None.
    """
    told = {
        (kod, what): value for (kod, _, what), value in table.figures.items() if value is not None
    }
    others: dict[int, dict[tuple[str, str], float]] = {}
    for (kod, ar, what), value in in_hand.items():
        if ar != table.ar and value is not None and (kod, what) in told:
            others.setdefault(ar, {})[kod, what] = value
    for ar, figures in sorted(others.items()):
        same = figures == {where: told[where] for where in figures}
        kinds = {what for _, what in figures}
        comparable = sum(what in kinds for _, what in told)
        if same and len(figures) >= max(ENOUGH, 0.9 * comparable) and any(figures.values()):
            return ar
    return None


TOTALS = {  # the fields of each kind of table that are added up, by what they are called
    "kommunmottagna": ("totalt", "totalt, varav ensamkommande"),
    "kommuntal": ("kommuntal", "mottagna_efter_anvisning"),
    "andelstal": ("andelstal", "utfall"),
}
# the workbook's parts
FRAMES = {
    "kommunmottagna": "mottagna",
    "kommuntal": "kommuntal",
    "andelstal": "andelstal",
    BY_MONTH: "manader",
}
ALL_MONTHS = "totalt"


@dataclass(frozen=True)
class Summary:
    """One table as it was read.

    Attributes:
        id, kind, ar: The table, what it holds and its year.
        rows: Rows of the table as it is written.
        municipalities: Municipalities with a row; those of unknown place are none.
        totals: Sum (persons; ‰ for andelstal) of the known figures, by field.
        unknown: Figures that the file does not tell.
        new, changed, gone: Figures that were unknown and are told, that are told otherwise, and
            that this table had and has no more.
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


def summary_of(
    table: ImportedTable, table_id: str, changes: Sequence[Change], workbook: Workbook
) -> Summary:
    """Return what was read of a table.

    Args:
        table: As it is to be written.
        table_id: Under which id.
        changes: What `changes` found of it.
        workbook: The tables in hand before.
    """
    figures = table.figures
    lines = len(table.csv_text.splitlines()) - 1
    told = table.entry.get("rows", lines - (table.entry.get("sum_row") is not None))
    new = sum(change.gammalt is None for change in changes)
    dark = sum(change.nytt is None for change in changes)
    return Summary(
        id=table_id,
        kind=table.kind,
        ar=table.ar,
        rows=int(str(told)),
        municipalities=len({kod for kod, _, _ in figures if kod}),
        totals=_totals(table),
        unknown=sum(value is None for value in figures.values()),
        new=new,
        changed=len(changes) - new - dark,
        gone=dark,
    )


def _totals(table: ImportedTable) -> dict[str, int | float]:
    """The sum of each field, exact; months are added up to one."""
    if table.kind == BY_MONTH:
        return {ALL_MONTHS: _added(table, None)}
    known = {what for _, _, what in table.figures}
    return {what: _added(table, what) for what in TOTALS.get(table.kind, ()) if what in known}


def _added(table: ImportedTable, what: str | None) -> int | float:
    values = (
        value
        for (_, _, field), value in table.figures.items()
        if value is not None and what in (None, field)
    )
    added = sum((Decimal(str(value)) for value in values), Decimal(0))
    return int(added) if added == int(added) else float(added)


def gone(table: ImportedTable, table_id: str, workbook: Workbook) -> Figures:
    """Return the figures that an earlier table of the same id had and this one has no row for, each
    with what then is known of it: another table's, or None.
    """
    missing = _held(table, table_id, workbook) - set(table.figures)
    if not missing:
        return {}
    twice = workbook.frames["overlaps"]
    others = twice[(twice["winner"] == table_id) & (twice["ar"] == table.ar)]["loser"]
    then: Figures = dict.fromkeys(missing)
    for other in reversed(list(dict.fromkeys(others))):
        frame = workbook.checked[other]
        told = _told(table.kind, table.ar, frame[frame["ar"] == table.ar])
        then |= {key: told[key] for key in missing & set(told)}
    return then


def _held(table: ImportedTable, table_id: str, workbook: Workbook) -> set[Key]:
    """The known figures of the table that lies under an id, of the same year."""
    if table.kind not in FRAMES:
        return set()
    frame: pd.DataFrame = workbook.frames[FRAMES[table.kind]]
    earlier = frame[(frame["tabell"] == table_id) & (frame["ar"] == table.ar)]
    if "harledd_ur" in earlier:  # what follows from a table is not what a file held
        earlier = earlier[earlier["harledd_ur"].isna()]
    return set(_told(table.kind, table.ar, earlier))


def _told(kind: str, ar: int, frame: pd.DataFrame) -> Figures:
    """The known figures of a year's rows."""
    columns = {"kommunmottagna": ("antal", "varav_ensamkommande"), BY_MONTH: ("antal",)}.get(
        kind, TOTALS.get(kind, ())
    )
    return {
        (
            "" if pd.isna(row["kommunkod"]) else str(row["kommunkod"]),
            ar,
            _field(kind, row, column),
        ): _plain(row[column])
        for row in frame.to_dict("records")
        for column in columns
        if pd.notna(row.get(column))
    }


def _field(kind: str, row: dict[Hashable, Any], column: str) -> str:
    """What a figure of a published table is called among the figures of a file."""
    if kind == BY_MONTH:
        return str(NAMES[int(row["manad"]) - 1])
    if kind != "kommunmottagna":
        return column
    return f"{row['kategori']}{', varav ensamkommande' if column == 'varav_ensamkommande' else ''}"
