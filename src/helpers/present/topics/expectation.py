"""Outcome against expectation: the answer, municipality by municipality, and whose the difference is."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.model.comparison import Split, waterfall
from helpers.model.forecasts import Forecast
from helpers.present.figures import outcome as drawing
from helpers.present.views import Column, Fact, Figure, Place, Provenance, Statement, Table, Value, View, gap

ASYL = "asylsokande_riket"
_STEPS = {
    "expected": "Förväntat vid prognosen",
    "forecast_error": "Prognosens fel",
    "expected_actual": "Andelen av dem som kom",
    "placement_departure": "Avvikelse i placeringen",
    "utfall": "Utfall",
}


def rests_on(shares: pd.DataFrame, forecast: Forecast, *more: str) -> tuple[str, ...]:
    """Return the published tables behind an expectation: the shares', the forecast's, and more."""
    tables = [*dict.fromkeys(shares["tabell"])] if "tabell" in shares else []
    return (*tables, *([forecast.tabell] if forecast.tabell else []), *more)


def _facts(split: Split, forecast: Forecast, place: Place, sources: tuple[str, ...]) -> dict[str, Value]:
    def children(value: float | None, decimals: int | None = 1, sign: bool = False) -> Fact:
        return Fact(value, "barn", sources, decimals=decimals, sign=sign)

    known = split.difference is not None
    return {
        "plats": place.namn,
        "ar": str(forecast.ar),
        "andelstal": Fact(split.andelstal, "‰", sources[:1], decimals=2),
        "andelstal_ar": str(split.andelstal_ar),
        "prognos": Fact(
            split.prognos, "barn", sources[1:2] if forecast.tabell else (), published=bool(forecast.tabell)
        ),
        "expected": children(split.expected),
        "utfall": children(split.utfall, None),
        "distance": children(abs(split.difference) if known and split.difference is not None else None),
        "forecast_error": children(split.forecast_error, sign=True),
        "placement_departure": children(split.placement_departure, sign=True),
    }


def answer(place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame) -> Statement:
    """Return the answer on unaccompanied children in one sentence, or the words for why there is none."""
    if split is None:
        return _no_answer(place, forecast, shares)
    values = _facts(split, forecast, place, rests_on(shares, forecast, ASYL))
    if split.difference is None:
        text = (
            "{plats} kan vänta {expected} ensamkommande barn {ar} vid prognosen {prognos} barn, "
            "räknat på {andelstal_ar} års andelstal {andelstal} ‰; utfallet är inte känt här."
        )
        used = ("plats", "ar", "expected", "prognos", "andelstal", "andelstal_ar")
        return Statement("svar_ekb", text, {name: values[name] for name in used}, "answer")
    compared = "{distance} färre än" if split.difference < 0 else "{distance} fler än"
    text = (
        "{plats} fick {utfall} ensamkommande barn {ar}, "
        + compared
        + " de {expected} som andelen {andelstal} ‰ gav vid prognosen {prognos} barn"
    )
    used = ["plats", "ar", "utfall", "distance", "expected", "andelstal", "prognos"]
    if split.forecast_error is not None:
        text += ": prognosens fel gav {forecast_error} och placeringen {placement_departure}"
        used += ["forecast_error", "placement_departure"]
    return Statement("svar_ekb", text + ".", {name: values[name] for name in used}, "answer")


def _no_answer(place: Place, forecast: Forecast, shares: pd.DataFrame) -> Statement:
    if shares.empty:
        text = (
            "Andelstalen för ensamkommande barn är inte kända här för {plats}: de har inte publicerats i någon "
            "tabell som arbetsboken har. Därför visas varken förväntat antal eller jämförelse med utfallet."
        )
        return gap("svar_ekb", text, plats=place.namn)
    text = "För {plats} är andelstalen kända, men ingen nationell prognos för året är känd. Ange en med prognos_ekb."
    return gap("svar_ekb", text, plats=place.namn)


def outcome(
    place: Place,
    comparison: pd.DataFrame,
    split: Split | None,
    forecast: Forecast,
    highlight: str | None = None,
) -> tuple[View, ...]:
    """Return the figure of outcome against expectation per municipality, with its numbers; or the gap."""
    if split is None:
        return (
            gap("utfall", "Utan andelstal och prognos finns inget förväntat antal att jämföra utfallet med."),
        )
    sources = rests_on(comparison, forecast)
    values: dict[str, Value] = {
        "plats": place.namn,
        "ar": str(forecast.ar),
        "under": Fact(int((comparison["verdict"] == "under").sum()), "kommuner", sources),
        "inom": Fact(int((comparison["verdict"] == "inom").sum()), "kommuner", sources),
        "over": Fact(int((comparison["verdict"] == "över").sum()), "kommuner", sources),
    }
    figure = Figure(
        "utfall_figur",
        "Förväntat antal ensamkommande barn och utfall per kommun, {plats} {ar}.",
        "Punktdiagram: en rad per kommun i {plats}, förväntat intervall som en stapel och utfallet som en punkt. "
        "Under intervallet: {under} kommuner, inom: {inom}, över: {over}.",
        lambda ax, language: drawing.draw_outcome(comparison, ax, language, highlight=highlight),
        drawing.size_outcome(comparison),
        _outcome_table(comparison, split, sources, values),
        values,
    )
    return (_verdicts(comparison, values), figure)


def _verdicts(comparison: pd.DataFrame, values: Mapping[str, Value]) -> Statement:
    if comparison["utfall"].isna().all():
        return gap("utfall_bedomning", "Utfallet per kommun {ar} är inte känt här.", ar=values["ar"])
    counts = {name: values[name] for name in ("under", "inom", "over")}
    text = "Av kommunerna ligger {under} under sitt förväntade intervall, {inom} inom det och {over} över."
    if len(comparison) == 1:
        verdict = str(comparison["verdict"].iloc[0])
        words = {"under": "under", "inom": "inom", "över": "över"}
        return Statement(
            "utfall_bedomning",
            "Utfallet ligger {bedomning} det förväntade intervallet.",
            {"bedomning": words[verdict]},
        )
    return Statement("utfall_bedomning", text, counts)


def _outcome_table(
    comparison: pd.DataFrame, split: Split, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Table:
    shares = sources[:1]
    total = {
        "kommun": "Summa",
        "andelstal": split.andelstal,
        "expected": split.expected,
        "expected_low": split.expected_low,
        "expected_high": split.expected_high,
        "utfall": split.utfall,
        "difference": split.difference,
        "verdict": split.verdict,
    }
    return Table(
        "utfall",
        "Förväntat och utfall per kommun, {plats} {ar}",
        comparison,
        [
            Column("kommun", "Kommun"),
            Column("andelstal", "Andelstal", "‰", 2, published=True, sources=shares),
            Column("expected", "Förväntat", "barn", 1),
            Column("expected_low", "Intervall", "hela barn", high="expected_high"),
            Column("utfall", "Utfall", "barn", published=True, sources=shares),
            Column("difference", "Skillnad", "barn", 1, sign=True),
            Column("verdict", "Bedömning"),
        ],
        sources,
        {name: values[name] for name in ("plats", "ar")},
        ("kommunkod",),
        total if len(comparison) > 1 else None,
    )


def split_views(
    place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame
) -> tuple[View, ...]:
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
    values = _facts(split, forecast, place, sources) | {
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
        name: values[name]
        for name in ("plats", "ar", "expected", "utfall", "forecast_error", "placement_departure")
    }
    table = Table(
        "delning",
        "Skillnaden mellan förväntat och utfall, {plats} {ar}",
        steps,
        [Column("label", "Steg"), Column("value", "Antal", "barn", 1)],
        sources,
        {name: values[name] for name in ("plats", "ar")},
        ("role",),
    )
    return Figure(
        "delning_figur",
        "Från förväntat till utfall: vad som är prognosens fel och vad som är placeringens, {plats} {ar}.",
        "Trappdiagram från förväntat {expected} barn till utfallet {utfall}: prognosens fel {forecast_error}, "
        "avvikelse i placeringen {placement_departure}.",
        lambda ax, language: drawing.draw_split(_translated(steps, language.t), ax, language),
        drawing.size_split(steps),
        table,
        shown,
    )


def _translated(steps: pd.DataFrame, translate: object) -> pd.DataFrame:
    return steps.assign(label=[translate(label) for label in steps["label"]])  # type: ignore[operator]


def split_table(comparison: pd.DataFrame, split: Split | None, forecast: Forecast) -> Table | Statement:
    """Return the split per municipality as a table; or the gap."""
    if split is None or split.forecast_error is None:
        return gap(
            "delning_kommun", "Uppdelningen per kommun kan inte göras utan andelstal, prognos och utfall."
        )
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
    )


def source_notes(catalogue: Provenance, shares: pd.DataFrame) -> tuple[View, ...]:
    """Return what the share tables' own entries warn of, one note per table."""
    tables = dict.fromkeys(shares["tabell"]) if "tabell" in shares else {}
    return tuple(
        Statement(f"kallnot_{table}", catalogue[table].notes, tone="note")
        for table in tables
        if catalogue[table].notes
    )


