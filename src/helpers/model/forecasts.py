"""National forecasts: the one that holds for a year, and the intervals that follow from how far
others missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.estimate import Rule, Setting
from helpers.model.placement import Counts
from helpers.model.record import (
    DERIVED,
    FEWEST,
    OFFICIAL,
    SAME_YEAR,
    YEAR_AHEAD,
    Spread,
    ratios_for,
    spread,
)


@dataclass(frozen=True)
class Forecast:
    """One national forecast for a year: children (None if there is none), when it was made, and the
    table it stands in ("" when it was given by hand).
    """

    ar: int
    value: int | None
    prognosdatum: str = ""
    tabell: str = ""
    kalla: str = ""


def latest_forecast(prognoser: pd.DataFrame, ar: int, matt: str = "ensamkommande") -> Forecast:
    """Return the last single-valued forecast known for a year; an official one before the press,
    and the press before what is derived from a difference (A7).

    Args:
        prognoser: prognosdatum (text, ISO), avser_ar, matt, varde, kalla, tabell.
        ar: The year forecast.
        matt: The measure; unaccompanied children by default.

    Returns:
        The forecast; its value is None when the year has none (an interval alone is none).
    """
    rows = prognoser[prognoser["avser_ar"] == ar]  # few are left to ask about
    rows = rows[(rows["matt"] == matt) & rows["varde"].notna()]
    if rows.empty:
        return Forecast(ar, None)
    rank = rows["tabell"].map({OFFICIAL: 0, DERIVED: 2}).fillna(1)
    rows = rows[rank == rank.min()]
    # of one date, no order of rows decides
    last = rows.sort_values(["prognosdatum", "kalla", "varde"]).iloc[-1]
    return Forecast(ar, int(last["varde"]), last["prognosdatum"], last["tabell"], last["kalla"])


def forecast_for(prognoser: pd.DataFrame, ar: int, given: int | None) -> Forecast:
    """Return the forecast to use: the one given by hand, else the latest known for the year."""
    known = latest_forecast(prognoser, ar)
    return known if given is None or known.value == given else Forecast(ar, given)


def actual_children(asylsokande: pd.DataFrame, ar: int) -> int | None:
    """Return the unaccompanied children who sought asylum in a year; None when not known.

    Source: SCB, Asylsökande 2002–2022.
    """
    found = asylsokande.loc[asylsokande["ar"] == ar, "ensamkommande"].dropna()
    return None if found.empty else int(found.iloc[0])


@dataclass(frozen=True)
class Outcomes:
    """The nation's children in each case.

    Attributes:
        national: Children, one number per case.
        years: The year whose forecast a case is of; those of one year are one year's evidence.
        record: Whether they are a record of other years; otherwise all there is is supposed.
    """

    national: tuple[int, ...]
    years: tuple[int, ...]
    record: bool = True

    @cached_property
    def spread(self) -> Spread:
        """The lowest and the highest, and between which half of all years lie."""
        return spread(self.national, self.years, int(self.record))

    def count(self, cases: npt.NDArray[np.bool_]) -> tuple[int, int]:
        """Return in how many years all of a year's cases are true, and in how many some are."""
        years = np.asarray(self.years)
        each = [cases[years == year] for year in dict.fromkeys(self.years)]
        return sum(bool(one.all()) for one in each), sum(bool(one.any()) for one in each)


def outcomes_of(prognos: int, ratios: pd.DataFrame) -> Outcomes:
    """Return the nation's whole children: the forecast times each ratio, half a child rounded up.

    Args:
        prognos: The forecast, children.
        ratios: ar, ratio (came ÷ forecast) of other years.

    Raises:
        DataError: the ratios are of fewer than three years.

    >>> outcomes_of(1500, pd.DataFrame({"ar": [1, 2, 3], "ratio": [0.122, 0.5, 2.947]})).national
    (183, 750, 4421)
    """
    if ratios["ar"].nunique() < FEWEST:
        raise DataError(
            f"the record holds forecasts with an outcome for {ratios['ar'].nunique()} other years;"
            f" {FEWEST} are needed."
        )
    national = (int(np.floor(prognos * ratio + 0.5)) for ratio in ratios["ratio"])
    return Outcomes(tuple(national), tuple(ratios["ar"].astype(int)))


def brought(forecast: Forecast, ratios: pd.DataFrame) -> Outcomes | None:
    """Return what a forecast's year may bring, if it misses as others made as long before have
    (A17); None without a forecast, or where fewer than three other years are known.

    Args:
        forecast: The forecast, children.
        ratios: ar, horizon, ratio: what `record.carried` returned; the forecast's own year is left
            out.
    """
    if not forecast.value:
        return None
    ahead = forecast.prognosdatum[:4] < str(forecast.ar) if forecast.prognosdatum else False
    others = ratios_for(ratios, YEAR_AHEAD if ahead else SAME_YEAR, forecast.ar)
    enough = others["ar"].nunique() >= FEWEST
    return outcomes_of(forecast.value, others) if enough else None


def supposed_outcomes(national: Sequence[int]) -> Outcomes:
    """Return numbers of children that are all there is, each as likely."""
    return Outcomes(tuple(national), tuple(range(len(national))), record=False)


