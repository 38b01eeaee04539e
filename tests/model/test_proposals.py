"""Proposed redistributions: no better one exists on small counties, and who is blamed is to
blame.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model.redistribution import Plan, Problem, propose
from tests.model.dated import redistribute

BOTH = frozenset({"2401", "2402"})


@st.composite
def counties(draw, whole_shares):
    """Two to four municipalities at a forecast of 1 000, so that a share of 1 ‰ is one child."""
    codes = [f"240{i}" for i in range(draw(st.integers(2, 4)))]
    shares = {kod: draw(st.integers(0, 500)) / 100 for kod in codes}
    places = {
        kod: count for kod in codes if (count := draw(st.none() | st.integers(0, 9))) is not None
    }
    agreed = frozenset(kod for kod in codes if draw(st.booleans()))
    return Problem(shares, 1_000, places, agreed, whole_shares=whole_shares)


def fewest_by_trying(problem):
    """The fewest municipalities of all ways to choose who gives everything and who receives; None
    if none will do.
    """
    whole = {kod: round(100 * share) for kod, share in problem.shares.items()}
    room = {kod: 100 * problem.places[kod] - whole[kod] for kod in whole if kod in problem.places}
    may = [kod for kod in whole if kod in problem.agreed and kod in room]
    best = None
    for roles in product(("stays", "gives", "receives"), repeat=len(whole)):
        role = dict(zip(whole, roles, strict=True))
        receivers = [kod for kod in whole if role[kod] == "receives"]
        given_away = sum(whole[kod] for kod in whole if role[kod] == "gives")
        fits = all(room[kod] >= 0 for kod in room if role[kod] != "gives")
        if (
            set(receivers) <= set(may)
            and fits
            and given_away <= sum(room[kod] for kod in receivers)
        ):
            involved = sum(one != "stays" for one in roles)
            best = involved if best is None else min(best, involved)
    return best


def involved(proposal):
    return len({kod for move in proposal.moves for kod in (move.giver, move.receiver)})


@settings(max_examples=300)
@given(counties(whole_shares=True))
def test_no_plan_of_whole_shares_involves_fewer_than_the_one_proposed(problem):
    proposal = propose(problem)
    fewest = fewest_by_trying(problem)
    assert (proposal.shares is None) == (fewest is None)
    assert fewest is None or involved(proposal) == fewest


@settings(max_examples=200)
@given(
    counties(whole_shares=False) | counties(whole_shares=True),
    st.sampled_from(["fewest", "evenest"]),
)
def test_a_proposal_breaks_no_capacity_and_no_agreement_and_keeps_the_total(problem, goal):
    proposal = propose(problem, goal)
    if proposal.shares is None:
        assert proposal.blame
        assert proposal.moves == ()
        return
    plan = Plan("24", 2019, proposal.moves, problem.agreed)
    assert redistribute(problem.shares, plan) == proposal.shares
    assert all(
        round(100 * proposal.shares[kod]) <= 100 * places for kod, places in problem.places.items()
    )
    grown = {kod for kod, share in proposal.shares.items() if share > problem.shares[kod]}
    assert grown <= problem.agreed & set(problem.places)
    if problem.whole_shares:
        assert all(proposal.shares[move.giver] == 0 for move in proposal.moves)


@settings(max_examples=200)
@given(counties(whole_shares=False))
def test_the_fewest_hand_over_no_more_than_what_there_is_no_room_for(problem):
    proposal = propose(problem)
    excess = sum(
        max(round(100 * problem.shares[kod]) - 100 * places, 0)
        for kod, places in problem.places.items()
    )
    assert (
        proposal.shares is None
        or sum(round(100 * (move.promille or 0)) for move in proposal.moves) == excess
    )


@settings(max_examples=100)
@given(counties(whole_shares=False))
def test_the_evenest_is_no_fuller_than_the_fewest_and_both_say_the_same_twice(problem):
    fewest, evenest = propose(problem), propose(problem, "evenest")
    assert (fewest, evenest) == (propose(problem), propose(problem, "evenest"))
    if fewest.fullest is not None and evenest.fullest is not None:
        assert evenest.fullest <= fewest.fullest + 1e-6


@pytest.mark.parametrize(
    ("problem", "blame"),
    [
        (Problem({"2401": 5.0, "2402": 5.0}, 1000, {"2401": 4, "2402": 4}, BOTH), ("capacity",)),
        (
            Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 2, "2402": 9}, frozenset()),
            ("agreements",),
        ),
        (Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 2}, BOTH), ("unknown_capacity",)),
        (
            Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 4, "2402": 3}, BOTH, True),
            ("whole_shares",),
        ),
        (
            Problem(
                {"2401": 5.0, "2402": 0.0}, 1000, {"2401": 4, "2402": 1}, BOTH, least_promille=2.0
            ),
            ("least_share",),
        ),
        (
            Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 2}, frozenset()),
            ("agreements", "unknown_capacity"),
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)
def test_where_there_is_no_plan_the_constraint_in_the_way_is_blamed(problem, blame):
    proposal = propose(problem)
    assert proposal.shares is None
    assert proposal.blame == blame


def test_either_of_two_constraints_is_blamed_when_each_alone_would_be_enough():
    """2401 must lose 1 ‰: 2402 has room and would agree to nothing; 2403 has agreed and has unknown
    places.
    """
    shares = {"2401": 5.0, "2402": 1.0, "2403": 1.0}
    problem = Problem(shares, 1000, {"2401": 4, "2402": 9}, frozenset({"2403"}))
    assert propose(problem).blame == ("agreements", "unknown_capacity")


def test_nothing_moves_where_everyone_has_room_even_at_the_last_place():
    problem = Problem({"2401": 1.1, "2402": 5.0}, 10_000, {"2401": 11, "2402": 50}, BOTH)
    proposal = propose(problem)
    assert (proposal.moves, proposal.overfull, proposal.fullest) == ((), (), 1.0)


def test_only_as_much_moves_as_must():
    """Of 5 ‰ at a forecast of 1 000 there is room for 4: one whole per mille moves, and no more."""
    proposal = propose(Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 4, "2402": 9}, BOTH))
    assert proposal.shares == {"2401": 4.0, "2402": 2.0}
    assert proposal.overfull == ("2401",)


def test_of_plans_with_equally_few_the_one_that_moves_the_least_is_taken():
    """Of 4,15 ‰ there is room for 3 and of 3,43 ‰ for 2: 1,15 + 1,43 must move, and any of the
    others has room.
    """
    shares = {"2400": 4.04, "2401": 4.15, "2402": 2.23, "2403": 2.49, "2404": 3.43}
    places = {"2400": 6, "2401": 3, "2402": 6, "2403": 6, "2404": 2}
    proposal = propose(Problem(shares, 1000, places, frozenset(shares)))
    assert sum(round(100 * move.promille) for move in proposal.moves) == 115 + 143
    assert involved(proposal) == 3


def test_the_evenest_levels_the_load_over_all_places():
    """6 ‰ over 4 and 8 places at a forecast of 1 000: half full both."""
    proposal = propose(
        Problem({"2401": 5.0, "2402": 1.0}, 1000, {"2401": 4, "2402": 8}, BOTH), "evenest"
    )
    assert proposal.shares == {"2401": 2.0, "2402": 4.0}
    assert proposal.fullest == 0.5


def test_who_has_no_places_gives_all_of_its_share():
    proposal = propose(Problem({"2401": 1.14, "2402": 11.97}, 1500, {"2401": 0, "2402": 20}, BOTH))
    assert proposal.shares == {"2401": 0.0, "2402": 13.11}
    assert proposal.overfull == ("2401",)


def test_vasterbottens_thirteen_smaller_ones_fit_in_two_that_have_room(vasterbotten):
    """31,26 ‰ of 2 300 are 71,898 children; the two largest with 72 places, the others with
    none.
    """
    shares = dict(
        zip(vasterbotten["kommunkod"], vasterbotten["andelstal"].astype(float), strict=True)
    )
    places = dict.fromkeys(shares, 0) | {"2480": 48, "2482": 24}
    proposal = propose(
        Problem(shares, 2300, places, frozenset({"2480", "2482"}), whole_shares=True)
    )
    assert sum(proposal.shares.values()) == pytest.approx(31.26)
    assert involved(proposal) == 15


@pytest.mark.parametrize(
    "problem", [Problem({}, 1000, {}, BOTH), Problem({"2401": 1.0}, 0, {}, BOTH)]
)
def test_a_proposal_without_shares_or_forecast_is_refused(problem):
    with pytest.raises(DataError, match="known shares and a forecast"):
        propose(problem)
