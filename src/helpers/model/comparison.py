"""Outcome against expectation: a verdict, and whose the difference is."""

from dataclasses import dataclass

import pandas as pd

from helpers.model.exact import exact_difference, exact_product, exact_sum
from helpers.model.shares import with_expected

VERDICTS = ("under", "inom", "över")


@dataclass(frozen=True)
class Split:
    """One area's difference between outcome and expectation, split in two; unknown is None.

    All in children but `andelstal` (‰). `forecast_error` is the share of the children who did not come
    (or came beyond the forecast); `placement_departure` is what remains. They add up to `difference`.
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
    verdict: str | None
    andelstal_ar: int


def compare_outcome(shares: pd.DataFrame, prognos: int | None, actual: int | None) -> pd.DataFrame:
    """Return each municipality's outcome beside its expectation.

    Args:
        shares: kommunkod, kommun, andelstal (‰), utfall (children, may be unknown).
        prognos: The year's national forecast, children; None if there is none (then no row).
        actual: The children who came to Sweden that year; None if not known.

    Returns:
        The shares with expected, expected_low, expected_high, difference (utfall − expected), verdict
        (under, inom, över the whole-person interval), expected_actual (share × actual), forecast_error
        (share × (actual − forecast)) and placement_departure (utfall − share × actual), in children.
        What rests on an unknown figure is unknown.
    """
    table = with_expected(shares.iloc[:0] if prognos is None else shares, prognos or 0)
    unknown = pd.Series(pd.NA, index=table.index, dtype="Float64")
    expected_actual = unknown if actual is None else exact_product(table["andelstal"], actual).astype("Float64")
    return table.assign(
        difference=exact_difference(table["utfall"], table["expected"]),
        verdict=_verdicts(table),
        expected_actual=expected_actual,
        forecast_error=exact_difference(expected_actual, table["expected"]),
        placement_departure=exact_difference(table["utfall"], expected_actual),
    )


def _verdicts(table: pd.DataFrame) -> pd.Series:
    ends = zip(table["utfall"], table["expected_low"], table["expected_high"], strict=True)
    return pd.Series([judge(*row) for row in ends], index=table.index, dtype="string")


def judge(utfall: int | None, low: int, high: int) -> str | None:
    """Return where an outcome lies against a whole-person interval; None for an unknown outcome.

    >>> judge(11, 18, 18), judge(2, 1, 2), judge(3, 1, 2), judge(None, 1, 2)
    ('under', 'inom', 'över', None)
    """
    if utfall is None or pd.isna(utfall):
        return None
    return "under" if utfall < low else "över" if utfall > high else "inom"


def split_difference(comparison: pd.DataFrame, actual: int | None) -> Split | None:
    """Return the whole area's difference, split into the forecast's error and the placement's departure.

    `outcome − expected = share × (actual − forecast) + (outcome − share × actual)`. A sum with one
    unknown part is unknown. None when there is no share at all.

    Args:
        comparison: What `compare_outcome` returned, one or more municipalities.
        actual: The same national outcome as given there, children.
    """
    if comparison.empty:
        return None
    sums = {name: _sum(comparison[name]) for name in _SUMMED}
    low, high = int(comparison["expected_low"].sum()), int(comparison["expected_high"].sum())
    utfall = None if sums["utfall"] is None else int(sums["utfall"])
    return Split(
        andelstal=exact_sum(comparison["andelstal"]),
        prognos=int(comparison["prognos"].iloc[0]),
        actual=actual,
        expected=exact_sum(comparison["expected"]),
        expected_low=low,
        expected_high=high,
        utfall=utfall,
        expected_actual=sums["expected_actual"],
        difference=sums["difference"],
        forecast_error=sums["forecast_error"],
        placement_departure=sums["placement_departure"],
        verdict=judge(utfall, low, high),
        andelstal_ar=int(comparison["andelstal_ar"].max()),
    )


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
