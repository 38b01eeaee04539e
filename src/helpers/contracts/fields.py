"""Numbers as fields of a typed model: read by the one reader, within the one table of limits."""

from collections.abc import Sequence

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from helpers.contracts.limits import LIMITS
from helpers.contracts.numbers import Unread, check_number, in_english, read_numbers

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


def listed(name: str, count: str) -> BeforeValidator:
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
