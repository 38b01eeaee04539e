"""What is in hand, from whom, how far it is trusted, and where published figures contradict
themselves.

"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.model.forecasts import Forecast
from helpers.model.reconciliation import status_of
from helpers.present.figures.rows import in_words
from helpers.present.figures.sources import draw_coverage, size_coverage
from helpers.present.language import (
    MATT,
    NO_PERSONS,
    TABELLER,
    TRUST,
    check_label,
    tables_checked,
)
from helpers.present.numerals import spans
from helpers.present.rendering import ORIGINS
from helpers.present.topics.difference import share_tables
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Fold,
    Place,
    Provenance,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

# one figure per municipality and year each
IN_HAND = ("folkmangd", "mottagna", "kommuntal", "andelstal")


def answer(grid: pd.DataFrame, ledger: pd.DataFrame) -> Statement:
    """Return how many municipality-years are in hand of each measure, and how the sources hold
    against themselves.

    Args:
        grid: The coverage grid: `table`, `ar`, `known`, `units` (figures), `share` (0–1).
        ledger: The reconciliation ledger: `check`, `agrees`, `follows_from` ("" = nothing).
    """
    rows = {str(row["table"]): row for row in status_of(grid).to_dict("records")}
    differs = ledger[~ledger["agrees"]]
    explained, twice = differs["follows_from"] != "", differs["check"].str.startswith("overlap.")
    text = (
        "Av {units} kommunår {first}–{last} har vi folkmängd för {folkmangd}, mottagna för"
        " {mottagna}, kommuntal för {kommuntal} och andelstal för {andelstal}. {checks:gånger} har"
        " vi räknat om ett tryckt tal ur källans egna delar: {agrees} gånger stämmer det."
        " Motsägelser i en källa: {errors}. Skillnader som följer av hur källan avrundar (A3), och"
        " som inte är fel: {explained}. Skillnader mellan två källor: {twice}."
    )
    values: dict[str, Value] = {
        "units": Fact(rows["mottagna"]["units"], "kommunår"),
        "first": str(grid["ar"].min()),
        "last": str(grid["ar"].max()),
        **{name: Fact(rows[name]["known"], "kommunår") for name in IN_HAND},
        "checks": Fact(len(ledger), "kontroller"),
        "agrees": Fact(int(ledger["agrees"].sum()), "kontroller"),
        "errors": Fact(int((~explained & ~twice).sum()), "kontroller"),
        "explained": Fact(int(explained.sum()), "kontroller"),
        "twice": Fact(int(twice.sum()), "kontroller"),
    }
    return Statement("svar_kallor", text, used_in(text, values), "answer")


def coverage_figure(grid: pd.DataFrame) -> Figure:
    """Return the grid of tables and years: filled where all units are known, empty where they are
    not.

    Args:
        grid: `table`, `ar`, `known`, `units` (figures), `share` (0–1); one row per table and year.
    """
    labelled = grid.assign(label=grid["table"].map(TABELLER), ar_text=grid["ar"].astype(str))
    shown = labelled.assign(percent=labelled["share"] * 100)
    values: dict[str, Value] = {"first": str(grid["ar"].min()), "last": str(grid["ar"].max())}
    columns = [
        Column("label", "Uppgift"),
        Column("ar_text", "År"),
        Column("known", "Enheter med uppgift"),
        Column("units", "Enheter"),
        Column("percent", "Andel", "%", 0, of=NO_PERSONS),
    ]
    table = Table(
        "tackning", "Uppgifter i Mottagningsboken per år", shown, columns, (), {}, ("table", "ar")
    )
    return Figure(
        "tackning_figur",
        "Vilka uppgifter Mottagningsboken har för åren {first}–{last}.",
        "Rutnät med en rad per uppgift och en kolumn per år, {first}–{last}: fylld ruta där hela"
        " landet är känt, delvis fylld där en del är känd, tom där uppgiften saknas.",
        lambda ax, language: draw_coverage(in_words(labelled, ("label",), language), ax, language),
        size_coverage(labelled),
        table,
        values,
    )


def status_table(status: pd.DataFrame) -> Table:
    """Return, per kind of figure, the years in hand and missing, how trusted, and the command that
    fills them.

    Args:
        status: `table`, `known`, `units` (figures), `whole`, `partly`, `missing` (lists of years),
            `trust`, `command`: what `cases.status` returned.
    """
    rows = [
        {
            "label": TABELLER[row["table"]],
            "known": row["known"],
            "units": row["units"],
            "whole": _years(row["whole"]),
            "partly": _years(row["partly"]),
            "missing": _years(row["missing"]),
            "trust": TRUST[max(row["trust"], key=list(TRUST).index)],
            "command": row["command"] or "–",
        }
        for row in status.to_dict("records")
    ]
    columns = [
        Column("label", "Uppgift"),
        Column("known", "Finns"),
        Column("units", "Av"),
        Column("whole", "Hela landet"),
        Column("partly", "En del"),
        Column("missing", "Saknas"),
        Column("trust", "Lägsta tillförlitlighet"),
        Column("command", "Hämtas med"),
    ]
    caption = "Vad som finns och saknas, år för år"
    return Table("lage", caption, pd.DataFrame(rows), columns, (), {}, ("label",))


def _years(years: list[int]) -> str:
    return ", ".join(spans(years)) or "–"


def source_table(tables: Mapping[str, Any], only: tuple[str, ...] = ()) -> Table:
    """Return the published tables: producer, title, published, read on, origin, trust and notes.

    Args:
        tables: Id → entry of the catalogue.
        only: The ids to list, in this order; all of them when empty.
    """
    chosen = [tables[table_id] for table_id in only or tables]
    rows = [
        {
            "id": entry.id,
            "title": f"{entry.producer}: {entry.title}",
            "published": entry.published,
            # a date must not break over lines
            "read_on": str(entry.read_on).replace("-", "\u2011"),
            "origin": ORIGINS[entry.origin],
            "trust": TRUST[entry.trust],
            "notes": " ".join(filter(None, [entry.notes, entry.warning])) or "–",
        }
        for entry in chosen
    ]
    columns = [
        Column("title", "Källa", quoted=True),
        Column("published", "Publicerad"),
        Column("read_on", "Hämtad"),
        Column("origin", "Ursprung"),
        Column("trust", "Tillförlitlighet"),
        Column("notes", "Anmärkning"),
    ]
    caption = "Publicerade tabeller som sidan vilar på"
    return Table("kallor", caption, pd.DataFrame(rows), columns, (), {}, ("id",))


def ledger_views(ledger: pd.DataFrame, catalogue: Provenance) -> tuple[View, ...]:
    """Return the reconciliation: what disagrees with both numbers, and all checks in short.

    Args:
        ledger: `agrees` and `check`, `ar`, and the others that `conflict_views` takes.
    """
    checks = Fold("avstamning_fold", "Alla kontrollräkningar", (_summary(ledger, catalogue),))
    return (*conflict_views(ledger[~ledger["agrees"]]), checks)


def conflict_views(differs: pd.DataFrame) -> tuple[View, ...]:
    """Return the published figures that contradict themselves, both numbers side by side; or the
    gap.

    Args:
        differs: `check`, `subject`, `ar`, `published`, `published_high`, `recomputed`, `difference`
            (in `unit`), `follows_from`, `note` ("" = nothing).
    """
    if differs.empty:
        text = "Inga publicerade tal som sidan vilar på motsäger varandra."
        return (Statement("motsagelser", text),)
    rows = differs.assign(
        label=differs["check"].map(check_label),
        ar_text=differs["ar"].astype(str),
        published_top=differs["published_high"].fillna(differs["published"]),
        note=differs["note"].where(differs["note"] != "", "Ny avvikelse: jämför med källan."),
        kind=[_kind(row) for row in differs.to_dict("records")],
    )
    columns = [
        Column("label", "Kontroll"),
        Column("ar_text", "År"),
        Column("published", "Tryckt", high="published_top", published=True),
        Column("recomputed", "Omräknat"),
        Column("difference", "Skillnad", sign=True),
        Column("unit", "Enhet"),
        Column("kind", "Slag"),
        Column("note", "Vad som är känt"),
    ]
    checked = [table for check in differs["check"] for table in tables_checked(check)]
    caption, key = "Publicerade tal som skiljer sig från sina delar", ("check", "subject", "ar")
    sources = tuple(dict.fromkeys(checked))
    return (Table("motsagelser", caption, rows, columns, sources, {}, key),)


def _kind(row: Mapping[Any, Any]) -> str:
    """Whether a source contradicts itself, rounds its parts, or differs from another source."""
    if row["follows_from"]:
        return "avrundning, inget fel"
    return "två källor" if str(row["check"]).startswith("overlap.") else "motsägelse"


def _summary(ledger: pd.DataFrame, catalogue: Provenance) -> Table:
    grouped = _checks_of_tables(ledger)
    low, high = grouped["low_text"], grouped["high_text"]
    span = low.where(low == high, low + "–" + high)
    titles = [_titles(tables, catalogue) for tables in grouped["tabell"]]
    columns = [
        Column("label", "Kontroll"),
        Column("title", "Tabell", quoted=True),
        Column("span", "År"),
        Column("checks", "Kontroller"),
        Column("agrees", "Stämmer"),
    ]
    rows = grouped.assign(span=span, title=titles)
    return Table("avstamning", "Kontrollräkningar", rows, columns, (), {}, ("tabell", "label"))


def _checks_of_tables(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of check and tables: how many, how many agree, first and last year."""
    return (
        ledger.assign(
            tabell=[" ".join(tables_checked(check)) for check in ledger["check"]],
            label=ledger["check"].map(check_label),
        )
        .groupby(["tabell", "label"], sort=False)
        .agg(
            checks=("agrees", "size"),
            agrees=("agrees", "sum"),
            low=("ar", "min"),
            high=("ar", "max"),
        )
        .assign(low_text=lambda rows: rows["low"].astype(str))
        .assign(high_text=lambda rows: rows["high"].astype(str))
        .reset_index()
    )


