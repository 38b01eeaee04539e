"""Places in order: reception and quotas per 1 000 inhabitants, the highest and the lowest, and
classes for a map.
"""

from collections.abc import Sequence

import numpy as np
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
        lanstal: lanskod, ar, beslut, galler_fran, lanstal (persons).
        counties: lanskod, lan, folkmangd (inhabitants), people_tabell.
        ar: The year.

    Returns:
        lanskod, lan, lanstal (persons), folkmangd, people_tabell, beslut, per_1000; no rows for a
        year without a list.
    """
    year = (
        lanstal[lanstal["ar"] == ar]
        .sort_values("galler_fran", kind="stable")
        .groupby("lanskod")
        .tail(1)
    )
    table = counties[["lanskod", "lan", "folkmangd", "people_tabell"]].merge(
        year[["lanskod", "lanstal", "beslut"]], on="lanskod", how="inner", validate="1:1"
    )
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
