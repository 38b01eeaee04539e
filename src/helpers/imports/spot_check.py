"""Whether a service means what we think: its measure, unit and number for a figure that is in hand.

One municipality and one year are asked for. Nothing is kept.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from helpers.contracts.text import in_line, quoted
from helpers.errors import DataError, SetupError
from helpers.imports import kolada, pxweb
from helpers.imports.answers import Answer, as_number, named, parsed
from helpers.sources import Catalogue, read_published
from helpers.sources.services import CONTENT, CONTENTS, Kolada, PxWeb
from helpers.sources.snapshot import Page, Question
from helpers.sources.web import SilentError, SlowError

Code = Literal[
    "agrees",
    "other_measure",
    "other_unit",
    "other_number",
    "no_value",
    "unreadable",
    "refused",
    "slow",
    "silent",
]
PLACE, COUNTY, YEAR = "2480", "24", 2018  # Umeå: many enough to be told, and no round number
STEPS: Mapping[Code, str] = {
    "slow": "Somebody is there, but too slow: try again later.",
    "silent": "Nobody usable is there: check the network and the address.",
    "refused": "Somebody is there, and does not answer this: check the address.",
    "unreadable": "The answer has another form than the one that is relied on.",
}
COUNTED = "antal"  # how both services name the unit of a count


@dataclass(frozen=True)
class Held:
    """A figure in hand and how a service should name it.

    words: What the measure's name must hold, in lower case.
    county: The county's sum, which a service need not have; None where none is in hand.
    """

    question: Question
    number: int
    table: str
    words: str
    county: int | None = None


@dataclass(frozen=True)
class Told:
    """What a service says of a figure: the measure's name, its unit as written, and the values."""

    measure: str
    unit: str
    answer: Answer
    county_unit: str = ""


@dataclass(frozen=True)
class Checked:
    """The outcome for one figure: a code for each thing that is wrong, or "agrees", and why in
    words.
    """

    held: Held
    says: Mapping[Code, str] = field(default_factory=dict)
    told: Told | None = None
    notes: tuple[str, ...] = ()
    error: SetupError | None = None  # why there is no answer

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every code, the gravest first."""
        return tuple(self.says) or ("agrees",)

    @property
    def another(self) -> bool:
        """Whether it is certainly not our figure: neither what it is called nor its number is."""
        return {"other_measure", "other_number"} <= set(self.says)


def held(catalogue: Catalogue, questions: Collection[str]) -> list[Held]:
    """Return the figures in hand that KPIs or contents can be held against; none for others.

    Args:
        catalogue: Where our own tables are.
        questions: KPIs and contents, such as N01986 and BE0101N1.
    """
    found = {kpi: _held(catalogue, kpi) for kpi in questions}
    return [figure for figure in found.values() if figure is not None]


def _held(catalogue: Catalogue, kpi: str) -> Held | None:
    received = f"kommunmottagna_{YEAR}"
    if kpi == kolada.RECEIVED:
        number = _figure(catalogue, received, "antal", kommunkod=PLACE, kategori="totalt")
        summed = f"{received}_summor"
        county = _figure(catalogue, summed, "antal", lanskod=COUNTY, kategori="totalt")
        table, words = received, "mottag"
    elif kpi in (kolada.POPULATION, CONTENT):
        number, county = _figure(catalogue, "folkmangd", "folkmangd", kommunkod=PLACE), None
        table, words = "folkmangd", "folkmängd" if kpi == CONTENT else "invånare"
    else:
        return None
    return None if number is None else Held((kpi, YEAR), number, table, words, county)


def _figure(catalogue: Catalogue, table: str, column: str, **where: str) -> int | None:
    if table not in catalogue.tables:
        return None
    rows = read_published(catalogue, table)
    for name, value in {**where, "ar": str(YEAR)}.items():
        rows = rows[rows[name] == value]
    cells = list(rows[column])
    return int(cells[0]) if len(cells) == 1 and re.fullmatch("[0-9]+", cells[0]) else None


def ask_kolada(service: Kolada, figure: Held) -> Told:
    """Return what Kolada says of a figure; it writes the unit last in a KPI's title."""
    kpi, _ = figure.question
    title = service.title(kpi)
    county = f"00{COUNTY}" if figure.county is not None else ""
    pages = service.some(figure.question, [PLACE, *filter(None, [county])])
    unit = title.rpartition(",")[2] if "," in title else title
    return Told(title, unit.strip(), kolada.read_answer(figure.question, pages), county)


