"""Two numbers of a place and year that look alike: why they differ, where both are known."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.model.reception import AGENCY, CATEGORIES, QUOTA_AND_AGENCY, category_counts
from helpers.present.topics.nation import tables_of
from helpers.present.views import Fact, Place, Statement, Value, View, used_in


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
        parts: `kod`, `kategori`, `antal`, `varav_ensamkommande` (persons; NA = unknown), `tabell`:
            what `reception.composition` returned.
        outcome: `kommunkod`, `kommun`, `utfall` (children; NA = unknown), `utfall_preliminart` (NA
            = the whole year), `tabell`.
        kommuntal: `kommunkod`, `mottagna_efter_anvisning` (persons; NA = unknown), `tabell`.
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


TWO_MEASURES = {
    early: (
        f"Utfallet för {{plats}} {{ar}} är {{utfall}} ensamkommande barn{mark}."
        " Bland de mottagna är {bland} ensamkommande barn. Det är två olika mått. Utfallet räknar"
        " barn som söker asyl och anvisas till kommunen."
        " Bland de mottagna räknas de som har fått uppehållstillstånd:"
        " de flesta kom till Sverige ett tidigare år, och några kan vara över arton år."
    )
    for early, mark in ((False, ""), (True, " (preliminärt)"))
}


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
        int(outcome["utfall"].sum()),
        "barn",
        tables,
        measure="ekb_anvisade",
        preliminary=part_year,
        spelled=True,
    )
    among = Fact(
        int(counts["varav_ensamkommande"].sum()),
        "barn",
        tables_of(parts),
        measure="ekb_mottagna",
        spelled=True,
    )
    text = TWO_MEASURES[part_year]
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
    text = (
        "Mest skiljer måtten i {kommun}: {utfall:barn} i utfallet {ar}, och {bland} ensamkommande"
        " bland de mottagna."
    )
    if part_year:
        text = (
            "Mest skiljer måtten i {kommun}: {utfall:barn} i det preliminära utfallet {ar}, och"
            " {bland} ensamkommande bland de mottagna."
        )
    return (Statement("matt_barn_mest", text, values, "note"),)


def _after_placement(
    counts: pd.DataFrame,
    kommuntal: pd.DataFrame,
    sources: tuple[str, ...],
    values: Mapping[str, Value],
) -> tuple[Statement, ...]:
    """Those received after placement, in the municipalities of which they are known, beside the two
    categories that are taken for them.
    """
    told = kommuntal["mottagna_efter_anvisning"].dropna()
    both = counts.loc[list(QUOTA_AND_AGENCY)].sum()
    some = len(told) < len(kommuntal)  # of the county's municipalities
    children = int(counts["varav_ensamkommande"][AGENCY])
    if told.empty or (some and not children):
        return ()
    text = (
        "{efter:personer} i {plats} räknas som mottagna efter anvisning {ar}. Kvotflyktingar och"
        " personer från anläggningsboende är tillsammans {bada}. Det är två olika mått"
    )
    if some:
        text = (
            "{efter:personer} i {med} av länets {alla:kommuner} räknas som mottagna efter anvisning"
            " {ar}. Kvotflyktingar och personer från anläggningsboende är tillsammans {bada} i hela"
            " länet. Det är två olika mått"
        )
    if children:
        text += (
            ": {barn} av de {bada} är ensamkommande barn från anläggningsboende, som fördelas efter"
            " andelstal och inte efter kommuntal. Utan dem är summan {utan}."
        )
        text += _left_to_explain(int(told.sum()), int(both["antal"]), children, some)
    else:
        text += ". Vad som skiljer säger källorna inte."
    facts = _counted(told, kommuntal, both, children, sources)
    return (Statement("matt_anvisning", text, used_in(text, {**values, **facts})),)


def _left_to_explain(told: int, both: int, children: int, some: bool) -> str:
    """What is left to explain once the children are taken away: they may be no part of it."""
    without = both - children
    if not some and without == told:
        return ""
    if not some and abs(without - told) >= abs(both - told):
        return " Barnen förklarar alltså inte skillnaden. Vad som gör det säger källorna inte."
    return " Vad mer som skiljer säger källorna inte."


def _counted(
    told: pd.Series,
    kommuntal: pd.DataFrame,
    both: pd.Series,
    children: int,
    sources: tuple[str, ...],
) -> dict[str, Value]:
    """Those received after placement, of how many municipalities, and the two categories with and
    without the children among them.
    """
    tables = tuple(dict.fromkeys(kommuntal["tabell"].dropna()))
    key = {"kategori": "+".join(QUOTA_AND_AGENCY)}
    bada = Fact(int(both["antal"]), "personer", sources, key=key, measure="mottagna_kategori")
    return {
        "efter": Fact(int(told.sum()), "personer", tables, measure="mottagna_efter_anvisning"),
        "med": Fact(len(told), "kommuner", tables),
        "alla": Fact(len(kommuntal), "kommuner", tables),
        "bada": bada,
        "barn": replace(bada, value=children, key={"kategori": AGENCY}, measure="ekb_mottagna"),
        "utan": replace(bada, value=int(both["antal"]) - children),
    }
