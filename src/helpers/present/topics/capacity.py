"""Places for children against what the placement rule would bring: who is overfull, and at which
forecast.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model.scenario import PLACES, SCHOOL, Result
from helpers.present.figures.placement import draw_capacity, size_capacity
from helpers.present.figures.rows import by_size
from helpers.present.language import KAPACITET
from helpers.present.topics.placement import Sources, highlighted, own_rows
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Fold,
    Place,
    Statement,
    Table,
    Value,
    View,
)


def capacity_views(
    place: Place, result: Result | None, sources: Sources, from_file: bool
) -> tuple[View, ...]:
    """Return places beside children: sentences and the figure; a line where a scenario file says
    nothing of places.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (children, places); None gives nothing.
        sources: The published tables it rests on.
        from_file: Whether the scenario is a file, which could have given the places.
    """
    if result is None or not from_file or own_rows(place, result).empty:
        return ()
    schools = _own_school(place, result) if place.kind == "kommun" else _county_schools(result)
    if result.table["places"].isna().all():
        return (
            Statement("platser_saknas", "Uppgifter om platser saknas i underlaget.", tone="note"),
            *schools,
        )
    sentence = _own(place, result) if place.kind == "kommun" else _county(result)
    return (sentence, *_unknown(place, result), *schools, _figure(place, result, sources))


def _county(result: Result) -> Statement:
    known = result.table.dropna(subset=["places"])
    over = known[known["shortfall"] > 0]
    values: dict[str, Value] = {"known": Fact(len(known), "kommuner")}
    if over.empty:
        text = (
            "Platserna är kända i {known} av länets kommuner, och ingen av dem kan få fler barn än"
            " platser."
        )
        return Statement("platser_mening", text, values)
    values |= {"over": Fact(len(over), "kommuner"), "kommuner": over["kommun"].tolist()}
    text = (
        "Platserna är kända i {known} av länets kommuner, och {over} av dem kan få fler barn än"
        " platser: {kommuner}."
    )
    return Statement("platser_mening", text, values)


def _own(place: Place, result: Result) -> Statement:
    row = own_rows(place, result).iloc[0]
    if pd.isna(row["places"]):
        return Statement(
            "platser_mening",
            "Uppgift om hur många platser {plats} har saknas här.",
            {"plats": place.namn},
        )
    text = "Platserna: {plats} har {places:platser} och kan få upp till {load:barn} enligt regeln."
    values: dict[str, Value] = {
        "plats": place.namn,
        "places": Fact(int(row["places"]), "platser"),
        "load": Fact(int(row["load"]), "barn"),
    }
    if not pd.isna(row["overflow_forecast"]):
        text += " Det förväntade antalet överskrider platserna från prognosen {overflow}."
        values["overflow"] = Fact(int(row["overflow_forecast"]), "barn")
    return Statement("platser_mening", text, values)


def _unknown(place: Place, result: Result) -> tuple[View, ...]:
    unknown = result.table["places"].isna().sum()
    if place.kind == "kommun" or not unknown:
        return ()
    text = "För {unknown:kommuner} är antalet platser inte känt, och därmed inte om de räcker."
    return (Statement("platser_okanda", text, {"unknown": Fact(int(unknown), "kommuner")}),)


def _county_schools(result: Result) -> tuple[View, ...]:
    known = result.table.dropna(subset=["school_places"])
    if known.empty:
        return ()
    over = known[known["school_shortfall"] > 0]
    values: dict[str, Value] = {"known": Fact(len(known), "kommuner")}
    text = "Skolplatserna är kända i {known} av länets kommuner"
    if over.empty:
        return (
            Statement(
                "skolplatser_mening", text + " och räcker där, med en till varje barn.", values
            ),
        )
    values |= {"kommuner": over["kommun"].tolist()}
    text += ", och de kan bli för få om varje barn ska få en: {kommuner}."
    return (Statement("skolplatser_mening", text, values),)


def _own_school(place: Place, result: Result) -> tuple[View, ...]:
    row = own_rows(place, result).iloc[0]
    if pd.isna(row["school_places"]):
        return ()
    values: dict[str, Value] = {
        "plats": place.namn,
        "places": Fact(int(row["school_places"]), "skolplatser"),
    }
    text = "Skolplatserna: {plats} har {places}, "
    if not row["school_shortfall"]:
        return (
            Statement("skolplatser_mening", text + "och de räcker med en till varje barn.", values),
        )
    values["short"] = Fact(int(row["school_shortfall"]), "skolplatser")
    return (
        Statement(
            "skolplatser_mening", text + "och {short} kan saknas om varje barn ska få en.", values
        ),
    )


def told_views(result: Result | None, names: Mapping[str, str]) -> tuple[View, ...]:
    """Return, folded, every entry of a scenario's capacity as it is given, and what each kind is
    compared with.

    Args:
        result: What a scenario gives; its capacity has kommunkod, slag, antal (NA = unknown), datum
            and kalla. None, or without an entry, gives nothing.
        names: kommunkod → name.
    """
    if result is None or result.scenario.capacity.empty:
        return ()
    told = result.scenario.capacity
    frame = told.assign(kommun=told["kommunkod"].map(names), label=told["slag"].map(KAPACITET))
    columns = [
        Column("kommun", "Kommun"),
        Column("label", "Slag"),
        Column("antal", "Antal"),
        Column("datum", "Datum"),
        Column("kalla", "Källa", quoted=True),
    ]
    caption = "Uppgifter om kapacitet som de står i scenariot"
    table = Table("kapacitet", caption, frame, columns, (), {}, ("kommunkod", "slag"))
    needs = "Varje barn antas behöva en plats, i hem eller i familjehem, och en skolplats."
    rest = (
        "Bostäder och personal står här som de är uppgivna: det finns ingen norm att jämföra dem"
        " med."
    )
    views: list[Statement | Table] = [table, Statement("kapacitet_behov", needs)]
    if set(told["slag"]) - {*PLACES, SCHOOL}:
        views.append(Statement("kapacitet_ovrigt", rest))
    return (Fold("kapacitet_uppgifter", "Uppgifter om kapacitet i scenariot", tuple(views)),)


def _figure(place: Place, result: Result, sources: Sources) -> Figure:
    values: dict[str, Value] = {"lan": place.lan, "scenario": result.scenario.name}
    table = by_size(result.table, "expected")
    return Figure(
        "platser_figur",
        "Scenario {scenario}: antagna platser och högst så många barn som placeringsregeln kan ge,"
        " per kommun, {lan}.",
        "Diagram med en rad per kommun i {lan}: platserna som en öppen stapel och det högsta som"
        " placeringsregeln kan ge som en romb. Kommuner vars platser inte är kända saknar stapel.",
        lambda ax, language: draw_capacity(table, ax, language, highlighted(place)),
        size_capacity(table),
        _table(result, values, sources),
        values,
        reading="Ligger romben utanför stapeln kan platserna bli för få.",
    )


def _table(result: Result, values: dict[str, Value], sources: Sources) -> Table:
    table = by_size(result.table, "expected")
    columns = [
        Column("kommun", "Kommun"),
        Column("places", "Platser"),
        Column("load", "Regeln ger högst", "barn"),
        Column("shortfall", "Platser som kan saknas"),
        Column("slack", "Lediga platser"),
        Column("overflow_forecast", "Överskrids från prognosen", "barn"),
    ]
    if table["over_possibly"].notna().any() and result.cases:
        every: dict[str, Value] = {"all": Fact(result.cases.years)}
        heading = "Fall av {all} där platserna inte räcker"
        columns.append(Column("over_surely", heading, high="over_possibly", values=every))
    caption = "Platser och det högsta som placeringsregeln kan ge per kommun, {lan}"
    return Table(
        "platser", caption, table, columns, sources, {"lan": values["lan"]}, ("kommunkod",)
    )
