"""Outcome against expectation: Västerbotten's 37 against 46,89, and whose the difference is."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model import comparison
from tests.model.test_shares import printed_shares


def county(actual: int | None = 944) -> comparison.Split:
    split = comparison.split_difference(
        comparison.compare_outcome(printed_shares(), 1500, actual), actual
    )
    assert split is not None
    return split


def test_the_rows_add_to_37_though_the_sum_row_prints_35():
    assert county().utfall == 37


def test_the_forecast_alone_is_minus_17_and_the_placement_plus_7():
    """31,26 ‰ × 944 = 29,5, so the county took 7,5 more than its share of those who came (SCB:
    944).
    """
    split = county()
    assert split.expected_actual == pytest.approx(29.50944)
    assert split.forecast_error == pytest.approx(-17.38056)
    assert split.placement_departure == pytest.approx(7.49056)


def test_the_county_lies_within_what_chance_gives_of_the_forecast_and_of_those_who_came():
    """31,26 ‰: 34–61 of 1 500 and 20–40 of 944, in at least 95 of 100; the outcome is 37, 1,4
    deviations from 29,5.
    """
    split = county()
    assert (split.chance.low, split.chance.high, split.verdict) == (34, 61, "within")
    assert split.chance_actual is not None
    assert (split.chance_actual.low, split.chance_actual.high, split.placement_verdict) == (
        20,
        40,
        "within",
    )
    assert split.placement_departure / split.chance_actual.deviation == pytest.approx(1.4, abs=0.01)


def test_an_outcome_read_before_the_year_was_over_says_so_and_a_whole_year_says_nothing(
    vasterbotten,
):
    split = comparison.split_difference(comparison.compare_outcome(vasterbotten, 1500, 944), 944)
    assert split is not None
    assert split.preliminary == "hämtat i augusti–december 2018, okänt vilken dag"
    assert county().preliminary == ""
    unknown = vasterbotten.assign(utfall=pd.array([None] * len(vasterbotten), "Int64"))
    assert comparison.when_preliminary(unknown) == ""  # there is no outcome to mark


def test_without_the_number_who_came_the_difference_is_known_but_not_its_parts():
    split = county(actual=None)
    assert split.difference == pytest.approx(-9.89)
    assert split.forecast_error is None
    assert split.placement_departure is None


def test_one_unknown_outcome_makes_the_sum_unknown_never_smaller():
    shares = printed_shares()
    shares.loc[0, "utfall"] = pd.NA
    split = comparison.split_difference(comparison.compare_outcome(shares, 1500, 944), 944)
    assert split is not None
    assert (split.utfall, split.difference, split.verdict) == (None, None, None)


def test_without_a_forecast_there_is_nothing_to_compare():
    table = comparison.compare_outcome(printed_shares(), None, 944)
    assert table.empty
    assert {"expected", "difference", "verdict"} <= set(table.columns)
    assert comparison.split_difference(table, 944) is None


def test_the_waterfall_leads_from_expected_to_outcome():
    steps = comparison.waterfall(county()).set_index("role")["value"]
    assert steps["expected"] + steps["forecast_error"] == pytest.approx(steps["expected_actual"])
    assert steps["expected_actual"] + steps["placement_departure"] == pytest.approx(steps["utfall"])


@given(
    st.lists(
        st.tuples(st.floats(0, 50, allow_nan=False), st.integers(0, 300)), min_size=1, max_size=30
    ),
    st.integers(1, 40_000),
    st.integers(0, 40_000),
)
def test_the_two_parts_always_add_up_to_the_difference(rows, prognos, actual):
    shares = pd.DataFrame(
        {
            "kommunkod": [f"{number:04d}" for number in range(len(rows))],
            "kommun": "x",
            "andelstal": [share for share, _ in rows],
            "utfall": pd.array([outcome for _, outcome in rows], dtype="Int64"),
            "andelstal_ar": 2018,
        }
    )
    table = comparison.compare_outcome(shares, prognos, actual)
    parts = table["forecast_error"] + table["placement_departure"]
    assert (parts - table["difference"]).abs().max() == pytest.approx(0, abs=1e-6)
    split = comparison.split_difference(table, actual)
    assert split is not None
    assert split.difference == pytest.approx(
        split.forecast_error + split.placement_departure, abs=1e-6
    )
