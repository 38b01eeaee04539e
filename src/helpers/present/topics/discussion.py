"""To discuss: the county's own questions, or those of another county that any may ask itself, each
after the figures that it is about.
"""

from collections.abc import Callable
from functools import partial

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.exact import share_of
from helpers.model.forecasts import Forecast
from helpers.model.own_words import OwnWords
from helpers.present.topics.difference import rests_on, share_tables, whole_children
from helpers.present.topics.known import Known
from helpers.present.topics.nation import sources_of as sources_in
from helpers.present.topics.nation import tables_of
from helpers.present.views import (
    ASYL,
    CAME,
    Fact,
    Statement,
    Value,
    Verbatim,
    View,
    is_unknown,
    used_in,
)

Found = list[tuple[str, dict[str, Value]]]

MOST = 3  # questions
VOLUME, OTHERS, RECEIVED = "fraga_volym", "fraga_kommuner", "fraga_mottagna"


def discussion_views(
    known: Known, own: OwnWords, to_all: pd.DataFrame, came: int | None
) -> tuple[View, ...]:
    """Return at most three questions, each after a sentence of the county's own figures; nothing
    where there are none.

    Args:
        known: What is known of the county.
        own: Its own words: `utsagor` of the section diskutera.
        to_all: Questions for a county that has none of its own: `lanskod` and `lan` of the county
            that asked them, `slag`, `text`, `roll`, `dokument`.
        came: The unaccompanied children who came to Sweden in the next year; None when not known.
    """
    rows = own.told("diskutera")
    rows = rows.assign(lanskod=known.place.kod, dokument=rows["kalla"].map(own.documents))
    rows = rows if len(rows) else to_all
    if len(known.place.kommunkoder) == 1:  # nobody to agree with within the county
        rows = rows[rows["slag"] != OTHERS]
    rows = rows.head(MOST)
    found: list[View] = []
    for number, (sort, text) in enumerate(rows[["slag", "text"]].itertuples(index=False), start=1):
        found += [
            *_figures(known, sort, number, came),
            Statement(f"fraga_{number}", f"{number}. {text}", quoted=True),
        ]
    return (*found, *_whose(known, rows)) if found else ()


def _whose(known: Known, rows: pd.DataFrame) -> tuple[View, ...]:
    titles = [Verbatim(name) for name in dict.fromkeys(rows["dokument"])]
    whose = [Verbatim(name) for name in dict.fromkeys(rows["roll"])]
    values: dict[str, Value] = {"vem": whose, "dokument": titles}
    text = (
        "Frågorna är hämtade ur {dokument} ({vem}) och omskrivna av Mottagningsboken. Talen är"
        " rapportens egna."
    )
    if set(rows["lanskod"]) != {known.place.kod}:
        text = (
            "Länets egna frågor saknas här. Dessa är hämtade ur {dokument} i {lan} ({vem}) och"
            " omskrivna av Mottagningsboken. Talen är rapportens egna."
        )
        values |= {"lan": [Verbatim(name) for name in dict.fromkeys(rows["lan"])]}
    return (Statement("fragor_kalla", text, values, tone="note"),)


def _figures(known: Known, sort: str, number: int, came: int | None) -> tuple[Statement, ...]:
    """The county's figures that a sort of question is about; nothing where they are not known."""
    told: dict[str, Callable[[Known], Found]] = {
        VOLUME: partial(_volume, came=came),
        OTHERS: _uneven,
        RECEIVED: _received,
    }
    found = told[sort](known) if sort in told else []
    return tuple(
        Statement(f"fraga_{number}_tal_{at}", text, used_in(text, {**known.named, **values}))
        for at, (text, values) in enumerate(found, start=1)
    )


def _volume(known: Known, came: int | None) -> Found:
    """How much the children and the quota are to change."""
    found: Found = []
    if known.split is not None and known.ahead is not None:
        children: dict[str, Value] = {
            "nu": _children(known, known.split, known.forecast),
            "sen": _children(known, known.ahead, known.coming),
        }
        text = (
            "För {ar} väntades {nu:ensamkommande barn} i {plats} vid årets prognos. Vid prognosen"
            " för {nasta} hade det blivit {sen:barn}, med samma andelstal."
        )
        if came is not None:
            own = share_of(known.ahead.andelstal, came)
            text += " De {kom:barn} som kom till Sverige motsvarade ungefär {blev:barn}."
            children["kom"] = Fact(came, "barn", (ASYL,), published=True, measure=CAME)
            children["blev"] = Fact(
                whole_children(own), "barn", (*share_tables(known.shares), ASYL), spelled=True
            )
        found.append((text, children))
    if known.change is not None:
        tables = tuple(dict.fromkeys(known.history["tabell"].dropna()))
        quotas: dict[str, Value] = {
            "tal": Fact(known.change.from_lanstal, "personer", tables),
            "nasta_tal": Fact(known.change.to_lanstal, "personer", tables),
        }
        text = "För nyanlända, som räknas för sig, gick länstalet från {tal} till {nasta_tal}."
        found.append((text, quotas))
    return found


def _children(known: Known, split: Split, forecast: Forecast) -> Fact:
    """The whole children that a forecast gives the county, as its report says elsewhere."""
    sources = rests_on(known.shares, forecast)
    return Fact(whole_children(split.expected), "barn", sources, spelled=True)


def _uneven(known: Known) -> Found:
    """How far apart the county's municipalities are, none of them singled out."""
    rates = known.rates[known.rates["level"] == "kommun"].dropna(subset=["per_1000"])
    if len(rates) < 2:
        return []
    sources = sources_in(rates)
    values: dict[str, Value] = {
        name: Fact(float(rate), "per 1 000 invånare", sources, decimals=1)
        for name, rate in (("lagst", rates["per_1000"].min()), ("hogst", rates["per_1000"].max()))
    }
    text = "Länets kommuner tog emot mellan {lagst} och {hogst} per tusen invånare {ar}."
    return [(text, values)]


def _received(known: Known) -> Found:
    """How many were received."""
    own = known.rate("lan")
    if is_unknown(own.get("antal")):
        return []
    number = Fact(int(own["antal"]), "personer", tables_of(known.rates), measure="mottagna")
    return [("{plats} tog emot {antal:nyanlända} {ar}.", {"antal": number})]
