"""Join published tables into tidy ones, each row naming its table; and what follows from them by
law.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.errors import DataError
from helpers.sources import SourceTable
from helpers.tables.check import read_interval
from helpers.tables.places import add_kommunkod, fold


def stack(
    frames: dict[str, pd.DataFrame], key: list[str], precedence: dict[str, int], value: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return published tables as one, and what they hold of the same figures.

    Args:
        frames: Table id → its rows.
        key: The columns that name a figure.
        precedence: Table id → its rank; where two tables have a figure, the lower counts (A12).
        value: The column with the figure; a row without it never displaces one that has it.

    Returns:
        One row per key with its table's id in `tabell`; and the overlaps: the key, winner and loser
        (table ids), kept and other (the two figures).

    Raises:
        DataError: two tables of equal rank hold the same figure. Which counts is a decision, so it
            is not made here.
    """
    parts = [
        frame.reset_index(drop=True).assign(tabell=table_id, rank=precedence[table_id])
        for table_id, frame in frames.items()
    ]
    whole = pd.concat(parts, ignore_index=True).astype({"tabell": "string"})
    whole = whole.assign(unknown=whole[value].isna()).sort_values(
        [*key, "unknown", "rank"], ignore_index=True
    )
    _refuse_ties(whole[~whole["unknown"]], key)
    winners = whole.drop_duplicates(key).drop(columns=["rank", "unknown"]).reset_index(drop=True)
    return winners, _overlaps(whole[~whole["unknown"]], key, value)


