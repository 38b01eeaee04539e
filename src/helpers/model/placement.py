"""The placement rule: each child to the municipality with the lowest fulfilment; and its course
from a clean start.
"""

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.errors import DataError

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
MOST = 2**48  # largest share × largest count × municipalities
BLOCK = 200  # totals at a time, so that what is worked on stays in the processor's cache


def hundredths(andelstal: npt.ArrayLike) -> Whole:
    """Return shares in ‰ as whole hundredths of a per mille.

    Raises:
        DataError: a share is unknown, negative, above 1000 ‰ or has more than two decimals.

    >>> hundredths([11.97, 1.0, 0.0]).tolist()
    [1197, 100, 0]
    """
    shares = np.asarray(andelstal, dtype=float)
    whole = np.rint(shares * 100)
    wrong = ~((shares >= 0) & (shares <= 1000) & np.isclose(shares * 100, whole, rtol=0, atol=1e-6))
    if wrong.any():
        raise DataError(
            f"andelstal must be 0–1000 ‰ with two decimals at most, found {shares[wrong].tolist()}."
        )
    return np.asarray(whole, dtype=np.int64)


def place_one_by_one(shares: Whole, start: Whole, children: int) -> Whole:
    """Return how many children each municipality is given, placing them one at a time.

    The rule word for word, to test the closed form against. Among equally low fulfilments the
    larger share comes first, then the first in order. A share of 0 is given none.

    Args:
        shares: Hundredths of a per mille, one per municipality.
        start: Children placed before the first of these.
        children: How many to place.

    Raises:
        DataError: as `place`.

    >>> place_one_by_one(np.array([300, 100]), np.array([0, 0]), 5).tolist()
    [4, 1]
    """
    _check(shares, start, np.array([children]))
    share, placed = shares.tolist(), start.tolist()
    waiting = [(placed[i] / share[i], -share[i], i) for i in range(len(share)) if share[i]]
    heapq.heapify(waiting)
    for _ in range(children):
        _, _, i = waiting[0]
        placed[i] += 1
        heapq.heapreplace(waiting, (placed[i] / share[i], -share[i], i))
    return np.asarray(placed, dtype=np.int64) - start


def place(
    shares: Whole, start: Whole, children: npt.ArrayLike, ties: npt.ArrayLike | None = None
) -> Whole:
    """Return how many children each municipality is given, in closed form, for many totals at once.

    Exactly what `place_one_by_one` returns. The level of fulfilment that uses up nearly all
    children is found by halving; the few that are left go to the lowest of the fulfilments next in
    turn.

    Args:
        shares: Hundredths of a per mille, shape (municipalities,).
        start: Children placed before, shape (municipalities,) or (totals, municipalities).
        children: How many to place: one total, or shape (totals,).
        ties: Who comes first among equally low fulfilments, lowest first, in place of the larger
            share: numbers from 0 to below 1, shape as `start`.

    Returns:
        Children, shape (municipalities,) for one total, else (totals, municipalities).

    Raises:
        DataError: no share is above 0 while there are children to place, a count is negative, or
            the numbers are too large to compare exactly.

    >>> place(np.array([300, 100]), np.array([0, 0]), [4, 5]).tolist()
    [[3, 1], [4, 1]]
    """
    totals = np.atleast_1d(np.asarray(children, dtype=np.int64))
    before = np.atleast_2d(np.asarray(start, dtype=np.int64))
    _check(shares, before, totals)
    first: npt.NDArray[Any] = np.atleast_2d(
        _larger_first(shares) if ties is None else np.asarray(ties)
    )
    given = np.zeros((len(totals), len(shares)), dtype=np.int64)
    open_ = np.flatnonzero(shares) if (shares == 0).any() else slice(None)
    if shares.any() and len(before) == 1:
        given[:, open_] = _filled_alike(shares[open_], before[:, open_], totals, first[:, open_])
    elif shares.any():
        for rows in (slice(at, at + BLOCK) for at in range(0, len(totals), BLOCK)):
            luck = first[rows] if len(first) > 1 else first
            given[rows, open_] = _filled(
                shares[open_], before[rows, open_], totals[rows], luck[:, open_]
            )
    return given[0] if np.ndim(children) == 0 else given


