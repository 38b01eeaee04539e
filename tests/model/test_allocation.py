"""Whole persons that add up: each method against its definition and against known
apportionments.
"""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model.allocation import METHODS, allocate, compare_methods, favours

KEYS = st.lists(
    st.sampled_from([0, 1, 1, 3]) | st.integers(0, 1_000_000), min_size=1, max_size=8
).filter(any)
ADDED = {"adams": Fraction(0), "webster": Fraction(1, 2), "jefferson": Fraction(1)}

# The fifteen states of the census of 1790; Congress gave 105 seats by Jefferson's method in 1792,
# and the vetoed bill 120 by Hamilton's (Balinski and Young, Fair Representation).
STATES = [630560, 475327, 432879, 353523, 331589, 278514, 236841, 206236]
STATES += [179570, 141822, 85533, 70835, 68705, 68446, 55540]
JEFFERSON_105 = [19, 14, 13, 10, 10, 8, 7, 6, 5, 4, 2, 2, 2, 2, 1]
HAMILTON_120 = [21, 16, 14, 12, 11, 9, 8, 7, 6, 5, 3, 2, 2, 2, 2]


def one_by_one(key, persons, added):
    """The divisor method in exact fractions: the lowest (given + added) / key, then the larger key,
    then the first.
    """
    given_to = [0] * len(key)
    for _ in range(persons):
        open_ = [i for i in range(len(key)) if key[i]]
        lowest = min(open_, key=lambda i: (Fraction(given_to[i] + added) / key[i], -key[i], i))
        given_to[lowest] += 1
    return given_to


def by_remainder(key, persons):
    """Hamilton in exact fractions."""
    quota = [Fraction(part * persons, sum(key)) for part in key]
    given_to = [int(part) for part in quota]
    order = sorted(range(len(key)), key=lambda i: (given_to[i] - quota[i], -key[i], i))
    for i in order[: persons - sum(given_to)]:
        given_to[i] += 1
    return given_to


@given(KEYS, st.integers(0, 60))
def test_each_divisor_method_is_its_plain_loop(key, persons):
    for method, added in ADDED.items():
        assert allocate(key, persons, method).tolist() == one_by_one(key, persons, added)


@given(KEYS, st.integers(0, 100_000))
def test_the_largest_remainders_are_those_of_exact_fractions(key, persons):
    assert allocate(key, persons, "hamilton").tolist() == by_remainder(key, persons)


@given(
    st.lists(st.just(0.0) | st.floats(1e-6, 1e9), min_size=1, max_size=40).filter(any),
    st.integers(0, 3_000),
)
def test_every_method_adds_up_and_gives_a_key_of_zero_none(key, persons):
    keys = np.array(key)
    for method in METHODS:
        whole = allocate(key, persons, method)
        assert whole.sum() == persons
        assert (whole >= 0).all()
        assert (whole[keys == 0] == 0).all()


@given(KEYS, st.integers(0, 5_000))
def test_each_method_keeps_its_quota_rule(key, persons):
    """Hamilton stays within one of the quota, Adams never goes a whole person above it, Jefferson
    never below it.
    """
    quota = np.array(key) * persons / sum(key)
    assert (np.abs(allocate(key, persons, "hamilton") - quota) < 1 + 1e-9).all()
    assert (allocate(key, persons, "adams") < quota + 1 + 1e-9).all()
    assert (allocate(key, persons, "jefferson") > quota - 1 - 1e-9).all()


@pytest.mark.parametrize(
    ("method", "whole"),
    [
        ("jefferson", [4, 3, 1, 0]),
        ("webster", [3, 3, 1, 1]),
        ("hamilton", [3, 3, 1, 1]),
        ("adams", [3, 3, 1, 1]),
    ],
)
def test_eight_seats_for_four_parties_are_the_textbooks(method, whole):
    """100 000, 80 000, 30 000 and 20 000 votes for 8 seats, the standard example of d'Hondt and
    Sainte-Laguë.
    """
    assert allocate([100_000, 80_000, 30_000, 20_000], 8, method).tolist() == whole


def test_the_first_two_apportionments_of_the_american_house_are_reproduced():
    assert allocate(STATES, 105, "jefferson").tolist() == JEFFERSON_105
    assert allocate(STATES, 120, "hamilton").tolist() == HAMILTON_120


@pytest.mark.parametrize("method", METHODS)
def test_the_unit_of_the_key_does_not_matter(method, people):
    """Inhabitants as the key, and the same as parts of the nation, in thousands, and in ever
    smaller units.
    """
    whole = allocate(people, 1500, method).tolist()
    for unit in (1 / people.sum(), 1e-3, 1e3, 1e9):
        assert allocate(people * unit, 1500, method).tolist() == whole


def test_adams_favours_the_smaller_half_and_jefferson_the_larger(people):
    table = favours(compare_methods(people, 1500)).set_index("method")
    smaller = table["smaller"]
    assert smaller["adams"] > smaller["webster"] > smaller["jefferson"]
    assert smaller["adams"] > 0 > smaller["jefferson"]
    assert (table["smaller"] + table["larger"]).abs().max() < 1e-6


def test_the_methods_stand_beside_the_exact_quota():
    compared = compare_methods(pd.Series([6, 3, 1], index=["2480", "2482", "2401"]), 5)
    assert compared["quota"].tolist() == [3.0, 1.5, 0.5]
    assert compared[list(METHODS)].sum().tolist() == [5, 5, 5, 5]
    assert list(compared.index) == ["2480", "2482", "2401"]


@pytest.mark.parametrize("key", [[1, None], [1, float("nan")], [1, -1], [1, float("inf")]])
@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_or_negative_key_is_refused(key, method):
    with pytest.raises(DataError, match="0 or more"):
        allocate(key, 3, method)


@pytest.mark.parametrize("method", METHODS)
def test_persons_with_nobody_to_take_them_are_refused_but_no_persons_are_not(method):
    with pytest.raises(DataError, match="key is 0"):
        allocate([0, 0], 1, method)
    assert allocate([0, 0], 0, method).tolist() == [0, 0]
    assert allocate([2, 1], 0, method).tolist() == [0, 0]


def test_fewer_than_no_persons_are_refused():
    with pytest.raises(DataError, match="-1 persons"):
        allocate([1], -1, "hamilton")
