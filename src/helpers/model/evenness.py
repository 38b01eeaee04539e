"""How evenly reception is spread: shares against population, the Lorenz curve and the Gini
coefficient.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.model.ranking import municipal_rates
from helpers.model.reception import table_of

Floats = npt.NDArray[np.floating[Any]]
TENTHS = np.linspace(0.0, 1.0, 11)


def share_against_population(units: pd.DataFrame) -> pd.DataFrame:
    """Return each unit's share of reception beside its share of the population, the largest surplus
    first.

    Args:
        units: Any label columns, antal (persons received), folkmangd (inhabitants).

    Returns:
        The same columns with received_share, people_share (0–1), difference (0–1, the first minus
        the second) and beyond (persons received more than the population's share of all received).
        NA throughout when one unit is unknown, as then no share of the whole is known.
    """
    received, people = units["antal"].astype("Float64"), units["folkmangd"].astype("Float64")
    all_received, all_people = received.sum(skipna=False), people.sum(skipna=False)
    known = (
        not pd.isna(all_received)
        and not pd.isna(all_people)
        and all_received > 0
        and all_people > 0
    )
    received_share = received / all_received if known else received * pd.NA
    people_share = people / all_people if known else people * pd.NA
    difference = received_share - people_share
    beyond = difference * (all_received if known else pd.NA)
    table = units.assign(
        received_share=received_share,
        people_share=people_share,
        difference=difference,
        beyond=beyond,
    )
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def lorenz(received: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Return the Lorenz curve of reception over the population.

    Units are put in order of received per inhabitant, lowest first; then both are added up.

    Args:
        received: Persons received per unit; none unknown, none negative.
        people: Inhabitants per unit, in the same order; all above zero.

    Returns:
        people_share, received_share (0–1), from (0, 0) to (1, 1), one row more than there are
        units. An even spread is the straight line between them; the curve is never above it.

    Raises:
        ValueError: a figure is unknown or out of its range, or no one was received.
    """
    count, weight = _known(received, people)
    order = np.argsort(count / weight, kind="stable")
    shares = {"people_share": weight[order], "received_share": count[order]}
    return pd.DataFrame({name: _cumulated(values) for name, values in shares.items()})


def gini(received: pd.Series, people: pd.Series) -> float:
    """Return the Gini coefficient of reception over the population: a ratio from 0 (even) to nearly
    1.

    With units in order of received per inhabitant, p_i a unit's share of the population and L_i the
    share of all received that it and those before it have (L_0 = 0):

        G = 1 − Σ p_i · (L_{i−1} + L_i)

    It is twice the area between the Lorenz curve and the straight line. The population weighs, so
    that a municipality counts for as much as the people who live there (A11).

    Args, Raises: as `lorenz`.

    >>> gini(pd.Series([1, 3]), pd.Series([100, 100]))
    0.25
    """
    curve = lorenz(received, people)
    steps = np.diff(curve["people_share"])
    level = curve["received_share"].to_numpy(dtype=float)
    return max(0.0, float(1 - np.sum(steps * (level[:-1] + level[1:]))))


def years_counted(mottagna: pd.DataFrame) -> tuple[int, ...]:
    """Return the years of which some municipality's total (persons received) is known: kategori,
    ar, antal.
    """
    known = mottagna[(mottagna["kategori"] == "totalt") & mottagna["antal"].notna()]
    return tuple(sorted({int(ar) for ar in known["ar"]}))


def gini_by_year(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, kommuner: pd.DataFrame, years: Sequence[int]
) -> pd.DataFrame:
    """Return the Gini coefficient across municipalities for each year, unknown where one of them is
    (A5).

    Args:
        mottagna, folkmangd, kommuner: As `municipal_rates` takes them.
        years: The years to tell of.

    Returns:
        ar, antal (persons, Int64), gini (ratio, Float64), tabell (of the received), people_tabell;
        one row per year asked for.
    """
    rows = [_year(municipal_rates(mottagna, folkmangd, kommuner, ar), ar) for ar in years]
    table = pd.DataFrame(rows, columns=["ar", "antal", "gini", "tabell", "people_tabell"])
    return table.astype({"antal": "Int64", "gini": "Float64"})


def lorenz_by_year(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, kommuner: pd.DataFrame, years: Sequence[int]
) -> pd.DataFrame:
    """Return the Lorenz curves of the known years: ar, people_share, received_share (0–1),
    tabell.
    """
    curves = []
    for ar in years:
        rates = municipal_rates(mottagna, folkmangd, kommuner, ar)
        if _is_known(rates):
            curves.append(
                lorenz(rates["antal"], rates["folkmangd"]).assign(ar=ar, tabell=table_of(rates))
            )
    empty = pd.DataFrame(columns=["people_share", "received_share", "ar", "tabell"])
    return pd.concat(curves, ignore_index=True) if curves else empty


def lorenz_tenths(curves: pd.DataFrame) -> pd.DataFrame:
    """Return what share of reception the first tenth, two tenths … of the population had, per year.

    Args:
        curves: What `lorenz_by_year` returned.

    Returns:
        people_percent (0–100 %) and one column ar_<year> per known year (0–100 %), eleven rows.
    """
    table = pd.DataFrame({"people_percent": np.round(TENTHS * 100).astype(int)})
    for ar, curve in curves.groupby("ar"):
        share = np.interp(
            TENTHS, curve["people_share"].to_numpy(float), curve["received_share"].to_numpy(float)
        )
        table[f"ar_{ar}"] = share * 100
    return table


def _is_known(rates: pd.DataFrame) -> bool:
    known = rates[["antal", "folkmangd"]].notna().all(axis=None)
    return bool(known) and len(rates) > 0 and int(rates["antal"].sum()) > 0


def _year(rates: pd.DataFrame, ar: int) -> tuple[int, object, object, str, str]:
    tables = table_of(rates), table_of(rates, "people_tabell")
    if not _is_known(rates):
        return ar, pd.NA, pd.NA, *tables
    return ar, int(rates["antal"].sum()), gini(rates["antal"], rates["folkmangd"]), *tables


def _known(received: pd.Series, people: pd.Series) -> tuple[Floats, Floats]:
    count = received.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    weight = people.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(count).any() or np.isnan(weight).any():
        raise ValueError("A unit's received or people is unknown: then the spread is unknown too.")
    if (count < 0).any() or (weight <= 0).any() or not count.sum() > 0:
        raise ValueError("Received may not be negative or all zero, and people must be above zero.")
    return count, weight


def _cumulated(values: Floats) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total / total[-1])