def _check(shares: Whole, start: Whole, totals: Whole) -> None:
    if (shares < 0).any() or (start < 0).any() or (totals < 0).any():
        raise DataError(
            "shares, starting counts and children must be 0 or more. Check the scenario."
        )
    if totals.any() and not shares.any():
        raise DataError(
            "no municipality has a share above 0 ‰, so no child can be placed. Check the plan."
        )
    count = int(start.max(initial=0)) + int(totals.max(initial=0))
    if int(shares.max(initial=0)) * count * len(shares) >= MOST:
        raise DataError(
            "the shares and counts are too large to be compared exactly. Check their units."
        )


def _larger_first(shares: Whole) -> Real:
    order = np.argsort(-shares, kind="stable")
    return np.argsort(order, kind="stable") / len(shares)


def _filled(shares: Whole, start: Whole, totals: Whole, first: npt.NDArray[np.floating]) -> Real:
    """Give all but a few below a level of fulfilment, then those few to the next in turn.

    Who comes first is worth less than half the distance between two fulfilments, so that one sort
    does.
    """
    before = start.astype(float)
    given = _below(_level(shares, before, totals), shares, before)
    turn = (before + given) / shares + first / (2 * float(shares.max()) ** 2)
    return np.asarray(given + _lowest(turn, (totals - given.sum(axis=1)).astype(np.int64)))


def _filled_alike(
    shares: Whole, start: Whole, totals: Whole, first: npt.NDArray[np.floating]
) -> Real:
    """Do as `_filled` where all begin alike: a total is filled once, and of those last in turn only
    ties compared.
    """
    before = start.astype(float)
    each, row = np.unique(totals, return_inverse=True)
    given = _below(_level(shares, before, each), shares, before)
    turns, left = (before + given) / shares, (each - given.sum(axis=1)).astype(np.int64)
    filled, first = given[row], np.broadcast_to(first, (len(totals), len(shares)))
    for number in np.flatnonzero(left):
        rows, turn = np.flatnonzero(row == number), turns[number]
        last = np.sort(turn)[left[number] - 1]
        tied = np.ix_(rows, np.flatnonzero(turn == last))
        filled[rows] += turn < last
        filled[tied] += _lowest(first[tied], np.full(len(rows), left[number] - (turn < last).sum()))
    return np.asarray(filled)


def _lowest(turn: npt.NDArray[np.floating], number: Whole) -> npt.NDArray[np.bool_]:
    """Tell which are the lowest of each row, so many as told; of equals the first in order."""
    ends = np.sort(turn, axis=1)
    last = np.take_along_axis(ends, np.maximum(number - 1, 0)[:, None], axis=1)
    chosen = (turn <= last) & (number > 0)[:, None]
    for row in np.flatnonzero(chosen.sum(axis=1) != number):
        chosen[row] = False
        chosen[row, np.argsort(turn[row], kind="stable")[: number[row]]] = True
    return np.asarray(chosen)


def _level(shares: Whole, start: Real, totals: Whole) -> Real:
    """A level of fulfilment, per total, below which all is given and above which each is given one
    at most.

    It is sought between what everyone could have if all were rounded up, and what all would have if
    none were. A hair is taken off: a product that rounds up must not give a child too many.
    """
    low = np.maximum(totals - len(shares), 0) / shares.sum()
    high = (totals + start.sum(axis=1)) / shares.sum()
    room = np.empty((len(totals), len(shares)))
    while ((high - low) * shares.max()).max(initial=0) >= 0.5:
        middle = (low + high) / 2
        enough = _below(middle, shares, start, room).sum(axis=1) > totals
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(low * (1 - 2.0**-50))


def _below(level: Real, shares: Whole, start: Real, room: Real | None = None) -> Real:
    """How many more each municipality takes, whole, before its fulfilment reaches the level;
    written to `room`.
    """
    more = np.multiply(level[:, None], shares, out=room)
    np.ceil(more, out=more)
    more -= start
    return np.maximum(more, 0, out=more)


Counts = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Course:
    """What the first municipalities have been given after so many of the nation's children.

    Among equally low fulfilments chance decides, so a count is a range of at most one child.

    Attributes:
        low, high: Children, shape (children placed + 1, municipalities + 1); the last column is all
            of them together, which is no sum of the others' ends.
        period: After so many children the sequence begins anew, all being equally far.
        each: What a period gives each column.
    """

    low: Counts
    high: Counts
    period: int
    each: Counts

    def between(self, starts: Counts, children: int) -> tuple[Counts, Counts]:
        """Return the fewest and most that a year brings each column, shape (starts, municipalities
        + 1).

        Args:
            starts: The nation's children placed before, one per possible start, each one more than
                the last.
            children: The nation's children of the year.
        """
        low = self._at(self.low, starts + children) - self._at(self.high, starts)
        high = self._at(self.high, starts + children) - self._at(self.low, starts)
        return np.maximum(low, 0), np.minimum(high, children)

    def _at(self, counts: Counts, totals: Counts) -> Counts:
        """Counts after totals that follow one another: cut out where they can be, or period by
        period.
        """
        if totals[-1] < self.period:
            return counts[totals[0] : totals[-1] + 1]
        whole, rest = np.divmod(totals, self.period)
        return np.asarray(counts[rest] + whole[:, None] * self.each)


