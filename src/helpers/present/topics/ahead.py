"""The next year of a place: its own numbers before its county's, what the forecast gives, and what
it may give if it misses as others have.
"""

import pandas as pd

from helpers.model.exact import share_of
from helpers.model.forecasts import Outcomes
from helpers.model.shares import published_range
from helpers.present.topics.difference import rests_on, share_tables, whole_children
from helpers.present.topics.known import Known, children_of
from helpers.present.views import (
    ASYL,
    CAME,
    Column,
    Fact,
    Statement,
    Table,
    View,
    gap,
    used_in,
)

CASES = ("Låg", "Som prognosen", "Hög")


def next_year(known: Known, came: int | None, brings: Outcomes | None) -> tuple[View, ...]:
    """Return what is known of the next year: a municipality's own numbers before its county's.

    Args:
        known: What is known of the place.
        came: The unaccompanied children who came to Sweden in the next year; None when not known.
        brings: What the next year's forecast may bring if it misses as others have; None where that
            is not known.
    """
    return (
        *_decision(known),
        _next_kommuntal(known),
        *_next_children(known),
        *_cases(known, brings),
        *_so_it_became(known, came),
    )


def _decision(known: Known) -> tuple[View, ...]:
    """Which decision the county's quota of the next year stands in, and since when it holds."""
    last = known.history[known.history["ar"] == known.ar + 1].dropna(subset=["beslut"]).tail(1)
    if last.empty or last["galler_fran"].isna().any():
        return ()
    text = "Beslutet för {nasta} är {beslut}. Det gällde från {datum}."
    values = known.named | {
        "beslut": str(last["beslut"].iloc[0]),
        "datum": str(last["galler_fran"].iloc[0])[:10],
    }
    return (Statement("nasta_beslut", text, used_in(text, values)),)


def _next_kommuntal(known: Known) -> Statement:
    own = known.of_place(known.kommuntal_next)
    quota = own["kommuntal"].dropna()
    if quota.empty:
        text = "Kommuntalen för {nasta} saknas här."
        if known.alone or known.single:
            text = "Kommuntalet för {plats} {nasta} saknas här."
        return gap("nasta_kommuntal", text, **used_in(text, known.named))
    sources = tuple(dict.fromkeys(known.kommuntal_next["tabell"].dropna()))
    derived = (known.alone or known.single) and bool(own["harledd"].any())
    every, some = len(known.place.kommunkoder), int((quota > 0).sum())
    values = known.named | {
        "kommuntal": Fact(
            int(quota.sum()), "personer", sources, measure="kommuntal", derived=derived
        ),
        "alla": Fact(every, "kommuner", sources),
        "nagra": Fact(some, "kommuner", sources),
        "kanda": Fact(len(quota), "kommuner", sources),
    }
    text = "Kommuntalen för {nasta} blev tillsammans {kommuntal}, delade på {alla:kommuner}."
    if some < every:
        text = (
            "Kommuntalen för {nasta} blev tillsammans {kommuntal}, delade på {nagra} av länets"
            " {alla:kommuner}."
        )
    if len(quota) < every:
        text = (
            "Kommuntalet för {nasta} är känt för {kanda} av länets {alla:kommuner}: tillsammans"
            " {kommuntal:personer}."
        )
    if known.alone or known.single:
        text = "Kommuntalet för {plats} {nasta} blev {kommuntal}."
        text += " Det är härlett ur länstalet." if derived else ""
    return Statement("nasta_kommuntal", text, used_in(text, values))


def _next_children(known: Known) -> tuple[View, ...]:
    """The next year's forecast, and what it gives by the same shares."""
    coming, ahead = known.coming, known.ahead
    if coming.value is None:
        text = "Prognosen för ensamkommande barn {nasta} saknas här."
        return (gap("nasta_barn", text, **used_in(text, known.named)),)
    sources = (coming.tabell,) if coming.tabell else ()
    prognos = Fact(coming.value, "barn", sources, published=bool(coming.tabell))
    text = "Prognosen för {nasta} var {prognos:ensamkommande barn} i Sverige."
    told = Statement("nasta_barn", text, used_in(text, known.named | {"prognos": prognos}))
    if ahead is None:
        return (told,)
    values = children_of(known, ahead, coming)
    text = "Med {andelstal_ar} års andelstal motsvarade det {vantat:barn} i {omradet}."
    if known.alone:
        text = "Med {andelstal_ar} års andelstal motsvarade det {intervall_ord:barn} i {omradet}."
    return (told, Statement("nasta_andel", text, used_in(text, values)))


