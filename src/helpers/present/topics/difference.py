"""Whose the difference is: the forecast's error and the placement's departure."""

from collections.abc import Mapping

import pandas as pd

from helpers.model.comparison import Split, waterfall
from helpers.model.forecasts import Forecast
from helpers.present.figures import outcome as drawing
from helpers.present.precision import PARTS, adds_up
from helpers.present.topics.splitting import ASYL, rests_on, split_facts, used_in
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
    in_words,
)

_STEPS = {
    "expected": "Förväntat vid prognosen",
    "forecast_error": "Prognosens fel",
    "expected_actual": "Andelen av dem som kom",
    "placement_departure": "Avvikelse i placeringen",
    "utfall": "Utfall",
}
_EARLY_STEPS = _STEPS | {
    "placement_departure": "Avvikelse i placeringen, minst",
    "utfall": "Utfall, preliminärt",
}


def split_views(
    place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame
) -> tuple[View, ...]:
    """Return the split of the difference: what each part is, and the waterfall; or the gap.

    An outcome of a part of the year gives the placement's part only as "at least", with the reason.
    """
    if split is None:
        return (gap("delning", "Utan förväntat antal finns ingen skillnad att dela upp."),)
    if split.difference is None or split.forecast_error is None or split.chance_actual is None:
        text = "Skillnaden kan delas upp först när både utfallet och antalet barn som kom är kända."
        return (gap("delning", text),)
    sources = rests_on(shares, forecast, ASYL)
    chance, early = split.chance_actual, bool(split.preliminary)
    values = split_facts(split, forecast, place, shares) | {
        "expected_actual": Fact(split.expected_actual, "barn", sources, decimals=1),
        "chance_low": Fact(chance.low, "barn", sources),
        "chance_high": Fact(chance.high, "barn", sources),
        "deviations": Fact(deviations(split), "", sources, decimals=1, preliminary=early),
    }
    return (_sentence(split, values), _chance(split, values), _split_figure(split, values, sources))


def deviations(split: Split) -> float | None:
    """Return the placement's part in standard deviations of chance, without sign; None where chance
    gives none.
    """
    if (
        split.chance_actual is None
        or split.placement_departure is None
        or not split.chance_actual.deviation
    ):
        return None
    return abs(split.placement_departure) / split.chance_actual.deviation


def _sentence(split: Split, values: Mapping[str, Value]) -> Statement:
    text = (
        "Till Sverige kom {actual} barn {ar}, mot prognosen {prognos}. Andelen {andelstal} ‰ av dem"
        " som kom är {expected_actual} barn. Prognosens fel ensamt ger {forecast_error} barn. "
    )
    if split.preliminary:
        text += (
            "Placeringen ger minst {placement_departure}, om inga uppgifter ändras: det preliminära"
            " utfallet {utfall} är {hamtat}, medan {actual} är hela året. "
        )
    else:
        text += "Placeringen ger {placement_departure}. "
    return Statement("delning_mening", text.rstrip(), used_in(text, values))


def _chance(split: Split, values: Mapping[str, Value]) -> Statement:
    """The placement's part beside what chance gives of those who came."""
    text = (
        "Slumpen ensam ger {chance_low}–{chance_high} barn av {actual}, i minst 95 fall av 100."
        " {det_utfallet} {utfall} är {placering_bedomning}"
    )
    text += "." if deviations(split) is None else ", {deviations} standardavvikelser från andelen."
    return Statement("delning_slump", text, used_in(text, values))


def _split_figure(split: Split, values: Mapping[str, Value], sources: tuple[str, ...]) -> Figure:
    early, steps = bool(split.preliminary), waterfall(split)
    steps = steps.assign(label=steps["role"].map(_EARLY_STEPS if early else _STEPS))
    table = Table(
        "delning",
        "Skillnaden mellan förväntat och utfall, {plats} {ar}",
        _in_persons(steps),
        [Column("label", "Steg"), Column("value", "Antal", "barn", 1)],
        sources,
        {name: values[name] for name in ("plats", "ar")},
        ("role",),
        note="" if _adds_up(split) else PARTS,
    )
    caption = (
        "Från förväntat till utfall: vad som är prognosens fel och vad som är placeringens, {plats}"
        " {ar}."
    )
    alt = (
        "Trappdiagram från förväntat {expected} barn till utfallet {utfall}: prognosens fel"
        " {forecast_error}, avvikelse i placeringen {placement_departure}."
    )
    if early:
        caption = (
            "Från förväntat till preliminärt utfall: vad som är prognosens fel och vad som minst är"
            " placeringens, {plats} {ar}."
        )
        alt = (
            "Trappdiagram från förväntat {expected} barn till det preliminära utfallet {utfall}:"
            " prognosens fel {forecast_error}, avvikelse i placeringen minst {placement_departure}."
        )
    return Figure(
        "delning_figur",
        caption,
        alt,
        lambda ax, language: drawing.draw_split(
            in_words(steps, ("label",), language), ax, language
        ),
        drawing.size_split(steps),
        table,
        used_in(caption + alt, values),
    )


def _in_persons(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps with those who came as a whole number: people, and no product."""
    counted = [
        kind == "level" and role == "utfall"
        for kind, role in zip(steps["kind"], steps["role"], strict=True)
    ]
    pairs = zip(steps["value"], counted, strict=True)
    return steps.assign(
        value=pd.Series([int(value) if people else value for value, people in pairs], dtype=object)
    )


def _adds_up(split: Split) -> bool:
    """Whether the steps, each rounded to one decimal, lead from level to level; all are known."""
    reached = [0.0 if value is None else value for value in (split.expected_actual, split.utfall)]
    steps = [
        0.0 if value is None else value
        for value in (split.forecast_error, split.placement_departure)
    ]
    return adds_up(reached[0], [split.expected, steps[0]], 1) and adds_up(
        reached[1], [reached[0], steps[1]], 1
    )


def split_table(
    comparison: pd.DataFrame, split: Split | None, forecast: Forecast
) -> Table | Statement:
    """Return the split per municipality as a table; or the gap."""
    if split is None or split.forecast_error is None:
        return gap(
            "delning_kommun",
            "Uppdelningen per kommun kan inte göras utan andelstal, prognos och utfall.",
        )
    early = bool(split.preliminary)
    placed = "Placeringens avvikelse, minst" if early else "Placeringens avvikelse"
    columns = [
        Column("kommun", "Kommun"),
        Column("difference", "Skillnad", "barn", 1, sign=True, preliminary=early),
        Column("forecast_error", "Prognosens fel", "barn", 1, sign=True),
        Column("placement_departure", placed, "barn", 1, sign=True, preliminary=early),
    ]
    total = {column.name: getattr(split, column.name) for column in columns[1:]} | {
        "kommun": "Summa"
    }
    return Table(
        "delning_kommun",
        "Skillnaden uppdelad per kommun {ar}",
        comparison,
        columns,
        rests_on(comparison, forecast, ASYL),
        {"ar": str(forecast.ar)},
        ("kommunkod",),
        total,
        adds=("difference", "forecast_error", "placement_departure"),
    )
