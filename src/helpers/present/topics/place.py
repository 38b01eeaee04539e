"""A place's report for its readers, section by section: its municipalities in a table, the next
year, why it did not turn out as expected, who came, others like it, and year by year.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.model.comparison import Split
from helpers.model.exact import share_of
from helpers.model.reception import CATEGORIES, category_counts
from helpers.present.language import spans
from helpers.present.topics.difference import share_tables, whole_children
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.topics.summary import Known, children_of
from helpers.present.views import (
    ASYL,
    CAME,
    UNNAMED,
    Column,
    Fact,
    Provenance,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
    measure_of_tables,
    used_in,
)

GROUPS = {  # the categories, in a sentence
    "kvotflykting": "kvotflyktingar",
    "anlaggningsboende": "från anläggningsboende",
    "eget_boende": "från eget boende",
    "anhoriga": "anhöriga",
    "ovriga": "övriga",
}


def municipalities(known: Known, table: pd.DataFrame) -> tuple[View, ...]:
    """Return a county's municipalities in one table, the largest first; columns of which nothing is
    known are left out.

    Args:
        known: What is known of the county.
        table: What `side_by_side` returned.
    """
    columns = _columns_of_places(known)
    shown = [column for column in columns if table[column.name].notna().any()]
    if not shown:
        text = "För kommunerna i {plats} är inget av talen för {ar} känt."
        return (gap("kommunerna", text, **used_in(text, known.named)),)
    head = Column("kommun", "Kommun", report="kommun/{kommunkod}")
    caption = "Kommunerna i {plats} {ar}, störst folkmängd först"
    sources = tuple(dict.fromkeys(source for column in shown for source in column.sources))
    total = _whole_county(known, table)
    return (
        Table(
            "kommunerna",
            caption,
            table,
            [head, *shown],
            sources,
            used_in(caption, known.named),
            ("kommunkod",),
            {name: total[name] for name in total if name != "harledd"},
        ),
    )


def _columns_of_places(known: Known) -> list[Column]:
    tal = tuple(dict.fromkeys(known.kommuntal["tabell"].dropna())) if len(known.kommuntal) else ()
    early = bool(known.split and known.split.preliminary)
    shares, rates = share_tables(known.shares), sources_of(known.rates)
    children, placed, all_of = "Ensamkommande barn", "Efter anvisning", "Alla mottagna"
    after = "mottagna_efter_anvisning"
    return [
        Column(
            "expected_low",
            "Väntat",
            "barn",
            high="expected_high",
            sources=shares,
            group=children,
        ),
        Column(
            "utfall",
            "Utfall",
            "barn",
            published=True,
            sources=shares,
            preliminary=early,
            group=children,
        ),
        Column(
            "kommuntal",
            "Kommuntal",
            "",
            published=True,
            sources=tal,
            derived="harledd",
            group=placed,
        ),
        Column(after, "Mottagna", "", published=True, sources=tal, group=placed),
        Column(
            "antal", "Antal", "", sources=tables_of(known.rates), measure="mottagna", group=all_of
        ),
        Column("per_1000", "Per tusen invånare", "", 1, sources=rates, group=all_of),
    ]


def _whole_county(known: Known, table: pd.DataFrame) -> dict[str, object]:
    """The county's own row: its range is the sum of the municipalities', unknown where one is."""
    summed = ("expected_low", "expected_high", "utfall", "kommuntal", "mottagna_efter_anvisning")
    sums: dict[str, object] = {
        name: int(table[name].sum()) if table[name].notna().all() else None for name in summed
    }
    own = known.rate(known.place.kind)
    return {"kommun": "Länet", **sums, "antal": own.get("antal"), "per_1000": own.get("per_1000")}


def next_year(known: Known, came: int | None) -> tuple[View, ...]:
    """Return what is known of the next year: a municipality's own numbers before its county's.

    Args:
        known: What is known of the place.
        came: The unaccompanied children who came to Sweden in the next year; None when not known.
    """
    return (_next_kommuntal(known), *_next_children(known), *_so_it_became(known, came))


def _next_kommuntal(known: Known) -> Statement:
    own = known.of_place(known.kommuntal_next)
    quota = own["kommuntal"].dropna()
    if quota.empty:
        text = "Kommuntalen för {nasta} saknas här."
        if known.alone:
            text = "Kommuntalet för {plats} {nasta} saknas här."
        return gap("nasta_kommuntal", text, **used_in(text, known.named))
    sources = tuple(dict.fromkeys(known.kommuntal_next["tabell"].dropna()))
    derived = known.alone and bool(own["harledd"].any())
    values = known.named | {
        "kommuntal": Fact(
            int(quota.sum()), "personer", sources, measure="kommuntal", derived=derived
        ),
        "alla": Fact(len(quota), "kommuner", sources),
    }
    text = "Kommuntalen för {nasta} är tillsammans {kommuntal}, delade på {alla:kommuner}."
    if known.alone:
        text = "Kommuntalet för {plats} {nasta} är {kommuntal}."
        text += " Det är härlett ur länstalet." if derived else ""
    return Statement("nasta_kommuntal", text, used_in(text, values))


def _next_children(known: Known) -> tuple[View, ...]:
    """The next year's forecast, and what it gives by the same shares."""
    coming, ahead = known.coming, known.ahead
    if coming.value is None:
        text = "Ingen prognos för ensamkommande barn {nasta} är känd här."
        return (gap("nasta_barn", text, **used_in(text, known.named)),)
    sources = (coming.tabell,) if coming.tabell else ()
    prognos = Fact(coming.value, "barn", sources, published=bool(coming.tabell))
    text = "Prognosen för {nasta} var {prognos:ensamkommande barn} i Sverige."
    told = Statement("nasta_barn", text, used_in(text, known.named | {"prognos": prognos}))
    if ahead is None:
        return (told,)
    values = children_of(known, ahead, coming)
    text = "Med {andelstal_ar} års andelstal väntades {intervall:barn} i {omradet}."
    return (told, Statement("nasta_andel", text, used_in(text, values)))


