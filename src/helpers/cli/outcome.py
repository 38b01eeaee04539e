"""What came of a fetch, in words for a person or as JSON."""

from collections.abc import Sequence
from typing import Any

from helpers.cli.saying import print
from helpers.contracts.json_text import to_json
from helpers.sources.kolada import KPIS
from helpers.sources.snapshot import Question
from helpers.tables import fetched
from helpers.tables.answers import Draft
from helpers.tables.fetched import KOLADA, SCB, Stored
from helpers.tables.kolada import ONLY_IN_SNAPSHOT

SHOWN = 40  # revised values on the terminal; all of them stand in the index and in --json
NAMES = {service.id: service.name for service in (KOLADA, SCB)}


def summary(stored: Stored, wanted: Sequence[Question]) -> dict[str, Any]:
    """Return what became of one source's answers, as JSON writes it.

    Args:
        stored: What was written and what was revised.
        wanted: Every KPI and year that was wished for.
    """
    kpis = list(dict.fromkeys(kpi for kpi, _ in wanted))
    return {
        "tables": [_table(draft, wanted) for draft in stored.tables],
        "only_in_snapshot": [kpi for kpi in kpis if kpi in ONLY_IN_SNAPSHOT],
        "compared_with": list(stored.compared_with),
        "revised": [fetched.as_plain(revision) for revision in stored.revised],
        "warnings": list(stored.warnings),
    }


def _table(draft: Draft, wanted: Sequence[Question]) -> dict[str, Any]:
    ar, value = draft.header.index("ar"), 3 if "antal" in draft.header else 2
    years = sorted({int(row[ar]) for row in draft.rows})
    known = [int(row[ar]) for row in draft.rows if row[value]]
    return {
        "table": draft.table_id,
        "rows": len(draft.rows),
        "known": len(known),
        "years": [years[0], years[-1]],
        "years_without_value": sorted({year for kpi, year in wanted if kpi == draft.kpi} - set(known)),
    }


def tell(results: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Print what came of each source; one that failed is only in the JSON, as its error is told apart."""
    if as_json:
        print(to_json({"sources": list(results)}, indent=1))
        return
    for result in results:
        if "errors" not in result:
            _tell_one(result, NAMES[result["source"]])


def _tell_one(result: dict[str, Any], name: str) -> None:
    print(f"{result['snapshot']}: {result['asked']} answers fetched, {result['already_in_hand']} already there.")
    for table in result["tables"]:
        span = f"{table['years'][0]}–{table['years'][1]}"
        print(f"{table['table']}: {table['known']} values known of {table['rows']} listed, {span}.")
        if table["years_without_value"]:
            print(f"  {name} has no value for {', '.join(map(str, table['years_without_value']))}.")
    if not result["tables"]:
        print(f"{name} had no figure for what was asked; no table was changed.")
    if result["only_in_snapshot"]:
        names = ", ".join(f"{kpi} ({KPIS[kpi]})" for kpi in result["only_in_snapshot"])
        print(f"Kept in the snapshot only, no table rests on them: {names}.")
    _tell_revised(result)
    for warning in result["warnings"]:
        print(f"Warning: {warning}")


def _tell_revised(result: dict[str, Any]) -> None:
    revised = result["revised"]
    if result["compared_with"]:
        print(f"Compared with {', '.join(result['compared_with'])}: {len(revised)} values revised.")
    for revision in revised[:SHOWN]:
        print(f"– {_revision(revision)}")
    if len(revised) > SHOWN:
        print(f"… and {len(revised) - SHOWN} more, in {result['snapshot']}/index.json.")


def _revision(revision: dict[str, Any]) -> str:
    sex = {"T": "", "K": ", women", "M": ", men"}[revision["gender"]]
    old, new = ("unknown" if value is None else str(value) for value in (revision["old"], revision["new"]))
    return f"{revision['kpi']} {revision['year']}, unit {revision['unit']}{sex}: {old} → {new}"
