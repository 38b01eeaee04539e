"""The nation's places compared: in order of reception and quotas per 1 000 inhabitants, in classes
for a map, and how evenly reception is spread over them (Lorenz curve, Gini coefficient).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.model.reception import table_of


def municipal_rates(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, kommuner: pd.DataFrame, ar: int
) -> pd.DataFrame:
    """Return each municipality's reception per 1 000 inhabitants (31 December of the same year,
    A6).

    Args:
        mottagna: kommunkod, ar, kategori, antal (persons), tabell.
        folkmangd: kommunkod, ar, folkmangd (inhabitants), tabell.
        kommuner: kommunkod, kommun, lanskod: the municipalities to tell of.
        ar: The year.

    Returns:
        kommunkod, kommun, lanskod, antal, folkmangd, per_1000, tabell (of the received),
        people_tabell, one row per municipality, in their order; NA where unknown.
    """
    received = mottagna[(mottagna["ar"] == ar) & (mottagna["kategori"] == "totalt")]
    people = folkmangd[folkmangd["ar"] == ar]
    table = kommuner[["kommunkod", "kommun", "lanskod"]].merge(
        received[["kommunkod", "antal"]], on="kommunkod", how="left", validate="1:1"
    )
    table = table.merge(
        people[["kommunkod", "folkmangd"]], on="kommunkod", how="left", validate="1:1"
    )
    return table.assign(
        per_1000=_rate(table, "antal"), tabell=table_of(received), people_tabell=table_of(people)
    )


def county_rates(rates: pd.DataFrame, lan: pd.DataFrame) -> pd.DataFrame:
    """Return the counties' reception per 1 000 inhabitants, highest first; unknown where a part is
    (A5).

    Args:
        rates: What `municipal_rates` returned.
        lan: lanskod, lan (the county's name).

    Returns:
        lanskod, lan, antal (persons), folkmangd (inhabitants), per_1000, tabell, people_tabell.
    """
    sums = rates.groupby("lanskod")[["antal", "folkmangd"]].sum(skipna=False)
    table = lan[["lanskod", "lan"]].merge(
        sums.reset_index(), on="lanskod", how="left", validate="1:1"
    )
    used = {"tabell": table_of(rates), "people_tabell": table_of(rates, "people_tabell")}
    table = table.assign(per_1000=_rate(table, "antal"), **used)
    return table.sort_values(["per_1000", "lanskod"], ascending=[False, True], ignore_index=True)


def national_rate(counties: pd.DataFrame) -> pd.DataFrame:
    """Return the nation's reception per 1 000 inhabitants in one row; unknown where a county is
    (A5).

    Args:
        counties: antal (persons), folkmangd (inhabitants), one row per county.

    Returns:
        antal, folkmangd, per_1000.

    >>> counties = pd.DataFrame({"antal": [3, 1], "folkmangd": [500, 1500]})
    >>> float(national_rate(counties)["per_1000"].item())
    2.0
    """
    sums = counties[["antal", "folkmangd"]].sum(skipna=False).to_frame().T
    return sums.assign(per_1000=_rate(sums, "antal"))


def quota_rates(lanstal: pd.DataFrame, counties: pd.DataFrame, ar: int) -> pd.DataFrame:
    """Return the counties' länstal per 1 000 inhabitants, by the year's last decision, highest
    first.

    Args:
        lanstal: lanskod, ar, beslut, galler_fran, lanstal (persons), tabell.
        counties: lanskod, lan, folkmangd (inhabitants), people_tabell.
        ar: The year.

    Returns:
        lanskod, lan, lanstal (persons), folkmangd, people_tabell, beslut, tabell, per_1000; no
        rows for a year of which not every county's is known.
    """
    year = (
        lanstal[lanstal["ar"] == ar]
        .sort_values("galler_fran", kind="stable")
        .groupby("lanskod")
        .tail(1)
    )
    table = counties[["lanskod", "lan", "folkmangd", "people_tabell"]].merge(
        year[["lanskod", "lanstal", "beslut", "tabell"]], on="lanskod", how="inner", validate="1:1"
    )
    table = table if len(table) == len(counties) else table.head(0)
    table = table.assign(per_1000=_rate(table, "lanstal"))
    return table.sort_values(["per_1000", "lanskod"], ascending=[False, True], ignore_index=True)


def class_breaks(values: pd.Series, count: int = 5, step: float = 0.5) -> list[float]:
    """Return the limits between classes of about equal size, rounded to whole steps (A10).

    Args:
        values: Persons per 1 000 inhabitants; the unknown are left out.
        count: How many classes at most; limits that fall together leave fewer.
        step: What limits are rounded to, half up.

    >>> class_breaks(pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]), count=2)
    [5.5]
    """
    known = values.dropna().astype(float)
    if known.empty:
        return []
    inner = known.quantile([place / count for place in range(1, count)])
    limits = sorted({float(np.floor(limit / step + 0.5) * step) for limit in inner})
    return [limit for limit in limits if known.min() < limit <= known.max()]


def classed(values: pd.Series, breaks: Sequence[float]) -> pd.Series:
    """Return each value's class as a whole number (count of limits reached, Int64), NA where
    unknown.

    A value on a limit belongs to the class above.
    """
    known = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    found = np.searchsorted(np.asarray(breaks, dtype=float), known, side="right")
    return pd.Series(found, index=values.index, dtype="Int64").where(
        pd.Series(~np.isnan(known), index=values.index)
    )


def extremes(
    rates: pd.DataFrame, lan: pd.DataFrame, count: int = 10
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the municipalities with most and with least reception per 1 000 inhabitants, in that
    order.

    Args:
        rates: What `municipal_rates` returned; the unknown are left out.
        lan: lanskod, lan.
        count: How many rows each.

    Returns:
        Twice the columns of rates with lan added; equals stand in code order.
    """
    known = rates.dropna(subset=["per_1000"]).merge(
        lan[["lanskod", "lan"]], on="lanskod", validate="m:1"
    )
    order = ["per_1000", "kommunkod"]
    highest = known.sort_values(order, ascending=[False, True], ignore_index=True)
    return highest.head(count), known.sort_values(order, ignore_index=True).head(count)


