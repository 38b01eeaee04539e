"""To discuss: the county's own questions, each after the figures that it is about."""

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.forecasts import Forecast
from helpers.model.own_words import OwnWords
from helpers.present.topics.difference import rests_on
from helpers.present.topics.nation import sources_of as sources_in
from helpers.present.topics.nation import tables_of
from helpers.present.topics.own_words import sources_of
from helpers.present.topics.summary import Known
from helpers.present.views import Fact, Statement, Value, View, is_unknown, used_in

MOST = 3  # questions
VOLUME, OTHERS, RECEIVED = "fraga_volym", "fraga_kommuner", "fraga_mottagna"


def discussion_views(known: Known, own: OwnWords) -> tuple[View, ...]:
    """Return at most three questions, each after a sentence of the county's own figures; nothing
    where the county has none.

    Args:
        known: What is known of the county.
        own: Its own words: `utsagor` of the section diskutera.
    """
    rows = own.told("diskutera").head(MOST)
    found: list[View] = []
    for number, (sort, text) in enumerate(rows[["slag", "text"]].itertuples(index=False), start=1):
        found += [
            *_figures(known, sort, number),
            Statement(f"fraga_{number}", f"{number}. {text}", quoted=True),
        ]
    return (*found, *_whose(own, rows)) if found else ()


def _whose(own: OwnWords, rows: pd.DataFrame) -> tuple[View, ...]:
    titles = [own.documents[name] for name in dict.fromkeys(rows["kalla"])]
    text = "Frågorna är hämtade ur {dokument}, med arbetsbokens ord; talen är länets egna."
    number = Fact(len(rows), "frågor", sources_of(own, "utsagor"))
    text += " {antal:frågor} tas upp här."
    return (Statement("fragor_kalla", text, {"dokument": titles, "antal": number}, tone="note"),)


def _figures(known: Known, sort: str, number: int) -> tuple[Statement, ...]:
    """The county's figures that a sort of question is about; nothing where they are not known."""
    told = {VOLUME: _volume, OTHERS: _uneven, RECEIVED: _received}.get(sort)
    found = told(known) if told else None
    return () if found is None else (Statement(f"fraga_{number}_tal", *found),)


Found = tuple[str, dict[str, Value]] | None


def _volume(known: Known) -> Found:
    """How much the children and the quota are to change."""
    values: dict[str, Value] = dict(known.named)
    parts = []
    if known.split is not None and known.ahead is not None:
        values["nu"] = _children(known, known.split, known.forecast)
        values["sen"] = _children(known, known.ahead, known.coming)
        parts.append("Prognosen ger {plats} {sen} barn {nasta}, mot {nu} året före.")
    if known.change is not None:
        tables = tuple(dict.fromkeys(known.history["tabell"].dropna()))
        values["tal"] = Fact(known.change.from_lanstal, "personer", tables)
        values["nasta_tal"] = Fact(known.change.to_lanstal, "personer", tables)
        parts.append("Länstalet går från {tal} till {nasta_tal}.")
    text = " ".join(parts)
    return (text, used_in(text, values)) if parts else None


def _children(known: Known, split: Split, forecast: Forecast) -> Fact:
    """The whole children that a forecast gives."""
    sources = rests_on(known.shares, forecast)
    return Fact(split.expected_low, "barn", sources, high=split.expected_high)


def _uneven(known: Known) -> Found:
    """How far apart the county's municipalities are."""
    rates = known.rates[known.rates["level"] == "kommun"].dropna(subset=["per_1000"])
    if len(rates) < 2:
        return None
    ordered = rates.sort_values("per_1000", kind="stable")
    tables = sources_in(rates)
    low, high = ordered.iloc[0], ordered.iloc[-1]
    values: dict[str, Value] = {
        **known.named,
        "hogst": Fact(float(high["per_1000"]), "per 1 000 invånare", tables, decimals=1),
        "lagst": Fact(float(low["per_1000"]), "per 1 000 invånare", tables, decimals=1),
        "hog": str(high["unit"]),
        "lag": str(low["unit"]),
    }
    text = "{hog} tog emot {hogst} nyanlända per tusen invånare {ar}, {lag} {lagst}."
    return text, used_in(text, values)


def _received(known: Known) -> Found:
    """How many were received."""
    own = known.rate("lan")
    if is_unknown(own.get("antal")):
        return None
    tables = tables_of(known.rates)
    values: dict[str, Value] = {
        **known.named,
        "antal": Fact(int(own["antal"]), "personer", tables, measure="mottagna"),
    }
    text = "{plats} tog emot {antal:nyanlända} {ar}."
    return text, used_in(text, values)