def _so_it_became(known: Known, came: int | None) -> tuple[View, ...]:
    """How many came to Sweden in the next year, where that is known by now."""
    if came is None or known.coming.value is None:
        return ()
    values = known.named | {"came": Fact(came, "barn", (ASYL,), published=True, measure=CAME)}
    text = "Så blev det: till Sverige kom {came:ensamkommande barn} {nasta}."
    told = Statement("nasta_utfall", text, used_in(text, values))
    if known.ahead is None:
        return (told,)
    own = whole_children(share_of(known.ahead.andelstal, came))
    text = "Det motsvarar ungefär {motsvarar:barn} i {omradet}, med samma andelstal."
    values = children_of(known, known.ahead, known.coming) | {
        "motsvarar": Fact(own, "barn", (*share_tables(known.shares), ASYL))
    }
    return (told, Statement("nasta_motsvarar", text, used_in(text, values)))


def why(known: Known) -> tuple[View, ...]:
    """Return in whole children why the outcome is not what was expected; or what is missing."""
    split = known.split
    if split is None:
        text = (
            "Andelstalen för {plats} saknas. Därför kan vi inte visa hur många barn som väntades."
        )
        return (gap("varfor", text, **used_in(text, known.named)),)
    if split.utfall is None or split.actual is None or split.expected_actual is None:
        text = "Skillnaden kan förklaras först när både utfallet och antalet som kom är kända."
        return (gap("varfor", text),)
    values = _whys(known, split)
    came = "Till Sverige kom {actual:ensamkommande barn} {ar}, {vag} än prognosens {prognos}."
    if split.actual == split.prognos:
        came = "Till Sverige kom {actual:ensamkommande barn} {ar}, lika många som i prognosen."
    own = "Andelen av dem som kom är ungefär {av_dem:barn}. Anvisade blev {utfall}."
    if split.preliminary:
        own = "Andelen av dem som kom är ungefär {av_dem:barn}. Preliminärt anvisades {utfall}."
    chance = "Skillnaden är inte större än slumpen kan ge."
    if split.placement_verdict != "within":
        chance = "Skillnaden är större än slumpen brukar ge."
    views = [
        Statement("varfor", came, used_in(came, values)),
        Statement("varfor_andel", own, used_in(own, values)),
        *([Statement("varfor_slump", chance)] if split.placement_verdict else []),
    ]
    if split.preliminary:
        note = "Utfallet är {hamtat}. De {actual} som kom till Sverige gäller hela året."
        views.append(Statement("varfor_preliminart", note, used_in(note, values), "note"))
    return tuple(views)


