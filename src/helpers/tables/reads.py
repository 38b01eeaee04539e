"""Rows of a tidy table by place and year, and the checksum of what they hold.

A report that has read `folkmangd(2480; 2018)` is up to date as long as that row is the same,
whatever else has changed in the table.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from itertools import groupby
from typing import Any

import pandas as pd

UNITS = {  # the column that names the place of a row, for tables that can be taken by place
    "andelstal": "kommunkod",
    "andelstal_summor": "lanskod",
    "folkmangd": "kommunkod",
    "fordelningstal": "lanskod",
    "kommuntal": "kommunkod",
    "kommuntal_ersatta": "kommunkod",
    "lanstal": "lanskod",
    "manader": "kommunkod",
    "manader_summor": "lanskod",
    "mottagna": "kommunkod",
    "sammanlagt": "kommunkod",
    "uppgifter": "lanskod",
}
YEARS = {
    "sammanlagt": "till_ar",
    "uppgifter": "avser_ar",
}  # the column that names the year of a row; elsewhere it is "ar"
NATION = "00"
WRITTEN = re.compile(
    r"(\w+)\(([0-9]*); ((?:[0-9]{4}(?:-[0-9]{4})?(?:,(?=[0-9])|(?=\))))*)\)", re.ASCII
)
Blocks = Mapping[str, Mapping[int, str]]  # place → year → checksum of its rows


@dataclass(frozen=True)
class Asked:
    """What is asked of a table, or of a figure derived from tables.

    Attributes:
        name: The table's or the figure's.
        kod: A municipality's or a county's code; a county's holds its municipalities', "00" and ""
            hold all. A row whose place is not known may concern any of them.
        years: Those asked for; empty is all.

    >>> str(Asked("folkmangd", "24", (2015, 2016, 2018))), Asked.parse("rates(00; 2018)")
    ('folkmangd(24; 2015-2016,2018)', Asked(name='rates', kod='00', years=(2018,)))
    """

    name: str
    kod: str = ""
    years: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({self.kod}; {_spans(self.years)})"

    @classmethod
    def parse(cls, written: str) -> "Asked":
        """Return what a text written by `str` asks for.

        Raises:
            ValueError: it is no such text.
        """
        found = WRITTEN.fullmatch(written)
        if not found:
            raise ValueError(
                f"{written!r} does not name rows; expected such as folkmangd(2480; 2018)."
            )
        name, kod, spans = found.groups()
        ends = [span.split("-") for span in spans.split(",") if span]
        return cls(
            name, kod, tuple(year for end in ends for year in range(int(end[0]), int(end[-1]) + 1))
        )

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table that are asked for, in its order."""
        if self.years:
            frame = frame[frame[_year_of(self.name)].isin(self.years)]
        if self.kod not in ("", NATION):
            own = frame[UNITS[self.name]].str.startswith(self.kod, na=True)
            frame = frame[own.to_numpy(dtype=bool)]
        return frame


def blocks_of(name: str, frame: pd.DataFrame) -> Blocks:
    """Return a checksum of the rows of each place and year; a row without a place stands under "".

    The order of the rows counts, and so do all columns.
    """
    units, years = frame[UNITS[name]].fillna("").tolist(), frame[_year_of(name)].fillna(0).tolist()
    found: dict[str, dict[int, list[str]]] = {}
    for unit, year, cells in zip(units, years, frame.to_numpy(dtype=object).tolist(), strict=True):
        found.setdefault(unit, {}).setdefault(int(year), []).append("\x1f".join(map(str, cells)))
    return {
        unit: {year: _sha("\x1e".join(rows)) for year, rows in own.items()}
        for unit, own in found.items()
    }


def checksum_of(asked: Asked, blocks: Blocks) -> str:
    """Return the checksum of the rows that are asked for, by the blocks of their table."""
    if asked.kod in ("", NATION):
        units: Iterable[str] = blocks
    elif len(asked.kod) == 4:
        units = [unit for unit in (asked.kod, "") if unit in blocks]
    else:
        units = [unit for unit in blocks if not unit or unit.startswith(asked.kod)]
    years: Collection[int] = set(asked.years)
    told = [
        f"{unit} {year} {own}"
        for unit in units
        for year, own in blocks[unit].items()
        if not years or year in years
    ]
    return _sha("\n".join(told))


def checksum(value: object) -> str:
    """Return the checksum of a derived figure: a frame, a series, a text, a number, or what is made
    of such.
    """
    return _sha(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, pd.DataFrame):
        return _text([list(value.columns), value.to_numpy(dtype=object).tolist()])
    if isinstance(value, pd.Series):
        return _text([value.index.tolist(), value.tolist()])
    if isinstance(value, Mapping):
        return _text(list(value.items()))
    if isinstance(value, list | tuple):
        return "[" + "\x1f".join(map(_text, value)) + "]"
    if is_dataclass(value) and not isinstance(value, type):
        return _text(vars(value))
    return str(value)


def _year_of(name: str) -> str:
    return YEARS.get(name, "ar")


def _spans(years: Iterable[int]) -> str:
    """Years as spans: "2015-2016,2018"."""
    runs = groupby(enumerate(sorted(set(years))), key=lambda pair: pair[1] - pair[0])
    found = [[year for _, year in run] for _, run in runs]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in found)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
