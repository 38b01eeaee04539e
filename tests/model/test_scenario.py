"""One scenario computed whole: the parts agree with each other and with the published numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.record import YEAR_AHEAD
from helpers.model.redistribution import Move, Plan, PlanError
from helpers.model.scenario import compare, outcomes_of_more, run
from tests.model.dated import Scenario

# 2 199 + 1 336 + 944 came in 2016–2018
BASE = Scenario("2 300 barn", "24", 2019, 2300, arrived=4479)
PLAN = Plan("24", 2019, (Move("2401", "2480"), Move("2403", "2480", 0.5)), frozenset({"2480"}))
PLACES = pd.DataFrame(
    [
        ("2480", "platser_hem", 20),
        ("2480", "platser_familjehem", 6),
        ("2401", "platser_hem", 2),
        ("2401", "platser_familjehem", 2),
    ],
    columns=["kommunkod", "slag", "antal"],
)


@pytest.fixture(scope="module")
def answer(vasterbotten, people, ratios):
    """Run a scenario on Västerbotten's shares."""
    return lambda scenario, record=ratios: run(scenario, vasterbotten, people, record)


@pytest.fixture(scope="module")
def base(answer):
    return answer(BASE)


@pytest.fixture(scope="module")
def planned(answer):
    return answer(replace(BASE, name="Med plan", plan=PLAN))


def test_the_countys_published_products_come_out(base, answer):
    """Antal och andelar 2019: 31,26 ‰ × 2 300 = 71,898, printed 66–70; 1 500 gives 46,89, by the
    rule 39–54.
    """
    assert base.table["expected"].sum() == pytest.approx(71.898)
    assert (base.table["expected_low"].sum(), base.table["expected_high"].sum()) == (66, 70)
    slide = answer(replace(BASE, ar=2018, prognos=1500, arrived=3535))
    assert slide.table["expected"].sum() == pytest.approx(46.89)
    assert (slide.placed, slide.since, slide.starts) == ((39, 54), (42, 42), (1768, 7070))


def test_a_plan_moves_shares_and_leaves_the_countys_sum_and_estimate(base, planned):
    before, after = base.table.set_index("kommunkod"), planned.table.set_index("kommunkod")
    assert after.loc[["2401", "2403", "2480"], "andelstal"].tolist() == [0.0, 0.5, 13.61]
    assert after.loc[["2401", "2403", "2480"], "change"].tolist() == [-1.14, -0.5, 1.64]
    assert after["expected"].sum() == pytest.approx(before["expected"].sum())
    assert after.loc["2401", ["expected", "placed_high", "high"]].tolist() == [0, 0, 0]
    assert after.loc["2480", "placed_low"] > before.loc["2480", "placed_high"]
    assert (before["change"] == 0).all()


def test_a_countys_range_is_narrower_when_its_shares_are_gathered(base, planned):
    """Two municipalities are rounded where fifteen were."""
    ends = base.placed, planned.placed
    assert ends[1][1] - ends[1][0] < ends[0][1] - ends[0][0]
    assert ends[0][0] <= ends[1][0] <= 71.898 <= ends[1][1] <= ends[0][1]


def test_an_interval_holds_its_half_and_the_countys_is_not_their_sum(base):
    table = base.table
    assert ((table["low"] <= table["half_low"]) & (table["half_high"] <= table["high"])).all()
    low, high, first, last = base.total
    assert low <= first <= last <= high
    assert table["low"].sum() <= low
    assert high <= table["high"].sum()
    assert table["placed_low"].sum() <= base.placed[0]
    assert base.placed[1] <= table["placed_high"].sum()


def test_the_scenarios_own_year_does_not_judge_itself(base, answer):
    """Eleven years have forecasts made in the year itself, 2018 and 2019 among them."""
    own = answer(replace(BASE, ar=2018))
    for result in (base, own):
        assert result.scenario.ar not in set(result.ratios["ar"])
        assert set(result.ratios["horizon"]) == {"same_year"}
        assert result.cases.years == result.ratios["ar"].nunique() == 10


def test_without_enough_years_there_is_no_interval_and_everything_else_stands(base, answer, ratios):
    """Four forecasts of two other years are two years' evidence."""
    few = ratios[ratios["ar"].isin((2015, 2016, 2019)) & (ratios["horizon"] == "same_year")]
    ahead = answer(replace(BASE, capacity=PLACES), record=few)
    assert (len(ahead.ratios), ahead.total, ahead.cases) == (4, None, None)
    assert ahead.table[["low", "half_low", "high", "over_surely"]].isna().all(axis=None)
    assert ahead.table["placed_high"].tolist() == base.table["placed_high"].tolist()


def test_forecasts_of_the_other_horizon_are_never_used(answer):
    ahead = answer(replace(BASE, horizon=YEAR_AHEAD))
    assert set(ahead.ratios["horizon"]) == {YEAR_AHEAD}
    assert ahead.ratios["ar"].nunique() == 10


