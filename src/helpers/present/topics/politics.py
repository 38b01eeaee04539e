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
        *paragraphs(own, "politik", "samverkan", "laget"),
        *_contacts(own),
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
