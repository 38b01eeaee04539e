"""Whose the difference is: the forecast's error and the placement's departure."""

from collections.abc import Mapping

import pandas as pd
import scipy.special  # noqa: F401 - chance is worked out in a fork of a process that has it

from helpers.model.comparison import Split, waterfall
from helpers.model.exact import rounded
from helpers.model.forecasts import Forecast
from helpers.present.figures.expectation import draw_split, size_split
from helpers.present.figures.rows import in_words
from helpers.present.language import PARTS, VERDICTS, adds_up
from helpers.present.views import (
    ASYL,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

_STEPS = {
    "expected": "Väntat vid prognosen",
    "forecast_error": "Färre eller fler kom till Sverige",
    "expected_actual": "Andelen av dem som kom",
    "placement_departure": "Större eller mindre del än andelen",
    "utfall": "Utfall",
}
_EARLY_STEPS = _STEPS | {
    "placement_departure": "Större eller mindre del än andelen, minst",
    "utfall": "Utfall, preliminärt",
}
_WHOLE_YEAR = (  # caption, and words for one who cannot see the figure
    "Från väntat antal barn till utfall, steg för steg: {plats} {ar}.",
    "Väntat var {expected:barn}. Att färre eller fler kom till Sverige gav {forecast_error}. En"
    " större eller mindre del av dem gav {placement_departure}. Utfallet blev {utfall}.",
)
_EARLY = (
    "Från väntat antal barn till preliminärt utfall, steg för steg: {plats} {ar}.",
    "Väntat var {expected:barn}. Att färre eller fler kom till Sverige gav {forecast_error}. En"
    " större eller mindre del av dem gav minst {placement_departure}. Det preliminära utfallet blev"
    " {utfall}.",
)


def share_tables(shares: pd.DataFrame) -> tuple[str, ...]:
    """Return the published tables that the shares of a frame are from, each once.

    Args:
        shares: `tabell` (a table's id), which may be lacking.
    """
    return tuple(dict.fromkeys(shares["tabell"])) if "tabell" in shares else ()


def rests_on(shares: pd.DataFrame, forecast: Forecast, *more: str) -> tuple[str, ...]:
    """Return the published tables behind an expectation: the shares', the forecast's, and more.

    Args:
        shares: `tabell`, as `share_tables` takes it.
        forecast: The forecast used.
        more: Ids of further tables.
    """
    return (*share_tables(shares), *([forecast.tabell] if forecast.tabell else []), *more)


def split_facts(
    split: Split, forecast: Forecast, place: Place, shares: pd.DataFrame
) -> dict[str, Value]:
    """Return what sentences say of a split, by placeholder: children, ‰, and whose they are.

    A whole number of children is shown where people are counted. What rests on the outcome is
    preliminary when the outcome is.

    Args:
        shares: The shares split on, `tabell`.
    """
    sources, early = rests_on(shares, forecast, ASYL), bool(split.preliminary)

    def children(
        value: float | None, decimals: int | None = 1, sign: bool = False, of_outcome: bool = False
    ) -> Fact:
        return Fact(
            value, "barn", sources, decimals=decimals, sign=sign, preliminary=of_outcome and early
        )

    return {
        "plats": place.namn,
        "ar": str(forecast.ar),
        "andelstal": Fact(split.andelstal, "‰", share_tables(shares), decimals=2),
        "andelstal_ar": str(split.andelstal_ar),
        "prognos": Fact(
            split.prognos,
            "barn",
            (forecast.tabell,) if forecast.tabell else (),
            published=bool(forecast.tabell),
        ),
        "actual": Fact(split.actual, "barn", (ASYL,), published=True),
        "expected": children(split.expected),
        "vantat": children(split.expected, 0),
        "low": children(split.expected_low, None),
        "high": children(split.expected_high, None),
        "chance_low": children(split.chance.low, None),
        "chance_high": children(split.chance.high, None),
        "utfall": children(split.utfall, None, of_outcome=True),
        "distance": children(_distance(split), None, sign=True, of_outcome=True),
        "forecast_error": children(split.forecast_error, sign=True),
        "placement_departure": children(split.placement_departure, sign=True, of_outcome=True),
        "hamtat": split.preliminary,
        "det_utfallet": "Det preliminära utfallet" if split.preliminary else "Utfallet",
        "bedomning": VERDICTS.get(split.verdict or "", ""),
        "placering_bedomning": VERDICTS.get(split.placement_verdict or "", ""),
    }


def _distance(split: Split) -> int | None:
    """The outcome less the expected number as it is shown, in whole children."""
    return None if split.utfall is None else split.utfall - whole_children(split.expected)


def whole_children(expected: float) -> int:
    """Return an expected number as it is shown in words: whole children, a half upwards.

    >>> whole_children(46.89), whole_children(1.5), whole_children(0.4)
    (47, 2, 0)
    """
    return int(rounded(expected, 0))


def split_views(
    place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame
) -> tuple[View, ...]:
    """Return the split of the difference in words: what each part is; or the gap.

    An outcome of a part of the year gives the placement's part only as "at least", with the reason.

    Args:
        shares: The shares split on, `tabell`; see `share_tables`.
    """
    if split is None:
        return (
            gap(
                "delning", "Utan både förväntat antal och utfall finns ingen skillnad att dela upp."
            ),
        )
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
    return (_sentence(split, values), _chance(split, values))


def split_figure(
    place: Place, split: Split | None, forecast: Forecast, shares: pd.DataFrame
) -> tuple[View, ...]:
    """Return the waterfall from expected to outcome; nothing where the difference cannot be split.

    Args:
        shares: The shares split on, `tabell`; see `share_tables`.
    """
    if split is None or split.difference is None or split.forecast_error is None:
        return ()
    sources, values = rests_on(shares, forecast, ASYL), split_facts(split, forecast, place, shares)
    return (_split_figure(split, values, sources),)


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
    caption, alt = _EARLY if early else _WHOLE_YEAR
    return Figure(
        "delning_figur",
        caption,
        alt,
        lambda ax, language: draw_split(in_words(steps, ("label",), language), ax, language),
        size_split(steps),
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
    """Return the split per municipality as a table; or the gap.

    Args:
        comparison: `kommunkod`, `kommun`, `difference`, `forecast_error`, `placement_departure`
            (children; NA = unknown), `tabell`; one row per municipality.
    """
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
