"""Shares where none are published: estimated by a stated key, and checked against what is
published.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pandas as pd

from helpers.errors import DataError, ParameterError
from helpers.model.exact import rounded
from helpers.model.share_keys import (
    Basis,
    Checked,
    ShareKey,
    estimated_shares,
    key_numbers,
    share_errors,
)
from helpers.model.shares import ESTIMATED, shares_in_use
from helpers.tables.places import Place
from helpers.tables.questions import ask, question
from helpers.tables.reads import NATION, Asked
from helpers.tables.workbook import Workbook

KEYS = "andelsnycklar"  # the table of keys, which is cited for what is estimated by them
COUNTIES, MUNICIPALITIES = "lan", "kommuner"  # the two checks


def population_for(data: Workbook, ar: int) -> tuple[int, pd.Series]:
    """Return the latest year in or before `ar` with every municipality's population, and it (by
    kommunkod).

    Raises:
        ParameterError: no such year is known.
    """
    return data.computed(
        f"population for {ar}", _latest_population, data.folkmangd, len(data.kommuner), ar
    )


def _latest_population(
    folkmangd: pd.DataFrame, municipalities: int, ar: int
) -> tuple[int, pd.Series]:
    counted = folkmangd[folkmangd["ar"] <= ar].dropna(subset=["folkmangd"])
    whole = counted.groupby("ar")["kommunkod"].nunique() == municipalities
    if not whole.any():
        raise ParameterError(
            f"ar: the population is not known for every municipality in {ar} or before."
        )
    year = int(whole[whole].index.max())
    return year, counted[counted["ar"] == year].set_index("kommunkod")["folkmangd"].astype("int64")


def shares_counted(data: Workbook, place: Place, ar: int, estimate: bool = True) -> pd.DataFrame:
    """Return the shares that a place's expectations rest on: the published, and for the others an
    estimate.

    Args:
        data: The tables.
        place: A county, or a municipality.
        ar: The year to plan for.
        estimate: Whether to estimate shares that are not published; otherwise they have no row.

    Returns:
        What `shares_in_use` returns, and `estimated` (true where no source has the share; its
        `tabell` is then the table of keys), by kommunkod where something is estimated.
    """
    published = latest_shares(data, place, ar).assign(estimated=False)
    if not estimate or len(published) == len(place.kommunkoder):
        return published
    found = cast(pd.Series, ask(data, "estimated", place.kod, ar))
    if found.empty:
        return published
    own = data.kommuner.loc[data.kommuner["kommunkod"].isin(found.index), ["kommunkod", "kommun"]]
    rows = own.assign(
        andelstal=own["kommunkod"].map(found / 100).astype("Float64"),
        utfall=pd.array([pd.NA] * len(own), dtype="Int64"),
        utfall_preliminart=pd.array([pd.NA] * len(own), dtype="string"),
        estimated=True,
        andelstal_ar=pd.array([ar] * len(own), dtype="Int64"),
        tabell=pd.array([KEYS] * len(own), dtype="string"),
    )[list(published)]
    parts = [part for part in (published, rows) if len(part)]
    return pd.concat(parts, ignore_index=True).sort_values(
        "kommunkod", kind="stable", ignore_index=True
    )


def latest_shares(data: Workbook, place: Place, ar: int) -> pd.DataFrame:
    """Return what `shares_in_use` returns of a place's municipalities, found once for all."""
    rows = data.rows("andelstal", place)
    name = f"shares in use: {place.kod} {ar}"
    return data.computed(name, shares_in_use, rows, data.kommuner, place.kommunkoder, ar)


@question
def estimated(data: Workbook, asked: Asked) -> pd.Series:
    """The estimated shares of a place's municipalities: hundredths of a per mille, by kommunkod."""
    nation = nation_estimated(data, asked.years[0])
    return nation[nation.index.isin(data.place(asked.kod).kommunkoder)]


def nation_estimated(data: Workbook, ar: int) -> pd.Series:
    """Return the estimate of every share that is not published for a year (hundredths of a per
    mille, by kommunkod); computed once a run.

    Empty before fulfilment was counted, when there were no such shares, where the population is not
    known, and where the published shares leave nothing.
    """
    return data.computed(f"nation estimated {ar}", _estimate, data, ar, chosen(data), True)