def _titles(tables: str, catalogue: Provenance) -> str:
    return "; ".join(catalogue[table].title for table in tables.split())


def own_tables(catalogue: Provenance, sources: Sequence[str], place: Place) -> tuple[str, ...]:
    """Return the titles of the tables of a county's own that a page has shown figures of.

    Args:
        catalogue: The published tables.
        sources: The tables that the page rests on so far.
        place: The county: another's shares, by which an estimate is checked, are not its own.
    """
    return tuple(
        catalogue[source].title
        for source in sources
        if catalogue[source].origin == "county" and catalogue[source].lan in (None, place.kod)
    )


def document_views(
    place: Place, statements: pd.DataFrame, titles: Mapping[str, str], shown: Sequence[str] = ()
) -> tuple[View, ...]:
    """Return what the county's own documents state in figures, in their own wording; or the gap.

    A municipality of which they say nothing needs no such words.

    Args:
        place: The county or municipality.
        statements: `dokument`, `kommunkod`, `kommun` (NA where it is about no municipality),
            `avser_ar`, `matt`, `varde` (in `enhet`), `ordalydelse` of one county.
        titles: Document id → its title and producer.
        shown: Titles of the county's own tables whose figures the page has shown; see `own_tables`.
    """
    if statements.empty:
        return (
            ()
            if place.kind == "kommun"
            else (gap("dokument", "Inget av länets egna dokument är inläst här."),)
        )
    rows = statements.assign(
        label=statements["matt"].map(MATT),
        ar_text=statements["avser_ar"].astype(str),
        title=statements["dokument"].map(dict(titles)),
        kommun=statements["kommun"].fillna("–"),
    )
    # not how many met, or for how long
    rows = rows[rows["enhet"].isin(["barn", "personer", "platser"])]
    if rows.empty:
        if not shown:
            return (gap("dokument", "Länets egna dokument har inga tal om mottagandet."),)
        text = (
            "Länets övriga dokument har inga tal om mottagandet. Länets egna tal ovan är ur"
            " {tabeller}."
        )
        return (Statement("dokument", text, {"tabeller": list(shown)}),)
    columns = [
        Column("label", "Uppgift"),
        Column("kommun", "Kommun"),
        Column("ar_text", "Avser år"),
        Column("varde", "Tal", published=True),
        Column("enhet", "Enhet"),
        Column("ordalydelse", "Ordalydelse", published=True, quoted=True),
        Column("title", "Dokument", quoted=True),
    ]
    caption, key = (
        "Vad länets egna dokument säger i siffror",
        ("dokument", "kommunkod", "matt", "avser_ar"),
    )
    return (Table("dokument", caption, rows, columns, ("dokumentuppgifter",), {}, key),)


