"""Reception politics: what is agreed and to be decided, what has been told, and who to turn to, by
role.
"""

from helpers.model.own_words import OwnWords
from helpers.present.topics.own_words import (
    day_text,
    event_views,
    paragraphs,
    sources_of,
    told_table,
)
from helpers.present.views import View


def politics_views(own: OwnWords) -> tuple[View, ...]:
    """Return agreements, meetings and decisions, what has been told, and contact roles; nothing
    where there is none of it.

    Args:
        own: A county's own words: `utsagor` and `handelser` of the section politik.
    """
    events = event_views(own, "politik")
    if own.told("politik").empty and not events:
        return ()
    return (
        *events,
        *_said(own),
        *_contacts(own),
    )


def _said(own: OwnWords) -> tuple[View, ...]:
    """What has been told: as a table where all of it has headings, else as paragraphs."""
    sorts = ("samverkan", "laget")
    rows = own.told("politik", *sorts)
    if rows.empty or rows["rubrik"].isna().any():
        return paragraphs(own, "politik", *sorts)
    rows = rows.sort_values(["slag", "ordning"], ascending=[False, True], kind="stable")
    told = [
        {"rubrik": head, "text": text, "roll": whose, "datum": day_text(day)}
        for head, text, whose, day in rows[["rubrik", "text", "roll", "datum"]].itertuples(
            index=False
        )
    ]
    heads = {"rubrik": "Fråga", "text": "Vad som är sagt", "roll": "Av vem", "datum": "När"}
    caption = "Vad som har sagts om samarbetet och läget"
    return (
        told_table("politik_sagt", caption, told, heads, sources_of(own, "utsagor"), key="text"),
    )


def _contacts(own: OwnWords) -> tuple[View, ...]:
    """Who answers for what, by role and never by name."""
    rows = own.told("politik", "kontakt")
    told = [
        {"rubrik": head, "text": text, "datum": day_text(day)}
        for head, text, day in rows[["rubrik", "text", "datum"]].itertuples(index=False)
    ]
    if not told:
        return ()
    heads = {"rubrik": "Fråga", "text": "Vem som svarar", "datum": "Enligt uppgift"}
    caption = "Vem som svarar för vad"
    return (told_table("kontakter", caption, told, heads, sources_of(own, "utsagor")),)
