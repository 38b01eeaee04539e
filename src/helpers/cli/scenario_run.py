"""`mottagning scenario list` and `run`: the scenario files, and the results of some."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.cases import scenarios as files
from helpers.cases.estimates import population_for
from helpers.cases.scenario_file import ScenarioFile
from helpers.cli.terminal import print, print_json, print_table, records
from helpers.errors import ParameterError
from helpers.model.exact import exact_sum
from helpers.model.record import ASYLUM, FEWEST
from helpers.model.redistribution import PlanError, Refusal
from helpers.model.scenario import ENDS, PLACES, SCHOOL, Result, outcomes_of_more
from helpers.present.language import Language
from helpers.tables import Workbook, load

ENGLISH = Language("en")
SUMS = ("andelstal_before", "andelstal", "expected", "expected_low", "expected_high")
PARTS = {
    "rounding": "from children being whole",
    "catch_up": "from evening out what was placed before",
    "attached": "from placement by attachment",
}
MADE = {"samma_ar": "in the year itself", "aret_fore": "the year before"}
COLUMNS = (
    "kommunkod", "kommun", "supposed", "estimated", "andelstal_ar", "andelstal_before",
    "andelstal", "expected", "expected_low",
    "expected_high", "placed_low", "placed_high", "since_low", "since_high", "placed", *PARTS,
    *ENDS, "places",
    "shortfall", "slack", "overflow_forecast", "over_surely", "over_possibly", "school_places",
    "school_shortfall",
)  # fmt: skip


def show_all(as_json: bool) -> None:
    """Print every scenario file of the data folder."""
    data = load()
    rows = [_listed(data, one) for one in files.scenarios_in(data)]
    if as_json:
        print_json({"scenarios": rows})
        return
    print_table("Scenarios", [{**row, "problems": len(row["problems"]) or None} for row in rows])
    for row in rows:
        for problem in row["problems"]:
            print(f"– {problem}")


def _listed(data: Workbook, one: files.Listed) -> dict[str, Any]:
    problems = list(one.problems)
    if one.scenario:
        try:
            problems += [
                f"{one.name}: {reason}"
                for reason in reasons(data, files.refusals_of(data, one.scenario))
            ]
        except ParameterError as error:
            problems += error.problems
    said = (
        one.scenario.model_dump(include={"namn", "lan", "ar", "prognos_ekb"})
        if one.scenario
        else {}
    )
    fields = {name: said.get(name) for name in ("namn", "lan", "ar", "prognos_ekb")}
    return {"name": one.name, **fields, "holds": not problems, "problems": problems}


def reasons(data: Workbook, refused: Sequence[Refusal]) -> list[str]:
    """Return why a plan is refused, in English."""
    names = dict(zip(data.kommuner["kommunkod"], data.kommuner["kommun"], strict=True))
    from helpers.present.topics import plans  # and with it all that draws

    return plans.reasons(refused, names, ENGLISH)


def computed(data: Workbook, name: str) -> tuple[ScenarioFile, Result]:
    """Return a scenario file and its result.

    Raises:
        ParameterError: the file is not sound, or its redistribution is refused; every reason.
    """
    scenario = files.load_scenario(data, name)
    try:
        return scenario, files.run_scenario(data, scenario)
    except PlanError as error:
        raise ParameterError(
            *(f"{name}: {reason}" for reason in reasons(data, error.refusals))
        ) from None


def run(names: Sequence[str], as_json: bool, more_than: int | None = None) -> None:
    """Compute scenarios and print them; nothing is printed if one of them is refused.

    Args:
        names: Files, by name or path.
        as_json: Whether to print JSON.
        more_than: Say too in how many outcomes more than so many children come; None does not.
    """
    data = load()
    found = [(name, *computed(data, name)) for name in names]
    if as_json:
        print_json({"scenarios": [scenario_as_json(data, *one, more_than) for one in found]})
        return
    for _, scenario, result in found:
        _print(data, scenario, result, more_than)


def scenario_as_json(
    data: Workbook, name: str, scenario: ScenarioFile, result: Result, more_than: int | None = None
) -> dict[str, Any]:
    """Return a scenario and its result as `--json` prints it; docs/cli.md has the shape."""
    hangs = files.hangs_on_rest(data, result)
    hangs.columns = [_renamed(name) for name in hangs.columns]
    years = sorted(set(result.ratios["ar"].astype(int).tolist()))
    return {
        "file": name,
        "scenario": scenario.model_dump(mode="json"),
        "population_year": population_for(data, scenario.ar)[0],
        "more_than": more_than,
        "municipalities": records(_asked(result, more_than)[[*COLUMNS, *ASKED]]),
        "total": {**totals(result.table), **_ends(result)},
        "interval": {
            "from": _basis(scenario, result),
            "forecasts": len(result.ratios),
            "years": years,
            "of_asylum_seekers": int((result.ratios["matt"] == ASYLUM).sum()),
            "cases": result.cases.years if result.cases else 0,
            "above_forecast": result.off_forecast[0],
            "below_forecast": result.off_forecast[1],
        },
        "starts": {"low": result.starts[0], "high": result.starts[1]} if result.starts else None,
        "rest": {
            "chosen": scenario.ovriga_landet,
            "total": records(hangs[hangs["kommunkod"] == ""].drop(columns="kommunkod"))[0],
            "municipalities": records(hangs[hangs["kommunkod"] != ""]),
        },
    }


ASKED = ("more_surely", "more_possibly")


def _renamed(column: str) -> str:
    """A column of `by_rest` by the scenario file's own word: placed_equal_low is lika_low."""
    words = {
        f"placed_{rest}_{end}": f"{name}_{end}"
        for name, rest in files.RESTS.items()
        for end in ("low", "high")
    }
    return words.get(column, column)


