"""`mottagning scenario propose`: propose a redistribution for a scenario, or show why there is
none.
"""

from pathlib import Path
from typing import Any

from helpers.cases import scenarios
from helpers.cases.scenario_file import ScenarioFile
from helpers.cli.scenario_run import ENGLISH, reasons
from helpers.cli.terminal import print, print_json, print_table
from helpers.errors import ParameterError
from helpers.model.exact import exact_sum, share_of
from helpers.model.proposals import Goal, Problem, Proposal
from helpers.model.proposals import propose as solve
from helpers.tables import Workbook, load

AIMS: dict[Goal, str] = {
    "fewest": "minsta antal berörda kommuner",
    "evenest": "jämnast belagda platser",
}


def propose(name: str, goal: Goal, write: str | None, overwrite: bool, as_json: bool) -> None:
    """Print a proposal, and save it as a scenario if asked.

    Raises:
        ParameterError: the places are not known, the year's rules allow no redistribution, or there
            is nothing to save.
    """
    data = load()
    scenario = scenarios.load_scenario(data, name)
    problem = scenarios.problem_for(data, scenario)
    proposal = solve(problem, goal)
    basis = f"Förslag ({AIMS[goal]}) beräknat ur {scenario.namn}. Inget beslut."
    note = f"{basis} {scenario.anteckning}".strip()
    proposed = scenarios.with_moves(scenario, proposal, write or scenario.namn, note)
    refused = scenarios.refusals_of(data, proposed) if proposal.moves else ()
    if refused:
        raise ParameterError(*(f"{name}: {reason}" for reason in reasons(data, refused)))
    saved = scenarios.save(data, proposed, overwrite) if write and proposal.moves else None
    summary = _summary(scenario, problem, proposal, goal, saved)
    print_json(summary) if as_json else _print(data, scenario, summary)
    if write and not saved:
        raise ParameterError(f"--write {write!r}: there is no move to save; nothing was written.")


def _summary(
    scenario: ScenarioFile, problem: Problem, proposal: Proposal, goal: Goal, saved: Path | None
) -> dict[str, Any]:
    """Return a proposal as JSON writes it; docs/cli.md has the shape."""
    children = {kod: share_of(share, problem.prognos) for kod, share in problem.shares.items()}
    return {
        "scenario": scenario.namn,
        "goal": goal,
        "found": proposal.shares is not None,
        "overfull": [
            {"kommunkod": kod, "children": children[kod], "places": problem.places[kod]}
            for kod in proposal.overfull
        ],
        "moves": [
            {"fran": move.giver, "till": move.receiver, "andelstal": move.promille}
            for move in proposal.moves
        ],
        "shares": dict(proposal.shares) if proposal.shares is not None else None,
        "fullest": proposal.fullest,
        "must_agree": sorted({move.receiver for move in proposal.moves}),
        "obstacles": list(proposal.blame),
        "would_have_to_agree": (
            list(scenarios.would_have_to_agree(problem, goal)) if proposal.blame else []
        ),
        "unknown_places": [kod for kod in problem.shares if kod not in problem.places],
        "written": str(saved) if saved else None,
    }


def _print(data: Workbook, scenario: ScenarioFile, told: dict[str, Any]) -> None:
    names = dict(zip(data.kommuner["kommunkod"], data.kommuner["kommun"], strict=True))
    print(
        f"{scenario.namn}: {ENGLISH.number(scenario.prognos_ekb)} children in Sweden {scenario.ar},"
        " planning estimate."
    )
    if scenario.flytt:
        print(f"– The file's own {len(scenario.flytt)} moves are left aside.")
    for row in told["overfull"]:
        more, places = (
            ENGLISH.number(exact_sum([row["children"], -row["places"]]), 1),
            ENGLISH.number(row["places"]),
        )
        print(
            f"– {names[row['kommunkod']]} is overfull: {more} children more than its {places}"
            " places."
        )
    if not told["found"]:
        _print_obstacles(told, names)
    elif told["moves"]:
        _print_moves(scenario, told, names)
    else:
        print("– Nothing needs to move: the known places suffice.")
    if told["unknown_places"]:
        unknown = scenarios.missing_places(scenario, told["unknown_places"])
        print(f"– Not known, so neither overfull nor receiving: {' '.join(unknown)}")


def _print_moves(scenario: ScenarioFile, told: dict[str, Any], names: dict[str, str]) -> None:
    rows = [
        {
            "from": names[move["fran"]],
            "to": names[move["till"]],
            "‰": ENGLISH.number(move["andelstal"], 2),
            "children": ENGLISH.number(share_of(move["andelstal"], scenario.prognos_ekb), 1),
        }
        for move in told["moves"]
    ]
    print_table("Proposed moves", rows, right=("‰", "children"))
    must = ENGLISH.listing([names[kod] for kod in told["must_agree"]])
    print(f"– Must agree, and have according to the file (godkant): {must}.")
    print(
        f"– After it the fullest municipality uses {ENGLISH.number(100 * told['fullest'], 0)}% of"
        " its places."
    )
    if told["written"]:
        print(f"– Saved: {told['written']}")


def _print_obstacles(told: dict[str, Any], names: dict[str, str]) -> None:
    print("– No redistribution within the county keeps to all constraints. In the way:")
    from helpers.present.topics import plans  # and with it all that draws

    for sentence in plans.obstacles(told["obstacles"], ENGLISH):
        print(f"  {sentence}")
    if told["would_have_to_agree"]:
        who = ENGLISH.listing([names[kod] for kod in told["would_have_to_agree"]])
        print(f"– There would be one if these agreed too: {who}.")