def period(shares: Whole) -> int:
    """Return after how many children the rule's sequence begins anew.

    >>> period(np.array([300, 100]))
    4
    """
    return int(shares.sum() // np.gcd.reduce(shares))


def sequence(shares: Whole, children: int) -> tuple[Whole, Real]:
    """Return who is given the first children from a clean start, in turn, and at which fulfilment.

    Those that share the last fulfilment are all there, so there are at least as many as asked for.
    Among equals the larger share comes first, then the first in order.

    Args:
        shares: Hundredths of a per mille, at least one above 0.
        children: How many.

    >>> sequence(np.array([300, 100]), 5)[0].tolist()
    [0, 1, 0, 0, 0, 1]
    """
    counts = np.where(shares > 0, children * shares // shares.sum() + 2, 0)
    who = np.repeat(np.arange(len(shares)), counts)
    before = np.arange(len(who)) - np.repeat(counts.cumsum() - counts, counts)
    level = before / shares[who]
    order = np.lexsort((who, -shares[who], level))
    who, level = who[order], level[order]
    kept = np.searchsorted(level, level[children - 1], side="right") if children else 0
    return who[:kept], level[:kept]


def follow(shares: Whole, wanted: int, children: int) -> Course:
    """Return the rule's course for the first municipalities, up to a number of children or one
    whole period.

    Args:
        shares: The nation's, in hundredths of a per mille.
        wanted: How many municipalities, from the first, are asked for.
        children: The most that will be asked about.
    """
    again = period(shares)
    length = min(children + 1, again)
    who, level = sequence(shares, length)
    own = who[:, None] == np.arange(wanted)
    given = np.zeros((len(who) + 1, wanted + 1), dtype=np.int32)
    np.cumsum(np.column_stack([own, who < wanted]), axis=0, out=given[1:])
    low, high = _bounds(given, level, np.arange(length))
    every = np.append(shares[:wanted], shares[:wanted].sum()) // np.gcd.reduce(shares)
    return Course(low, high, again, every)


def _bounds(given: Counts, level: Real, totals: Counts) -> tuple[Counts, Counts]:
    """The fewest and most that each column can have after each total: of those tied, who is left is
    not known.
    """
    first = np.searchsorted(level, level[totals], side="left")
    last = np.searchsorted(level, level[totals], side="right")
    tied, before = given[last] - given[first], given[first]
    taken, others = (
        (totals - first).astype(np.int32)[:, None],
        (last - first).astype(np.int32)[:, None] - tied,
    )
    return before + np.maximum(taken - others, 0), before + np.minimum(taken, tied)


def least_given(shares: Whole, children: int, most_before: int, wanted: Whole) -> bool:
    """Return whether every municipality with a share is given at least so many in a year, whatever
    the start.

    Args:
        shares: The nation's, in hundredths of a per mille.
        children: The nation's children of the year.
        most_before: The start is 0 to so many children; with `children` it must be within one
            period.
        wanted: How many each should be given at least.
    """
    who, _ = sequence(shares, most_before + children)
    order = np.argsort(who, kind="stable")
    own, at = who[order], order + 1
    later = np.arange(len(own)) + wanted[own]
    there = (later < len(own)) & (own[np.minimum(later, len(own) - 1)] == own)
    far = np.where(there, at[np.minimum(later, len(own) - 1)] - at, np.iinfo(np.int64).max)
    needs = (at <= most_before) & (wanted[own] > 0)
    first = np.searchsorted(own, np.flatnonzero(shares))
    reached = first + wanted[shares > 0] - 1
    known = (reached < len(own)) & (
        own[np.minimum(reached, len(own) - 1)] == np.flatnonzero(shares)
    )
    soon = known & (at[np.minimum(reached, len(own) - 1)] <= children) | (wanted[shares > 0] <= 0)
    return bool((far[needs] <= children).all() and soon.all())
