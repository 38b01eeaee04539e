"""Received in municipalities: over the years, by category, and per 1 000 inhabitants."""

from collections.abc import Mapping

import pandas as pd

from helpers.model.reception import placement_shares
from helpers.present.figures import composition as composing
from helpers.present.figures import reception as drawing
from helpers.present.spans import spans
from helpers.present.terms import KATEGORIER
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap, in_words, is_unknown

ASYL = "asylsokande_riket"


def answer(place: Place, per_capita: pd.DataFrame, ar: int) -> Statement:
    """Return how many newly arrived the place received, per 1 000 inhabitants beside the nation; or the gap.

    Args:
        place: The county or municipality.
        per_capita: unit, level ("kommun", "lan", "riket"), antal, per_1000; a row for the place itself.
        ar: The year.
    """
    own = per_capita[per_capita["kod"] == place.kod]
    nation = per_capita[per_capita["level"] == "riket"]
    if own.empty or own["antal"].isna().all():
        text = "Hur många nyanlända som togs emot i {plats} {ar} är inte känt här."
        return gap("svar_mottagna", text, plats=place.namn, ar=str(ar))
    sources = sources_of(per_capita)
    values: dict[str, Value] = {
        "plats": place.namn,
        "ar": str(ar),
        "antal": Fact(int(own["antal"].iloc[0]), "personer", tables_of(per_capita)),
        "per_1000": Fact(_float(own["per_1000"]), "per 1 000 invånare", sources, decimals=1),
        "riket": Fact(_float(nation["per_1000"]), "per 1 000 invånare", sources, decimals=1),
    }
    text = "{plats} tog emot {antal:nyanlända} {ar}: {per_1000} per tusen invånare, mot {riket} i riket."
    return Statement("svar_mottagna", text, values, "answer")


def _float(column: pd.Series) -> float | None:
    return None if column.empty or column.isna().iloc[0] else float(column.iloc[0])


def by_year(place: Place, received: pd.DataFrame, national: pd.DataFrame) -> tuple[View, ...]:
    """Return reception over the years with the missing ones named, the national series beside."""
    known = received.dropna(subset=["antal"])
    missing = spans(list(received.loc[received["antal"].isna(), "ar"]))
    values: dict[str, Value] = {
        "plats": place.namn,
        "first": str(received["ar"].min()),
        "last": str(received["ar"].max()),
        "known": spans(list(known["ar"])) or ["inget år"],
        "missing": missing or ["inget år"],
    }
    table = Table(
        "mottagna",
        "Mottagna i {plats} och asylsökande i riket {first}–{last}",
        received.merge(national, on="ar", validate="1:1").assign(ar_text=lambda frame: frame["ar"].astype(str)),
        [
            Column("ar_text", "År"),
            Column("antal", "Mottagna", "personer", published=len(place.kommunkoder) == 1, sources=tables_of(received)),
            Column("asylsokande", "Asylsökande i riket", "personer", published=True, sources=(ASYL,)),
            Column("ensamkommande", "Varav ensamkommande barn", "barn", published=True, sources=(ASYL,)),
        ],
        (*tables_of(received), ASYL),
        {name: values[name] for name in ("plats", "first", "last")},
        ("ar",),
    )
    figure = Figure(
        "mottagna_figur",
        "Mottagna i {plats} {first}–{last}, med asylsökande och ensamkommande barn i riket.",
        "Tre rader staplar per år: mottagna i {plats} (kända år: {known}; år utan uppgift är tomma platser), "
        "ensamkommande barn som sökte asyl i Sverige, och alla asylsökande i Sverige.",
        lambda axes, language: drawing.draw_reception(received, national, axes, language),
        drawing.size_reception(received),
        table,
        values,
        panels=drawing.PANELS_RECEPTION,
    )
    return (_missing_years(values, missing), figure)


def _missing_years(values: Mapping[str, Value], missing: list[str]) -> Statement:
    used = {name: values[name] for name in ("plats", "missing")}
    if not missing:
        return Statement("mottagna_ar", "Alla år är kända för {plats}.", {"plats": values["plats"]}, "note")
    text = "För {missing} saknas uppgift om mottagna i {plats}; de åren är tomma i diagrammet, inte noll."
    return Statement("mottagna_ar", text, used, "note")