def source_notes(
    catalogue: Provenance, shares: pd.DataFrame, forecast: Forecast
) -> tuple[View, ...]:
    """Return where the forecast comes from, and what the share tables' own entries warn of.

    Args:
        shares: `utfall` (children; NA = unknown), `tabell`.
    """
    tables = share_tables(shares)
    warnings = [
        Statement(f"kallnot_{table}", catalogue[table].warning, tone="note")
        for table in tables
        # the warning is of an outcome shown
        if catalogue[table].warning and shares["utfall"].notna().any()
    ]
    return (*_forecast_note(forecast), *warnings) if tables else ()


def _forecast_note(forecast: Forecast) -> tuple[View, ...]:
    if forecast.value is None:
        return ()
    by_hand = not forecast.tabell
    source = () if by_hand else (forecast.tabell,)
    fact = Fact(forecast.value, "barn", source, published=not by_hand)
    text = "Prognosen {prognos} barn är angiven för hand och är ingen publicerad prognos."
    if not by_hand:
        text = "Prognosen {prognos} barn är daterad {datum}, enligt {kalla}."
    values: dict[str, Value] = {
        "prognos": fact,
        "datum": forecast.prognosdatum,
        "kalla": forecast.kalla,
    }
    return (Statement("prognos_not", text, used_in(text, values), "note"),)
