"""Intervals from the forecasts' own record: ratios by hand, every case counted, and the test
against the past.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model import forecasts as uncertainty
from helpers.model.estimate import Rule
from helpers.model.placement import follow, least_given, place
from tests.model.dated import Setting, national_shares

# What came (SCB, Asylsökande 2002–2022) ÷ what was forecast, by year, horizon and date of the first
# such forecast.
BY_HAND = {
    (2014, "same_year", "2014"): 7_049 / 7_400,
    (2015, "year_ahead", "2014-11-04"): 35_369 / 8_000,
    (2015, "same_year", "2015-02-03"): 35_369 / 7_800,
    (2015, "same_year", "2015-07-23"): 35_369 / 12_000,
    (2016, "same_year", "2016-02-04"): 2_199 / 18_000,
    (2016, "same_year", "2016-10"): 2_199 / 2_400,
    (2017, "year_ahead", "2016-10"): 1_336 / 2_400,
    (2017, "same_year", "2017-02-15"): 1_336 / 2_400,
    (2018, "year_ahead", "2016-10"): 944 / 2_900,
    (2018, "same_year", "2018-02"): 944 / 1_500,
    (2019, "year_ahead", "2018-07"): 902 / 2_300,
    (2020, "same_year", "2020-02"): 500 / 1_000,
    (2022, "same_year", "2022-02"): 630 / 700,
}


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
    """1 500 for 2018 was said in February and in July; 29 000–40 000 for 2015 has no single
    value.
    """
    assert len(ratios[(ratios["ar"] == 2018) & (ratios["horizon"] == "same_year")]) == 1
    assert "2015-10-22" not in set(ratios["prognosdatum"])


def test_each_horizon_has_its_own_ratios_and_a_year_knows_only_the_earlier(ratios):
    assert len(uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR)) == 9
    assert len(uncertainty.ratios_for(ratios, uncertainty.YEAR_AHEAD)) == 4
    earlier = uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR, 2018)
    assert earlier["ar"].tolist() == [2014, 2015, 2015, 2016, 2016, 2017]
    assert uncertainty.ratios_for(ratios, uncertainty.SAME_YEAR, 2014).empty


def cases_of(shares, prognos, setting, ratios):
    """Every case of a forecast and its ratios."""
    national = uncertainty.national_outcomes(prognos, ratios)
    return uncertainty.enumerate_cases(Rule(shares, setting, max(national)), national)


def by_force(shares, setting, children, start):
    """What the rule gives from one start, by placing all children from 2016 and taking the start
    away.
    """
    nation = national_shares(
        shares.set_index("kommunkod")["andelstal"], setting.folkmangd, setting.rest
    ).to_numpy()
    before, after = place(nation, np.zeros_like(nation), [start, start + children])
    return (after - before)[: len(shares)]


@pytest.mark.parametrize("rest", ["population", "equal", "block"])
def test_every_start_gives_what_the_rule_itself_gives_between_the_ends(vasterbotten, people, rest):
    setting = Setting(people, rest, arrived=3535)
    given = Rule(vasterbotten, setting, 1500).given(1500)
    assert len(given.low) == len(setting.starts) == 7070 - 1768 + 1
    for row in range(0, len(setting.starts), 211):
        placed = by_force(vasterbotten, setting, 1500, int(setting.starts[row]))
        whole = np.append(placed, placed.sum())
        assert (given.low[row] <= whole).all()
        assert (whole <= given.high[row]).all()
        assert (given.high[row] - given.low[row] <= 1)[:-1].all() or rest == "equal"


def test_the_sequence_goes_on_beyond_its_period(everyone, people):
    """0,5 and 0,5 of a nation of two: after two children it begins anew, however many have been
    placed.
    """
    shares = pd.DataFrame({"kommunkod": ["2401", "2480"], "andelstal": [250.0, 750.0]})
    given = Rule(shares, Setting(people.loc[["2401", "2480"]], arrived=10_000), 6).given(6)
    ends = given.ends
    assert (ends[0].tolist(), ends[1].tolist()) == ([1, 4, 6], [2, 5, 6])


def test_equal_shares_have_equal_ranges_since_chance_and_not_the_order_decides(
    vasterbotten, people
):
    low, high = Rule(vasterbotten, Setting(people, arrived=3535), 3000).given(944).ends
    equal = np.flatnonzero(vasterbotten["andelstal"].to_numpy() == 1.0)
    assert len(equal) == 11
    assert len(set(low[equal])) == len(set(high[equal])) == 1


@pytest.mark.parametrize(
    ("total", "children", "low", "high"), [(1500, 42, 39, 54), (944, 30, 18, 33)]
)
def test_from_2016_with_those_who_came_the_rule_gives_42_of_1500_and_30_of_944(
    vasterbotten, people, total, children, low, high
):
    """2 199 + 1 336 came in 2016 and 2017 (SCB); over every start from half to twice as many the
    ends differ.
    """
    rule = Rule(vasterbotten, Setting(people, arrived=3535), total)
    since = rule.since_counted(total)
    assert (since.ends[0][-1], since.ends[1][-1]) == (children, children)
    assert (rule.given(total).ends[0][-1], rule.given(total).ends[1][-1]) == (low, high)


def test_over_a_whole_period_of_starts_the_estimate_is_the_mean(vasterbotten, people):
    """31,26 ‰ of 1 500 is 46,89: the rule's answer is a range and the estimate the middle of it."""
    setting = Setting(people)
    nation = national_shares(
        vasterbotten.set_index("kommunkod")["andelstal"], people, "population"
    ).to_numpy()
    course = follow(nation, 15, 100_000 + 1500)
    assert course.period == 100_000
    low, high = course.between(np.arange(100_000), 1500)
    assert low.mean(axis=0)[-1] <= 46.89 <= high.mean(axis=0)[-1]
    assert ((low.mean(axis=0) + high.mean(axis=0)) / 2)[-1] == pytest.approx(46.89, abs=0.05)
    assert setting.starts[0] == 1500


