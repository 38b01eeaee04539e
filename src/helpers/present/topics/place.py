"""A place's report for its readers: its municipalities in a table, why it did not turn out as
expected, and who came.
"""

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.reception import CATEGORIES, category_counts
from helpers.present.topics.difference import share_tables, split_facts, whole_children
from helpers.present.topics.known import Known, children_of
from helpers.present.topics.nation import sources_of, tables_of
from helpers.present.topics.table_notes import (
    left_out,
    note_of_estimates,
    note_of_ranges,
    note_of_scope,
    note_of_sums,
)
from helpers.present.views import (
    ASYL,
    Column,
    Fact,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

GROUPS = {  # the categories, in a sentence: one, and many
    "kvotflykting": ("kvotflykting", "kvotflyktingar"),
    "anlaggningsboende": ("från anläggningsboende", "från anläggningsboende"),
    "eget_boende": ("från eget boende", "från eget boende"),
    "anhoriga": ("anhörig", "anhöriga"),
    "ovriga": ("övrig", "övriga"),
}
AMONG = (  # who came, by how many of the categories somebody was of
    "Inga nyanlända togs emot i {plats} {ar}.",
    "Av de {total} mottagna var {antal_1} {grupp_1}.",
    "Av de {total} mottagna var {antal_1} {grupp_1} och {antal_2} {grupp_2}.",
    "Av de {total} mottagna var {antal_1} {grupp_1}, {antal_2} {grupp_2} och {antal_3} {grupp_3}.",
    "Av de {total} mottagna var {antal_1} {grupp_1}, {antal_2} {grupp_2}, {antal_3} {grupp_3} och"
    " {antal_4} {grupp_4}.",
    "Av de {total} mottagna var {antal_1} {grupp_1}, {antal_2} {grupp_2}, {antal_3} {grupp_3},"
    " {antal_4} {grupp_4} och {antal_5} {grupp_5}.",
)


ORDERS = {  # the first that is known of every municipality decides, from the greatest
    "folkmangd": "Kommunerna i {plats} {ar}, störst folkmängd först",
    "antal": "Kommunerna i {plats} {ar}, flest mottagna först",
    "expected_high": "Kommunerna i {plats} {ar}, flest väntade barn först",
    "kommuntal": "Kommunerna i {plats} {ar}, störst kommuntal först",
}


def municipalities(known: Known, table: pd.DataFrame) -> tuple[View, ...]:
    """Return a county's municipalities in one table, the largest first, told by what is known of
    all; columns of which nothing is known are left out. Nothing for a county of one municipality.

    Args:
        known: What is known of the county.
        table: What `side_by_side` returned: `kommunkod`, `kommun`, `kommuntal`,
            `mottagna_efter_anvisning`, `antal` (persons; NA = unknown), `expected_low`,
            `expected_high` (children) and the others it names. The next year's kommuntal is put
            beside it.
    """
    return () if known.single else _in_a_table(known, table)


def municipality(known: Known, table: pd.DataFrame) -> tuple[View, ...]:
    """Return the same of a county's only municipality, under a heading of its own; nothing for
    another county.

    Args:
        known: What is known of the county.
        table: As for `municipalities`: `kommunkod`, `kommun`, `kommuntal`, `antal`,
            `mottagna_efter_anvisning` (persons), `expected_low`, `expected_high` (children).
    """
    return _in_a_table(known, table) if known.single else ()


def _in_a_table(known: Known, table: pd.DataFrame) -> tuple[View, ...]:
    table = _with_next_year(known, table)
    columns = _columns_of_places(known)
    shown = [column for column in columns if table[column.name].notna().any()]
    if not shown:
        text = "För kommunerna i {plats} är inget av talen för {ar} känt."
        if known.single:
            text = "För kommunen i {plats} är inget av talen för {ar} känt."
        return (gap("kommunerna", text, **used_in(text, known.named)),)
    head = Column("kommun", "Kommun", report="kommun/{kommunkod}")
    table, caption = _ordered(table)
    caption = "Kommunen i {plats} {ar}" if known.single else caption
    sources = tuple(dict.fromkeys(source for column in shown for source in column.sources))
    total = _whole_county(known, table)
    without = left_out(table, total)
    notes = [
        *(note_of_sums(without), note_of_scope(table)),
        *(note_of_estimates(known, table), note_of_ranges(table)),
    ]
    note, named = "\n".join(filter(None, notes)), known.named | {"utan": without}
    return (
        Table(
            "kommunerna",
            caption,
            table,
            [head, *shown],
            sources,
            used_in(caption + note, named),
            ("kommunkod",),
            total,
            note=note,
        ),
    )


def _with_next_year(known: Known, table: pd.DataFrame) -> pd.DataFrame:
    """Add the next year's kommuntal (persons), and whether it is derived."""
    coming = known.kommuntal_next.reindex(
        columns=["kommunkod", "kommuntal", "harledd", "harledd_ur"]
    )
    coming.columns = pd.Index(["kommunkod", *(f"next_{name}" for name in coming.columns[1:])])
    return table.merge(coming, on="kommunkod", how="left", validate="1:1")


def _ordered(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows in the order that the caption tells."""
    for name, caption in ORDERS.items():
        if table[name].notna().all():
            # of two ranges that end alike, the one that begins higher stands first
            keys = [name, "expected_low", "kommunkod"]
            rising = [False, False, True]
            return table.sort_values(keys, ascending=rising, ignore_index=True), caption
    table = table.sort_values(["kommunkod"], kind="stable", ignore_index=True)
    return table, "Kommunerna i {plats} {ar}, i kommunkodernas ordning"


def _columns_of_places(known: Known) -> list[Column]:
    return [*_of_children(known), *_of_quota(known), *_of_all(known), _of_next_year(known)]


def _of_children(known: Known) -> list[Column]:
    shares, group = share_tables(known.shares), "Ensamkommande barn"
    early = bool(known.split and known.split.preliminary)
    return [
        Column("expected_low", "Väntat", "barn", high="expected_high", sources=shares, group=group),
        Column(
            "utfall",
            "Utfall",
            "barn",
            published=True,
            sources=shares,
            preliminary=early,
            group=group,
        ),
    ]


def _of_quota(known: Known) -> list[Column]:
    tal, group = _tables(known.kommuntal), "Efter anvisning"
    return [
        Column(
            "kommuntal",
            "Kommuntal {ar}",
            "",
            published=True,
            sources=tal,
            values={"ar": str(known.ar)},
            derived="harledd",
            group=group,
        ),
        Column(
            "mottagna_efter_anvisning", "Mottagna", "", published=True, sources=tal, group=group
        ),
    ]


def _of_all(known: Known) -> list[Column]:
    group, counted = "Alla mottagna", tables_of(known.rates)
    return [
        Column("antal", "Antal", "", sources=counted, measure="mottagna", group=group),
        Column(
            "per_1000", "Per tusen invånare", "", 1, sources=sources_of(known.rates), group=group
        ),
    ]


def _of_next_year(known: Known) -> Column:
    return Column(
        "next_kommuntal",
        "Kommuntal {nasta}",
        "",
        published=True,
        sources=_tables(known.kommuntal_next),
        values={"nasta": str(known.ar + 1)},
        measure="kommuntal",
        derived="next_harledd",
    )


def _tables(kommuntal: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kommuntal["tabell"].dropna())) if len(kommuntal) else ()


def _whole_county(known: Known, table: pd.DataFrame) -> dict[str, object]:
    """The county's own row: its range is the sum of the municipalities', unknown where one is."""
    ranges, tal = ("expected_low", "expected_high"), ("kommuntal", "next_kommuntal")
    summed = (*ranges, "utfall", *tal, "mottagna_efter_anvisning")
    sums: dict[str, object] = {
        name: int(table[name].sum()) if table[name].notna().all() else None for name in summed
    }
    own = known.rate(known.place.kind)
    return {"kommun": "Länet", **sums, "antal": own.get("antal"), "per_1000": own.get("per_1000")}


def own_share(known: Known) -> tuple[View, ...]:
    """Return the place's share of all children; nothing where none is known."""
    if known.split is None:
        return ()
    values = split_facts(known.split, known.forecast, known.place, known.shares)
    text = "Andelstalet för {plats} var {andelstal} promille {andelstal_ar}."
    return (Statement("andelstal_eget", text, used_in(text, known.named | values)),)


def why(known: Known) -> tuple[View, ...]:
    """Return in whole children why the outcome is not what was expected; or what is missing."""
    split = known.split
    if split is None:
        text = (
            "Andelstalen för {plats} saknas. Därför kan vi inte visa hur många barn som väntades."
        )
        return (gap("varfor", text, **used_in(text, known.named)),)
    if split.utfall is None or split.actual is None or split.expected_actual is None:
        text = _why_not_told(split)
        return (gap("varfor", text, **used_in(text, known.named)),)
    values = _whys(known, split)
    came = "Till Sverige kom {actual:ensamkommande barn} {ar}, {vag} än prognosens {prognos}."
    if split.actual == split.prognos:
        came = "Till Sverige kom {actual:ensamkommande barn} {ar}, lika många som i prognosen."
    own = "Av dem motsvarade {vems} andelstal ungefär {av_dem:barn}. Det anvisades {utfall:barn}."
    if split.preliminary:
        own = (
            "Av dem motsvarade {vems} andelstal ungefär {av_dem:barn}. Preliminärt anvisades"
            " {utfall:barn}."
        )
    part = _part_told(split)
    small = "I en liten kommun är ett enda barn en stor skillnad."
    views = [
        *([Statement("varfor_liten", small)] if known.small else []),
        Statement("varfor", came, used_in(came, values)),
        Statement("varfor_andel", own, used_in(own, values)),
        *_conclusion(known, split),
        *([Statement("varfor_slump", part)] if part else []),
    ]
    if split.preliminary:
        note = (
            "Utfallet är {hamtat}. De {actual} som kom till Sverige gäller hela året, så fler barn"
            " kan ha anvisats senare."
        )
        views.append(Statement("varfor_preliminart", note, used_in(note, values), "note"))
    return tuple(views)


NO_DIFFERENCE = (
    "Utfallet är lika stort som andelstalet ger.",
    "Hittills är utfallet lika stort som andelstalet ger.",
)


def _part_told(split: Split) -> str:
    """Whether the outcome is what the share gives, or further off than chance draws it; "" where
    that is not known. What was placed in a part of a year is not held against what came in the
    whole.
    """
    assert split.expected_actual is not None
    if split.placement_verdict and split.utfall == whole_children(split.expected_actual):
        return NO_DIFFERENCE[bool(split.preliminary)]
    if split.placement_verdict and split.preliminary:
        return (
            "Om skillnaden är större än slumpen kan ge går inte att säga förrän hela årets utfall"
            " är känt."
        )
    if split.placement_verdict == "within":
        return "Utfallet skiljer sig inte mer från andelstalet än slumpen kan ge."
    if split.placement_verdict:
        return "Utfallet skiljer sig mer från andelstalet än slumpen brukar ge."
    return ""


def _why_not_told(split: Split) -> str:
    """Why the difference cannot be told: which of its two numbers is not known."""
    if split.utfall is None:
        return (
            "Uppgift om hur många ensamkommande barn som anvisades till {plats} {ar} saknas här."
            " Därför går det inte att jämföra med det väntade."
        )
    return (
        "Uppgift om hur många ensamkommande barn som kom till Sverige {ar} saknas här. Därför går"
        " det inte att säga varför det inte blev som väntat."
    )


# by whether fewer came than the forecast said: where the place's part did not draw the same way
FORECAST_ALONE = (
    "Det var prognosen som var för låg: {delen} av barnen var inte större än andelen.",
    "Det var prognosen som var för hög: {delen} av barnen var inte mindre än andelen.",
)


def _conclusion(known: Known, split: Split) -> tuple[View, ...]:
    """That the forecast alone is the reason, where it is: the place's part is on the other side, or
    none. Of an outcome read early that holds only for fewer: more may have come since.
    """
    assert split.utfall is not None
    error, part = split.forecast_error, split.placement_departure
    if not error or part is None:
        return ()
    fewer = error < 0
    if part * error > 0 or (split.utfall < split.expected) != fewer:
        return ()
    if split.preliminary and not fewer:
        return ()
    text = FORECAST_ALONE[fewer]
    values: dict[str, Value] = {"delen": "kommunens del" if known.alone else "länets del"}
    return (Statement("varfor_slutsats", text, values),)


def _whys(known: Known, split: Split) -> dict[str, Value]:
    assert split.expected_actual is not None
    assert split.actual is not None
    sources = (*share_tables(known.shares), ASYL)
    return children_of(known, split, known.forecast) | {
        "av_dem": Fact(whole_children(split.expected_actual), "barn", sources, spelled=True),
        "utfall": Fact(
            split.utfall, "barn", sources, preliminary=bool(split.preliminary), spelled=True
        ),
        "vag": "färre" if split.actual < split.prognos else "fler",
        "vems": "kommunens" if known.alone else "länets",
    }


def who(known: Known) -> tuple[View, ...]:
    """Return who came, the largest group first; or the gap."""
    counts = category_counts(known.parts, known.place.kod)
    if len(counts) != len(CATEGORIES) or counts["antal"].isna().any():
        text = "Uppgift om vilka som togs emot i {plats} {ar} saknas här."
        return (gap("vilka", text, **used_in(text, known.named)),)
    sources = tables_of(known.parts)
    ordered = counts["antal"].astype(int).sort_values(ascending=False, kind="stable")
    some = ordered[ordered > 0]
    values = known.named | {
        "total": Fact(int(ordered.sum()), "personer", sources, measure="mottagna")
    }
    for number, (name, antal) in enumerate(some.items(), start=1):
        key = {"kategori": str(name)}
        values[f"grupp_{number}"] = GROUPS[str(name)][antal > 1]
        values[f"antal_{number}"] = Fact(
            int(antal), "personer", sources, key=key, measure="mottagna_kategori"
        )
    text = AMONG[len(some)]
    return (Statement("vilka", text, used_in(text, values)), *_children_among(known, counts))


def _children_among(known: Known, counts: pd.DataFrame) -> tuple[Statement, ...]:
    """That the unaccompanied among the received are no outcome of those expected, where the outcome
    itself is not known: nobody then takes the one for the other.
    """
    among = counts["varav_ensamkommande"]
    if among.isna().any() or not among.sum() or (known.split and known.split.utfall is not None):
        return ()
    text = (
        "Av de mottagna är {bland:ensamkommande barn}, som har fått uppehållstillstånd. Det är ett"
        " annat mått än barnen som anvisas medan de söker asyl. Uppgift om hur många de var saknas"
        " här."
    )
    number = Fact(
        int(among.sum()), "personer", tables_of(known.parts), measure="ekb_mottagna", spelled=True
    )
    return (Statement("vilka_barn", text, {"bland": number}, "note"),)