def chosen(data: Workbook) -> str:
    """Return the name of the key that shares are estimated by."""
    table = data.published[KEYS]
    return str(table.loc[table["vald"] == "ja", "nyckel"].item())


def _estimate(data: Workbook, ar: int, name: str, keep: bool) -> pd.Series:
    """The nation's estimate by one key; `keep` the published shares, or estimate them too, to see
    how it does.
    """
    known = data.andelstal.iloc[:0]
    if keep:
        codes = list(data.kommuner["kommunkod"])
        known = shares_in_use(data.andelstal, data.kommuner, codes, ar)
    try:
        people = population_for(data, ar)[1]
        received = received_before(data, ar)[1]
    except ParameterError:
        return pd.Series(dtype="int64")
    if ar < data.rules.counted_from:
        return pd.Series(dtype="int64")
    key = _keys(data)[name]
    weights = key_numbers(people, received, key)
    shares = known.set_index("kommunkod")["andelstal"]
    least = data.rules.of(ar).least_unknown_share
    try:
        return estimated_shares(shares, weights, least, key.base)
    except DataError:  # the published, of several years perhaps, leave nothing to the others
        return pd.Series(dtype="int64")


def _keys(data: Workbook) -> dict[str, ShareKey]:
    return {
        str(row["nyckel"]): ShareKey(
            int(row["folkmangd"]),
            int(row["mottagande"]),
            row["lattnad"] == "ja",
            row["grundtal"] == "ja",
        )
        for row in data.published[KEYS].to_dict("records")
    }


def received_before(data: Workbook, ar: int) -> tuple[int, pd.Series]:
    """Return the latest year before `ar` in which the received are known for every municipality,
    and they (by kommunkod).

    Raises:
        ParameterError: there is none.
    """
    totals = data.mottagna[data.mottagna["kategori"] == "totalt"].dropna(subset=["antal"])
    before = totals[totals["ar"] < ar]
    whole = before.groupby("ar")["kommunkod"].nunique() == len(data.kommuner)
    if not whole.any():
        raise ParameterError(f"ar: the received are not known for every municipality before {ar}.")
    year = int(whole[whole].index.max())
    return year, before[before["ar"] == year].set_index("kommunkod")["antal"].astype("int64")


def checked(data: Workbook) -> pd.DataFrame:
    """Return how far every key misses every published figure that it can be held against.

    Returns:
        nyckel, beskrivning, vald (true for the key in use), slag (`COUNTIES` or `MUNICIPALITIES`),
        ar, kod, namn, published, estimated, error (‰), error_part, tabell (the published table).
    """
    return cast(pd.DataFrame, ask(data, "key_errors"))


@question
def key_errors(data: Workbook, _: Asked) -> pd.DataFrame:
    """What `checked` returns."""
    known, parts = published_shares(data), []
    for name in _keys(data):
        for ar, rows in known.groupby("ar"):
            shares = _estimate(data, int(str(ar)), name, False)
            if shares.empty:
                continue
            both = pd.concat([shares, shares.groupby(shares.index.str[:2]).sum()])
            estimate = {str(kod): int(share) / 100 for kod, share in both.items()}
            parts.append(share_errors(rows, estimate).assign(nyckel=name))
    told = data.published[KEYS][["nyckel", "beskrivning", "vald"]]
    table = pd.concat(parts, ignore_index=True).merge(told, on="nyckel", validate="m:1")
    return table.assign(vald=table["vald"] == "ja")


def published_shares(data: Workbook) -> pd.DataFrame:
    """Return every published figure that an estimate can be held against.

    Returns:
        slag, ar, kod, namn, published (‰), tabell: municipalities' andelstal, and counties' parts
        of the places for unaccompanied children, by year.
    """
    own = data.andelstal[data.andelstal["ar"] >= data.rules.counted_from].merge(
        data.kommuner[["kommunkod", "kommun"]], on="kommunkod", validate="m:1"
    )
    own = own.rename(columns={"kommunkod": "kod", "kommun": "namn", "andelstal": "published"})
    counties = county_shares(data)
    columns = ["slag", "ar", "kod", "namn", "published", "tabell"]
    return pd.concat(
        [counties.assign(slag=COUNTIES)[columns], own.assign(slag=MUNICIPALITIES)[columns]],
        ignore_index=True,
    )


