"""Intervals from the forecasts' own record: ratios by hand, draws that keep the rule, and the test against the past."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model import uncertainty
from helpers.model.estimate import Setting
from helpers.model.nation import national_shares
from helpers.model.placement import hundredths, place

# What came (SCB, Asylsökande 2002–2022) ÷ what was forecast, by year, horizon and date of the first such forecast.
BY_HAND = {
    (2015, "year_ahead", "2014-11-04"): 35_369 / 8_000,
    (2015, "same_year", "2015-07-23"): 35_369 / 12_000,
    (2016, "same_year", "2016-02-04"): 2_199 / 18_000,
    (2016, "same_year", "2016-10"): 2_199 / 2_400,
    (2017, "same_year", "2017-04-26"): 1_336 / 2_400,
    (2018, "year_ahead", "2017-04-26"): 944 / 2_900,
    (2018, "same_year", "2018-02"): 944 / 1_500,
    (2019, "year_ahead", "2018-07"): 902 / 2_300,
    (2020, "same_year", "2020-02"): 500 / 1_000,
    (2022, "same_year", "2022-02"): 630 / 700,
}
# Three municipalities with all of Sweden between them; below 1 000 children no fulfilments above 0 are equal.
ALONE = pd.DataFrame({"kommunkod": ["2401", "2480", "2482"], "andelstal": [166.69, 333.3, 500.01]})
PEOPLE = pd.Series({"2401": 1_000, "2480": 6_000, "2482": 3_000})


@pytest.fixture(scope="module")
def everyone(vasterbotten, people):
    """Shares in ‰ for all 290 municipalities, those not known by population."""
    nation = national_shares(vasterbotten.set_index("kommunkod")["andelstal"], people, "population")
    return pd.DataFrame({"kommunkod": nation.index, "andelstal": nation.to_numpy() / 100})


def test_every_ratio_is_what_came_over_what_was_forecast(ratios):
    found = {(row.ar, row.horizon, row.prognosdatum): row.ratio for row in ratios.itertuples()}
    assert found == pytest.approx(BY_HAND)
    assert round(found[2015, "same_year", "2015-07-23"], 3) == 2.947


def test_a_forecast_repeated_in_the_year_counts_once_and_an_interval_is_none(ratios):
    """1 500 for 2018 was said in February and in July; 29 000–40 000 for 2015 has no single value."""
    assert len(ratios[(ratios["ar"] == 2018) & (ratios["horizon"] == "same_year")]) == 1
    assert "2015-10-22" not in set(ratios["prognosdatum"])


def test_each_horizon_has_its_own_ratios_and_a_year_knows_only_the_earlier(ratios):
    assert len(uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR)) == 7
    assert len(uncertainty.ratios_for(ratios, uncertainty.YEAR_AHEAD)) == 3
    earlier = uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR, 2018)
    assert earlier["ar"].tolist() == [2015, 2016, 2016, 2017]
    assert uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR, 2015).empty


def test_the_same_seed_gives_the_same_draws_and_another_gives_others(vasterbotten, people):
    setting = Setting(people, attachment=0.2)
    one, two, other = (
        uncertainty.simulate(vasterbotten, 2300, setting, [0.4, 0.6, 0.9], 1_500, seed) for seed in (1, 1, 2)
    )
    assert (one.children == two.children).all()
    assert (one.national == two.national).all()
    assert (one.children != other.children).any()


def test_an_intervals_ends_are_values_that_were_drawn(vasterbotten, people):
    drawn = uncertainty.simulate(vasterbotten, 2300, Setting(people, attachment=0.1), [0.4, 0.6, 0.9], 300)
    table = uncertainty.intervals(drawn)
    assert table["kommunkod"].tolist() == vasterbotten["kommunkod"].tolist()
    for column, row in enumerate(table.itertuples()):
        ordered = np.sort(drawn.children[:, column])
        assert (row.low, row.middle, row.high) == (ordered[29], ordered[149], ordered[269])
    assert uncertainty.total_interval(drawn) == tuple(np.sort(drawn.children.sum(axis=1))[[29, 149, 269]])


def test_where_chance_falls_on_each_the_countys_interval_is_narrower_than_theirs_added_up(vasterbotten, people):
    drawn = uncertainty.simulate(vasterbotten, 2300, Setting(people, attachment=1.0), [0.6, 0.6, 0.6], 2_000)
    low, _, high = uncertainty.total_interval(drawn)
    table = uncertainty.intervals(drawn)
    assert high - low < table["high"].sum() - table["low"].sum()


@given(st.integers(3, 900))
def test_without_attachment_and_with_one_ratio_every_draw_is_the_rule(children):
    drawn = uncertainty.simulate(ALONE, children, Setting(PEOPLE), [1.0, 1.0, 1.0], 5)
    shares = hundredths(ALONE["andelstal"].to_numpy())
    assert drawn.children.tolist() == [place(shares, np.zeros(3), children).tolist()] * 5


def test_chance_decides_among_equal_fulfilments_and_nothing_else(everyone, people):
    """Eleven of exactly 1 ‰ wait at the same fulfilment for fewer children than they are; the others are certain."""
    shares = hundredths(everyone["andelstal"].to_numpy())
    equal = shares == 100
    by_total = place(shares, np.zeros(len(shares)), range(900, 1_500))
    parted = np.flatnonzero(by_total[:, equal].min(axis=1) < by_total[:, equal].max(axis=1))[0]
    rule = by_total[parted]
    drawn = uncertainty.simulate(everyone, 900 + int(parted), Setting(people), [1.0, 1.0, 1.0], 400).children
    assert (drawn[:, ~equal] == rule[~equal]).all()
    assert (drawn[:, equal].sum(axis=1) == rule[equal].sum()).all()
    assert (drawn[:, equal].max(axis=0) > drawn[:, equal].min(axis=0)).all()


@pytest.mark.parametrize("attachment", [0.0, 0.15, 1.0])
def test_every_draw_places_all_the_nations_children(everyone, people, attachment):
    drawn = uncertainty.simulate(everyone, 2300, Setting(people, attachment=attachment), [0.12, 0.5, 2.9], 1_200)
    assert (drawn.total == drawn.national).all()
    assert set(drawn.national.tolist()) == {276, 1150, 6670}


def test_the_known_and_the_rest_are_the_nation_in_every_draw(vasterbotten, everyone, people):
    """The county's columns are the same whether the county alone is asked for or all 290."""
    setting, some = Setting(people, attachment=0.1), [0.4, 0.6, 0.9]
    county = uncertainty.simulate(vasterbotten, 2300, setting, some, 1_200)
    nation = uncertainty.simulate(everyone, 2300, setting, some, 1_200)
    assert (county.children == nation.children[:, :15]).all()
    assert (county.total + nation.children[:, 15:].sum(axis=1) == county.national).all()


