"""How even the reception is between municipalities, year by year: the Lorenz curve and the Gini coefficient."""

from collections.abc import Mapping
from typing import Literal, Protocol

import pandas as pd

from helpers.model.evenness import lorenz_tenths
from helpers.present.figures import spread as drawing
from helpers.present.precision import NO_PERSONS
from helpers.present.spans import spans
from helpers.present.topics.nation import sources_of
from helpers.present.views import Column, Fact, Figure, Statement, Table, Value, View, gap


class Trusted(Protocol):
    """What the topic must know of a published table."""

    @property
    def trust(self) -> Literal["high", "medium", "low"]: ...


def evenness_views(by_year: pd.DataFrame, curves: pd.DataFrame, tables: Mapping[str, Trusted]) -> tuple[View, ...]:
    """Return how even the reception was and how that changed: sentences, the curves and a table; or the gap.

    Args:
        by_year: ar, antal (persons; NA = unknown), gini (ratio; NA = unknown), tabell, one row per year.
        curves: ar, people_share, received_share (0–1), tabell.
        tables: Published tables by id, for how far they are trusted.
    """
    known = by_year.dropna(subset=["gini"])
    if known.empty:
        return (gap("jamnhet", "Hur jämnt mottagandet fördelades är inte känt här för något år."),)
    views: list[View] = [_change(known)]
    if missing := spans([int(ar) for ar in by_year.loc[by_year["gini"].isna(), "ar"]]):
        text = "För {missing} saknas uppgift om kommunernas mottagande, så jämnheten är inte känd."
        views.append(Statement("jamnhet_saknas", text, {"missing": missing}, "note"))
    if doubtful := [int(row["ar"]) for row in known.to_dict("records") if _doubtful(str(row["tabell"]), tables)]:
        text = (
            "Källan för {years} är inte säker på alla punkter, så jämförelsen mellan åren är osäker. Källtabellen "
            "nedan säger varför."
        )
        views.append(Statement("jamnhet_tillit", text, {"years": spans(doubtful)}, "note"))
    return (*views, _curve_figure(curves, known), _year_table(by_year))


def _doubtful(names: str, tables: Mapping[str, Trusted]) -> bool:
    return any(tables[name].trust != "high" for name in names.split())


def _change(known: pd.DataFrame) -> Statement:
    first, last = known.iloc[0], known.iloc[-1]
    values: dict[str, Value] = {"last": str(last["ar"]), "last_gini": _gini(known, -1)}
    if len(known) == 1:
        return Statement("jamnhet", "Ginikoefficienten var {last_gini} år {last}.", values)
    words = {True: "jämnare", False: "ojämnare"}
    way = words[bool(last["gini"] < first["gini"])] if last["gini"] != first["gini"] else "lika jämnt"
    values |= {"first": str(first["ar"]), "first_gini": _gini(known, 0), "way": way}
    text = (
        "Ginikoefficienten gick från {first_gini} år {first} till {last_gini} år {last}: mottagandet blev {way} "
        "fördelat mellan kommunerna."
    )
    return Statement("jamnhet", text, values)


def _gini(known: pd.DataFrame, at: int) -> Fact:
    row = known.iloc[at : at + 1] if at >= 0 else known.tail(1)
    sources = sources_of(row)
    return Fact(float(row["gini"].iloc[0]), "", sources, decimals=2, key={"ar": str(row["ar"].iloc[0])})


def _curve_figure(curves: pd.DataFrame, known: pd.DataFrame) -> Figure:
    tenths = lorenz_tenths(curves)
    years = [str(ar) for ar in known["ar"]]
    received = dict(zip(years, known["antal"].astype(float), strict=True))
    half = tenths[tenths["people_percent"] == 50].iloc[0]
    columns = [
        Column("people_text", "Del av befolkningen", "%", of=NO_PERSONS),
        *(Column(f"ar_{ar}", "Del av de mottagna {ar}", "%", 1, values={"ar": ar}, of=received[ar]) for ar in years),
    ]
    sources = sources_of(known)
    rows = tenths.assign(people_text=tenths["people_percent"].astype(str))
    table = Table("lorenz", "Hur stor del av de mottagna som befolkningens tiondelar hade", rows, columns, sources, {},
                  ("people_percent",))  # fmt: skip
    return Figure(
        "lorenz_figur",
        "Lorenzkurvor för mottagandet {years}: ju närmare den raka linjen, desto jämnare.",
        "En kurva per år, {years}, under den raka linje som vore helt jämnt. Den halva av befolkningen som bor i de "
        "kommuner som tog emot lägst antal per invånare hade {half} procent av de mottagna, i samma ordning.",
        lambda ax, language: drawing.draw_lorenz(curves, ax, language),
        drawing.size_lorenz(curves),
        table,
        {"years": years, "half": [Fact(float(half[f"ar_{ar}"]), decimals=0, of=received[ar]) for ar in years]},
        reading="Kurvan lägger kommunerna i ordning efter mottagna per invånare, lägst först, och visar hur stor del "
        "av de mottagna de har tillsammans. Ginikoefficienten är två gånger ytan mellan kurvan och linjen.",
    )


def _year_table(by_year: pd.DataFrame) -> Table:
    sources = sources_of(by_year)
    rows = by_year.assign(ar_text=by_year["ar"].astype(str))
    columns = [
        Column("ar_text", "År"),
        Column("antal", "Mottagna", "personer"),
        Column("gini", "Ginikoefficient", "", 2),
    ]
    caption = "Ginikoefficient för mottagna mot befolkning, mellan kommunerna"
    return Table("gini", caption, rows, columns, sources, {}, ("ar",))
