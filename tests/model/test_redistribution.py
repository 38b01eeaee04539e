"""Redistribution within a county: what the rules allow, what each refusal is for, and that nothing
is lost.
"""

import pickle
from decimal import Decimal
from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model.allocation import allocate
from helpers.model.estimate import implied_share
from helpers.model.redistribution import Move, Plan, PlanError, plan_to
from helpers.model.shares import expected_children
from tests.model.dated import before_and_after, redistribute

# Four of Västerbotten's shares of 2018 (Antal och andelar 2019): 20,12 ‰ together.
SHARES = {"2401": 1.14, "2403": 1.0, "2480": 11.97, "2482": 5.99}
BOTH = frozenset({"2480", "2482"})


def codes(plan, shares=SHARES):
    with pytest.raises(PlanError) as refused:
        redistribute(shares, plan)
    return [refusal.code for refusal in refused.value.refusals]


def exact_sum(shares):
    return sum((Decimal(str(share)) for share in shares.values()), Decimal(0))


@st.composite
def legal_plans(draw):
    """Shares of two to nine municipalities and a plan that no rule forbids, of up to eight
    moves.
    """
    whole = draw(st.lists(st.integers(0, 6_000), min_size=2, max_size=9).filter(any))
    left, moves = list(whole), []
    for _ in range(draw(st.integers(0, 8))):
        giver = draw(st.sampled_from([i for i, share in enumerate(left) if share]))
        receiver = draw(st.sampled_from([i for i in range(len(left)) if i != giver]))
        handed = draw(st.integers(1, left[giver]))
        everything = handed == left[giver] and draw(st.booleans())
        moves.append(Move(f"240{giver}", f"240{receiver}", None if everything else handed / 100))
        left[giver], left[receiver] = left[giver] - handed, left[receiver] + handed
    shares = {f"240{i}": share / 100 for i, share in enumerate(whole)}
    return shares, Plan("24", 2019, tuple(moves), frozenset(shares)), left


@settings(max_examples=300)
@given(legal_plans())
def test_the_countys_total_never_changes_to_the_last_hundredth(case):
    shares, plan, left = case
    after = redistribute(shares, plan)
    assert exact_sum(after) == exact_sum(shares)
    assert list(after.values()) == [share / 100 for share in left]
    assert list(after) == list(shares)


