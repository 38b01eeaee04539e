"""The nation's shares where one county's are known: they sum to 1000 ‰, and the known ones stand as
published.
"""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.shares import BLOCK, RESTS, WHOLE, start_counts
from tests.model.dated import LEAST_UNKNOWN, national_shares


@pytest.fixture
def known(vasterbotten):
    return vasterbotten.set_index("kommunkod")["andelstal"]


@pytest.mark.parametrize("rest", RESTS)
def test_the_nations_shares_are_1000_per_mille_and_the_known_ones_as_published(known, people, rest):
    nation = national_shares(known, people, rest)
    assert nation.sum() == WHOLE
    assert nation[known.index].tolist() == (known * 100).round().astype(int).tolist()
    assert list(nation.index[:15]) == list(known.index)


def test_by_population_everyone_has_one_per_mille_and_the_rest_by_inhabitants(known, people):
    others = national_shares(known, people, "population").drop(known.index)
    assert len(others) == 275
    assert others.min() >= 100 * LEAST_UNKNOWN
    ranked = people[others.index].astype(int).sort_values().index
    assert others[ranked].is_monotonic_increasing
    # (968,74 − 275 × 1) ‰ by inhabitants: Stockholm's part beyond its first per mille.
    stockholm = (96_874 - 275 * 100) * people["0180"] / people[others.index].sum()
    assert others["0180"] == pytest.approx(100 + stockholm, abs=1)


def test_equal_shares_differ_by_a_hundredth_at_most(known, people):
    others = national_shares(known, people, "equal").drop(known.index)
    assert others.max() - others.min() <= 1


def test_a_block_is_one_municipality_with_all_that_is_left(known, people):
    nation = national_shares(known, people, "block")
    assert nation[BLOCK] == 96_874
    assert len(nation) == 16


@pytest.mark.parametrize("rest", RESTS)
def test_a_nation_whose_shares_are_all_known_has_no_rest(rest):
    known = pd.Series({"2480": 600.0, "2482": 400.0})
    assert national_shares(known, known, rest).to_dict() == {"2480": 60_000, "2482": 40_000}


def test_where_less_than_one_per_mille_each_is_left_all_have_the_same():
    people = pd.Series({"2480": 9, "2482": 9, "0180": 1000, "0114": 10})
    nation = national_shares(pd.Series({"2480": 600.0, "2482": 399.0}), people, "population")
    assert nation.to_dict() == {"2480": 60_000, "2482": 39_900, "0180": 50, "0114": 50}


@pytest.mark.parametrize("share", [1000.0, 400.0])
def test_shares_that_cannot_be_a_nations_are_refused(share):
    known = pd.Series({"2480": share, "2482": 100.0})
    with pytest.raises(DataError, match="sum to 1000 ‰"):
        national_shares(known, known, "population")


def test_a_clean_start_is_zero_for_all_but_the_known(known, people):
    start = start_counts(national_shares(known, people, "population"), {"2480": 40}, None)
    assert start["2480"] == 40
    assert start.sum() == 40


@pytest.mark.parametrize("rest", RESTS)
def test_what_the_nation_placed_is_divided_by_the_rule_among_those_not_known(known, people, rest):
    nation = national_shares(known, people, rest)
    start = start_counts(nation, {"2480": 40, "2482": 0}, 5_000)
    assert start.sum() == 5_000
    assert (start["2480"], start["2482"]) == (40, 0)
    unknown = start.drop(["2480", "2482"])
    fulfilment = unknown / nation[unknown.index]
    assert (fulfilment - 1 / nation[unknown.index]).max() <= fulfilment.min() + 1e-12


def test_a_known_count_outside_the_county_counts_in_the_block(known, people):
    nation = national_shares(known, people, "block")
    assert start_counts(nation, {"0180": 300}, None)[BLOCK] == 300
    start = start_counts(nation, {"0180": 300, "2480": 10}, 1_000)
    assert start.sum() == 1_000
    assert start[BLOCK] > 900


def test_a_known_count_of_nobody_is_refused(known, people):
    with pytest.raises(DataError, match="9999"):
        start_counts(national_shares(known, people, "population"), {"9999": 3}, None)


@pytest.mark.parametrize("nation_placed", [9, 11])
def test_known_counts_that_contradict_the_nations_are_refused(nation_placed):
    nation = pd.Series({"2480": 60_000, "2482": 40_000})
    with pytest.raises(DataError, match="10 placed children are known"):
        start_counts(nation, {"2480": 6, "2482": 4}, nation_placed)
    assert start_counts(nation, {"2480": 6, "2482": 4}, 10).tolist() == [6, 4]