def composition_views(place: Place, parts: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return how the reception divides on categories: a sentence on placed and self-settled, and the figure."""
    if parts.empty:
        text = "Fördelningen på kategorier för {ar} är inte känd här."
        return (gap("kategorier", text, ar=str(ar)),)
    labelled = parts.assign(label=parts["kategori"].map(KATEGORIER))
    values: dict[str, Value] = {"plats": place.namn, "ar": str(ar)}
    figure = Figure(
        "kategorier_figur",
        "Mottagna efter kategori {ar}, andelar i procent.",
        "Liggande staplar som vardera summerar till hundra procent: kvotflyktingar, från anläggningsboende, från eget "
        "boende, anhöriga och övriga, för {plats} och jämförelseområdena.",
        lambda ax, language: composing.draw_composition(in_words(labelled, ("label", "unit"), language), ax, language),
        composing.size_composition(labelled),
        _composition_table(labelled, values),
        values,
    )
    return (_placed(place, parts, ar), figure)


def _placed(place: Place, parts: pd.DataFrame, ar: int) -> Statement:
    shares = {row["unit"]: row for row in placement_shares(parts).to_dict("records")}
    if place.namn not in shares:
        return gap("kategorier_andelar", "Andelarna för {plats} är inte kända här.", plats=place.namn)
    own = shares[place.namn]
    text = (
        "Av {total} mottagna i {plats} {ar} var {anvisade} anvisade ({anvisade_share}: kvotflyktingar och från "
        "anläggningsboende) och {sjalvbosatta} självbosatta från eget boende ({sjalvbosatta_share}). Resten, "
        "{others}, var anhöriga och övriga."
    )
    values: dict[str, Value] = {"plats": place.namn, "ar": str(ar)}
    for name in ("total", "anvisade", "sjalvbosatta", "others"):
        values[name] = Fact(int(own[name]), "personer", tables_of(parts))
    for name in ("anvisade_share", "sjalvbosatta_share"):
        share = None if is_unknown(own[name]) else float(own[name]) * 100
        values[name] = Fact(share, "%", tables_of(parts), decimals=1, of=int(own["total"]))
    return Statement("kategorier_andelar", text, values)


def _composition_table(parts: pd.DataFrame, values: Mapping[str, Value]) -> Table:
    """One row per unit and category; the unaccompanied are a part of the number, never added to it."""
    columns = [
        Column("unit", "Område"),
        Column("label", "Kategori"),
        Column("antal", "Antal", "personer"),
        Column("percent", "Andel", "%", 1, of="total"),
        Column("varav_ensamkommande", "Varav ensamkommande barn", "personer"),
    ]
    caption = "Mottagna efter kategori {ar}"
    note = "Ensamkommande barn ingår i antalet och läggs aldrig till det. Några kan vara över arton år."
    total = parts.groupby("kod")["antal"].transform("sum")
    frame = parts.assign(percent=100 * parts["share"], total=total)
    return Table(
        "kategorier", caption, frame, columns, tables_of(parts), {"ar": values["ar"]}, ("unit", "kategori"), note=note
    )


def _own_people(per_capita: pd.DataFrame) -> pd.Series:
    """The inhabitants, and for the nation where they stand: a county's report tells its own alone."""
    people = per_capita["folkmangd"].astype(object)
    elsewhere = (per_capita["level"] == "riket") & people.isna() & per_capita["per_1000"].notna()
    return people.mask(elsewhere, "se rapporten för riket")


def _people_column(place: Place, per_capita: pd.DataFrame) -> tuple[Column, ...]:
    """The inhabitants of the municipalities that a county's report is about; others compare by the rate alone."""
    if place.kind == "kommun":
        return ()
    return (Column("folkmangd", "Folkmängd 31 december", "invånare", sources=people_of(per_capita)),)


def people_note(place: Place, per_capita: pd.DataFrame) -> tuple[Statement, ...]:
    """Return, for a municipality, how many inhabitants its own rate is counted on."""
    own = per_capita[(per_capita["kod"] == place.kod) & per_capita["folkmangd"].notna()]
    if place.kind != "kommun" or own.empty:
        return ()
    people = Fact(int(own["folkmangd"].iloc[0]), "invånare", people_of(per_capita))
    text = "{plats} hade {folkmangd} invånare den 31 december {ar}."
    ar = str(own["ar"].iloc[0])
    return (Statement("folkmangd", text, {"plats": place.namn, "folkmangd": people, "ar": ar}, "note"),)


def per_capita_views(place: Place, per_capita: pd.DataFrame, ar: int, highlight: str | None = None) -> tuple[View, ...]:
    """Return reception per 1 000 inhabitants, municipality by municipality beside county and nation; or the gap."""
    if per_capita["per_1000"].isna().all():
        text = "Mottagna per tusen invånare kan inte räknas för {ar}: antalet mottagna eller folkmängden saknas."
        return (gap("per_invanare", text, ar=str(ar)),)
    values: dict[str, Value] = {"plats": place.lan, "ar": str(ar)}
    table = Table(
        "per_invanare",
        "Mottagna per tusen invånare {ar}",
        per_capita.assign(folkmangd=_own_people(per_capita)),
        [
            Column("unit", "Område"),
            Column("antal", "Mottagna", "personer", sources=tables_of(per_capita)),
            *_people_column(place, per_capita),
            Column("per_1000", "Per tusen invånare", "", 1),
        ],
        sources_of(per_capita),
        {"ar": str(ar)},
        ("kod",),
    )
    figure = Figure(
        "per_invanare_figur",
        "Mottagna per tusen invånare i kommunerna i {plats} {ar}, mot länet och riket.",
        "En rad per kommun i {plats} med antal mottagna per tusen invånare; linjer visar länet och riket.",
        lambda ax, language: composing.draw_per_capita(
            in_words(per_capita, ("unit",), language), ax, language, highlight=highlight
        ),
        composing.size_per_capita(per_capita),
        table,
        values,
        reading="Små kommuner kan ligga högt per invånare med få personer, så läs antalet också.",
    )
    return (figure, *people_note(place, per_capita))
