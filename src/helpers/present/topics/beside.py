"""A place beside those of its kind that are nearest in population, by reception per inhabitant."""

from decimal import Decimal

import pandas as pd

from helpers.model.exact import rounded
from helpers.present.figures.beside import draw_beside, size_beside
from helpers.present.figures.rows import in_words
from helpers.present.topics.known import Known
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
    used_in,
)

# how many of those like it received more per inhabitant: none, some, all; of counties, of
# municipalities
LIKE = (
    (
        "Inget av de {lika} län som är närmast i folkmängd tog emot fler per invånare.",
        "Av de {lika} län som är närmast i folkmängd tog {fler} emot fler per invånare.",
        "Alla de {lika} län som är närmast i folkmängd tog emot fler per invånare.",
    ),
    (
        "Ingen av de {lika:kommuner} som är närmast i folkmängd tog emot fler per invånare.",
        "Av de {lika:kommuner} som är närmast i folkmängd tog {fler} emot fler per invånare.",
        "Alla de {lika:kommuner} som är närmast i folkmängd tog emot fler per invånare.",
    ),
)

# how the nearest are in size, the least first: smaller (-1), as large (0), larger (1), as it reads
SIZES = {
    (-1, -1): "Alla är mindre: {minst}–{storst:gånger} folkmängden i {plats}.",
    (-1, 0): "Deras folkmängd är från {minst:gånger} den i {plats} till ungefär lika stor.",
    (-1, 1): "De är olika stora: {minst}–{storst:gånger} folkmängden i {plats}.",
    (0, 1): "Deras folkmängd är från ungefär lika stor till {storst:gånger} den i {plats}.",
    (1, 1): "Alla är större: {minst}–{storst:gånger} folkmängden i {plats}.",
}
FAR = 1.5  # times as large or small: then the sizes are told
SMALL_READ = (
    "I en liten kommun betyder några personer mycket. Läs skillnaden som stor eller liten, inte som"
    " exakt."
)


def like(known: Known, near: pd.DataFrame) -> tuple[View, ...]:
    """Return the place beside the nation and the places nearest to it in population, by reception
    per inhabitant; or the gap.

    Args:
        known: What is known of the place.
        near: What `cases.nearest` returned: `unit`, `kod`, `level`, `antal` (persons; NA =
            unknown), `folkmangd`, `per_1000` (per 1 000 inhabitants), `times` (of the place's
            inhabitants), `tabell`, `people_tabell`.
    """
    own, nation = known.rate(known.place.kind), known.rate("riket")
    rows = near.dropna(subset=["per_1000"])
    if is_unknown(own.get("per_1000")) or rows.empty:
        text = "{plats} kan inte jämföras med andra {ar}: mottagna eller folkmängd saknas."
        return (gap("jamforelse", text, **used_in(text, known.named)),)
    sources = sources_of(known.rates)
    # as they are shown: of two that read the same, none received more
    away = [_shown(rate) - _shown(own["per_1000"]) for rate in rows["per_1000"]]
    more, same = sum(step > 0 for step in away), sum(step == 0 for step in away)
    unit = "kommuner" if known.alone else "län"
    values = known.named | {
        "fler": Fact(more, unit, sources, spelled=True),
        "lika_stora": Fact(same, unit, sources, spelled=True),
        "lika": Fact(len(rows), unit, sources, spelled=True),
        "lagst": Fact(float(rows["per_1000"].min()), "per 1 000 invånare", sources, decimals=1),
        "hogst": Fact(float(rows["per_1000"].max()), "per 1 000 invånare", sources, decimals=1),
    }
    text = LIKE[known.alone][0 if not more else 2 if more == len(rows) else 1]
    spread = "Bland dem togs mellan {lagst} och {hogst} emot per tusen invånare."
    ties = "Lika många per invånare tog {lika_stora} av dem emot."
    return (
        Statement("jamforelse_mening", text, used_in(text, values)),
        *([Statement("jamforelse_lika", ties, used_in(ties, values))] if same else []),
        Statement("jamforelse_spridning", spread, used_in(spread, values)),
        *_sizes(known, rows),
        *_above_nation(known, nation),
        *([Statement("jamforelse_liten", SMALL_READ)] if known.small else []),
        _figure(known, _like_table(known, rows, own, nation), nation),
    )


