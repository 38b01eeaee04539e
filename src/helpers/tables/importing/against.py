"""A file's figures beside those in hand: what would change, and whether it is another year's file again."""

from dataclasses import dataclass

import pandas as pd

from helpers.tables.importing.verdicts import ImportedTable
from helpers.tables.workbook import Workbook

Figures = dict[tuple[str, int, str], float | None]
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
    if kind == "kommuntal":
        return _wide(workbook.kommuntal, ("kommuntal", "mottagna_efter_anvisning"))
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

    A figure that the file does not tell changes nothing that is known.
    """
    return [
        Change(*where, in_hand.get(where), value)
        for where, value in sorted(table.figures.items())
        if value is not None and value != in_hand.get(where)
    ]


def repeated_year(table: ImportedTable, in_hand: Figures) -> int | None:
    """Return another year whose every figure this table repeats, as last year's file saved again does; else None."""
    told = {(kod, what): value for (kod, _, what), value in table.figures.items() if value is not None}
    others: dict[int, dict[tuple[str, str], float]] = {}
    for (kod, ar, what), value in in_hand.items():
        if ar != table.ar and value is not None and (kod, what) in told:
            others.setdefault(ar, {})[kod, what] = value
    for ar, figures in sorted(others.items()):
        same = figures == {where: told[where] for where in figures}
        if same and len(figures) >= max(ENOUGH, 0.9 * len(told)) and any(figures.values()):
            return ar
    return None
