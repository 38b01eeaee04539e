"""How even the reception is between municipalities, year by year: the Lorenz curve and the Gini
coefficient.
"""

from collections.abc import Mapping
from typing import Literal, Protocol

import pandas as pd

from helpers.model.nation import lorenz_tenths
from helpers.present.figures import spread as drawing
from helpers.present.measures import UNNAMED
from helpers.present.precision import NO_PERSONS
from helpers.present.spans import spans
from helpers.present.topics.nation import sources_of
from helpers.present.views import Column, Fact, Figure, Statement, Table, Value, View, gap


class Trusted(Protocol):
    """What the topic must know of a published table."""

    @property
    def trust(self) -> Literal["high", "medium", "low"]: ...
    @property
    def measure(self) -> str: ...


def evenness_views(
    by_year: pd.DataFrame, curves: pd.DataFrame, tables: Mapping[str, Trusted]
) -> tuple[View, ...]:
    """Return how even the reception was and how that changed: sentences, the curves and a table; or
    the gap.

    A change is told between years of one measure only: what a table does not name may be another
    count.

    Args:
        by_year: ar, antal (persons; NA = unknown), gini (ratio; NA = unknown), tabell, one row per
            year.
        curves: ar, people_share, received_share (0–1), tabell.
        tables: Published tables by id, for what they count and how far they are trusted.
    """
    known = _measured(by_year.dropna(subset=["gini"]), tables)
    if known.empty:
        return (gap("jamnhet", "Hur jämnt mottagandet fördelades är inte känt här för något år."),)
    views: list[View] = [_change(known)]
    if missing := spans([int(ar) for ar in by_year.loc[by_year["gini"].isna(), "ar"]]):
        text = "För {missing} saknas uppgift om kommunernas mottagande, så jämnheten är inte känd."
        views.append(Statement("jamnhet_saknas", text, {"missing": missing}, "note"))
    named = known[~known["unnamed"]].to_dict("records")
    if doubtful := [int(row["ar"]) for row in named if _doubtful(str(row["tabell"]), tables)]:
        text = (
            "Källan för {years} är inte säker på alla punkter, så jämförelsen mellan åren är"
            " osäker. Källtabellen nedan säger varför."
        )
        views.append(Statement("jamnhet_tillit", text, {"years": spans(doubtful)}, "note"))
    return (*views, _curve_figure(_measured(curves, tables), known), _year_table(by_year))


def _measured(frame: pd.DataFrame, tables: Mapping[str, Trusted]) -> pd.DataFrame:
    """Rows with whether their source leaves unsaid what it counts."""
    unnamed = [
        any(tables[name].measure == UNNAMED for name in str(own).split()) for own in frame["tabell"]
    ]
    return frame.assign(unnamed=pd.array(unnamed, dtype="boolean"))


def _doubtful(names: str, tables: Mapping[str, Trusted]) -> bool:
    return any(tables[name].trust != "high" for name in names.split())


def _change(known: pd.DataFrame) -> Statement:
    """How the coefficient moved between the first and the last year of the latest measure; other
    years stand apart.
    """
    same = known[known["unnamed"] == known["unnamed"].iloc[-1]]
    apart = known[known["unnamed"] != known["unnamed"].iloc[-1]]
    first, last = same.iloc[0], same.iloc[-1]
    values: dict[str, Value] = {"last": str(last["ar"]), "last_gini": _gini(same, -1)}
    text = "Ginikoefficienten var {last_gini} år {last}."
    if len(same) > 1:
        text = (
            "Ginikoefficienten gick från {first_gini} år {first} till {last_gini} år {last}:"
            " mottagandet blev {way} fördelat mellan kommunerna."
        )
        values |= {
            "first": str(first["ar"]),
            "first_gini": _gini(same, 0),
            "way": _way(first["gini"], last["gini"]),
        }
    if len(apart):
        text += (
            " För {apart} var den {apart_gini}, men där är det inte säkert att samma mått räknas."
            " Därför går det inte att säga om fördelningen har blivit jämnare sedan dess."
        )
        values |= {"apart": spans([int(ar) for ar in apart["ar"]])}
        values["apart_gini"] = [_gini(apart, at) for at in range(len(apart))]
    return Statement("jamnhet", text, values)


def _way(first: float, last: float) -> str:
    return "lika jämnt" if first == last else "jämnare" if last < first else "ojämnare"


def _gini(known: pd.DataFrame, at: int) -> Fact:
    row = known.iloc[[at]]
    sources = sources_of(row)
    return Fact(
        float(row["gini"].iloc[0]), "", sources, decimals=2, key={"ar": str(row["ar"].iloc[0])}
    )


def _curve_figure(curves: pd.DataFrame, known: pd.DataFrame) -> Figure:
    tenths = lorenz_tenths(curves)
    apart = spans([int(ar) for ar in known.loc[known["unnamed"], "ar"]])
    years = [str(ar) for ar in known["ar"]]
    received = dict(zip(years, known["antal"].astype(float), strict=True))
    half = tenths[tenths["people_percent"] == 50].iloc[0]
    columns = [
        Column("people_text", "Del av befolkningen", "%", of=NO_PERSONS),
        *(
            Column(
                f"ar_{ar}", "Del av de mottagna {ar}", "%", 1, values={"ar": ar}, of=received[ar]
            )
            for ar in years
        ),
    ]
    sources = sources_of(known)
    rows = tenths.assign(people_text=tenths["people_percent"].astype(str))
    table = Table("lorenz", "Hur stor del av de mottagna som befolkningens tiondelar hade", rows,
    columns, sources, {},
                  ("people_percent",))  # fmt: skip
    caption = "Lorenzkurvor för mottagandet {years}: ju närmare den raka linjen, desto jämnare."
    if apart:
        caption = (
            "Lorenzkurvor för mottagandet {years}: ju närmare den raka linjen, desto jämnare."
            " {apart} är streckade: källan namnger inte måttet, så de jämförs inte med de andra."
        )
    return Figure(
        "lorenz_figur",
        caption,
        "En kurva per år, {years}, under den raka linje som vore helt jämnt. Den halva av"
        " befolkningen som bor i de kommuner som tog emot lägst antal per invånare hade {half}"
        " procent av de mottagna, i samma ordning.",
        lambda ax, language: drawing.draw_lorenz(curves, ax, language),
        drawing.size_lorenz(curves),
        table,
        {
            "years": years,
            "apart": apart,
            "half": [Fact(float(half[f"ar_{ar}"]), decimals=0, of=received[ar]) for ar in years],
        },
        reading=(
            "Kurvan lägger kommunerna i ordning efter mottagna per invånare, lägst först, och visar"
            " hur stor del av de mottagna de har tillsammans. Ginikoefficienten är två gånger ytan"
            " mellan kurvan och linjen."
        ),
    )


def _year_table(by_year: pd.DataFrame) -> Table:
    sources = sources_of(by_year)
    rows = by_year.assign(ar_text=by_year["ar"].astype(str))
    columns = [
        Column("ar_text", "År"),
        Column("antal", "Mottagna", "personer", measure="mottagna"),
        Column("gini", "Ginikoefficient", "", 2),
    ]
    caption = "Ginikoefficient för mottagna mot befolkning, mellan kommunerna"
    return Table("gini", caption, rows, columns, sources, {}, ("ar",))
