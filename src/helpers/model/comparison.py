"""Outcome against expectation: what chance allows, a verdict, and whose the difference is."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import pandas as pd

from helpers.model.exact import exact_difference, exact_product, exact_sum
from helpers.model.shares import with_expected

# of all outcomes that chance gives lie within; at most 2.5 % below, and at most 2.5 % above
LEVEL = 0.95
Verdict = Literal["fewer", "within", "more"]


@dataclass(frozen=True)
class Chance:
    """How many of some children chance gives an area: whole children, low to high, and the
    deviation.

    `deviation` is one standard deviation, in children.
    """

    low: int
    high: int
    deviation: float


def chance_of(andelstal: float, children: int, level: float = LEVEL) -> Chance:
    """Return the central range of a binomial: each child is placed in the area with the share's
    chance (A20).

    Args:
        andelstal: The area's share, ‰ of all children (0–1000).
        children: How many children are placed in Sweden.
        level: The least part of all outcomes that the range holds.

    Returns:
        low is the smallest outcome that is not among the lowest (1 − level) / 2 of all, high the
        smallest that leaves at most as much above it. The expected number never lies more than one
        child outside, so an outcome below `low` is fewer than expected and one above `high` more.

    >>> chance = chance_of(31.26, 1500)
    >>> chance.low, chance.high, round(chance.deviation, 1)
    (34, 61, 6.7)
    >>> chance_of(1.0, 1500).low, chance_of(1.0, 1500).high, chance_of(0.0, 1500).high
    (0, 4, 0)
    """
    part = andelstal / 1000
    tail = (1 - level) / 2
    low, high = (_quantile(children, part, tail), _quantile(children, part, 1 - tail))
    return Chance(low, high, sqrt(children * part * (1 - part)))


def _quantile(children: int, part: float, wanted: float) -> int:
    """The smallest outcome whose cumulative chance reaches what is wanted, by halving: exact for
    any number.
    """
    # as for the solver: a notebook has it, and reading tables needs none of it
    from scipy.special import bdtr

    low, high = 0, children
    while low < high:
        middle = (low + high) // 2
        if bdtr(middle, children, part) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def judge(utfall: int | None, low: int, high: int) -> Verdict | None:
    """Return whether an outcome (children) lies within low–high (children), or is fewer or more;
    None if unknown.

    >>> judge(33, 34, 60), judge(37, 34, 60), judge(61, 34, 60), judge(None, 34, 60)
    ('fewer', 'within', 'more', None)
    """
    if utfall is None or pd.isna(utfall):
        return None
    return "fewer" if utfall < low else "more" if utfall > high else "within"


PRELIMINARY = "utfall_preliminart"


@dataclass(frozen=True)
class Split:
    """One area's difference between outcome and expectation, split in two; unknown is None.

    All in children but `andelstal` (‰). `forecast_error` is the share of the children who did not
    come (or came beyond the forecast); `placement_departure` is what remains. They add up to
    `difference`. `expected_low` and `expected_high` are the published range, for a county the sum
    of its municipalities' (A3). `chance` is what chance gives of the forecast by the area's own
    share, and `verdict` judges the outcome by it; `chance_actual` and `placement_verdict` say the
    same of those who came (A20). `preliminary` says when a part-year outcome was read, in the
    source's words, "" for a whole year. Then `utfall`, `difference` and `placement_departure` can
    only grow, unless something is revised.
    """

    andelstal: float
    prognos: int
    actual: int | None
    expected: float
    expected_low: int
    expected_high: int
    utfall: int | None
    expected_actual: float | None
    difference: float | None
    forecast_error: float | None
    placement_departure: float | None
    verdict: Verdict | None
    andelstal_ar: int
    chance: Chance
    chance_actual: Chance | None
    placement_verdict: Verdict | None
    preliminary: str


def compare_outcome(shares: pd.DataFrame, prognos: int | None, actual: int | None) -> pd.DataFrame:
    """Return each municipality's outcome beside its expectation.

    Args:
        shares: kommunkod, kommun, andelstal (‰), utfall (children, may be unknown),
            utfall_preliminart (when a part-year outcome was read; NA or no such column for a whole
            year's).
        prognos: The year's national forecast, children; None if there is none (then no row).
        actual: The children who came to Sweden that year; None if not known.

    Returns:
        The shares with expected, expected_low, expected_high (the published range), difference
        (utfall − expected), chance_low, chance_high (what chance gives of the forecast, A20),
        verdict (fewer, within, more than that), expected_actual (share × actual), forecast_error
        (share × (actual − forecast)) and placement_departure (utfall − share × actual), in
        children. What rests on an unknown figure is unknown.
    """
    table = with_expected(shares.iloc[:0] if prognos is None else shares, prognos or 0)
    unknown = pd.Series(pd.NA, index=table.index, dtype="Float64")
    expected_actual = (
        unknown if actual is None else exact_product(table["andelstal"], actual).astype("Float64")
    )
    return table.assign(
        difference=exact_difference(table["utfall"], table["expected"]),
        **_judged(table, prognos or 0),
        expected_actual=expected_actual,
        forecast_error=exact_difference(expected_actual, table["expected"]),
        placement_departure=exact_difference(table["utfall"], expected_actual),
    )


def _judged(table: pd.DataFrame, prognos: int) -> dict[str, pd.Series]:
    """What chance gives each municipality of the forecast, and where its outcome lies against
    that.
    """
    chances = [chance_of(float(share), prognos) for share in table["andelstal"]]
    low = pd.Series([chance.low for chance in chances], index=table.index, dtype="Int64")
    high = pd.Series([chance.high for chance in chances], index=table.index, dtype="Int64")
    verdicts = [judge(*row) for row in zip(table["utfall"], low, high, strict=True)]
    return {
        "chance_low": low,
        "chance_high": high,
        "verdict": pd.Series(verdicts, index=table.index, dtype="string"),
    }


def split_difference(comparison: pd.DataFrame, actual: int | None) -> Split | None:
    """Return the whole area's difference, split into the forecast's error and the placement's
    departure.

    `outcome − expected = share × (actual − forecast) + (outcome − share × actual)`. A sum with one
    unknown part is unknown. None when there is no share at all.

    Args:
        comparison: What `compare_outcome` returned, one or more municipalities.
        actual: The same national outcome as given there, children.
    """
    if comparison.empty:
        return None
    sums = {name: _sum(comparison[name]) for name in _SUMMED}
    andelstal, prognos = exact_sum(comparison["andelstal"]), int(comparison["prognos"].iloc[0])
    chance = chance_of(andelstal, prognos)
    came = None if actual is None else chance_of(andelstal, actual)
    utfall = None if sums["utfall"] is None else int(sums["utfall"])
    return Split(
        andelstal=andelstal,
        prognos=prognos,
        actual=actual,
        expected=exact_sum(comparison["expected"]),
        expected_low=int(comparison["expected_low"].sum()),
        expected_high=int(comparison["expected_high"].sum()),
        utfall=utfall,
        expected_actual=sums["expected_actual"],
        difference=sums["difference"],
        forecast_error=sums["forecast_error"],
        placement_departure=sums["placement_departure"],
        verdict=judge(utfall, chance.low, chance.high),
        andelstal_ar=int(comparison["andelstal_ar"].max()),
        chance=chance,
        chance_actual=came,
        placement_verdict=judge(utfall, came.low, came.high) if came else None,
        preliminary=when_preliminary(comparison),
    )


def side_by_side(
    rates: pd.DataFrame, comparison: pd.DataFrame, kommuntal: pd.DataFrame
) -> pd.DataFrame:
    """Return what a county's municipalities expected and received, a row each, the largest first.

    Args:
        rates: `kod`, `unit`, `level`, `antal`, `folkmangd` (persons; NA = unknown), `per_1000`.
        comparison: `kommunkod`, `expected_low`, `expected_high`, `utfall` (children; NA = unknown);
            may be empty.
        kommuntal: `kommunkod`, `kommuntal`, `mottagna_efter_anvisning` (persons; NA = unknown);
            may be empty. `harledd_ur` says what a derived one follows from.

    Returns:
        kommunkod, kommun, expected_low, expected_high, utfall, kommuntal, mottagna_efter_anvisning,
        harledd, harledd_ur, antal, per_1000, folkmangd; unknown is NA.
    """
    own = rates[rates["level"] == "kommun"].drop(columns=["kommunkod", "tabell"], errors="ignore")
    table = own.rename(columns={"kod": "kommunkod", "unit": "kommun"})
    for frame, columns in (
        (comparison, ["expected_low", "expected_high", "utfall"]),
        (kommuntal, ["kommuntal", "mottagna_efter_anvisning", "harledd", "harledd_ur"]),
    ):
        table = table.merge(frame[["kommunkod", *columns]], on="kommunkod", how="left")
    return table.sort_values(
        ["folkmangd", "kommunkod"], ascending=[False, True], kind="stable", ignore_index=True
    )


def when_preliminary(frame: pd.DataFrame) -> str:
    """Return when some of a frame's outcomes were read before the year was over; "" where none was.

    Args:
        frame: utfall (children), and perhaps utfall_preliminart (the source's words, NA for a whole
            year's).
    """
    if PRELIMINARY not in frame:
        return ""
    marked = frame.loc[frame["utfall"].notna(), PRELIMINARY].dropna()
    return "" if marked.empty else str(marked.iloc[0])


_SUMMED = ("utfall", "expected_actual", "difference", "forecast_error", "placement_departure")


def _sum(column: pd.Series) -> float | None:
    return None if column.isna().any() else exact_sum(column)


def waterfall(split: Split) -> pd.DataFrame:
    """Return the split as five steps to draw: role, value (children), kind ("level" or "step")."""
    steps = [
        ("expected", split.expected, "level"),
        ("forecast_error", split.forecast_error, "step"),
        ("expected_actual", split.expected_actual, "level"),
        ("placement_departure", split.placement_departure, "step"),
        ("utfall", split.utfall, "level"),
    ]
    return pd.DataFrame(steps, columns=["role", "value", "kind"]).astype({"value": "Float64"})
