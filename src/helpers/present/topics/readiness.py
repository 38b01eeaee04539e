"""What municipalities say they can beside what they may need: readiness and capacity."""

import pandas as pd

from helpers.model.own_words import READINESS, OwnWords, latest_round, readiness
from helpers.present.topics.difference import share_tables
from helpers.present.topics.lagesbild import CELLS
from helpers.present.topics.own_words import origin_note, paragraphs, sources_of
from helpers.present.views import Column, Fact, Statement, Table, Value, Verbatim, View, used_in


def readiness_views(
    own: OwnWords,
    municipalities: pd.DataFrame,
    ahead: pd.DataFrame,
    kommuntal: pd.DataFrame,
    ar: int,
) -> tuple[View, ...]:
    """Return what readiness and capacity are, and per municipality what it says it can beside what
    it may need; nothing where the county says nothing of it.

    Args:
        own: A county's own words: `utsagor` of the section beredskap, and `svar`.
        municipalities: `kommunkod`, `kommun`, of the county.
        ahead: `kommunkod`, `expected_low`, `expected_high` (children of the next
            year), `tabell`.
        kommuntal: `kommunkod`, `kommuntal`, `tabell`, of the next year.
        ar: The year that the load is of.
    """
    kinds = own.told("beredskap", "dimension")
    if kinds.empty:
        return ()
    answers = own.svar.iloc[:0]
    latest = latest_round(own)
    if latest is not None:
        answers = latest[1]
    load = municipalities[["kommunkod", "kommun"]]
    for more in (
        ahead[["kommunkod", "expected_low", "expected_high"]],
        kommuntal[["kommunkod", "kommuntal"]],
    ):
        load = load.merge(more, on="kommunkod", how="left", validate="1:1")
    frame = readiness(answers, load)
    needed = (*share_tables(ahead), *share_tables(kommuntal.dropna(subset=["kommuntal"])))
    return (
        _meaning(kinds),
        _rated(frame),
        *paragraphs(own, "beredskap", "laget"),
        *_table(own, frame, ar, needed),
        origin_note(own, "beredskap", "utsagor"),
    )


def _meaning(kinds: pd.DataFrame) -> Statement:
    """What the two words mean, as the county has said."""
    values: dict[str, Value] = {
        name: list(map(Verbatim, kinds.loc[kinds["rubrik"] == head, "text"]))
        for name, head in (("beredskap", "Beredskap"), ("kapacitet", "Kapacitet"))
    }
    text = "Beredskap är {beredskap}. Kapacitet är {kapacitet}."
    return Statement("beredskap_betyder", text, values)


def _rated(frame: pd.DataFrame) -> Statement:
    """How many municipalities have rated themselves."""
    rated = int(frame[list(READINESS)].notna().any(axis=1).sum())
    text = "{bedomda} av {alla:kommuner} har bedömt sin egen beredskap och kapacitet."
    if not rated:
        text = "Ingen av länets {alla:kommuner} har ännu bedömt sin egen beredskap och kapacitet."
    values: dict[str, Value] = {
        "bedomda": Fact(rated, "kommuner"),
        "alla": Fact(len(frame), "kommuner"),
    }
    return Statement("beredskap_bedomd", text, used_in(text, values))


def _table(
    own: OwnWords, frame: pd.DataFrame, ar: int, needed: tuple[str, ...]
) -> tuple[View, ...]:
    """What may be needed in the year, and what each municipality says it can, where any has."""
    needs = [
        Column("expected_low", "Enligt prognosen", "barn", high="expected_high"),
        Column("kommuntal", "Kommuntal", "personer"),
    ]
    shown = [column for column in needs if frame[column.name].notna().any()]
    plain = {area: f"kan_{at}" for at, area in enumerate(READINESS)}
    rated = [area for area in READINESS if frame[area].notna().any()]
    if not shown and not rated:
        return ()
    words = frame.rename(columns=plain)
    for area in rated:
        words[plain[area]] = words[plain[area]].map(CELLS).fillna("inte bedömt").astype(object)
    columns = [
        Column("kommun", "Kommun", report="kommun/{kommunkod}"),
        *(Column(column.name, column.label, column.unit, high=column.high,
                 group="Kan komma att behövas") for column in shown),
        *(Column(plain[area], "{omrade}", quoted=True, values={"omrade": Verbatim(area)},
                 group="Kommunens egen bedömning") for area in rated),
    ]  # fmt: skip
    caption = "Vad kommunerna kan komma att behöva {ar}"
    if rated:
        caption = "Vad kommunerna kan komma att behöva {ar}, och vad de själva säger att de kan"
    sources = (*needed, *sources_of(own, "svar"))
    values: dict[str, Value] = {"ar": str(ar)}
    return (Table("beredskap", caption, words, columns, sources, values, ("kommunkod",)),)