def _shown(rate: float) -> Decimal:
    """A rate as a reader sees it."""
    return rounded(rate, 1)


def _sizes(known: Known, rows: pd.DataFrame) -> tuple[Statement, ...]:
    """How far from the place in size they are, where some are much larger or smaller."""
    least, most = float(rows["times"].min()), float(rows["times"].max())
    if least >= 1 / FAR and most <= FAR:
        return ()
    sources = people_of(rows)
    values = known.named | {
        "minst": Fact(least, "gånger", sources, decimals=1),
        "storst": Fact(most, "gånger", sources, decimals=1),
    }
    text = SIZES[_side(least), _side(most)]
    return (Statement("jamforelse_storlek", text, used_in(text, values), "note"),)


def _side(times: float) -> int:
    """Whether a size reads as smaller than the place's own (-1), larger (1) or the same (0)."""
    shown = _shown(times)
    return (shown > 1) - (shown < 1)


def _figure(known: Known, table: Table, nation: pd.Series) -> Figure:
    """The place as a dot among those like it, its county and the nation as lines."""
    frame = table.frame
    around = frame["level"].ne(known.place.kind)
    drawn = frame.assign(own=frame["kod"].eq(known.place.kod) & ~around, around=around)
    caption = "{plats} {ar} bland de län som är närmast i folkmängd: mottagna per tusen invånare."
    if known.alone:
        caption = (
            "{plats} {ar} bland de kommuner som är närmast i folkmängd: mottagna per tusen"
            " invånare."
        )
    rate = known.rate(known.place.kind)["per_1000"]
    alt = "{plats} är en punkt vid {per_1000} på en linje med de andra."
    values = known.named | {
        "per_1000": Fact(float(rate), "per 1 000 invånare", table.sources, decimals=1)
    }
    return Figure(
        "jamforelse_figur",
        caption,
        alt,
        lambda ax, language: draw_beside(in_words(drawn, ("unit",), language), ax, language),
        size_beside(drawn),
        table,
        used_in(caption + alt, values),
    )


def _above_nation(known: Known, nation: pd.Series) -> tuple[View, ...]:
    """In how many of a county's municipalities reception per inhabitant was above the nation's."""
    rates = known.rates[known.rates["level"] == "kommun"].dropna(subset=["per_1000"])
    if known.alone or known.single or rates.empty or is_unknown(nation.get("per_1000")):
        return ()
    sources = sources_of(known.rates)
    above = sum(_shown(rate) > _shown(nation["per_1000"]) for rate in rates["per_1000"])
    values: dict[str, Value] = {
        "over": Fact(above, "kommuner", sources),
        "alla": Fact(len(rates), "kommuner", sources),
    }
    text = "I {over} av länets {alla:kommuner} var mottagandet per invånare större än i riket."
    return (Statement("jamforelse_riket", text, values),)


def _like_table(known: Known, rows: pd.DataFrame, own: pd.Series, nation: pd.Series) -> Table:
    """Those nearest, the place among them, then its county and the nation; by rate."""
    county = [known.rate("lan")] if known.alone else []
    named = ["unit", "kod", "level", "antal", "per_1000", "tabell", "people_tabell"]
    beside = pd.DataFrame([row[named] for row in (*county, nation) if len(row)])
    among = pd.concat([rows[named], pd.DataFrame([own[named]])])
    among = among.assign(shown=[float(_shown(rate)) for rate in among["per_1000"]])
    among = among.sort_values(["shown", "kod"], ascending=[False, True], kind="stable")
    frame = pd.concat([among[named], beside], ignore_index=True)
    frame = frame.astype({"antal": "Int64"})
    pairs = zip(frame["level"], frame["kod"], strict=True)
    frame["id"] = [
        "oversikt/riket" if level == "riket" else f"{level}/{kod}" for level, kod in pairs
    ]
    caption = "{plats} {ar} bland de närmaste i folkmängd, efter mottagna per invånare"
    columns = [
        Column("unit", "Område", report="{id}"),
        Column("per_1000", "Per tusen invånare", "", 1),
        Column("antal", "Mottagna", "personer", sources=tables_of(frame), measure="mottagna"),
    ]
    sources = tuple(dict.fromkeys((*tables_of(frame), *people_of(frame))))
    values = used_in(caption, known.named)
    return Table("jamforelse", caption, frame, columns, sources, values, ("kod",))
