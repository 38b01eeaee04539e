"""What chance allows of a number of children, and where an outcome lies against it."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import pandas as pd

# of all outcomes that chance gives lie within; at most 2.5 % below, and at most 2.5 % above
LEVEL = 0.95
Verdict = Literal["fewer", "within", "more"]


@dataclass(frozen=True)
class Chance:
    """How many of some children chance gives an area: whole children, low to high, and the
    deviation.

    `deviation` is one standard deviation, in children.
    """

    low: int
    high: int
    deviation: float


def chance_of(andelstal: float, children: int, level: float = LEVEL) -> Chance:
    """Return the central range of a binomial: each child is placed in the area with the share's
    chance (A20).

    Args:
        andelstal: The area's share, ‰ of all children (0–1000).
        children: How many children are placed in Sweden.
        level: The least part of all outcomes that the range holds.

    Returns:
        low is the smallest outcome that is not among the lowest (1 − level) / 2 of all, high the
        smallest that leaves at most as much above it. The expected number never lies more than one
        child outside, so an outcome below `low` is fewer than expected and one above `high` more.

    >>> chance = chance_of(31.26, 1500)
    >>> chance.low, chance.high, round(chance.deviation, 1)
    (34, 61, 6.7)
    >>> chance_of(1.0, 1500).low, chance_of(1.0, 1500).high, chance_of(0.0, 1500).high
    (0, 4, 0)
    """
    part = andelstal / 1000
    tail = (1 - level) / 2
    low, high = (_quantile(children, part, tail), _quantile(children, part, 1 - tail))
    return Chance(low, high, sqrt(children * part * (1 - part)))


def _quantile(children: int, part: float, wanted: float) -> int:
    """The smallest outcome whose cumulative chance reaches what is wanted, by halving: exact for
    any number.
    """
    # as for the solver: a notebook has it, and reading tables needs none of it
    from scipy.special import bdtr

    low, high = 0, children
    while low < high:
        middle = (low + high) // 2
        if bdtr(middle, children, part) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def judge(utfall: int | None, low: int, high: int) -> Verdict | None:
    """Return whether an outcome (children) lies within low–high (children), or is fewer or more;
    None if unknown.

    >>> judge(33, 34, 60), judge(37, 34, 60), judge(61, 34, 60), judge(None, 34, 60)
    ('fewer', 'within', 'more', None)
    """
    if utfall is None or pd.isna(utfall):
        return None
    return "fewer" if utfall < low else "more" if utfall > high else "within"
