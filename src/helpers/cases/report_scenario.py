"""What a report supposes: a scenario file, or the year's forecast without a plan; and whether it
held before.
"""

import pandas as pd

from helpers.cases.estimates import latest_shares, population_for, shares_counted
from helpers.cases.scenario_file import ScenarioFile
from helpers.cases.scenarios import (
    arrived_before,
    hangs_on_rest,
    load_scenario,
    problem_for,
    ratios_of,
    refusals_with,
    run_scenario,
    shares_for,
)
from helpers.contracts.numbers import LIMITS
from helpers.errors import ParameterError
from helpers.model.comparison import PRELIMINARY
from helpers.model.estimate import Setting
from helpers.model.forecasts import Forecast, backtest_places, latest_forecast
from helpers.model.proposals import Problem, propose
from helpers.model.record import CHILDREN, leave_one_year_out
from helpers.model.scenario import Supposed
from helpers.model.shares import RESTS, national_shares
from helpers.tables.places import Place
from helpers.tables.questions import ask, question
from helpers.tables.reads import Asked
from helpers.tables.workbook import Workbook


def scenario_of(data: Workbook, name: str, lanskod: str, ar: int) -> ScenarioFile:
    """Return a scenario file that a report of a county and year can show.

    Raises:
        ParameterError: there is no such file, it is not sound, or it is of another county or year.
    """
    scenario = load_scenario(data, name)
    own = data.county(scenario.lan)
    problems = []
    if own.kod != lanskod:
        problems.append(
            f"scenario: {name} is of {own.namn}, the report of {data.county(lanskod).namn}; choose"
            " another."
        )
    if scenario.ar != ar:
        problems.append(
            f"scenario: {name} is of {scenario.ar}, the report of {ar}; write {scenario.ar} as the"
            " year."
        )
    if problems:
        raise ParameterError(*problems)
    return scenario


def suppose(
    data: Workbook,
    place: Place,
    ar: int,
    forecast: Forecast,
    name: str | None = None,
    estimate: bool = True,
) -> Supposed:
    """Return what a report of a county, or of a municipality in it, supposes and what that gives.

    Args:
        data: The published tables.
        place: The county or municipality.
        ar: The year.
        forecast: The year's forecast, used where no scenario is named.
        name: A scenario file's name.
        estimate: Whether shares that are not published are estimated.

    Raises:
        ParameterError: as `scenario_of`.
    """
    file = scenario_of(data, name, str(place.lanskod), ar) if name else None
    scenario = file or _of_forecast(data, place, ar, forecast, estimate)
    shares = shares_for(data, scenario, estimate) if scenario else None
    refused = () if file is None or shares is None else refusals_with(shares, data, file)
    told, note = (file.namn, file.anteckning) if file else ("", "")
    if refused or scenario is None:
        return Supposed(name=told, note=note, refused=refused, names=_names(data))
    whole = bool(scenario.anknytning or scenario.andelstal)
    read = data if whole else _by_shares_alone(data, place, ar, estimate)
    result = run_scenario(read, scenario, estimate, shares)
    rest = hangs_on_rest(read, result)
    people = _people_tables(read, ar)
    tables = [*result.table["tabell"], "" if file else forecast.tabell, *people]
    if result.cases is not None and not scenario.fordelning:
        tables += [*result.ratios["tabell"], "asylsokande_riket"]
    if result.starts and scenario.ar > data.rules.counted_from:
        tables.append("asylsokande_riket")
    sources = tuple(dict.fromkeys(filter(None, tables)))
    problem = _problem(data, file, estimate)
    proposal = None if problem is None else propose(problem)
    return Supposed(result, rest, sources, told, note, (), _names(data), problem, proposal)


def _problem(data: Workbook, file: ScenarioFile | None, estimate: bool) -> Problem | None:
    """What a proposal must hold to, where the file knows some places and the year's rule allows to
    redistribute.
    """
    known = file is not None and any(row.antal is not None for row in file.kapacitet)
    if file is None or not known or not data.rules.of(file.ar).redistribution:
        return None
    try:
        return problem_for(data, file, estimate)
    except ParameterError:  # places of one kind alone are not known places
        return None


def _names(data: Workbook) -> dict[str, str]:
    return dict(zip(data.kommuner["kommunkod"], data.kommuner["kommun"], strict=True))


