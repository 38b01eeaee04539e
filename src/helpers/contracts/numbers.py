"""The one table of limits, and the one reader of numbers written by hand: on the command line, in a
YAML file, in a widget.

It takes what Swedish writes (`1 500` with a space, a no-break space or a narrow one, `31,26`, `−5`)
and refuses all else. A refusal says what was found and how to write it; nothing is rounded, cut off
or moved to the nearest limit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from helpers.contracts.text import cut


class Limit(NamedTuple):
    """What a number may be.

    Attributes:
        least, most: The smallest and the largest value, both allowed.
        unit: What is counted, in English as the command line says it.
        decimals: How many decimals it may have; 0 is a whole number.
    """

    least: float
    most: float
    unit: str
    decimals: int = 0

    @property
    def example(self) -> int:
        """A number within the limits, to show how one is written."""
        return next(number for number in (1500, 2018, 20, 1) if self.least <= number <= self.most)


LIMITS = {
    # all of Sweden: 35 369 came in 2015, the most in one year
    "forecast": Limit(50, 40_000, "children"),
    "forecasts": Limit(1, 6, "forecasts"),  # a figure has six colours and six markers
    "compared": Limit(0, 5, "forecasts"),  # beside the one asked for
    "scenarios": Limit(2, 6, "scenarios"),  # likewise, where they are drawn
    "children": Limit(0, 40_000, "children"),  # placed, or one possible outcome of a forecast
    # of a report: the first year of the reception statistics
    "year": Limit(2008, 2030, "the year"),
    "scenario_year": Limit(2016, 2030, "the year"),  # the placement rule counts from 1 January 2016
    "lanstal": Limit(0, 100_000, "persons"),
    "share": Limit(0, 1000, "‰", 2),  # the county prints two decimals; all of Sweden is 1000
    "attachment": Limit(0, 1, "a part of one", 4),
    "attachment_percent": Limit(0, 100, "per cent"),
    "capacity": Limit(0, 1_000_000, "places, dwellings or staff"),
    "weight": Limit(0, 1000, "the weight", 4),
    "factor": Limit(0, 100_000_000, "the factor", 4),
    "data_year": Limit(1968, 2100, "the year"),  # of a published table
    "fetched_year": Limit(1970, 2100, "the year"),  # and never after this year
    "import_year": Limit(2000, 2030, "the year"),  # of an agency's file that does not say its own
    "workers": Limit(1, 256, "reports at once"),
    "timeout": Limit(1, 86_400, "seconds"),  # a day
    "kept": Limit(2, 1000, "releases"),
    "logs": Limit(1, 10_000, "logs"),
    "runs": Limit(1, 1_000_000, "runs"),
    "minutes": Limit(0.01, 10_080, "minutes", 2),  # a week
}


SPACES = " \u00a0\u202f"  # between thousands
MINUS = "-\u2212"
_DIGITS = rf"(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:[{SPACES}][0-9]{{3}})+)"
_WHOLE = re.compile(rf"[{MINUS}]?{_DIGITS}", re.ASCII)
_DECIMAL = re.compile(rf"[{MINUS}]?{_DIGITS}[.,][0-9]+", re.ASCII)
_GROUPED = re.compile(rf"[{MINUS}]?[1-9][0-9]{{0,2}}(?:[.,][0-9]{{3}})+", re.ASCII)
_SPACED = re.compile(rf"[{MINUS}]?[0-9][0-9{SPACES}]*", re.ASCII)
_BETWEEN = re.compile(rf"\s*;\s*|,[{SPACES}]+")
_BARE_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])", re.ASCII)
LONGEST = 100  # characters of a number, spaces included
CLEAR = 4  # digits on both sides of a comma that can only stand between two numbers

Code = Literal[
    "blank", "grouped", "either", "joined", "decimal", "spaced", "zero_first", "no_number",
    "low", "high", "decimals", "count",
]  # fmt: skip


@dataclass(frozen=True)
class Unread:
    """Why a text is not used as a number.

    Attributes:
        code: The kind of fault; each language has its words.
        found: What was written, without spaces at its ends.
        limit: What was asked for.
        instead: How it may have been meant, to be written instead; empty where that cannot be said.
        apart: The same as several numbers, where that may have been meant.
    """

    code: Code
    found: str
    limit: Limit
    instead: str = ""
    apart: str = ""


@dataclass(frozen=True)
class Written:
    """What a file says where YAML 1.1 would read another number out of it: 02300 as 1216, 15:00 as
    900.
    """

    text: str

    def __repr__(self) -> str:
        return self.text


def read_number(text: str, limit: Limit) -> int | float | Unread:
    """Return the number that a text says, or why it is not used.

    >>> from helpers.contracts.numbers import LIMITS
    >>> forecast, share = LIMITS["forecast"], LIMITS["share"]
    >>> read_number("2\\u00a0300", forecast), read_number("31,26", share)
    (2300, 31.26)
    >>> [(wrong.code, wrong.instead) for wrong in (read_number("2.3", forecast),
    ...     read_number("1,500", forecast))]
    [('decimal', '2300'), ('grouped', '1500')]
    """
    found = text.strip(" \t\r\n" + SPACES)
    if not found:
        return Unread("blank", found, limit)
    if len(found) > LONGEST:
        return Unread("no_number", cut(found), limit)
    if _WHOLE.fullmatch(found):
        return _within(int(_plain(found)), found, limit)
    if limit.decimals and _DECIMAL.fullmatch(found) and not _GROUPED.fullmatch(found):
        plain = _plain(found)
        if len(plain.partition(".")[2]) > limit.decimals:
            return Unread("decimals", found, limit)
        return _within(float(plain), found, limit)
    return _refused(found, limit)


def read_numbers(text: str, limit: Limit, count: Limit) -> tuple[list[int | float], list[Unread]]:
    """Return the numbers of a list, or all that is wrong with it.

    A semicolon separates, and so does a comma with a space after it. A comma alone separates only
    numbers of four digits or more, since `1,500` may be 1500 as well as 1 and 500.

    >>> from helpers.contracts.numbers import LIMITS
    >>> forecast, count = LIMITS["forecast"], LIMITS["forecasts"]
    >>> (read_numbers("1 500; 2 300", forecast, count)[0],
    ...  read_numbers("1500,2300", forecast, count)[0])
    ([1500, 2300], [1500, 2300])
    >>> [wrong.code for wrong in read_numbers("1,500", forecast, count)[1]]
    ['either']
    """
    parts = [part for piece in _BETWEEN.split(text.strip()) for part in _at_commas(piece) if part]
    read = [_in_a_list(read_number(part, limit)) for part in parts]
    wrong = [one for one in read if isinstance(one, Unread)]
    numbers = [one for one in read if not isinstance(one, Unread)]
    if not wrong and not count.least <= len(numbers) <= count.most:
        wrong = [Unread("count", str(len(numbers)), count)]
    return numbers, list(dict.fromkeys(wrong))


def _in_a_list(read: int | float | Unread) -> int | float | Unread:
    """Say of a comma that may stand between two numbers how to write it."""
    if not isinstance(read, Unread) or "," not in read.found:
        return read
    apart = "; ".join(part.strip() for part in read.found.split(","))
    if read.code == "grouped":
        return replace(read, code="either", apart=apart)
    unclear = read.code in {"decimal", "no_number"} and not read.instead
    return replace(read, code="joined", apart=apart) if unclear else read


def check_number(value: object, limit: Limit) -> int | float | Unread:
    """Return a number that is already one, or is text, or why it is not used; truth values are no
    numbers.
    """
    if isinstance(value, str | Written):
        return read_number(str(value), limit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Unread("blank" if value is None else "no_number", str(value), limit)
    if value != value or value in (float("inf"), float("-inf")):
        return Unread("no_number", str(value), limit)
    if isinstance(value, float) and not limit.decimals:
        return read_number(repr(value), limit)
    if isinstance(value, float) and round(value, limit.decimals) != value:
        return Unread("decimals", repr(value), limit)
    return _within(value, str(value), limit)


def _at_commas(piece: str) -> list[str]:
    """Part a text at commas without a space, where no comma can be a decimal's or part
    thousands.
    """
    parts = _BARE_COMMA.split(piece)
    clear = all(len(re.sub(r"[^0-9]", "", part)) >= CLEAR for part in parts)
    return parts if clear else [piece]


def _plain(found: str) -> str:
    """Digits as Python reads them."""
    return re.sub(f"[{SPACES}]", "", found).replace("\u2212", "-").replace(",", ".")


def _within(number: float, found: str, limit: Limit) -> int | float | Unread:
    if number < limit.least:
        return Unread("low", found, limit)
    return Unread("high", found, limit) if number > limit.most else number


def _refused(found: str, limit: Limit) -> Unread:
    """Say what kind of writing it is, and what may have been meant."""
    code: Code = "no_number"
    meant: float | None = None
    if _GROUPED.fullmatch(found):
        code, meant = "grouped", int(re.sub(r"[.,]", "", _plain(found)))
    elif _DECIMAL.fullmatch(found):
        code, meant = "decimal", _in_thousands(float(_plain(found)))
    elif _SPACED.fullmatch(found):
        code = "spaced" if set(found) & set(SPACES) else "zero_first"
        meant = int(_plain(found))
    if meant is None or not limit.least <= meant <= limit.most:
        return Unread(code, found, limit)
    return Unread(code, found, limit, f"{meant:g}" if meant < 10**5 else str(meant))


def _in_thousands(number: float) -> int | None:
    """2.3 as 2300, and 2300.0 as 2300; None where neither is whole."""
    if number.is_integer():
        return int(number)
    thousands = round(number * 1000, 6)
    return int(thousands) if thousands.is_integer() else None


_SAYS: dict[Code, str] = {
    "blank": "found nothing; write {kind}, such as {example}",
    "grouped": "found {found!r}; thousands are parted by a space or by nothing{meant}{decimals}",
    "either": "found {found!r}; is it one number or several? Write {either}",
    "joined": "found {found!r}; set numbers apart by a semicolon: {apart}",
    "decimal": "found {found!r}; write a whole number ({unit}, never thousands){meant}",
    "spaced": "found {found!r}; a space stands only between thousands{meant}",
    "zero_first": "found {found!r}; a number does not begin with 0{meant}",
    "no_number": "found {found!r}; write {kind}, such as {example}",
    "low": "found {found}; write {least} to {most} ({unit})",
    "high": "found {found}; write {least} to {most} ({unit})",
    "decimals": "found {found}{decimals}",
    "count": "found {found} {unit}; give {least} to {most}",
}


def in_english(wrong: Unread) -> str:
    """Return a refusal as the command line says it, without a full stop.

    >>> from helpers.contracts.numbers import LIMITS
    >>> in_english(read_number("2.3", LIMITS["forecast"]))
    "found '2.3'; write a whole number (children, never thousands): 2300"
    """
    limit = wrong.limit
    kind = "a whole number" if not limit.decimals else "a number with a decimal comma or point"
    return _SAYS[wrong.code].format(
        found=wrong.found,
        kind=kind,
        example="31.26" if limit.decimals else limit.example,
        unit=limit.unit,
        meant=f": {wrong.instead}" if wrong.instead else "",
        apart=wrong.apart,
        either=f"{wrong.instead} or {wrong.apart}" if wrong.instead else f"them as {wrong.apart}",
        least=_shown(limit.least),
        most=_shown(limit.most),
        decimals=f"; write {limit.decimals} decimals at most" if limit.decimals else "",
    )


def _shown(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ") if number >= 10_000 else f"{number:g}"


WRONG_NUMBER = "number"  # the kind of problem that pydantic passes on
TOLD = 10  # wrong numbers of one list


def within(name: str) -> BeforeValidator:
    """Return what reads one number of a field, written as a number or as text, within the limit of
    that name.
    """

    def read(value: object) -> int | float:
        found = check_number(value, LIMITS[name])
        if isinstance(found, Unread):
            raise _refusal([found])
        return found

    return BeforeValidator(read)


def list_within(name: str, count: str) -> BeforeValidator:
    """Return what reads a list of numbers that is written as one text, and counts a list written
    either way.

    Args:
        name: The limit of each number.
        count: The limit of how many they may be.
    """
    many = LIMITS[count]

    def read(value: object) -> object:
        if isinstance(value, str):
            found, wrong = read_numbers(value, LIMITS[name], many)
            if wrong:
                raise _refusal(wrong)
            return found
        if isinstance(value, list) and not many.least <= len(value) <= many.most:
            raise _refusal([Unread("count", str(len(value)), many)])
        return value

    return BeforeValidator(read)


def _refusal(wrong: Sequence[Unread]) -> PydanticCustomError:
    return PydanticCustomError(
        WRONG_NUMBER, "{says}", {"says": ". ".join(in_english(one) for one in wrong[:TOLD])}
    )
