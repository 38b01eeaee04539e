"""What is known of a place and its year, as its report's sentences need it."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.forecasts import Forecast
from helpers.model.quotas import QuotaChange
from helpers.model.reception import is_single
from helpers.present.topics.difference import rests_on, split_facts
from helpers.present.views import Fact, Place, Value, is_unknown

SMALL = 50_000  # inhabitants
FEW = 3  # municipalities that a sentence names


@dataclass(frozen=True)
class Known:
    """What is known of a place and its year, and of the year after.

    Attributes:
        place: The county or municipality.
        ar: The year.
        split: Expected and outcome of its unaccompanied children; None where nothing is expected.
        forecast, coming: The national forecasts that hold for the year and for the next.
        ahead: What is expected of the next year, by the same shares; None where nothing is.
        shares: Its shares: `tabell`.
        rates: Received per place, as `per_capita` returned it.
        parts: Received by category, as `composition` returned it.
        kommuntal: `kommunkod`, `kommun`, `kommuntal`, `mottagna_efter_anvisning` (persons; NA =
            unknown), `harledd`, `tabell`, of its county.
        kommuntal_next: The same of the next year.
        change: The county's quota to the next year; None if one of the two is unknown.
        history: `ar`, `lanstal` (persons; NA = unknown), `tabell`, decision by decision.
    """

    place: Place
    ar: int
    split: Split | None
    forecast: Forecast
    coming: Forecast
    ahead: Split | None
    shares: pd.DataFrame
    rates: pd.DataFrame
    parts: pd.DataFrame
    kommuntal: pd.DataFrame
    kommuntal_next: pd.DataFrame
    change: QuotaChange | None
    history: pd.DataFrame

    @property
    def alone(self) -> bool:
        """Whether the place is a municipality."""
        return self.place.kind == "kommun"

    @property
    def single(self) -> bool:
        """Whether the place is a county of one municipality, of which nothing is said in the
        plural.
        """
        return is_single(self.place)

    @property
    def named(self) -> dict[str, Value]:
        """What every sentence may name."""
        return {
            "plats": self.place.namn,
            "lan": self.place.lan,
            "ar": str(self.ar),
            "nasta": str(self.ar + 1),
        }

    @property
    def small(self) -> bool:
        """Whether it is a municipality where a few persons more change the rate by a tenth or
        more.
        """
        people = self.rate(self.place.kind).get("folkmangd")
        return self.alone and not is_unknown(people) and int(people) < SMALL

    def of_place(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the place's own rows of a frame of its county's municipalities."""
        return frame[frame["kommunkod"].isin(self.place.kommunkoder)]

    def rate(self, level: str) -> Any:
        """Return the row of `rates` of the place itself, its county ("lan") or the nation
        ("riket"); empty if there is none.
        """
        own = self.rates["kod"] == self.place.kod
        rows = self.rates[own if level == self.place.kind else self.rates["level"] == level]
        return pd.Series(dtype=object) if rows.empty else rows.iloc[0]


def children_of(known: Known, split: Split, forecast: Forecast) -> dict[str, Value]:
    """Return what sentences say of expected and placed children; the whole children expected as one
    range too.
    """
    sources = rests_on(known.shares, forecast)
    whole = Fact(split.expected_low, "barn", sources, high=split.expected_high)
    return (
        known.named
        | split_facts(split, forecast, known.place, known.shares)
        | {
            "ar": str(forecast.ar),
            "intervall": whole,
            "intervall_ord": replace(whole, spelled=True),
            "omradet": _area(known),
        }
    )


def _area(known: Known) -> str:
    if known.alone:
        return "kommunen"
    return "länet" if known.single else "länets kommuner"