def _asked(result: Result, more_than: int | None) -> pd.DataFrame:
    """Return the table with the cases asked for (more_surely, more_possibly); blank if none were
    asked for.
    """
    if more_than is None:
        return result.table.assign(**dict.fromkeys(ASKED))
    counts = outcomes_of_more(result, more_than)
    return result.table.assign(more_surely=counts["surely"], more_possibly=counts["possibly"])


def totals(table: pd.DataFrame) -> dict[str, float]:
    """Return the exact sums of shares (‰) and children; a column with an unknown value has none."""
    return {
        name: exact_sum(table[name])
        for name in (*SUMS, "placed", *PARTS)
        if table[name].notna().all()
    }


def _ends(result: Result) -> dict[str, object]:
    """The county's own ranges, which are no sums of the municipalities'."""
    placed, since = result.placed, result.since or (None, None)
    ranges = {
        "placed_low": placed[0],
        "placed_high": placed[1],
        "since_low": since[0],
        "since_high": since[1],
    }
    return {**ranges, **(result.total._asdict() if result.total else dict.fromkeys(ENDS))}


def _basis(scenario: ScenarioFile, result: Result) -> str | None:
    """Return which numbers the interval is made from; None if there is no interval."""
    if result.total is None:
        return None
    return "fordelning" if scenario.fordelning else "record"


def _print(data: Workbook, scenario: ScenarioFile, result: Result, more_than: int | None) -> None:
    title = (
        f"{scenario.namn}: {ENGLISH.number(scenario.prognos_ekb)} children in Sweden {scenario.ar}"
    )
    total = {"kommun": "Sum", **totals(result.table), **_ends(result)}
    since = result.scenario.rules.counted_from
    rows = [_row(row, more_than, since) for row in [*records(_asked(result, more_than)), total]]
    used = [name for name in rows[0] if any(row[name] for row in rows)]
    print_table(title, [{name: row[name] for name in used} for row in rows], right=used[1:])
    told = [
        _why(total, result),
        _interval(scenario, result),
        _hangs(scenario, files.hangs_on_rest(data, result)),
    ]
    told += [*_chances(result, more_than), *_places(scenario)]
    for sentence in [*told, *_stands_in(data, scenario, result), *_assumed(scenario, result)]:
        print(f"– {sentence}")
    print()


def _row(row: Mapping[str, Any], more_than: int | None, since: int) -> dict[str, str]:
    """Return one municipality, or the sum, as text; what is unknown or has no sum is blank."""
    return {
        "municipality": row["kommun"],
        "supposed": "yes" if row.get("supposed") else "",
        "estimated": "yes" if row.get("estimated") else "",
        "‰ before": ENGLISH.number(row["andelstal_before"], 2),
        "‰ after": ENGLISH.number(row["andelstal"], 2),
        "estimate": ENGLISH.number(row["expected"], 1),
        "whole": ENGLISH.range(int(row["expected_low"]), int(row["expected_high"])),
        "rule": _range(row, "placed_low", "placed_high"),
        f"since {since}": _range(row, "since_low", "since_high"),
        "lowest–highest": _range(row, "low", "high"),
        "half within": _range(row, "half_low", "half_high"),
        f"more than {more_than}": _range(row, *ASKED),
        "places": _known(row.get("places")),
        "short": _known(row.get("shortfall")),
        "spare": _known(row.get("slack")),
        "overflows at": _known(row.get("overflow_forecast")),
        "over in": _range(row, "over_surely", "over_possibly"),
        "school": _known(row.get("school_places")),
        "school short": _known(row.get("school_shortfall")),
    }


def _known(number: float | None) -> str:
    return "" if number is None else ENGLISH.number(number)


def _range(row: Mapping[str, Any], low: str, high: str) -> str:
    first, last = row.get(low), row.get(high)
    return "" if first is None or last is None else ENGLISH.range(int(first), int(last))


def _chances(result: Result, more_than: int | None) -> list[str]:
    """Say what the column of cases counts."""
    if more_than is None:
        return []
    if result.cases is None:
        return [f"In how many cases more than {more_than} come is not known: there are none."]
    return [
        f"More than {more_than} is in how many of the {result.cases.years} cases more"
        f" than {more_than} children come to the municipality, for the start that is worst and best"
        " for it: not a probability of what can happen beyond them."
    ]


