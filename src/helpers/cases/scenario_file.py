"""What a scenario file may say: the one strict contract, its fields named in Swedish as its readers
write them.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from helpers.contracts.files import slug
from helpers.contracts.numbers import within
from helpers.contracts.reading import Kommunkod, Lan, read
from helpers.errors import ParameterError
from helpers.model.record import FEWEST
from helpers.tables.places import Place
from helpers.tables.workbook import Workbook


def _named(name: str) -> str:
    if not slug(name):
        raise ValueError("the name must hold a letter or a digit, since the file is named by it")
    return name


def _enough(outcomes: list[int]) -> list[int]:
    if 0 < len(outcomes) < FEWEST:
        raise ValueError(
            f"give at least {FEWEST} numbers of children that are each as likely, or none"
        )
    return outcomes


Whole = Annotated[int, within("children")]
Promille = Annotated[float, within("share")]
Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    """Nothing but what is named here; a number may be written as text, and nothing else is
    converted.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Flytt(_Part):
    """One move: `fran` hands `andelstal` (‰; absent is all of it) over to `till`."""

    fran: Kommunkod
    till: Kommunkod
    andelstal: Annotated[Promille, Field(gt=0)] | None = None


class Kapacitet(_Part):
    """What a municipality has of one kind on a day, and who says so; `antal` null is unknown, never
    0.
    """

    kommunkod: Kommunkod
    slag: Literal["platser_hem", "platser_familjehem", "bostader", "skolplatser", "personal"]
    antal: Annotated[int, within("capacity")] | None
    datum: datetime.date
    kalla: Text


class ScenarioFile(_Part):
    """One file in `data/scenarios/`: what an analyst supposes of one county and year; see
    docs/data.md.
    """

    namn: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_named)]
    lan: Lan
    ar: Annotated[int, within("scenario_year")]
    prognos_ekb: Annotated[int, within("forecast")]
    fordelning: Annotated[list[Whole], AfterValidator(_enough)] = []
    prognos_gjord: Literal["samma_ar", "aret_fore"] = "samma_ar"
    anknytning: Annotated[float, within("attachment")] = 0.0
    ovriga_landet: Literal["folkmangd", "lika", "ett_block"] = "folkmangd"
    placerade_fore: dict[Kommunkod, Whole] = {}
    placerade_riket: Whole | None = None
    andelstal: dict[Kommunkod, Promille] = {}
    flytt: list[Flytt] = []
    godkant: list[Kommunkod] = []
    minsta_andelstal: Promille = 0.0
    kapacitet: list[Kapacitet] = []
    anteckning: str = ""
    forfattare: str = ""
    datum: datetime.date | None = None


def check_scenario(data: Workbook, values: Mapping[str, object], where: str) -> ScenarioFile:
    """Return checked values whose codes also exist and lie in the county.

    Args:
        values: As YAML reads them.
        where: What each problem begins with, such as the file's name.

    Raises:
        ParameterError: all problems at once, an unknown code with the nearest.
    """
    problems: list[str] = []
    try:
        scenario: ScenarioFile | None = read(ScenarioFile, values, where)
    except ParameterError as error:
        scenario, problems = None, list(error.problems)
    problems += [f"{where}: {problem}" for problem in _strange_places(data, values)]
    problems += [
        f"{where}: {problem}" for problem in (_contradictions(scenario) if scenario else ())
    ]
    if problems or scenario is None:
        raise ParameterError(*problems)
    return scenario


def _strange_places(data: Workbook, values: Mapping[str, object]) -> list[str]:
    """The county or a municipality that is not known, and municipalities of another county."""
    home, problems = _find(data.county, values.get("lan"), r"[A-Z]{1,2}|[0-9]{2}")
    for path, code in _codes(values):
        place, unknown = _find(data.municipality, code, r"[0-9]{4}")
        problems += [f"{path}: {problem}" for problem in unknown]
        if home and place and place.lanskod != home.kod:
            span = f"{home.kommunkoder[0]}–{home.kommunkoder[-1]}"
            problems.append(
                f"{path}: {place.namn} ({code}) is not in county {values['lan']}, whose codes are"
                f" {span}."
            )
    return problems


def _find(lookup: Any, code: object, form: str) -> tuple[Place | None, list[str]]:
    """A place and no problem, or none; what has not the form of a code is the contract's to
    refuse.
    """
    if not isinstance(code, str) or not re.fullmatch(form, code, re.ASCII):
        return None, []
    try:
        return lookup(code), []
    except ParameterError as error:
        return None, [problem.removeprefix("kommunkod: ") for problem in error.problems]


def _codes(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Every municipality's code that the values name, with where it stands."""
    for field in ("placerade_fore", "andelstal", "godkant"):
        named = values.get(field)
        yield from ((field, code) for code in (named if isinstance(named, list | dict) else ()))
    for field in ("flytt", "kapacitet"):
        rows = values.get(field)
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            for name in ("fran", "till", "kommunkod"):
                if isinstance(row, dict) and name in row:
                    yield f"{field}.{number}.{name}", row[name]


def _contradictions(scenario: ScenarioFile) -> Iterator[str]:
    """What no single field shows."""
    known = sum(scenario.placerade_fore.values())
    if scenario.placerade_riket is not None and known > scenario.placerade_riket:
        yield (
            f"placerade_fore: {known} children, but placerade_riket says {scenario.placerade_riket}"
            " in all of Sweden."
        )
    rows = [(row.kommunkod, row.slag) for row in scenario.kapacitet]
    for kod, slag in dict.fromkeys(row for row in rows if rows.count(row) > 1):
        yield f"kapacitet: {kod} {slag} stands more than once; keep the one that holds."
