"""What an edition's scenarios are about, found and checked before any report is made."""

from helpers.cases.scenarios import load_scenario, refusals_of
from helpers.cli.scenario_run import reasons
from helpers.editions.parameters import Scenario, Scenarios
from helpers.errors import ParameterError
from helpers.tables import Workbook


def scenarios_of(workbook: Workbook) -> Scenarios:
    """Return what finds a scenario of the data folder by name.

    It raises ParameterError: there is no such file, or all that is wrong with it; every rule that
    its redistribution breaks.
    """

    def find(name: str) -> Scenario:
        scenario = load_scenario(workbook, name)
        if refused := refusals_of(workbook, scenario):
            raise ParameterError(*(f"{name}: {reason}" for reason in reasons(workbook, refused)))
        return Scenario(scenario.namn, workbook.county(scenario.lan).kod, scenario.ar)

    return find
