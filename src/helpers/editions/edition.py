"""Editions: one YAML file says which reports, which year, which forecasts, which language."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from helpers.contracts.reading import Kommunkod, Lan, read, read_yaml
from helpers.editions.parameters import (
    CONTRACTS,
    GROUPS,
    OVERVIEWS_SAID,
    PARTING,
    VARIANT,
    Contract,
    Estimated,
    Forecast,
    Forecasts,
    KallorParameters,
    KommunrapportParameters,
    LansrapportParameters,
    MottagandeParameters,
    Places,
    RiketParameters,
    ScenarierParameters,
    ScenarioHead,
    Scenarios,
    Sprak,
    UtfallParameters,
    Year,
    check_parameters,
    county_letters,
    say,
    without_repeats,
)
from helpers.errors import ParameterError
from helpers.report.job import Job
from helpers.report.manifest import Imprint

OVERVIEWS: dict[str, type[Contract]] = {
    "kallor": KallorParameters,
    "mottagande": MottagandeParameters,
    "scenarier": ScenarierParameters,
    "utfall": UtfallParameters,
    "riket": RiketParameters,
}


NATION = "oversikt/riket"


def _in_an_address(name: str) -> str:
    """Refuse a scenario's file name that cannot be part of a page's address as it is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError(
            "write a file's name in data/scenarios/ without .yaml, made of a to z, digits, - and _"
        )
    return name


class CountyMembers(BaseModel):
    """All municipalities of one county: `{lan: AC}`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    lan: Lan


class Edition(Imprint, BaseModel):
    """What one run publishes, by whom and when. Codes are text; forecasts are numbers of
    children.
    """

    title: Annotated[str, Field(min_length=1, max_length=200)]
    sprak: Sprak = "sv"
    ar: Year
    prognos_ekb: Forecast = None
    prognoser_ekb: Forecasts
    uppskattade_andelstal: Estimated = "ja"
    lan: Literal["alla"] | list[Lan] = []
    kommuner: Literal["alla"] | CountyMembers | list[Kommunkod] = []
    oversikter: list[Literal["kallor", "mottagande", "scenarier", "utfall", "riket"]] = []
    scenarier: Annotated[
        list[Annotated[str, AfterValidator(_in_an_address)]], AfterValidator(without_repeats)
    ] = []

    @property
    def imprint(self) -> Imprint:
        """Who publishes it and when."""
        return Imprint.model_validate({name: getattr(self, name) for name in Imprint.model_fields})

    @property
    def choices(self) -> dict[str, Any]:
        """What it says of its reports: all but the imprint."""
        return self.model_dump(exclude={*Imprint.model_fields})


def read_edition(path: Path) -> Edition:
    """Return the edition that a YAML file describes.

    Raises:
        ParameterError: the file is missing, no YAML, or says what an edition cannot; all at once.
    """
    return read(Edition, read_yaml(path), path.name)


def no_scenarios(name: str) -> ScenarioHead:
    """Find no scenario: for an edition that has none."""
    raise ParameterError(f"there is no scenario {name!r}.")


def expand(
    edition: Edition,
    places: Places,
    notebooks: Path,
    where: str,
    scenarios: Scenarios = no_scenarios,
) -> list[Job]:
    """Return one job per report of the edition: overviews, counties, municipalities, then those of
    each scenario.

    Raises:
        ParameterError: every code that names no place, every scenario that cannot be shown or
            concerns none of the reports; or an edition that asks for nothing.
    """
    problems: list[str] = []
    jobs: list[Job] = []
    for contract, values in _calls(edition, places, problems, where):
        try:
            checked = check_parameters(contract, values, places, where)
            jobs.append(make_job(checked, places, notebooks))
        except ParameterError as error:
            problems += error.problems
    plain = list({job.id: job for job in jobs}.values())
    jobs = list(plain)
    for name in edition.scenarier:
        try:
            jobs += _scenario_jobs(name, scenarios(name), edition, plain, places)
        except ParameterError as error:
            problems += [f"{where}: scenarier: {problem}" for problem in error.problems]
    if problems:
        raise ParameterError(*dict.fromkeys(problems))
    if not jobs:
        raise ParameterError(f"{where}: asks for no report; name lan, kommuner or oversikter.")
    return _linked(jobs, plain, places)


def _linked(jobs: list[Job], plain: list[Job], places: Places) -> list[Job]:
    """Let each place's report lead to those of its county, of the municipalities there and of the
    nation, and an overview to those of all places, where the edition has them beside it.
    """
    there, county = {job.id for job in jobs}, {job.id: _lanskod(job, places) for job in plain}
    found = []
    for job in jobs:
        own = "/".join(job.id.split("/")[-2:])
        before, lan = job.id.removesuffix(own), _lanskod(job, places)
        of_nation = not before and own.startswith("oversikt/")
        near = [
            name
            for name, code in county.items()
            if (code if of_nation else lan and (code == lan or name == NATION))
        ]
        links = [name for name in near if name != own and before + name in there]
        found.append(replace(job, links=tuple(links)))
    return found


def make_job(parameters: Contract, places: Places, notebooks: Path) -> Job:
    """Return the job that renders one report, with the words the index needs."""
    values = parameters.model_dump()
    language = values["sprak"]
    notebook = notebooks / f"{parameters.notebook}.ipynb"
    if "kommunkod" in values:
        place = places.municipality(values["kommunkod"])
        county = places.county(place.lanskod).namn
        group = say(GROUPS["municipalities"], language, county=county)
        above = f"lan/{place.lanskod}"
        return Job(f"kommun/{place.kod}", notebook, values, group, place.namn, under=above)
    if isinstance(parameters, LansrapportParameters):
        place = places.county(parameters.lan)
        group = say(GROUPS["counties"], language)
        return Job(f"lan/{place.kod}", notebook, values, group, place.namn)
    name = parameters.notebook.split("_", 1)[1]
    return Job(
        f"oversikt/{name}",
        notebook,
        values,
        say(GROUPS["overviews"], language),
        say(OVERVIEWS_SAID[name], language),
    )


def contract_for(values: dict[str, object], where: str) -> type[Contract]:
    """Return the contract a single report's parameters belong to: lan or kommunkod decides."""
    if "lan" in values and "kommunkod" in values:
        raise ParameterError(
            f"{where}: names both lan and kommunkod; a report is about one of them."
        )
    if "kommunkod" in values:
        return CONTRACTS[KommunrapportParameters.notebook]
    if "lan" in values:
        return CONTRACTS[LansrapportParameters.notebook]
    raise ParameterError(
        f'{where}: names neither lan nor kommunkod; write lan: AC or kommunkod: "2480".'
    )