def _of_forecast(
    data: Workbook, place: Place, ar: int, forecast: Forecast, estimate: bool
) -> ScenarioFile | None:
    """The year's forecast as a scenario; None where the rule did not hold yet, or there is nothing
    to place by.
    """
    county = data.county(str(place.lanskod))
    shares = shares_counted(data, county, ar, estimate)
    least, most, *_ = LIMITS["forecast"]
    if (
        shares.empty
        or forecast.value is None
        or ar < data.rules.counted_from
        or not least <= forecast.value <= most
    ):
        return None
    made = (
        "aret_fore" if forecast.prognosdatum and int(forecast.prognosdatum[:4]) < ar else "samma_ar"
    )
    values = {"namn": f"{county.namn} {ar}", "lan": county.kod, "ar": ar, "prognos_gjord": made}
    return ScenarioFile.model_validate({**values, "prognos_ekb": forecast.value})


def _by_shares_alone(data: Workbook, place: Place, ar: int, estimate: bool = False) -> Workbook:
    """The workbook, of which the population counts as read only by the shares it gives to the rest
    of the nation.

    Those are hundredths of a per mille, so that one inhabitant more elsewhere seldom moves one. Not
    for children by attachment, who follow the inhabitants themselves, nor for a scenario's own
    shares, which leave another rest.
    """
    name = "rest_of_nation_estimated" if estimate else "rest_of_nation"
    ask(data, name, str(place.lanskod), ar)
    return data.without_noting("folkmangd")


@question
def rest_of_nation(data: Workbook, asked: Asked) -> tuple[object, ...]:
    """The nation's shares (hundredths of a per mille) in each way, and the tables the population
    stands in; of a county with the shares that are published.
    """
    return _rest_of_nation(data, asked, False)


@question
def rest_of_nation_estimated(data: Workbook, asked: Asked) -> tuple[object, ...]:
    """The same of a county whose unpublished shares are estimated."""
    return _rest_of_nation(data, asked, True)


def _rest_of_nation(data: Workbook, asked: Asked, estimate: bool) -> tuple[object, ...]:
    ar = asked.years[0]
    known = shares_counted(data, data.county(asked.kod), ar, estimate)
    year, people = population_for(data, ar)
    shares = known.set_index("kommunkod")["andelstal"]
    least = data.rules.of(ar).least_unknown_share
    nations = [national_shares(shares, people, rest, least) for rest in RESTS]
    return year, _people_tables(data, ar), nations


def _people_tables(data: Workbook, ar: int) -> list[str]:
    year, _ = population_for(data, ar)
    return list(data.folkmangd.loc[data.folkmangd["ar"] == year, "tabell"].unique())


def held_before(data: Workbook, place: Place, ar: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return whether intervals made of all other years hold what came: the nation's, and the
    county's of a year.

    Returns:
        What `leave_one_year_out` returns; and what `backtest_places` returns for the county's
        municipalities, with their share table (tabell) and when a part-year outcome was read
        (utfall_preliminart): empty unless their outcome and a forecast made in the year are known.
    """
    ratios, nation = ratios_of(data), nation_held_before(data)
    known = latest_forecast(data.prognoser, ar)
    home = data.county(str(place.lanskod))
    shares = latest_shares(data, home, ar)
    if known.value is None or int(known.prognosdatum[:4]) < ar:
        shares = shares.iloc[:0]
    if shares.empty:
        return nation, shares.assign(covered=False)
    arrived, whole = arrived_before(data, ar)
    _, people = population_for(_by_shares_alone(data, place, ar), ar)
    least = data.rules.of(ar).least_unknown_share
    setting = Setting(people, arrived=arrived, arrived_whole=whole, least_unknown_share=least)
    places = backtest_places(shares, known.value or 0, setting, ratios, ar)
    told = shares[["kommunkod", "tabell", PRELIMINARY]]
    return nation, places.merge(told, on="kommunkod", validate="1:1")


def nation_held_before(data: Workbook) -> pd.DataFrame:
    """Return whether the nation's intervals hold what came of each year left out; see
    `record.leave_one_year_out`.
    """
    return data.computed("nation held before", _held, ratios_of(data))


def _held(ratios: pd.DataFrame) -> pd.DataFrame:
    return leave_one_year_out(ratios[ratios["matt"] == CHILDREN], ratios)
