"""What Kolada's answers mean: observations, and tables in published form. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
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
from helpers.sources.services import KPIS
from helpers.sources.snapshot import Page, Question

GENDERS = {"T", "K", "M"}
NATION = "0000"
GROUP = re.compile("G[0-9]+")  # several municipalities together, of which no table has a row
RECEIVED, POPULATION = "N01986", "N01951"
ONLY_IN_SNAPSHOT = tuple(kpi for kpi in KPIS if kpi not in {RECEIVED, POPULATION})


def read_answer(question: Question, pages: Sequence[Page]) -> Answer:
    """Return one KPI's and year's values by unit and gender, over all pages.

    A value that is null (its status says why) or marked as deleted is None: unknown, never zero.

    Raises:
        DataError: an observation lacks a field, is of another KPI or year, is no number, or stands
            twice with two values; every fault is named.
    """
    answer: Answer = {}
    problems: list[str] = []
    for observation in _observations(question, pages):
        try:
            unit, values = _unit_values(question, observation)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(
                f"{named(question)}: {quoted(observation)} cannot be read ({in_line(error, 200)})."
            )
            continue
        for gender, value in values:
            if answer.setdefault((unit, gender), value) != value:
                was = answer[unit, gender]
                problems.append(
                    f"{named(question)}, unit {unit}, {gender}: stands twice, {was} and {value}."
                )
    if problems:
        raise DataError(*shortened(problems))
    return answer


def _observations(question: Question, pages: Sequence[Page]) -> list[Any]:
    try:
        return [observation for page in pages for observation in parsed(page)["values"]]
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"{named(question)}: a page cannot be read ({in_line(error, 200)})."
        ) from None


def _unit_values(
    question: Question, observation: dict[str, Any]
) -> tuple[str, list[tuple[str, Decimal | None]]]:
    asked = (observation["kpi"], observation["period"])
    if asked != question:
        raise ValueError(f"asked for {named(question)}, found {quoted(asked)}")
    unit = code(observation["municipality"], "municipality")
    return unit, [(_gender(entry), _value(entry)) for entry in observation["values"]]


def _gender(entry: dict[str, Any]) -> str:
    if entry["gender"] not in GENDERS:
        raise ValueError(f"gender is {quoted(entry['gender'])}, not T, K or M")
    return str(entry["gender"])


def _value(entry: dict[str, Any]) -> Decimal | None:
    return None if entry.get("isdeleted") is True else number(entry["value"])


def drafts(
    answers: Mapping[Question, Answer], kommunkoder: Collection[str], lanskoder: Collection[str]
) -> tuple[list[Draft], list[str]]:
    """Return the tables that Kolada's answers give, and a warning for all that was left out.

    Args:
        answers: Per KPI and year; only both sexes together (T) becomes a row.
        kommunkoder: The known municipalities ("2480"). lanskoder: the known counties ("24").

    Returns:
        `kommunmottagna_kolada` (every municipality of a year that has figures, blank where Kolada
        has none), `kommunmottagna_summor_kolada` and `folkmangd_kolada`, each if it has a row.
        N01987, N02002 and N00732 give none: no kommuntal is invented from those who came.

    Raises:
        DataError: a municipality's value is no whole number of persons; every one is named.
    """
    warnings: list[str] = []
    problems: list[str] = []
    found: dict[str, list[tuple[str, ...]]] = {"kommun": [], "summor": [], "folk": []}
    for (kpi, year), answer in sorted(answers.items()):
        if kpi not in (RECEIVED, POPULATION):
            continue
        levels = {unit: _level(unit, kommunkoder, lanskoder) for unit, _ in answer}
        warnings += _unknown_units(kpi, year, levels)
        for unit, value in _totals(kpi, answer, kommunkoder).items():
            level = levels.get(unit, "kommun")
            wrong = fault((kpi, year), unit, value, 1 if kpi == POPULATION else 0)
            if wrong and level == "kommun":
                problems.append(wrong)
            elif wrong and level and kpi == RECEIVED:
                warnings.append(f"{wrong} It is a total, only used for checking, and was left out.")
            elif level and not wrong:
                _add_row(found, level, kpi, year, unit, value)
    if problems:
        raise DataError(*shortened(problems))
    return [draft for draft in _tables(found) if draft.rows], warnings


def _totals(kpi: str, answer: Answer, kommunkoder: Collection[str]) -> dict[str, Decimal | None]:
    """Both sexes together per unit; a municipality that was asked for and not answered is unknown,
    and listed so.
    """
    totals = {unit: value for (unit, gender), value in answer.items() if gender == "T"}
    has_figures = kpi == RECEIVED and any(value is not None for value in totals.values())
    return (dict.fromkeys(kommunkoder) if has_figures else {}) | totals


def _level(unit: str, kommunkoder: Collection[str], lanskoder: Collection[str]) -> str:
    if unit in kommunkoder:
        return "kommun"
    return "summor" if unit == NATION or (unit[:2] == "00" and unit[2:] in lanskoder) else ""


def _unknown_units(kpi: str, year: int, levels: Mapping[str, str]) -> list[str]:
    units = sorted(
        unit for unit, level in levels.items() if not level and not GROUP.fullmatch(unit)
    )
    if not units:
        return []
    return [
        f"{kpi} {year}: no municipality, county or nation has the code {listed(units)}; left out,"
        " not guessed."
    ]


def _add_row(
    found: dict[str, list[tuple[str, ...]]],
    level: str,
    kpi: str,
    year: int,
    unit: str,
    value: Decimal | None,
) -> None:
    cell = "" if value is None else str(int(value))
    if kpi == POPULATION:
        if level == "kommun" and cell:  # a population that is not known has no row
            found["folk"].append((unit, str(year), cell))
        return
    code = unit if level == "kommun" else unit[2:]
    found[level].append((code, str(year), "totalt", cell, ""))


def _tables(found: Mapping[str, Sequence[tuple[str, ...]]]) -> list[Draft]:
    received = ("ar", "kategori", "antal", "varav_ensamkommande")
    shapes = {
        "kommun": (
            "kommunmottagna",
            RECEIVED,
            "Kommunmottagna per kommun",
            ("kommunkod", *received),
        ),
        "summor": (
            "kommunmottagna_summor",
            RECEIVED,
            "Kommunmottagna, län och riket",
            ("lanskod", *received),
        ),
        "folk": ("folkmangd", POPULATION, "Folkmängd 31 december per kommun", POPULATION_HEADER),
    }
    return [
        Draft(
            f"{kind}_kolada",
            kind,
            kpi,
            f"{title} (Kolada, nyckeltal {kpi})",
            header,
            tuple(sorted(found[name])),
        )
        for name, (kind, kpi, title, header) in shapes.items()
    ]
