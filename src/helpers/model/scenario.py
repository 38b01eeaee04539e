"""One scenario, computed whole: plan, estimate, placement, interval, and the load against capacity
(beredskap); and what a report supposes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.model.estimate import Rule, Setting, parts_of_difference, placed_by
from helpers.model.forecasts import (
    Cases,
    Outcomes,
    enumerate_cases,
    intervals,
    outcomes_above,
    outcomes_of,
    supposed_outcomes,
)
from helpers.model.placement import hundredths
from helpers.model.proposals import Problem, Proposal
from helpers.model.record import FEWEST, SAME_YEAR, ratios_for
from helpers.model.redistribution import Plan, Refusal, Rules, before_and_after
from helpers.model.shares import WHOLE, Rest, with_expected


class Ends(NamedTuple):
    """The lowest and highest of all cases (children), and of the half in the middle; see
    `forecasts.intervals`.
    """

    low: int
    high: int
    half_low: int
    half_high: int


@dataclass(frozen=True)
class Scenario:
    """What an analyst supposes of one county and year.

    Attributes:
        name: What it is called. lanskod, ar: the county and the year.
        prognos: Children in Sweden.
        outcomes: Children in Sweden that are each as likely, instead of the record's misses; ()
            uses the record.
        horizon: When such a forecast is made: same_year or year_ahead.
        attachment: The part (0–1) placed by attachment. rest: how unknown shares are represented.
        placed, placed_nation: Children supposed to have been placed before; see `estimate.Setting`.
        arrived, arrived_whole: Children who came to Sweden since fulfilment is counted and before
            the year; see the same.
        plan: The redistribution; None is none.
        capacity: kommunkod, slag, antal, and for a reader datum and kalla; empty is unknown.
        rules: The dated rules it is computed by.
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
    arrived: int | None = None
    arrived_whole: bool = True
    plan: Plan | None = None
    capacity: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["kommunkod", "slag", "antal"])
    )
    rules: Rules = field(kw_only=True)

    def setting(self, folkmangd: pd.Series) -> Setting:
        """Return what its placement rests on, with the inhabitants of all municipalities by
        kommunkod.
        """
        return Setting(
            folkmangd,
            self.rest,
            self.placed,
            self.placed_nation,
            self.attachment,
            self.arrived,
            self.arrived_whole,
            least_unknown_share=self.rules.of(self.ar).least_unknown_share,
        )


