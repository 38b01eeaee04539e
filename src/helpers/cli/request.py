"""What a run is asked for: an edition, found by name or path, and the plan made from it and the
tables, in whatever process reads them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.contracts.files import bytes_in
from helpers.contracts.reading import nearest
from helpers.editions.edition import Edition, expand, no_scenarios, read_edition
from helpers.editions.parameters import ScenarioHead, Scenarios
from helpers.errors import ParameterError
from helpers.make.plan import EDITIONS, Options, Plan, Request

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
        return Plan(asked.title, asked.sprak, asked.model_dump(), jobs, workbook.catalogue)


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
