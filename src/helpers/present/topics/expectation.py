"""Outcome against expectation: the answer in one sentence, municipality by municipality, and beside
the county's own table as printed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.model.comparison import Split, when_preliminary
from helpers.model.forecasts import Forecast
from helpers.present.figures.expectation import draw_outcome, size_outcome
from helpers.present.figures.rows import by_size
from helpers.present.language import VERDICTS
from helpers.present.topics.difference import rests_on, share_tables, split_facts
from helpers.present.topics.estimates import rests_on_shares
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
    used_in,
)

_COUNTED = (
    "Av {alla:kommuner} ligger {within} inom det som slumpen ger; {fewer} fick färre och {more}"
    " fler."
)
_WHOLE_YEAR = (
    "Förväntat antal ensamkommande barn och utfall per kommun, {plats} {ar}.",
    "Punktdiagram: en rad per kommun i {plats}, det förväntade antalet som en stapel och utfallet"
    " som en punkt. " + _COUNTED,
)
_EARLY = (
    "Förväntat antal ensamkommande barn och preliminärt utfall per kommun, {plats} {ar}: {hamtat}.",
    "Punktdiagram: en rad per kommun i {plats}, det förväntade antalet som en stapel och det"
    " preliminära utfallet ({hamtat}) som en punkt. " + _COUNTED,
)
_PRINTED = {"forvantat": "Förväntat", "antagande": "Antagande"}


def answer(
    place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame
) -> Statement:
    """Return the answer on unaccompanied children, or the words for why there is none.

    An outcome of a part of the year is called preliminary where it is shown.

    Args:
        shares: The place's shares, empty where none is known: `tabell`.
    """
    if split is None:
        return _no_answer(place, forecast, shares)
    values = split_facts(split, forecast, place, shares)
    if split.difference is None:
        text = (
            "{plats} kan vänta {expected} ensamkommande barn {ar} vid prognosen {prognos} barn, "
            + rests_on_shares(shares)
        )
        return Statement("svar_ekb", text, used_in(text, values), "answer")
    text = "Till {plats} anvisades {utfall} ensamkommande barn {ar}. "
    if split.preliminary:
        text = "Preliminärt anvisades {utfall} ensamkommande barn till {plats} {ar} ({hamtat}). "
    text += _against_expected(place, split) + _in_two(place, split)
    return Statement("svar_ekb", text, used_in(text, values), "answer")


def _against_expected(place: Place, split: Split) -> str:
    """The expected number beside the outcome: for a municipality the published range, for a county
    its product.
    """
    if place.kind == "kommun":
        ends = "{low}" if split.expected_low == split.expected_high else "{low}–{high}"
        return f"Väntat var {ends} " + "vid prognosen {prognos} barn. Utfallet är {bedomning}."
    return (
        "Väntat var {vantat} ({andelstal} ‰ av prognosen {prognos} barn), så skillnaden är"
        " {distance}: {bedomning}."
    )


def _in_two(place: Place, split: Split) -> str:
    """What the forecast's error gave and what the placement did, for a county; for a few children
    it says nothing.
    """
    if place.kind == "kommun" or split.forecast_error is None:
        return ""
    text = " Till Sverige kom {actual} barn: prognosens fel gav {forecast_error}"
    if split.preliminary:
        return (
            text
            + " och placeringen minst {placement_departure} om inget ändras, {placering_bedomning}."
        )
    return text + " och placeringen {placement_departure}, {placering_bedomning}."


def _no_answer(place: Place, forecast: Forecast, shares: pd.DataFrame) -> Statement:
    if shares.empty:
        text = (
            "Andelstalen för ensamkommande barn saknas här för {plats}: ingen tabell som"
            " Mottagningsboken har läst in innehåller dem. Därför visas varken förväntat antal"
            " eller jämförelse med utfallet."
        )
        return gap("svar_ekb", text, plats=place.namn)
    text = (
        "För {plats} är andelstalen kända, men ingen nationell prognos för året är känd. Ange en"
        " med prognos_ekb."
    )
    return gap("svar_ekb", text, plats=place.namn)


def outcome(
    place: Place,
    comparison: pd.DataFrame,
    split: Split | None,
    forecast: Forecast,
    around: pd.DataFrame | None = None,
) -> tuple[View, ...]:
    """Return the figure of outcome against expectation per municipality, with its numbers; or the
    gap.

    Args:
        place: The county or municipality.
        comparison: The place's own rows: `kommunkod`, `kommun`, `andelstal` (‰), `expected`,
            `expected_low`, `expected_high`, `utfall`, `difference`, `chance_low`, `chance_high`
            (children; NA = unknown), `utfall_preliminart`, `verdict`, `tabell`.
        split: Their sum.
        forecast: The forecast they rest on.
        around: The whole county's rows, with the same columns as `comparison`, when a municipality
            is shown among its neighbours.
    """
    if split is None:
        return (_nothing_expected(place, forecast),)
    sources = rests_on(comparison, forecast)
    shown, highlight = (
        (comparison, None) if around is None else (around, str(comparison["kommunkod"].iloc[0]))
    )
    shown, early = by_size(shown, "andelstal"), when_preliminary(shown)
    values = split_facts(split, forecast, place, comparison) | {
        "plats": place.namn if around is None else place.lan,
        "alla": Fact(len(shown), "kommuner", sources),
        "hamtat": early,
        **_counts(shown, sources, bool(early)),
    }
    caption, alt = _EARLY if early else _WHOLE_YEAR
    figure = Figure(
        "utfall_figur",
        caption,
        alt,
        lambda ax, language: draw_outcome(
            shown, ax, language, highlight=highlight, preliminary=bool(early)
        ),
        size_outcome(shown),
        _outcome_table(shown, None if highlight else split, sources, values),
        used_in(caption + alt, values),
        reading="En punkt till vänster om stapeln betyder färre barn än väntat, till höger fler.",
    )
    return (*_verdicts(comparison, split, values), figure)


def _nothing_expected(place: Place, forecast: Forecast) -> Statement:
    """Why nothing is compared: what of the two, shares and forecast, is missing."""
    if forecast.value is None:
        text = (
            "Ingen nationell prognos för {ar} är känd. Därför kan vi inte visa hur många barn som"
            " väntades."
        )
        return gap("utfall", text, ar=str(forecast.ar))
    text = "Varken andelstal eller utfall är publicerade här för {plats}, så inget kan jämföras."
    return gap("utfall", text, plats=place.namn)


def _counts(shown: pd.DataFrame, sources: tuple[str, ...], early: bool) -> dict[str, Value]:
    """How many municipalities lie within what chance gives, and on which side the others do."""
    return {
        name: Fact(int((shown["verdict"] == name).sum()), "kommuner", sources, preliminary=early)
        for name in VERDICTS
    }


def _verdicts(
    comparison: pd.DataFrame, split: Split, values: Mapping[str, Value]
) -> tuple[Statement, ...]:
    """The verdict in words, against what chance gives and no narrower."""
    if comparison["utfall"].isna().all():
        return (gap("utfall_bedomning", "Utfallet per kommun {ar} saknas här.", ar=values["ar"]),)
    texts = {}
    if len(comparison) > 1:
        texts["utfall_bedomning"] = _COUNTED
    if split.verdict is not None:
        texts["utfall_slump"] = (
            "Slumpen ensam ger {chance_low}–{chance_high} barn av {prognos}, i minst 95 fall av"
            " 100. {det_utfallet} {utfall} är {bedomning}."
        )
    if split.preliminary:
        texts["utfall_preliminart"] = (
            "Utfallet är preliminärt: {hamtat}. Bedömningen gäller talet som det var då. Hela årets"
            " utfall kan ge en annan."
        )
    return tuple(Statement(name, text, used_in(text, values)) for name, text in texts.items())


def _outcome_table(
    comparison: pd.DataFrame,
    split: Split | None,
    sources: tuple[str, ...],
    values: Mapping[str, Value],
) -> Table:
    shares, early = share_tables(comparison), bool(values["hamtat"])
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal", "Andelstal", "‰", 2, published=True, sources=shares),
        Column("expected", "Förväntat", "barn", 1),
        Column("expected_low", "Intervall", "hela barn", high="expected_high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares, preliminary=early),
        Column("difference", "Skillnad", "barn", 1, sign=True, preliminary=early),
        Column("chance_low", "Slumpen ger", "barn", high="chance_high"),
        Column("verdict", "Bedömning", preliminary=early),
    ]
    total = _total(split) if split else None
    shown = {name: values[name] for name in ("plats", "ar")}
    caption = "Förväntat och utfall per kommun, {plats} {ar}"
    return Table("utfall", caption, comparison, columns, sources, shown, ("kommunkod",), total)


def _total(split: Split) -> dict[str, object]:
    """The county's own row: its range is the sum of the municipalities', its chance that of its own
    share.
    """
    chance = {"chance_low": split.chance.low, "chance_high": split.chance.high}
    return {"kommun": "Summa", **vars(split), **chance}


def printed_sums(
    printed: pd.DataFrame, shares: pd.DataFrame, kommunkoder: Sequence[str], id: str = "tryckt"
) -> tuple[View, ...]:
    """Return, where a printed sum of outcomes differs from its rows, a sentence with both numbers.

    Args:
        printed: The printed sum rows: `utfall` (children), `utfall_preliminart`, `tabell`.
        shares: The area's shares: `utfall` (children; NA = unknown), `tabell`.
        kommunkoder: The area's municipalities; a sum is compared only with a whole county.
        id: What the sentence's own begins with, as it stands in more than one document.
    """
    views = []
    for row in printed.to_dict("records"):
        own = shares[shares["tabell"] == row["tabell"]] if "tabell" in shares else shares
        if len(own) != len(kommunkoder) or own.empty or own["utfall"].isna().any():
            continue
        recomputed = int(own["utfall"].sum())
        if recomputed != row["utfall"]:
            views.append(_two_sums(id, row, recomputed, len(own)))
    return tuple(views)


def _two_sums(id: str, row: Mapping[object, object], recomputed: int, count: int) -> Statement:
    source, early = (str(row["tabell"]),), not is_unknown(row.get("utfall_preliminart"))
    text = (
        "Källans egen summa av utfallet är {printed}; dess {count:kommunrader} ger {recomputed}."
        " Här används raderna."
    )
    values: dict[str, Value] = {
        "printed": Fact(int(str(row["utfall"])), "barn", source, published=True, preliminary=early),
        "recomputed": Fact(recomputed, "barn", source, preliminary=early),
        "count": Fact(count, "kommuner", source),
    }
    return Statement(f"{id}_summa_{row['tabell']}", text, values, "note")


def printed_views(place: Place, printed: pd.DataFrame, sums: pd.DataFrame) -> tuple[View, ...]:
    """Return a sentence on how many printed intervals are reproduced, and the two tables side by
    side.

    Args:
        place: The county or municipality.
        printed: `kommunkod`, `kommun`, `ar`, `antagande_ar`, `andelstal` (‰), `utfall` (children),
            `utfall_preliminart`, `tabell`, and for `forvantat` and `antagande` the columns with
            `_expected`, `_low`, `_high`, `_computed_low`, `_computed_high` (children): what
            `cases.printed_table` returned; empty when the place has no printed table.
        sums: The printed sum rows: `andelstal` (‰), `utfall` and the printed intervals (children),
            `tabell`.
    """
    if printed.empty:
        return (
            gap(
                "tryckt",
                "Ingen tryckt tabell med andelstal är inläst för {plats}.",
                plats=place.namn,
            ),
        )
    names = [name for name in _PRINTED if f"{name}_expected" in printed]
    own = sums[sums["tabell"].isin(printed["tabell"]) & (len(printed) > 1)]
    total = _printed_total(printed, own.iloc[0].to_dict(), names) if len(own) else None
    return (_equal_cells(printed, names), _printed_table(place, printed, names, total))


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


def _printed_total(
    printed: pd.DataFrame, summa: Mapping[Any, Any], names: list[str]
) -> dict[str, object]:
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


def _interval_columns(name: str, values: Mapping[str, Value]) -> list[Column]:
    """An interval as printed, and beside it as recomputed."""
    group, computed = _PRINTED[name] + " {ar}", f"{name}_computed"
    return [
        Column(
            f"{name}_low",
            "tryckt",
            "barn",
            high=f"{name}_high",
            published=True,
            values=values,
            group=group,
        ),
        Column(
            f"{computed}_low",
            "omräknat",
            "barn",
            high=f"{computed}_high",
            values=values,
            group=group,
        ),
    ]


def _printed_table(
    place: Place, printed: pd.DataFrame, names: list[str], total: Mapping[str, object] | None
) -> Table:
    years = {
        "forvantat": str(printed["ar"].iloc[0]),
        "antagande": str(printed["antagande_ar"].iloc[0]),
    }
    columns = [Column("kommun", "Kommun"), Column("andelstal", "Andelstal", "‰", 2, published=True)]
    for name in names:
        columns += _interval_columns(name, {"ar": years[name]})
    early = bool(when_preliminary(printed))
    columns += [
        Column("utfall", "tryckt", "barn", published=True, preliminary=early, group="Utfall"),
        Column("utfall_computed", "omräknat", "barn", preliminary=early, group="Utfall"),
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
