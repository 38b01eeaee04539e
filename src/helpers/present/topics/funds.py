"""Calls for funds: what can be applied for, on which ground, and how many days are left."""

from helpers.model.own_words import OwnWords, days_left
from helpers.present.topics.own_words import origin_note, paragraphs, sources_of
from helpers.present.views import Column, Fact, Statement, Table, Value, View

OPEN, CLOSED, NOT_YET = "öppen", "stängd", "har inte öppnat"


def funds_views(own: OwnWords) -> tuple[View, ...]:
    """Return the calls, those that close first on top; nothing where there is none.

    Args:
        own: A county's own words: `medel`, and `utsagor` of the section medel.
    """
    if own.medel.empty:
        return ()
    frame = days_left(own.medel, own.day)
    sources, open_now = sources_of(own, "medel"), frame[frame["dagar"] >= 0]
    values: dict[str, Value] = {
        "dag": own.day.isoformat(),
        "oppna": Fact(len(open_now), "utlysningar", sources),
        "alla": Fact(len(frame), "utlysningar", sources),
    }
    text = "Den {dag} var {oppna} av {alla:utlysningar} öppna."
    if len(open_now):
        first = open_now.iloc[0]
        text += " Först stänger {namn}, {stanger}: {dagar:dagar} kvar."
        values |= {
            "namn": str(first["namn"]),
            "stanger": str(first["stanger"]),
            "dagar": Fact(int(first["dagar"]), "dagar", sources),
        }
    return (
        Statement("medel_mening", text, values),
        _table(own, values),
        *paragraphs(own, "medel", "laget"),
        origin_note(own, "medel", "medel", "utsagor"),
    )


def _table(own: OwnWords, values: dict[str, Value]) -> Table:
    frame = days_left(own.medel, own.day)
    state = [OPEN if left >= 0 else CLOSED for left in frame["dagar"]]
    frame = frame.assign(lage=state, dagar=frame["dagar"].where(frame["dagar"] >= 0))
    columns = [
        Column("namn", "Medel", quoted=True),
        Column("grund", "Grund", quoted=True),
        Column("lage", "Läge"),
        Column("dagar", "Dagar kvar", ""),
        Column("oppnar", "Öppnar", published=True),
        Column("stanger", "Sista dag", published=True),
        Column("far_soka", "Vem får söka", quoted=True),
        Column("text", "Till vad", quoted=True),
    ]
    shown = [column for column in columns if frame[column.name].notna().any()]
    hidden = {"oppnar": "när de öppnar", "far_soka": "vem som får söka"}
    missing = [hidden[name] for name in hidden if frame[name].isna().all()]
    note = "Källan säger inte när de öppnade eller vem som får söka." if len(missing) == 2 else ""
    caption = "Medel att söka, sett från {dag}"
    return Table(
        "medel",
        caption,
        frame,
        shown,
        sources_of(own, "medel"),
        {"dag": values["dag"]},
        ("namn",),
        note=note,
    )