def _calls(
    edition: Edition, places: Places, problems: list[str], where: str
) -> Iterable[tuple[type[Contract], dict[str, object]]]:
    """Yield contract and parameters of every report the edition asks for."""
    common = {"ar", "prognos_ekb", "prognoser_ekb", "uppskattade_andelstal", "sprak"}
    shared = edition.model_dump(include=common)
    for name in edition.oversikter:
        contract = OVERVIEWS[name]
        yield contract, {name: shared[name] for name in shared if name in contract.model_fields}
    letters = county_letters(places) if edition.lan == "alla" else edition.lan
    for letter in letters:
        yield LansrapportParameters, {**shared, "lan": letter}
    for code in _municipalities(edition, places, problems, where):
        yield KommunrapportParameters, {**shared, "kommunkod": code}


def _scenario_jobs(
    name: str, scenario: ScenarioHead, edition: Edition, jobs: list[Job], places: Places
) -> list[Job]:
    """Return the reports of a scenario's county once more, with it.

    Raises:
        ParameterError: there are none of its county and year.
    """
    concerned = [
        job
        for job in jobs
        if _lanskod(job, places) == scenario.lanskod and edition.ar == scenario.ar
    ]
    if not concerned:
        about = f"{places.county(scenario.lanskod).namn} {scenario.ar}"
        raise ParameterError(
            f"{name} is of {about}, and no report of the edition is. Name its places, or leave it"
            " out."
        )
    return [
        replace(
            named_after(job, scenario.title),
            id=f"scenario/{name}/{job.id}",
            under=f"scenario/{name}/{job.under}" if job.under else "",
            parameters={**job.parameters, PARTING: name},
            group=say(GROUPS["scenario"], edition.sprak, scenario=scenario.title, group=job.group),
        )
        for job in concerned
    ]


def named_after(job: Job, scenario: str) -> Job:
    """Return a job whose report names its scenario in the heading, by the scenario's own title."""
    variant = say(VARIANT, job.language, scenario=scenario)
    return replace(job, name=f"{job.name} ({scenario})", variant=variant)


def _lanskod(job: Job, places: Places) -> str:
    """Return the county of a report; "" for one that takes no scenario."""
    if PARTING not in job.parameters:
        return ""
    code = job.parameters.get("kommunkod")
    place = places.municipality(code) if code else places.county(job.parameters["lan"])
    return str(place.lanskod)


def _municipalities(edition: Edition, places: Places, problems: list[str], where: str) -> list[str]:
    """Return the edition's municipality codes; a county that does not exist is added to the
    problems.
    """
    if isinstance(edition.kommuner, list):
        return edition.kommuner
    if edition.kommuner == "alla":
        return [
            code for letter in county_letters(places) for code in places.county(letter).kommunkoder
        ]
    try:
        county = places.county(edition.kommuner.lan)
    except ParameterError as error:
        problems += [f"{where}: kommuner: {problem}" for problem in error.problems]
        return []
    return list(county.kommunkoder)
