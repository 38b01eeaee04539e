"""What sentences say of an expected number and of a split difference: the figures, by
placeholder.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.exact import rounded
from helpers.model.forecasts import Forecast
from helpers.present.language import placeholders
from helpers.present.terms import VERDICTS
from helpers.present.views import Fact, Place, Value

ASYL = "asylsokande_riket"


def share_tables(shares: pd.DataFrame) -> tuple[str, ...]:
    """Return the published tables that the shares of a frame stand in, each once."""
    return tuple(dict.fromkeys(shares["tabell"])) if "tabell" in shares else ()


def rests_on(shares: pd.DataFrame, forecast: Forecast, *more: str) -> tuple[str, ...]:
    """Return the published tables behind an expectation: the shares', the forecast's, and more."""
    return (*share_tables(shares), *([forecast.tabell] if forecast.tabell else []), *more)


def split_facts(
    split: Split, forecast: Forecast, place: Place, shares: pd.DataFrame
) -> dict[str, Value]:
    """Return what sentences say of a split, by placeholder: children, ‰, and whose they are.

    A whole number of children is shown where people are counted. What rests on the outcome is
    preliminary when the outcome is.
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


def used_in(text: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values that a text has places for."""
    used = placeholders(text)
    return {name: value for name, value in values.items() if name in used}
