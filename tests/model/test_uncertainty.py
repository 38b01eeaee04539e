"""Intervals from the forecasts' own record: every case counted, each year weighing the same."""

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model import forecasts as uncertainty
from helpers.model.estimate import Rule
from helpers.model.placement import follow, least_given, place
from tests.model.dated import Setting, national_shares


@pytest.fixture(scope="module")
def everyone(vasterbotten, people):
    """Shares in ‰ for all 290 municipalities, those not known by population."""
    nation = national_shares(vasterbotten.set_index("kommunkod")["andelstal"], people, "population")
    return pd.DataFrame({"kommunkod": nation.index, "andelstal": nation.to_numpy() / 100})


def cases_of(shares, prognos, setting, ratios):
    """Every case of a forecast and its ratios."""
    record = pd.DataFrame({"ar": range(len(ratios)), "ratio": ratios})
    outcomes = uncertainty.outcomes_of(prognos, record)
    return uncertainty.enumerate_cases(Rule(shares, setting, max(outcomes.national)), outcomes)


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
    assert one.outcomes.national == (920, 1380, 2070)
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


def made_cases(*outcomes: list[int], years: tuple[int, ...] = ()) -> uncertainty.Cases:
    """One municipality, one column for it and one for all together; each outcome from its starts,
    of a year of its own unless told.
    """
    arrays = tuple(np.array([[n, n] for n in one]) for one in outcomes)
    national = tuple(max(one) for one in outcomes)
    of = uncertainty.Outcomes(national, years or tuple(range(len(outcomes))))
    return uncertainty.Cases(arrays, arrays, ("2401",), of)


def ends_of(cases: uncertainty.Cases) -> list[int]:
    row = uncertainty.intervals(cases).iloc[0]
    return [int(row[name]) for name in ("low", "half_low", "half_high", "high")]


def test_of_three_years_not_even_a_half_is_narrower_than_the_record():
    """Three years and the new one are four: a quarter is the new year itself on either side."""
    assert ends_of(made_cases([10], [27], [143])) == [10, 10, 143, 143]


def test_of_seven_years_the_outermost_on_each_side_is_left_out_of_the_half():
    cases = made_cases([10], [20], [27], [49], [60], [90], [143])
    assert ends_of(cases) == [10, 20, 90, 143]


def test_two_forecasts_of_one_year_weigh_as_one_year():
    """Of eight forecasts of seven years the two of one year are one year's evidence."""
    every = ([10], [12], [20], [27], [49], [60], [90], [143])
    years = (0, 0, 1, 2, 3, 4, 5, 6)
    assert ends_of(made_cases(*every, years=years)) == [10, 20, 90, 143]
    split = (0, 6, 1, 2, 3, 4, 5, 0)
    assert ends_of(made_cases(*every, years=split)) == [10, 12, 90, 143]


def test_a_half_holds_every_start_of_its_outcomes():
    cases = made_cases([8, 10], [18, 20], [25, 27], [44, 49], [50, 60], [80, 90], [99, 143])
    assert ends_of(cases) == [8, 18, 90, 143]


def test_supposed_numbers_are_all_there_is_and_have_no_new_year_beside_them():
    supposed = uncertainty.supposed_outcomes([10, 27, 49, 143])
    assert (supposed.spread.half_low, supposed.spread.half_high) == (27, 49)


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


def test_a_year_counts_surely_when_all_its_forecasts_do_and_possibly_when_one_does():
    cases = made_cases([1, 2], [3, 4], [5, 6], [2, 2], years=(2015, 2016, 2017, 2017))
    assert uncertainty.outcomes_above(cases, 3).to_dict("records") == [
        {"kommunkod": "2401", "surely": 0, "possibly": 2}
    ]
    assert uncertainty.outcomes_above(cases, 1).iloc[0]["surely"] == 2
    assert cases.years == 3


@pytest.mark.parametrize("years", [[], [2016, 2017], [2016, 2016, 2017, 2017]])
def test_fewer_than_three_years_are_refused_however_many_forecasts(years):
    record = pd.DataFrame({"ar": years, "ratio": [0.5] * len(years)})
    with pytest.raises(DataError, match="are needed"):
        uncertainty.outcomes_of(1500, record)


def test_all_fifteen_outcomes_of_2018_lie_within_what_all_other_years_give_and_that_says_little(
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


def test_a_year_cannot_be_judged_by_fewer_than_three_others(vasterbotten, people, ratios):
    few = ratios[ratios["ar"].isin((2016, 2017, 2018))]
    assert uncertainty.backtest_places(vasterbotten, 1500, Setting(people), few, 2018).empty


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
