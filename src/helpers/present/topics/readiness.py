"""What municipalities say they can beside what they may need: readiness and capacity."""

import pandas as pd

from helpers.model.own_words import READINESS, OwnWords
from helpers.present.figures.needs import Need, draw_needs, size_needs
from helpers.present.style import EXPECTED, QUOTA
from helpers.present.topics.lagesbild import CELLS
from helpers.present.topics.own_words import paragraphs, sources_of
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Fold,
    Statement,
    Table,
    Value,
    Verbatim,
    View,
    used_in,
)

PLAIN = {area: f"kan_{at}" for at, area in enumerate(READINESS)}
HOUSING, SCHOOL = READINESS[2], READINESS[4]
Told = tuple[str, dict[str, Value]]  # a line, and what fills its places
HARD, NOT_RATED = "ansträngt", "inte bedömt"
NEEDS = (  # a need, and the rating that answers it
    Need(
        "kommuntal",
        "kommuntal",
        PLAIN[HOUSING],
        "Kommuntal, personer",
        "Kommuntal",
        "Bostäder",
        QUOTA,
    ),
    Need(
        "expected_low",
        "expected_high",
        PLAIN[SCHOOL],
        "Ensamkommande barn enligt prognosen",
        "Barn",
        "Skola, barnomsorg",
        EXPECTED,
        of_shares=True,
    ),
)


