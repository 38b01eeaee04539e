"""The county's strategy: why and how it is made, its strategies and cross-cutting questions, what
was sent along, and the process on a line of time.
"""

from helpers.model.own_words import OwnWords
from helpers.present.topics.own_words import (
    by_whom,
    event_views,
    paragraphs,
    sources_of,
    told_table,
)
from helpers.present.views import Fact, Statement, Verbatim, View

FIRST, THEN = ("bakgrund", "syfte"), ("hur", "laget", "roll", "radet")


def strategy_views(own: OwnWords) -> tuple[View, ...]:
    """Return what is known of a county's strategy; nothing where there is none.

    Args:
        own: A county's own words: `utsagor` and `handelser` of the section strategi.
    """
    if own.told("strategi").empty:
        return ()
    return (
        *paragraphs(own, "strategi", *FIRST),
        *_strategies(own),
        *_through_all(own),
        *event_views(own, "strategi"),
        *paragraphs(own, "strategi", *THEN),
        *_points(own),
    )


def _strategies(own: OwnWords) -> tuple[View, ...]:
    """Each strategy with its sub-strategies."""
    rows, below = own.told("strategi", "strategi"), own.told("strategi", "delstrategi")
    if rows.empty:
        return ()
    told = [
        {
            "rubrik": head,
            "text": text,
            "delar": ", ".join(below.loc[below["rubrik"] == head, "text"]) or "–",
        }
        for head, text in rows[["rubrik", "text"]].itertuples(index=False)
    ]
    heads = {"rubrik": "Strategi", "text": "Vad den vill", "delar": "Förslag till delar"}
    caption = "Övergripande strategier och förslagen till delstrategier"
    return (told_table("strategier", caption, told, heads, sources_of(own, "utsagor")),)


def _through_all(own: OwnWords) -> tuple[View, ...]:
    """The questions that go through all strategies."""
    rows = own.told("strategi", "genomgaende")
    if rows.empty:
        return ()
    number = Fact(len(rows), "frågor", sources_of(own, "utsagor"), spelled=True)
    text = "Genom alla delstrategier går {antal:frågor}: {fragor}."
    return (
        Statement(
            "genomgaende", text, {"antal": number, "fragor": list(map(Verbatim, rows["text"]))}
        ),
    )


def _points(own: OwnWords) -> tuple[View, ...]:
    """What was sent along with the decision, and what was recommended before it."""
    found = []
    for sort, caption in (
        ("medskick", "Vad som skickades med beslutet ({vem})"),
        ("rekommendation", "Rekommendationer från förstudien ({vem})"),
    ):
        rows = own.told("strategi", sort)
        told = [
            {"nr": str(nr), "text": text}
            for nr, text in rows[["ordning", "text"]].itertuples(index=False)
        ]
        if told:
            heads, values = {"nr": "Nr", "text": "Punkt"}, {"vem": by_whom(rows)}
            sources = sources_of(own, "utsagor")
            found.append(told_table(sort, caption, told, heads, sources, values))
    return tuple(found)
