"""Whole persons that add up exactly: the named ways to divide a number by a key, and whom each favours."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError

Method = Literal["hamilton", "webster", "adams", "jefferson"]
METHODS: tuple[Method, ...] = ("hamilton", "webster", "adams", "jefferson")
Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
# Added to the persons that a municipality has already, to weigh its claim to one more: 0 favours small keys most.
_DIVISORS: dict[str, float] = {"adams": 0.0, "webster": 0.5, "jefferson": 1.0}


def allocate(key: npt.ArrayLike, persons: int, method: Method) -> Whole:
    """Return whole persons per municipality that add up to `persons`.

    hamilton (largest remainder): everyone's whole part, then one each to the largest remainders.
    webster (Sainte-Laguë): rounds to the nearest, favours neither small nor large.
    adams: rounds every started person up, favours small keys. jefferson (d'Hondt): rounds down, favours large.
    Equal claims go to the larger key, then to the first in order; a key of 0 is given none.

    Args:
        key: What to divide by, 0 or more, any unit.
        persons: How many to divide.

    Raises:
        DataError: a key is unknown or negative, or none is above 0.

    >>> [allocate([6, 3, 1], 5, method).tolist() for method in METHODS]
    [[3, 2, 0], [3, 2, 0], [3, 1, 1], [4, 1, 0]]
    """
    weights = np.asarray(key, dtype=float)
    if not (weights >= 0).all() or not np.isfinite(weights).all() or persons < 0:
        raise DataError(f"the key must be numbers of 0 or more and the persons 0 or more, found {persons} persons.")
    if persons and not weights.any():
        raise DataError("every municipality's key is 0, so nobody can be placed. Choose another key.")
    if method == "hamilton":
        return _hamilton(weights, persons)
    return _divisor(weights, persons, _DIVISORS[method])


def _quota(weights: Numbers, persons: int) -> Numbers:
    return weights / (weights.sum() or 1) * persons


def _hamilton(weights: Numbers, persons: int) -> Whole:
    quota = _quota(weights, persons)
    given = np.floor(quota).astype(np.int64)
    order = np.lexsort((-weights, -np.round(quota - given, 9)))
    given[order[: persons - given.sum()]] += 1
    return given


def _divisor(weights: Numbers, persons: int, divisor: float) -> Whole:
    """Give what everyone's claim surely covers, and the rest one by one to the lowest claim.

    A claim is persons ÷ quota, about 1, and not persons ÷ key, so that keys of any unit compare alike.
    """
    whole = np.zeros(len(weights), dtype=np.int64)
    quota = _quota(weights, persons)
    open_ = np.flatnonzero(quota)
    quota = quota[open_]
    surely = quota * max(persons - len(quota), 0) / max(persons, 1) - divisor
    given = np.maximum(np.floor(surely), 0).astype(np.int64)
    for _ in range(persons - int(given.sum())):
        claim = np.round((given + divisor) / quota, 12)
        given[np.lexsort((-quota, claim))[0]] += 1
    whole[open_] = given
    return whole


def compare_methods(key: pd.Series, persons: int, methods: Sequence[Method] = METHODS) -> pd.DataFrame:
    """Return every method's whole persons beside the exact quota.

    Args:
        key: What to divide by, indexed by kommunkod.

    Returns:
        Indexed as the key: quota (persons, unrounded) and one column of whole persons per method.
    """
    table = pd.DataFrame({"quota": _quota(key.to_numpy(float), persons)}, index=key.index)
    return table.assign(**{method: allocate(key.to_numpy(float), persons, method) for method in methods})


def favours(compared: pd.DataFrame) -> pd.DataFrame:
    """Return what each method gives the smaller and the larger half of the municipalities beyond their quotas.

    Returns:
        One row per method: method, smaller and larger (persons above the quota, summed over the half with
        the smaller and the larger quotas; they add up to 0).
    """
    small = compared["quota"].rank(method="first") <= len(compared) / 2
    methods = [name for name in compared if name != "quota"]
    rows = [
        (name, (compared[name] - compared["quota"])[small].sum(), (compared[name] - compared["quota"])[~small].sum())
        for name in methods
    ]
    return pd.DataFrame(rows, columns=["method", "smaller", "larger"])
