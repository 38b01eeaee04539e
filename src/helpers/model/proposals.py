"""Redistributions proposed: the least that keeps to a problem's constraints, found by HiGHS.

A mixed-integer programme in whole hundredths of a per mille, so that the shares it finds are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from helpers.errors import DataError
from helpers.model.placement import hundredths
from helpers.model.redistribution import Move, plan_to
from helpers.model.shares import WHOLE

Numbers = npt.NDArray[np.float64]
# rows of coefficients, and what their sums lie between
Limits = tuple[Numbers, Numbers | float, Numbers | float]
SLACK = 1e-6  # what the solver may miss by; a hundredth of a per mille weighs more


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
    """Return the shares (‰ by kommunkod) after the best redistribution; None if there is none.

    Per municipality: x (share after), g (gives), r (receives), m (how much it gives), z (share
    above 0); one u, the load on the fullest.
    """
    codes = list(problem.shares)
    count = len(codes)
    before = hundredths(list(problem.shares.values())).astype(float)
    upper = np.concatenate(
        [np.full(count, before.sum()), *_switches(problem, codes), before, np.ones(count), [1.0]]
    )
    part = np.zeros((2, 5 * count + 1))
    part[0, slice(count, 3 * count) if goal == "fewest" else -1] = 1
    part[1, 3 * count : 4 * count] = 1
    constraints = [*_moves(problem, before), *_limits(problem, codes)]
    best = _least(part[0], constraints, upper)
    if best is None:
        return None
    as_good = (part[:1], -np.inf, part[0] @ best + SLACK)
    gentlest = _least(part[1], [*constraints, as_good], upper)
    chosen = best if gentlest is None else gentlest
    return dict(zip(codes, (np.rint(chosen[:count]) / 100).tolist(), strict=True))


def _least(weights: Numbers, constraints: list[Limits], upper: Numbers) -> Numbers | None:
    """The solution of least weight, all whole but u; None if there is no solution."""
    from scipy.optimize import Bounds, milp  # a command that only reads tables need not wait for it

    whole = np.append(np.ones(len(upper) - 1), 0)
    bounds = Bounds(np.zeros(len(upper)), upper)
    result = milp(
        weights,
        constraints=constraints,
        integrality=whole,
        bounds=bounds,
        options={"mip_rel_gap": 0},
    )
    return None if result.x is None else np.asarray(result.x)


def _switches(problem: Problem, codes: list[str]) -> tuple[Numbers, Numbers]:
    """Who may give and who may receive, 1 or 0."""
    may = [
        kod in problem.agreed and (kod in problem.places or problem.unknown_may_receive)
        for kod in codes
    ]
    return np.ones(len(codes)), np.asarray(may, dtype=float)


def _moves(problem: Problem, before: Numbers) -> list[Limits]:
    """The total stands; who gives does not receive; a share falls by what is given and grows only
    by receiving.
    """
    count, total = len(before), before.sum()
    one, none, u = np.eye(count), np.zeros((count, count)), np.zeros((count, 1))
    least = hundredths([problem.least_promille]).astype(float)[0]
    rows = [
        (np.concatenate([np.ones(count), np.zeros(4 * count + 1)])[None, :], total, total),
        (np.hstack([none, one, one, none, none, u]), -np.inf, 1),
        (np.hstack([one, none, -total * one, one, none, u]), -np.inf, before),
        (np.hstack([one, none, none, one, none, u]), before, np.inf),
        (np.hstack([none, -before[:, None] * one, none, one, none, u]), -np.inf, 0),
        (np.hstack([one, none, none, none, -total * one, u]), -np.inf, 0),
        (np.hstack([one, none, none, none, -least * one, u]), 0, np.inf),
    ]
    if problem.whole_shares:
        rows.append((np.hstack([none, -before[:, None] * one, none, one, none, u]), 0, np.inf))
    return rows


def _limits(problem: Problem, codes: list[str]) -> list[Limits]:
    """Load within places, and u at least as full as the fullest."""
    known = [number for number, kod in enumerate(codes) if kod in problem.places]
    width = 5 * len(codes) + 1
    rows = np.zeros((len(known), width))
    load = problem.prognos / WHOLE  # children per hundredth of a per mille
    for row, number in enumerate(known):
        rows[row, number], rows[row, -1] = load, -problem.places[codes[number]]
    return [(rows, -np.inf, 1e-9)] if known else []