@dataclass(frozen=True)
class Cases:
    """Every case of what a year may bring: each outcome of the record (or supposed) from each
    start.

    Attributes:
        low, high: One array per outcome: whole children, shape (starts, municipalities asked for +
            1), the last column all of them together. They differ where municipalities are equally
            far and chance decides.
        kommunkoder: The municipalities, in the columns' order.
        outcomes: The nation's children in each.
    """

    low: tuple[Counts, ...]
    high: tuple[Counts, ...]
    kommunkoder: tuple[str, ...]
    outcomes: Outcomes

    @property
    def years(self) -> int:
        """How many cases count: one per year of the record, or per number supposed."""
        return len(set(self.outcomes.years))

    @property
    def middle(self) -> Counts:
        """Children in every case, halfway between low and high and rounded down: for a drawing, not
        for numbers.
        """
        pairs = zip(self.low, self.high, strict=True)
        return np.concatenate([(low[:, :-1] + high[:, :-1]) // 2 for low, high in pairs])


def enumerate_cases(rule: Rule, outcomes: Outcomes) -> Cases:
    """Return every case: each national outcome, placed by the rule from every start.

    Args:
        rule: The rule for those asked about, for at least as many children as the highest outcome.
        outcomes: Children in Sweden, and the years they are of.
    """
    each = {children: rule.given(children) for children in set(outcomes.national)}
    low = tuple(each[children].low for children in outcomes.national)
    high = tuple(each[children].high for children in outcomes.national)
    return Cases(low, high, rule.kommunkoder, outcomes)


def intervals(cases: Cases) -> pd.DataFrame:
    """Return the lowest and highest number of all cases, and of those of the middle half.

    The start is not known and has no chance of its own: an end is the fewest or the most over every
    start.

    Returns:
        kommunkod ("" for all together, the last row), low, high, half_low, half_high (whole
        children): between the last two, half of the years lie at least.
    """
    found = cases.outcomes.spread
    inner = [
        at
        for at, children in enumerate(cases.outcomes.national)
        if found.half_low <= children <= found.half_high
    ]
    low = np.array([one.min(axis=0) for one in cases.low], dtype=np.int64)
    high = np.array([one.max(axis=0) for one in cases.high], dtype=np.int64)
    return pd.DataFrame(
        {
            "kommunkod": [*cases.kommunkoder, ""],
            "low": low.min(axis=0),
            "high": high.max(axis=0),
            "half_low": low[inner].min(axis=0),
            "half_high": high[inner].max(axis=0),
        }
    )


def outcomes_above(cases: Cases, children: npt.ArrayLike) -> pd.DataFrame:
    """Return in how many years each municipality gets more than a number of children.

    Args:
        cases: Every case.
        children: One number for all, or one per municipality in the cases' order.

    Returns:
        kommunkod, surely (by every forecast of the year, whatever the start), possibly (by some
        forecast, for some start): whole years of `cases.years`.
    """
    limit = np.asarray(children)
    surely = np.array([(one[:, :-1] > limit).all(axis=0) for one in cases.low])
    possibly = np.array([(one[:, :-1] > limit).any(axis=0) for one in cases.high])
    return pd.DataFrame(
        {
            "kommunkod": cases.kommunkoder,
            "surely": [cases.outcomes.count(column)[0] for column in surely.T],
            "possibly": [cases.outcomes.count(column)[1] for column in possibly.T],
        }
    )


def backtest_places(
    shares: pd.DataFrame, prognos: int, setting: Setting, ratios: pd.DataFrame, ar: int
) -> pd.DataFrame:
    """Return whether each municipality's interval, made of all other years, holds its outcome.

    Args:
        shares: kommunkod, kommun, andelstal (‰), utfall (children); rows without an outcome are
            left out.
        prognos: The year's forecast, made in the year, children.
        setting: What the placement rests on; a supposed start is not used.
        ratios: ar, horizon, ratio; those of `ar` itself are not used.

    Returns:
        kommunkod, kommun, low, high, half_low, half_high, utfall (children), covered, half_covered.
        Empty when the others are too few.
    """
    others = ratios_for(ratios, SAME_YEAR, ar)
    ends = ["low", "high", "half_low", "half_high"]
    columns = ["kommunkod", "kommun", *ends, "utfall", "covered", "half_covered"]
    if others["ar"].nunique() < FEWEST or shares["utfall"].isna().all():
        return pd.DataFrame(columns=columns)
    untold = replace(setting, placed={}, placed_nation=None)
    outcomes = outcomes_of(prognos, others)
    found = intervals(enumerate_cases(Rule(shares, untold, max(outcomes.national)), outcomes))
    rows = found.merge(
        shares[["kommunkod", "kommun", "utfall"]], on="kommunkod", validate="1:1"
    ).dropna()
    covered = rows["utfall"].between(rows["low"], rows["high"])
    half = rows["utfall"].between(rows["half_low"], rows["half_high"])
    return rows.assign(covered=covered, half_covered=half)[columns].reset_index(drop=True)
