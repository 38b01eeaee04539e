"""What SCB's answers mean: a JSON-stat cube of regions, and the table of the population. Pure."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from helpers.contracts.text import in_line, quoted
from helpers.errors import DataError
from helpers.imports.answers import (
    POPULATION_HEADER,
    Answer,
    Draft,
    code,
    fault,
    listed,
    named,
    number,
    parsed,
    shortened,
)
from helpers.sources.services import CONTENT, CONTENTS, REGION, TIME
from helpers.sources.snapshot import Page, Question

NO_FIGURE = (".", "..", "...", "…", ":")  # not applicable, not available, hidden
TITLE = f"Folkmängd 31 december per kommun (SCB, statistikdatabasen, BefolkningNy, {CONTENT})"


def read_answer(question: Question, pages: Sequence[Page]) -> Answer:
    """Return one year's population by region, both sexes and all ages together (T).

    A value that is null, not listed, or marked as none by its status (`.`, `..`) is None: unknown,
    never zero.

    Raises:
        DataError: the cube is not of region, content and year alone, is of another content or year,
            its sizes do not multiply to its values, or a value is no number.
    """
    try:
        (page,) = pages
        codes, values = _cube(question, parsed(page))
        return {(code, "T"): number(value) for code, value in zip(codes, values, strict=True)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{named(question)}: the answer cannot be read ({in_line(error, 200)})."
        ) from None


def _cube(question: Question, cube: Any) -> tuple[list[str], list[Any]]:
    """The regions' codes and their values; the other dimensions must hold only what was asked
    for.
    """
    content, year = question
    if sorted(cube["id"]) != sorted((REGION, CONTENTS, TIME)):
        raise ValueError(
            f"its dimensions are {quoted(cube['id'])}, not {REGION}, {CONTENTS} and {TIME} alone"
        )
    codes = {name: _codes(cube["dimension"][name]) for name in cube["id"]}
    sizes = [len(codes[name]) for name in cube["id"]]
    if cube["size"] != sizes:
        raise ValueError(f"size is {quoted(cube['size'])}, its dimensions hold {sizes}")
    for name, asked in ((CONTENTS, content), (TIME, str(year))):
        if codes[name] != [asked]:
            raise ValueError(f"asked for {name} {asked}, found {listed(codes[name])}")
    regions = [code(region, REGION) for region in codes[REGION]]
    values = _values(cube["value"], math.prod(sizes))
    told = cube.get("status") or {}
    marks = [told] * len(values) if isinstance(told, str) else _values(told, len(values))
    return regions, [
        None if mark in NO_FIGURE else value for value, mark in zip(values, marks, strict=True)
    ]


def _codes(dimension: Any) -> list[str]:
    """A dimension's codes in the order of the values; JSON-stat has them as a list, or as code →
    place.
    """
    category = dimension["category"]
    index = category.get(
        "index", list(category["label"]) if len(category.get("label", ())) == 1 else None
    )
    codes = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    places = list(range(len(codes))) if isinstance(index, list) else [index[code] for code in codes]
    if places != list(range(len(set(codes)))) or not all(isinstance(code, str) for code in codes):
        raise ValueError(f"category.index does not number its codes once each ({quoted(index)})")
    return codes


def _values(values: Any, count: int) -> list[Any]:
    """All values in order; as an object only those that are known are listed, by place."""
    if isinstance(values, dict):
        if odd := [place for place in values if not re.fullmatch(r"[0-9]+", place)]:
            raise ValueError(f"value has the place {quoted(odd[0])}, which is no number")
        places = {int(place): value for place, value in values.items()}
        if places.keys() - set(range(count)):
            raise ValueError(
                f"value has the places {sorted(places)[-1]} and more, its sizes give {count}"
            )
        return [places.get(place) for place in range(count)]
    if len(values) != count:
        raise ValueError(f"there are {len(values)} values, its sizes give {count}")
    return list(values)


def drafts(
    answers: Mapping[Question, Answer], kommunkoder: Collection[str], lanskoder: Collection[str]
) -> tuple[list[Draft], list[str]]:
    """Return the table that SCB's answers give, and a warning for all that was left out.

    Args:
        answers: Per content and year.
        kommunkoder: The known municipalities ("2480"). lanskoder: not used, as only municipalities
            are asked for.

    Returns:
        `folkmangd_scb`, if it has a row; a population that is not known, or zero, has none.

    Raises:
        DataError: a municipality's value is no whole number of persons; every one is named.
    """
    warnings: list[str] = []
    problems: list[str] = []
    rows: list[tuple[str, ...]] = []
    for question, answer in sorted(answers.items()):
        found = {unit: value for (unit, _), value in answer.items()}
        # 0: it did not exist that year
        own = {kod: found.get(kod) or None for kod in sorted(kommunkoder)}
        wrong = {
            kod: text for kod, value in own.items() if (text := fault(question, kod, value, 1))
        }
        known = {kod: value for kod, value in own.items() if value is not None and kod not in wrong}
        problems += wrong.values()
        warnings += _left_out(
            question, sorted(found.keys() - own.keys()), "no municipality has the code"
        )
        warnings += _left_out(
            question, [kod for kod, value in own.items() if value is None], "SCB has no figure for"
        )
        rows += [(kod, str(question[1]), str(int(value))) for kod, value in known.items()]
    if problems:
        raise DataError(*shortened(problems))
    draft = Draft(
        "folkmangd_scb", "folkmangd", CONTENT, TITLE, POPULATION_HEADER, tuple(sorted(rows))
    )
    return [draft] if rows else [], warnings


def _left_out(question: Question, codes: Sequence[str], why: str) -> list[str]:
    return [f"{named(question)}: {why} {listed(codes)}; left out, not guessed."] if codes else []
