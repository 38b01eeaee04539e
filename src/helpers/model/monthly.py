"""Parts of years and years together: the latest month, the year so far, what twelve months say of
a year and its sums, the season, and a sum of several years.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.model.reception import Area
from helpers.model.reconciliation import Check


def year_figure(months: Sequence[int | None], printed: int | None) -> int | None:
    """Return a municipality's year (persons): the printed total, else the sum of twelve known
    months, else unknown.

    Args:
        months: The counts of the published months, None where hidden or unknown (persons).
        printed: The total that the source prints for the same months, None where it prints none
            (persons).

    A year of fewer than twelve published months has no figure, printed or not: it is not over. An
    unknown month is never counted as none.

    >>> (year_figure([10] * 12, None), year_figure([10] * 11 + [None], 113),
    ...  year_figure([10] * 11 + [None], None))
    (120, 113, None)
    >>> year_figure([10] * 11, 110) is None
    True
    """
    if len(months) < 12:
        return None
    if printed is not None:
        return printed
    known = [month for month in months if month is not None]
    return sum(known) if len(known) == len(months) else None


def check_months(table: str, months: pd.DataFrame, summor: pd.DataFrame) -> list[Check]:
    """Check each month's printed sums against the rows of the same source (persons).

    Args:
        table: Its id, which the checks carry.
        months: kommunkod (NA is a municipality that is not known), lanskod (the county of the row's
            year; NA likewise), ar, manad, antal (persons), sekretess ("ja" where hidden).
        summor: The same source's printed sums: lanskod ("00" is the nation), ar, manad, antal
            (persons).

    A hidden cell is 0 to 5, so a printed sum may be that much higher. A blank sum is not checked,
    nor one of which a part is unknown without being hidden.
    """
    nation = months.assign(lanskod="00")
    parts = pd.concat([nation, months.dropna(subset=["lanskod"])])
    hidden = parts["sekretess"].notna()
    parts = parts.assign(hidden=hidden.astype(int), unknown=parts["antal"].isna() & ~hidden)
    keys = ["lanskod", "ar", "manad"]
    sums = parts.groupby(keys, as_index=False)[["antal", "hidden", "unknown"]].sum()
    both = summor.merge(sums, on=keys, suffixes=("", "_sum"), validate="1:1").dropna(
        subset=["antal"]
    )
    return [
        Check(
            f"{table}.{int(row['manad'])}.manad",
            row["lanskod"],
            int(row["ar"]),
            "personer",
            row["antal"],
            row["antal_sum"],
            tolerance=HIDDEN_HIGH * row["hidden"] if row["antal_sum"] <= row["antal"] else 0.0,
        )
        for row in both[both["unknown"] == 0].to_dict("records")
    ]


def check_year(table: str, months: pd.DataFrame, years: pd.DataFrame) -> list[Check]:
    """Check twelve known months against the year's figure, per municipality (municipalities that
    agree).

    Args:
        table: The id of the months' table, which the check carries.
        months: kommunkod, ar, manad, antal (persons).
        years: The same source's years: kommunkod, ar, kategori, antal (persons).
    """
    keys = ["kommunkod", "ar"]
    sums = (
        months.dropna(subset=["kommunkod", "antal"])
        .groupby(keys, as_index=False)["antal"]
        .agg(["size", "sum"])
    )
    totals = years[years["kategori"] == "totalt"].dropna(subset=["antal"])
    both = sums[sums["size"] == 12].merge(totals, on=keys, validate="1:1")
    equal = (both["sum"] == both["antal"]).groupby(both["ar"]).agg(["size", "sum"])
    return [
        Check(f"{table}.helar", "00", int(str(ar)), "kommuner", row["size"], row["sum"])
        for ar, row in equal.iterrows()
    ]


HIDDEN_HIGH = 5
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Period:
    """Persons received from January to a month, both included.

    `low` and `high` are persons, equal where no cell is hidden; both None where a month is unknown.
    `hidden` counts the hidden cells, `missing` lists the unknown months (1–12).
    """

    ar: int
    manad: int
    low: int | None
    high: int | None
    hidden: int
    missing: tuple[int, ...]

    @property
    def exact(self) -> int | None:
        """The one number of persons, or None where something is hidden or unknown."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True)
class Monthly:
    """A place's latest year with months, and the same months of the year before.

    months: one row per month, manad (1–12), low, high, hidden, printed and the year before's
        before_low,
    before_high, before_hidden (persons; NA = unknown). `unplaced` is the nation's "Okänd kommun",
    None where the source has no such row. `printed` says that the source itself states every
    month's number.
    """

    months: pd.DataFrame
    now: Period
    before: Period
    unplaced: Period | None
    tables: tuple[str, ...]
    printed: bool


