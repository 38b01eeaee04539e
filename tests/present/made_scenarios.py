"""Scenarios of the tests' own: what no published table and no shipped scenario gives rise to."""

from dataclasses import replace

import pandas as pd

from helpers.cases.report_scenario import held_before
from helpers.cases.scenarios import population_for, ratios_of
from helpers.model.allocation import Divided
from helpers.model.estimate import by_rest
from helpers.model.proposals import Problem, propose
from helpers.model.redistribution import Move, Plan, Refusal
from helpers.model.scenario import Result, Supposed, run
from helpers.model.shares import shares_in_use
from helpers.present import topics
from helpers.present.topics.record import backtest_views
from helpers.present.views import View
from helpers.tables.workbook import Workbook
from tests.model.dated import Scenario

BASE = Scenario("1", "24", 2019, 2300, arrived=4479)  # 2 199 + 1 336 + 944 came in 2016–2018
PLAN = Plan("24", 2019, (Move("2401", "2480"),), frozenset({"2480"}))
TOLD = {"datum": "2019-01-01", "kalla": "Socialtjänsten"}
FEW = pd.DataFrame(
    {"kommunkod": "2480", "slag": ["platser_hem", "platser_familjehem"], "antal": [1, 2], **TOLD}
)
ROOM = FEW.assign(antal=[100, 100])
SLAG = ["platser_hem", "bostader", "skolplatser", "personal"]
EVERY = pd.DataFrame(
    {"kommunkod": "2480", "slag": SLAG, "antal": pd.array([None, 9, 20, 3], "Int64"), **TOLD}
)
SCHOOLS = EVERY.assign(antal=[100, 9, 100, 3])
OUTCOMES = (900, 1500, 2300)


def made(
    workbook: Workbook, scenario: Scenario, *, bare: bool = False, few: bool = False
) -> Result:
    """What a scenario gives on Västerbotten's published shares; `bare` leaves no forecast to draw
    from, `few` those of children alone, three years of the same year and one of a year ahead.
    """
    codes = workbook.county("AC").kommunkoder
    shares = shares_in_use(workbook.andelstal, workbook.kommuner, codes, scenario.ar)
    shares = shares.drop(columns="utfall").assign(supposed=False)
    ratios = ratios_of(workbook)
    own = ratios[(ratios["matt"] == "ensamkommande") & ratios["ar"].isin((2014, 2015, 2016))]
    people = population_for(workbook, scenario.ar)[1]
    return run(scenario, shares, people, ratios.iloc[:0] if bare else own if few else ratios)


def supposed(workbook: Workbook, scenario: Scenario, **how: bool) -> Supposed:
    """A scenario of the tests as a report has it, with its other ways to represent the nation."""
    result = made(workbook, scenario, **how)
    people = population_for(workbook, scenario.ar)[1]
    hangs = by_rest(result.table, scenario.prognos, scenario.setting(people))
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    return Supposed(result, hangs, ("andelstal_2018_ac",), scenario.name, "2", names=names)


def proposed(workbook: Workbook, places: dict[str, int], *agreed: str) -> Supposed:
    """A scenario with a proposal for the places and agreements given."""
    one = supposed(workbook, BASE)
    assert one.result is not None
    shares = dict(
        zip(one.result.table["kommunkod"], one.result.table["andelstal"].astype(float), strict=True)
    )
    problem = Problem(shares, BASE.prognos, places, frozenset(agreed))
    return replace(one, problem=problem, proposal=propose(problem))


def made_views(workbook: Workbook) -> list[tuple[View, ...]]:
    """Each case's whole section, for the county and where it differs for a municipality."""
    county, umea, nordmaling = (
        workbook.county("AC"),
        workbook.municipality("2480"),
        workbook.municipality("2401"),
    )
    nation, places = held_before(workbook, county, 2019)
    attached = replace(BASE, attachment=0.1, placed={"2480": 30}, capacity=ROOM)
    planned = replace(BASE, plan=PLAN, capacity=FEW, placed={"2480": 0}, placed_nation=100)
    cases = [
        (county, supposed(workbook, attached)),
        (county, supposed(workbook, planned)),
        (county, proposed(workbook, {"2401": 1, "2480": 40}, "2480")),
        (county, proposed(workbook, {"2401": 1, "2480": 40})),
        (county, proposed(workbook, {"2480": 40}, "2480")),
        (county, supposed(workbook, BASE, bare=True)),
        (county, supposed(workbook, replace(BASE, horizon="year_ahead"), few=True)),
        (county, supposed(workbook, replace(BASE, outcomes=OUTCOMES, capacity=ROOM))),
        (umea, supposed(workbook, replace(BASE, outcomes=(2300,) * 3))),
        (umea, _certain(supposed(workbook, BASE))),
        (county, _own_shares(supposed(workbook, BASE))),
        (county, Supposed(name="1", refused=(Refusal("not_agreed", "2480"),))),
        (umea, supposed(workbook, planned)),
        (umea, supposed(workbook, replace(BASE, prognos=300))),
        (nordmaling, supposed(workbook, replace(planned, capacity=FEW.assign(kommunkod="2401")))),
        (nordmaling, supposed(workbook, replace(BASE, prognos=50_000, capacity=FEW))),
        (umea, _equal(supposed(workbook, BASE))),
        (umea, _of_2016(_equal(supposed(workbook, BASE)))),
        (umea, supposed(workbook, replace(BASE, prognos=1000, arrived=None))),
        (nordmaling, supposed(workbook, BASE)),
        (nordmaling, _undecided(supposed(workbook, BASE))),
        *(
            (place, supposed(workbook, replace(BASE, capacity=one)))
            for place in (county, umea)
            for one in (EVERY, SCHOOLS)
        ),
    ]
    sections = [
        topics.scenarios.supposed_views(place, one, nation, places, 2019) for place, one in cases
    ]
    held = held_before(workbook, county, 2018)
    whole_year = backtest_views(county, held[0], held[1].drop(columns="utfall_preliminart"), 2018)
    untested = held[0].assign(covered=held[0]["covered"].where(held[0]["ar"] != 2014))
    some = backtest_views(county, untested, held[1], 2018)
    return [
        *sections,
        whole_year,
        some,
        topics.scenarios.divided_views(county, Divided(2018, 2019)),
    ]


def _own_shares(one: Supposed) -> Supposed:
    """The same with one share supposed, and one municipality whose share is not known."""
    assert one.result is not None
    table = one.result.table.iloc[1:].reset_index(drop=True)
    table = table.assign(supposed=table["kommunkod"] == "2480")
    return replace(one, result=replace(one.result, table=table))


def _certain(one: Supposed) -> Supposed:
    """The same with every case giving the same."""
    assert one.result is not None
    table = one.result.table.assign(low=5, half_low=5, half_high=5, high=5)
    return replace(one, result=replace(one.result, table=table))


def _equal(one: Supposed) -> Supposed:
    """The same with the rule giving one number, whatever the start."""
    assert one.result is not None
    table = one.result.table.assign(placed_low=27, placed_high=27, start_decides=False)
    return replace(one, result=replace(one.result, table=table))


def _undecided(one: Supposed) -> Supposed:
    """The same with nothing but chance among those equally far to decide."""
    assert one.result is not None
    return replace(
        one, result=replace(one.result, table=one.result.table.assign(start_decides=False))
    )


def _of_2016(one: Supposed) -> Supposed:
    """The same as if the year were the first that counts."""
    assert one.result is not None
    return replace(
        one, result=replace(one.result, scenario=replace(one.result.scenario, ar=2016, arrived=0))
    )
