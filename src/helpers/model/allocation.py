"""Whole persons that add up exactly: a number divided by a key, and kommuntal under another length
of the länstal.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.reception import QUOTA_AND_AGENCY

Method = Literal["hamilton", "webster", "adams", "jefferson"]
METHODS: tuple[Method, ...] = ("hamilton", "webster", "adams", "jefferson")
Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
# Added to the persons that a municipality has already, to weigh its claim to one more: 0 favours
# small keys most.
_DIVISORS: dict[str, float] = {"adams": 0.0, "webster": 0.5, "jefferson": 1.0}


def allocate(key: npt.ArrayLike, persons: int, method: Method) -> Whole:
    """Return whole persons per municipality that add up to `persons`.

    hamilton (largest remainder): everyone's whole part, then one each to the largest remainders.
    webster (Sainte-Laguë): rounds to the nearest, favours neither small nor large.
    adams: rounds every started person up, favours small keys. jefferson (d'Hondt): rounds down,
        favours large.
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
        raise DataError(
            f"the key must be numbers of 0 or more and the persons 0 or more, found {persons}"
            " persons."
        )
    if persons and not weights.any():
        raise DataError(
            "every municipality's key is 0, so nobody can be placed. Choose another key."
        )
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

    A claim is persons ÷ quota, about 1, and not persons ÷ key, so that keys of any unit compare
    alike.
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


def compare_methods(
    key: pd.Series, persons: int, methods: Sequence[Method] = METHODS
) -> pd.DataFrame:
    """Return every method's whole persons beside the exact quota.

    Args:
        key: What to divide by, indexed by kommunkod.

    Returns:
        Indexed as the key: quota (persons, unrounded) and one column of whole persons per method.
    """
    table = pd.DataFrame({"quota": _quota(key.to_numpy(float), persons)}, index=key.index)
    return table.assign(
        **{method: allocate(key.to_numpy(float), persons, method) for method in methods}
    )


def favours(compared: pd.DataFrame) -> pd.DataFrame:
    """Return what each method gives the smaller and the larger half of the municipalities beyond
    their quotas.

    Returns:
        One row per method: method, smaller and larger (persons above the quota, summed over the
        half with the smaller and the larger quotas; they add up to 0).
    """
    small = compared["quota"].rank(method="first") <= len(compared) / 2
    methods = [name for name in compared if name != "quota"]
    rows = [
        (
            name,
            (compared[name] - compared["quota"])[small].sum(),
            (compared[name] - compared["quota"])[~small].sum(),
        )
        for name in methods
    ]
    return pd.DataFrame(rows, columns=["method", "smaller", "larger"])


FACTORS = ("arbetsmarknad", "folkmangd", "mottagande", "asylsokande")
RELIEVED = ("mottagande", "asylsokande")  # factors of which having much speaks for receiving less


def weighted_key(factors: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Return a key of the law's factors, each municipality's part of the county (A18).

    A factor that speaks for receiving is the municipality's part of the county's sum. One that
    speaks for relief (combined reception, asylum seekers present) is twice its part of the
    inhabitants less its part of the factor, and 0 at least: who took twice his part is asked for
    none. The law names the factors (förordning 2016:39) but not their weights: the weights are the
    caller's.

    Args:
        factors: Indexed by kommunkod; a column per factor that has a weight, and folkmangd if one
            speaks for relief; persons or any unit, 0 or more.
        weights: Factor → weight, 0 or more; they are scaled to sum to 1.

    Returns:
        The key (sums to 1) indexed by kommunkod.

    Raises:
        DataError: a weight is for no factor or negative, all are 0, or a factor that is needed is
            negative or not known for every municipality.

    >>> factors = pd.DataFrame({"folkmangd": [300, 100], "mottagande": [10, 10]}, index=["2480",
    ...     "2482"])
    >>> weighted_key(factors, {"folkmangd": 1, "mottagande": 1}).round(3).tolist()
    [0.875, 0.125]
    """
    used = {name: weight for name, weight in weights.items() if weight}
    strange = [
        name
        for name, weight in weights.items()
        if name not in FACTORS or not 0 <= weight < math.inf
    ]
    if strange or not used:
        raise DataError(
            f"weights must be 0 or more, one of them above 0, for {', '.join(FACTORS)}; found"
            f" {weights}."
        )
    needed = dict.fromkeys([*used, *(["folkmangd"] if set(used) & set(RELIEVED) else [])])
    unknown = [name for name in needed if name not in factors or not _known(factors[name])]
    if unknown:
        raise DataError(
            f"{', '.join(unknown)}: not known, or negative, for a municipality, so it can have no"
            " weight."
        )
    parts = factors[list(needed)].astype(float)
    parts = parts / parts.sum()
    key = pd.Series(0.0, index=factors.index)
    for name, weight in used.items():
        part = (
            (2 * parts["folkmangd"] - parts[name]).clip(lower=0)
            if name in RELIEVED
            else parts[name]
        )
        key = key + weight / sum(used.values()) * part / part.sum()
    return key / key.sum()


def _known(factor: pd.Series) -> bool:
    return bool(factor.notna().all() and (factor >= 0).all() and factor.any())


def kommuntal_scenario(
    kommuner: pd.DataFrame, key: pd.Series, lanstal: int, method: Method
) -> pd.DataFrame:
    """Return whole kommuntal that sum exactly to a länstal.

    Args:
        kommuner: kommunkod, kommun; one county's.
        key: What the quota is divided by, indexed by kommunkod: the last decision, inhabitants, a
            weighted key.
        lanstal: Persons.
        method: How whole persons are made; see `allocation.allocate`.

    Returns:
        kommunkod, kommun, key (0–1), quota (persons, unrounded), kommuntal (whole persons).

    Raises:
        DataError: the key is not known for every municipality.
    """
    ordered = key.reindex(kommuner["kommunkod"]).astype("Float64")
    if ordered.isna().any():
        unknown = ", ".join(ordered.index[ordered.isna()])
        raise DataError(
            f"the key is not known for {unknown}, so the länstal cannot be divided by it."
        )
    part = ordered.to_numpy(float) / (ordered.sum() or 1)
    whole = allocate(ordered.to_numpy(float), lanstal, method)
    return kommuner[["kommunkod", "kommun"]].assign(key=part, quota=part * lanstal, kommuntal=whole)


def split_volume(
    kommuntal: pd.DataFrame, unplaced: pd.Series, volume: int, placed: int
) -> pd.DataFrame:
    """Return the whole volume per municipality: those placed, and those who come without placement.

    Those not placed are the nation's volume less its placed. They are divided as those received in
    a year of record who were neither quota refugees nor came from the agency's housing: the
    municipality's own history (A19). The source does not say who was placed, so these categories
    stand in for it.

    Args:
        kommuntal: kommunkod, kommun, kommuntal (persons placed).
        unplaced: What `unplaced_parts` returned of the year of record.
        volume: All who are expected to settle in Sweden (38 000 for 2019, Antal och andelar 2019).
        placed: Of them, those to be placed (9 000 for 2019).

    Returns:
        kommunkod, kommun, kommuntal (whole), andra (unrounded), total, andra_part (0–1 of the
        nation's).

    Raises:
        DataError: more are placed than the volume.
    """
    if placed > volume:
        raise DataError(
            f"{placed} placed of a volume of {volume}: the placed are a part of the volume."
        )
    part = unplaced.reindex(kommuntal["kommunkod"]).to_numpy(float)
    rest = part * (volume - placed)
    table = kommuntal[["kommunkod", "kommun"]].assign(kommuntal=kommuntal["kommuntal"], andra=rest)
    return table.assign(total=table["kommuntal"] + table["andra"], andra_part=part)


def unplaced_parts(mottagna: pd.DataFrame, ar: int) -> pd.Series:
    """Return each municipality's part (0–1) of the nation's who settled in a year and stand in no
    category of those placed, by kommunkod.

    Args:
        mottagna: kommunkod, ar, kategori, antal (persons), for the nation.
        ar: The year of record, whose categories must be known for every municipality.

    Raises:
        DataError: they are not.
    """
    year = mottagna[mottagna["ar"] == ar]
    wide = {name: rows.set_index("kommunkod")["antal"] for name, rows in year.groupby("kategori")}
    asked = ("totalt", *QUOTA_AND_AGENCY)
    others = pd.Series(dtype="Float64")
    if all(name in wide for name in asked):
        total, *chosen = (wide[name].astype("Float64") for name in asked)
        others = total - sum(chosen)
    if others.empty or others.isna().any():
        raise DataError(
            f"the categories of {ar} are not known for every municipality, so they give no history."
        )
    return others / others.sum()


@dataclass(frozen=True)
class Divided:
    """A county's known länstal for the year after a report's, divided by stated keys.

    Attributes:
        ar, to_ar: The report's year, and the year divided. people_ar: that of the population.
        lanstal: Persons; None where it is not known, and then there is nothing else.
        table: kommunkod, kommun, before (kommuntal of `ar`, persons), tabell (its source), harledd
            (before is a derived 0), by_decision, by_people (whole persons that sum to the länstal),
            others (persons not placed, unrounded); a column is NA where it cannot be known.
        favoured: method, smaller, larger (persons beyond their exact part), by population.
        volume, placed: The nation's persons expected to settle in `to_ar`, and those to be placed.
        volume_table: The published table of the volume.
        lanstal_table: The published table of the länstal. lanstal_derived: whether it is derived.
        people_tables, received_tables: Those of the population that divides, and of the reception
            that gives others.
    """

    ar: int
    to_ar: int
    people_ar: int = 0
    lanstal: int | None = None
    table: pd.DataFrame | None = None
    favoured: pd.DataFrame | None = None
    volume: int | None = None
    placed: int | None = None
    volume_table: str = ""
    people_tables: tuple[str, ...] = ()
    received_tables: tuple[str, ...] = ()
    lanstal_table: str = ""
    lanstal_derived: bool = False
