"""Received in municipalities: by year, by category, per 1 000 inhabitants. Missing years stay missing."""

from collections.abc import Mapping, Sequence

import pandas as pd

PLACED = ("kvotflykting", "anlaggningsboende")
SELF_SETTLED = ("eget_boende",)
CATEGORIES = ("kvotflykting", "anlaggningsboende", "eget_boende", "anhoriga", "ovriga")


def _whole_sum(column: pd.Series, count: int) -> object:
    """The sum of `count` figures; NA when one is unknown or not there at all."""
    return pd.NA if len(column) != count or column.isna().any() else int(column.sum())


def reception_by_year(
    mottagna: pd.DataFrame, kommunkoder: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Return the persons received each year; a year with a municipality unknown is unknown (A5).

    Args:
        mottagna: kommunkod, ar, kategori, antal (persons).
        kommunkoder: The area's municipalities.
        years: The years to show, e.g. range(2008, 2019).

    Returns:
        ar, antal (Int64, NA = unknown), one row per year asked for.

    Source: Migrationsverket, kommunmottagna enligt ersättningsförordningen.
    """
    own = mottagna[mottagna["kommunkod"].isin(kommunkoder) & (mottagna["kategori"] == "totalt")]
    count = len(kommunkoder)
    sums = [_whole_sum(own.loc[own["ar"] == year, "antal"], count) for year in years]
    return pd.DataFrame({"ar": list(years), "antal": pd.array(sums, dtype="Int64")})


def national_series(asylsokande: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return asylum seekers and unaccompanied children in Sweden per year: ar, asylsokande, ensamkommande."""
    asked = pd.DataFrame({"ar": pd.array(list(years), dtype="Int64")})
    columns = ["ar", "asylsokande", "ensamkommande"]
    return asked.merge(asylsokande[columns], on="ar", how="left", validate="1:1")


def composition(mottagna: pd.DataFrame, units: Mapping[str, Sequence[str]], ar: int) -> pd.DataFrame:
    """Return how each unit's reception divides on the five categories in one year.

    Args:
        mottagna: kommunkod, ar, kategori, antal, varav_ensamkommande (persons).
        units: Name → the municipalities in it.
        ar: The year.

    Returns:
        unit, kategori, antal, varav_ensamkommande (persons; the latter is a part of antal, never added
        to it), share (0–1 of the unit's total, NA when the total is unknown or zero). Units without
        categories for the year are left out.
    """
    year = mottagna[(mottagna["ar"] == ar) & mottagna["kategori"].isin(CATEGORIES)]
    rows = []
    for unit, koder in units.items():
        own = year[year["kommunkod"].isin(koder)]
        for kategori in CATEGORIES:
            cells = own[own["kategori"] == kategori]
            antal = _whole_sum(cells["antal"], len(koder))
            rows.append((unit, kategori, antal, _whole_sum(cells["varav_ensamkommande"], len(koder))))
    table = pd.DataFrame(rows, columns=["unit", "kategori", "antal", "varav_ensamkommande"])
    table = table.astype({"antal": "Int64", "varav_ensamkommande": "Int64"}).dropna(subset=["antal"])
    total = table.groupby("unit")["antal"].transform("sum").astype("Float64")
    share = table["antal"].astype("Float64") / total.where(total > 0)
    return table.assign(share=share).reset_index(drop=True)


def placement_shares(parts: pd.DataFrame) -> pd.DataFrame:
    """Return, per unit, persons placed and self-settled and their shares of all received (A4).

    Args:
        parts: What `composition` returned.

    Returns:
        unit, total, anvisade (quota refugees and from the agency's housing), sjalvbosatta (from own
        housing), others (relatives and the rest), in persons; anvisade_share, sjalvbosatta_share (0–1).
    """
    wide = parts.pivot(index="unit", columns="kategori", values="antal").reindex(columns=list(CATEGORIES))
    table = pd.DataFrame(
        {
            "total": wide.sum(axis=1, skipna=False),
            "anvisade": wide[list(PLACED)].sum(axis=1, skipna=False),
            "sjalvbosatta": wide[list(SELF_SETTLED)].sum(axis=1, skipna=False),
        }
    )
    total = table["total"].astype("Float64").where(table["total"] > 0)
    shares = {f"{name}_share": table[name].astype("Float64") / total for name in ("anvisade", "sjalvbosatta")}
    table = table.assign(others=table["total"] - table["anvisade"] - table["sjalvbosatta"], **shares)
    return table.reindex(parts["unit"].unique()).rename_axis("unit").reset_index()


def per_capita(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, units: Mapping[str, Sequence[str]], ar: int
) -> pd.DataFrame:
    """Return persons received per 1 000 inhabitants (31 December of the same year, A6) per unit.

    Returns:
        unit, ar, antal (persons), folkmangd (inhabitants), per_1000; unknown where a part is unknown.
    """
    received = mottagna[(mottagna["ar"] == ar) & (mottagna["kategori"] == "totalt")].set_index("kommunkod")[
        "antal"
    ]
    people = folkmangd[folkmangd["ar"] == ar].set_index("kommunkod")["folkmangd"]
    rows = [
        (unit, ar, _whole_sum(_of(received, koder), len(koder)), _whole_sum(_of(people, koder), len(koder)))
        for unit, koder in units.items()
    ]
    table = pd.DataFrame(rows, columns=["unit", "ar", "antal", "folkmangd"])
    table = table.astype({"antal": "Int64", "folkmangd": "Int64"})
    return table.assign(
        per_1000=table["antal"].astype("Float64") / table["folkmangd"].astype("Float64") * 1000
    )


def _of(column: pd.Series, koder: Sequence[str]) -> pd.Series:
    return column[column.index.isin(koder)]
