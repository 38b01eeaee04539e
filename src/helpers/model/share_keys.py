"""Shares that nobody has published: estimated by a stated key, and how far the estimate misses what
is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.errors import DataError
from helpers.model.exact import exact_difference
from helpers.model.placement import hundredths
from helpers.model.shares import WHOLE


@dataclass(frozen=True)
class ShareKey:
    """What unpublished shares are estimated by (A21).

    Attributes:
        people, received: Whole-number weights of a municipality's part of the nation's inhabitants,
            and of its part of those received in an earlier year.
        relief: Whether having received much speaks for a smaller share: then twice the part of the
            inhabitants less the part of the received counts, 0 at least (as in A18).
        base: Whether everyone has the least share and the rest follows the key; otherwise the key
            gives all, and whoever would have less than the least share has the least.
    """

    people: int
    received: int = 0
    relief: bool = False
    base: bool = False


@dataclass(frozen=True)
class Checked:
    """How a key did against published figures of one kind.

    Attributes:
        slag: lan or kommuner. ar: their year. count: how many.
        mean_part: The mean error without sign, as a part of what is published.
        published, estimated: The county's own (‰), where it is among them.
        tabell: The published tables, ids joined by blanks.
    """

    slag: str
    ar: int
    count: int
    mean_part: float
    tabell: str
    published: float | None = None
    estimated: float | None = None


@dataclass(frozen=True)
class Basis:
    """What a year's estimated shares rest on.

    Attributes:
        key: The key in words. people_ar, received_ar: the years of the population and the received.
        least: The least share (‰) that each is given.
        people, received: The tables of those.
        checks: How the key did.
    """

    key: str
    people_ar: int
    received_ar: int
    least: float
    people: tuple[str, ...]
    received: tuple[str, ...]
    checks: tuple[Checked, ...]


def key_numbers(folkmangd: pd.Series, mottagna: pd.Series, key: ShareKey) -> dict[str, int]:
    """Return what each municipality weighs by a key, as exact whole numbers of one unit.

    Args:
        folkmangd: Inhabitants of all municipalities, indexed by kommunkod.
        mottagna: Persons received in an earlier year, indexed alike; not read by a key of weight 0.
        key: The key.

    >>> people, received = pd.Series({"2480": 300, "2482": 100}), pd.Series({"2480": 5, "2482": 5})
    >>> key_numbers(people, received, ShareKey(1)), key_numbers(people, received, ShareKey(3, 1))
    ({'2480': 300, '2482': 100}, {'2480': 11000, '2482': 5000})
    """
    people = {str(kod): int(number) for kod, number in folkmangd.items()}
    if not key.received:
        return people
    came = {kod: int(mottagna[kod]) for kod in people}
    everyone, every = sum(people.values()), sum(came.values())
    if key.relief:
        came = {kod: max(2 * own * every - came[kod] * everyone, 0) for kod, own in people.items()}
        every = sum(came.values())
    return {
        kod: key.people * own * every + key.received * came[kod] * everyone
        for kod, own in people.items()
    }


def estimated_shares(
    known: pd.Series, weights: Mapping[str, int], least: float, base: bool = False
) -> pd.Series:
    """Return an estimate of every share that is not known; with the known they sum to 1000 ‰.

    Exact in hundredths of a per mille, by largest remainder; equal remainders go to the larger
    weight, then to the lower kommunkod, so that the order of what is given does not matter.

    Args:
        known: Published shares (‰), indexed by kommunkod.
        weights: What each municipality of the nation weighs: what `key_numbers` returned.
        least: The least share (‰) that any of them may have. Where that is more than is left for
            all, they have the same.
        base: As `ShareKey` has it.

    Returns:
        Hundredths (int64) of those that are not known, by kommunkod.

    Raises:
        DataError: the known shares sum to more than 1000 ‰, or to less and nobody has the rest.

    >>> weights = {"0180": 90, "0114": 9, "0115": 1}
    >>> estimated_shares(pd.Series({"2480": 11.97}), weights, 1).to_dict()
    {'0114': 8892, '0115': 988, '0180': 88923}
    """
    own = pd.Series(hundredths(known.to_numpy(float)), index=known.index, dtype="int64")
    open_ = {kod: weights[kod] for kod in sorted(weights) if kod not in own.index}
    left, floor = WHOLE - int(own.sum()), int(hundredths([least])[0])
    if left < 0 or (left > 0 and not open_):
        raise DataError(
            f"the published shares sum to {own.sum() / 100:g} ‰ and leave {left / 100:g} ‰ to"
            f" {len(open_)} municipalities; a nation's sum to 1000 ‰. Check the shares."
        )
    if left <= floor * len(open_):
        given = _largest_remainder(dict.fromkeys(open_, 1), left)
    elif base:
        rest = _largest_remainder(open_, left - floor * len(open_))
        given = {kod: floor + more for kod, more in rest.items()}
    else:
        given = _with_floor(open_, left, floor)
    return pd.Series(given, dtype="int64").sort_index()


def _with_floor(weights: Mapping[str, int], left: int, floor: int) -> dict[str, int]:
    """Divide by weight; whoever would have less than the floor has the floor, and so on for the
    others.
    """
    given: dict[str, int] = {}
    open_ = dict(weights)
    while True:
        total = sum(open_.values())
        low = [kod for kod, weight in open_.items() if weight * left < floor * total]
        if not low:
            return given | _largest_remainder(open_, left)
        given |= dict.fromkeys(low, floor)
        left -= floor * len(low)
        open_ = {kod: weight for kod, weight in open_.items() if kod not in low}


def _largest_remainder(weights: Mapping[str, int], units: int) -> dict[str, int]:
    """Whole units that add up exactly; `allocation.allocate` does the same of floats."""
    total = sum(weights.values()) or 1
    given = {kod: weight * units // total for kod, weight in weights.items()}
    first = sorted(weights, key=lambda kod: (-(weights[kod] * units % total), -weights[kod], kod))
    for kod in first[: units - sum(given.values())]:
        given[kod] += 1
    return given


def share_errors(published: pd.DataFrame, estimated: Mapping[str, float]) -> pd.DataFrame:
    """Return published shares beside the estimate that was made without them.

    Args:
        published: kod (of a county or municipality), published (‰); more columns are kept.
        estimated: Share (‰) by kod.

    Returns:
        The rows with estimated and error (estimated − published, ‰), and error_part, the error as a
        part of what is published (0.04 is 4 %).
    """
    estimate = published["kod"].map(dict(estimated)).astype(float)
    error = exact_difference(estimate, published["published"]).astype(float)
    return published.assign(
        estimated=estimate, error=error, error_part=error / published["published"].astype(float)
    )


def mean_errors(errors: pd.DataFrame) -> pd.DataFrame:
    """Return how far each key misses in each check, the key that does best first.

    The best key is the one whose worst mean error in any check is the least: one that fits counties
    but no municipalities is no use to a municipality, and the other way round.

    Args:
        errors: nyckel, slag (which check), error, error_part: rows of `share_errors`.

    Returns:
        nyckel, slag, count, mean (‰, without sign), mean_part, worst_part (parts, without sign).
    """
    sizes = errors.assign(size=errors["error"].abs(), part=errors["error_part"].abs())
    table = sizes.groupby(["nyckel", "slag"], sort=False, as_index=False).agg(
        count=("size", "size"),
        mean=("size", "mean"),
        mean_part=("part", "mean"),
        worst_part=("part", "max"),
    )
    worst = table.groupby("nyckel")["mean_part"].transform("max")
    return (
        table.assign(worst=worst)
        .sort_values(["worst", "nyckel"], kind="stable", ignore_index=True)
        .drop(columns="worst")
    )
