"""The placement rule followed from a clean start: what everyone has been given after 0, 1, 2, … children.

A year never starts clean, since fulfilment is counted from 1 January 2016 and never reset (A15). Where everyone
has been placed by the rule itself, a year that begins after `S` children and brings `N` gives a municipality what
it has after `S + N` less what it had after `S`. One pass over the sequence thus answers for every `S` and `N`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.model.placement import Real, Whole

Counts = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Course:
    """What the first municipalities have been given after so many of the nation's children.

    Among equally low fulfilments chance decides, so a count is a range of at most one child.

    Attributes:
        low, high: Children, shape (children placed + 1, municipalities + 1); the last column is all of them
            together, which is no sum of the others' ends.
        period: After so many children the sequence begins anew, all being equally far.
        each: What a period gives each column.
    """

    low: Counts
    high: Counts
    period: int
    each: Counts

    def between(self, starts: Counts, children: int) -> tuple[Counts, Counts]:
        """Return the fewest and most that a year brings each column, shape (starts, municipalities + 1).

        Args:
            starts: The nation's children placed before, one per possible start, each one more than the last.
            children: The nation's children of the year.
        """
        low = self._at(self.low, starts + children) - self._at(self.high, starts)
        high = self._at(self.high, starts + children) - self._at(self.low, starts)
        return np.maximum(low, 0), np.minimum(high, children)

    def _at(self, counts: Counts, totals: Counts) -> Counts:
        """Counts after totals that follow one another: cut out where they can be, or period by period."""
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

    Those that share the last fulfilment are all there, so there are at least as many as asked for. Among equals
    the larger share comes first, then the first in order.

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
    """Return the rule's course for the first municipalities, up to a number of children or one whole period.

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
    """The fewest and most that each column can have after each total: of those tied, who is left is not known."""
    first = np.searchsorted(level, level[totals], side="left")
    last = np.searchsorted(level, level[totals], side="right")
    tied, before = given[last] - given[first], given[first]
    taken, others = (totals - first).astype(np.int32)[:, None], (last - first).astype(np.int32)[:, None] - tied
    return before + np.maximum(taken - others, 0), before + np.minimum(taken, tied)


def least_given(shares: Whole, children: int, most_before: int, wanted: Whole) -> bool:
    """Return whether every municipality with a share is given at least so many in a year, whatever the start.

    Args:
        shares: The nation's, in hundredths of a per mille.
        children: The nation's children of the year.
        most_before: The start is 0 to so many children; with `children` it must be within one period.
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
    known = (reached < len(own)) & (own[np.minimum(reached, len(own) - 1)] == np.flatnonzero(shares))
    soon = known & (at[np.minimum(reached, len(own) - 1)] <= children) | (wanted[shares > 0] <= 0)
    return bool((far[needs] <= children).all() and soon.all())
