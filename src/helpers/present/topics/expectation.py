"""Outcome against expectation: the answer in one sentence, and municipality by municipality."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.exact import rounded
from helpers.model.forecasts import Forecast
from helpers.present.figures import outcome as drawing
from helpers.present.language import placeholders
from helpers.present.views import Column, Fact, Figure, Place, Provenance, Statement, Table, Value, View, gap

ASYL = "asylsokande_riket"
_VERDICTS = {"under": "under", "inom": "inom", "over": "över"}


def share_tables(shares: pd.DataFrame) -> tuple[str, ...]:
    """Return the published tables that the shares of a frame stand in, each once."""
    return tuple(dict.fromkeys(shares["tabell"])) if "tabell" in shares else ()


def rests_on(shares: pd.DataFrame, forecast: Forecast, *more: str) -> tuple[str, ...]:
    """Return the published tables behind an expectation: the shares', the forecast's, and more."""
    return (*share_tables(shares), *([forecast.tabell] if forecast.tabell else []), *more)


def split_facts(split: Split, forecast: Forecast, place: Place, shares: pd.DataFrame) -> dict[str, Value]:
    """Return what sentences say of a split, by placeholder: children, ‰, and whose they are."""
    sources = rests_on(shares, forecast, ASYL)

    def children(value: float | None, decimals: int | None = 1, sign: bool = False) -> Fact:
        return Fact(value, "barn", sources, decimals=decimals, sign=sign)

    known = split.difference is not None
    return {
        "plats": place.namn,
        "ar": str(forecast.ar),
        "andelstal": Fact(split.andelstal, "‰", share_tables(shares), decimals=2),
        "andelstal_ar": str(split.andelstal_ar),
        "prognos": Fact(
            split.prognos, "barn", (forecast.tabell,) if forecast.tabell else (), published=bool(forecast.tabell)
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
    values = split_facts(split, forecast, place, shares)
    if split.difference is None:
        text = (
            "{plats} kan vänta {expected} ensamkommande barn {ar} vid prognosen {prognos} barn, "
            "räknat på {andelstal_ar} års andelstal {andelstal} ‰; utfallet är inte känt här."
        )
        used = ["plats", "ar", "expected", "prognos", "andelstal", "andelstal_ar"]
        return Statement("svar_ekb", text, {name: values[name] for name in used}, "answer")
    shown = rounded(split.difference, 1)  # as the sentence states it
    compared = "lika många som" if shown == 0 else "{distance} färre än" if shown < 0 else "{distance} fler än"
    text = (
        "{plats} fick {utfall} ensamkommande barn {ar}, "
        + compared
        + " de {expected} som andelen {andelstal} ‰ gav vid prognosen {prognos} barn"
    )
    used = ["plats", "ar", "utfall", "expected", "andelstal", "prognos", *(["distance"] if shown else [])]
    if split.forecast_error is not None:
        text += ": prognosens fel gav {forecast_error} och placeringen {placement_departure}"
        used += ["forecast_error", "placement_departure"]
    return Statement("svar_ekb", text + ".", {name: values[name] for name in used}, "answer")


def _no_answer(place: Place, forecast: Forecast, shares: pd.DataFrame) -> Statement:
    if shares.empty:
        text = (
            "Andelstalen för ensamkommande barn är inte kända här för {plats}: ingen tabell som "
            "arbetsboken har läst in innehåller dem. Därför visas varken förväntat antal eller jämförelse med utfallet."
        )
        return gap("svar_ekb", text, plats=place.namn)
    text = "För {plats} är andelstalen kända, men ingen nationell prognos för året är känd. Ange en med prognos_ekb."
    return gap("svar_ekb", text, plats=place.namn)


def outcome(
    place: Place,
    comparison: pd.DataFrame,
    split: Split | None,
    forecast: Forecast,
    around: pd.DataFrame | None = None,
) -> tuple[View, ...]:
    """Return the figure of outcome against expectation per municipality, with its numbers; or the gap.

    Args:
        place: The county or municipality.
        comparison: Its own rows.
        split: Their sum.
        forecast: The forecast they rest on.
        around: The whole county's rows when a municipality is shown among its neighbours.
    """
    if split is None:
        return (gap("utfall", "Utan andelstal och prognos finns inget förväntat antal att jämföra utfallet med."),)
    sources = rests_on(comparison, forecast)
    shown, highlight = (comparison, None) if around is None else (around, str(comparison["kommunkod"].iloc[0]))
    counts = {name: int((shown["verdict"] == word).sum()) for name, word in _VERDICTS.items()}
    values: dict[str, Value] = {
        "plats": place.namn if around is None else place.lan,
        "ar": str(forecast.ar),
        **{name: Fact(count, "kommuner", sources) for name, count in counts.items()},
    }
    figure = Figure(
        "utfall_figur",
        "Förväntat antal ensamkommande barn och utfall per kommun, {plats} {ar}.",
        "Punktdiagram: en rad per kommun i {plats}, förväntat intervall som en stapel och utfallet som en punkt. "
        "Under intervallet: {under:kommuner}, inom: {inom}, över: {over}.",
        lambda ax, language: drawing.draw_outcome(shown, ax, language, highlight=highlight),
        drawing.size_outcome(shown),
        _outcome_table(shown, None if highlight else split, sources, values),
        values,
        reading="Ligger punkten till vänster om stapeln kom färre barn än väntat, till höger fler. Det säger ännu inte "
        "varför.",
    )
    return (_verdicts(comparison, values), figure)


def _verdicts(comparison: pd.DataFrame, values: Mapping[str, Value]) -> Statement:
    if comparison["utfall"].isna().all():
        return gap("utfall_bedomning", "Utfallet per kommun {ar} är inte känt här.", ar=values["ar"])
    if len(comparison) == 1:
        verdict = str(comparison["verdict"].iloc[0])
        text = "Utfallet ligger {bedomning} det förväntade intervallet."
        return Statement("utfall_bedomning", text, {"bedomning": verdict})
    text = "Av kommunerna ligger {under} under sitt förväntade intervall, {inom} inom det och {over} över."
    return Statement("utfall_bedomning", text, {name: values[name] for name in _VERDICTS})


def _outcome_table(
    comparison: pd.DataFrame, split: Split | None, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Table:
    shares = share_tables(comparison)
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal", "Andelstal", "‰", 2, published=True, sources=shares),
        Column("expected", "Förväntat", "barn", 1),
        Column("expected_low", "Intervall", "hela barn", high="expected_high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares),
        Column("difference", "Skillnad", "barn", 1, sign=True),
        Column("verdict", "Bedömning"),
    ]
    names = [column.name for column in columns[1:]] + ["expected_high"]
    total = {"kommun": "Summa"} | {name: getattr(split, name) for name in names} if split else None
    shown = {name: values[name] for name in ("plats", "ar")}
    caption = "Förväntat och utfall per kommun, {plats} {ar}"
    return Table("utfall", caption, comparison, columns, sources, shown, ("kommunkod",), total)


def source_notes(catalogue: Provenance, shares: pd.DataFrame, forecast: Forecast) -> tuple[View, ...]:
    """Return where the forecast comes from, and what the share tables' own entries warn of."""
    tables = share_tables(shares)
    warnings = [
        Statement(f"kallnot_{table}", catalogue[table].warning, tone="note")
        for table in tables
        if catalogue[table].warning and shares["utfall"].notna().any()  # the warning is of an outcome shown
    ]
    return (*_forecast_note(forecast), *warnings) if tables else ()


def _forecast_note(forecast: Forecast) -> tuple[View, ...]:
    if forecast.value is None:
        return ()
    by_hand = not forecast.tabell
    source = () if by_hand else (forecast.tabell,)
    fact = Fact(forecast.value, "barn", source, published=not by_hand)
    text = "Prognosen {prognos} barn är angiven för hand och är ingen publicerad prognos."
    if not by_hand:
        text = "Prognosen {prognos} barn är daterad {datum}, enligt {kalla}."
    values: dict[str, Value] = {"prognos": fact, "datum": forecast.prognosdatum, "kalla": forecast.kalla}
    used = {name: value for name, value in values.items() if name in placeholders(text)}
    return (Statement("prognos_not", text, used, "note"),)


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
    text = "Källans egen summarad anger {printed}; dess {count:kommunrader} ger {recomputed}. Här används raderna."
    values: dict[str, Value] = {
        "printed": Fact(int(str(row["utfall"])), "barn", source, published=True),
        "recomputed": Fact(recomputed, "barn", source),
        "count": Fact(count, "kommuner", source),
    }
    return Statement(f"tryckt_summa_{row['tabell']}", text, values, "note")