def latest_year(
    manader: pd.DataFrame, summor: pd.DataFrame, area: Area, since: int
) -> Monthly | None:
    """Return the latest year with months for a place, from the year `since` on; None where there is
    none.

    Args:
        manader: kommunkod (NA = "Okänd kommun"), ar, manad, antal (persons), sekretess ("ja" =
            hidden), tabell.
        summor: The source's own sums: lanskod ("00" = the nation), ar, manad, antal (persons),
            tabell.
        area: A municipality, a county or the nation.
        since: The first year that matters to the reader.

    Source: Migrationsverket, kommunmottagna per month.
    """
    last = latest_month(manader, area, since)
    if last is None:
        return None
    ar, manad = last
    cells, sums = (
        frame[frame["ar"].isin([ar, ar - 1])] for frame in (manader, _sums_of(summor, area))
    )
    now, before = (months_of(cells, sums, area, year) for year in (ar, ar - 1))
    if now["low"].isna().all():
        return None
    unplaced = cells[cells["kommunkod"].isna() & (cells["ar"] == ar)]
    used = pd.concat(
        [cells.loc[_within(cells, area), "tabell"], sums["tabell"], unplaced["tabell"]]
    )
    return Monthly(
        months=now.merge(
            before.drop(columns="printed").add_prefix("before_"),
            left_on="manad",
            right_on="before_manad",
            validate="1:1",
        ),
        now=year_to_date(now, ar, manad),
        before=year_to_date(before, ar - 1, manad),
        unplaced=year_to_date(_summed(unplaced, 1), ar, manad) if len(unplaced) else None,
        tables=tuple(dict.fromkeys(used)),
        printed=bool(pd.concat([now, before]).dropna(subset=["low"])["printed"].all()),
    )


def latest_month(manader: pd.DataFrame, area: Area, since: int) -> tuple[int, int] | None:
    """Return the last (year, month) that the source says anything of in an area, a hidden cell
    included.
    """
    said = manader[
        _within(manader, area)
        & (manader["antal"].notna() | _hidden(manader))
        & (manader["ar"] >= since)
    ]
    if said.empty:
        return None
    last = said.sort_values(["ar", "manad"]).iloc[-1]
    return int(last["ar"]), int(last["manad"])


def months_of(manader: pd.DataFrame, summor: pd.DataFrame, area: Area, ar: int) -> pd.DataFrame:
    """Return an area's twelve months of a year: a sum the source prints, else the sum of its cells.

    Returns:
        manad (1–12), low, high (persons, Int64; NA where a municipality is unknown, A5), hidden
        (hidden cells that the sum rests on), printed (whether the source states the number).
    """
    cells = manader[(manader["ar"] == ar) & _within(manader, area)]
    units = len(area.kommunkoder) + int(cells["kommunkod"].isna().any())
    months = _summed(cells, units)
    printed = _sums_of(summor, area)
    stated = (
        printed[printed["ar"] == ar]
        .set_index("manad")["antal"]
        .reindex(months["manad"])
        .reset_index(drop=True)
    )
    known = stated.notna()
    return months.assign(
        low=stated.fillna(months["low"]),
        high=stated.fillna(months["high"]),
        hidden=months["hidden"].mask(known, 0),
        printed=known | (units == 1),
    )


def _sums_of(summor: pd.DataFrame, area: Area) -> pd.DataFrame:
    """The sums that the source prints for a county or the nation; a municipality has none."""
    return summor[(summor["lanskod"] == area.kod) & (area.kind != "kommun")]


def _within(manader: pd.DataFrame, area: Area) -> pd.Series:
    """The area's rows; "Okänd kommun" belongs to the nation alone."""
    own = manader["kommunkod"].isin(area.kommunkoder)
    return own | manader["kommunkod"].isna() if area.kind == "riket" else own


def _hidden(cells: pd.DataFrame) -> pd.Series:
    return (cells["sekretess"] == "ja").fillna(False).astype(bool)


def _summed(cells: pd.DataFrame, units: int) -> pd.DataFrame:
    """The twelve months' sums of so many units; unknown where one of them is."""
    hidden = _hidden(cells)
    ends = cells.assign(
        low=cells["antal"].mask(hidden, 0),
        high=cells["antal"].mask(hidden, HIDDEN_HIGH),
        hidden=hidden.astype("Int64"),
    )
    by_month = ends.groupby("manad")
    whole = (by_month["low"].count() == units).reindex(MONTHS, fill_value=False)
    sums = by_month[["low", "high", "hidden"]].sum().reindex(MONTHS).astype("Int64")
    sums[["low", "high"]] = sums[["low", "high"]].where(whole)
    return sums.assign(hidden=sums["hidden"].fillna(0)).rename_axis("manad").reset_index()