def ask_scb(service: PxWeb, figure: Held) -> Told:
    """Return what SCB says of a figure; its answer names the content and the unit."""
    (page,) = service.pages(figure.question, [PLACE])
    answer = pxweb.read_answer(figure.question, [page])
    return Told(*_named_by(page), answer)


def _named_by(page: Page) -> tuple[str, str]:
    """The content's name and unit in a cube; empty where it does not tell."""
    category: dict[str, Any] = parsed(page)["dimension"][CONTENTS]["category"]
    unit = (category.get("unit") or {}).get(CONTENT) or {}
    return str((category.get("label") or {}).get(CONTENT, "")), str(unit.get("base", ""))


def check(figure: Held, ask: Callable[[Held], Told]) -> Checked:
    """Ask for a figure and return how it compares; no error but a fault of ours is raised."""
    try:
        return compare(figure, ask(figure))
    except SetupError as error:
        code = _silence(error)
        return Checked(figure, {code: f"{error} {STEPS[code]}"}, error=error)
    except (DataError, AttributeError, KeyError, TypeError, ValueError) as error:
        told = str(error) if isinstance(error, DataError) else f"{in_line(repr(error), 200)}."
        return Checked(figure, {"unreadable": f"{told} {STEPS['unreadable']}"})


def _silence(error: SetupError) -> Code:
    if isinstance(error, SlowError):
        return "slow"
    return "silent" if isinstance(error, SilentError) else "refused"


def compare(figure: Held, told: Told) -> Checked:
    """Return how what a service says compares with the figure in hand."""
    says: dict[Code, str] = {}
    if figure.words not in told.measure.lower():
        says["other_measure"] = (
            f"it is called {quoted(told.measure)}, and no name with “{figure.words}”."
        )
    if COUNTED not in told.unit.lower():
        says["other_unit"] = f"its unit reads {quoted(told.unit)}, not “{COUNTED}”."
    value = told.answer.get((PLACE, "T"))
    if value is None:
        says["no_value"] = f"there is no value for {PLACE}, both sexes; we have {figure.number}."
    elif value != figure.number:
        says["other_number"] = _differs(value, figure.number, PLACE, figure.table)
    county = told.answer.get((told.county_unit, "T"))
    notes = []
    if figure.county is not None and county is None:
        notes.append(
            f"no value for the county ({told.county_unit}); sums by county will be missing, which"
            " only serve as a check."
        )
    elif figure.county is not None and county is not None and county != figure.county:
        says.setdefault(
            "other_number", _differs(county, figure.county, told.county_unit, figure.table)
        )
    return Checked(figure, says, told, tuple(notes))


def _differs(value: Decimal, number: int, unit: str, table: str) -> str:
    return (
        f"{unit} has {in_line(value)}, and {number} in {table}: revised since, or another measure."
    )


def lines(checked: Checked) -> list[str]:
    """Return the outcome in words: what was answered, then each thing that is wrong, with its
    code.
    """
    figure, told = checked.held, checked.told
    found = [f"it answers {quoted(told.measure)}, unit {quoted(told.unit)}."] if told else []
    if not checked.says:
        found.append(f"agrees. {figure.number}, as in {figure.table}.")
    found += [f"{code}. {says}" for code, says in checked.says.items()]
    return [f"{heading(checked)}: {line}" for line in (*found, *checked.notes)]


def as_plain(checked: Checked) -> dict[str, Any]:
    """Return the outcome as JSON writes it."""
    figure, told = checked.held, checked.told
    return {
        "kpi": figure.question[0],
        "year": figure.question[1],
        "unit": PLACE,
        "in_hand": figure.number,
        "table": figure.table,
        "measure": told.measure if told else None,
        "counted_in": told.unit if told else None,
        "value": as_number(told.answer.get((PLACE, "T"))) if told else None,
        "codes": list(checked.codes),
        "says": list(checked.says.values()),
        "notes": list(checked.notes),
    }


def heading(checked: Checked) -> str:
    """Return what was asked, as a line about it begins.

    >>> heading(Checked(Held(("N01986", 2018), 405, "kommunmottagna_2018", "mottag", 1164)))
    'N01986 2018, 2480'
    """
    return f"{named(checked.held.question)}, {PLACE}"
