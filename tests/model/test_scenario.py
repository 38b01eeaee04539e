"""One scenario computed whole: the parts agree with each other and with the published numbers."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.exact import exact_sum
from helpers.model.redistribution import Move, Plan, PlanError
from helpers.model.scenario import DRAWS_DRAGGING, Scenario, chances_of_more, compare, run
from helpers.model.uncertainty import YEAR_AHEAD

BASE = Scenario("2 300 barn", "24", 2019, 2300)
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
    """Run a scenario on Västerbotten's shares, with the draws of a moving slider."""
    return lambda scenario, draws=DRAWS_DRAGGING, record=99: run(scenario, vasterbotten, people, ratios[:record], draws)


@pytest.fixture(scope="module")
def base(answer):
    return answer(BASE)


@pytest.fixture(scope="module")
def planned(answer):
    return answer(replace(BASE, name="Med plan", plan=PLAN))


def test_the_countys_published_products_come_out(base, answer):
    """Antal och andelar 2019: 31,26 ‰ × 2 300 = 71,898, printed 66–70; 1 500 gives 46,89, by the rule 52."""
    assert base.table["expected"].sum() == pytest.approx(71.898)
    assert (base.table["expected_low"].sum(), base.table["expected_high"].sum()) == (66, 70)
    slide = answer(replace(BASE, prognos=1500)).table
    assert slide["expected"].sum() == pytest.approx(46.89)
    assert slide["placed"].sum() == 52


def test_a_plan_moves_shares_and_leaves_the_countys_sum_and_estimate(base, planned):
    before, after = base.table.set_index("kommunkod"), planned.table.set_index("kommunkod")
    assert after.loc[["2401", "2403", "2480"], "andelstal"].tolist() == [0.0, 0.5, 13.61]
    assert after.loc[["2401", "2403", "2480"], "change"].tolist() == [-1.14, -0.5, 1.64]
    assert after["expected"].sum() == pytest.approx(before["expected"].sum())
    assert after.loc["2401", ["expected", "placed", "high"]].tolist() == [0, 0, 0]
    assert after.loc["2480", "placed"] > before.loc["2480", "placed"]
    assert (before["change"] == 0).all()


def test_the_rule_gives_a_county_fewer_when_its_shares_are_gathered(base, planned):
    """Fewer started children are rounded up when fewer municipalities have a share."""
    assert planned.table["placed"].sum() <= base.table["placed"].sum()
    assert exact_sum(base.table["rounding"]) >= exact_sum(planned.table["rounding"]) > 0


def test_an_interval_holds_its_middle_and_the_countys_is_not_their_sum(base):
    table = base.table
    assert ((table["low"] <= table["middle"]) & (table["middle"] <= table["high"])).all()
    assert base.simulation.children.shape == (DRAWS_DRAGGING, 15)
    low, middle, high = base.total
    assert low <= middle <= high
    assert table["low"].sum() <= low
    assert high <= table["high"].sum()


def test_fewer_draws_while_dragging_answer_nearly_what_a_report_does(base, answer):
    full = answer(BASE, 10_000)
    for dragged, drawn in zip(base.total, full.total, strict=True):
        assert dragged == pytest.approx(drawn, abs=1)
    assert (base.table[["low", "middle", "high"]] - full.table[["low", "middle", "high"]]).abs().max(axis=None) <= 1


def test_the_scenarios_own_year_does_not_judge_itself(base, answer):
    """Seven forecasts were made in the year they are about, one of them of 2018 and none of 2019."""
    assert len(base.ratios) == 7
    own = answer(replace(BASE, ar=2018))
    assert len(own.ratios) == 6
    assert 2018 not in set(own.ratios["ar"])


def test_without_enough_record_there_is_no_interval_and_everything_else_stands(base, answer):
    ahead = answer(replace(BASE, capacity=PLACES), record=2)
    assert (len(ahead.ratios), ahead.total, ahead.simulation) == (2, None, None)
    assert ahead.table[["low", "middle", "high", "chance_over"]].isna().all(axis=None)
    assert ahead.table["placed"].tolist() == base.table["placed"].tolist()


def test_too_few_forecasts_of_the_horizon_are_drawn_together_with_the_others(base, answer):
    """Three forecasts were made a year ahead, one of them of 2019: two are left, and seven of the same year."""
    ahead = answer(replace(BASE, horizon=YEAR_AHEAD))
    assert (ahead.pooled, len(ahead.ratios), base.pooled) == (True, 9, False)
    assert 2019 not in set(ahead.ratios["ar"])
    assert ahead.total[2] > base.total[2]


