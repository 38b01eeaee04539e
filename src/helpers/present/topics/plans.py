"""A redistribution before and after: what each municipality hands over or receives; or why it is refused."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.model.exact import exact_sum
from helpers.model.redistribution import Refusal
from helpers.model.scenario import Result
from helpers.model.shares import expected_children
from helpers.present.figures import placement as drawing
from helpers.present.language import placeholders
from helpers.present.topics.placement import Sources, highlighted, own_rows
from helpers.present.topics.refusals import REASONS
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap


def refused_views(refused: Sequence[Refusal], names: Mapping[str, str], scenario: str) -> tuple[View, ...]:
    """Return why a scenario's redistribution cannot be carried out; nothing where it can.

    Args:
        refused: Every rule it breaks.
        names: kommunkod → name; a code without one stands as it is.
        scenario: The scenario's name.
    """
    if not refused:
        return ()
    text = "Omfördelningen i scenariot {scenario} bryter mot reglerna, så inget har räknats ut."
    return (gap("plan_avslag", text, scenario=scenario), *(_reason(n, one, names) for n, one in enumerate(refused)))


def _reason(number: int, refusal: Refusal, names: Mapping[str, str]) -> Statement:
    text = REASONS[refusal.code]
    values: dict[str, Value] = {"kommun": names.get(refusal.kommunkod, refusal.kommunkod)}
    values |= {"promille": Fact(refusal.promille, "‰"), "limit": Fact(refusal.limit, "‰")}
    values["ar"] = str(int(refusal.promille)) if refusal.promille is not None else ""
    return Statement(f"plan_avslag_{number}", text, {k: v for k, v in values.items() if k in placeholders(text)})


def plan_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the redistribution in one sentence, and the shares before and after; nothing without one.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (‰, children).
        sources: The published tables it rests on.
    """
    if result is None or result.scenario.plan is None or not result.scenario.plan.moves:
        return ()
    before = expected_children(result.table["andelstal_before"], result.scenario.prognos)
    table = result.table.assign(expected_before=before)
    sentence = _own_change(place, result, table, sources) if place.kind == "kommun" else _moved(table, sources)
    return (sentence, _figure(place, result, table, sources))


def _moved(table: pd.DataFrame, sources: Sources) -> Statement:
    text = (
        "Omfördelningen: {givers} av länets kommuner lämnar över andelstal och {receivers} tar emot. Länets summa är "
        "oförändrad, {total} ‰."
    )
    values: dict[str, Value] = {
        "givers": Fact(int((table["change"] < 0).sum()), "kommuner", sources),
        "receivers": Fact(int((table["change"] > 0).sum()), "kommuner", sources),
        "total": Fact(exact_sum(table["andelstal"]), "‰", sources, decimals=2),
    }
    return Statement("plan_mening", text, values)


def _own_change(place: Place, result: Result, table: pd.DataFrame, sources: Sources) -> Statement:
    own = table[table["kommunkod"].isin(own_rows(place, result)["kommunkod"])]
    text = (
        "Omfördelningen: andelstalet för {plats} går från {before} till {after} ‰ och det förväntade antalet från "
        "{expected_before} till {expected} barn. Länets summa är oförändrad, {total} ‰."
    )
    values: dict[str, Value] = {
        "plats": place.namn,
        "before": Fact(exact_sum(own["andelstal_before"]), "‰", sources, decimals=2),
        "after": Fact(exact_sum(own["andelstal"]), "‰", sources, decimals=2),
        "expected_before": Fact(exact_sum(own["expected_before"]), "barn", sources, decimals=1),
        "expected": Fact(exact_sum(own["expected"]), "barn", sources, decimals=1),
        "total": Fact(exact_sum(table["andelstal"]), "‰", sources, decimals=2),
    }
    return Statement("plan_mening", text, values)


def _figure(place: Place, result: Result, table: pd.DataFrame, sources: Sources) -> Figure:
    values: dict[str, Value] = {"lan": place.lan, "scenario": result.scenario.name}
    return Figure(
        "plan_figur",
        "Scenario {scenario}: andelstal före och efter den antagna omfördelningen, {lan}.",
        "Diagram med en rad per kommun i {lan}: andelstalet före omfördelningen som en ring och efter som en punkt, "
        "med ett streck emellan.",
        lambda ax, language: drawing.draw_plan(table, ax, language, highlighted(place)),
        drawing.size_plan(table),
        _table(table, values, sources),
        values,
        reading="Ligger punkten på noll har kommunen lämnat över hela sitt andelstal.",
    )


def _table(table: pd.DataFrame, values: dict[str, Value], sources: Sources) -> Table:
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal_before", "Andelstal före", "‰", 2),
        Column("andelstal", "Andelstal efter", "‰", 2),
        Column("change", "Ändring", "‰", 2, sign=True),
        Column("expected_before", "Förväntat före", "barn", 1),
        Column("expected", "Förväntat efter", "barn", 1),
    ]
    total = {"kommun": "Summa", **{column.name: exact_sum(table[column.name]) for column in columns[1:]}}
    caption = "Andelstal och förväntat antal före och efter omfördelningen, {lan}"
    return Table("plan", caption, table, columns, sources, {"lan": values["lan"]}, ("kommunkod",), total)
