"""What the figures count: a short list of the measures a page has shown, and why two that look
alike differ.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.model.reception import CATEGORIES, QUOTA_AND_AGENCY, category_counts
from helpers.present.topics.nation import tables_of
from helpers.present.views import Column, Fact, Place, Statement, Table, Value, View


class Name(Protocol):
    """A measure's name in Swedish."""

    @property
    def sv(self) -> str: ...


class Measure(Protocol):
    """What the list tells of a measure; those with the same word look alike."""

    @property
    def name(self) -> Name: ...
    @property
    def word(self) -> str: ...
    @property
    def counted(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def is_not(self) -> str: ...


def measure_list(shown: Iterable[str], measures: Mapping[str, Measure]) -> tuple[Table, ...]:
    """Return what each look-alike measure that a page has shown counts; nothing where no two of
    them look alike.

    Args:
        shown: The ids of the measures shown so far on the page (`Page.measures`).
        measures: All measures by id, in the order in which they are listed.
    """
    used = set(shown)
    own = [measure for name, measure in measures.items() if name in used]
    words = [measure.word for measure in own]
    alike = [measure for measure in own if words.count(measure.word) > 1]
    if not alike:
        return ()
    rows = [
        {"name": one.name.sv, "counted": one.counted, "when": one.when, "is_not": one.is_not}
        for one in alike
    ]
    columns = [
        Column("name", "Tal"),
        Column("counted", "Vad som räknas"),
        Column("when", "När"),
        Column("is_not", "Vad det inte är"),
    ]
    return (Table("matt", "Så räknas det", pd.DataFrame(rows), columns, (), {}, ("name",)),)


def look_alikes(
    place: Place,
    parts: pd.DataFrame,
    outcome: pd.DataFrame,
    kommuntal: pd.DataFrame,
    ar: int,
) -> tuple[View, ...]:
    """Return why two numbers of the place and year that look alike differ; nothing where only one
    of them is known.

    Args:
        place: The county or municipality.
        parts: What `reception.composition` returned.
        outcome: kommunkod, kommun, utfall (children; NA = unknown), utfall_preliminart, tabell.
        kommuntal: kommunkod, mottagna_efter_anvisning (persons; NA = unknown), tabell.
        ar: The year of them all.
    """
    counts = category_counts(parts, place.kod)
    if len(counts) != len(CATEGORIES) or counts.isna().any(axis=None):
        return ()
    values: dict[str, Value] = {"plats": place.namn, "ar": str(ar)}
    sources = tables_of(parts)
    return (
        *_children(place, counts, _own(outcome, place), parts, values),
        *_after_placement(counts, _own(kommuntal, place), sources, values),
    )


def _own(frame: pd.DataFrame, place: Place) -> pd.DataFrame:
    return frame[frame["kommunkod"].isin(place.kommunkoder)]


def _children(
    place: Place,
    counts: pd.DataFrame,
    outcome: pd.DataFrame,
    parts: pd.DataFrame,
    values: Mapping[str, Value],
) -> tuple[View, ...]:
    """The children placed beside the unaccompanied among the received; for a county also where they
    differ most.
    """
    if len(outcome) != len(place.kommunkoder) or outcome["utfall"].isna().any():
        return ()
    tables = tuple(dict.fromkeys(outcome["tabell"].dropna()))
    part_year = bool(when_preliminary(outcome))
    if int(outcome["utfall"].sum()) == int(counts["varav_ensamkommande"].sum()):
        return ()
    placed = Fact(
        int(outcome["utfall"].sum()), "barn", tables, measure="ekb_anvisade", preliminary=part_year
    )
    among = Fact(
        int(counts["varav_ensamkommande"].sum()),
        "personer",
        tables_of(parts),
        measure="ekb_mottagna",
    )
    text = "Utfallet för {plats} {ar} är {utfall} ensamkommande barn" + (
        " (preliminärt)" if part_year else ""
    )
    text += (
        ". Bland de mottagna är {bland} ensamkommande barn. Det är två olika mått. Utfallet räknar"
        " barn som söker asyl och anvisas till kommunen. Bland de mottagna räknas de som har fått"
        " uppehållstillstånd: de flesta kom till Sverige ett tidigare år, och några kan vara över"
        " arton år."
    )
    views = [Statement("matt_barn", text, {**values, "utfall": placed, "bland": among})]
    return (
        *views,
        *(
            _furthest(outcome, parts, tables, values["ar"], part_year)
            if place.kind == "lan"
            else ()
        ),
    )


def _furthest(
    outcome: pd.DataFrame, parts: pd.DataFrame, tables: tuple[str, ...], ar: Value, part_year: bool
) -> tuple[Statement, ...]:
    """The municipality where the two differ most, so that nobody takes one for the other in a
    table.
    """
    among = (
        parts.groupby("kod")["varav_ensamkommande"].sum(min_count=len(CATEGORIES)).rename("bland")
    )
    both = outcome.merge(among, left_on="kommunkod", right_index=True, validate="1:1").dropna(
        subset=["bland"]
    )
    if both.empty:
        return ()
    apart = (both["bland"] - both["utfall"]).abs().astype(float)
    row = both.iloc[int(apart.to_numpy().argmax())]
    key = {"kommunkod": str(row["kommunkod"])}
    values: dict[str, Value] = {
        "kommun": str(row["kommun"]),
        "ar": ar,
        "utfall": Fact(
            int(row["utfall"]),
            "barn",
            tables,
            key=key,
            measure="ekb_anvisade",
            preliminary=part_year,
        ),
        "bland": Fact(
            int(row["bland"]), "personer", tables_of(parts), key=key, measure="ekb_mottagna"
        ),
    }
    text = "Mest skiljer det i {kommun}: {utfall} i utfallet {ar} och {bland} bland de mottagna."
    if part_year:
        text = (
            "Mest skiljer det i {kommun}: {utfall} i det preliminära utfallet {ar} och {bland}"
            " bland de mottagna."
        )
    return (Statement("matt_barn_mest", text, values, "note"),)


def _after_placement(
    counts: pd.DataFrame,
    kommuntal: pd.DataFrame,
    sources: tuple[str, ...],
    values: Mapping[str, Value],
) -> tuple[Statement, ...]:
    """Those received after placement beside the two categories that are taken for them."""
    if kommuntal.empty or kommuntal["mottagna_efter_anvisning"].isna().any():
        return ()
    both = counts.loc[list(QUOTA_AND_AGENCY)].sum()
    tables = tuple(dict.fromkeys(kommuntal["tabell"].dropna()))
    received = int(kommuntal["mottagna_efter_anvisning"].sum())
    text = (
        "{efter:personer} i {plats} räknas som mottagna efter anvisning {ar}. Kvotflyktingar och"
        " personer från anläggningsboende är tillsammans {bada}. Det är två olika mått"
    )
    if both["varav_ensamkommande"]:
        text += (
            ": {barn} av de {bada} är ensamkommande barn, som fördelas efter andelstal och inte"
            " efter kommuntal. Vad mer som skiljer säger källorna inte."
        )
    else:
        text += ". Vad som skiljer säger källorna inte."
    key = {"kategori": "+".join(QUOTA_AND_AGENCY)}
    facts: dict[str, Value] = {
        "efter": Fact(received, "personer", tables, measure="mottagna_efter_anvisning"),
        "bada": Fact(int(both["antal"]), "personer", sources, key=key, measure="mottagna_kategori"),
        "barn": Fact(
            int(both["varav_ensamkommande"]), "personer", sources, key=key, measure="ekb_mottagna"
        ),
    }
    used = {name: fact for name, fact in facts.items() if f"{{{name}" in text}
    return (Statement("matt_anvisning", text, {**values, **used}),)
