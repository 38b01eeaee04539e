"""What twelve months say of a year, and whether months add up to the sums printed beside them."""

from collections.abc import Sequence

import pandas as pd

from helpers.model.monthly import HIDDEN_HIGH
from helpers.model.reconciliation import Check


def year_figure(months: Sequence[int | None], printed: int | None) -> int | None:
    """Return a municipality's year (persons): the printed total, else the sum of twelve known months, else unknown.

    Args:
        months: The counts of the published months, None where hidden or unknown (persons).
        printed: The total that the source prints for the same months, None where it prints none (persons).

    A year of fewer than twelve published months has no figure, printed or not: it is not over. An unknown month is
    never counted as none.

    >>> year_figure([10] * 12, None), year_figure([10] * 11 + [None], 113), year_figure([10] * 11 + [None], None)
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
        months: kommunkod (NA is a municipality that is not known), lanskod (the county of the row's year; NA
            likewise), ar, manad, antal (persons), sekretess ("ja" where hidden).
        summor: The same source's printed sums: lanskod ("00" is the nation), ar, manad, antal (persons).

    A hidden cell is 0 to 5, so a printed sum may be that much higher. A blank sum is not checked, nor one of which a
    part is unknown without being hidden.
    """
    nation = months.assign(lanskod="00")
    parts = pd.concat([nation, months.dropna(subset=["lanskod"])])
    hidden = parts["sekretess"].notna()
    parts = parts.assign(hidden=hidden.astype(int), unknown=parts["antal"].isna() & ~hidden)
    keys = ["lanskod", "ar", "manad"]
    sums = parts.groupby(keys, as_index=False)[["antal", "hidden", "unknown"]].sum()
    both = summor.merge(sums, on=keys, suffixes=("", "_sum"), validate="1:1").dropna(subset=["antal"])
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
    """Check twelve known months against the year's figure, per municipality (municipalities that agree).

    Args:
        table: The id of the months' table, which the check carries.
        months: kommunkod, ar, manad, antal (persons).
        years: The same source's years: kommunkod, ar, kategori, antal (persons).
    """
    keys = ["kommunkod", "ar"]
    sums = months.dropna(subset=["kommunkod", "antal"]).groupby(keys, as_index=False)["antal"].agg(["size", "sum"])
    totals = years[years["kategori"] == "totalt"].dropna(subset=["antal"])
    both = sums[sums["size"] == 12].merge(totals, on=keys, validate="1:1")
    equal = (both["sum"] == both["antal"]).groupby(both["ar"]).agg(["size", "sum"])
    return [
        Check(f"{table}.helar", "00", int(str(ar)), "kommuner", row["size"], row["sum"]) for ar, row in equal.iterrows()
    ]