def test_every_case_of_the_record_is_there_and_no_seed(vasterbotten, people):
    setting = Setting(people, arrived=4479)
    one, two = (cases_of(vasterbotten, 2300, setting, [0.4, 0.6, 0.9]) for _ in range(2))
    assert one.national == (920, 1380, 2070)
    assert [len(low) for low in one.low] == [len(setting.starts)] * 3
    assert all(
        (a == b).all() for a, b in zip((*one.low, *one.high), (*two.low, *two.high), strict=True)
    )


def test_an_intervals_ends_are_the_lowest_and_the_highest_of_all_cases(vasterbotten, people):
    cases = cases_of(vasterbotten, 2300, Setting(people, arrived=4479), [0.4, 0.6, 0.9])
    table = uncertainty.intervals(cases)
    assert table["kommunkod"].tolist() == [*vasterbotten["kommunkod"], ""]
    low, high = np.concatenate(cases.low), np.concatenate(cases.high)
    assert table["low"].tolist() == low.min(axis=0).tolist()
    assert table["high"].tolist() == high.max(axis=0).tolist()


def made_cases(*outcomes: list[int]) -> uncertainty.Cases:
    """One municipality, one column for it and one for all together; each outcome from its
    starts.
    """
    arrays = tuple(np.array([[n, n] for n in one]) for one in outcomes)
    return uncertainty.Cases(arrays, arrays, ("2401",), tuple(max(one) for one in outcomes))


def test_between_the_halves_of_an_even_number_of_outcomes_every_number_is_a_median():
    """27 and 49 with three outcomes on each side: a median between them is nobody's to choose."""
    row = uncertainty.intervals(made_cases([10], [20], [27], [49], [60], [143])).iloc[0]
    assert row[["low", "high", "middle_low", "middle_high", "parted"]].tolist() == [
        10,
        143,
        27,
        49,
        True,
    ]


