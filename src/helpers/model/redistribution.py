"""Redistribution (omfördelning, "nollning") within a county: plans judged by the rules, and plans
proposed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

import pandas as pd

from helpers.errors import DataError
from helpers.model.exact import exact_difference
from helpers.model.placement import hundredths
from helpers.model.shares import WHOLE


@dataclass(frozen=True)
class Move:
    """One municipality hands its share over to another.

    Attributes:
        giver, receiver: kommunkod.
        promille: How much of the share, in ‰; None is all of it.
    """

    giver: str
    receiver: str
    promille: float | None = None


@dataclass(frozen=True)
class Plan:
    """One county's redistribution for one year.

    Attributes:
        lanskod: The county ("24"). ar: the year.
        moves: In the order they are made.
        agreed: kommunkod of the receivers that have agreed.
        least_promille: A share may not be below this, where the year's decision says so; 0 may be
            where the year's rule allows shares to be handed over.
    """

    lanskod: str
    ar: int
    moves: tuple[Move, ...] = ()
    agreed: frozenset[str] = frozenset()
    least_promille: float = 0.0


@dataclass(frozen=True)
class Rules:
    """The dated rules, as they are handed in: what holds in which year.

    Each is (the first year, what holds from then on), in order of time; a year before the first is
    under the first.

    Attributes:
        counted_from: The year from whose 1 January fulfilment is counted.
        redistribution: Whether shares may be handed over within a county.
        least_share: The least share of a municipality, in ‰.
        least_unknown_share: The least share, in ‰, of a municipality whose share is unknown and
            stands for the rest of the nation.
    """

    counted_from: int
    redistribution: tuple[tuple[int, bool], ...]
    least_share: tuple[tuple[int, float], ...]
    least_unknown_share: tuple[tuple[int, float], ...]

    def of(self, ar: int) -> "YearRules":
        """Return what holds in a year."""
        return YearRules(
            redistribution=_held(self.redistribution, ar),
            handed_over_from=self.first_handed_over,
            least_share=_held(self.least_share, ar),
            least_unknown_share=_held(self.least_unknown_share, ar),
        )

    @property
    def first_handed_over(self) -> int | None:
        """The first year in which shares may be handed over; None is never."""
        return next((year for year, allowed in self.redistribution if allowed), None)


@dataclass(frozen=True)
class YearRules:
    """What the rules say of one year.

    Attributes:
        redistribution: Whether shares may be handed over within a county.
        handed_over_from: The first year in which they may be; None is never.
        least_share, least_unknown_share: The least shares (‰), as in `Rules`.
    """

    redistribution: bool
    handed_over_from: int | None
    least_share: float
    least_unknown_share: float


Held = TypeVar("Held", bool, float)


def _held(since: Sequence[tuple[int, Held]], ar: int) -> Held:
    begun = [value for year, value in since if year <= ar]
    return begun[-1] if begun else since[0][1]


@dataclass(frozen=True)
class Refusal:
    """Why a plan is refused: a reason's code, and what it is about.

    Attributes:
        code: too_early, not_in_year, other_county, unknown_share, to_itself, negative, too_much,
            nothing, below_least, not_agreed or changed_total.
        kommunkod: The municipality, where it is about one.
        promille, limit: The share (‰) that is refused, and what it may be.
        ar, from_ar: The plan's year, and the first in which shares may be handed over.
    """

    code: str
    kommunkod: str = ""
    promille: float | None = None
    limit: float | None = None
    ar: int | None = None
    from_ar: int | None = None


class PlanError(DataError):
    """A plan that is refused, with every reason."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(*(f"{refusal.code} {refusal.kommunkod}".strip() for refusal in refusals))
        self.refusals = tuple(refusals)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Keep every reason when the error crosses a process border."""
        return type(self), (self.refusals,)


def redistribute(shares: Mapping[str, float], plan: Plan, rules: YearRules) -> dict[str, float]:
    """Return each municipality's share after the plan, in ‰, in the same order.

    Args:
        shares: kommunkod → andelstal (‰) of the county's municipalities before the plan; NaN is
            unknown, stays so, and can neither be handed over nor added to.
        plan: What to move.
        rules: Those of the plan's year.

    Raises:
        PlanError: the plan breaks a rule; all the reasons.

    >>> rules = YearRules(True, 2019, least_share=0, least_unknown_share=1)
    >>> plan = Plan("24", 2019, (Move("2401", "2480"),), agreed=frozenset({"2480"}))
    >>> redistribute({"2401": 1.14, "2480": 11.97}, plan, rules)
    {'2401': 0.0, '2480': 13.11}
    """
    before = {kod: Decimal(str(share)) for kod, share in shares.items() if not math.isnan(share)}
    refusals, after = _of_year(plan, rules), dict(before)
    for move in plan.moves:
        refusals += _of_move(move, plan, before)
        if move.giver in after and move.receiver in after:
            refusals += _carried_out(move, after)
    refusals += _of_result(plan, rules, before, after)
    if refusals:
        raise PlanError(refusals)
    return {kod: float(after.get(kod, math.nan)) for kod in shares}


def _carried_out(move: Move, after: dict[str, Decimal]) -> list[Refusal]:
    """Hand the share over, or say why it cannot be."""
    left = after[move.giver]
    handed = left if move.promille is None else Decimal(str(move.promille))
    if handed.is_nan() or handed == 0:
        return [Refusal("nothing", move.giver)]
    if handed < 0:
        return [Refusal("negative", move.giver, float(handed))]
    if handed > left:
        return [Refusal("too_much", move.giver, float(handed), float(left))]
    after[move.giver] -= handed
    after[move.receiver] += handed
    return []


def _of_year(plan: Plan, rules: YearRules) -> list[Refusal]:
    if not plan.moves or rules.redistribution:
        return []
    first = rules.handed_over_from
    early = first is not None and plan.ar < first
    return [Refusal("too_early" if early else "not_in_year", ar=plan.ar, from_ar=first)]


def _of_move(move: Move, plan: Plan, before: Mapping[str, Decimal]) -> list[Refusal]:
    strangers = [kod for kod in (move.giver, move.receiver) if kod[:2] != plan.lanskod]
    if strangers:
        return [Refusal("other_county", kod) for kod in strangers]
    unknown = [kod for kod in (move.giver, move.receiver) if kod not in before]
    refusals = [Refusal("unknown_share", kod) for kod in unknown]
    if move.giver == move.receiver:
        refusals.append(Refusal("to_itself", move.giver))
    elif move.receiver not in plan.agreed:
        refusals.append(Refusal("not_agreed", move.receiver))
    return refusals


def _of_result(
    plan: Plan, rules: YearRules, before: Mapping[str, Decimal], after: Mapping[str, Decimal]
) -> list[Refusal]:
    least = Decimal(str(max(plan.least_promille, rules.least_share)))
    small = [
        Refusal("below_least", kod, float(share), float(least))
        for kod, share in after.items()
        if share < least and (share or not rules.redistribution)
    ]
    changed = sum(after.values(), Decimal(0)) - sum(before.values(), Decimal(0))
    return small + ([Refusal("changed_total", promille=float(changed))] if changed else [])


def plan_to(shares: Mapping[str, float], before: Mapping[str, float]) -> tuple[Move, ...]:
    """Return moves that turn one distribution of shares (‰ by kommunkod) into another: each giver
    hands to receivers in turn.

    Raises:
        PlanError: the two do not have the same municipalities and the same sum.
    """
    change = {
        kod: Decimal(str(shares[kod])) - Decimal(str(before[kod]))
        for kod in before
        if kod in shares
    }
    total = sum(change.values(), Decimal(0))
    if len(change) != len(shares) or len(change) != len(before) or total:
        raise PlanError([Refusal("changed_total", promille=float(total))])
    wanted = {kod: more for kod, more in change.items() if more > 0}
    moves = []
    for giver, less in change.items():
        left = -less
        for receiver in list(wanted) if left > 0 else []:
            handed = min(left, wanted[receiver])
            if handed > 0:
                moves.append(Move(giver, receiver, float(handed)))
                left, wanted[receiver] = left - handed, wanted[receiver] - handed
    return tuple(moves)


def before_and_after(shares: pd.DataFrame, plan: Plan, rules: YearRules) -> pd.DataFrame:
    """Return a county's share table with the plan carried out.

    Args:
        shares: kommunkod, kommun, andelstal (‰).
        plan, rules: What to move, and the rules of its year.

    Returns:
        The shares with andelstal after the plan, andelstal_before and change (‰).

    Raises:
        PlanError: as `redistribute`.
    """
    before = dict(zip(shares["kommunkod"], shares["andelstal"].astype(float), strict=True))
    after = shares["kommunkod"].map(redistribute(before, plan, rules)).astype(float)
    change = exact_difference(after, shares["andelstal"]).astype(float)
    return shares.assign(andelstal=after, andelstal_before=shares["andelstal"], change=change)


Goal = Literal["fewest", "evenest"]
Blame = Literal["capacity", "agreements", "unknown_capacity", "whole_shares", "least_share"]


@dataclass(frozen=True)
class Problem:
    """What a redistribution must hold to.

    Attributes:
        shares: kommunkod → andelstal (‰) of one county.
        prognos: The nation's children that the county should have room for.
        places: kommunkod → places; a municipality that is missing is unknown, and may not receive.
        agreed: kommunkod of those that have agreed to receive.
        whole_shares: A giver hands over all of its share.
        least_promille: A share that is not 0 is at least this.
    """

    shares: Mapping[str, float]
    prognos: int
    places: Mapping[str, int]
    agreed: frozenset[str]
    whole_shares: bool = False
    least_promille: float = 0.0
    unknown_may_receive: bool = False


@dataclass(frozen=True)
class Proposal:
    """A redistribution, or why there is none.

    Attributes:
        moves: The plan; empty if nothing needs to move, or if there is none.
        shares: kommunkod → andelstal (‰) after it; empty if there is none.
        fullest: The highest load ÷ places after it, of those whose places are known; None if none
            are.
        fullest_kod: kommunkod of that municipality; "" if none are.
        overfull: kommunkod of those with more children than places before it.
        blame: Where there is no plan: each constraint that alone stands in the way; all of them
            together if no single one does.
    """

    moves: tuple[Move, ...] = ()
    shares: Mapping[str, float] | None = None
    fullest: float | None = None
    overfull: tuple[str, ...] = ()
    blame: tuple[Blame, ...] = ()
    fullest_kod: str = ""


def propose(problem: Problem, goal: Goal = "fewest") -> Proposal:
    """Return the redistribution (shares in ‰) with the fewest municipalities involved, or the least
    load on the fullest.

    Among equally good ones the one that moves the least is taken.

    Raises:
        DataError: there is no share, or the forecast is not above 0.
    """
    if not problem.shares or problem.prognos <= 0:
        raise DataError("a proposal needs known shares and a forecast above 0. Check the scenario.")
    overfull = tuple(kod for kod, used in _use(problem, problem.shares).items() if used > 1)
    found = _solve(problem, goal)
    if found is None:
        return Proposal(overfull=overfull, blame=_blame(problem, goal))
    used = _use(problem, found)
    fullest = max(used, key=lambda kod: used[kod], default="")
    return Proposal(
        plan_to(found, problem.shares), found, used.get(fullest), overfull, fullest_kod=fullest
    )


def _use(problem: Problem, shares: Mapping[str, float]) -> dict[str, float]:
    """Load ÷ places; no places and no load is 0, no places and a load is without bound."""
    used = {}
    for kod, share in zip(shares, hundredths(list(shares.values())).tolist(), strict=True):
        if kod in problem.places:
            load, places = share * problem.prognos / WHOLE, problem.places[kod]
            used[kod] = load / places if places else (float("inf") if load > 0 else 0.0)
    return used


def _blame(problem: Problem, goal: Goal) -> tuple[Blame, ...]:
    """Each constraint without which there would be a plan."""
    everyone = frozenset(problem.shares)
    without: dict[Blame, Problem] = {
        "agreements": replace(problem, agreed=everyone),
        "unknown_capacity": replace(problem, unknown_may_receive=True),
        "whole_shares": replace(problem, whole_shares=False),
        "least_share": replace(problem, least_promille=0.0),
    }
    alone = tuple(
        name
        for name, easier in without.items()
        if easier != problem and _solve(easier, goal) is not None
    )
    if alone:
        return alone
    all_at_once = Problem(
        problem.shares, problem.prognos, problem.places, everyone, unknown_may_receive=True
    )
    if _solve(all_at_once, goal) is None:
        return ("capacity",)
    return tuple(name for name, easier in without.items() if easier != problem)


def _solve(problem: Problem, goal: Goal) -> dict[str, float] | None:
    """Return the shares after the best redistribution; None if there is none."""
    from helpers.model.solver import solve  # a command that only reads tables need not wait for it

    return solve(problem, goal)