def readiness_views(own: OwnWords, rated: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return what readiness and capacity are, and per municipality what it says it can beside what
    it may need; nothing where the county says nothing of it.

    Args:
        own: A county's own words: `utsagor` of the section beredskap, and `svar`.
        rated: `kommunkod`, `kommun`, `expected_low`, `expected_high` (children), `kommuntal`
            (persons), the five ratings (NA = not rated), and the tables they are of: what
            `can_and_need` returned.
        ar: The year that the load is of.
    """
    kinds = own.told("beredskap", "dimension")
    if kinds.empty and not _those_rated(rated):
        return ()
    return (
        *_meaning(kinds),
        *rated_told(own, rated, "beredskap_bedomd"),
        *paragraphs(own, "beredskap", "laget"),
        *_beside(own, rated, ar),
    )


def rated_told(
    own: OwnWords, rated: pd.DataFrame, name: str, leads: str = ""
) -> tuple[Statement, ...]:
    """Return how many municipalities have rated themselves, and what is to come to those that say
    that housing or school is strained; nothing where the county says nothing of it.

    Args:
        own: A county's own words.
        rated: `kommun`, `expected_low`, `expected_high` (children), `kommuntal` (persons) and the
            five ratings (NA = not rated), as for `readiness_views`.
        name: Of the paragraph.
        leads: Where the rest stands.
    """
    count = _those_rated(rated)
    if own.told("beredskap", "dimension").empty and not count:
        return ()
    sources = sources_of(own, "svar")
    values: dict[str, Value] = {
        "bedomda": Fact(count, "kommuner", sources),
        "alla": Fact(len(rated), "kommuner"),
    }
    text = "{bedomda} av {alla:kommuner} har bedömt sin egen beredskap och kapacitet."
    if not count:
        text = "Här finns ingen bedömning från länets {alla:kommuner} av beredskap och kapacitet."
    more = {
        "bostader": _strained_housing(rated, sources),
        "skola": _strained_school(rated, sources),
    }
    return (
        Statement(name, text, used_in(text, values), leads=leads),
        *(Statement(f"{name}_{need}", said, found) for need, (said, found) in more.items() if said),
    )


def _those_rated(rated: pd.DataFrame) -> int:
    """How many municipalities have rated themselves."""
    return int(rated[list(READINESS)].notna().any(axis=1).sum())


def _strained_housing(rated: pd.DataFrame, sources: tuple[str, ...]) -> Told:
    """The quota of those that say that housing is strained."""
    hard = rated[(rated[HOUSING] == HARD) & rated["kommuntal"].notna()]
    if hard.empty:
        return "", {}
    total = Fact(int(hard["kommuntal"].sum()), "personer", (*_tables(hard, "tal"), *sources))
    text = "Ont om bostäder är det enligt {trangt}, som ska ta emot {trangt_tal:personer}."
    return text, {"trangt": list(hard["kommun"]), "trangt_tal": total}


def _strained_school(rated: pd.DataFrame, sources: tuple[str, ...]) -> Told:
    """The children expected by those that say that school is strained."""
    hard = rated[(rated[SCHOOL] == HARD) & rated["expected_low"].notna()]
    if hard.empty:
        return "", {}
    low, high = (int(hard[name].sum()) for name in ("expected_low", "expected_high"))
    children = Fact(low, "barn", (*_tables(hard, "barn"), *sources), high=high)
    text = (
        "Ansträngt för skola och barnomsorg är det enligt {skola}, som väntas få {skola_barn:barn}."
    )
    return text, {"skola": list(hard["kommun"]), "skola_barn": children}


def _tables(rated: pd.DataFrame, need: str) -> tuple[str, ...]:
    """The tables that a need is of."""
    return tuple(dict.fromkeys(rated[f"tabell_{need}"].dropna()))


def _meaning(kinds: pd.DataFrame) -> tuple[Statement, ...]:
    """What the two words mean, as the county has said."""
    values: dict[str, Value] = {
        name: list(map(Verbatim, kinds.loc[kinds["rubrik"] == head, "text"]))
        for name, head in (("beredskap", "Beredskap"), ("kapacitet", "Kapacitet"))
    }
    if not all(values.values()):
        return ()
    text = "Beredskap är {beredskap}. Kapacitet är {kapacitet}."
    return (Statement("beredskap_betyder", text, values),)


def _beside(own: OwnWords, rated: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """What may be needed in the year beside what each municipality says it can: a figure where any
    has rated what answers a need that is known, else a table of it to open.
    """
    table = _table(own, rated, ar)
    if table is None:
        return ()
    frame = table.frame
    needs = [
        need
        for need in NEEDS
        if frame[need.high].notna().any() and (frame[need.can] != NOT_RATED).any()
    ]
    if not needs:
        return (Fold("beredskap_behov", "Vad kommunerna kan komma att behöva", (table,)),)
    drawn = frame.assign(**{need.can: frame[need.can].replace(NOT_RATED, pd.NA) for need in needs})
    figure = Figure(
        "kan_och_behov",
        "Vad kommunerna kan komma att behöva {ar}, och vad de själva säger att de kan.",
        "Liggande staplar, en rad per kommun: hur många som kommunen kan komma att ta emot {ar}."
        " Vid stapeln står talet och kommunens egen bedömning av det som behövs för dem, i ord.",
        lambda axes, language: draw_needs(drawn, axes, language, needs),
        size_needs(drawn, needs),
        table,
        {"ar": str(ar)},
        panels=(1.0,) * len(needs),
        reading=(
            "En lång stapel bredvid ordet ansträngt är vad länet först behöver tala om. Inte bedömt"
            " betyder att kommunen inte har sagt något."
        ),
    )
    return (figure,)


def _table(own: OwnWords, rated: pd.DataFrame, ar: int) -> Table | None:
    """What may be needed, and what each municipality says it can, where any has said it."""
    needs = [
        Column("expected_low", "Ensamkommande barn enligt prognosen", "barn", high="expected_high"),
        Column("kommuntal", "Kommuntal", "personer"),
    ]
    shown = [column for column in needs if rated[column.name].notna().any()]
    known = [area for area in READINESS if rated[area].notna().any()]
    if not shown and not known:
        return None
    words = rated.rename(columns=PLAIN)
    for name in PLAIN.values():
        words[name] = words[name].map(CELLS).fillna(NOT_RATED).astype(object)
    columns = [
        Column("kommun", "Kommun", report="kommun/{kommunkod}"),
        *(Column(column.name, column.label, column.unit, high=column.high,
                 group="Kan komma att behövas") for column in shown),
        *(Column(PLAIN[area], "{omrade}", quoted=True, values={"omrade": Verbatim(area)},
                 group="Kommunens egen bedömning") for area in known),
    ]  # fmt: skip
    caption = "Vad kommunerna kan komma att behöva {ar}"
    if known:
        caption = "Vad kommunerna kan komma att behöva {ar}, och vad de själva säger att de kan"
    told = sources_of(own, "svar") if known else ()
    sources = (*_tables(rated, "barn"), *_tables(rated, "tal"), *told)
    values: dict[str, Value] = {"ar": str(ar)}
    note = ""
    if rated["expected_low"].notna().any():
        note = (
            "Barnen är avrundade kommun för kommun. Länets eget tal kan därför vara ett annat än"
            " summan."
        )
    return Table("beredskap", caption, words, columns, sources, values, ("kommunkod",), note=note)
