"""Länstal and kommuntal: the number to be placed, by decision and by year."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class QuotaChange:
    """A county's quota from one year to a later one, beside the nation's; persons and per cent.

    `proportional` is what the county would have had if its quota had followed the nation's.
    """

    from_ar: int
    to_ar: int
    from_lanstal: int
    to_lanstal: int
    change: int
    change_percent: float
    national_from: int
    national_to: int
    national_change_percent: float
    proportional: float
    beyond_proportional: float


def lanstal_history(lanstal: pd.DataFrame, anvisningar: pd.DataFrame, lanskod: str) -> pd.DataFrame:
    """Return a county's quota decision by decision, with years that lack a list kept as unknown.

    Args:
        lanstal: lanskod, ar, beslut, slag, galler_fran, lanstal (persons), harledd, tabell.
        anvisningar: ar, beslut, slag, antal: the national number by decision (persons).
        lanskod: The county.

    Returns:
        ar, beslut, slag, galler_fran, lanstal, national (persons), share_promille (‰ of the
        nation), harledd, tabell, in order of effect. A year between the first and last list without
        one of its own has NA, and so has the year's last national decision where only earlier ones
        are known of the county.

    Source: förordning (2016:40) and the yearly decisions; each list sums to its national number.
    """
    columns = ["ar", "beslut", "slag", "galler_fran", "lanstal", "harledd", "tabell"]
    own = lanstal.loc[lanstal["lanskod"] == lanskod, columns]
    national = anvisningar.rename(columns={"antal": "national"})
    known = own.merge(
        national[["ar", "beslut", "national"]], on=["ar", "beslut"], how="left", validate="1:1"
    )
    parts = [known, _years_without(known, national), _revised_since(known, national)]
    history = pd.concat([part for part in parts if len(part)] or [known], ignore_index=True)
    unknown = history["lanstal"].isna()
    history = history.assign(unknown=unknown).sort_values(
        ["ar", "unknown", "galler_fran"], na_position="last", ignore_index=True
    )
    history = history.drop(columns="unknown").astype({"harledd": bool})
    share = 1000 * history["lanstal"].astype("Float64") / history["national"].astype("Float64")
    return history.assign(share_promille=share)


def _years_without(known: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """The years within the lists' span that have none, with the last national decision (a proposal
    is none).
    """
    within = range(known["ar"].min(), known["ar"].max() + 1) if len(known) else range(0)
    without = sorted(set(within) - set(known["ar"]))
    if not without:
        return known.iloc[:0]
    years = pd.DataFrame({"ar": without}, dtype="Int64")
    missing = years.merge(_last_decided(national), on="ar", how="left", validate="1:1")
    return _without_lanstal(missing, known)


def _revised_since(known: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """The last national decision of the years in which the county's number is known of earlier ones
    alone. A number of a decision that is not named may be of the last.
    """
    last = _last_decided(national)
    there = set(zip(known["ar"], known["beslut"], strict=True))
    named = set(known["ar"]) - set(known.loc[known["national"].isna(), "ar"])
    missing = [
        row["ar"] in named and (row["ar"], row["beslut"]) not in there
        for row in last.to_dict("records")
    ]
    return _without_lanstal(last[missing], known)


def _last_decided(national: pd.DataFrame) -> pd.DataFrame:
    decided = national[national["slag"] != "förslag"].groupby("ar").tail(1)
    return decided[["ar", "beslut", "slag", "national"]]


def _without_lanstal(decided: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """National decisions of which nothing is known of the county, as its own rows are."""
    blank = decided.reindex(columns=known.columns).assign(harledd=False)
    return blank.astype(known.dtypes)


def quota_change(history: pd.DataFrame, from_ar: int, to_ar: int) -> QuotaChange | None:
    """Return how a county's quota changed between the last decisions of two years; None if one is
    unknown.

    Args:
        history: What `lanstal_history` returned.
        from_ar: The earlier year.
        to_ar: The later year.

    >>> rows = [(2018, 522, 15200), (2019, 320, 9000)]
    >>> change = quota_change(pd.DataFrame(rows, columns=["ar", "lanstal", "national"]), 2018, 2019)
    >>> (round(change.change_percent, 1), round(change.national_change_percent, 1),
    ...  round(change.proportional))
    (-38.7, -40.8, 309)
    """
    last = history.drop_duplicates("ar", keep="last").dropna(subset=["lanstal", "national"])
    in_force = {
        row["ar"]: (int(row["lanstal"]), int(row["national"])) for row in last.to_dict("records")
    }
    if to_ar not in in_force or not in_force.get(from_ar, (0, 0))[0]:
        return None
    (old, national_old), (new, national_new) = in_force[from_ar], in_force[to_ar]
    proportional = old * national_new / national_old
    return QuotaChange(
        from_ar=from_ar,
        to_ar=to_ar,
        from_lanstal=old,
        to_lanstal=new,
        change=new - old,
        change_percent=100 * (new - old) / old,
        national_from=national_old,
        national_to=national_new,
        national_change_percent=100 * (national_new - national_old) / national_old,
        proportional=proportional,
        beyond_proportional=new - proportional,
    )


def kommuntal_outcome(
    kommuntal: pd.DataFrame, kommuner: pd.DataFrame, kommunkoder: Sequence[str], ar: int
) -> pd.DataFrame:
    """Return each municipality's kommuntal beside those received after placement.

    Returns:
        kommunkod, kommun, kommuntal, mottagna_efter_anvisning, difference (persons), tabell,
        harledd (no source states the kommuntal), harledd_ur (what it follows from); one row per
        municipality asked for, in code order; what is not known is NA, not zero. Empty when the
        year is unknown for all of them.
    """
    year = kommuntal[(kommuntal["ar"] == ar) & kommuntal["kommunkod"].isin(kommunkoder)]
    if year.empty:
        return _empty_outcome()
    asked = kommuner.loc[kommuner["kommunkod"].isin(kommunkoder), ["kommunkod", "kommun"]]
    columns = ["kommunkod", "kommuntal", "mottagna_efter_anvisning", "tabell"]
    columns += ["harledd", "harledd_ur"]
    table = asked.merge(year[columns], on="kommunkod", how="left", validate="1:1")
    table = table.assign(harledd=table["harledd"].fillna(False).astype(bool))
    difference = table["mottagna_efter_anvisning"] - table["kommuntal"]
    return table.assign(difference=difference).reset_index(drop=True)


def _empty_outcome() -> pd.DataFrame:
    return pd.DataFrame(
        columns=[
            "kommunkod",
            "kommun",
            "kommuntal",
            "mottagna_efter_anvisning",
            "difference",
            "harledd",
            "harledd_ur",
        ]
    )


def kommuntal_by_year(
    kommuntal: pd.DataFrame, kommuner: pd.DataFrame, kommunkoder: Sequence[str]
) -> pd.DataFrame:
    """Return kommuntal over the years that are known: kommunkod, kommun, ar, kommuntal (persons),
    tabell, harledd, harledd_ur.

    One row per municipality asked for and known year, in that order; what a year's source does not
    list is NA. A year of which a single municipality among several is known is left out.
    """
    asked = kommuner.loc[kommuner["kommunkod"].isin(kommunkoder), ["kommunkod", "kommun"]]
    own = kommuntal[kommuntal["kommunkod"].isin(kommunkoder)]
    listed = own.groupby("ar")["kommunkod"].transform("size")
    own = own[(listed > 1) | (len(asked) == 1)]
    years = own[["ar"]].drop_duplicates().sort_values("ar", kind="stable")
    columns = ["kommunkod", "ar", "kommuntal", "tabell", "harledd", "harledd_ur"]
    found = asked.merge(years, how="cross").merge(
        own[columns], on=["kommunkod", "ar"], how="left", validate="1:1"
    )
    return found.assign(harledd=found["harledd"].fillna(False).astype(bool))
