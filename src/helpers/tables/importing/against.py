"""A file's figures beside those in hand: what would change, and whether it is another year's file again."""

from dataclasses import dataclass

import pandas as pd

from helpers.tables.importing.month_names import NAMES
from helpers.tables.importing.verdicts import ImportedTable
from helpers.tables.workbook import Workbook

Figures = dict[tuple[str, int, str], float | None]
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


def figures_in_hand(workbook: Workbook, kind: str) -> Figures:
    """Return the figures of a kind that are in hand, by kommunkod, year and what it is; {} if none are."""
    if kind == "kommunmottagna":
        found: Figures = {}
        for name, column in (("", "antal"), (", varav ensamkommande", "varav_ensamkommande")):
            for row in workbook.mottagna.to_dict("records"):
                found[row["kommunkod"], int(row["ar"]), f"{row['kategori']}{name}"] = _plain(row.get(column))
        return found
    if kind == BY_MONTH:
        rows = workbook.manader.fillna({"kommunkod": ""}).to_dict("records")  # "" is "Okänd kommun"
        return {(row["kommunkod"], int(row["ar"]), NAMES[row["manad"] - 1]): _plain(row["antal"]) for row in rows}
    if kind == "kommuntal":
        listed = workbook.kommuntal[~workbook.kommuntal["harledd"]]  # what is derived is in no file
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


def changes(table: ImportedTable, in_hand: Figures) -> list[Change]:
    """Return every figure that would be new or other than the one in hand, in order of place.

    A figure that the file does not tell changes nothing that is known; but a month that a later file no longer
    tells, as when it is hidden, is no longer known.
    """
    return [
        Change(*where, in_hand.get(where), value)
        for where, value in sorted(table.figures.items(), key=_in_order)
        if value != in_hand.get(where) and (value is not None or table.kind == BY_MONTH)
    ]


def _in_order(figure: tuple[tuple[str, int, str], float | None]) -> tuple[str, int, int, str]:
    """By place and year, months as they follow, other figures by name."""
    (kod, ar, what), _ = figure
    return kod, ar, NAMES.index(what) if what in NAMES else 0, what


def months_lost(table: ImportedTable, in_hand: Figures) -> list[str]:
    """Return the months in hand of a table's year that the table does not have; none for other kinds of table."""
    if table.kind != BY_MONTH:
        return []
    held, told = ({what for (_, ar, what) in figures if ar == table.ar} for figures in (in_hand, table.figures))
    return [name for name in NAMES if name in held - told]


def repeated_year(table: ImportedTable, in_hand: Figures) -> int | None:
    """Return another year whose every figure this table repeats, as last year's file saved again does; else None."""
    told = {(kod, what): value for (kod, _, what), value in table.figures.items() if value is not None}
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