def test_of_an_odd_number_of_outcomes_the_middle_one_is_the_median():
    row = uncertainty.intervals(made_cases([10], [27], [143])).iloc[0]
    assert row[["middle_low", "middle_high", "parted"]].tolist() == [27, 27, False]


def test_halves_that_meet_part_nothing():
    row = uncertainty.intervals(made_cases([1, 2], [2, 3])).iloc[0]
    assert row[["middle_low", "middle_high", "parted"]].tolist() == [2, 2, False]


def test_an_outcome_tried_from_fewer_starts_weighs_as_much_as_another():
    row = uncertainty.intervals(made_cases([1, 1, 1, 1], [5, 5], [9, 9, 9, 9])).iloc[0]
    assert (row["middle_low"], row["middle_high"]) == (5, 5)


@pytest.mark.parametrize("attachment", [0.05, 0.3])
def test_whoever_gets_no_more_by_attachment_than_its_part_ends_with_what_the_rule_gives(
    vasterbotten, people, attachment
):
    with_it = Setting(people, attachment=attachment, arrived=3535)
    rule, plain = (
        Rule(vasterbotten, with_it, 1500),
        Rule(vasterbotten, Setting(people, arrived=3535), 1500),
    )
    assert (rule.given(1500).low == plain.given(1500).low).all()
    nation = rule.nation.to_numpy()
    start = place(nation, np.zeros_like(nation), 4000)
    attached = rule.attached(1500).to_numpy()
    ends = attached + place(nation, start + attached, 1500 - int(attached.sum()))
    assert ends[:15].tolist() == by_force(vasterbotten, with_it, 1500, 4000).tolist()


def test_where_attachment_is_more_than_a_share_a_few_starts_are_placed_whole(vasterbotten, people):
    setting = Setting(people, "equal", attachment=0.5, arrived=3535)
    given = Rule(vasterbotten, setting, 1500).given(1500)
    assert len(given.low) == 24
    assert (given.low == given.high).all()


@pytest.mark.parametrize("wanted", [1, 2, 3, 4])
def test_the_least_given_in_any_year_is_found_without_trying_every_start(wanted):
    """Against every start tried: shares of 30, 10 and 60, a year of 20 children."""
    shares = np.array([30, 10, 60])
    before = place(shares, np.zeros(3, dtype=np.int64), np.arange(61))
    least = (before[20:] - before[:41]).min(axis=0)
    asked = np.array([0, wanted, 0])
    assert least_given(shares, 20, 40, asked) == (least[1] >= wanted)


def test_a_share_of_zero_gets_its_part_of_the_attached_and_no_more(people):
    shares = pd.DataFrame({"kommunkod": ["2480", "2482"], "andelstal": [0.0, 17.96]})
    low, high = Rule(shares, Setting(people, attachment=0.25, arrived=3535), 2000).given(2000).ends
    assert low[0] == high[0] == pytest.approx(2_000 * 0.25 * people["2480"] / people.sum(), abs=1)


def test_a_start_that_is_told_is_one_and_both_ends_of_chance_are_shown(vasterbotten, people):
    setting = Setting(people, placed={"2480": 60}, placed_nation=3_535)
    rule = Rule(vasterbotten, setting, 1500)
    low, high = rule.given(1500).ends
    nation = rule.nation.to_numpy()
    plain = place(nation, rule.start.to_numpy(), 1500)[:15]
    assert (low[:-1] <= plain).all()
    assert (plain <= high[:-1]).all()
    assert low[-1] <= plain.sum() <= high[-1]
    assert rule.since_counted(1500) is None


def test_in_how_many_outcomes_more_than_a_number_come_is_counted_from_the_best_and_the_worst_start():
    cases = made_cases([1, 2], [3, 4], [5, 6])
    assert uncertainty.outcomes_above(cases, 3).to_dict("records") == [
        {"kommunkod": "2401", "surely": 1, "possibly": 2}
    ]


