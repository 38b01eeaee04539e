"""The record of forecasts: errors by hand, each year weighing the same, what the longer record
carries, and each year left out.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model import record as records

# What came (SCB, Asylsökande 2002–2022) ÷ what was forecast of unaccompanied children, by year,
# horizon and date of the first such forecast.
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
def children(workbook):
    return records.forecast_record(workbook.prognoser, workbook.asylsokande)


@pytest.fixture(scope="module")
def everyone(workbook):
    return records.forecast_record(workbook.prognoser, workbook.asylsokande, records.ASYLUM)


@pytest.fixture(scope="module")
def judged(children, everyone):
    return records.judge(children, everyone)


def test_every_ratio_is_what_came_over_what_was_forecast(children):
    rows = records.forecast_ratios(children).itertuples()
    found = {(row.ar, row.horizon, row.prognosdatum): row.ratio for row in rows}
    assert found == pytest.approx(BY_HAND)


def test_a_forecast_repeated_in_the_year_counts_once_and_an_interval_is_none(children):
    """1 500 for 2018 was said in February and in July; 29 000–40 000 for 2015 has no single
    value.
    """
    ratios = records.forecast_ratios(children)
    assert len(ratios[(ratios["ar"] == 2018) & (ratios["horizon"] == "same_year")]) == 1
    assert "2015-10-22" not in set(ratios["prognosdatum"])


@pytest.mark.parametrize(
    ("made", "ar", "lead"),
    [
        ("2018-01-01", 2018, "early"),
        ("2018-06-30", 2018, "early"),
        ("2018-07", 2018, "late"),
        ("2018", 2018, "undated"),
        ("2017-12", 2018, "one_ahead"),
        ("2017", 2018, "one_ahead"),
        ("2016-10", 2018, "two_ahead"),
    ],
)
def test_when_a_forecast_was_made_is_told_from_its_date_and_its_year(made, ar, lead):
    row = {"prognosdatum": made, "avser_ar": ar, "matt": "ensamkommande", "varde": 10}
    row |= {"lag": None, "hog": None, "kalla": "", "tabell": "prognoser_press"}
    came = pd.DataFrame({"ar": [ar], "ensamkommande": [5]})
    found = records.forecast_record(pd.DataFrame([row]), came).iloc[0]
    assert (found["lead"], found["stated"], found["ratio"]) == (lead, "press", 0.5)


def test_no_forecast_is_lost_between_the_leads_nor_between_official_press_and_derived(
    children, everyone
):
    for record in (children, everyone):
        errors, known = records.errors_by_lead(record), record.dropna(subset=["ratio"])
        assert errors["forecasts"].sum() == len(known)
        assert (errors[list(records.STATED)].sum(axis=1) == errors["forecasts"]).all()
        assert (errors["years"] <= errors["forecasts"]).all()
        assert (errors["half_low"].isna() == (errors["years"] < records.FEWEST)).all()
        for row in errors.dropna().itertuples():
            assert row.lowest <= row.half_low <= row.half_high <= row.highest


def test_the_order_of_rows_decides_nothing(children, everyone):
    first = records.judge(children, everyone)
    for seed in range(5):
        mixed = (record.sample(frac=1, random_state=seed) for record in (children, everyone))
        again = records.judge(*mixed)
        assert again.correlation == pytest.approx(first.correlation)
        assert again.further == first.further
        pd.testing.assert_frame_equal(again.tests, first.tests)
        for matt, errors in first.by_lead.items():
            pd.testing.assert_frame_equal(again.by_lead[matt], errors)


def made_record(seed: int, years: int, most: int = 4) -> tuple[list[float], list[int]]:
    """A record of so many years, each with one to `most` forecasts."""
    chance = np.random.default_rng(seed)
    of = np.repeat(np.arange(years), chance.integers(1, most + 1, years))
    return chance.lognormal(size=len(of)).tolist(), of.tolist()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("years", [3, 7, 11, 20])
def test_repeating_every_forecast_of_one_year_moves_no_end(seed, years):
    values, of = made_record(seed, years)
    again = [(value, year) for value, year in zip(values, of, strict=True) if year == 0] * 2
    more = ([*values, *(v for v, _ in again)], [*of, *(y for _, y in again)])
    assert records.spread(*more) == records.spread(values, of)


@pytest.mark.parametrize("seed", range(5))
def test_at_most_a_quarter_of_all_years_and_the_new_one_lie_beyond_an_end_of_the_half(seed):
    """By force: every value is tried as the end, and the one furthest in that keeps the claim is
    it.
    """
    for years in range(3, 15):
        values, of = made_record(seed, years)
        weight = [1 / of.count(year) for year in of]

        def beyond(end, sign, values=values, weight=weight):
            return sum(w for v, w in zip(values, weight, strict=True) if sign * (v - end) > 1e-12)

        found = records.spread(values, of)
        allowed = (years + 1) / 4 - 1 + 1e-9
        assert found.half_low == max(v for v in values if beyond(v, -1) <= allowed)
        assert found.half_high == min(v for v in values if beyond(v, 1) <= allowed)
        assert (found.low, found.high) == (min(values), max(values))


def test_a_new_year_is_within_as_often_as_is_claimed_whatever_the_order():
    """Of ten values each in turn is the new one: exchangeable, so the claims are counted."""
    chance = np.random.default_rng(3)
    for count in (4, 8, 10, 13):
        values = chance.normal(size=count).tolist()
        found = [
            records.spread(values[:at] + values[at + 1 :], list(range(count - 1)))
            for at in range(count)
        ]
        inside = sum(e.low <= v <= e.high for e, v in zip(found, values, strict=True))
        half = sum(e.half_low <= v <= e.half_high for e, v in zip(found, values, strict=True))
        assert inside == count - 2
        assert half >= count / 2


def test_an_empty_record_has_no_ends():
    with pytest.raises(DataError, match="at least one"):
        records.spread([], [])


def test_the_longer_record_only_fills_years_that_the_childrens_lacks(children, everyone):
    own, longer = records.forecast_ratios(children), records.forecast_ratios(everyone)
    both = records.carried(own, longer)
    of_children = both[both["matt"] == records.CHILDREN]
    assert len(of_children) == len(own)
    known = set(zip(own["ar"], own["horizon"], strict=True))
    borrowed = both[both["matt"] == records.ASYLUM]
    assert not known & set(zip(borrowed["ar"], borrowed["horizon"], strict=True))
    every = known | set(zip(longer["ar"], longer["horizon"], strict=True))
    assert set(zip(both["ar"], both["horizon"], strict=True)) == every
    assert {horizon: rows["ar"].nunique() for horizon, rows in both.groupby("horizon")} == {
        "same_year": 11,
        "year_ahead": 11,
    }


def test_the_rank_correlation_is_spearmans():
    """Against its definition: one less six times the squares of the ranks' differences."""
    for order in product(range(5), repeat=5):
        if len(set(order)) < 5:
            continue
        one, other = pd.Series(range(5)), pd.Series(order)
        by_hand = 1 - 6 * ((one - other) ** 2).sum() / (5 * 24)
        assert records.rank_correlation(one, other) == pytest.approx(by_hand)
    stretched = pd.Series([0.1, 4.0, 90.0])
    assert records.rank_correlation(stretched, np.log(stretched)) == pytest.approx(1)