def county_spread(rates: pd.DataFrame, counties: pd.DataFrame) -> pd.DataFrame:
    """Return how far the municipalities of each county lie apart, counties in the order given.

    Args:
        rates: What `municipal_rates` returned; the unknown are left out.
        counties: lanskod, lan.

    Returns:
        lanskod, lan, kommuner (count of the known), lowest, median, highest (persons per 1 000
        inhabitants).
    """
    known = rates.dropna(subset=["per_1000"]).astype({"per_1000": float})
    groups = known.groupby("lanskod")["per_1000"].agg(
        kommuner="size", lowest="min", median="median", highest="max"
    )
    return counties[["lanskod", "lan"]].merge(
        groups.reset_index(), on="lanskod", how="inner", validate="1:1"
    )


def counties_most_in(
    rates: pd.DataFrame, lan: pd.DataFrame, klass: int, count: int = 3
) -> list[str]:
    """Return the names of the counties with the largest share of their municipalities in a class,
    at most three.

    Args:
        rates: lanskod, klass (as `classed` counts them), one row per municipality.
        lan: lanskod, lan.
        klass: The class.
        count: How many names at most; a county with none in the class is not named.
    """
    share = (rates["klass"] == klass).fillna(value=False).groupby(rates["lanskod"]).mean()
    most = (
        share[share > 0]
        .rename("share")
        .reset_index()
        .sort_values(["share", "lanskod"], ascending=[False, True])
    )
    names = dict(zip(lan["lanskod"], lan["lan"], strict=True))
    return [str(names[kod]) for kod in most["lanskod"].head(count)]


def _rate(table: pd.DataFrame, figure: str) -> pd.Series:
    return 1000 * table[figure].astype("Float64") / table["folkmangd"].astype("Float64")


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
    rows = [_year(own, ar) for ar, own in _by_year(mottagna, folkmangd, kommuner, years)]
    table = pd.DataFrame(rows, columns=["ar", "antal", "gini", "tabell", "people_tabell"])
    return table.astype({"antal": "Int64", "gini": "Float64"})


def lorenz_by_year(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, kommuner: pd.DataFrame, years: Sequence[int]
) -> pd.DataFrame:
    """Return the Lorenz curves of the known years: ar, people_share, received_share (0–1),
    tabell.
    """
    curves = [
        lorenz(own["antal"], own["folkmangd"]).assign(ar=ar, tabell=table_of(own))
        for ar, own in _by_year(mottagna, folkmangd, kommuner, years)
        if _is_known(own)
    ]
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


def _by_year(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, kommuner: pd.DataFrame, years: Sequence[int]
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Each year with its antal, folkmangd, tabell and people_tabell, as `municipal_rates` has them;
    the tables are parted in years once.
    """
    totals = mottagna[mottagna["kategori"] == "totalt"]
    received, people = dict(iter(totals.groupby("ar"))), dict(iter(folkmangd.groupby("ar")))
    for ar in years:
        own, living = received.get(ar, totals.head(0)), people.get(ar, folkmangd.head(0))
        columns = {"antal": own, "folkmangd": living}
        table = pd.DataFrame(
            {
                name: rows.set_index("kommunkod")[name].reindex(kommuner["kommunkod"]).array
                for name, rows in columns.items()
            }
        )
        yield ar, table.assign(tabell=table_of(own), people_tabell=table_of(living))


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
