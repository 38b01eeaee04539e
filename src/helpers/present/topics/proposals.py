"""A redistribution proposed for a scenario: what to move and why, or what stands in the way; and what it rests on."""

# A notebook has the solver from its first cell: begun late, its linear algebra hangs where memory is nearly full.
from helpers.model import solver  # noqa: F401
from helpers.model.exact import share_of
from helpers.model.proposals import Problem, Proposal
from helpers.model.redistribution import Move
from helpers.model.supposed import Supposed
from helpers.present.topics.refusals import BLAMES
from helpers.present.views import Fact, Place, Statement, Value, View

RESTS_ON = (
    "Förslaget vilar på planeringstalet, alltså andelstal gånger prognos, och på de platser och godkännanden som står "
    "i scenariot. Av alla omfördelningar som ryms tas den som berör minst antal kommuner och flyttar minst. En kommun "
    "vars platser inte är kända får inte ta emot. Utanför står placeringsregelns avrundning, prognosens osäkerhet, "
    "personal, skola och vad kommunerna vill. Det är ett räkneexempel, inte ett beslut."
)


def proposal_views(place: Place, supposed: Supposed) -> tuple[View, ...]:
    """Return the proposal for a county, or for a municipality it concerns; nothing where there is none to make.

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
        told = [Statement("forslag", "Förslag: inget andelstal behöver flyttas, de kända platserna räcker.")]
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
                "children": Fact(share_of(problem.shares[kod], problem.prognos), "barn", supposed.sources, decimals=1),
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
        "children": Fact(share_of(shares[kod], problem.prognos), "barn", supposed.sources, decimals=1),
        "places": Fact(problem.places[kod], "barn"),
    }
    return [*moves, Statement("forslag_fullast", text, values)]


def _move(number: int, move: Move, supposed: Supposed) -> Statement:
    values: dict[str, Value] = {
        "giver": supposed.names[move.giver],
        "receiver": supposed.names[move.receiver],
        "promille": Fact(move.promille, "‰", supposed.sources, decimals=2),
    }
    return Statement(f"forslag_{number}", "Förslag: {giver} lämnar {promille} ‰ till {receiver}.", values)


def _obstacles(proposal: Proposal) -> list[Statement]:
    text = "Förslag: ingen omfördelning inom länet klarar alla villkor."
    return [
        Statement("forslag", text),
        *(Statement(f"forslag_hinder_{blame}", BLAMES[blame]) for blame in proposal.blame),
    ]