def test_who_comes_by_attachment_counts_as_placed_so_the_rule_gives_the_rest_to_the_others():
    """Of 600 about 180 come by attachment, which is nobody's whole part: all end with what the rule gives."""
    drawn = uncertainty.simulate(ALONE, 600, Setting(PEOPLE, attachment=0.3), [1.0, 1.0, 1.0], 200)
    rule = place(hundredths(ALONE["andelstal"].to_numpy()), np.zeros(3), 600)
    assert (drawn.children == rule).all()


def test_with_all_by_attachment_the_children_are_binomial_by_inhabitants(vasterbotten, people):
    drawn = uncertainty.simulate(vasterbotten, 2_000, Setting(people, attachment=1.0), [1.0, 1.0, 1.0], 4_000)
    umea = drawn.children[:, list(drawn.kommunkoder).index("2480")]
    part = people["2480"] / people.sum()
    mean, variance = 2_000 * part, 2_000 * part * (1 - part)
    assert umea.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / 4_000))
    assert umea.var() == pytest.approx(variance, rel=0.15)


def test_a_share_of_zero_gets_its_part_of_the_attached_and_no_more(people):
    shares = pd.DataFrame({"kommunkod": ["2480", "2482"], "andelstal": [0.0, 17.96]})
    drawn = uncertainty.simulate(shares, 2_000, Setting(people, attachment=0.25), [1.0, 1.0, 1.0], 4_000)
    mean = 2_000 * 0.25 * people["2480"] / people.sum()
    assert drawn.children[:, 0].mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / 4_000))


def test_each_ratio_is_as_likely_and_gives_its_part_of_the_forecast(vasterbotten, people):
    drawn = uncertainty.simulate(vasterbotten, 1000, Setting(people), [0.5, 1.0, 2.0, 2.0], 4_000)
    counts = pd.Series(drawn.national).value_counts().to_dict()
    assert set(counts) == {500, 1000, 2000}
    assert counts[2000] == pytest.approx(2_000, abs=5 * np.sqrt(4_000 * 0.25))


