"""Received in municipalities: over the years, by category, and per 1 000 inhabitants."""

from collections.abc import Mapping

import pandas as pd

from helpers.model.reception import CATEGORIES, category_counts
from helpers.present.figures.rates import draw_per_capita, size_per_capita
from helpers.present.figures.reception import PANELS_RECEPTION, draw_reception, size_reception
from helpers.present.figures.rows import by_size, in_words
from helpers.present.figures.spread import draw_composition, size_composition
from helpers.present.language import KATEGORIER
from helpers.present.measures import UNNAMED, measure_of_tables
from helpers.present.numerals import spans
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import (
    ASYL,
    Column,
    Fact,
    Figure,
    Place,
    Provenance,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
)


def answer(place: Place, per_capita: pd.DataFrame, ar: int) -> Statement:
    """Return how many newly arrived the place received, per 1 000 inhabitants beside the nation; or
    the gap.

    Args:
        place: The county or municipality.
        per_capita: `kod`, `level` ("kommun", "lan", "riket"), `antal` (persons), `per_1000`
            (persons received per 1 000 inhabitants; NA = unknown), `tabell`, `people_tabell`; a row
            for the place itself.
        ar: The year.
    """
    own = per_capita[per_capita["kod"] == place.kod]
    nation = per_capita[per_capita["level"] == "riket"]
    if own.empty or own["antal"].isna().all():
        text = "Uppgift om hur många nyanlända som togs emot i {plats} {ar} saknas här."
        return gap("svar_mottagna", text, plats=place.namn, ar=str(ar))
    sources = sources_of(per_capita)
    values: dict[str, Value] = {
        "plats": place.namn,
        "ar": str(ar),
        "antal": Fact(
            int(own["antal"].iloc[0]), "personer", tables_of(per_capita), measure="mottagna"
        ),
        "per_1000": Fact(_float(own["per_1000"]), "per 1 000 invånare", sources, decimals=1),
        "riket": Fact(_float(nation["per_1000"]), "per 1 000 invånare", sources, decimals=1),
    }
    text = (
        "{plats} tog emot {antal:nyanlända} {ar}: {per_1000} per tusen invånare, mot {riket} i"
        " riket."
    )
    return Statement("svar_mottagna", text, values, "answer")


def _float(column: pd.Series) -> float | None:
    return None if column.empty or column.isna().iloc[0] else float(column.iloc[0])


def by_year(
    place: Place, received: pd.DataFrame, national: pd.DataFrame, catalogue: Provenance
) -> tuple[View, ...]:
    """Return reception over the years with the missing ones named, the national series beside.

    Args:
        place: The county or municipality.
        received: `ar`, `antal` (persons; NA = unknown), `tabell`, one row per year.
        national: `ar`, `asylsokande`, `ensamkommande` (persons), the same years.
        catalogue: The published tables, for what each counts.
    """
    measured = received.assign(
        measure=[measure_of_tables(tables, catalogue) for tables in received["tabell"]]
    )
    known = measured.dropna(subset=["antal"])
    missing = spans(list(received.loc[received["antal"].isna(), "ar"]))
    unnamed = known["measure"] == UNNAMED
    values: dict[str, Value] = {
        "plats": place.namn,
        "first": str(received["ar"].min()),
        "last": str(received["ar"].max()),
        "known": spans(list(known["ar"])) or ["inget år"],
        "missing": missing or ["inget år"],
        "unnamed": spans(list(known.loc[unnamed, "ar"])),
        "named": spans(list(known.loc[~unnamed, "ar"])),
    }
    return (
        *_missing_years(values, missing),
        *_break(values),
        _year_figure(place, measured, national, values),
    )


def _year_figure(
    place: Place, received: pd.DataFrame, national: pd.DataFrame, values: Mapping[str, Value]
) -> Figure:
    alt = (
        "Tre rader staplar per år: mottagna i {plats} (kända år: {known}; år utan uppgift är grå"
        " band), ensamkommande barn som sökte asyl i Sverige, och alla asylsökande i Sverige."
    )
    if values["unnamed"]:
        alt += (
            " Staplarna för {unnamed} är öppna, eftersom källan inte namnger måttet, och en"
            " streckad linje skiljer dem från de andra."
        )
    return Figure(
        "mottagna_figur",
        "Mottagna i {plats} {first}–{last}, med asylsökande och ensamkommande barn i riket.",
        alt,
        lambda axes, language: draw_reception(received, national, axes, language),
        size_reception(received),
        _year_table(place, received, national, values),
        values,
        panels=PANELS_RECEPTION,
    )


