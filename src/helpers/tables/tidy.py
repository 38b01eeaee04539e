"""Join published tables into tidy ones: one row per key, each row naming the table it came from."""

import pandas as pd

from helpers.errors import DataError
from helpers.sources import SourceTable
from helpers.tables.parse import read_interval
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
        DataError: two tables of equal rank hold the same figure. Which counts is a decision, so it is
            not made here.
    """
    parts = [
        frame.reset_index(drop=True).assign(tabell=table_id, rank=precedence[table_id])
        for table_id, frame in frames.items()
    ]
    whole = pd.concat(parts, ignore_index=True).astype({"tabell": "string"})
    whole = whole.assign(unknown=whole[value].isna()).sort_values([*key, "unknown", "rank"], ignore_index=True)
    _refuse_ties(whole[~whole["unknown"]], key)
    winners = whole.drop_duplicates(key).drop(columns=["rank", "unknown"]).reset_index(drop=True)
    return winners, _overlaps(whole[~whole["unknown"]], key, value)


def _refuse_ties(known: pd.DataFrame, key: list[str]) -> None:
    doubled = known[known.duplicated([*key, "rank"], keep=False)]
    if not doubled.empty:
        first = doubled.iloc[0]
        where = ", ".join(f"{name} {first[name]}" for name in key)
        tables = ", ".join(sorted(doubled["tabell"].unique()))
        raise DataError(f"{tables}: {len(doubled)} rows share a key, the first at {where}. Keep one of them.")


def _overlaps(known: pd.DataFrame, key: list[str], value: str) -> pd.DataFrame:
    first = known.drop_duplicates(key)
    rest = known.drop(first.index)
    both = rest.merge(first, on=key, suffixes=("_other", "_kept"), validate="m:1")
    names = {f"{value}_kept": "kept", f"{value}_other": "other", "tabell_kept": "winner", "tabell_other": "loser"}
    return both.rename(columns=names)[[*key, "winner", "loser", "kept", "other"]]


def split_andelstal(
    printed: pd.DataFrame, kommuner: pd.DataFrame, source: SourceTable
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a county's share table as (one row per municipality, the printed sum row).

    Both have andelstal (‰), utfall (children), forvantat_low/high and antagande_low/high (children,
    as printed), ar, antagande_ar and utfall_preliminart (when a part-year outcome was read, else NA). The
    first is keyed by kommunkod, in printed order.

    Raises:
        DataError: the entry lacks lan or ar, or a name is not of that county.
    """
    if source.lan is None or source.ar is None:
        raise DataError(f"data/sources.toml, [{source.id}]: a share table must state lan and ar.")
    is_sum = printed["kommun"].map(fold) == fold(source.sum_row or "")
    years = {"ar": source.ar, "antagande_ar": source.antagande_ar, "tabell": source.id}
    whole = _with_intervals(printed).assign(**years, utfall_preliminart=source.utfall_preliminart or None)
    whole = whole.astype({"antagande_ar": "Int64", "tabell": "string", "utfall_preliminart": "string"})
    rows = add_kommunkod(whole[~is_sum], kommuner, source.lan, source.shown_path)
    first = ["kommunkod", "ar"]
    rows = rows[first + [name for name in rows if name not in first]].reset_index(drop=True)
    return rows, whole[is_sum].drop(columns="kommun").assign(lanskod=source.lan).reset_index(drop=True)


def _with_intervals(printed: pd.DataFrame) -> pd.DataFrame:
    frame = printed.copy()
    for column in ("forvantat", "antagande"):
        ends = [(pd.NA, pd.NA) if pd.isna(cell) else read_interval(cell) for cell in frame[column]]
        frame[f"{column}_low"] = pd.array([low for low, _ in ends], dtype="Int64")
        frame[f"{column}_high"] = pd.array([high for _, high in ends], dtype="Int64")
    return frame.drop(columns=["forvantat", "antagande"])


def known_codes(frame: pd.DataFrame, column: str, known: pd.Series, source: SourceTable, also: str = "") -> list[str]:
    """Return one message for each row whose code is not among the known ones."""
    strange = frame[frame[column].notna() & ~frame[column].isin([*known, also])]
    return [
        f'{source.shown_path}, row {row}, "{column}": {code!r} is not a known code. Compare with the source.'
        for row, code in strange[column].items()
    ]
