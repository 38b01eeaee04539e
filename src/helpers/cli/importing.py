"""The command that imports files: looks each over apart, judges it, shows what changes, and writes what is accepted."""

import dataclasses
import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from helpers.cli import tidying
from helpers.errors import DataError, ParameterError

if TYPE_CHECKING:
    from helpers.sources.files.findings import Finding
    from helpers.tables.importing.against import Change
    from helpers.tables.importing.judging import Asked, Judged
    from helpers.tables.workbook import Workbook

SHOWN = 20  # changes printed; --json has them all


def import_files(
    files: list[Path], lan: str | None, ar: int | None, accept_sum: bool, dry_run: bool, as_json: bool
) -> None:
    """Import files and print each one's verdict; exit 5 if any was refused."""
    from helpers import tables
    from helpers.tables.importing.judging import Asked

    _check_call(files, ar)
    workbook = tables.load()
    asked = Asked(workbook.county(lan).kod if lan else None, ar, accept_sum)
    told = _told(files, workbook, asked, dry_run)
    refused = sum(file["refused"] for file in told)
    if as_json:
        answer = {"files": told, "accepted": len(told) - refused, "refused": refused, "dry_run": dry_run}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        _print(told, dry_run)
    if any(file["written"] for file in told):
        tidying.refresh()
    if refused:
        raise typer.Exit(DataError.exit_code)


def _check_call(files: list[Path], ar: int | None) -> None:
    from helpers.tables.division import YEARS

    problems = [f"{file}: there is no such file. Check the name." for file in files if not file.is_file()]
    if ar is not None and ar not in YEARS:
        problems.append(f"ar: {ar} is outside {YEARS[0]}–{YEARS[-1]}. Choose a year in that range.")
    if problems:
        raise ParameterError(*problems)


def _told(files: list[Path], workbook: "Workbook", asked: "Asked", dry_run: bool) -> list[dict[str, Any]]:
    """Judge every file; write an accepted one before the next, so that a crash loses none that was accepted."""
    from helpers.tables.detailed.importing import judged_apart

    told: list[dict[str, Any]] = []
    taken: set[str] = set()
    for file in files:
        with judged_apart(file, workbook, asked, dry_run) as found:
            judged = _not_twice(found, taken)
            told.append(_take(file, judged, workbook, dry_run))
        taken |= {f"{table.kind} {table.ar}" for table in judged.tables}
    return told


def _not_twice(judged: "Judged", taken: set[str]) -> "Judged":
    """Refuse a second file that holds a table which an earlier one in the same call has given."""
    from helpers.sources.files.findings import Finding
    from helpers.tables.importing.verdicts import NOT_ACCEPTED

    earlier = {f"{table.kind} {table.ar}" for table in judged.tables} & taken
    if not earlier:
        return judged
    says = f"En tidigare fil i samma anrop gav redan {', '.join(sorted(earlier))}."
    findings = [*judged.findings, Finding("dubbel_i_anropet", says)]
    return dataclasses.replace(judged, verdict=NOT_ACCEPTED, findings=findings, tables=[])


def _take(file: Path, judged: "Judged", workbook: "Workbook", dry_run: bool) -> dict[str, Any]:
    """Write a file's tables, unless it is refused or only tried, and return all there is to say of it."""
    from helpers.sources.imported import write_tables
    from helpers.tables.importing.against import changes, figures_in_hand
    from helpers.tables.importing.judging import entry_of

    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = [
        (entry_of(table, judged, file.name, workbook, stamp), table.file or table.csv_text) for table in judged.tables
    ]
    changed = [change for table in judged.tables for change in changes(table, figures_in_hand(workbook, table.kind))]
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    if entries and not dry_run:
        write_tables(workbook.catalogue.root, entries)
    return {
        "file": str(file).encode("utf-8", "replace").decode("utf-8"),  # a name need not be text
        "verdict": judged.verdict,
        "refused": judged.refused,
        "layout": judged.layout,
        "sha256": judged.sha256,
        "findings": [_finding(finding) for finding in judged.findings],
        "tables": [entry.id for entry, _ in entries],
        "written": bool(entries) and not dry_run,
        "changes": {"count": len(changed), "rows": [_change(change, names) for change in changed]},
    }


def _finding(finding: "Finding") -> dict[str, Any]:
    return {**dataclasses.asdict(finding), "where": finding.where}


def _change(change: "Change", names: dict[str, str]) -> dict[str, Any]:
    return {**vars(change), "kommun": ({"": "Okänd kommun"} | names).get(change.kommunkod, "")}


def _print(told: list[dict[str, Any]], dry_run: bool) -> None:
    for file in told:
        print(f"{file['file']}: {file['verdict']}" + (f" ({file['layout']})" if file["layout"] else ""))
        for finding in file["findings"]:
            where = f"{finding['where']}: " if finding["where"] else ""
            print(f"  {finding['level']}: {where}{finding['says']}")
        if file["tables"]:
            _print_changes(file, dry_run)


def _print_changes(file: dict[str, Any], dry_run: bool) -> None:
    count, rows = file["changes"]["count"], file["changes"]["rows"]
    did = "skulle ge" if dry_run else "gav"
    print(f"  {did} {', '.join(file['tables'])}: {count} ändrade uppgifter")
    for row in rows[:SHOWN]:
        old, new = (_known(row[name]) for name in ("gammalt", "nytt"))
        print(f"    {row['kommunkod']} {row['kommun']} {row['ar']} {row['uppgift']}: {old} → {new}")
    if count > SHOWN:
        print(f"    … och {count - SHOWN} till; alla med --json.")


def _known(value: float | None) -> str:
    from helpers.tables.importing.cells import swedish

    return "uppgift saknas" if value is None else swedish(value)