def _year_table(
    place: Place, received: pd.DataFrame, national: pd.DataFrame, values: Mapping[str, Value]
) -> Table:
    """One row per year; where a year's measure is not named, a column says so."""
    rows = received.assign(ar_text=received["ar"].astype(str), counts=_what_counts(received))
    alone, tables = len(place.kommunkoder) == 1, tables_of(received)
    columns = [
        Column("ar_text", "År"),
        Column(
            "antal", "Mottagna", "personer", published=alone, sources=tables, measure="mottagna"
        ),
        *([Column("counts", "Mått")] if values["unnamed"] else []),
        Column("asylsokande", "Asylsökande i riket", "personer", published=True, sources=(ASYL,)),
        Column(
            "ensamkommande", "Varav ensamkommande barn", "barn", published=True, sources=(ASYL,)
        ),
    ]
    caption = "Mottagna i {plats} och asylsökande i riket {first}–{last}"
    shown = {name: values[name] for name in ("plats", "first", "last")}
    frame = rows.merge(national, on="ar", validate="1:1")
    return Table("mottagna", caption, frame, columns, (*tables, ASYL), shown, ("ar",))


def _what_counts(received: pd.DataFrame) -> list[str]:
    """Per year what its number counts; a dash where there is none."""
    words = {UNNAMED: "namnges inte av källan", "mottagna": "mottagna"}
    pairs = zip(received["antal"], received["measure"], strict=True)
    return ["–" if pd.isna(antal) else words[measure] for antal, measure in pairs]


def _break(values: Mapping[str, Value]) -> tuple[Statement, ...]:
    """Say that years of another measure are kept separate; nothing where all are of one."""
    if not values["unnamed"]:
        return ()
    text = (
        "För {unnamed} säger källan inte vad den räknar som mottagna. De åren står för sig i"
        " diagrammet"
    )
    text += " och går inte att jämföra med {named}." if values["named"] else "."
    return (
        Statement(
            "mottagna_matt", text, {name: values[name] for name in ("unnamed", "named")}, "note"
        ),
    )


def _missing_years(values: Mapping[str, Value], missing: list[str]) -> tuple[Statement, ...]:
    used = {name: values[name] for name in ("plats", "missing")}
    if not missing:
        known = "Alla år är kända för {plats}."
        return (Statement("mottagna_ar", known, {"plats": values["plats"]}, "note"),)
    text = (
        "För {missing} saknas uppgift om mottagna i {plats}; de åren är tomma i diagrammet, inte"
        " noll."
    )
    return (Statement("mottagna_ar", text, used, "note"),)


