"""The estimate of shares that nobody has published: exact, whole, least kept, in any order."""

import random
from fractions import Fraction
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model.share_keys import (
    ShareKey,
    estimated_shares,
    key_numbers,
    mean_errors,
    share_errors,
)

CODES = [f"{number:04d}" for number in range(100, 112)]
NONE = pd.Series(dtype=float)


@st.composite
def nations(draw):
    """Shares known for some (hundredths), weights of all, and the least share of the others."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=2, unique=True))
    weights = {kod: draw(st.integers(0, 10**13)) + 1 for kod in codes}
    known = {kod: draw(st.integers(0, 5_000)) for kod in codes[: draw(st.integers(0, 3))]}
    if len(known) == len(codes):
        known.popitem()
    return known, weights, draw(st.sampled_from([0.0, 0.25, 1.0, 90.0, 400.0]))


@given(nations(), st.booleans())
def test_a_nation_sums_to_a_thousand_per_mille_with_the_published_kept_and_the_least_given(
    nation, base
):
    known, weights, least = nation
    published = pd.Series(known, dtype=float) / 100
    found = estimated_shares(published, weights, least, base)
    assert int(found.sum()) + sum(known.values()) == 100_000
    assert set(found.index) == set(weights) - set(known)
    left, each = 100_000 - sum(known.values()), round(100 * least)
    # where there is too little for all, they have as good as the same
    assert found.min() >= min(each, left // len(found))
    heavier = sorted(found.index, key=lambda kod: weights[kod])
    assert all(found[one] <= found[other] + 1 for one, other in pairwise(heavier))


@given(nations(), st.booleans(), st.randoms())
def test_the_order_of_what_is_given_does_not_matter(nation, base, chance: random.Random):
    known, weights, least = nation
    mixed = list(weights)
    chance.shuffle(mixed)
    published = pd.Series(known, dtype=float) / 100
    turned = published[chance.sample(list(known), len(known))]
    again = estimated_shares(turned, {kod: weights[kod] for kod in mixed}, least, base)
    assert again.to_dict() == estimated_shares(published, weights, least, base).to_dict()


@given(nations())
def test_whoever_is_above_the_least_has_its_part_of_what_is_left_within_a_hundredth(nation):
    known, weights, least = nation
    found = estimated_shares(pd.Series(known, dtype=float) / 100, weights, least)
    floor = round(100 * least)
    above = [kod for kod in found.index if found[kod] > floor]
    rest, total = int(found[above].sum()), sum(weights[kod] for kod in above)
    for kod in above if floor * len(found) < 100_000 - sum(known.values()) else []:
        assert abs(Fraction(rest * weights[kod], total) - int(found[kod])) < 2


def test_published_shares_of_more_than_the_nation_are_refused():
    with pytest.raises(DataError, match="sum to 1001 ‰ and leave -1 ‰ to 1 municipalities"):
        estimated_shares(pd.Series({"0114": 1000.0, "0115": 1.0}), {"0116": 1}, 1)


def test_nothing_is_left_to_estimate_where_every_share_is_published():
    assert estimated_shares(pd.Series({"0114": 1000.0}), {"0114": 1}, 1).empty


def test_who_has_taken_much_counts_for_more_and_with_relief_for_less():
    people, received = pd.Series({"0114": 100, "0115": 100}), pd.Series({"0114": 30, "0115": 10})
    more = key_numbers(people, received, ShareKey(1, 1))
    less = key_numbers(people, received, ShareKey(1, 1, relief=True))
    assert more["0114"] > more["0115"]
    assert less["0114"] < less["0115"]
    even = key_numbers(people, received * 0 + 5, ShareKey(3, 1, relief=True))
    assert even["0114"] == even["0115"]


def test_the_best_key_is_the_one_whose_worst_check_is_least_bad():
    rows = [
        ("a", "lan", 0.01),
        ("a", "kommuner", 0.3),
        ("b", "lan", 0.04),
        ("b", "kommuner", -0.05),
    ]
    frame = pd.DataFrame(rows, columns=["nyckel", "slag", "error_part"]).assign(error=1.0)
    assert mean_errors(frame)["nyckel"].tolist() == ["b", "b", "a", "a"]
    assert mean_errors(frame)["mean_part"].tolist() == [0.04, 0.05, 0.01, 0.3]


def test_an_error_is_the_estimate_less_the_published_and_a_part_of_it():
    published = pd.DataFrame({"kod": ["24"], "published": [31.26]})
    found = share_errors(published, {"24": 31.36}).iloc[0]
    assert found["error"] == 0.1
    assert found["error_part"] == pytest.approx(0.1 / 31.26)