def county_shares(data: Workbook) -> pd.DataFrame:
    """Return the counties' published parts of the nation's places for unaccompanied children.

    Returns:
        ar, kod, namn, published (‰), tabell.
    """
    rows = data.fordelningstal
    nation = rows[rows["lanskod"] == NATION].set_index("ar")["fordelningstal"]
    table = rows.merge(data.lan, on="lanskod", validate="m:1")  # the nation's own row is no county
    parts = 1000 * table["fordelningstal"] / table["ar"].map(nation)
    named = table.rename(columns={"lanskod": "kod", "lan": "namn"})
    return named.assign(published=parts.astype(float)).dropna(subset=["published"])


def estimate_basis(data: Workbook, place: Place, ar: int, shares: pd.DataFrame) -> Basis | None:
    """Return what a place's estimated shares of a year rest on, and how the key did, also for its
    county; None where no share is estimated.

    Args:
        data: The tables. place: A county, or a municipality. ar: The year.
        shares: `estimated`: what `shares_counted` returned.
    """
    if not shares[ESTIMATED].any():
        return None
    return cast(Basis, ask(data, "basis_of_estimate", str(place.lanskod), ar))


@question
def basis_of_estimate(data: Workbook, asked: Asked) -> Basis:
    """What `estimate_basis` returns; mean errors to a tenth of a per cent, as they are shown."""
    basis, own = basis_of_year(data, asked.years[0])
    checks = tuple(
        replace(check, published=beside[asked.kod][0], estimated=beside[asked.kod][1])
        if asked.kod in beside
        else check
        for check, beside in zip(basis.checks, own, strict=True)
    )
    return replace(basis, checks=checks)


def basis_of_year(data: Workbook, ar: int) -> tuple[Basis, tuple["Beside", ...]]:
    """Return what a year's estimates rest on, the same for every county; and for each check what is
    beside it for one.
    """
    return data.computed(f"basis of estimates {ar}", _basis, data, ar)


Beside = Mapping[str, tuple[float, float]]  # code → what is published and estimated of it (‰)


def _basis(data: Workbook, ar: int) -> tuple[Basis, tuple[Beside, ...]]:
    people_ar, received_ar = population_for(data, ar)[0], received_before(data, ar)[0]
    people = data.folkmangd[data.folkmangd["ar"] == people_ar]
    received = data.mottagna[data.mottagna["ar"] == received_ar]
    errors = checked(data)
    errors = errors[errors["nyckel"] == chosen(data)]
    groups = [rows for _, rows in errors.groupby(["slag", "ar"], sort=False)]
    least = data.rules.of(ar).least_unknown_share
    told = str(errors["beskrivning"].iloc[0])
    tables = [tuple(dict.fromkeys(frame["tabell"].astype(str))) for frame in (people, received)]
    checks = tuple(map(_checked, groups))
    basis = Basis(told, people_ar, received_ar, least, tables[0], tables[1], checks)
    return basis, tuple(map(_beside, groups))


def _beside(rows: pd.DataFrame) -> Beside:
    """The published and the estimated of each code, the first of it."""
    told = rows.drop_duplicates("kod")
    published, estimated = (told[name].astype(float) for name in ("published", "estimated"))
    return dict(zip(told["kod"], zip(published, estimated, strict=True), strict=True))


def _checked(rows: pd.DataFrame) -> Checked:
    """A check as it is for a place that is not in it."""
    return Checked(
        slag=str(rows["slag"].iloc[0]),
        ar=int(rows["ar"].iloc[0]),
        count=len(rows),
        mean_part=float(rounded(float(rows["error_part"].abs().mean()), 3)),
        tabell=" ".join(dict.fromkeys(rows["tabell"])),
        published=None,
        estimated=None,
    )