def _cases(known: Known, brings: Outcomes | None) -> tuple[View, ...]:
    """A low, a middle and a high number of children, by how far earlier forecasts missed; nothing
    where too few are known.
    """
    coming, ahead = known.coming, known.ahead
    if brings is None or ahead is None or coming.value is None:
        return ()
    spread, sources = brings.spread, rests_on(known.shares, coming, ASYL)
    nation = [int(spread.half_low), coming.value, int(spread.half_high)]
    here = [_here(known, share_of(ahead.andelstal, children)) for children in nation]
    values = known.named | {
        "low": Fact(here[0][0], "barn", sources, high=here[2][1]),
        "antal": Fact(spread.years, "andra år", sources, spelled=True),
        "omradet": "kommunen" if known.alone else "länet",
    }
    text = (
        "Med lika stora fel som för {antal:andra år} skulle det bli {low:barn} i {omradet} i minst"
        " hälften av fallen. Underlaget är litet."
    )
    low, high = zip(*here, strict=True)
    frame = pd.DataFrame({"fall": CASES, "riket": nation, "har": low, "har_high": high})
    caption = "Ensamkommande barn {nasta}, om prognosen slog fel som för andra år"
    columns = [
        Column("fall", "Fall"),
        Column("riket", "I Sverige", "barn", sources=rests_on(known.shares.iloc[:0], coming, ASYL)),
        Column("har", "I kommunen" if known.alone else "I länet", "barn", high="har_high"),
    ]
    table = Table(
        "nasta_fall", caption, frame, columns, sources, used_in(caption, known.named), ("fall",)
    )
    return (Statement("nasta_spann", text, used_in(text, values)), table)


def how_cases(known: Known, brings: Outcomes | None) -> tuple[View, ...]:
    """Return, for the method page, what the low and the high case are computed from.

    Args:
        known: What is known of the place.
        brings: As for `next_year`.
    """
    coming = known.coming
    if brings is None or known.ahead is None or coming.value is None:
        return ()
    spread, sources = brings.spread, rests_on(known.shares.iloc[:0], coming, ASYL)
    values = known.named | {
        "prognos": Fact(coming.value, "barn", sources),
        "antal": Fact(spread.years, "andra år", sources, spelled=True),
        "lag": Fact(int(spread.half_low), "barn", sources),
        "hog": Fact(int(spread.half_high), "barn", sources),
    }
    text = (
        "Lågt och högt för {nasta}: prognosen ({prognos}) gånger utfall delat med prognos för"
        " {antal:andra år}. Minst hälften av åren ligger mellan {lag} och {hog:barn} i Sverige."
        " Kvoterna står i tabellen över prognoser som fallen är gjorda av. Där barnens prognos"
        " saknas är det alla asylsökandes."
    )
    return (Statement("nasta_hur", text, used_in(text, values)),)


def _here(known: Known, expected: float) -> tuple[int, int]:
    """An expected number as it is told of the place: a municipality's as the published range."""
    whole = whole_children(expected)
    return published_range(expected) if known.alone else (whole, whole)


def _so_it_became(known: Known, came: int | None) -> tuple[View, ...]:
    """How many came to Sweden in the next year, where that is known by now."""
    if came is None or known.coming.value is None:
        return ()
    values = known.named | {"came": Fact(came, "barn", (ASYL,), published=True, measure=CAME)}
    text = "Så blev det: till Sverige kom {came:ensamkommande barn} {nasta}."
    told = Statement("nasta_utfall", text, used_in(text, values))
    if known.ahead is None:
        return (told,)
    own = whole_children(share_of(known.ahead.andelstal, came))
    text = "Med samma andelstal motsvarade det ungefär {motsvarar:barn} i {omradet}."
    text = text if own else "Med samma andelstal motsvarade det inte ett helt barn i {omradet}."
    text += " Det är räknat, inget utfall."
    values = children_of(known, known.ahead, known.coming) | {
        "motsvarar": Fact(own, "barn", (*share_tables(known.shares), ASYL), spelled=True)
    }
    return (told, Statement("nasta_motsvarar", text, used_in(text, values)))
