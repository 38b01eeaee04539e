"""Months as a column's heading names them, and what the other columns of a table by month are called."""

import re

from babel.dates import get_month_names

NAMES = tuple(get_month_names("wide", locale="sv").values())
PLACES = {
    "kommun": "kommun",
    "kommuner": "kommun",
    "kommunnamn": "kommun",
    "län/kommun": "kommun",
    "kommunkod": "kommunkod",
    "län": "län",
    "länskod": "länskod",
}
NAMED = re.compile(r"([a-zåäö]{3,})\.?(?: ?([0-9]{4}|[0-9]{2}))?")
# a date of Excel's is the month it lies in
NUMBERED = re.compile(r"([0-9]{4})[ m]([0-9]{1,2})(?: [0-9]{1,2}(?:t[0-9:.]+)?)?")


def read_month(heading: str) -> tuple[int | None, int] | None:
    """Return (year or None, month) from a heading as `names.key` gives it; None if it names no month.

    A month in digits can be none that there is: "2026-13" is told as 13, for the caller to refuse.

    >>> read_month("jan"), read_month("januari 2026"), read_month("sept. 26"), read_month("2026 01 01t00:00:00")
    ((None, 1), (2026, 1), (2026, 9), (2026, 1))
    >>> read_month("januar"), read_month("janne"), read_month("2026 13")
    ((None, 1), None, (2026, 13))
    """
    heading = heading.rstrip("*¹²³ ")
    if match := NUMBERED.fullmatch(heading):
        return int(match[1]), int(match[2])
    match = NAMED.fullmatch(heading)
    months = [number for number, name in enumerate(NAMES, 1) if match and name.startswith(match[1])]
    if not match or not months:
        return None
    year = int(match[2]) if match[2] else None
    return (2000 + year if year is not None and year < 100 else year), months[0]


def is_by_month(headings: list[str]) -> bool:
    """Whether headings, as `names.key` gives them, are those of a table with a column per month."""
    months = sum(read_month(heading) is not None for heading in headings)
    return months >= 3 or (months > 0 and any(PLACES.get(heading) == "kommun" for heading in headings))


def month_name(ar: int, manad: int) -> str:
    """Return a month in Swedish words; 0 is the whole year.

    >>> month_name(2026, 3), month_name(2026, 0)
    ('mars 2026', 'hela 2026')
    """
    return f"{NAMES[manad - 1] if manad else 'hela'} {ar}"