def composition_views(place: Place, parts: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return how the reception divides on the source's categories: a sentence and the figure; or
    the gap.

    Args:
        parts: `unit`, `kod`, `kategori`, `antal`, `varav_ensamkommande` (persons; NA = unknown),
            `share` (0–1), `tabell`: what `reception.composition` returned.
    """
    if parts.empty:
        text = "Fördelningen på kategorier för {ar} saknas här."
        return (gap("kategorier", text, ar=str(ar)),)
    return (category_sentence(place, parts, ar), *composition_figure(place, parts, ar))


def composition_figure(
    place: Place, parts: pd.DataFrame, ar: int, name: str = "kategorier"
) -> tuple[View, ...]:
    """Return the figure of `composition_views`, by a name of its own; nothing where none is known.

    Args:
        parts: `unit`, `kod`, `kategori`, `antal` (persons), `tabell`: as
            `composition_views` takes it.
        name: The id of its numbers; the figure's own begins with it.
    """
    if parts.empty:
        return ()
    labelled = by_size(
        parts.assign(
            label=parts["kategori"].map(KATEGORIER),
            received=parts.groupby("kod")["antal"].transform("sum"),
            level=["omrade" if kod in _around(place) else "kommun" for kod in parts["kod"]],
        ),
        "received",
    )
    values: dict[str, Value] = {"plats": place.namn, "ar": str(ar)}
    figure = Figure(
        f"{name}_figur",
        "Mottagna efter kategori {ar}, andelar i procent.",
        "Liggande staplar som vardera summerar till hundra procent: kvotflyktingar, från"
        " anläggningsboende, från eget boende, anhöriga och övriga, för {plats} och"
        " jämförelseområdena.",
        lambda ax, language: draw_composition(
            in_words(labelled, ("label", "unit"), language), ax, language
        ),
        size_composition(labelled),
        _composition_table(name, labelled, values),
        values,
    )
    return (figure,)


def _around(place: Place) -> tuple[str, ...]:
    """The areas that a place's parts are set beside: the nation, and its county."""
    return ("00", place.kod[:2])


def category_sentence(place: Place, parts: pd.DataFrame, ar: int) -> Statement:
    """Return how many came in each category, under its own name, and where the unaccompanied
    children among them are.

    Args:
        parts: As `composition_views` takes it.
    """
    counts = category_counts(parts, place.kod)
    if len(counts) != len(CATEGORIES):
        text = "Uppgift om kategorierna för {plats} saknas här."
        return gap("kategorier_mening", text, plats=place.namn)
    text = (
        "De {total} mottagna i {plats} {ar} var kvotflyktingar ({kvotflykting}, varav"
        " {ekb_kvotflykting} ensamkommande barn), personer från anläggningsboende"
        " ({anlaggningsboende}, varav {ekb_anlaggningsboende}), från eget boende ({eget_boende},"
        " varav {ekb_eget_boende}), anhöriga ({anhoriga}, varav {ekb_anhoriga}) och övriga"
        " ({ovriga}, varav {ekb_ovriga} ensamkommande barn)."
    )
    sources = tables_of(parts)
    values: dict[str, Value] = {"plats": place.namn, "ar": str(ar)}
    values["total"] = Fact(int(counts["antal"].sum()), "personer", sources, measure="mottagna")
    for name, row in counts.iterrows():
        key = {"kategori": str(name)}
        values[str(name)] = Fact(
            int(row["antal"]), "personer", sources, key=key, measure="mottagna_kategori"
        )
        children = (
            None if is_unknown(row["varav_ensamkommande"]) else int(row["varav_ensamkommande"])
        )
        values[f"ekb_{name}"] = Fact(children, "personer", sources, key=key, measure="ekb_mottagna")
    return Statement("kategorier_mening", text, values)


def _composition_table(name: str, parts: pd.DataFrame, values: Mapping[str, Value]) -> Table:
    """One row per unit and category; the unaccompanied are a part of the number, never added to
    it.
    """
    columns = [
        Column("unit", "Område"),
        Column("label", "Kategori"),
        Column("antal", "Antal", "personer", measure="mottagna_kategori"),
        Column("percent", "Andel", "%", 1, of="total"),
        Column("varav_ensamkommande", "Varav ensamkommande barn", "personer"),
    ]
    caption = "Mottagna efter kategori {ar}"
    note = (
        "Ensamkommande barn ingår i antalet och läggs aldrig till det. De har fått"
        " uppehållstillstånd: det är ett annat mått än barn som väntas eller anvisas. Några kan"
        " vara över arton år. Övriga är de som inte hör till någon av de andra kategorierna."
    )
    total = parts.groupby("kod")["antal"].transform("sum")
    frame = parts.assign(percent=100 * parts["share"], total=total)
    return Table(
        name,
        caption,
        frame,
        columns,
        tables_of(parts),
        {"ar": values["ar"]},
        ("kod", "kategori"),
        note=note,
    )


def _own_people(per_capita: pd.DataFrame) -> pd.Series:
    """The inhabitants, and for the nation where to find them: a county's report gives its own
    alone.
    """
    people = per_capita["folkmangd"].astype(object)
    elsewhere = (per_capita["level"] == "riket") & people.isna() & per_capita["per_1000"].notna()
    return people.mask(elsewhere, "se rapporten för riket")


def _people_column(place: Place, per_capita: pd.DataFrame) -> tuple[Column, ...]:
    """The inhabitants of the municipalities that a county's report is about; others compare by the
    rate alone.
    """
    if place.kind == "kommun":
        return ()
    return (
        Column("folkmangd", "Folkmängd 31 december", "invånare", sources=people_of(per_capita)),
    )


def people_note(place: Place, per_capita: pd.DataFrame) -> tuple[Statement, ...]:
    """Return, for a municipality, how many inhabitants its own rate is counted on.

    Args:
        per_capita: `kod`, `ar`, `folkmangd` (inhabitants; NA = unknown), `people_tabell`.
    """
    own = per_capita[(per_capita["kod"] == place.kod) & per_capita["folkmangd"].notna()]
    if place.kind != "kommun" or own.empty:
        return ()
    people = Fact(int(own["folkmangd"].iloc[0]), "invånare", people_of(per_capita))
    text = "{plats} hade {folkmangd} invånare den 31 december {ar}."
    ar = str(own["ar"].iloc[0])
    return (
        Statement("folkmangd", text, {"plats": place.namn, "folkmangd": people, "ar": ar}, "note"),
    )


WITHIN = (  # caption and alternative text of the municipalities of a county
    "Mottagna per tusen invånare i kommunerna i {plats} {ar}, mot länet och riket.",
    "En rad per kommun i {plats} med antal mottagna per tusen invånare; linjer visar länet och"
    " riket.",
)
ONE_WITHIN = (
    "Mottagna per tusen invånare i {plats} {ar}, mot riket.",
    "En rad för kommunen i {plats} med antal mottagna per tusen invånare; en linje visar riket.",
)


def per_capita_views(
    place: Place, per_capita: pd.DataFrame, ar: int, highlight: str | None = None
) -> tuple[View, ...]:
    """Return reception per 1 000 inhabitants, municipality by municipality beside county and
    nation; or the gap.

    Args:
        per_capita: `unit`, `kod`, `kommunkod`, `level`, `antal` (persons), `folkmangd`
            (inhabitants), `per_1000` (persons received per 1 000 inhabitants; NA = unknown),
            `tabell`, `people_tabell`: see `answer`.
        highlight: The kommunkod of a municipality to bring out.
    """
    if per_capita["per_1000"].isna().all():
        text = (
            "Mottagna per tusen invånare kan inte räknas för {ar}: antalet mottagna eller"
            " folkmängden saknas."
        )
        return (gap("per_invanare", text, ar=str(ar)),)
    values: dict[str, Value] = {"plats": place.lan, "ar": str(ar)}
    caption, alt = WITHIN
    if (per_capita["level"] == "kommun").sum() == 1:  # the county's only one, and as the county
        (caption, alt), per_capita = ONE_WITHIN, per_capita[per_capita["level"] != "lan"]
    per_capita = by_size(per_capita, "per_1000")
    figure = Figure(
        "per_invanare_figur",
        caption,
        alt,
        lambda ax, language: draw_per_capita(
            in_words(per_capita, ("unit",), language), ax, language, highlight=highlight
        ),
        size_per_capita(per_capita),
        _per_capita_table(place, per_capita, ar),
        values,
        reading="Små kommuner kan ligga högt per invånare med få personer, så läs antalet också.",
    )
    return (figure, *people_note(place, per_capita))


def _per_capita_table(place: Place, per_capita: pd.DataFrame, ar: int) -> Table:
    received = tables_of(per_capita)
    columns = [
        Column("unit", "Område"),
        Column("antal", "Mottagna", "personer", sources=received, measure="mottagna"),
        *_people_column(place, per_capita),
        Column("per_1000", "Per tusen invånare", "", 1),
    ]
    rows, sources = per_capita.assign(folkmangd=_own_people(per_capita)), sources_of(per_capita)
    caption = "Mottagna per tusen invånare {ar}"
    return Table("per_invanare", caption, rows, columns, sources, {"ar": str(ar)}, ("kod",))