def _whys(known: Known, split: Split) -> dict[str, Value]:
    assert split.expected_actual is not None
    assert split.actual is not None
    sources = (*share_tables(known.shares), ASYL)
    return children_of(known, split, known.forecast) | {
        "av_dem": Fact(whole_children(split.expected_actual), "barn", sources),
        "vag": "färre" if split.actual < split.prognos else "fler",
    }


def who(known: Known) -> tuple[View, ...]:
    """Return who came, the largest group first; or the gap."""
    counts = category_counts(known.parts, known.place.kod)
    if len(counts) != len(CATEGORIES) or counts["antal"].isna().any():
        text = "Vilka som togs emot i {plats} {ar} är inte känt."
        return (gap("vilka", text, **used_in(text, known.named)),)
    sources = tables_of(known.parts)
    ordered = counts["antal"].astype(int).sort_values(ascending=False, kind="stable")
    values: dict[str, Value] = {
        "total": Fact(int(ordered.sum()), "personer", sources, measure="mottagna")
    }
    for number, (name, antal) in enumerate(ordered.items(), start=1):
        key = {"kategori": str(name)}
        values[f"grupp_{number}"] = GROUPS[str(name)]
        values[f"antal_{number}"] = Fact(
            int(antal), "personer", sources, key=key, measure="mottagna_kategori"
        )
    text = (
        "Av de {total} mottagna var {antal_1} {grupp_1}, {antal_2} {grupp_2}, {antal_3} {grupp_3},"
        " {antal_4} {grupp_4} och {antal_5} {grupp_5}."
    )
    return (Statement("vilka", text, values),)


def like(known: Known, near: pd.DataFrame) -> tuple[View, ...]:
    """Return the place beside the nation and the places nearest to it in population, by reception
    per inhabitant; or the gap.

    Args:
        known: What is known of the place.
        near: What `cases.nearest` returned: `unit`, `kod`, `level`, `antal` (persons; NA =
            unknown), `folkmangd`, `per_1000` (per 1 000 inhabitants), `tabell`, `people_tabell`.
    """
    own, nation = known.rate(known.place.kind), known.rate("riket")
    rows = near.dropna(subset=["per_1000"])
    if is_unknown(own.get("per_1000")) or rows.empty:
        text = "{plats} kan inte jämföras med andra {ar}: mottagna eller folkmängd saknas."
        return (gap("jamforelse", text, **used_in(text, known.named)),)
    sources = sources_of(known.rates)
    more = int((rows["per_1000"] > float(own["per_1000"])).sum())
    values = known.named | {
        "fler": Fact(more, "kommuner" if known.alone else "län", sources),
        "lika": Fact(len(rows), "kommuner" if known.alone else "län", sources),
    }
    text = "Av de {lika} län som är närmast i folkmängd tog {fler} emot fler per invånare."
    if known.alone:
        text = "Av de {lika:kommuner} som är närmast i folkmängd tog {fler} emot fler per invånare."
    return (
        Statement("jamforelse_mening", text, used_in(text, values)),
        *_above_nation(known, nation),
        _like_table(known, rows, own, nation),
    )