def test_the_chance_of_more_than_a_number_is_a_part_of_the_draws():
    children = np.array([[1, 5], [2, 5], [3, 6], [4, 9]])
    drawn = uncertainty.Simulation(children, ("2401", "2480"), children.sum(axis=1))
    assert uncertainty.chance_above(drawn, 2).to_dict() == {"2401": 0.5, "2480": 1.0}
    assert uncertainty.chance_above(drawn, [0, 5]).to_dict() == {"2401": 1.0, "2480": 0.5}


@pytest.mark.parametrize(("ratios", "draws"), [([], 100), ([0.5, 0.9], 100), ([0.5, 0.9, 1.0], 0)])
def test_too_few_forecasts_or_draws_are_refused(vasterbotten, people, ratios, draws):
    with pytest.raises(DataError, match=r"needed|needs"):
        uncertainty.simulate(vasterbotten, 1500, Setting(people), ratios, draws)


def test_the_interval_for_2018_would_have_been_the_extremes_of_four_earlier_ratios(ratios):
    """P10 and P90 of 2,947, 0,122, 0,916 and 0,557 are the lowest and the highest; × 1 500 holds the 944 that came."""
    table = uncertainty.backtest_forecasts(ratios)
    row = table[(table["ar"] == 2018) & (table["horizon"] == "same_year")].iloc[0]
    assert row["earlier"] == 4
    assert row["low"] == pytest.approx(2_199 / 18_000 * 1_500)
    assert row["high"] == pytest.approx(35_369 / 12_000 * 1_500)
    assert row["covered"]


def test_four_forecasts_could_be_tested_against_the_past_and_all_four_held(ratios):
    table = uncertainty.backtest_forecasts(ratios)
    tested = table[table["covered"].notna()]
    assert tested["ar"].tolist() == [2017, 2018, 2020, 2022]
    assert tested["covered"].all()
    untested = table[table["covered"].isna()]
    assert (untested["earlier"] < uncertainty.FEWEST).all()
    assert untested[["low", "high"]].isna().all(axis=None)


def test_an_outcome_outside_what_was_known_is_not_covered(ratios):
    """Had 100 children come in 2018, no earlier ratio would have foreseen it: the lowest × 1 500 is 183."""
    other = ratios.assign(actual=ratios["actual"].where(ratios["ar"] != 2018, 100))
    table = uncertainty.backtest_forecasts(other)
    row = table[(table["ar"] == 2018) & (table["horizon"] == "same_year")].iloc[0]
    assert not row["covered"]


def test_twelve_of_fifteen_outcomes_of_2018_lie_within_what_2017_could_know(vasterbotten, people, ratios):
    """The three outside took none: Nordmaling, Vindeln and Sorsele (Antal och andelar 2019)."""
    table = uncertainty.backtest_places(vasterbotten, 1500, Setting(people), ratios, 2018)
    assert len(table) == 15
    assert table["covered"].sum() == 12
    assert table.loc[~table["covered"].astype(bool), "kommun"].tolist() == ["Nordmaling", "Vindeln", "Sorsele"]


def test_what_was_placed_later_is_not_used_to_judge_a_year(vasterbotten, people, ratios):
    clean = uncertainty.backtest_places(vasterbotten, 1500, Setting(people), ratios, 2018, 500)
    later = Setting(people, placed={"2480": 60}, placed_nation=5_000)
    assert uncertainty.backtest_places(vasterbotten, 1500, later, ratios, 2018, 500).equals(clean)


@pytest.mark.parametrize("ar", [2015, 2016])
def test_a_year_before_three_forecasts_were_known_cannot_be_judged(vasterbotten, people, ratios, ar):
    assert uncertainty.backtest_places(vasterbotten, 1500, Setting(people), ratios, ar).empty


def test_a_municipality_without_an_outcome_is_left_out_and_none_at_all_is_empty(vasterbotten, people, ratios):
    some = vasterbotten.assign(utfall=vasterbotten["utfall"].where(vasterbotten["kommunkod"] != "2480"))
    table = uncertainty.backtest_places(some, 1500, Setting(people), ratios, 2018, 200)
    assert len(table) == 14
    none = vasterbotten.assign(utfall=pd.array([pd.NA] * 15, dtype="Int64"))
    assert uncertainty.backtest_places(none, 1500, Setting(people), ratios, 2018, 200).empty
