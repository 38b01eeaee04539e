"""The placement rule: always the lowest fulfilment (Migrationsverket, "Svar på vanliga frågor om
anvisningar").
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model import placement
from tests.model.dated import national_shares

SHARE = st.sampled_from([0, 100, 100, 114, 599, 1197]) | st.integers(0, 100_000)
COUNT = st.integers(0, 30) | st.integers(0, 20_000)


@st.composite
def nations(draw):
    """Shares and starting counts of one to eight municipalities, one share above 0 at least."""
    shares = draw(st.lists(SHARE, min_size=1, max_size=8).filter(any))
    start = draw(st.lists(COUNT, min_size=len(shares), max_size=len(shares)))
    return np.array(shares), np.array(start)


def by_hand(shares, start, children, first):
    """The rule in exact fractions: the lowest fulfilment, then the lowest `first`, then the first
    in order.
    """
    given_to = [0] * len(shares)
    for _ in range(children):
        waiting = [i for i in range(len(shares)) if shares[i]]
        lowest = min(
            waiting,
            key=lambda i: (Fraction(int(start[i]) + given_to[i], int(shares[i])), first[i], i),
        )
        given_to[lowest] += 1
    return given_to


@settings(max_examples=300)
@given(nations(), st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_the_closed_form_is_the_sequence_for_many_totals_at_once(nation, totals):
    shares, start = nation
    placed = placement.place(shares, start, totals)
    assert placed.tolist() == [
        placement.place_one_by_one(shares, start, total).tolist() for total in totals
    ]


@settings(max_examples=300)
@given(nations(), st.integers(0, 40))
def test_both_forms_are_the_rule_in_exact_fractions(nation, children):
    shares, start = nation
    hand = by_hand(shares, start, children, -shares)
    assert placement.place(shares, start, children).tolist() == hand
    assert placement.place_one_by_one(shares, start, children).tolist() == hand


@settings(max_examples=300)
@given(nations(), st.integers(0, 40), st.randoms(use_true_random=False))
def test_given_ties_decide_among_equal_fulfilments_only(nation, children, random):
    shares, start = nation
    ties = np.array(random.sample(range(len(shares)), len(shares))) / len(shares)
    assert placement.place(shares, start, children, ties).tolist() == by_hand(
        shares, start, children, ties
    )


@settings(max_examples=300)
@given(nations(), st.integers(0, 100_000), st.integers(0, 50))
def test_whole_children_are_conserved_and_one_more_takes_none_from_anyone(nation, children, more):
    shares, start = nation
    placed = placement.place(shares, start, range(children, children + more + 1))
    assert placed.sum(axis=1).tolist() == list(range(children, children + more + 1))
    assert (placed >= 0).all()
    assert (np.diff(placed, axis=0) >= 0).all()
    assert (placed[:, shares == 0] == 0).all()


@settings(max_examples=300)
@given(nations(), st.integers(0, 5_000), st.integers(0, 5_000))
def test_fulfilment_is_never_reset_so_two_years_are_one_long_one(nation, first, second):
    shares, start = nation
    year = placement.place(shares, start, first)
    both = year + placement.place(shares, start + year, second)
    assert both.tolist() == placement.place(shares, start, first + second).tolist()


def test_the_numbers_of_a_whole_nation_come_out_the_same_both_ways(vasterbotten, people):
    nation = national_shares(
        vasterbotten.set_index("kommunkod")["andelstal"], people, "population"
    ).to_numpy()
    start = np.arange(len(nation)) % 7
    for children in (0, 1, 289, 944, 2300):
        expected = placement.place_one_by_one(nation, start, children)
        assert placement.place(nation, start, children).tolist() == expected.tolist()


def test_the_next_child_goes_to_the_lowest_fulfilment():
    """3 ‰ and 1 ‰ from a clean start: both wait at 0, then at 1/3 against 1, 2/3 against 1, and 1
    against 1.
    """
    shares = np.array([300, 100])
    placed = placement.place(shares, np.array([0, 0]), range(6))
    assert placed.tolist() == [[0, 0], [1, 0], [1, 1], [2, 1], [3, 1], [4, 1]]


def test_who_has_taken_more_than_the_others_waits_until_they_have_caught_up():
    shares, start = np.array([100, 100, 200]), np.array([3, 0, 0])
    assert placement.place(shares, start, [9, 10, 12]).tolist() == [[0, 3, 6], [0, 3, 7], [1, 4, 7]]


def test_among_equal_fulfilments_the_larger_share_comes_first_and_then_the_first_in_order():
    shares = np.array([100, 200, 200])
    assert placement.place(shares, np.zeros(3), [1, 2, 3]).tolist() == [
        [0, 1, 0],
        [0, 1, 1],
        [1, 1, 1],
    ]


def test_each_total_can_have_a_start_of_its_own():
    shares = np.array([100, 100])
    assert placement.place(shares, np.array([[0, 0], [5, 0]]), [2, 2]).tolist() == [[1, 1], [0, 2]]


@pytest.mark.parametrize("alike", [True, False])
def test_hundreds_of_totals_at_once_are_given_what_each_is_given_alone(alike):
    draws = np.random.default_rng(1)
    shares, start, totals = (
        np.array([100, 100, 250, 1197, 0]),
        np.array([3, 0, 0, 9, 1]),
        draws.integers(0, 40, 450),
    )
    ties = draws.random((450, 5), dtype=np.float32)
    before = start if alike else start + draws.integers(0, 3, (450, 5))
    rows = zip(np.broadcast_to(before, (450, 5)), totals, ties, strict=True)
    alone = [placement.place(shares, own, total, luck).tolist() for own, total, luck in rows]
    assert placement.place(shares, before, totals, ties).tolist() == alone


def test_of_the_very_same_luck_the_first_in_order_is_chosen():
    shares, same = np.array([100, 100, 100]), np.full((1, 3), 0.5)
    assert placement.place(shares, np.zeros(3), [2], same).tolist() == [[1, 1, 0]]


def test_no_children_and_no_totals_are_answered():
    shares, start = np.array([0, 0]), np.array([1, 2])
    assert placement.place(shares, start, 0).tolist() == [0, 0]
    assert placement.place(shares, start, []).shape == (0, 2)


@pytest.mark.parametrize("place", [placement.place, placement.place_one_by_one])
@pytest.mark.parametrize(
    ("shares", "start", "children", "word"),
    [
        ([0, 0], [0, 0], 1, "no municipality has a share"),
        ([100, -1], [0, 0], 1, "0 or more"),
        ([100, 100], [0, -1], 1, "0 or more"),
        ([100, 100], [0, 0], -1, "0 or more"),
        ([100_000, 1], [2**31, 0], 1, "too large to be compared exactly"),
        ([100_000, 1], [0, 0], 2**31, "too large to be compared exactly"),
    ],
)
def test_what_cannot_be_placed_is_refused(place, shares, start, children, word):
    with pytest.raises(DataError, match=word):
        place(np.array(shares), np.array(start), children)


def test_just_below_the_bound_the_largest_numbers_are_still_compared_exactly():
    shares, count = np.array([99_999, 1]), (placement.MOST - 1) // (99_999 * 2) - 40
    start = np.array([count, count // 99_999])
    assert placement.place(shares, start, 40).tolist() == by_hand(shares, start, 40, -shares)


@pytest.mark.parametrize("share", [-0.01, 1000.01, 1.001, float("nan"), float("inf")])
def test_a_share_that_is_no_whole_hundredth_of_a_per_mille_is_refused(share):
    with pytest.raises(DataError, match="two decimals"):
        placement.hundredths([1.0, share])


@given(st.integers(0, 100_000))
def test_every_share_of_two_decimals_becomes_its_whole_hundredths(whole):
    assert placement.hundredths([whole / 100]).tolist() == [whole]
