"""What an edition means in reports, found in whatever process reads the tables."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpers.editions.editions import Edition, expand, no_scenarios
from helpers.editions.parameters import Scenarios
from helpers.make.plan import Plan


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
            from helpers.cli import data_tidy

            data_tidy.refresh()  # so that each report's kernel need not check the tables anew
        scenarios: Scenarios = no_scenarios
        if asked.scenarier:
            from helpers.cli.supposing import scenarios_of

            scenarios = scenarios_of(workbook)
        jobs = expand(asked, workbook, notebooks, self.where, scenarios)
        return Plan(asked.title, asked.sprak, asked.model_dump(), jobs, workbook.catalogue)


def values_now(names: Collection[str]) -> dict[str, str]:
    """Return the checksums, as of now, of what reports have read by rows and by questions."""
    from helpers.cases import preload
    from helpers.tables import load, values_of

    preload()
    return values_of(load(), names)
