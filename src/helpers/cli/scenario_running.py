"""What a scenario gives, on the terminal or as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.cli.checking import as_text, records
from helpers.cli.terminal import print_table
from helpers.errors import ParameterError
from helpers.model.capacity import PLACES, SCHOOL
from helpers.model.exact import exact_sum
from helpers.model.redistribution import PlanError, Refusal
from helpers.model.scenario import Result, chances_of_more
from helpers.model.uncertainty import FEWEST
from helpers.present.language import Language
from helpers.present.topics import refusals
from helpers.tables import Workbook, load
from helpers.tables import scenarios as files
from helpers.tables.scenario_file import ScenarioFile

ENGLISH = Language("en")
SUMS = ("andelstal_before", "andelstal", "expected", "expected_low", "expected_high", "placed")
PARTS = {
    "rounding": "from rounding every started child up, which favours small shares",
    "catch_up": "from evening out what was placed before",
    "attached": "from placement by attachment",
}
MADE = {"samma_ar": "in the year itself", "aret_fore": "the year before"}
COLUMNS = (
    "kommunkod", "kommun", "supposed", "andelstal_ar", "andelstal_before", "andelstal", "expected", "expected_low",
    "expected_high", "placed", *PARTS, "low", "middle", "high", "chance_more", "places", "shortfall", "slack",
    "overflow_forecast", "chance_over", "school_places", "school_shortfall",
)  # fmt: skip


def show_all(as_json: bool) -> None:
    """Print every scenario file of the data folder."""
    data = load()
    rows = [_listed(data, one) for one in files.scenarios_in(data)]
    if as_json:
        print(as_text({"scenarios": rows}))
        return
    print_table("Scenarios", [{**row, "problems": len(row["problems"]) or None} for row in rows])
    for row in rows:
        for problem in row["problems"]:
            print(f"– {problem}")


def _listed(data: Workbook, one: files.Listed) -> dict[str, Any]:
    problems = list(one.problems)
    if one.scenario:
        try:
            problems += [f"{one.name}: {reason}" for reason in reasons(data, files.refusals_of(data, one.scenario))]
        except ParameterError as error:
            problems += error.problems
    said = one.scenario.model_dump(include={"namn", "lan", "ar", "prognos_ekb"}) if one.scenario else {}
    fields = {name: said.get(name) for name in ("namn", "lan", "ar", "prognos_ekb")}
    return {"name": one.name, **fields, "holds": not problems, "problems": problems}


def reasons(data: Workbook, refused: Sequence[Refusal]) -> list[str]:
    """Return why a plan is refused, in English."""
    names = dict(zip(data.kommuner["kommunkod"], data.kommuner["kommun"], strict=True))
    return refusals.reasons(refused, names, ENGLISH)


def computed(data: Workbook, name: str) -> tuple[ScenarioFile, Result]:
    """Return a scenario file and what it gives.

    Raises:
        ParameterError: the file is not sound, or its redistribution is refused; every reason.
    """
    scenario = files.load_scenario(data, name)
    try:
        return scenario, files.run_scenario(data, scenario)
    except PlanError as error:
        raise ParameterError(*(f"{name}: {reason}" for reason in reasons(data, error.refusals))) from None


def run(names: Sequence[str], as_json: bool, more_than: int | None = None) -> None:
    """Compute scenarios and print them; nothing is printed if one of them is refused.

    Args:
        names: Files, by name or path.
        as_json: Whether to print JSON.
        more_than: Say too in which part of the draws more than so many children come; None does not.
    """
    data = load()
    found = [(name, *computed(data, name)) for name in names]
    if as_json:
        print(as_text({"scenarios": [summary(data, *one, more_than) for one in found]}))
        return
    for _, scenario, result in found:
        _print(data, scenario, result, more_than)


def summary(
    data: Workbook, name: str, scenario: ScenarioFile, result: Result, more_than: int | None = None
) -> dict[str, Any]:
    """Return a scenario and what it gives as JSON writes it; docs/cli.md has the shape."""
    hangs = files.hangs_on_rest(data, result).rename(
        columns={f"placed_{rest}": name for name, rest in files.RESTS.items()}
    )
    years = sorted(set(result.ratios["ar"].astype(int).tolist()))
    return {
        "file": name,
        "scenario": scenario.model_dump(mode="json"),
        "population_year": files.population_for(data, scenario.ar)[0],
        "more_than": more_than,
        "municipalities": records(_asked(result, more_than)[[*COLUMNS, "chance_more_than"]]),
        "total": {**totals(result.table), **_ends(result), "chance_more": result.chance_more},
        "interval": {
            "from": _basis(scenario, result),
            "forecasts": len(result.ratios),
            "years": years,
            "pooled": result.pooled,
        },
        "rest": {
            "chosen": scenario.ovriga_landet,
            "total": {name: int(hangs[name].sum()) for name in files.RESTS},
            "municipalities": records(hangs.drop(columns="kommun")),
        },
    }


def _asked(result: Result, more_than: int | None) -> pd.DataFrame:
    """The table with the chance that was asked for (chance_more_than, 0–1); unknown if none was."""
    return result.table.assign(chance_more_than=None if more_than is None else chances_of_more(result, more_than))


def totals(table: pd.DataFrame) -> dict[str, float]:
    """Return the exact sums of shares (‰) and children."""
    return {name: exact_sum(table[name]) for name in (*SUMS, *PARTS)}


def _ends(result: Result) -> dict[str, int | None]:
    return dict(zip(("low", "middle", "high"), result.total or (None, None, None), strict=True))


def _basis(scenario: ScenarioFile, result: Result) -> str | None:
    """What the interval was drawn from; None if there is none."""
    if result.total is None:
        return None
    return "fordelning" if scenario.fordelning else "record"


def _print(data: Workbook, scenario: ScenarioFile, result: Result, more_than: int | None) -> None:
    title = f"{scenario.namn}: {ENGLISH.number(scenario.prognos_ekb)} children in Sweden {scenario.ar}"
    total = {"kommun": "Sum", **totals(result.table), **_ends(result)}
    rows = [_row(row, more_than) for row in [*records(_asked(result, more_than)), total]]
    used = [name for name in rows[0] if any(row[name] for row in rows)]
    print_table(title, [{name: row[name] for name in used} for row in rows], right=used[1:])
    told = [_why(total), _interval(scenario, result), _hangs(scenario, files.hangs_on_rest(data, result))]
    told += [*_chances(result, more_than), *_places(scenario)]
    for sentence in [*told, *_stands_in(data, scenario, result), *_assumed(scenario, result)]:
        print(f"– {sentence}")
    print()


def _row(row: Mapping[str, Any], more_than: int | None) -> dict[str, str]:
    """One municipality, or the sum, in words; what is unknown or has no sum is blank."""
    ends = [row.get(name) for name in ("low", "middle", "high")]
    return {
        "municipality": row["kommun"],
        "supposed": "yes" if row.get("supposed") else "",
        "‰ before": ENGLISH.number(row["andelstal_before"], 2),
        "‰ after": ENGLISH.number(row["andelstal"], 2),
        "estimate": ENGLISH.number(row["expected"], 1),
        "whole": ENGLISH.range(int(row["expected_low"]), int(row["expected_high"])),
        "rule": ENGLISH.number(row["placed"]),
        "P10–P50–P90": "–".join(_known(end) for end in ends) if None not in ends else "",
        f"more than {more_than}": _percent(row.get("chance_more_than")),
        "places": _known(row.get("places")),
        "short": _known(row.get("shortfall")),
        "spare": _known(row.get("slack")),
        "overflows at": _known(row.get("overflow_forecast")),
        "over in": _percent(row.get("chance_over")),
        "school": _known(row.get("school_places")),
        "school short": _known(row.get("school_shortfall")),
    }


def _known(number: float | None) -> str:
    return "" if number is None else ENGLISH.number(number)


def _percent(part: float | None) -> str:
    return "" if part is None else f"{ENGLISH.number(100 * part, 0)}%"


def _chances(result: Result, more_than: int | None) -> list[str]:
    """What the column of chances is a part of."""
    if more_than is None:
        return []
    if result.simulation is None:
        return [f"In how many draws more than {more_than} come is not known: there are none."]
    return [
        f"More than {more_than} is the part of the draws with more than {more_than} children in the municipality: not "
        "a probability of what can happen beyond them."
    ]


def _why(total: Mapping[str, Any]) -> str:
    parts = [f", {ENGLISH.number(total[name], 1, sign=True)} {says}" for name, says in PARTS.items() if total[name]]
    return (
        "The estimate is share × forecast. The rule gives each child to the municipality with the lowest fulfilment: "
        f"{ENGLISH.number(total['placed'])} against {ENGLISH.number(total['expected'], 1)}{''.join(parts)}."
    )


def _interval(scenario: ScenarioFile, result: Result) -> str:
    basis, count = _basis(scenario, result), len(result.ratios)
    years = ENGLISH.listing([str(year) for year in sorted(set(result.ratios["ar"]))])
    if basis == "fordelning":
        return f"The interval rests on the {len(scenario.fordelning)} numbers of children under fordelning."
    if basis is None:
        return (
            f"No interval: {count} other forecasts have an outcome, {FEWEST} are needed. Numbers of children under "
            "fordelning would give one."
        )
    made = f"made {MADE[scenario.prognos_gjord]}"
    if result.pooled:
        made = f"made the same year or the year before (fewer than {FEWEST} {made}: so it is rather too narrow)"
    return (
        f"The interval rests on how far {count} forecasts {made} missed, for {years} (its own year is left out): not a "
        "probability of what can happen beyond them. The sum's is the county's own."
    )


def _hangs(scenario: ScenarioFile, hangs: pd.DataFrame) -> str:
    columns = {name: f"placed_{rest}" for name, rest in files.RESTS.items()}
    sums = [f"{ENGLISH.number(int(hangs[column].sum()))} with {name}" for name, column in columns.items()]
    spread = hangs[list(columns.values())].max(axis=1) - hangs[list(columns.values())].min(axis=1)
    most = hangs["kommun"].iloc[int(spread.to_numpy().argmax())]
    return (
        f"The rest of the nation is represented by ovriga_landet: {scenario.ovriga_landet}. The rule gives the county "
        f"{ENGLISH.listing(sums)}; for one municipality it changes at most {int(spread.max())} ({most})."
    )


def _places(scenario: ScenarioFile) -> list[str]:
    """What the capacity columns are set against, and what stands in no column."""
    kinds = {row.slag for row in scenario.kapacitet}
    told, others = [], sorted(kinds - {*PLACES, SCHOOL})
    if kinds & set(PLACES):
        told.append(
            "Short and spare are places against the rule's placement; overflows at is the lowest forecast whose "
            "estimate exceeds the places; over in is the part of the draws with more children than places."
        )
    if SCHOOL in kinds:
        told.append("School short is school places against the rule's placement: every child needs one.")
    if others:
        told.append(f"Kept in the file, but set against nothing: {ENGLISH.listing(others)}.")
    return told


def _stands_in(data: Workbook, scenario: ScenarioFile, result: Result) -> list[str]:
    """Figures of another year."""
    years = sorted({int(ar) for ar in result.table["andelstal_ar"]} - {scenario.ar})
    people = files.population_for(data, scenario.ar)[0]
    told = [f"Shares of {', '.join(map(str, years))} stand in for {scenario.ar}."] if years else []
    return told + ([f"The population is that of {people}."] if people != scenario.ar else [])


def _assumed(scenario: ScenarioFile, result: Result) -> list[str]:
    """What the file supposes, and its own note."""
    supposed = result.table.loc[result.table["supposed"], "kommun"].tolist()
    told = [f"Shares supposed in the file, by no source: {ENGLISH.listing(supposed)}."] if supposed else []
    if scenario.flytt:
        told.append(f"The redistribution is the file's own: {len(scenario.flytt)} moves. The county's sum stands.")
    if not scenario.placerade_fore and scenario.placerade_riket is None:
        told.append("No earlier placements are given: every municipality begins from 0.")
    return told + ([f"Note in the file: {scenario.anteckning}"] if scenario.anteckning else [])