@settings(max_examples=300)
@given(legal_plans())
def test_the_moves_between_two_distributions_lead_from_the_one_to_the_other(case):
    shares, plan, _ = case
    after = redistribute(shares, plan)
    moves = plan_to(after, shares)
    assert redistribute(shares, Plan("24", 2019, moves, frozenset(shares))) == after
    assert not {move.giver for move in moves} & {move.receiver for move in moves}


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Move("2401", "2580"), "other_county"),
        (Move("2580", "2480"), "other_county"),
        (Move("2401", "2480", -0.5), "negative"),
        (Move("2401", "2480", 1.15), "too_much"),
        (Move("2401", "2480", 0.0), "nothing"),
        (Move("2401", "2480", nan), "nothing"),
        (Move("2480", "2401"), "not_agreed"),
        (Move("2404", "2480"), "unknown_share"),
        (Move("2480", "2480", 1.0), "to_itself"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_move_against_the_rules_is_refused_for_its_reason(move, code):
    assert codes(Plan("24", 2019, (move,), BOTH)) == [code]


def test_no_share_can_be_handed_over_before_2019():
    """The slide of 2018: "Nytt för i år – kommuner kan nollas"."""
    assert "too_early" in codes(Plan("24", 2018, (Move("2401", "2480", 0.14),), BOTH))


def test_no_share_can_be_below_one_per_mille_before_2019_not_even_zero():
    """No share below 1 ‰ before 2019 (Antal och andelar 2019)."""
    assert codes(Plan("24", 2018), {"2401": 0.5, "2403": 0.0, "2480": 1.0}) == [
        "below_least",
        "below_least",
    ]
    assert redistribute({"2401": 0.5, "2403": 0.0}, Plan("24", 2019)) == {"2401": 0.5, "2403": 0.0}


def test_a_years_least_share_forbids_a_small_remainder_but_not_zero():
    part = Plan("24", 2019, (Move("2401", "2480", 0.2),), BOTH, least_promille=1.0)
    assert codes(part) == ["below_least"]
    everything = Plan("24", 2019, (Move("2401", "2480"),), BOTH, least_promille=1.0)
    assert redistribute(SHARES, everything)["2401"] == 0


def test_a_share_that_is_already_zero_has_nothing_to_hand_over():
    assert codes(Plan("24", 2019, (Move("2401", "2480"), Move("2401", "2482")), BOTH)) == [
        "nothing"
    ]


def test_an_unknown_share_stays_unknown_and_can_take_no_part():
    unknown = SHARES | {"2404": nan}
    assert codes(Plan("24", 2019, (Move("2401", "2404"),), frozenset({"2404"})), unknown) == [
        "unknown_share"
    ]
    after = redistribute(unknown, Plan("24", 2019, (Move("2401", "2480"),), BOTH))
    assert np.isnan(after["2404"])
    assert after["2480"] == 13.11


def test_all_the_reasons_are_told_at_once():
    moves = (
        Move("2580", "2480"),
        Move("2480", "2401", -1.0),
        Move("2403", "2482", 2.0),
        Move("2482", "2482"),
    )
    refused = codes(Plan("24", 2018, moves, BOTH))
    assert refused == [
        "too_early",
        "other_county",
        "not_agreed",
        "negative",
        "too_much",
        "to_itself",
    ]


def test_a_refusal_names_the_municipality_the_amount_and_what_it_may_be():
    with pytest.raises(PlanError, match="too_much 2401") as refused:
        redistribute(SHARES, Plan("24", 2019, (Move("2401", "2480", 2.0),), BOTH))
    (reason,) = refused.value.refusals
    assert (reason.kommunkod, reason.promille, reason.limit) == ("2401", 2.0, 1.14)


def test_a_refused_plan_keeps_its_reasons_across_a_process_border():
    with pytest.raises(PlanError) as refused:
        redistribute(SHARES, Plan("24", 2018, (Move("2401", "2403"),)))
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.refusals == refused.value.refusals
    assert str(again) == str(refused.value)


def test_moves_are_made_in_order_so_what_was_received_can_be_handed_on():
    moves = (Move("2401", "2480"), Move("2480", "2482"))
    assert redistribute(SHARES, Plan("24", 2019, moves, BOTH)) == {
        "2401": 0,
        "2403": 1.0,
        "2480": 0,
        "2482": 19.1,
    }


def test_vasterbotten_2019_with_all_but_two_at_zero_keeps_31_26_per_mille_and_71_898_children(
    vasterbotten,
):
    """Antal och andelar 2019: 31,26 ‰ × 2 300 = 71,898."""
    small = [kod for kod in vasterbotten["kommunkod"] if kod not in BOTH]
    plan = Plan(
        "24", 2019, tuple(Move(kod, "2480" if kod < "2420" else "2482") for kod in small), BOTH
    )
    table = before_and_after(vasterbotten, plan).set_index("kommunkod")
    assert len(small) == 13
    assert (table.loc[small, "andelstal"] == 0).all()
    assert exact_sum(table["andelstal"].to_dict()) == Decimal("31.26")
    assert expected_children(table["andelstal"], 2300).sum() == pytest.approx(71.898)
    assert table["change"].sum() == pytest.approx(0, abs=1e-9)
    assert (table["andelstal_before"] + table["change"]).tolist() == pytest.approx(
        table["andelstal"].tolist()
    )


def test_vasternorrland_2022_with_everything_in_ange_gives_ange_the_countys_fifteen(workbook):
    """Politikerplattformen 2022-02-23: forecast 700, about 15 to the county, redistributed to Ånge
    (2260).

    The municipalities' own shares are not known, and need not be: any division of the county's
    gives the same.
    """
    county = workbook.county("Y").kommunkoder
    people = workbook.folkmangd[workbook.folkmangd["ar"] == 2019].set_index("kommunkod")[
        "folkmangd"
    ]
    whole = allocate(people[list(county)], round(100 * implied_share(15, 700)), "hamilton")
    shares = dict(zip(county, (whole / 100).tolist(), strict=True))
    plan = Plan(
        "22", 2022, tuple(Move(kod, "2260") for kod in county if kod != "2260"), frozenset({"2260"})
    )
    after = redistribute(shares, plan)
    assert round(after["2260"], 1) == 21.4
    assert sum(after.values()) == after["2260"]
    assert expected_children(pd.Series(after), 700).sum() == pytest.approx(15, abs=0.01)


@pytest.mark.parametrize(
    "after", [{"2401": 1.0, "2480": 1.1}, {"2401": 2.0}, {"2401": 1.0, "2482": 1.0}]
)
def test_no_moves_lead_to_another_total_or_to_other_municipalities(after):
    with pytest.raises(PlanError, match="changed_total"):
        plan_to(after, {"2401": 1.0, "2480": 1.0})
