"""Scenarios as files: found, read, saved, and computed with what the workbook knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helpers.cases.estimates import population_for, shares_counted
from helpers.cases.scenario_file import Flytt, Kapacitet, ScenarioFile, check_scenario
from helpers.contracts.reading import read_yaml
from helpers.errors import ParameterError
from helpers.model.estimate import by_rest
from helpers.model.exact import exact_difference, exact_sum
from helpers.model.forecasts import Forecast, Outcomes, brought
from helpers.model.proposals import Goal, Problem, Proposal, propose
from helpers.model.record import (
    ASYLUM,
    SAME_YEAR,
    YEAR_AHEAD,
    carried,
    forecast_ratios,
    forecast_record,
)
from helpers.model.redistribution import Move, Plan, PlanError, Refusal, redistribute
from helpers.model.scenario import PLACES, Result, Scenario, compare, places_known, run
from helpers.model.shares import ESTIMATED, Rest
from helpers.sources.scenarios import save_scenario, scenario_file, scenario_files
from helpers.tables.workbook import Workbook

HORIZONS = {"samma_ar": SAME_YEAR, "aret_fore": YEAR_AHEAD}
RESTS: dict[str, Rest] = {"folkmangd": "population", "lika": "equal", "ett_block": "block"}


@dataclass(frozen=True)
class Listed:
    """A scenario file in the folder: what it says, or why it cannot be used."""

    name: str
    scenario: ScenarioFile | None
    problems: tuple[str, ...] = ()


def load_scenario(data: Workbook, name_or_path: str | Path) -> ScenarioFile:
    """Return the scenario of a file, given by its name in `data/scenarios/` or by its path.

    Raises:
        ParameterError: there is no such file, or all that is wrong with it.
    """
    path = scenario_file(data.catalogue.root, name_or_path)
    data.catalogue.note_file(path)
    return check_scenario(data, read_yaml(path), path.name)


def scenarios_in(data: Workbook) -> list[Listed]:
    """Return every scenario file of the data folder, faulty ones with their problems."""
    listed = []
    for path in scenario_files(data.catalogue.root):
        try:
            listed.append(Listed(path.stem, load_scenario(data, path)))
        except ParameterError as error:
            listed.append(Listed(path.stem, None, error.problems))
    return listed


def save(data: Workbook, scenario: ScenarioFile, overwrite: bool = False) -> Path:
    """Write a scenario to the data folder, whole or not at all; return the file.

    Raises:
        ParameterError: it does not hold for the workbook, or a file of that name is there.
        SetupError: the folder cannot be written.
    """
    values = scenario.model_dump(exclude_defaults=True)
    check_scenario(data, values, scenario.namn)
    return save_scenario(data.catalogue.root, values, overwrite)


def shares_for(data: Workbook, scenario: ScenarioFile, estimate: bool = True) -> pd.DataFrame:
    """Return the shares a scenario begins with: the latest known, else an estimate, with those the
    file supposes over them.

    Returns:
        kommunkod, kommun, andelstal (‰), andelstal_ar, tabell, estimated (true where no source has
        the share), supposed (true where it is the file's own), by kommunkod.

    Raises:
        ParameterError: no share is known, estimated or supposed for any municipality of the county,
            or they exceed 1000 ‰.
    """
    known = shares_counted(data, data.county(scenario.lan), scenario.ar, estimate)
    known = (
        known[~known["kommunkod"].isin(list(scenario.andelstal))]
        .drop(columns="utfall")
        .assign(supposed=False)
    )
    own = data.kommuner.loc[
        data.kommuner["kommunkod"].isin(list(scenario.andelstal)), ["kommunkod", "kommun"]
    ]
    own = own.assign(andelstal=own["kommunkod"].map(scenario.andelstal), andelstal_ar=scenario.ar)
    own = own.assign(tabell="", supposed=True, **{ESTIMATED: False})
    parts = [part for part in (known, own) if len(part)]
    if not parts:
        raise ParameterError(
            f"{scenario.namn}: no andelstal is known for county {scenario.lan} in {scenario.ar} or"
            " before, and none is estimated. Write those you suppose under andelstal."
        )
    table = pd.concat(parts, ignore_index=True).sort_values(
        "kommunkod", kind="stable", ignore_index=True
    )
    if (total := exact_sum(table["andelstal"])) > 1000:
        raise ParameterError(
            f"{scenario.namn}: the county's shares add up to {total:g} ‰; all of Sweden is 1000."
        )
    return table.astype({"andelstal": "float64"})


def as_model(data: Workbook, scenario: ScenarioFile) -> Scenario:
    """Return a file's scenario as the model takes it.

    Raises:
        ParameterError: it says who placed how many before, and of Sweden that is neither said nor
            known.
    """
    arrived, whole = arrived_before(data, scenario.ar)
    known = sum(scenario.placerade_fore.values())
    if known and scenario.placerade_riket is None and (not whole or known > arrived):
        raise ParameterError(
            f"{scenario.namn}: placerade_fore says {known} children, but how many all of Sweden had"
            f" placed before {scenario.ar} is not known here. Write it as placerade_riket."
        )
    return Scenario(
        name=scenario.namn,
        lanskod=data.county(scenario.lan).kod,
        ar=scenario.ar,
        prognos=scenario.prognos_ekb,
        outcomes=tuple(scenario.fordelning),
        horizon=HORIZONS[scenario.prognos_gjord],
        attachment=scenario.anknytning,
        rest=RESTS[scenario.ovriga_landet],
        placed=dict(scenario.placerade_fore),
        placed_nation=scenario.placerade_riket,
        arrived=arrived,
        arrived_whole=whole,
        plan=plan_of(data, scenario),
        capacity=_capacity(scenario),
        rules=data.rules,
    )


def arrived_before(data: Workbook, ar: int) -> tuple[int, bool]:
    """Return how many unaccompanied children came to Sweden since fulfilment is counted and before
    a year, and whether all are known.

    A year whose number is not known is left out, and the second answer is then false.
    """
    years = range(data.rules.counted_from, ar)
    came = data.asylsokande[data.asylsokande["ar"].isin(years)].dropna(subset=["ensamkommande"])
    return int(came["ensamkommande"].sum()), set(came["ar"].astype(int)) == set(years)


def plan_of(data: Workbook, scenario: ScenarioFile) -> Plan:
    """Return the redistribution of a scenario; without moves if it has none."""
    moves = tuple(Move(move.fran, move.till, move.andelstal) for move in scenario.flytt)
    code = data.county(scenario.lan).kod
    return Plan(code, scenario.ar, moves, frozenset(scenario.godkant), scenario.minsta_andelstal)


def _capacity(scenario: ScenarioFile) -> pd.DataFrame:
    rows = [row.model_dump(mode="json") for row in scenario.kapacitet]
    return pd.DataFrame(rows, columns=list(Kapacitet.model_fields)).astype({"antal": "Int64"})


def run_scenario(
    data: Workbook,
    scenario: ScenarioFile,
    estimate: bool = True,
    shares: pd.DataFrame | None = None,
) -> Result:
    """Return what a scenario gives; its table also says which shares are supposed (`supposed`) and
    which are `estimated`.

    Args:
        data: The tables.
        scenario: What is supposed.
        estimate: Whether shares that are not published are estimated.
        shares: What `shares_for` returned of it, where that is known.

    Raises:
        PlanError: the redistribution breaks a rule. ParameterError: no share or population is
            known.
    """
    _, people = population_for(data, scenario.ar)
    shares = shares_for(data, scenario, estimate) if shares is None else shares
    return run(as_model(data, scenario), shares, people, ratios_of(data))


def ratios_of(data: Workbook) -> pd.DataFrame:
    """Return how far forecasts of unaccompanied children have missed, and those of all asylum
    seekers for the years without (A22); see `record.carried`.
    """
    return data.computed("ratios", _ratios, data.prognoser, data.asylsokande)


def brings(data: Workbook, forecast: Forecast) -> Outcomes | None:
    """Return what a forecast's year may bring, by the record of others; see `forecasts.brought`."""
    return brought(forecast, ratios_of(data))


def _ratios(prognoser: pd.DataFrame, asylsokande: pd.DataFrame) -> pd.DataFrame:
    own, longer = (
        forecast_ratios(record)
        for record in (
            forecast_record(prognoser, asylsokande),
            forecast_record(prognoser, asylsokande, ASYLUM),
        )
    )
    return carried(own, longer)


def hangs_on_rest(data: Workbook, result: Result) -> pd.DataFrame:
    """Return what the rule gives under each way to represent the shares that are unknown, after the
    plan.

    Returns:
        What `estimate.by_rest` returns: the fewest and most children per municipality, and together
        (kommunkod "").
    """
    _, people = population_for(data, result.scenario.ar)
    return by_rest(result.table, result.scenario.prognos, result.scenario.setting(people))


def against_first(results: Sequence[Result]) -> pd.DataFrame:
    """Return scenarios of one county one after the other, with what differs from the first.

    Returns:
        The columns of `model.scenario.compare`, and andelstal_difference (‰) and
        expected_difference (children); unknown where the first has no such municipality. What the
        rule gives has no
        difference: its ranges say how much the start decides.
    """
    table, first = compare(results), results[0].table.set_index("kommunkod")
    for name in ("andelstal", "expected"):
        table[f"{name}_difference"] = exact_difference(
            table[name], table["kommunkod"].map(first[name])
        )
    return table


def refusals_of(
    data: Workbook, scenario: ScenarioFile, estimate: bool = True
) -> tuple[Refusal, ...]:
    """Return every rule that a scenario's redistribution breaks; none if it holds.

    Raises:
        ParameterError: no share is known.
    """
    return refusals_with(shares_for(data, scenario, estimate), data, scenario)


def refusals_with(
    shares: pd.DataFrame, data: Workbook, scenario: ScenarioFile
) -> tuple[Refusal, ...]:
    """Return the same, where what `shares_for` returned is known."""
    try:
        redistribute(_by_code(shares), plan_of(data, scenario), data.rules.of(scenario.ar))
    except PlanError as error:
        return error.refusals
    return ()


def _promille(data: Workbook, scenario: ScenarioFile, estimate: bool) -> dict[str, float]:
    """Share in ‰ by kommunkod, before any move."""
    return _by_code(shares_for(data, scenario, estimate))


def _by_code(shares: pd.DataFrame) -> dict[str, float]:
    return dict(zip(shares["kommunkod"], shares["andelstal"], strict=True))


def problem_for(data: Workbook, scenario: ScenarioFile, estimate: bool = True) -> Problem:
    """Return what a proposal for a scenario must hold to; the file's own moves are left aside.

    Raises:
        ParameterError: no municipality with a share has known places; what is missing, per
            municipality.
    """
    shares = _promille(data, scenario, estimate)
    places = places_known(_capacity(scenario)).dropna()
    known = {str(kod): int(number) for kod, number in places.items() if kod in shares}
    if not known:
        raise ParameterError(
            f"{scenario.namn}: no municipality's places are known, so nothing can be proposed.",
            *(f"kapacitet: {missing}" for missing in missing_places(scenario, list(shares))),
        )
    least = max(scenario.minsta_andelstal, data.rules.of(scenario.ar).least_share)
    return Problem(
        shares, scenario.prognos_ekb, known, frozenset(scenario.godkant), least_promille=least
    )


def missing_places(scenario: ScenarioFile, codes: Sequence[str]) -> list[str]:
    """Return what is not known of municipalities' places, one sentence per kind of place."""
    told = {(row.kommunkod, row.slag) for row in scenario.kapacitet if row.antal is not None}
    lacking = {slag: [kod for kod in codes if (kod, slag) not in told] for slag in PLACES}
    return [
        f"{slag} is not known for {', '.join(missing)}."
        for slag, missing in lacking.items()
        if missing
    ]


def with_moves(scenario: ScenarioFile, proposal: Proposal, name: str, note: str) -> ScenarioFile:
    """Return a scenario under a new name with a proposal's moves as its plan; nobody has signed it
    yet.
    """
    moves = [
        Flytt(fran=move.giver, till=move.receiver, andelstal=move.promille)
        for move in proposal.moves
    ]
    changes: Mapping[str, object] = {
        "namn": name,
        "flytt": moves,
        "anteckning": note,
        "forfattare": "",
        "datum": None,
    }
    return scenario.model_copy(update=dict(changes))


def would_have_to_agree(problem: Problem, goal: Goal) -> tuple[str, ...]:
    """Return kommunkod of those that have not agreed to receive and would, if only they all did; ()
    if none helps.
    """
    asked = replace(problem, agreed=frozenset(problem.shares))
    receivers = {move.receiver for move in propose(asked, goal).moves}
    return tuple(kod for kod in problem.shares if kod in receivers - problem.agreed)
