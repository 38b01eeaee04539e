"""The nation's counties side by side, as the overviews show them."""

from dataclasses import dataclass

import pandas as pd

from helpers.model import by_county, nation, quotas, reception
from helpers.model.comparison import compare_outcome
from helpers.model.shares import shares_in_use
from helpers.tables.workbook import Workbook


@dataclass(frozen=True)
class Received:
    """Reception of a year: the counties', by category where known, and the nation's.

    Attributes:
        counties: lanskod, lan, antal (persons), per_1000, own, own_percent, tabell, people_tabell;
            the most received first. `own` are those from housing of their own.
        nation: The same of the nation, in one row.
        parts: As `reception.composition` returns it, of counties and nation.
    """

    counties: pd.DataFrame
    nation: pd.DataFrame
    parts: pd.DataFrame


def counties_received(data: Workbook, ar: int) -> Received:
    """Return who was received in each county in a year; NA where unknown."""
    mottagna = data.rows("mottagna", data.country, [ar])
    people = data.rows("folkmangd", data.country, [ar])
    rates = nation.municipal_rates(mottagna, people, data.kommuner, ar)
    areas = [data.place(kod) for kod in data.lan["lanskod"]]
    parts = reception.composition(mottagna, [*areas, data.country], ar)
    own = by_county.parts_by_county(parts, "eget_boende", "own")
    counties = nation.county_rates(rates, data.lan)
    whole = nation.national_rate(counties).assign(
        lanskod=data.country.kod, lan="Riket", **_tables(counties)
    )
    counties, whole = (
        frame.merge(own.rename(columns={"kod": "lanskod"}), on="lanskod", how="left")
        for frame in (counties, whole)
    )
    counties = counties.sort_values(
        ["antal", "lanskod"], ascending=[False, True], ignore_index=True
    )
    return Received(counties, whole, parts)


def _tables(counties: pd.DataFrame) -> dict[str, str]:
    return {name: str(counties[name].iloc[0]) for name in ("tabell", "people_tabell")}


def counties_placed(data: Workbook, ar: int) -> pd.DataFrame:
    """Return each county's länstal of the year's last decision beside those received after
    placement (persons).

    Returns:
        lanskod, lan, lanstal, placed, difference, tabell, lanstal_tabell; the largest länstal
        first, NA where unknown.
    """
    codes = list(data.kommuner["kommunkod"])
    outcome = quotas.kommuntal_outcome(
        data.rows("kommuntal", data.country, [ar]), data.kommuner, codes, ar
    )
    table = by_county.placed_by_county(outcome, data.lan).drop(columns=["kommuntal", "difference"])
    year = data.rows("lanstal", data.country, [ar]).sort_values("galler_fran", kind="stable")
    last = year.groupby("lanskod").tail(1)[["lanskod", "lanstal", "tabell"]]
    table = table.merge(
        last.rename(columns={"tabell": "lanstal_tabell"}), on="lanskod", how="left", validate="1:1"
    )
    table = table.assign(difference=table["placed"] - table["lanstal"])
    return table.sort_values(["lanstal", "lanskod"], ascending=[False, True], ignore_index=True)


def counties_outcome(
    data: Workbook, ar: int, prognos: int | None, actual: int | None
) -> pd.DataFrame:
    """Return the counties whose outcome of unaccompanied children is published, with what they
    expected (children).

    Args:
        data: The tables.
        ar: The year.
        prognos: The forecast (children in the nation).
        actual: How many came.

    Returns:
        lanskod, lan, low, high (whole children, the sums of the municipalities' intervals), utfall,
        utfall_preliminart, tabell; one row per county whose municipalities all have a published
        share, NA where unknown.
    """
    codes = list(data.kommuner["kommunkod"])
    shares = shares_in_use(data.rows("andelstal", data.country), data.kommuner, codes, ar)
    judged = compare_outcome(shares, prognos, actual)
    judged = judged.assign(lanskod=judged["kommunkod"].str[:2])
    known = set(judged["kommunkod"])
    whole = [kod for kod in data.lan["lanskod"] if known.issuperset(data.place(kod).kommunkoder)]
    own = judged[judged["lanskod"].isin(whole)]
    sums: pd.DataFrame = own.groupby("lanskod")[["expected_low", "expected_high", "utfall"]].sum(
        skipna=False
    )
    first = own.groupby("lanskod")[["utfall_preliminart", "tabell"]].first()
    found = sums.rename(columns={"expected_low": "low", "expected_high": "high"}).join(first)
    return data.lan[["lanskod", "lan"]].merge(found.reset_index(), on="lanskod", validate="1:1")