@pytest.mark.parametrize("other", [[1.0, 2.0], [3.0, 3.0, 3.0]])
def test_too_few_or_equal_pairs_have_no_correlation(other):
    assert records.rank_correlation(pd.Series(range(len(other))), pd.Series(other)) is None


def test_the_errors_go_together_and_the_childrens_are_the_larger(judged):
    """Ten occasions of six years: as many as both were forecast at, each number once."""
    assert (len(judged.pairs), judged.pairs["ar"].nunique()) == (10, 6)
    assert judged.correlation == pytest.approx(0.963, abs=5e-4)
    assert judged.further == 9


def test_no_year_is_judged_by_itself(children, everyone):
    """Another outcome of a year moves no end that the year is judged by."""
    own = records.forecast_ratios(children)
    both = records.carried(own, records.forecast_ratios(everyone))
    first = records.leave_one_year_out(own, both)
    ends = list(records.ENDS)
    for ar in (2015, 2016, 2020):
        other = both.assign(ratio=both["ratio"].where(both["ar"] != ar, 1e6))
        tested = records.leave_one_year_out(own, other)
        mine = (own["ar"] == ar).to_numpy()
        pd.testing.assert_frame_equal(tested.loc[mine, ends], first.loc[mine, ends])
        assert not tested.loc[~mine, "high"].equals(first.loc[~mine, "high"])


def test_an_outcome_is_held_exactly_when_it_lies_between_the_ends(children, everyone):
    own = records.forecast_ratios(children)
    both = records.carried(own, records.forecast_ratios(everyone))
    for row in records.leave_one_year_out(own, both).itertuples():
        assert row.covered == (row.low <= row.actual + 1e-9 and row.actual - 1e-9 <= row.high)
        assert row.low <= row.half_low <= row.half_high <= row.high


def test_what_cannot_be_tested_is_unknown_and_not_counted(children):
    own = records.forecast_ratios(children)
    few = own[own["ar"].isin((2014, 2015, 2016)) & (own["horizon"] == "same_year")]
    tested = records.leave_one_year_out(few, few)
    assert tested[list(records.TESTED)].isna().all(axis=None)
    assert records.coverage(tested)["forecasts"] == 0


def test_coverage_and_width_of_the_three_records_stand_beside_each_other(judged):
    """Asylum seekers' errors alone are too narrow by half; the two together are narrower than the
    children's own and hold as many.
    """
    found = judged.tests.set_index("basis")
    assert found["forecasts"].tolist() == [13, 13, 13]
    assert found["held"].tolist() == [8, 9, 9]
    assert found["half_held"].tolist() == [7, 1, 6]
    assert found.loc["carried", "half_wide"] < found.loc["own", "half_wide"]
    assert found.loc["longer", "half_wide"] < found.loc["carried", "half_wide"]


def test_an_end_without_its_year_is_the_next_years():
    ends = records.ends_without([0.1, 0.2, 0.5, 0.9, 3.0], [2016, 2016, 2017, 2018, 2015])
    assert ends == ((2016, 0.5), (2015, 0.9))