def printed_sums(printed: pd.DataFrame, shares: pd.DataFrame, kommunkoder: Sequence[str]) -> tuple[View, ...]:
    """Return, where a printed sum of outcomes differs from its rows, a sentence with both numbers.

    Args:
        printed: The printed sum rows: lanskod, ar, utfall, tabell.
        shares: The area's share table with utfall, tabell.
        kommunkoder: The area's municipalities; a sum is compared only with a whole county.
    """
    views = []
    for row in printed.to_dict("records"):
        own = shares[shares["tabell"] == row["tabell"]] if "tabell" in shares else shares
        if len(own) != len(kommunkoder) or own.empty or own["utfall"].isna().any():
            continue
        recomputed = int(own["utfall"].sum())
        if recomputed != row["utfall"]:
            views.append(_two_sums(row, recomputed, len(own)))
    return tuple(views)


def _two_sums(row: Mapping[object, object], recomputed: int, count: int) -> Statement:
    source = (str(row["tabell"]),)
    text = "Källans egen summarad anger {printed}; dess {count} kommunrader ger {recomputed}. Här används raderna."
    values: dict[str, Value] = {
        "printed": Fact(int(str(row["utfall"])), "barn", source, published=True),
        "recomputed": Fact(recomputed, "barn", source),
        "count": Fact(count, "kommuner", source),
    }
    return Statement(f"tryckt_summa_{row['tabell']}", text, values, "note")