def stack_forecasts(
    frames: dict[str, pd.DataFrame], precedence: dict[str, int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Do what `stack` does for forecasts: one of a month, year and measure is the same forecast,
    whatever day a source gives; one whose month is not known is by itself. The overlaps are the
    nation's ("00") for the year forecast.
    """
    key = ["made", "avser_ar", "matt"]
    made = {
        name: frame.assign(made=frame["prognosdatum"].str[:7]) for name, frame in frames.items()
    }
    rows, twice = stack(made, key, precedence, "varde")
    return rows.drop(columns="made"), twice.assign(lanskod="00")


def told_twice(*overlaps: pd.DataFrame) -> pd.DataFrame:
    """Return the overlaps of several kinds of tables as one; a county's or the nation's code stands
    in `kommunkod`.
    """
    names = {"lanskod": "kommunkod", "avser_ar": "ar"}
    kept = ["kommunkod", "ar", "kategori", "winner", "loser", "kept", "other"]
    parts = [one.rename(columns=names) for one in overlaps]
    return pd.concat([one[one.columns.intersection(kept)] for one in parts], ignore_index=True)


def _refuse_ties(known: pd.DataFrame, key: list[str]) -> None:
    doubled = known[known.duplicated([*key, "rank"], keep=False)]
    if not doubled.empty:
        first = doubled.iloc[0]
        where = ", ".join(f"{name} {first[name]}" for name in key)
        tables = ", ".join(sorted(doubled["tabell"].unique()))
        raise DataError(
            f"{tables}: {len(doubled)} rows share a key, the first at {where}. Keep one of them."
        )


def _overlaps(known: pd.DataFrame, key: list[str], value: str) -> pd.DataFrame:
    first = known.drop_duplicates(key)
    rest = known.drop(first.index)
    both = rest.merge(first, on=key, suffixes=("_other", "_kept"), validate="m:1")
    names = {
        f"{value}_kept": "kept",
        f"{value}_other": "other",
        "tabell_kept": "winner",
        "tabell_other": "loser",
    }
    return both.rename(columns=names)[[*key, "winner", "loser", "kept", "other"]]


def split_andelstal(
    printed: pd.DataFrame, kommuner: pd.DataFrame, source: SourceTable
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a county's share table as (one row per municipality, the printed sum row).

    Both have andelstal (‰), utfall (children), forvantat_low/high and antagande_low/high (children,
    as printed), ar, antagande_ar and utfall_preliminart (when a part-year outcome was read, else
    NA). The first is keyed by kommunkod, in printed order.

    Raises:
        DataError: the entry lacks lan or ar, or a name is not of that county.
    """
    if source.lan is None or source.ar is None:
        raise DataError(f"data/sources.toml, [{source.id}]: a share table must state lan and ar.")
    is_sum = printed["kommun"].map(fold) == fold(source.sum_row or "")
    years = {"ar": source.ar, "antagande_ar": source.antagande_ar, "tabell": source.id}
    whole = _with_intervals(printed).assign(
        **years, utfall_preliminart=source.utfall_preliminart or None
    )
    whole = whole.astype(
        {"antagande_ar": "Int64", "tabell": "string", "utfall_preliminart": "string"}
    )
    rows = add_kommunkod(whole[~is_sum], kommuner, source.lan, source.shown_path)
    first = ["kommunkod", "ar"]
    rows = rows[first + [name for name in rows if name not in first]].reset_index(drop=True)
    return rows, whole[is_sum].drop(columns="kommun").assign(lanskod=source.lan).reset_index(
        drop=True
    )


def _with_intervals(printed: pd.DataFrame) -> pd.DataFrame:
    frame = printed.copy()
    for column in ("forvantat", "antagande"):
        ends = [(pd.NA, pd.NA) if pd.isna(cell) else read_interval(cell) for cell in frame[column]]
        frame[f"{column}_low"] = pd.array([low for low, _ in ends], dtype="Int64")
        frame[f"{column}_high"] = pd.array([high for _, high in ends], dtype="Int64")
    return frame.drop(columns=["forvantat", "antagande"])


def known_codes(
    frame: pd.DataFrame, column: str, known: pd.Series, source: SourceTable, also: str = ""
) -> list[str]:
    """Return one message for each row whose code is not among the known ones."""
    strange = frame[frame[column].notna() & ~frame[column].isin([*known, also])]
    return [
        f'{source.shown_path}, row {row}, "{column}": {code!r} is not a known code. Compare with'
        " the source."
        for row, code in strange[column].items()
    ]


def strange_codes(
    checked: dict[str, pd.DataFrame], catalogue: Mapping[str, SourceTable]
) -> list[str]:
    """Return a message for each row whose code is of no municipality or county."""
    known = {"kommunkod": checked["kommuner"]["kommunkod"], "lanskod": checked["lan"]["lanskod"]}
    return [
        problem
        for table_id, frame in checked.items()
        for column, codes in known.items()
        if column in frame
        for problem in known_codes(frame, column, codes, catalogue[table_id], also="00")
    ]


def in_force(decisions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each municipality's kommuntal of a year in force, and those that were replaced.

    The last decision is in force, unless it is told to be replaced (then the later one is not
    known); one without a date is a list that was made of what held.

    Args:
        decisions: kommunkod, ar, beslutad (date as text, NA where not known), kommuntal, ersatt,
            harledd ("ja" where computed from how much it changed), kalla, tabell.
    """
    order = decisions.sort_values(DECISION, kind="stable")
    last = order[order["ersatt"].isna()].drop_duplicates(["kommunkod", "ar"], keep="last")
    ur = last["harledd"].map({"ja": "skillnad"}).astype("string")
    current = last.drop(columns=["ersatt", "harledd"]).assign(harledd_ur=ur)
    replaced = order.drop(last.index)[["kommunkod", "ar", "beslutad", "kommuntal", "tabell"]]
    return current.reset_index(drop=True), replaced.reset_index(drop=True)


DECISION = ["kommunkod", "ar", "beslutad"]  # the key of a kommuntal
# what a kommuntal that no list has follows from: the others of its county leave it nobody, it is
# its county's only one
OTHERS_LEAVE_NONE, ONLY_ONE = "lanstal", "ensam"
FROM_QUOTA = (OTHERS_LEAVE_NONE, ONLY_ONE)
LANSTAL_KEY = ["ar", "lanskod"]


def with_derived_kommuntal(
    kommuntal: pd.DataFrame, lanstal: pd.DataFrame, kommuner: pd.DataFrame
) -> pd.DataFrame:
    """Return the kommuntal with what follows from the länstal in force (A5).

    The kommuntal of a county sum to its länstal. So where those listed for a year are all known and
    add up exactly to it, the county's other municipalities have 0; one person off, and they stay
    unknown. And the only municipality of a county has the whole of it.

    Args:
        kommuntal: kommunkod, ar, kommuntal (persons), tabell; more columns are kept, unknown where
            derived.
        lanstal: lanskod, ar, galler_fran, lanstal (persons); the last to take effect in a year is
            in force.
        kommuner: kommunkod, lanskod.

    Returns:
        The rows, then the derived ones with the table of what they follow from in `tabell`;
        `harledd` says which are derived, and `harledd_ur` from what.

    Source: lag (2016:38) and förordning (2016:39): the länsstyrelse divides the whole länstal.
    """
    listed = kommuntal.merge(kommuner[["kommunkod", "lanskod"]], on="kommunkod", validate="m:1")
    whole = _whole_counties(listed, lanstal)
    asked = whole.merge(kommuner[["kommunkod", "lanskod"]], on="lanskod")
    there = pd.MultiIndex.from_frame(kommuntal[["kommunkod", "ar"]])
    missing = asked[~pd.MultiIndex.from_frame(asked[["kommunkod", "ar"]]).isin(there)]
    zero = missing[["kommunkod", "ar", "tabell"]].assign(kommuntal=0, harledd_ur=OTHERS_LEAVE_NONE)
    alone = _only_ones(lanstal, kommuner)
    alone = alone[~pd.MultiIndex.from_frame(alone[["kommunkod", "ar"]]).isin(there)]
    derived = pd.concat([zero, alone], ignore_index=True)
    if "harledd_ur" not in kommuntal:
        kommuntal = kommuntal.assign(harledd_ur=pd.Series(pd.NA, kommuntal.index, "string"))
    rows = derived.reindex(columns=kommuntal.columns).astype(kommuntal.dtypes)
    whole = pd.concat([kommuntal, rows], ignore_index=True)
    return whole.assign(harledd=whole["harledd_ur"].notna())


def _in_force(lanstal: pd.DataFrame) -> pd.DataFrame:
    """The last decision of each year and county to take effect."""
    return lanstal.sort_values("galler_fran", kind="stable").drop_duplicates(
        LANSTAL_KEY, keep="last"
    )


def _only_ones(lanstal: pd.DataFrame, kommuner: pd.DataFrame) -> pd.DataFrame:
    """The whole länstal in force, where a county has one municipality: kommunkod, ar, kommuntal,
    tabell, harledd_ur.
    """
    only = kommuner[~kommuner["lanskod"].duplicated(keep=False)][["kommunkod", "lanskod"]]
    own = _in_force(lanstal).merge(only, on="lanskod").dropna(subset=["lanstal"])
    own = own.assign(kommuntal=own["lanstal"], harledd_ur=ONLY_ONE)
    return own[["kommunkod", "ar", "kommuntal", "tabell", "harledd_ur"]]


def _whole_counties(listed: pd.DataFrame, lanstal: pd.DataFrame) -> pd.DataFrame:
    """The years and counties whose listed kommuntal are the whole länstal in force: ar, lanskod,
    tabell.
    """
    in_force = _in_force(lanstal)
    sums = listed.groupby(LANSTAL_KEY, as_index=False).agg(
        summa=("kommuntal", lambda own: own.sum(skipna=False)), tabell=("tabell", "first")
    )
    both = sums.merge(in_force[[*LANSTAL_KEY, "lanstal"]], on=LANSTAL_KEY, validate="1:1")
    equal = (both["summa"] == both["lanstal"]).fillna(False).astype(bool)
    return both.loc[equal, [*LANSTAL_KEY, "tabell"]]
