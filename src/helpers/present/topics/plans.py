"""A redistribution before and after, proposed or refused: what each municipality hands over, or
what is in the way.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.model.exact import exact_sum, share_of
from helpers.model.proposals import Blame, Problem, Proposal
from helpers.model.redistribution import Move, Refusal
from helpers.model.scenario import Result, Supposed
from helpers.model.shares import expected_children
from helpers.present.figures.placement import draw_plan, size_plan
from helpers.present.figures.rows import by_size
from helpers.present.language import Language
from helpers.present.topics.placement import Sources, highlighted, own_rows
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

REASONS = {
    "too_early": "Andelar kan lämnas över först från och med {from_ar}; planen gäller {ar}.",
    "not_in_year": "Andelar kan inte lämnas över {ar}.",
    "other_county": "{kommun} ligger i ett annat län. Andelar kan bara lämnas över inom länet.",
    "unknown_share": (
        "Andelstalet för {kommun} är inte känt, så kommunen kan varken lämna över eller ta emot. "
        "Skriv in det andelstal som antas."
    ),
    "to_itself": "{kommun} kan inte lämna över till sig själv. Välj en annan mottagare.",
    "negative": "{kommun} kan inte lämna över {promille} ‰. Skriv ett tal över noll.",
    "too_much": "{kommun} kan inte lämna över {promille} ‰: bara {limit} ‰ finns kvar.",
    "nothing": (
        "{kommun} lämnar inte över något: inget andelstal finns kvar, eller så är talet noll."
    ),
    "below_least": (
        "{kommun} har {promille} ‰ efter planen, under det minsta tillåtna, {limit} ‰."
        " Ändra planen eller det minsta."
    ),
    "not_agreed": (
        "{kommun} har inte gått med på att ta emot. Räkna med kommunen först när den har godkänt."
    ),
    "changed_total": "Länets summa skulle ändras med {promille} ‰. Den ska stå fast.",
}
IN_WIDGETS = {  # where the text above advises what only a file can say
    "unknown_share": (
        "Andelstalet för {kommun} är inte känt, så kommunen kan varken lämna över eller ta emot."
    ),
    "below_least": "{kommun} skulle få {promille} ‰. Det minsta tillåtna är {limit} ‰.",
}
BLAMES: dict[Blame, str] = {
    "capacity": "Platserna räcker inte för prognosen, hur andelarna än fördelas inom länet.",
    "agreements": "För få kommuner har gått med på att ta emot.",
    "unknown_capacity": "Kommuner vars platser inte är kända får inte ta emot.",
    "whole_shares": "Bara hela andelar får lämnas över.",
    "least_share": "Det minsta tillåtna andelstalet hindrar.",
}
RESTS_ON = (
    "Förslaget vilar på planeringstalet, alltså andelstal gånger prognos, och på de platser och"
    " godkännanden som står i scenariot. Av alla omfördelningar som ryms tas den som berör minst"
    " antal kommuner och flyttar minst. En kommun vars platser inte är kända får inte ta emot."
    " Utanför står placeringsregelns avrundning, prognosens osäkerhet, personal, skola och vad"
    " kommunerna vill. Det är ett räkneexempel, inte ett beslut."
)


def reason(
    refusal: Refusal, names: Mapping[str, str], language: Language, widgets: bool = False
) -> str:
    """Return why a plan is refused.

    Args:
        refusal: One reason.
        names: kommunkod → name; a code without one is shown as it is.
        language: The reader's.
        widgets: Whether it is said to one who has the workbench's widgets, and no file to write in.

    >>> reason(Refusal("too_much", "2401", 2.0, 1.14), {"2401": "Nordmaling"}, Language("sv"))
    'Nordmaling kan inte lämna över 2 ‰: bara 1,14 ‰ finns kvar.'
    """
    numbers = {"promille": refusal.promille, "limit": refusal.limit}
    values = {
        name: language.number(number) for name, number in numbers.items() if number is not None
    }
    values |= {"kommun": names.get(refusal.kommunkod, refusal.kommunkod), **_years(refusal)}
    text = IN_WIDGETS.get(refusal.code) if widgets else None
    return language.t(text or REASONS[refusal.code], **values)


def _years(refusal: Refusal) -> dict[str, str]:
    """The plan's year, and the first in which shares may be handed over, where it is about them."""
    years = {"ar": refusal.ar, "from_ar": refusal.from_ar}
    return {name: str(year) for name, year in years.items() if year is not None}


def reasons(
    refusals: Sequence[Refusal], names: Mapping[str, str], language: Language, widgets: bool = False
) -> list[str]:
    """Return all reasons, each once, in order."""
    return list(dict.fromkeys(reason(refusal, names, language, widgets) for refusal in refusals))


def obstacles(blame: Sequence[Blame], language: Language) -> list[str]:
    """Return what prevents any plan, one sentence per constraint.

    >>> obstacles(("agreements",), Language("sv"))
    ['För få kommuner har gått med på att ta emot.']
    """
    return [language.t(BLAMES[name]) for name in blame]


def refused_views(
    refused: Sequence[Refusal], names: Mapping[str, str], scenario: str
) -> tuple[View, ...]:
    """Return why a scenario's redistribution cannot be carried out; nothing where it can.

    Args:
        refused: Every rule it breaks.
        names: kommunkod → name; a code without one is shown as it is.
        scenario: The scenario's name.
    """
    if not refused:
        return ()
    text = "Omfördelningen i scenariot {scenario} bryter mot reglerna, så inget har räknats ut."
    return (
        gap("plan_avslag", text, scenario=scenario),
        *(_reason(n, one, names) for n, one in enumerate(refused)),
    )


