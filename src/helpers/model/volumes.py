"""Nyanlända under another length of the county's quota: kommuntal by a stated key, and the whole volume split."""

import math
from collections.abc import Mapping

import pandas as pd

from helpers.errors import DataError
from helpers.model.allocation import Method, allocate
from helpers.model.reception import QUOTA_AND_AGENCY

FACTORS = ("arbetsmarknad", "folkmangd", "mottagande", "asylsokande")
RELIEVED = ("mottagande", "asylsokande")  # factors of which having much speaks for receiving less


def weighted_key(factors: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Return a key of the law's factors, each municipality's part of the county (A18).

    A factor that speaks for receiving is the municipality's part of the county's sum. One that speaks for
    relief (combined reception, asylum seekers present) is twice its part of the inhabitants less its part of
    the factor, and 0 at least: who took twice his part is asked for none. The law names the factors
    (förordning 2016:39) but not their weights: the weights are the caller's.

    Args:
        factors: Indexed by kommunkod; a column per factor that has a weight, and folkmangd if one speaks for
            relief; persons or any unit, 0 or more.
        weights: Factor → weight, 0 or more; they are scaled to sum to 1.

    Returns:
        The key (sums to 1) indexed by kommunkod.

    Raises:
        DataError: a weight is for no factor or negative, all are 0, or a factor that is needed is negative
            or not known for every municipality.

    >>> factors = pd.DataFrame({"folkmangd": [300, 100], "mottagande": [10, 10]}, index=["2480", "2482"])
    >>> weighted_key(factors, {"folkmangd": 1, "mottagande": 1}).round(3).tolist()
    [0.875, 0.125]
    """
    used = {name: weight for name, weight in weights.items() if weight}
    strange = [name for name, weight in weights.items() if name not in FACTORS or not 0 <= weight < math.inf]
    if strange or not used:
        raise DataError(f"weights must be 0 or more, one of them above 0, for {', '.join(FACTORS)}; found {weights}.")
    needed = dict.fromkeys([*used, *(["folkmangd"] if set(used) & set(RELIEVED) else [])])
    unknown = [name for name in needed if name not in factors or not _known(factors[name])]
    if unknown:
        raise DataError(f"{', '.join(unknown)}: not known, or negative, for a municipality, so it can have no weight.")
    parts = factors[list(needed)].astype(float)
    parts = parts / parts.sum()
    key = pd.Series(0.0, index=factors.index)
    for name, weight in used.items():
        part = (2 * parts["folkmangd"] - parts[name]).clip(lower=0) if name in RELIEVED else parts[name]
        key = key + weight / sum(used.values()) * part / part.sum()
    return key / key.sum()


def _known(factor: pd.Series) -> bool:
    return bool(factor.notna().all() and (factor >= 0).all() and factor.any())


def kommuntal_scenario(kommuner: pd.DataFrame, key: pd.Series, lanstal: int, method: Method) -> pd.DataFrame:
    """Return whole kommuntal that sum exactly to a länstal.

    Args:
        kommuner: kommunkod, kommun; one county's.
        key: What the quota is divided by, indexed by kommunkod: the last decision, inhabitants, a weighted key.
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
        raise DataError(f"the key is not known for {unknown}, so the länstal cannot be divided by it.")
    part = ordered.to_numpy(float) / (ordered.sum() or 1)
    whole = allocate(ordered.to_numpy(float), lanstal, method)
    return kommuner[["kommunkod", "kommun"]].assign(key=part, quota=part * lanstal, kommuntal=whole)


def split_volume(kommuntal: pd.DataFrame, mottagna: pd.DataFrame, volume: int, placed: int, ar: int) -> pd.DataFrame:
    """Return the whole volume per municipality: those placed, and those who come without placement.

    Those not placed are the nation's volume less its placed. They are divided as those received in a year of record
    who were neither quota refugees nor came from the agency's housing: the municipality's own history (A19). The
    source does not say who was placed, so these categories stand in for it.

    Args:
        kommuntal: kommunkod, kommun, kommuntal (persons placed).
        mottagna: kommunkod, ar, kategori, antal (persons), for the nation.
        volume: All who are expected to settle in Sweden (38 000 for 2019, Antal och andelar 2019).
        placed: Of them, those to be placed (9 000 for 2019).
        ar: The year of record, whose categories must be known for every municipality.

    Returns:
        kommunkod, kommun, kommuntal (whole), andra (unrounded), total, andra_part (0–1 of the nation's).

    Raises:
        DataError: more are placed than the volume, or the year's categories are not known.
    """
    if placed > volume:
        raise DataError(f"{placed} placed of a volume of {volume}: the placed are a part of the volume.")
    year = mottagna[mottagna["ar"] == ar]
    totals = year[year["kategori"] == "totalt"].set_index("kommunkod")["antal"]
    chosen = (
        year[year["kategori"].isin(QUOTA_AND_AGENCY)]
        .groupby("kommunkod")["antal"]
        .agg(lambda one: one.sum(skipna=False))
    )
    others = (totals - chosen).astype("Float64")
    if others.empty or others.isna().any():
        raise DataError(f"the categories of {ar} are not known for every municipality, so they give no history.")
    part = (others / others.sum()).reindex(kommuntal["kommunkod"]).to_numpy(float)
    rest = part * (volume - placed)
    table = kommuntal[["kommunkod", "kommun"]].assign(kommuntal=kommuntal["kommuntal"], andra=rest)
    return table.assign(total=table["kommuntal"] + table["andra"], andra_part=part)
