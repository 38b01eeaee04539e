"""The least redistribution that keeps to a problem's constraints, found by HiGHS.

A mixed-integer programme in whole hundredths of a per mille, so that the shares it finds are exact.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from helpers.model.placement import hundredths
from helpers.model.redistribution import Goal, Problem
from helpers.model.shares import WHOLE

Numbers = npt.NDArray[np.float64]
SLACK = 1e-6  # what the solver may miss by; a hundredth of a per mille weighs more


def solve(problem: Problem, goal: Goal) -> dict[str, float] | None:
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
    as_good = LinearConstraint(part[:1], -np.inf, part[0] @ best + SLACK)
    gentlest = _least(part[1], [*constraints, as_good], upper)
    chosen = best if gentlest is None else gentlest
    return dict(zip(codes, (np.rint(chosen[:count]) / 100).tolist(), strict=True))


def _least(weights: Numbers, constraints: list[LinearConstraint], upper: Numbers) -> Numbers | None:
    """The solution of least weight, all whole but u; None if there is no solution."""
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


def _moves(problem: Problem, before: Numbers) -> list[LinearConstraint]:
    """The total stands; who gives does not receive; a share falls by what is given and grows only
    by receiving.
    """
    count, total = len(before), before.sum()
    one, none, u = np.eye(count), np.zeros((count, count)), np.zeros((count, 1))
    least = hundredths([problem.least_promille]).astype(float)[0]
    rows = [
        LinearConstraint(
            np.concatenate([np.ones(count), np.zeros(4 * count + 1)])[None, :], total, total
        ),
        LinearConstraint(np.hstack([none, one, one, none, none, u]), -np.inf, 1),
        LinearConstraint(np.hstack([one, none, -total * one, one, none, u]), -np.inf, before),
        LinearConstraint(np.hstack([one, none, none, one, none, u]), before, np.inf),
        LinearConstraint(np.hstack([none, -before[:, None] * one, none, one, none, u]), -np.inf, 0),
        LinearConstraint(np.hstack([one, none, none, none, -total * one, u]), -np.inf, 0),
        LinearConstraint(np.hstack([one, none, none, none, -least * one, u]), 0, np.inf),
    ]
    if problem.whole_shares:
        rows.append(
            LinearConstraint(
                np.hstack([none, -before[:, None] * one, none, one, none, u]), 0, np.inf
            )
        )
    return rows


def _limits(problem: Problem, codes: list[str]) -> list[LinearConstraint]:
    """Load within places, and u at least as full as the fullest."""
    known = [number for number, kod in enumerate(codes) if kod in problem.places]
    width = 5 * len(codes) + 1
    rows = np.zeros((len(known), width))
    load = problem.prognos / WHOLE  # children per hundredth of a per mille
    for row, number in enumerate(known):
        rows[row, number], rows[row, -1] = load, -problem.places[codes[number]]
    return [LinearConstraint(rows, -np.inf, 1e-9)] if known else []