def test_from_nearly_every_start_the_rule_gives_what_the_county_printed(answer):
    """Antal och andelar 2019: 40–53 of 1 500. As one block the rest of the nation gives just
    that.
    """
    slide = answer(replace(BASE, ar=2018, prognos=1500, arrived=3535))
    assert (slide.table["expected_low"].sum(), slide.table["expected_high"].sum()) == (40, 53)
    assert slide.within == (5261, 5303)
    block = answer(replace(BASE, ar=2018, prognos=1500, arrived=3535, rest="block"))
    assert (block.placed, block.within) == ((40, 53), (5303, 5303))


def test_outcomes_of_ones_own_are_used_instead_of_the_record(answer):
    own = answer(replace(BASE, outcomes=(800, 1500, 2300)))
    assert own.ratios.empty
    assert own.cases.outcomes.national == (800, 1500, 2300)


def test_capacity_answers_with_shortfall_slack_overflow_and_outcomes(answer):
    """Umeå: 26 places, 11,97 ‰; 2 172 children give 25,999 and 2 173 give 26,01. Nordmaling: 4
    places.
    """
    result = answer(replace(BASE, capacity=PLACES))
    table = result.table.set_index("kommunkod")
    umea, nordmaling = table.loc["2480"], table.loc["2401"]
    assert (umea["places"], umea["load"]) == (26, umea["placed_high"])
    assert umea["shortfall"] - umea["slack"] == umea["placed_high"] - 26
    assert umea["overflow_forecast"] == 2173
    assert (nordmaling["shortfall"], nordmaling["slack"]) == (0, 4 - nordmaling["placed_high"])
    column = list(result.cases.kommunkoder).index("2480")
    years = np.array(result.cases.outcomes.years)
    surely = np.array([(one[:, column] > 26).all() for one in result.cases.low])
    possibly = np.array([(one[:, column] > 26).any() for one in result.cases.high])
    assert umea["over_surely"] == sum(surely[years == year].all() for year in set(years))
    assert umea["over_possibly"] == len(set(years[possibly]))
    unknown = table.drop(["2401", "2480"])
    assert (
        unknown[["places", "shortfall", "slack", "overflow_forecast", "over_surely"]]
        .isna()
        .all(axis=None)
    )


def test_more_than_a_number_is_counted_in_years(base, answer, ratios):
    counts = outcomes_of_more(base, 5)
    assert (counts["surely"] <= counts["possibly"]).all()
    assert counts["possibly"].max() <= base.cases.years == 10
    low = base.ratios.groupby("ar")["ratio"].agg(["min", "max"])
    assert base.off_forecast == ((low["min"] > 1).sum(), (low["max"] < 1).sum())
    bare = answer(BASE, record=ratios[:0])
    assert outcomes_of_more(bare, 5).isna().all(axis=None)
    assert bare.off_forecast == (0, 0)


def test_attachment_reaches_those_who_have_handed_over_their_share(planned, answer):
    attached = answer(replace(BASE, plan=PLAN, attachment=0.5))
    table = attached.table.set_index("kommunkod")
    assert table.loc["2401", "placed_low"] == table.loc["2401", "placed_high"] > 0
    assert planned.table.set_index("kommunkod").loc["2401", "placed_high"] == 0


def test_what_was_placed_before_is_caught_up(base, answer):
    """Umeå's 11,97 ‰ of 4 479 are 54: with 90 it is 36 ahead, more than a year's 28 of 2 300."""
    even = base.table.set_index("kommunkod")
    caught = answer(replace(BASE, placed={"2480": 90})).table.set_index("kommunkod")
    assert (even.loc["2480", "placed_low"] > 20, caught.loc["2480", "placed"]) == (True, 0)
    assert (caught["placed_high"].drop("2480") >= even["placed_low"].drop("2480")).all()


def test_scenarios_stand_side_by_side_in_the_order_given(base, planned):
    table = compare([planned, base])
    assert table["scenario"].tolist() == ["Med plan"] * 15 + ["2 300 barn"] * 15
    assert table.drop(columns="scenario").columns.tolist() == base.table.columns.tolist()
    assert table.groupby("scenario")["expected"].sum().tolist() == pytest.approx([71.898, 71.898])


def test_a_plan_against_the_rules_gives_no_result(answer):
    with pytest.raises(PlanError, match="too_early"):
        answer(replace(BASE, ar=2018, plan=replace(PLAN, ar=2018)))


def test_a_county_without_known_shares_is_refused_by_its_name(vasterbotten, people, ratios):
    with pytest.raises(DataError, match="2 300 barn: no share is known for county 24"):
        run(BASE, vasterbotten.iloc[:0], people, ratios)


@pytest.mark.parametrize(
    "change", [{"attachment": 1.5}, {"prognos": -1}, {"prognos": 0, "outcomes": (1, 2, 3)}]
)
def test_a_number_out_of_its_range_is_refused(answer, change):
    with pytest.raises(DataError):
        answer(replace(BASE, **change))


def test_a_forecast_of_no_children_gives_nobody_any(answer):
    table = answer(replace(BASE, prognos=0)).table
    assert table[["expected", "placed_high", "low", "high"]].sum().tolist() == [0, 0, 0, 0]
