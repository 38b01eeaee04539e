"""What chance allows, and that a verdict and the difference it stands beside never contradict each
other.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.model import comparison
from helpers.model.comparison import chance_of, judge
from helpers.model.shares import published_range

SHARES = (0.0, 0.01, 0.5, 1.0, 1.14, 1.16, 5.99, 11.97, 31.26, 250.0, 999.99, 1000.0)
FORECASTS = range(200, 3001, 50)
Ranges = Callable[[float, int], tuple[int, int]]


def by_chance(share: float, prognos: int) -> tuple[int, int]:
    found = chance_of(share, prognos)
    return found.low, found.high


@pytest.mark.parametrize("share", SHARES)
def test_the_range_is_scipys_binomial(share):
    children, part = np.array(FORECASTS), share / 1000
    low, high = zip(*(by_chance(share, number) for number in FORECASTS), strict=True)
    assert np.array_equal(low, np.maximum(binom.ppf(0.025, children, part), 0))
    assert np.array_equal(high, np.maximum(binom.ppf(0.975, children, part), 0))
    assert max(binom.cdf(np.array(low) - 1, children, part)) <= 0.025 + 1e-12
    assert max(binom.sf(np.array(high), children, part)) <= 0.025 + 1e-12


def test_bjurholm_can_get_none_or_four_by_chance_alone():
    """At 1,00 ‰ of 1 500 children 41 % of all outcomes lie outside the published 1–2, and 2 %
    outside 0–4.
    """
    outside = 1 - (binom.pmf(1, 1500, 0.001) + binom.pmf(2, 1500, 0.001))
    assert round(outside, 2) == 0.41
    assert (chance_of(1.0, 1500).low, chance_of(1.0, 1500).high) == (0, 4)


def contradictions(ranges: Ranges) -> list[tuple[float, int, int]]:
    """The shares, forecasts and outcomes at which a verdict says "more" of fewer than expected, or
    the reverse.
    """
    found = []
    for share, prognos in product(SHARES, FORECASTS):
        expected, ends = share * prognos / 1000, ranges(share, prognos)
        for utfall in {
            0,
            1,
            2,
            3,
            *(max(0, int(expected) + step) for step in (-30, -3, -1, 0, 1, 3, 30)),
        }:
            verdict, difference = judge(utfall, *ends), utfall - expected
            if (verdict == "more" and difference <= 0) or (verdict == "fewer" and difference >= 0):
                found.append((share, prognos, utfall))
    return found


def test_an_outcome_on_the_fewer_side_is_never_called_more_nor_the_reverse():
    assert not contradictions(by_chance)


def test_the_published_range_as_a_yardstick_is_caught():
    """A county's sum of rounded ranges: 15 municipalities of 1,00 ‰ at 1 200 get 1 each, together
    15 of 18.
    """

    def by_sum_of_ranges(share: float, prognos: int) -> tuple[int, int]:
        low, high = published_range(share * prognos / 1000 / 15)
        return 15 * low, 15 * high

    assert contradictions(by_sum_of_ranges)


def county(prognos: int, utfall: list[int]) -> comparison.Split:
    rows = pd.DataFrame(
        {"kommunkod": [f"24{at:02d}" for at in range(15)], "kommun": "x", "andelstal": 1.0}
    )
    rows = rows.assign(utfall=pd.array(utfall, "Int64"), andelstal_ar=2018)
    split = comparison.split_difference(comparison.compare_outcome(rows, prognos, 944), 944)
    assert split is not None
    return split


def test_a_county_is_judged_by_its_own_product_never_by_the_sum_of_ranges():
    """At 1 200 the ranges add to 15–15, so 17 of 18 expected would be called "more"; chance gives
    10–26.
    """
    split = county(1200, [2, 2, *13 * [1]])
    assert (split.expected_low, split.expected_high) == (15, 15)
    assert split.difference == pytest.approx(-1)
    assert (split.chance.low, split.chance.high, split.verdict) == (10, 27, "within")


def test_an_outcome_far_from_the_expected_is_told_from_chance():
    assert county(1500, 15 * [0]).verdict == "fewer"
    assert county(1500, 15 * [5]).verdict == "more"
    assert county(1500, 15 * [5]).placement_verdict == "more"


def test_every_municipality_of_vasterbotten_lies_within_chance(vasterbotten):
    table = comparison.compare_outcome(vasterbotten, 1500, 944).set_index("kommun")
    assert table["verdict"].unique().tolist() == ["within"]
    assert table.loc["Umeå", ["chance_low", "chance_high"]].tolist() == [10, 27]


def test_without_an_outcome_there_is_no_verdict():
    assert judge(None, 1, 2) is None


def test_a_wider_level_gives_a_wider_range():
    narrow, wide = comparison.chance_of(31.26, 1500, 0.5), comparison.chance_of(31.26, 1500, 0.999)
    assert wide.low < narrow.low <= narrow.high < wide.high
