"""Proposals: redistributions that keep the county's total within capacities and agreements."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from helpers.errors import DataError
from helpers.model.nation import WHOLE
from helpers.model.placement import hundredths
from helpers.model.redistribution import Move, plan_to

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
        fullest: The highest load ÷ places after it, of those whose places are known; None if none are.
        fullest_kod: kommunkod of that municipality; "" if none are.
        overfull: kommunkod of those with more children than places before it.
        blame: Where there is no plan: each constraint that alone stands in the way; all of them together if
            no single one does.
    """

    moves: tuple[Move, ...] = ()
    shares: Mapping[str, float] | None = None
    fullest: float | None = None
    overfull: tuple[str, ...] = ()
    blame: tuple[Blame, ...] = ()
    fullest_kod: str = ""


def propose(problem: Problem, goal: Goal = "fewest") -> Proposal:
    """Return the redistribution with the fewest municipalities involved, or the least load on the fullest.

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
    return Proposal(plan_to(found, problem.shares), found, used.get(fullest), overfull, fullest_kod=fullest)


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
    alone = tuple(name for name, easier in without.items() if easier != problem and _solve(easier, goal) is not None)
    if alone:
        return alone
    all_at_once = Problem(problem.shares, problem.prognos, problem.places, everyone, unknown_may_receive=True)
    if _solve(all_at_once, goal) is None:
        return ("capacity",)
    return tuple(name for name, easier in without.items() if easier != problem)


def _solve(problem: Problem, goal: Goal) -> dict[str, float] | None:
    """Return the shares after the best redistribution; None if there is none."""
    from helpers.model.solver import solve  # a command that only reads tables need not wait for it

    return solve(problem, goal)
