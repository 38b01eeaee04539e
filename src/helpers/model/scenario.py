"""One scenario, computed whole: plan, planning estimate, the rule's placement, interval and capacity."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from helpers.errors import DataError
from helpers.model.capacity import against_load
from helpers.model.estimate import Setting, estimate_and_rule
from helpers.model.nation import Rest
from helpers.model.redistribution import Plan, before_and_after
from helpers.model.shares import with_expected
from helpers.model.uncertainty import (
    FEWEST,
    SAME_YEAR,
    Simulation,
    chance_above,
    intervals,
    ratios_for,
    simulate,
    total_interval,
)

DRAWS = 10_000
DRAWS_DRAGGING = 1_000  # an answer while a slider moves, within 100 ms; a report draws all


@dataclass(frozen=True)
class Scenario:
    """What an analyst supposes of one county and year.

    Attributes:
        name: What it is called. lanskod, ar: the county and the year.
        prognos: Children in Sweden.
        outcomes: Children in Sweden that are each as likely, instead of the record's misses; () uses the record.
        horizon: When such a forecast is made: same_year or year_ahead.
        attachment: The part (0–1) placed by attachment. rest: how unknown shares are represented.
        placed, placed_nation: Children placed before; see `estimate.Setting`.
        plan: The redistribution; None is none.
        capacity: kommunkod, slag, antal, and for a reader datum and kalla; empty is unknown.
    """

    name: str
    lanskod: str
    ar: int
    prognos: int
    outcomes: tuple[int, ...] = ()
    horizon: str = SAME_YEAR
    attachment: float = 0.0
    rest: Rest = "population"
    placed: dict[str, int] = field(default_factory=dict)
    placed_nation: int | None = None
    plan: Plan | None = None
    capacity: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["kommunkod", "slag", "antal"]))


@dataclass(frozen=True)
class Result:
    """What a scenario gives.

    Attributes:
        table: kommunkod, kommun, andelstal_before, andelstal, change (‰), expected, expected_low/high, placed,
            rounding, catch_up, attached, low, middle, high (P10, P50, P90; NA without enough record), chance_more
            (0–1: the part of the draws with more than expected_high), load (= placed), places, shortfall, slack,
            overflow_forecast, school_places, school_shortfall, chance_over (0–1: more than the places).
        total: The interval of the county as a whole (P10, P50, P90), None without enough record.
        chance_more: The part of the draws (0–1) in which the county gets more than the sum of expected_high.
        ratios: The record's forecasts that were drawn from; empty with outcomes of the caller's own.
        simulation: The draws, None without enough record.
        pooled: Whether both horizons were drawn from, since the scenario's own has too few forecasts.
    """

    scenario: Scenario
    table: pd.DataFrame
    total: tuple[int, int, int] | None
    ratios: pd.DataFrame
    simulation: Simulation | None
    pooled: bool = False
    chance_more: float | None = None


def run(
    scenario: Scenario, shares: pd.DataFrame, folkmangd: pd.Series, ratios: pd.DataFrame, draws: int = DRAWS
) -> Result:
    """Return what a scenario gives for each municipality of its county.

    Args:
        scenario: What is supposed.
        shares: kommunkod, kommun, andelstal (‰) before the plan.
        folkmangd: Inhabitants of all municipalities, indexed by kommunkod.
        ratios: What `uncertainty.forecast_ratios` returned. The scenario's own year is left out: a forecast is
            not judged by its own outcome. If fewer than three of its horizon are left, those of both horizons
            are drawn from (A17): forecasts made in the same year miss by less, so that interval is too narrow.
        draws: How many futures are drawn: `DRAWS`, or `DRAWS_DRAGGING` for an answer at once.

    Raises:
        PlanError: the plan breaks a rule. DataError: no share is known, or a number is out of its range.
    """
    if shares.empty:
        raise DataError(f"{scenario.name}: no share is known for county {scenario.lanskod}, so nothing can be placed.")
    after = before_and_after(shares, scenario.plan or Plan(scenario.lanskod, scenario.ar))
    setting = Setting(folkmangd, scenario.rest, scenario.placed, scenario.placed_nation, scenario.attachment)
    table = estimate_and_rule(with_expected(after, scenario.prognos), scenario.prognos, setting)
    record, drawn_from = _drawn_from(scenario, ratios)
    enough = len(drawn_from) >= FEWEST
    simulation = simulate(after, scenario.prognos, setting, drawn_from, draws) if enough else None
    total = total_interval(simulation) if simulation else None
    more = float((simulation.total > table["expected_high"].sum()).mean()) if simulation else None
    table = _with_capacity(_with_interval(table, simulation), scenario, simulation)
    pooled = bool((record["horizon"] != scenario.horizon).any())
    return Result(scenario, table, total, record, simulation, pooled, more)


def _drawn_from(scenario: Scenario, ratios: pd.DataFrame) -> tuple[pd.DataFrame, Sequence[float]]:
    if scenario.outcomes:
        if scenario.prognos <= 0:
            raise DataError(f"{scenario.name}: outcomes are set beside a forecast above 0, found {scenario.prognos}.")
        return ratios.iloc[:0], [outcome / scenario.prognos for outcome in scenario.outcomes]
    others = ratios[ratios["ar"] != scenario.ar]
    alike = ratios_for(others, scenario.horizon)
    record = alike if len(alike) >= FEWEST else others
    return record, record["ratio"].tolist()


def _with_interval(table: pd.DataFrame, simulation: Simulation | None) -> pd.DataFrame:
    table = table.assign(chance_more=_chances(table["expected_high"], simulation))
    if simulation is None:
        return table.assign(
            **{name: pd.array([pd.NA] * len(table), dtype="Int64") for name in ("low", "middle", "high")}
        )
    return table.merge(intervals(simulation), on="kommunkod", how="left", validate="1:1")


def _with_capacity(table: pd.DataFrame, scenario: Scenario, simulation: Simulation | None) -> pd.DataFrame:
    load = table.set_index("kommunkod")["placed"]
    beside = against_load(table, load, scenario.capacity).drop(columns="kommun")
    whole = table.merge(beside, on="kommunkod", validate="1:1")
    return whole.assign(chance_over=_chances(whole["places"], simulation))


def _chances(most: pd.Series, simulation: Simulation | None) -> pd.Series:
    """The part of the draws with more children than `most`, one number per row; NA where it is, or without draws."""
    if simulation is None:
        return pd.Series(pd.NA, index=most.index, dtype="Float64")
    chances = chance_above(simulation, most.to_numpy(float, na_value=0)).to_numpy()
    return pd.Series(chances, index=most.index, dtype="Float64").where(most.notna())


def chances_of_more(result: Result, children: int) -> pd.Series:
    """Return in which part of the draws (0–1) each municipality of `result.table` gets more than a number of children.

    NA without enough record. It is a part of the draws, that is of how far forecasts have missed, and no
    probability of all that can happen.
    """
    return _chances(pd.Series(children, index=result.table.index), result.simulation)


def compare(results: Sequence[Result]) -> pd.DataFrame:
    """Return scenarios side by side in long form.

    Returns:
        scenario (name), and the columns of `Result.table`; the scenarios in the order given.
    """
    return pd.concat([result.table.assign(scenario=result.scenario.name) for result in results], ignore_index=True)