@pytest.mark.parametrize("ratios", [[], [0.5, 0.9]])
def test_too_few_forecasts_are_refused(ratios):
    with pytest.raises(DataError, match="needed"):
        uncertainty.national_outcomes(1500, ratios)


def test_the_interval_for_2018_would_have_been_the_extremes_of_six_earlier_ratios(ratios):
    """Of 0,953, 4,534, 2,947, 0,122, 0,916 and 0,557 the lowest and the highest; × 1 500 holds the
    944 that came.
    """
    table = uncertainty.backtest_forecasts(ratios)
    row = table[(table["ar"] == 2018) & (table["horizon"] == "same_year")].iloc[0]
    assert row["earlier"] == 6
    assert row["low"] == pytest.approx(2_199 / 18_000 * 1_500)
    assert row["high"] == pytest.approx(35_369 / 7_800 * 1_500)
    assert row["covered"]


def test_six_forecasts_could_be_tested_against_the_past_and_those_of_2016_did_not_hold(ratios):
    table = uncertainty.backtest_forecasts(ratios)
    tested = table[table["covered"].notna()]
    assert tested["ar"].tolist() == [2016, 2016, 2017, 2018, 2020, 2022]
    assert tested.loc[~tested["covered"], "ar"].tolist() == [2016, 2016]
    untested = table[table["covered"].isna()]
    assert (untested["earlier"] < uncertainty.FEWEST).all()
    assert untested[["low", "high"]].isna().all(axis=None)


def test_an_outcome_outside_what_was_known_is_not_covered(ratios):
    """Had 100 children come in 2018, no earlier ratio would have foreseen it: the lowest × 1 500 is
    183.
    """
    other = ratios.assign(actual=ratios["actual"].where(ratios["ar"] != 2018, 100))
    table = uncertainty.backtest_forecasts(other)
    row = table[(table["ar"] == 2018) & (table["horizon"] == "same_year")].iloc[0]
    assert not row["covered"]


def test_all_fifteen_outcomes_of_2018_lie_within_what_2017_could_know_and_that_says_little(
    vasterbotten, people, ratios
):
    """From no child to seven where 1,5 were expected: a range that could hardly fail."""
    table = uncertainty.backtest_places(
        vasterbotten, 1500, Setting(people, arrived=3535), ratios, 2018
    )
    assert len(table) == 15
    assert table["covered"].all()
    bjurholm, umea = (table.set_index("kommun").loc[kommun] for kommun in ("Bjurholm", "Umeå"))
    assert (bjurholm["low"], bjurholm["high"], umea["low"], umea["high"]) == (0, 7, 1, 82)


def test_what_was_placed_later_is_not_used_to_judge_a_year(vasterbotten, people, ratios):
    clean = uncertainty.backtest_places(vasterbotten, 1500, Setting(people), ratios, 2018)
    later = Setting(people, placed={"2480": 60}, placed_nation=5_000)
    assert uncertainty.backtest_places(vasterbotten, 1500, later, ratios, 2018).equals(clean)


@pytest.mark.parametrize("ar", [2014, 2015])
def test_a_year_before_three_forecasts_were_known_cannot_be_judged(
    vasterbotten, people, ratios, ar
):
    assert uncertainty.backtest_places(vasterbotten, 1500, Setting(people), ratios, ar).empty


def test_a_municipality_without_an_outcome_is_left_out_and_none_at_all_is_empty(
    vasterbotten, people, ratios
):
    some = vasterbotten.assign(
        utfall=vasterbotten["utfall"].where(vasterbotten["kommunkod"] != "2480")
    )
    table = uncertainty.backtest_places(some, 1500, Setting(people), ratios, 2018)
    assert len(table) == 14
    none = vasterbotten.assign(utfall=pd.array([pd.NA] * 15, dtype="Int64"))
    assert uncertainty.backtest_places(none, 1500, Setting(people), ratios, 2018).empty
