"""The county's own table as printed beside the recomputed one: every cell and both sums."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.present.views import Column, Fact, Place, Statement, Table, Value, View, gap

_COLUMNS = {"forvantat": "Förväntat", "antagande": "Antagande"}


def printed_views(place: Place, printed: pd.DataFrame, sums: pd.DataFrame) -> tuple[View, ...]:
    """Return a sentence on how many printed intervals are reproduced, and the two tables side by
    side.

    Args:
        place: The county or municipality.
        printed: What `cases.printed_table` returned; empty when the place has no printed table.
        sums: The printed sum rows: lanskod, andelstal, utfall and the intervals.
    """
    if printed.empty:
        return (
            gap(
                "tryckt",
                "Ingen tryckt tabell med andelstal är inläst för {plats}.",
                plats=place.namn,
            ),
        )
    names = [name for name in _COLUMNS if f"{name}_expected" in printed]
    own = sums[sums["tabell"].isin(printed["tabell"]) & (len(printed) > 1)]
    total = _total(printed, own.iloc[0].to_dict(), names) if len(own) else None
    return (_equal_cells(printed, names), _table(place, printed, names, total))


def _equal_cells(printed: pd.DataFrame, names: list[str]) -> Statement:
    sources = tuple(dict.fromkeys(printed["tabell"]))
    same = sum(
        int(
            (
                (printed[f"{name}_low"] == printed[f"{name}_computed_low"])
                & (printed[f"{name}_high"] == printed[f"{name}_computed_high"])
            ).sum()
        )
        for name in names
    )
    values: dict[str, Value] = {
        "same": Fact(same, "celler", sources),
        "cells": Fact(len(printed) * len(names), "celler", sources),
    }
    text = "Vi har räknat om {cells:tryckta intervall}: {same} stämmer."
    return Statement("tryckt_mening", text, values)


def _total(printed: pd.DataFrame, summa: Mapping[Any, Any], names: list[str]) -> dict[str, object]:
    total: dict[str, object] = {
        "kommun": "Summa",
        "andelstal": summa["andelstal"],
        "utfall": summa["utfall"],
        "utfall_computed": int(printed["utfall"].sum())
        if printed["utfall"].notna().all()
        else None,
    }
    for name in names:
        for end in ("low", "high"):
            total[f"{name}_{end}"] = summa[f"{name}_{end}"]
            total[f"{name}_computed_{end}"] = int(printed[f"{name}_computed_{end}"].sum())
    return total


def _table(
    place: Place, printed: pd.DataFrame, names: list[str], total: Mapping[str, object] | None
) -> Table:
    years = {
        "forvantat": str(printed["ar"].iloc[0]),
        "antagande": str(printed["antagande_ar"].iloc[0]),
    }
    columns = [Column("kommun", "Kommun"), Column("andelstal", "Andelstal", "‰", 2, published=True)]
    for name in names:
        shown = {"ar": years[name]}
        label = _COLUMNS[name]
        columns += [
            Column(
                f"{name}_low",
                label + " {ar}, tryckt",
                "barn",
                high=f"{name}_high",
                published=True,
                values=shown,
            ),
            Column(
                f"{name}_computed_low",
                label + " {ar}, omräknat",
                "barn",
                high=f"{name}_computed_high",
                values=shown,
            ),
        ]
    early = bool(when_preliminary(printed))
    columns += [
        Column("utfall", "Utfall, tryckt", "barn", published=True, preliminary=early),
        Column("utfall_computed", "Utfall, omräknat", "barn", preliminary=early),
    ]
    frame = printed.assign(utfall_computed=printed["utfall"])
    sources = tuple(dict.fromkeys(printed["tabell"]))
    caption = "Länets tabell som den trycktes, och omräknad ur andelstal och prognos, {plats}"
    return Table(
        "tryckt",
        caption,
        frame,
        columns,
        sources,
        {"plats": place.namn},
        ("kommunkod",),
        total,
        total_published=True,
    )