def _above_nation(known: Known, nation: pd.Series) -> tuple[View, ...]:
    """In how many of a county's municipalities reception per inhabitant was above the nation's."""
    rates = known.rates[known.rates["level"] == "kommun"].dropna(subset=["per_1000"])
    if known.alone or rates.empty or is_unknown(nation.get("per_1000")):
        return ()
    sources = sources_of(known.rates)
    above = int((rates["per_1000"] > float(nation["per_1000"])).sum())
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
    among = among.sort_values(["per_1000", "kod"], ascending=[False, True], kind="stable")
    frame = pd.concat([among, beside], ignore_index=True)
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


def years(
    known: Known, received: pd.DataFrame, kommuntal: pd.DataFrame, catalogue: Provenance
) -> tuple[View, ...]:
    """Return what was to be received and what was, year by year, with the years that are known; a
    municipality's own kommuntal, a county's quota.

    Args:
        known: What is known of the place.
        received: `ar`, `antal` (persons; NA = unknown), `tabell`, one row per year.
        kommuntal: `kommunkod`, `ar`, `kommuntal` (persons), `tabell`, of its county.
        catalogue: The published tables, for what each counts.
    """
    quotas = _quotas_by_year(known, kommuntal)
    frame = quotas.merge(received, on="ar", how="outer").sort_values(
        "ar", kind="stable", ignore_index=True
    )
    frame = frame[frame[["quota", "antal"]].notna().any(axis=1)]
    if frame.empty:
        text = "Inga tal år för år är kända för {plats}."
        return (gap("ar_for_ar", text, **used_in(text, known.named)),)
    frame = frame.assign(
        ar_text=frame["ar"].astype(str),
        tabell=frame["tabell"].fillna(""),
        harledd=frame["harledd"].astype("boolean").fillna(False).astype(bool),
    )
    columns = [
        Column("ar_text", "År"),
        Column(
            "quota",
            "Kommuntal" if known.alone else "Länstal",
            "personer",
            published=True,
            sources=tuple(dict.fromkeys(" ".join(quotas["quota_tabell"].dropna()).split())),
            measure="kommuntal" if known.alone else "lanstal",
            derived="harledd",
        ),
        Column("antal", "Alla mottagna", "personer", sources=tables_of(frame), measure="mottagna"),
    ]
    shown = [column for column in columns if frame[column.name].notna().any()]
    caption = "{plats} år för år, de år som är kända"
    sources = tuple(dict.fromkeys(source for column in shown for source in column.sources))
    table = Table(
        "ar_for_ar", caption, frame, shown, sources, used_in(caption, known.named), ("ar",)
    )
    return (*_unnamed_years(frame, catalogue), table)


def _quotas_by_year(known: Known, kommuntal: pd.DataFrame) -> pd.DataFrame:
    """A municipality's kommuntal, a county's last quota, of each year: `ar`, `quota`, `harledd`."""
    if known.alone:
        own = known.of_place(kommuntal).dropna(subset=["kommuntal"])
        return own.rename(columns={"kommuntal": "quota", "tabell": "quota_tabell"})[
            ["ar", "quota", "harledd", "quota_tabell"]
        ]
    last = known.history.dropna(subset=["lanstal"]).drop_duplicates("ar", keep="last")
    return last.assign(quota=last["lanstal"], quota_tabell=last["tabell"])[
        ["ar", "quota", "harledd", "quota_tabell"]
    ]


def _unnamed_years(frame: pd.DataFrame, catalogue: Provenance) -> tuple[View, ...]:
    """Of which years the source does not say what it counts."""
    known: Sequence[Any] = frame[frame["antal"].notna()].to_dict("records")
    unnamed = [row["ar"] for row in known if measure_of_tables(row["tabell"], catalogue) == UNNAMED]
    if not unnamed:
        return ()
    text = "För {unnamed} säger källan inte vad den räknar som mottagna. Jämför dem inte med andra."
    return (Statement("ar_matt", text, {"unnamed": spans(unnamed)}, "note"),)
