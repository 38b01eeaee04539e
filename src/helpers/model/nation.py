"""The nation's shares where only one county's are known: three stated ways to represent the rest (A15)."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.model.allocation import allocate
from helpers.model.placement import Whole, hundredths, place

Rest = Literal["population", "equal", "block"]
RESTS: tuple[Rest, ...] = ("population", "equal", "block")
WHOLE, BLOCK = 100_000, "rest"  # 1000 ‰ in hundredths; the code of a rest that is one block
LEAST_SHARE = 100  # hundredths: no share was below 1 ‰ before 2019


def national_shares(known: pd.Series, folkmangd: pd.Series, rest: Rest) -> pd.Series:
    """Return shares for the whole nation, in hundredths of a per mille, that sum to 1000 ‰.

    population: every municipality whose share is unknown has 1 ‰, and the rest in proportion to its people.
    equal: they all have the same share, as they have under "population" where 1 ‰ for each is more than is left.
    block: they are one municipality, with the code "rest".

    Args:
        known: Shares in ‰, indexed by kommunkod.
        folkmangd: Inhabitants of all municipalities, indexed by kommunkod.

    Returns:
        Hundredths (int64) indexed by kommunkod, the known ones first and in their order.

    Raises:
        DataError: the known shares sum to more than 1000 ‰, or too little is left for the others.

    >>> people = pd.Series({"2480": 128000, "2482": 72000, "0114": 46000, "0180": 960000})
    >>> national_shares(pd.Series({"2480": 11.97, "2482": 5.99}), people, "block").to_dict()
    {'2480': 1197, '2482': 599, 'rest': 98204}
    """
    own = pd.Series(hundredths(known.to_numpy(float)), index=known.index)
    others = folkmangd.drop(index=known.index, errors="ignore").astype(float)
    left = WHOLE - int(own.sum())
    if left < 0 or (left > 0 and others.empty):
        raise DataError(
            f"the known shares sum to {own.sum() / 100} ‰ and leave {left / 100} ‰ to {len(others)} other "
            "municipalities; a nation's shares sum to 1000 ‰. Check the shares."
        )
    if rest == "block":
        others_shares = pd.Series({BLOCK: left} if left else {}, dtype="int64")
    else:
        others_shares = pd.Series(_divided(others, left, rest), index=others.index)
    return pd.Series(pd.concat([own, others_shares]), dtype="int64")


def _divided(others: pd.Series, left: int, rest: Rest) -> Whole:
    least = LEAST_SHARE * len(others)
    if rest == "equal" or left < least:
        return allocate(np.ones(len(others)), left, "hamilton")
    return LEAST_SHARE + allocate(others.to_numpy(), left - least, "hamilton")


def start_counts(shares: pd.Series, placed: Mapping[str, int], nation: int | None) -> pd.Series:
    """Return the children placed before, per municipality of the nation.

    Args:
        shares: What `national_shares` returned.
        placed: kommunkod → children placed before, where known; unknown municipalities are not 0 but
            given their part of the nation's remainder by the placement rule itself. A municipality without a
            share of its own counts in the block.
        nation: All children placed before; None lets everyone begin from 0 but those known.

    Raises:
        DataError: a municipality is not among the shares, or the nation placed fewer children than are known
            or more than there is anyone left to have placed.
    """
    start = pd.Series(0, index=shares.index, dtype="int64")
    for kommunkod, children in placed.items():
        code = kommunkod if kommunkod in start.index else BLOCK
        if code not in start.index:
            raise DataError(
                f"{kommunkod} is said to have placed {children} children, but has no share. Check the code."
            )
        start[code] += children
    left = 0 if nation is None else nation - int(start.sum())
    rest = shares.to_numpy() * ~shares.index.isin(list(placed))
    if left < 0 or (left and not rest.any()):
        raise DataError(f"{start.sum()} placed children are known, but the nation is said to have placed {nation}.")
    return start + place(rest, np.zeros_like(rest), left)
