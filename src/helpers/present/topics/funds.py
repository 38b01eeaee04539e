"""Calls for funds: what can be applied for, on which ground, and how many days are left."""

import pandas as pd

from helpers.model.own_words import OwnWords, days_left, last_day
from helpers.present.calendar import calendar_text
from helpers.present.topics.own_words import (
    day_text,
    day_values,
    paragraphs,
    sources_of,
)
from helpers.present.views import (
    Column,
    Fact,
    Place,
    Statement,
    Table,
    Value,
    Verbatim,
    View,
    used_in,
)

OPEN, CLOSED = "öppen", "stängd"
CALENDAR = ".ics"  # ends the name of the calendar beside the report


def funds_views(own: OwnWords, place: Place) -> tuple[View, ...]:
    """Return the calls, those that close first on top; nothing where there is none.

    Args:
        own: A county's own words: `medel`, and `utsagor` of the section medel.
        place: The county, whose code names the calendar beside the page.
    """
    if own.medel.empty:
        return ()
    return (
        *calls_told(own, "medel_mening"),
        _table(own),
        _file_note(),
        *paragraphs(own, "medel", "laget"),
    )


def calls_told(own: OwnWords, name: str, leads: str = "") -> tuple[Statement, ...]:
    """Return how many calls are open at the reference date, and which closes first; nothing where
    there is none.

    Args:
        own: A county's own words: `medel`.
        name: Of the paragraph.
        leads: Where the rest stands.
    """
    if own.medel.empty:
        return ()
    frame = days_left(own.medel, own.day)
    sources, open_now = sources_of(own, "medel"), frame[frame["dagar"] >= 0]
    values: dict[str, Value] = {
        **day_values(own),
        "oppna": Fact(len(open_now), "utlysningar", sources, spelled=True),
        "alla": Fact(len(frame), "utlysningar", sources, spelled=True),
        **_first(open_now, sources),
    }
    lines = [_open_text(len(open_now), len(frame))]
    if len(open_now):
        lines.append("Först stänger {namn} ({stanger}), {dagar:dagar} senare.")
    text = "\n".join(lines)
    return (Statement(name, text, used_in(text, values), leads=leads),)


def _open_text(open_now: int, whole: int) -> str:
    """That some of the calls are open, in the number that the word needs."""
    if open_now == 0:
        return "Den {dag} {manad} {ar} fanns inga öppna medel att söka."
    if open_now == whole:
        return "Den {dag} {manad} {ar} fanns medel att söka i {alla:utlysningar}."
    return "Den {dag} {manad} {ar} fanns medel att söka i {oppna} av {alla:utlysningar}."


def calendar(own: OwnWords, place: Place) -> str:
    """Return the last days of the calls as a calendar; "" where there is none.

    Args:
        own: A county's own words: `medel`.
        place: The county.
    """
    days = [
        {
            "id": f"medel-{place.kod}-{row['id']}",
            "title": f"Sista dag: {row['namn']} ({row['grund']})",
            "text": "" if pd.isna(row["text"]) else str(row["text"]),
            "day": str(row["stanger"]),
            "stamp": last_day(str(row["datum"])).isoformat(),
        }
        for row in own.medel.to_dict("records")
    ]
    return calendar_text(f"Medel att söka, {place.namn}", days) if days else ""


def _file_note() -> Statement:
    """That the days stand in a file beside the page."""
    text = "De sista dagarna finns också som en fil att lägga in i den egna kalendern."
    return Statement("medel_kalender", text, leads=CALENDAR)


def _first(open_now: pd.DataFrame, sources: tuple[str, ...]) -> dict[str, Value]:
    """Which of the open closes first; nothing where none is open."""
    if open_now.empty:
        return {}
    first = open_now.iloc[0]
    return {
        "namn": Verbatim(first["namn"]),
        "stanger": Verbatim(day_text(str(first["stanger"]))),
        "dagar": Fact(int(first["dagar"]), "dagar", sources),
    }


def _table(own: OwnWords) -> Table:
    frame = days_left(own.medel, own.day)
    state = [OPEN if left >= 0 else CLOSED for left in frame["dagar"]]
    frame = frame.assign(
        lage=state,
        dagar=frame["dagar"].where(frame["dagar"] >= 0),
        stanger=frame["stanger"].map(day_text),
        oppnar=frame["oppnar"].map(day_text, na_action="ignore"),
    )
    columns = [
        Column("namn", "Medel", quoted=True),
        Column("dagar", "Dagar kvar", ""),
        Column("stanger", "Sista dag", quoted=True),
        Column("lage", "Läge"),
        Column("grund", "Grund enligt källan", quoted=True),
        Column("oppnar", "Öppnar", quoted=True),
        Column("far_soka", "Vem får söka", quoted=True),
        Column("text", "Till vad", quoted=True),
    ]
    shown = [column for column in columns if frame[column.name].notna().any()]
    silent = frame[["oppnar", "far_soka"]].isna().all(axis=None)
    note = "Källan säger inte när de öppnade eller vem som får söka." if silent else ""
    caption = "Medel att söka, sett från den {dag} {manad} {ar}"
    return Table(
        "medel",
        caption,
        frame,
        shown,
        sources_of(own, "medel"),
        day_values(own),
        ("namn",),
        note=note,
    )
