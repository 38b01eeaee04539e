"""`mottagning scenario compare`: scenarios of one county side by side, printed or drawn."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.cases.scenarios import against_first
from helpers.cli.scenario_run import ENGLISH, computed, scenario_as_json, totals
from helpers.cli.terminal import print, print_json, print_table, records
from helpers.errors import ParameterError
from helpers.model.exact import exact_sum
from helpers.model.scenario import Result
from helpers.sources.snapshot import refuse_taken, write_whole
from helpers.tables import load

DIFFERENCES = ("andelstal_difference", "expected_difference")
COLUMNS = (
    "scenario",
    "kommunkod",
    "kommun",
    "andelstal",
    "expected",
    "placed_low",
    "placed_high",
    *DIFFERENCES,
)


def compare(
    names: Sequence[str], as_json: bool, svg: Path | None = None, overwrite: bool = False
) -> None:
    """Compute scenarios, print them beside the first and draw them if a file is named.

    Raises:
        ParameterError: they are of several counties, two have the same name, they cannot be drawn,
            or the file is there and is not to be replaced.
        SetupError: the drawing cannot be written.
    """
    if svg:
        _drawable(svg, names)
        refuse_taken(svg, overwrite)
    data = load()
    found = [(name, *computed(data, name)) for name in names]
    _comparable([result for _, _, result in found])
    table = against_first([result for _, _, result in found])
    if svg:
        from helpers.present.figures import draw_compared, render_svg, size_compared

        drawing = render_svg(lambda ax: draw_compared(table, ax, ENGLISH), *size_compared(table))
        write_whole(svg, drawing.encode("utf-8"))
    if as_json:
        scenarios = [scenario_as_json(data, *one) for one in found]
        print_json({"scenarios": scenarios, "compared": records(table[list(COLUMNS)])})
        return
    print_table(
        "Scenarios side by side: share in ‰, planning estimate, rule",
        _rows(table, [result for _, _, result in found]),
        right=_headings(table),
    )
    for _, _, result in found[1:]:
        print(f"– {_in_words(found[0][2], result, table)}")
    if svg:
        print(f"– Drawn: {svg}")


def _drawable(svg: Path, names: Sequence[str]) -> None:
    problems = [f"--svg {svg}: found the ending {svg.suffix!r}. Give a file that ends with .svg."]
    problems = problems if svg.suffix != ".svg" else []
    from helpers.present.figures.expectation import MOST_COMPARED  # and with it all that draws

    if len(names) > MOST_COMPARED:
        problems.append(
            f"--svg: found {len(names)} scenarios; name at most {MOST_COMPARED} to draw."
        )
    if problems:
        raise ParameterError(*problems)


def _comparable(results: Sequence[Result]) -> None:
    names = [result.scenario.name for result in results]
    counties = sorted({result.scenario.lanskod for result in results})
    problems = [
        f"counties {' and '.join(counties)} cannot stand side by side. Name scenarios of one."
    ]
    problems = problems if len(counties) > 1 else []
    problems += [
        f"{name!r} is named twice. Give each scenario its own namn."
        for name in names
        if names.count(name) > 1
    ]
    if problems:
        raise ParameterError(*dict.fromkeys(f"compare: {problem}" for problem in problems))


def _rows(table: pd.DataFrame, results: Sequence[Result]) -> list[dict[str, Any]]:
    """One row per municipality, and the sum; the scenarios' columns beside one another."""
    rows: dict[str, dict[str, Any]] = {}
    for one in records(table):
        row = rows.setdefault(one["kommunkod"], {"municipality": one["kommun"]})
        row[one["scenario"]] = _cell(one, (one["placed_low"], one["placed_high"]))
        row[f"Δ {one['scenario']}"] = _change(one["expected_difference"])
    sums: dict[str, Any] = {"municipality": "Sum"}
    for result in results:
        name = result.scenario.name
        part = table[table["scenario"] == name]
        sums[name] = _cell(totals(part), result.placed)
        sums[f"Δ {name}"] = _change(_sum(part["expected_difference"]))
    shown = _headings(table)
    return [
        {"municipality": row["municipality"], **{n: row.get(n, "") for n in shown}}
        for row in [*rows.values(), sums]
    ]


def _sum(column: pd.Series) -> float | None:
    return None if column.isna().any() else exact_sum(column)


def _headings(table: pd.DataFrame) -> list[str]:
    """The scenarios' columns: each one's figures, and for all but the first what differs."""
    first, *others = dict.fromkeys(table["scenario"])
    return [first, *(heading for name in others for heading in (name, f"Δ {name}"))]


def _cell(row: Mapping[str, Any], placed: tuple[int, int]) -> str:
    """Share, estimate and what the rule can give."""
    low, high = (int(end) for end in placed)
    return (
        f"{ENGLISH.number(row['andelstal'], 2)}  {ENGLISH.number(row['expected'], 1)} "
        f" {ENGLISH.range(low, high)}"
    )


def _change(expected: Any) -> str:
    return "" if pd.isna(expected) else ENGLISH.number(expected, 1, sign=True)


def _in_words(first: Result, other: Result, table: pd.DataFrame) -> str:
    """What another scenario changes, for the county and for those it changes most."""
    own = table[table["scenario"] == other.scenario.name].dropna(subset=list(DIFFERENCES))
    before, after = totals(first.table), totals(other.table)
    moved = own.reindex(
        own["expected_difference"]
        .astype(float)
        .abs()
        .sort_values(ascending=False, kind="stable")
        .index
    )
    changes = [
        f"{row['kommun']} {ENGLISH.number(row['expected_difference'], 1, sign=True)}"
        for row in moved.head(3).to_dict("records")
        if row["expected_difference"]
    ]
    most = (
        f" Most changes for {ENGLISH.listing(changes)}."
        if changes
        else " Nobody's estimate changes."
    )
    return (
        f"{other.scenario.name} against {first.scenario.name}: the county's estimate goes from"
        f" {ENGLISH.number(before['expected'], 1)} to {ENGLISH.number(after['expected'], 1)}"
        f" children, what the rule can give from {ENGLISH.range(*first.placed)} to"
        f" {ENGLISH.range(*other.placed)}.{most}"
    )
