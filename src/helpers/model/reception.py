"""Received in municipalities: by year, by category, per 1 000 inhabitants. Missing years stay
missing.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

FIRST_YEAR, LAST_YEAR = 2008, 2018  # year: what a chart shows at least, by no rule
# not the same as received after placement (A4)
AGENCY = "anlaggningsboende"
QUOTA_AND_AGENCY = ("kvotflykting", AGENCY)
CATEGORIES = ("kvotflykting", "anlaggningsboende", "eget_boende", "anhoriga", "ovriga")


class Area(Protocol):
    """A municipality, a county or the nation: what it is called and which municipalities it
    holds.
    """

    @property
    def kind(self) -> str: ...
    @property
    def kod(self) -> str: ...
    @property
    def namn(self) -> str: ...
    @property
    def kommunkoder(self) -> tuple[str, ...]: ...


def is_single(area: Area) -> bool:
    """Whether it is a county of one municipality: nothing is then divided within it, and its row of
    persons is its only municipality's.
    """
    return area.kind == "lan" and len(area.kommunkoder) == 1


def _whole_sum(column: pd.Series, count: int) -> Any:
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
        ar, antal (Int64, NA = unknown), tabell (the published table, "" for none), one row per year
        asked for.

    Source: Migrationsverket, kommunmottagna enligt ersättningsförordningen.
    """
    own = mottagna[mottagna["kommunkod"].isin(kommunkoder) & (mottagna["kategori"] == "totalt")]
    by_year = {year: own[own["ar"] == year] for year in years}
    sums = [_whole_sum(rows["antal"], len(kommunkoder)) for rows in by_year.values()]
    tables = [table_of(rows) for rows in by_year.values()]
    return pd.DataFrame(
        {"ar": list(years), "antal": pd.array(sums, dtype="Int64"), "tabell": tables}
    )


def years_until(ar: int) -> range:
    """Return the years a chart over time shows: 2008–2018, and on to a later year asked for."""
    return range(FIRST_YEAR, max(LAST_YEAR, ar) + 1)


def table_of(rows: pd.DataFrame, column: str = "tabell") -> str:
    """Return the published table that rows come from; several are joined by a blank, none is ""."""
    return " ".join(dict.fromkeys(rows[column]))


def national_series(asylsokande: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return asylum seekers and unaccompanied children in Sweden per year: ar, asylsokande,
    ensamkommande.
    """
    asked = pd.DataFrame({"ar": pd.array(list(years), dtype="Int64")})
    columns = ["ar", "asylsokande", "ensamkommande"]
    return asked.merge(asylsokande[columns], on="ar", how="left", validate="1:1")


def composition(mottagna: pd.DataFrame, areas: Sequence[Area], ar: int) -> pd.DataFrame:
    """Return how each area's reception divides on the five categories in one year.

    Args:
        mottagna: kommunkod, ar, kategori, antal, varav_ensamkommande (persons).
        areas: Municipalities, counties, the nation.
        ar: The year.

    Returns:
        unit (name), kod, kategori, antal, varav_ensamkommande (persons; the latter is a part of
        antal, never added to it), share (0–1 of the area's total, NA when the total is zero),
        tabell. Areas whose categories are not all known for the year are left out.
    """
    year = mottagna[(mottagna["ar"] == ar) & mottagna["kategori"].isin(CATEGORIES)]
    known = {
        name: _figures(year[year["kategori"] == name], ("antal", "varav_ensamkommande"))
        for name in CATEGORIES
    }
    rows = [
        (area.namn, area.kod, name, *(_area_sum(figures, area) for figures in columns))
        for area in areas
        for name, columns in known.items()
    ]
    table = pd.DataFrame(rows, columns=["unit", "kod", "kategori", "antal", "varav_ensamkommande"])
    table = table.astype({"antal": "Int64", "varav_ensamkommande": "Int64"}).dropna(
        subset=["antal"]
    )
    total = table.groupby("kod")["antal"].transform("sum").astype("Float64")
    share = table["antal"].astype("Float64") / total.where(total > 0)
    return table.assign(share=share, tabell=table_of(year)).reset_index(drop=True)


def category_counts(parts: pd.DataFrame, kod: str) -> pd.DataFrame:
    """Return one area's received by category, under the source's own names (A4).

    Args:
        parts: What `composition` returned.
        kod: The area's code, e.g. "24".

    Returns:
        antal, varav_ensamkommande (persons; the latter is a part of antal), indexed by kategori in
        the order of `CATEGORIES`. Empty when the area's categories are not known.
    """
    own = parts.loc[parts["kod"] == kod, ["kategori", "antal", "varav_ensamkommande"]]
    return own.set_index("kategori").reindex(
        [name for name in CATEGORIES if name in set(own["kategori"])]
    )


def per_capita(
    mottagna: pd.DataFrame, folkmangd: pd.DataFrame, areas: Sequence[Area], ar: int
) -> pd.DataFrame:
    """Return persons received per 1 000 inhabitants (31 December of the same year, A6) per area.

    Returns:
        unit (name), kod, kommunkod (NA for county and nation), level ("kommun", "lan", "riket"),
        ar, antal (persons), folkmangd (inhabitants), per_1000 (in whole tenths, as reports state
        it), tabell (of the received), people_tabell; unknown where a part is unknown.
    """
    totals = mottagna[(mottagna["ar"] == ar) & (mottagna["kategori"] == "totalt")]
    people = folkmangd[folkmangd["ar"] == ar]
    (received,), (inhabitants,) = _figures(totals, ("antal",)), _figures(people, ("folkmangd",))
    rows = [
        (
            area.namn,
            area.kod,
            area.kod if area.kind == "kommun" else pd.NA,
            area.kind,
            ar,
            _area_sum(received, area),
            _area_sum(inhabitants, area),
        )
        for area in areas
    ]
    columns = ["unit", "kod", "kommunkod", "level", "ar", "antal", "folkmangd"]
    table = pd.DataFrame(rows, columns=columns).astype({"antal": "Int64", "folkmangd": "Int64"})
    return table.assign(
        per_1000=_per_thousand(table["antal"], table["folkmangd"]),
        tabell=table_of(totals),
        people_tabell=table_of(people),
    )


def _per_thousand(persons: pd.Series, inhabitants: pd.Series) -> pd.Series:
    """The rate rounded half up to tenths, in whole numbers so that no float decides a half."""
    tenths = (persons * 20_000 + inhabitants) // (2 * inhabitants)
    return tenths.astype("Float64") / 10


Figures = dict[str, list[Any]]


def _figures(rows: pd.DataFrame, columns: Sequence[str]) -> list[Figures]:
    """For each column every municipality's figures, None where unknown: looked up for many
    areas.
    """
    found = []
    for column in columns:
        figures: Figures = {}
        for kod, figure in zip(rows["kommunkod"].tolist(), rows[column].tolist(), strict=True):
            figures.setdefault(kod, []).append(None if pd.isna(figure) else figure)
        found.append(figures)
    return found


def _area_sum(figures: Figures, area: Area) -> Any:
    """The sum of an area's figures; NA when a municipality's is unknown or not there at all."""
    own = [figure for kod in area.kommunkoder for figure in figures.get(kod, [])]
    return pd.NA if len(own) != len(area.kommunkoder) or None in own else int(sum(own))