@dataclass(frozen=True)
class Result:
    """What a scenario gives.

    Attributes:
        table: kommunkod, kommun, andelstal_before, andelstal, change (‰), expected,
            expected_low/high, placed_low/high (the rule, over every start), since_low/high (the
            rule with those who came since fulfilment is counted; NA where not known or a start is
            supposed),
            start_decides (whether the start alone can change the number), placed, rounding,
            catch_up, attached (NA unless a start is supposed), low, high, half_low, half_high
            (of all cases, and of the half in the middle; NA without enough record), load (=
            placed_high), places, shortfall, slack, overflow_forecast, school_places,
            school_shortfall, over_surely, over_possibly (in how many years more children come than
            there are places).
        placed: The county's own fewest and most by the rule; no sum of the municipalities'.
        start_decides: Whether the start alone can change the county's number.
        since: The county's with those who came since fulfilment is counted, None as above.
        total: The ends of the county as a whole; None without enough record.
        ratios: The record's forecasts that the cases are made of; empty with outcomes of the
            caller's own.
        cases: Every case, None without enough record.
        within: From how many of the starts the county's number lies in its whole-person interval
            (A3), and of how many.
    """

    scenario: Scenario
    table: pd.DataFrame
    placed: tuple[int, int]
    start_decides: bool
    since: tuple[int, int] | None
    total: Ends | None
    ratios: pd.DataFrame
    cases: Cases | None
    within: tuple[int, int]

    @cached_property
    def _parts(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    def rows_of(self, kommunkoder: Sequence[str]) -> pd.DataFrame:
        """Return the table's rows of some municipalities, not to be written to: many sentences ask
        for the same.
        """
        asked = tuple(kommunkoder)
        if asked not in self._parts:
            self._parts[asked] = self.table[self.table["kommunkod"].isin(asked)]
        return self._parts[asked]

    @property
    def starts(self) -> tuple[int, int] | None:
        """The fewest and most children that may have been placed before; None where the start is
        supposed.
        """
        every = self.scenario.setting(pd.Series(dtype=float))
        return None if every.start_told else (int(every.starts[0]), int(every.starts[-1]))

    @property
    def off_forecast(self) -> tuple[int, int]:
        """In how many of the cases' years more children come to Sweden than the forecast says, and
        in how many fewer; a year whose forecasts missed both ways is neither.
        """
        if self.cases is None:
            return 0, 0
        national = np.array(self.cases.outcomes.national)
        missed = (national > self.scenario.prognos, national < self.scenario.prognos)
        above, below = (self.cases.outcomes.count(one)[0] for one in missed)
        return above, below


ENDS = Ends._fields


def run(
    scenario: Scenario, shares: pd.DataFrame, folkmangd: pd.Series, ratios: pd.DataFrame
) -> Result:
    """Return what a scenario gives for each municipality of its county.

    Args:
        scenario: What is supposed.
        shares: kommunkod, kommun, andelstal (‰) before the plan.
        folkmangd: Inhabitants of all municipalities, indexed by kommunkod.
        ratios: What `record.carried` returned. The scenario's own year is left out: a forecast is
            not judged by its own outcome. If fewer than three years of its horizon are left, there
            is no interval (A17).

    Raises:
        PlanError: the plan breaks a rule. DataError: no share is known, or a number is out of its
            range.
    """
    if shares.empty:
        raise DataError(
            f"{scenario.name}: no share is known for county {scenario.lanskod}, so nothing can be"
            " placed."
        )
    plan = scenario.plan or Plan(scenario.lanskod, scenario.ar)
    after = before_and_after(shares, plan, scenario.rules.of(plan.ar))
    setting = scenario.setting(folkmangd)
    record, outcomes = _outcomes(scenario, ratios)
    rule = Rule(after, setting, max(scenario.prognos, *(outcomes.national if outcomes else ()), 0))
    placed = placed_by(rule, scenario.prognos)
    parts = parts_of_difference(after, scenario.prognos, rule)
    table = with_expected(after, scenario.prognos).merge(
        placed.table, on="kommunkod", validate="1:1"
    )
    table = table.merge(parts, on="kommunkod", validate="1:1")
    cases = enumerate_cases(rule, outcomes) if outcomes else None
    ends = intervals(cases) if cases else None
    table = _with_capacity(_with_interval(table, ends), scenario, cases)
    total = None if ends is None else _total(ends)
    return Result(
        scenario,
        table,
        placed.total,
        placed.start_decides,
        placed.since,
        total,
        record,
        cases,
        (placed.starts_within(*_whole_interval(table)), len(placed.each[0])),
    )


def _outcomes(scenario: Scenario, ratios: pd.DataFrame) -> tuple[pd.DataFrame, Outcomes | None]:
    if scenario.outcomes:
        if scenario.prognos <= 0:
            raise DataError(
                f"{scenario.name}: outcomes are set beside a forecast above 0, found"
                f" {scenario.prognos}."
            )
        return ratios.iloc[:0], supposed_outcomes(scenario.outcomes)
    others = ratios_for(ratios, scenario.horizon, scenario.ar)
    enough = others["ar"].nunique() >= FEWEST
    return others, outcomes_of(scenario.prognos, others) if enough else None


def _whole_interval(table: pd.DataFrame) -> tuple[int, int]:
    """The county's interval in whole children: the sum of its municipalities'."""
    return int(table["expected_low"].sum()), int(table["expected_high"].sum())


def _with_interval(table: pd.DataFrame, ends: pd.DataFrame | None) -> pd.DataFrame:
    if ends is None:
        return table.assign(
            **{name: pd.array([pd.NA] * len(table), dtype="Int64") for name in ENDS}
        )
    return table.merge(ends, on="kommunkod", how="left", validate="1:1")


def _total(ends: pd.DataFrame) -> Ends:
    return Ends(*(int(ends[name].iloc[-1]) for name in ENDS))


def _with_capacity(table: pd.DataFrame, scenario: Scenario, cases: Cases | None) -> pd.DataFrame:
    load = table.set_index("kommunkod")["placed_high"]
    beside = against_load(table, load, scenario.capacity).drop(columns="kommun")
    whole = table.merge(beside, on="kommunkod", validate="1:1")
    above = _above(whole["places"], cases)
    return whole.assign(over_surely=above["surely"], over_possibly=above["possibly"])


def _above(most: pd.Series, cases: Cases | None) -> pd.DataFrame:
    """In how many years more children than `most` come: surely, possibly; NA where it is, or
    without cases.
    """
    if cases is None or most.isna().all():
        return pd.DataFrame(
            {name: pd.array([pd.NA] * len(most), dtype="Int64") for name in ("surely", "possibly")}
        )
    counts = outcomes_above(cases, most.to_numpy(float, na_value=0))
    known = most.notna().to_numpy()
    return pd.DataFrame(
        {name: counts[name].astype("Int64").where(known) for name in ("surely", "possibly")}
    )


def outcomes_of_more(result: Result, children: int) -> pd.DataFrame:
    """Return in how many years each municipality of `result.table` gets more than a number of
    children.

    Returns:
        surely (whatever the start) and possibly (for some start), of `result.cases.years`;
        NA without enough record. They count how far forecasts have missed, and are no probability
        of all that can happen.
    """
    return _above(pd.Series(children, index=result.table.index), result.cases)


def compare(results: Sequence[Result]) -> pd.DataFrame:
    """Return scenarios side by side in long form.

    Returns:
        scenario (name), and the columns of `Result.table`; the scenarios in the order given.
    """
    return pd.concat(
        [result.table.assign(scenario=result.scenario.name) for result in results],
        ignore_index=True,
    )


@dataclass(frozen=True)
class Supposed:
    """A scenario as a report shows it: one from a file, or the year's own forecast without a plan.

    Attributes:
        result: What it gives; None where no share or forecast is known, or the plan is refused.
        by_rest: kommunkod, kommun, and the rule's children under each way to represent the unknown
            shares.
        sources: The published tables it rests on.
        name, note: The file's own; "" without a file.
        refused: Every rule that the file's redistribution breaks.
        names: kommunkod → name, for the refusals and the proposal.
        problem, proposal: What a redistribution within the file's places and agreements must hold
            to, and the one proposed; None where no places are known or the year allows none.
    """

    result: Result | None = None
    by_rest: pd.DataFrame | None = None
    sources: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    refused: tuple[Refusal, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None
    proposal: Proposal | None = None

    @property
    def intervals(self) -> pd.DataFrame | None:
        """The result's kommunkod, kommun, andelstal (‰), and children: expected, placed_low,
        placed_high, low, high; None where there is no result.
        """
        columns = ["kommunkod", "kommun", "andelstal", "expected"]
        columns += ["placed_low", "placed_high", "low", "high"]
        return None if self.result is None else self.result.table[columns]


KINDS = ("platser_hem", "platser_familjehem", "bostader", "skolplatser", "personal")
PLACES = ("platser_hem", "platser_familjehem")  # what a placed child needs: one or the other
SCHOOL = "skolplatser"  # and one of these


def places_known(capacity: pd.DataFrame) -> pd.Series:
    """Return each municipality's places for children, homes and family homes together.

    A municipality with one of the two unknown is unknown (NA), never the known one alone.

    Args:
        capacity: kommunkod, slag (see `KINDS`), antal (NA = unknown), one row per municipality and
            kind.

    Returns:
        Places (Int64, NA = unknown) indexed by kommunkod.
    """
    if capacity.empty:
        return pd.Series(dtype="Int64")
    wide = capacity[capacity["slag"].isin(PLACES)].pivot(
        index="kommunkod", columns="slag", values="antal"
    )
    return wide.reindex(columns=list(PLACES)).sum(axis=1, skipna=False).astype("Int64")


def school_places(capacity: pd.DataFrame) -> pd.Series:
    """Return how many children each municipality has school places for.

    Args:
        capacity: As `places_known`.

    Returns:
        Places (Int64, NA = unknown) indexed by kommunkod.
    """
    told = capacity[capacity["slag"] == SCHOOL].set_index("kommunkod")["antal"]
    return told.astype("Int64")


def against_load(shares: pd.DataFrame, load: pd.Series, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return places beside the children a scenario brings.

    Args:
        shares: kommunkod, kommun, andelstal (‰).
        load: Children per kommunkod, of the planning estimate, the rule or an interval's end.
        capacity: As `places_known`.

    Returns:
        kommunkod, kommun, load, places, shortfall (load − places where above 0), slack (places −
        load where above 0), overflow_forecast: the lowest national forecast whose planning estimate
        exceeds the places, and school_places and school_shortfall, since every child needs a school
        place too. Unknown places give unknown answers; a share of 0 never overflows (NA).
    """
    table = shares[["kommunkod", "kommun"]].reset_index(drop=True)
    table = table.assign(
        load=table["kommunkod"].map(load).astype("Float64"),
        places=places_known(capacity).reindex(table["kommunkod"]).array,
        school_places=school_places(capacity).reindex(table["kommunkod"]).array,
    )
    difference = table["load"] - table["places"]
    share = pd.Series(hundredths(shares["andelstal"].to_numpy(float)), dtype="Int64")
    return table.assign(
        shortfall=difference.clip(lower=0),
        slack=(-difference).clip(lower=0),
        overflow_forecast=table["places"] * WHOLE // share.where(share > 0) + 1,
        school_shortfall=(table["load"] - table["school_places"]).clip(lower=0),
    )
