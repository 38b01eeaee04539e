"""What every service's answers come to: values by unit, tables in published form, and what was
revised. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from helpers.contracts.text import from_json, in_line, quoted
from helpers.sources.snapshot import Page, Question

MOST = 20_000_000  # more than Sweden's population: no count of persons
LARGEST = 10**15  # no figure of any kind is larger
CODE = re.compile(r"[0-9A-Za-z]{1,20}")  # of a municipality, a county, the nation, any other unit
TOLD = 20  # faults of one kind told one by one
POPULATION_HEADER = ("kommunkod", "ar", "folkmangd")

# (unit, gender T, K or M) → value, None where there is none
Answer = dict[tuple[str, str], Decimal | None]


@dataclass(frozen=True)
class Draft:
    """One table in published form: cells as text, blank where the value is unknown."""

    table_id: str
    kind: str
    kpi: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def csv(self) -> str:
        """The table as CSV text."""
        return "".join(",".join(row) + "\n" for row in (self.header, *self.rows))


@dataclass(frozen=True)
class Revision:
    """A value that a service has changed between two snapshots; None where it had no value."""

    kpi: str
    unit: str
    year: int
    gender: str
    old: Decimal | None
    new: Decimal | None


def revisions(question: Question, old: Answer, new: Answer) -> list[Revision]:
    """Return every value that differs between two answers to the same question, in order of
    unit.
    """
    kpi, year = question
    return [
        Revision(kpi, unit, year, gender, old.get((unit, gender)), new.get((unit, gender)))
        for unit, gender in sorted(old.keys() | new.keys())
        if old.get((unit, gender)) != new.get((unit, gender))
    ]


def parsed(page: Page) -> Any:
    """Return a page's JSON with numbers as Decimal.

    Raises:
        ValueError: it is no JSON, or holds NaN or infinity.
    """
    return from_json(page.content, parse_float=Decimal, parse_constant=_no_number)


def number(value: object) -> Decimal | None:
    """Return a JSON value as a number; null is None: unknown, never zero.

    Raises:
        TypeError: it is neither. ValueError: it is larger, or of more decimals, than any figure.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"value is {quoted(value)}, not a number")
    found = Decimal(value)
    if not -LARGEST <= found <= LARGEST or int(found.as_tuple().exponent) < -30:
        raise ValueError(f"value is {in_line(found)}, which no figure is")
    return found


def as_number(value: Decimal | None) -> int | float | None:
    """Return a value as JSON writes it; a whole number whole, unknown as None.

    >>> as_number(Decimal("405")), as_number(Decimal("0.5")), as_number(None)
    (405, 0.5, None)
    """
    return None if value is None else int(value) if value == int(value) else float(value)


def code(value: object, what: str) -> str:
    """Return a unit's code as a service writes it: letters and digits, as text.

    Raises:
        TypeError: it is no text. ValueError: it holds anything else, or is longer than any code.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} is {quoted(value)}, not text")
    if not CODE.fullmatch(value):
        raise ValueError(f"{what} is {quoted(value)}, which no code is: letters and digits alone")
    return value


def fault(question: Question, unit: str, value: Decimal | None, least: int) -> str:
    """Return why a value is no count of persons, of `least` or more; "" where it is one or
    unknown.
    """
    if value is None or (least <= value <= MOST and value == value.to_integral_value()):
        return ""
    return (
        f"{named(question)}, unit {unit}: found {value}, expected a whole number of persons,"
        f" {least} or more."
    )


def named(question: Question) -> str:
    """Return a question as a message names it: the KPI and the year."""
    return in_line(f"{question[0]} {question[1]}")


def listed(codes: Sequence[str]) -> str:
    """Return the first ten codes, and how many more there are.

    >>> listed(["0114", "0115"])
    '0114, 0115'
    """
    return ", ".join(map(in_line, codes[:10])) + (
        f" and {len(codes) - 10} more" if len(codes) > 10 else ""
    )


def shortened(problems: Sequence[str]) -> list[str]:
    """Return the first problems, and how many more there are."""
    more = len(problems) - TOLD
    return [*problems[:TOLD], *([f"… and {more} more like these."] if more > 0 else [])]


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")