def year_to_date(months: pd.DataFrame, ar: int, manad: int) -> Period:
    """Return the persons received from January to a month: manad, low, high, hidden, one row per
    month.
    """
    so_far = months[months["manad"] <= manad]
    missing = tuple(int(month) for month in so_far.loc[so_far["low"].isna(), "manad"])
    low, high = (None if missing else int(so_far[end].sum()) for end in ("low", "high"))
    return Period(ar, manad, low, high, int(so_far["hidden"].sum()), missing)


def difference(now: Period, before: Period) -> int | None:
    """Return how many persons more than in the same months the year before; None unless both are
    exact.

    >>> difference(Period(2026, 9, 34, 34, 0, ()), Period(2025, 9, 40, 40, 0, ()))
    -6
    >>> difference(Period(2026, 9, 28, 43, 3, ()), Period(2025, 9, 40, 40, 0, ())) is None
    True
    """
    return None if now.exact is None or before.exact is None else now.exact - before.exact


def check_asylum_months(months: pd.DataFrame, years: pd.DataFrame) -> list[Check]:
    """Check that twelve months are the year that another agency published, and that women and men
    are all (persons).

    Args:
        months: ar, manad, asylsokande, kvinnor, man, ensamkommande (persons, the nation).
        years: ar, asylsokande, ensamkommande (persons).
    """
    figures = ["asylsokande", "ensamkommande"]
    sums = months.groupby("ar").agg(
        manader=("manad", "nunique"), **{n: (n, "sum") for n in figures}
    )
    whole = sums[sums["manader"] == 12].merge(years, on="ar", suffixes=("_sum", ""), validate="1:1")
    both = (months["kvinnor"] + months["man"]) == months["asylsokande"]
    checks = [
        Check(
            f"asylsokande_manad.{name}.helar",
            "00",
            row["ar"],
            "personer",
            row[name],
            row[name + "_sum"],
        )
        for row in whole.to_dict("records")
        for name in figures
    ]
    by_year = both.groupby(months["ar"]).agg(["size", "sum"])
    return checks + [
        Check("asylsokande_manad.kon", "00", int(str(ar)), "månader", row["size"], row["sum"])
        for ar, row in by_year.iterrows()
    ]


def season(months: pd.DataFrame) -> pd.DataFrame:
    """Return what part of each year's unaccompanied children had come by the end of each month.

    Args:
        months: ar, manad, ensamkommande (children, the nation); a year without all twelve months is
            left out, and one in which none came.

    Returns:
        ar, manad, ensamkommande, so_far (children), part (0–1).
    """
    whole = months.groupby("ar")["ensamkommande"].transform("count") == 12
    rows = months.loc[whole, ["ar", "manad", "ensamkommande"]].sort_values(["ar", "manad"])
    own = rows.groupby("ar")["ensamkommande"]
    rows = rows.assign(so_far=own.cumsum(), year=own.transform("sum"))
    rows = rows[rows["year"] > 0]
    return (
        rows.assign(part=rows["so_far"] / rows["year"]).drop(columns="year").reset_index(drop=True)
    )


def check_mean(totals: pd.DataFrame, folkmangd: pd.DataFrame) -> list[Check]:
    """Check a source's national mean against its municipalities', weighted by population.

    Args:
        totals: kommunkod ("00" is the mean that the source states), fran_ar, till_ar, per_1000.
        folkmangd: kommunkod, ar, folkmangd; that of the last year weighs, since the source does not
            say which it divided by.

    Returns:
        `mottagna_sammanlagt.snitt`; the stated mean is in whole persons, so half of one may differ.
    """
    checks = []
    for last, own in totals.groupby("till_ar"):
        stated = own.loc[own["kommunkod"] == "00", "per_1000"]
        both = own.merge(folkmangd[folkmangd["ar"] == last], on="kommunkod", validate="1:1")
        if len(both) == len(own) - len(stated):
            mean = float((both["per_1000"] * both["folkmangd"]).sum() / both["folkmangd"].sum())
            checks += [
                Check(
                    "mottagna_sammanlagt.snitt",
                    "00",
                    int(str(last)),
                    "per tusen",
                    value,
                    mean,
                    tolerance=0.5,
                )
                for value in stated
            ]
    return checks
