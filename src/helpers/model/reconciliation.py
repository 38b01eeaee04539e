"""Recompute every published total, keeping both numbers; and tell which figures are in hand, for
which years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from helpers.model.exact import NOISE, decimal_of, exact_sum, rounded
from helpers.model.shares import expected_children, published_range


def status_of(grid: pd.DataFrame) -> pd.DataFrame:
    """Return one row per kind of figure: the years known for all units, for some, and for none.

    Args:
        grid: The coverage grid: table, ar, known, units, share (0–1 of the units known).

    Returns:
        table, whole, partly, missing (lists of years), known and units (a unit's years with a
        figure, and all of them), share (known of units, 0–1), in grid order. Kinds differ in what a
        unit is, so there is no sum of them all.
    """
    rows = []
    for table, cells in grid.groupby("table", sort=False):
        years, share = cells["ar"], cells["share"]
        rows.append(
            {
                "table": table,
                "whole": years[share >= 1].tolist(),
                "partly": years[(share > 0) & (share < 1)].tolist(),
                "missing": years[share == 0].tolist(),
                "known": int(cells["known"].sum()),
                "units": int(cells["units"].sum()),
                "share": float(cells["known"].sum() / cells["units"].sum()),
            }
        )
    return pd.DataFrame(rows)


def coverage(
    tables: Mapping[str, tuple[pd.DataFrame, str, int]], years: Sequence[int]
) -> pd.DataFrame:
    """Return the coverage grid.

    Args:
        tables: Name → (frame with `ar` and a key column, the key column, the number of units there
            are).
        years: The years to show.

    Returns:
        table, ar, known (units with a figure), units (there are), share (0–1, known of units).
    """
    rows = []
    for name, (frame, key, units) in tables.items():
        counts = frame.groupby("ar")[key].nunique()
        rows += [(name, year, int(counts.get(year, 0)), units) for year in years]
    grid = pd.DataFrame(rows, columns=["table", "ar", "known", "units"])
    return grid.assign(share=grid["known"] / grid["units"])


COLUMNS = [
    "check",
    "subject",
    "ar",
    "unit",
    "published",
    "published_high",
    "recomputed",
    "difference",
    "agrees",
]


@dataclass(frozen=True)
class Check:
    """One published figure beside the one recomputed from its parts.

    `published_high` is set when the source prints an interval. `difference` is recomputed minus the
    nearest published figure; it agrees within `tolerance` (same unit).
    """

    check: str
    subject: str
    ar: int
    unit: str
    published: float
    recomputed: float
    published_high: float | None = None
    tolerance: float = 0.0

    @property
    def difference(self) -> float:
        """Recomputed minus published; zero inside a published interval."""
        high = self.published if self.published_high is None else self.published_high
        nearest = min(max(self.recomputed, self.published), high)
        return float(rounded(decimal_of(self.recomputed) - decimal_of(nearest), NOISE))


def ledger_of(
    checks: Sequence[Check],
    known: Mapping[str, tuple[float, str]],
    follows_from: Mapping[str, str] | None = None,
    by_order: str = "",
) -> pd.DataFrame:
    """Return the ledger: one row per check, disagreements first.

    Args:
        checks: What the functions below returned.
        known: Check → the difference that is known, and why, from `data/sources.toml`. Another
            difference is a new disagreement.
        follows_from: Check → the assumption (A3) that its known difference follows from; such a
            difference is no fault of the source's.
        by_order: The note where two tables differ and the catalogue's order decides.

    Returns:
        check, subject (code), ar, unit, published, published_high, recomputed, difference, agrees,
        known (the disagreement is listed), note, follows_from ("" where there is no such
        assumption).
    """
    rows = [
        {
            **asdict(check),
            "difference": check.difference,
            "agrees": abs(check.difference) <= check.tolerance,
        }
        for check in checks
    ]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"published_high": "Float64", "ar": "Int64"})
    pinned = table["check"].map({check: difference for check, (difference, _) in known.items()})
    listed = ((table["difference"] - pinned.astype("Float64")).abs() < 0.0005).fillna(
        False
    ) & ~table["agrees"]
    says = table["check"].map({check: says for check, (_, says) in known.items()})
    # by precedence, and so known
    settled = table["check"].str.startswith("overlap.") & ~table["agrees"]
    note = says.where(listed, "").mask(settled, by_order).astype("string")
    follows = table["check"].map(dict(follows_from or {})).where(listed).astype("string").fillna("")
    listed = listed | settled
    return table.assign(known=listed, note=note, follows_from=follows).sort_values(
        "agrees", kind="stable", ignore_index=True
    )


def check_andelstal(
    rows: pd.DataFrame, summa: pd.DataFrame, prognoser: Mapping[str, int]
) -> list[Check]:
    """Check a county's share table: its sums, its printed cells, and whether the products lie
    inside.

    Args:
        rows: The municipalities: andelstal (‰), utfall, forvantat_low/high, antagande_low/high,
            tabell.
        summa: The printed sum row, same columns, plus lanskod.
        prognoser: "forvantat" and "antagande" → the forecast each column rests on, children.
    """
    if rows.empty or summa.empty:
        return []
    table, printed = str(rows["tabell"].iloc[0]), summa.iloc[0]
    place = (str(printed["lanskod"]), int(printed["ar"]))
    checks = [
        Check(
            f"{table}.andelstal_sum",
            *place,
            "‰",
            printed["andelstal"],
            exact_sum(rows["andelstal"]),
            tolerance=0.005,
        ),
        Check(
            f"{table}.utfall_sum",
            *place,
            "barn",
            printed["utfall"],
            rows["utfall"].sum(skipna=False),
        ),
    ]
    for name, prognos in prognoser.items():
        checks += _check_intervals(rows, printed, name, prognos, (table, *place))
    return [
        check for check in checks if not pd.isna(check.published) and not pd.isna(check.recomputed)
    ]


def _check_intervals(
    rows: pd.DataFrame, printed: pd.Series, name: str, prognos: int, at: tuple[str, str, int]
) -> list[Check]:
    """A column's cells and its sum row; what the source leaves blank is not checked."""
    table, lanskod, ar = at
    expected = expected_children(rows["andelstal"], prognos)
    ends = [published_range(children) for children in expected]
    cells = [
        cell
        for cell in zip(ends, rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
        if pd.notna(cell[1])
    ]
    equal = sum(end == (low, high) for end, low, high in cells)
    low, high = printed[f"{name}_low"], printed[f"{name}_high"]
    if not cells:
        return []
    return [
        Check(f"{table}.{name}_cells", lanskod, ar, "celler", len(cells), equal),
        Check(f"{table}.{name}_sum_low", lanskod, ar, "barn", low, sum(low for low, _ in ends)),
        Check(f"{table}.{name}_sum_high", lanskod, ar, "barn", high, sum(high for _, high in ends)),
        Check(f"{table}.{name}_inside", lanskod, ar, "barn", low, exact_sum(expected), high),
    ]


def printed_beside(
    rows: pd.DataFrame, kommuner: pd.DataFrame, prognoser: Mapping[str, int]
) -> pd.DataFrame:
    """Return a share table's printed intervals beside the recomputed ones.

    Args:
        rows: kommunkod, andelstal (‰), utfall, forvantat_low/high, antagande_low/high (children),
            tabell.
        kommuner: kommunkod, kommun.
        prognoser: "forvantat" and "antagande" → the forecast each rests on, children.

    Returns:
        The rows with kommun and, per column, `<name>_expected`, `<name>_computed_low/high`
        (children).
    """
    table = rows.merge(
        kommuner[["kommunkod", "kommun"]], on="kommunkod", how="left", validate="1:1"
    )
    for name, prognos in prognoser.items():
        expected = expected_children(table["andelstal"], prognos)
        ends = [published_range(children) for children in expected]
        table[f"{name}_expected"] = expected
        table[f"{name}_computed_low"] = pd.array([low for low, _ in ends], dtype="Int64")
        table[f"{name}_computed_high"] = pd.array([high for _, high in ends], dtype="Int64")
    return table


def check_lanstal(lanstal: pd.DataFrame, anvisningar: pd.DataFrame) -> list[Check]:
    """Check that the county list of each decision sums to its national number (persons).

    A decision of which only some counties are known has no sum to check.
    """
    sums = lanstal.groupby(["ar", "beslut"], as_index=False).agg(
        lanstal=("lanstal", "sum"), counties=("lanskod", "nunique")
    )
    whole = sums[sums["counties"] == lanstal["lanskod"].nunique()]
    both = whole.merge(anvisningar, on=["ar", "beslut"], validate="1:1")
    return [
        Check(f"lanstal.{row['beslut']}", "00", row["ar"], "personer", row["antal"], row["lanstal"])
        for row in both.to_dict("records")
    ]


def check_kommuntal(
    kommuntal: pd.DataFrame, lanstal: pd.DataFrame, incomplete: Sequence[str] = ()
) -> list[Check]:
    """Check, per county and year with a list, that the kommuntal sum to the länstal in force
    (persons).

    A county of which a single municipality is known has no sum to check; those of an incomplete
    table may be no more than the länstal.
    """
    own = kommuntal.assign(lanskod=kommuntal["kommunkod"].str[:2])
    sums = own.groupby(["ar", "lanskod"], as_index=False).agg(
        antal=("kommuntal", "sum"), tabell=("tabell", "first"), rader=("kommuntal", "size")
    )
    in_force = (
        lanstal.sort_values("galler_fran", kind="stable")
        .groupby(["ar", "lanskod"], as_index=False)
        .tail(1)
    )
    both = sums.merge(in_force[["ar", "lanskod", "lanstal"]], on=["ar", "lanskod"], validate="1:1")
    complete = both[(both["rader"] > 1) | (both["lanskod"] == "09")]  # Gotland is one municipality
    return _against_lanstal(complete, incomplete)


def check_replaced(
    replaced: pd.DataFrame, lanstal: pd.DataFrame, kommuner: pd.DataFrame
) -> list[Check]:
    """Check that kommuntal that were replaced sum to the first länstal of their year, where every
    municipality of the county is known (persons).
    """
    own = replaced.assign(lanskod=replaced["kommunkod"].str[:2])
    sums = own.groupby(["ar", "lanskod", "beslutad", "tabell"], as_index=False).agg(
        antal=("kommuntal", "sum"), rader=("kommunkod", "nunique")
    )
    whole = sums[sums["rader"] == sums["lanskod"].map(kommuner["lanskod"].value_counts())]
    first = lanstal.drop_duplicates(["ar", "lanskod"])[["ar", "lanskod", "lanstal"]]
    return _against_lanstal(whole.merge(first, on=["ar", "lanskod"]))


def _against_lanstal(sums: pd.DataFrame, incomplete: Sequence[str] = ()) -> list[Check]:
    checks = []
    for row in sums.to_dict("records"):
        ends = [row["lanstal"], row["antal"]]
        if row["tabell"] in incomplete:
            ends = [0, row["antal"], row["lanstal"]]
        checks.append(
            Check(f"{row['tabell']}.lanstal", row["lanskod"], row["ar"], "personer", *ends)
        )
    return checks


def check_national_kommuntal(
    kommuntal: pd.DataFrame, anvisningar: pd.DataFrame, ar: int
) -> list[Check]:
    """Check that one year's kommuntal for the whole country sum to the national number
    (persons).
    """
    year = kommuntal[kommuntal["ar"] == ar]
    national = anvisningar[(anvisningar["ar"] == ar) & (anvisningar["slag"] != "förslag")]
    if year.empty or national.empty:
        return []
    table = str(year["tabell"].iloc[0])
    last = national["antal"].iloc[-1]
    return [Check(f"{table}.riket", "00", ar, "personer", last, year["kommuntal"].sum())]


def check_reception(table: str, mottagna: pd.DataFrame, summor: pd.DataFrame) -> list[Check]:
    """Check every printed subtotal and the national totals of a reception table (persons).

    Args:
        table: Its id, which the checks carry.
        mottagna: lanskod (the county of the row's year), ar, kategori, antal, varav_ensamkommande,
            from one source.
        summor: The same source's printed sums, by lanskod ("00" is the nation); a blank sum is not
            checked, nor one of which a part is unknown.
    """
    keys, figures = ["lanskod", "ar", "kategori"], ["antal", "varav_ensamkommande"]
    counties = mottagna.groupby(keys, as_index=False)[figures].agg(_known_sum)
    nation = (
        mottagna.groupby(keys[1:], as_index=False)[figures].agg(_known_sum).assign(lanskod="00")
    )
    both = summor.merge(
        pd.concat([counties, nation]), on=keys, suffixes=("_printed", "_sum"), validate="1:1"
    )
    return [
        Check(f"{table}.{row['kategori']}.{figure}", row["lanskod"], row["ar"], "personer", *pair)
        for row in both.to_dict("records")
        for figure in figures
        if not any(map(pd.isna, pair := (row[f"{figure}_printed"], row[f"{figure}_sum"])))
    ]


def _known_sum(column: pd.Series) -> Any:
    return pd.NA if column.isna().any() else column.sum()


def check_categories(table: str, mottagna: pd.DataFrame) -> list[Check]:
    """Check that the five categories of each municipality sum to its printed total (people); a
    check for each year counts the municipalities that hold.
    """
    wide = mottagna.pivot(index=["ar", "kommunkod"], columns="kategori", values="antal")
    if "totalt" not in wide or len(wide.columns) == 1:
        return []
    with_parts = wide[wide.notna().all(axis=1)]
    equal = (
        (with_parts.drop(columns="totalt").sum(axis=1) == with_parts["totalt"])
        .groupby("ar")
        .agg(["size", "sum"])
    )
    return [
        Check(f"{table}.kategorier", "00", int(str(ar)), "kommuner", row["size"], row["sum"])
        for ar, row in equal.iterrows()
    ]


def check_overlaps(overlaps: pd.DataFrame) -> list[Check]:
    """Check that two sources of the same figure agree: a count per pair and year, then each that
    differs.

    Args:
        overlaps: kommunkod, ar, kategori, winner, loser (table ids), kept, other (persons).

    Returns:
        `overlap.<winner>.<loser>`: figures compared against figures equal; and, with ".cell" after
        it, each municipality whose figures differ. Differences are listed, never averaged.
    """
    checks = []
    for (winner, loser, year), rows in overlaps.groupby(["winner", "loser", "ar"]):
        name, ar = f"overlap.{winner}.{loser}", int(str(year))
        differs = rows[rows["kept"] != rows["other"]]
        checks.append(Check(name, "00", ar, "uppgifter", len(rows), len(rows) - len(differs)))
        checks += [
            Check(f"{name}.cell", row["kommunkod"], ar, "personer", row["kept"], row["other"])
            for row in differs.to_dict("records")
        ]
    return checks


def check_sexes(asylsokande: pd.DataFrame) -> list[Check]:
    """Check that women and men, girls and boys, sum to their totals each year (persons)."""
    pairs = {"asylsokande": ["kvinnor", "man"], "ensamkommande": ["flickor", "pojkar"]}
    return [
        Check(
            f"asylsokande_riket.{total}", "00", row["ar"], "personer", row[total], row[parts].sum()
        )
        for total, parts in pairs.items()
        for _, row in asylsokande.dropna(subset=[total, *parts]).iterrows()
    ]
