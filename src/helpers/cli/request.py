"""What a run is asked for: an edition, found by name or path, and the plan made from it and the
tables, in whatever process reads them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.contracts.files import bytes_in
from helpers.contracts.reading import nearest
from helpers.editions.edition import (
    Edition,
    contract_for,
    expand,
    make_job,
    named_after,
    no_scenarios,
    read_edition,
)
from helpers.editions.parameters import ScenarioHead, Scenarios, check_parameters
from helpers.errors import ParameterError
from helpers.make.plan import EDITIONS, Options, Plan, Request
from helpers.report.job import Job

if TYPE_CHECKING:
    from helpers.tables import Workbook


def edition_file(edition: str) -> Path:
    """Return the file of an edition given by name or by path."""
    if edition.endswith((".yaml", ".yml")):
        return Path(edition)
    known = sorted(path.stem for path in EDITIONS.glob("*.yaml") if _is_edition(path))
    if edition not in known:
        raise ParameterError(
            f"--edition: there is no edition {edition!r}. {nearest(edition, known)}"
        )
    return EDITIONS / f"{edition}.yaml"


def _is_edition(path: Path) -> bool:
    """Return whether a file has a title: files of single reports, which plain papermill reads too,
    have none.
    """
    try:
        text = bytes_in(path).decode("utf-8", "replace")
    except OSError:
        return False
    return any(line.startswith("title:") for line in text.splitlines())


@dataclass(frozen=True)
class Planner:
    """Makes an edition's plan; it can be sent to another process.

    Attributes:
        asked: The edition.
        where: Its file's name, for messages.
        engine: The engine that will make the reports.
    """

    asked: Edition
    where: str
    engine: str

    def __call__(self, notebooks: Path) -> Plan:
        """Read the tables and return the plan.

        Raises:
            DataError: a table is missing or faulty. ParameterError: the edition asks for what there
                is not.
        """
        from helpers.cases import preload
        from helpers.tables import load

        preload()  # the values that reports depend on rest on the same tables
        workbook, asked = load(), self.asked
        if self.engine == "kernel":
            from helpers.tables import refresh_tidy

            refresh_tidy()  # so that each report's kernel need not check the tables anew
        scenarios: Scenarios = no_scenarios
        if asked.scenarier:
            scenarios = scenarios_of(workbook)
        jobs = expand(asked, workbook, notebooks, self.where, scenarios)
        preload(workbook, _years(jobs))
        plan = plan_of(asked.title, asked.sprak, asked.choices, jobs, workbook)
        return replace(plan, imprint=asked.imprint)


@dataclass(frozen=True)
class Single:
    """Makes the plan of a single report; it can be sent to another process.

    Attributes:
        values: What was given, as text.
        where: The file or the command that it was given in, for messages.
        engine: As `Planner`'s.
    """

    values: dict[str, object]
    where: str
    engine: str = "kernel"

    def __call__(self, notebooks: Path) -> Plan:
        """Read the tables and return the plan.

        Raises:
            DataError: a table is missing or faulty. ParameterError: all that is wrong with the
                report's parameters.
        """
        contract = contract_for(self.values, self.where)
        from helpers.cases import preload
        from helpers.tables import load

        workbook = load()
        checked = check_parameters(contract, self.values, workbook, self.where)
        job = make_job(checked, workbook, notebooks)
        if scenario := _scenario_title(workbook, checked.model_dump()):
            job = named_after(job, scenario)
        if self.engine != "kernel":
            preload(workbook, _years([job]))
        return plan_of(job.name, job.language, checked.model_dump(), [job], workbook)


def _years(jobs: Iterable[Job]) -> list[int]:
    return sorted({int(job.parameters["ar"]) for job in jobs if job.parameters.get("ar")})


def plan_of(
    name: str, language: str, parameters: dict[str, Any], jobs: list[Job], workbook: "Workbook"
) -> Plan:
    """Return a plan, with the tables it was made of for the process that makes the reports."""
    from helpers.tables import memory

    handed = partial(take_over, memory.all_kept())
    return Plan(name, language, parameters, jobs, workbook.catalogue, handed)


def take_over(tables: bytes) -> None:
    """Have the tables that another process has read."""
    from helpers.tables import memory

    memory.take_over(tables)


def _scenario_title(workbook: "Workbook", values: dict[str, Any]) -> str:
    """Return the title of a report's scenario; "" without one.

    Raises:
        ParameterError: the report cannot show it, or its redistribution breaks a rule; before any
            kernel starts.
    """
    name = values["scenario"]
    if name is None:
        return ""
    from helpers.cases.report_scenario import scenario_of
    from helpers.cases.scenarios import refusals_of
    from helpers.cli.scenario_run import reasons

    place = (
        workbook.municipality(values["kommunkod"])
        if "kommunkod" in values
        else workbook.county(values["lan"])
    )
    scenario = scenario_of(workbook, name, str(place.lanskod), values["ar"])
    if refused := refusals_of(workbook, scenario):
        raise ParameterError(
            *(f"scenario: {name}: {reason}" for reason in reasons(workbook, refused))
        )
    return scenario.namn


def requested(path: Path, run: Options) -> Request:
    """Return the request of an edition's file; the tables are read when its plan is made."""
    asked = read_edition(path)
    return Request(asked.title, asked.model_dump(), Planner(asked, path.name, run.engine))


def scenarios_of(workbook: "Workbook") -> Scenarios:
    """Return what finds a scenario of the data folder by name.

    It raises ParameterError: there is no such file, or all that is wrong with it; every rule that
    its redistribution breaks.
    """

    from helpers.cases.scenarios import load_scenario, refusals_of
    from helpers.cli.scenario_run import reasons

    def find(name: str) -> ScenarioHead:
        scenario = load_scenario(workbook, name)
        if refused := refusals_of(workbook, scenario):
            raise ParameterError(*(f"{name}: {reason}" for reason in reasons(workbook, refused)))
        return ScenarioHead(scenario.namn, workbook.county(scenario.lan).kod, scenario.ar)

    return find


def values_now(names: Collection[str]) -> dict[str, str]:
    """Return the checksums, as of now, of what reports have read by rows and by questions."""
    from helpers.cases import preload
    from helpers.tables import load, values_of

    preload()
    return values_of(load(), names)