def _why(total: Mapping[str, Any], result: Result) -> str:
    """Compare the county's estimate with what the rule can give, and say why they differ."""
    counted_from = result.scenario.rules.counted_from
    says = (
        "The estimate is share × forecast. The rule gives each child to the municipality with the"
        f" lowest fulfilment, counted from 1 January {counted_from} and never reset:"
        f" {_range(total, 'placed_low', 'placed_high')} against"
        f" {ENGLISH.number(total['expected'], 1)}"
    )
    if result.starts is None:
        parts = [
            f", {ENGLISH.number(total[name], 1, sign=True)} {why}"
            for name, why in PARTS.items()
            if total[name]
        ]
        return f"{says} from the start that the file supposes{''.join(parts)}."
    low, high = (ENGLISH.number(end) for end in result.starts)
    says += f", over every start from {low} to {high} children placed before" if low != high else ""
    since = _range(total, "since_low", "since_high")
    return (
        f"{says}; {since} if those who came since {counted_from} were all placed by it."
        if since
        else f"{says}."
    )


def _interval(scenario: ScenarioFile, result: Result) -> str:
    basis, count = _basis(scenario, result), len(result.ratios)
    years = sorted(set(result.ratios["ar"].astype(int)))
    if basis == "fordelning":
        return (
            f"Lowest and highest are of the {len(scenario.fordelning)} numbers of children under"
            " fordelning."
        )
    if basis is None:
        return (
            f"No interval: forecasts of {len(years)} other years have an outcome, {FEWEST} years"
            " are needed. Numbers of children under fordelning would give one."
        )
    above, below = result.off_forecast
    return (
        f"Lowest and highest are of every case that {count} forecasts made"
        f" {MADE[scenario.prognos_gjord]} give, for"
        f" {ENGLISH.listing([str(year) for year in years])} (its own year is left out), of which"
        f" {int((result.ratios['matt'] == ASYLUM).sum())} are of all asylum seekers, where none is"
        f" known of the children; too low were those of {above} years of {len(years)}, too high of"
        f" {below}. Another year like them is within in {len(years) - 1} cases of"
        f" {len(years) + 1}, and within the half in half of them at least. Not a probability of"
        " what can happen beyond them. The sum's is the county's own."
    )


def _hangs(scenario: ScenarioFile, hangs: pd.DataFrame) -> str:
    county, rests = records(hangs)[-1], files.RESTS.items()
    ranges = [
        f"{_range(county, f'placed_{rest}_low', f'placed_{rest}_high')} with {name}"
        for name, rest in rests
    ]
    return (
        f"The rest of the nation is represented by ovriga_landet: {scenario.ovriga_landet}. The"
        f" rule can give the county {ENGLISH.listing(ranges)}."
    )


def _places(scenario: ScenarioFile) -> list[str]:
    """Say which numbers the capacity columns compare, and which kinds of places they leave out."""
    kinds = {row.slag for row in scenario.kapacitet}
    told, others = [], sorted(kinds - {*PLACES, SCHOOL})
    if kinds & set(PLACES):
        told.append(
            "Short and spare are places against the most that the rule can give; overflows at is"
            " the lowest forecast whose estimate exceeds the places; over in is in how many"
            " cases more children come than places."
        )
    if SCHOOL in kinds:
        told.append(
            "School short is school places against the most that the rule can give: every child"
            " needs one."
        )
    if others:
        told.append(f"Kept in the file, but set against nothing: {ENGLISH.listing(others)}.")
    return told


def _stands_in(data: Workbook, scenario: ScenarioFile, result: Result) -> list[str]:
    """Figures of another year."""
    years = sorted({int(ar) for ar in result.table["andelstal_ar"]} - {scenario.ar})
    people = population_for(data, scenario.ar)[0]
    told = [f"Shares of {', '.join(map(str, years))} stand in for {scenario.ar}."] if years else []
    return told + ([f"The population is that of {people}."] if people != scenario.ar else [])


def _assumed(scenario: ScenarioFile, result: Result) -> list[str]:
    """What the file supposes, and its own note."""
    supposed = result.table.loc[result.table["supposed"], "kommun"].tolist()
    told = (
        [f"Shares supposed in the file, by no source: {ENGLISH.listing(supposed)}."]
        if supposed
        else []
    )
    guessed = result.table.loc[result.table["estimated"], "kommun"].tolist()
    if guessed:
        told.append(
            f"Shares estimated, published by nobody: {ENGLISH.listing(guessed)}. How far such"
            " estimates miss is on the page of sources."
        )
    if scenario.flytt:
        told.append(
            f"The redistribution is the file's own: {len(scenario.flytt)} moves. The county's sum"
            " stands."
        )
    return told + ([f"Note in the file: {scenario.anteckning}"] if scenario.anteckning else [])