def _reason(number: int, refusal: Refusal, names: Mapping[str, str]) -> Statement:
    text = REASONS[refusal.code]
    values: dict[str, Value] = {"kommun": names.get(refusal.kommunkod, refusal.kommunkod)}
    values |= {"promille": Fact(refusal.promille, "‰"), "limit": Fact(refusal.limit, "‰")}
    values |= _years(refusal)
    return Statement(f"plan_avslag_{number}", text, used_in(text, values))


def plan_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the redistribution in one sentence, and the shares before and after; nothing without
    one.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (‰, children).
        sources: The published tables it rests on.
    """
    if result is None or result.scenario.plan is None or not result.scenario.plan.moves:
        return ()
    before = expected_children(result.table["andelstal_before"], result.scenario.prognos)
    table = result.table.assign(expected_before=before)
    sentence = (
        _own_change(place, result, table, sources)
        if place.kind == "kommun"
        else _moved(table, sources)
    )
    return (sentence, _figure(place, result, table, sources))


def _moved(table: pd.DataFrame, sources: Sources) -> Statement:
    text = (
        "Omfördelningen: {givers} av länets kommuner lämnar över andelstal och {receivers} tar"
        " emot. Länets summa är oförändrad, {total} ‰."
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
        "Omfördelningen: andelstalet för {plats} går från {before} till {after} ‰ och det"
        " förväntade antalet från {expected_before} till {expected} barn. Länets summa är"
        " oförändrad, {total} ‰."
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
    table = by_size(table, "andelstal_before")
    return Figure(
        "plan_figur",
        "Scenario {scenario}: andelstal före och efter den antagna omfördelningen, {lan}.",
        "Diagram med en rad per kommun i {lan}: andelstalet före omfördelningen som en ring och"
        " efter som en punkt, med ett streck emellan.",
        lambda ax, language: draw_plan(table, ax, language, highlighted(place)),
        size_plan(table),
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
    total = {
        "kommun": "Summa",
        **{column.name: exact_sum(table[column.name]) for column in columns[1:]},
    }
    caption = "Andelstal och förväntat antal före och efter omfördelningen, {lan}"
    return Table(
        "plan", caption, table, columns, sources, {"lan": values["lan"]}, ("kommunkod",), total
    )


def proposal_views(place: Place, supposed: Supposed) -> tuple[View, ...]:
    """Return the proposal for a county, or for a municipality it concerns; nothing where there is
    none to make.

    Args:
        place: A county, or a municipality of it.
        supposed: What the report supposes, with problem and proposal.
    """
    problem, proposal = supposed.problem, supposed.proposal
    if problem is None or proposal is None or not _concerns(place, proposal):
        return ()
    if proposal.shares is None:
        told = _obstacles(proposal)
    elif not proposal.moves:
        told = [
            Statement(
                "forslag", "Förslag: inget andelstal behöver flyttas, de kända platserna räcker."
            )
        ]
    else:
        told = [*_reasons(problem, proposal, supposed), *_moves(problem, proposal, supposed)]
    return (*told, Statement("forslag_grund", RESTS_ON, tone="note"))


def _concerns(place: Place, proposal: Proposal) -> bool:
    involved = {kod for move in proposal.moves for kod in (move.giver, move.receiver)}
    return place.kind == "lan" or bool(involved & set(place.kommunkoder))


def _reasons(problem: Problem, proposal: Proposal, supposed: Supposed) -> list[Statement]:
    """Who has more children than places, and by how much."""
    text = "{kommun} skulle vänta {children} barn men har plats för {places}."
    return [
        Statement(
            f"forslag_skal_{kod}",
            text,
            {
                "kommun": supposed.names[kod],
                "children": Fact(
                    share_of(problem.shares[kod], problem.prognos),
                    "barn",
                    supposed.sources,
                    decimals=1,
                ),
                "places": Fact(problem.places[kod], "barn"),
            },
        )
        for kod in proposal.overfull
    ]


def _moves(problem: Problem, proposal: Proposal, supposed: Supposed) -> list[Statement]:
    moves = [_move(number, move, supposed) for number, move in enumerate(proposal.moves)]
    kod, shares = proposal.fullest_kod, proposal.shares or {}
    if not kod:
        return moves
    text = "Fullast blir då {kommun}, som skulle vänta {children} barn och har plats för {places}."
    values: dict[str, Value] = {
        "kommun": supposed.names[kod],
        "children": Fact(
            share_of(shares[kod], problem.prognos), "barn", supposed.sources, decimals=1
        ),
        "places": Fact(problem.places[kod], "barn"),
    }
    return [*moves, Statement("forslag_fullast", text, values)]


def _move(number: int, move: Move, supposed: Supposed) -> Statement:
    values: dict[str, Value] = {
        "giver": supposed.names[move.giver],
        "receiver": supposed.names[move.receiver],
        "promille": Fact(move.promille, "‰", supposed.sources, decimals=2),
    }
    return Statement(
        f"forslag_{number}", "Förslag: {giver} lämnar {promille} ‰ till {receiver}.", values
    )


def _obstacles(proposal: Proposal) -> list[Statement]:
    text = "Förslag: ingen omfördelning inom länet klarar alla villkor."
    return [
        Statement("forslag", text),
        *(Statement(f"forslag_hinder_{blame}", BLAMES[blame]) for blame in proposal.blame),
    ]