def test_outcomes_of_ones_own_are_drawn_instead_of_the_record(answer):
    own = answer(replace(BASE, outcomes=(800, 1500, 2300)))
    assert own.ratios.empty
    assert set(own.simulation.national.tolist()) == {800, 1500, 2300}


def test_capacity_answers_with_shortfall_slack_overflow_and_chance(answer):
    """Umeå: 26 places, 11,97 ‰; 2 172 children give 25,999 and 2 173 give 26,01. Nordmaling: 4 places."""
    result = answer(replace(BASE, capacity=PLACES))
    table = result.table.set_index("kommunkod")
    umea, nordmaling = table.loc["2480"], table.loc["2401"]
    assert (umea["places"], umea["load"]) == (26, umea["placed"])
    assert umea["shortfall"] - umea["slack"] == umea["placed"] - 26
    assert umea["overflow_forecast"] == 2173
    assert (nordmaling["shortfall"], nordmaling["slack"]) == (0, 4 - nordmaling["placed"])
    column = list(result.simulation.kommunkoder).index("2480")
    assert umea["chance_over"] == (result.simulation.children[:, column] > 26).mean()
    unknown = table.drop(["2401", "2480"])
    assert unknown[["places", "shortfall", "slack", "overflow_forecast", "chance_over"]].isna().all(axis=None)


def test_the_chance_of_more_is_the_part_of_the_draws_above_the_number(base, answer):
    children = base.simulation.children
    assert chances_of_more(base, 5).tolist() == (children > 5).mean(axis=0).tolist()
    assert (
        base.table["chance_more"].tolist() == (children > base.table["expected_high"].to_numpy()).mean(axis=0).tolist()
    )
    assert base.chance_more == (base.simulation.total > base.table["expected_high"].sum()).mean()
    bare = answer(BASE, record=2)
    assert chances_of_more(bare, 5).isna().all()
    assert (bare.table["chance_more"].isna().all(), bare.chance_more) == (True, None)


def test_attachment_reaches_those_who_have_handed_over_their_share(planned, answer):
    attached = answer(replace(BASE, plan=PLAN, attachment=0.5))
    table = attached.table.set_index("kommunkod")
    assert table.loc["2401", "placed"] == table.loc["2401", "attached"] > 0
    assert planned.table["attached"].tolist() == [0] * 15


def test_what_was_placed_before_is_caught_up(base, answer):
    """Umeå's 60 are twice what 11,97 ‰ of 2 300 children are: it is given none, and no one else fewer."""
    clean = base.table.set_index("kommunkod")
    caught = answer(replace(BASE, placed={"2480": 60})).table.set_index("kommunkod")
    assert (clean.loc["2480", "placed"] > 20, caught.loc["2480", "placed"]) == (True, 0)
    assert (caught["placed"].drop("2480") >= clean["placed"].drop("2480")).all()


def test_scenarios_stand_side_by_side_in_the_order_given(base, planned):
    table = compare([planned, base])
    assert table["scenario"].tolist() == ["Med plan"] * 15 + ["2 300 barn"] * 15
    assert table.drop(columns="scenario").columns.tolist() == base.table.columns.tolist()
    assert table.groupby("scenario")["expected"].sum().tolist() == pytest.approx([71.898, 71.898])


def test_a_plan_against_the_rules_gives_no_result(answer):
    with pytest.raises(PlanError, match="before_2019"):
        answer(replace(BASE, ar=2018, plan=replace(PLAN, ar=2018)))


def test_a_county_without_known_shares_is_refused_by_its_name(vasterbotten, people, ratios):
    with pytest.raises(DataError, match="2 300 barn: no share is known for county 24"):
        run(BASE, vasterbotten.iloc[:0], people, ratios)


@pytest.mark.parametrize("change", [{"attachment": 1.5}, {"prognos": -1}, {"prognos": 0, "outcomes": (1, 2, 3)}])
def test_a_number_out_of_its_range_is_refused(answer, change):
    with pytest.raises(DataError):
        answer(replace(BASE, **change))


def test_a_forecast_of_no_children_gives_nobody_any(answer):
    table = answer(replace(BASE, prognos=0)).table
    assert table[["expected", "placed", "low", "high"]].sum().tolist() == [0, 0, 0, 0]
