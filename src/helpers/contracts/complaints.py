"""Say what is wrong with a value: what was found, and what to write instead."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from helpers.contracts.fields import WRONG_NUMBER
from helpers.contracts.numbers import Written
from helpers.contracts.text import cut, quoted

# code parameters and their digits
CODES = {"kommunkod": 4, "lan": 2, "kommuner": 4, "oversikter_lan": 2}
# fields that hold codes, and are none themselves
INSIDE = ("godkant", "placerade_fore", "andelstal")
CODES |= dict.fromkeys(("fran", "till", *INSIDE), 4)
MOST = 100  # problems of one file that are told


def complaints(error: ValidationError, known: Mapping[str, list[str]], where: str) -> list[str]:
    """Return one sentence per problem, in the order of the model's fields.

    Args:
        error: What pydantic found, all of it.
        known: Names that each part of the model has, to suggest the nearest of: "" is the model
            itself, a field that holds models is their names.
        where: File or command that the values came from.
    """
    found = error.errors()
    sentences = [f"{where}: {_sentence(detail, known)}" for detail in found[:MOST]]
    more = [f"{where}: and {len(found) - MOST} problems more."] if len(found) > MOST else []
    return list(dict.fromkeys([*sentences, *more]))


def _sentence(detail: ErrorDetails, known: Mapping[str, list[str]]) -> str:
    """Return one problem in words."""
    # then the last part is what somebody wrote, and no label
    unknown = detail["type"] == "extra_forbidden"
    last = len(detail["loc"]) - 1 if unknown else None
    path = [
        part for place, part in enumerate(detail["loc"]) if place == last or not _is_branch(part)
    ]
    name = ".".join(cut(str(part)) for part in path) or "the file"
    if unknown:
        return _unknown_name(path, known)
    fields = [part for part in path if part in CODES] or [str(part) for part in path[:1]]
    return f"{name}: {_trouble(detail, str(fields[-1]) if fields else '')}"


def _is_branch(part: int | str) -> bool:
    """Tell a union's inner label (`list[str]`, `literal['alla']`, `Members`) from a name in the
    file.
    """
    return isinstance(part, str) and (
        "[" in part or part in {"CountyMembers", "int", "str", "none"}
    )


def nearest(name: str, known: list[str]) -> str:
    """Return the next step for a name that does not exist.

    >>> nearest("prognos", ["prognos_ekb", "ar"]), nearest("x", ["lan", "ar"])
    ('Did you mean prognos_ekb?', 'Known: lan, ar.')
    """
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _unknown_name(path: Sequence[int | str], known: Mapping[str, list[str]]) -> str:
    inside = ".".join(cut(str(part)) for part in path[:-1])
    names = known.get(str(path[0]), known[""]) if inside else known[""]
    return (
        f"{f'{inside}: ' if inside else ''}{quoted(path[-1])} is no parameter here."
        f" {nearest(str(path[-1]), names)}"
    )


def _trouble(detail: ErrorDetails, field: str) -> str:
    """Return what was found and what to write, by kind of problem."""
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "string_type":
        return _not_text(field, found)
    if kind == WRONG_NUMBER:
        return f"{detail['msg']}."
    if kind in {"date_type", "date_parsing"}:
        return f"found {quoted(found)}; write a date without quotes, such as 2019-02-23."
    if kind == "string_pattern_mismatch":
        return f"found {quoted(found)}; {_code_form(field)}"
    if kind == "literal_error":
        return f"found {quoted(found)}; write {context.get('expected')}."
    if kind in {"greater_than", "greater_than_equal", "less_than_equal"}:
        return f"found {quoted(found)}; {_lower_first(detail['msg'])}."
    if kind == "missing":
        return "is missing; write it."
    return f"found {quoted(found)}; {_lower_first(detail['msg'].removeprefix('Value error, '))}."


def _not_text(field: str, found: Any) -> str:
    """Explain a code that lost its quotes, and with them its zero.

    >>> print(_not_text("kommunkod", 76))
    found the number 76, but a code is text; write kommunkod: "0114" in quotes.
    """
    if isinstance(found, Written):
        code = (
            "write"
            f' {"" if field in INSIDE or field not in CODES else f"{field}: "}"{cut(found.text)}"'
            " in quotes"
        )
        return f"found {cut(found.text)} without quotes, which YAML reads as a number; {code}."
    if isinstance(found, bool) or not isinstance(found, int) or field not in CODES:
        return f"found {quoted(found)}, but this is text; write it in quotes."
    written = f'{"" if field in INSIDE else f"{field}: "}"{_as_written(found, CODES[field])}"'
    return f"found the number {found}, but a code is text; write {written} in quotes."


def _as_written(number: int, digits: int) -> str:
    """Return the code that YAML turned into a number: digits after a leading 0 are read as octal.

    >>> _as_written(76, 4), _as_written(2480, 4), _as_written(114, 4), _as_written(24, 2)
    ('0114', '2480', '0162', '24')
    """
    octal = f"0{number:o}"
    return (
        octal if len(octal) == digits and len(str(number)) < digits else str(number).zfill(digits)
    )


def _code_form(field: str) -> str:
    if CODES.get(field) == 4:
        return 'a municipality\'s code is four digits in quotes, such as "2480".'
    return (
        'a county is its capital letter or letters, or two digits in quotes, such as "AC" or "24".'
    )


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]
