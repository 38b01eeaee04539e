"""Figures derived from many rows: a report depends on such a figure's value, not on the rows behind
it.

One person more in Malå changes no printed figure of Stockholm's report, though the nation's sum
goes into it. A question is a function of the workbook and of what is asked; its answer is computed
once a run.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, TypeVar

from helpers.errors import WorkbookError
from helpers.tables.reads import UNITS, Asked, checksum
from helpers.tables.workbook import Workbook

Question = Callable[[Workbook, Asked], Any]
Found = TypeVar("Found")
PART = "part of an answer: "
QUESTIONS: dict[str, Question] = {}


def question(answer: Question) -> Question:
    """Let a function answer the question of its own name."""
    QUESTIONS[answer.__name__] = answer
    return answer


def ask(data: Workbook, name: str, kod: str = "", *years: int) -> Any:
    """Return the answer to a question, noting its value as read and nothing of what it took to find
    it.
    """
    asked = Asked(name, kod, tuple(map(int, years)))
    answer, value = _answered(data, asked)
    data.catalogue.values[str(asked)] = value
    return answer


def _answered(data: Workbook, asked: Asked) -> tuple[Any, str]:
    """The answer and its checksum; what it took to find it is noted in a record that is dropped."""
    return data.computed(str(asked), _with_checksum, data.with_own_record(), asked)


def _with_checksum(data: Workbook, asked: Asked) -> tuple[Any, str]:
    answer = QUESTIONS[asked.name](data, asked)
    return answer, checksum(answer)


def partly(data: Workbook, compute: Callable[..., Found], *given: str) -> Found:
    """Return what a function finds in the tables, given some names, as part of an answer; it is
    computed once, and kept with what it took.
    """
    name = " ".join([compute.__name__, *given])
    kept = data.computed(f"{PART}{name}", _with_record, data, compute, *given)
    return kept[0]


def _with_record(
    data: Workbook, compute: Callable[..., Found], *given: str
) -> tuple[Found, frozenset[str] | None]:
    own = data.with_own_record()
    found = compute(own, *given)
    taken = own.catalogue
    return found, None if taken.values else frozenset(taken.read)  # values are noted otherwise


def unchanged(data: Workbook, changed: Collection[str]) -> dict[str, Any]:
    """Return the parts of answers that took nothing of what is changed, to be kept with tables
    that are the same but for that.

    Args:
        data: The tables as they were.
        changed: Ids, as `Catalogue.read` has them.
    """
    return {
        name: kept
        for name, kept in data.found.items()
        if name.startswith(PART) and kept[1] is not None and kept[1].isdisjoint(changed)
    }


def values_of(data: Workbook, names: Collection[str]) -> dict[str, str]:
    """Return the checksums, as of now, of what reports have read by rows and by questions.

    Args:
        data: The tables as they are.
        names: As `Catalogue.values` has them.

    Returns:
        Name → checksum; what cannot be asked, or not any more, is left out.
    """
    asked: dict[str, Asked] = {}
    for name in names:
        # a damaged name: whoever has noted it cannot say what it rests on
        with suppress(ValueError):
            asked[name] = Asked.parse(name)
    found = {name: _value(data, one) for name, one in asked.items()}
    return {name: value for name, value in found.items() if value}


def _value(data: Workbook, asked: Asked) -> str:
    if asked.name in UNITS:
        return data.checksum(asked)
    if asked.name not in QUESTIONS:
        return ""
    # of a place or year there is no longer
    with suppress(WorkbookError, LookupError):
        return _answered(data, asked)[1]
    return ""
