"""Whose the difference is: the forecast's error and the placement's departure."""

from collections.abc import Mapping

import pandas as pd

from helpers.model.comparison import Split, waterfall
from helpers.model.forecasts import Forecast
from helpers.present.figures import outcome as drawing
from helpers.present.precision import PARTS, adds_up
from helpers.present.topics.expectation import ASYL, rests_on, split_facts
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap, in_words

_STEPS = {
    "expected": "Förväntat vid prognosen",
    "forecast_error": "Prognosens fel",
    "expected_actual": "Andelen av dem som kom",
    "placement_departure": "Avvikelse i placeringen",
    "utfall": "Utfall",
}


def split_views(place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame) -> tuple[View, ...]:
    """Return the split of the difference: one sentence and the waterfall; or the gap."""
    if split is None:
        return (gap("delning", "Utan förväntat antal finns ingen skillnad att dela upp."),)
    if split.difference is None or split.forecast_error is None:
        return (
            gap(
                "delning",
                "Skillnaden kan delas upp först när både utfallet och antalet barn som kom är kända.",
            ),
        )
    sources = rests_on(shares, forecast, ASYL)
    values = split_facts(split, forecast, place, shares) | {
        "actual": Fact(split.actual, "barn", (ASYL,), published=True),
        "expected_actual": Fact(split.expected_actual, "barn", sources, decimals=1),
    }
    used = (
        "ar",
        "actual",
        "prognos",
        "andelstal",
        "expected_actual",
        "placement_departure",
        "forecast_error",
    )
    text = (
        "Till Sverige kom {actual} barn {ar}, inte {prognos}. Andelen {andelstal} ‰ av dem som kom är "
        "{expected_actual} barn. Mätt så avviker placeringen med {placement_departure} barn, medan prognosens fel "
        "ensamt är {forecast_error}."
    )
    return (
        Statement("delning_mening", text, {name: values[name] for name in used}),
        _split_figure(split, values, sources),
    )


def _split_figure(split: Split, values: Mapping[str, Value], sources: tuple[str, ...]) -> Figure:
    steps = waterfall(split)
    steps = steps.assign(label=steps["role"].map(_STEPS))
    shown = {
        name: values[name] for name in ("plats", "ar", "expected", "utfall", "forecast_error", "placement_departure")
    }
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
    return Figure(
        "delning_figur",
        "Från förväntat till utfall: vad som är prognosens fel och vad som är placeringens, {plats} {ar}.",
        "Trappdiagram från förväntat {expected} barn till utfallet {utfall}: prognosens fel {forecast_error}, "
        "avvikelse i placeringen {placement_departure}.",
        lambda ax, language: drawing.draw_split(in_words(steps, ("label",), language), ax, language),
        drawing.size_split(steps),
        table,
        shown,
    )


def _in_persons(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps with those who came as a whole number: people, and no product."""
    counted = [kind == "level" and role == "utfall" for kind, role in zip(steps["kind"], steps["role"], strict=True)]
    pairs = zip(steps["value"], counted, strict=True)
    return steps.assign(value=pd.Series([int(value) if people else value for value, people in pairs], dtype=object))


def _adds_up(split: Split) -> bool:
    """Whether the steps, each rounded to one decimal, lead from level to level; all are known."""
    reached = [0.0 if value is None else value for value in (split.expected_actual, split.utfall)]
    steps = [0.0 if value is None else value for value in (split.forecast_error, split.placement_departure)]
    return adds_up(reached[0], [split.expected, steps[0]], 1) and adds_up(reached[1], [reached[0], steps[1]], 1)


def split_table(comparison: pd.DataFrame, split: Split | None, forecast: Forecast) -> Table | Statement:
    """Return the split per municipality as a table; or the gap."""
    if split is None or split.forecast_error is None:
        return gap("delning_kommun", "Uppdelningen per kommun kan inte göras utan andelstal, prognos och utfall.")
    columns = [
        Column("kommun", "Kommun"),
        Column("difference", "Skillnad", "barn", 1, sign=True),
        Column("forecast_error", "Prognosens fel", "barn", 1, sign=True),
        Column("placement_departure", "Placeringens avvikelse", "barn", 1, sign=True),
    ]
    total = {column.name: getattr(split, column.name) for column in columns[1:]} | {"kommun": "Summa"}
    caption = "Skillnaden uppdelad per kommun {ar}"
    sources = rests_on(comparison, forecast, ASYL)
    return Table(
        "delning_kommun",
        caption,
        comparison,
        columns,
        sources,
        {"ar": str(forecast.ar)},
        ("kommunkod",),
        total,
        adds=("difference", "forecast_error", "placement_departure"),
    )
