"""`mottagning data import`: read files in a separate process, judge them, show what changes, write
those that are accepted.
"""

import dataclasses
import datetime
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from helpers import tables
from helpers.cli.terminal import print, print_json
from helpers.contracts.files import refuse_no_file, sha256_of
from helpers.errors import DataError, ParameterError, WorkbookError, told
from helpers.sources.catalogue import data_folder
from helpers.sources.imported import held

if TYPE_CHECKING:
    from helpers.imports.effect import Change, Summary
    from helpers.imports.judging import Asked, Judged
    from helpers.imports.verdicts import ImportedTable
    from helpers.sources import Catalogue, SourceTable
    from helpers.sources.files.findings import Finding
    from helpers.sources.imported import Content
    from helpers.tables.workbook import Workbook

FOLDER = "raw"
LEFT_ALONE = (".", "~$", "README")  # hidden files, Excel's lock files, and what explains the folder


def new_files(quiet: bool) -> list[Path]:
    """Return the files at the top of data/raw/ that no table was made from, by name; say which are
    known.

    A file whose figures a later file has replaced is known too: taking it again would undo the
    later one. `quiet` leaves standard output to the JSON; it is then said on standard error.
    """
    from helpers.sources import load_catalogue

    catalogue = load_catalogue()
    taken = _taken(catalogue)
    files = _files(catalogue.root / FOLDER)
    known = [file.name for file in files if sha256_of(file) in taken]
    out = sys.stderr if quiet else sys.stdout
    if known:
        print(f"Already imported: {', '.join(known)}.", file=out)
    new = [file for file in files if file.name not in known]
    if not new:
        print(
            f"Nothing new in {catalogue.root / FOLDER}. Put an agency's file there, or name one.",
            file=out,
        )
    return new


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        file for file in folder.iterdir() if file.is_file() and not file.name.startswith(LEFT_ALONE)
    )


def _taken(catalogue: "Catalogue") -> set[str]:
    """The checksums of every file that a table was made from, now or before a later file replaced
    it.
    """
    tables = catalogue.tables.values()
    return {checksum for table in tables for checksum in (table.original_sha256, *table.superseded)}


TOTALS = {  # how a field's total is told
    "totalt": "{} mottagna",
    "totalt, varav ensamkommande": "av dem {} ensamkommande barn",
    "kommuntal": "kommuntal {}",
    "mottagna_efter_anvisning": "mottagna efter anvisning {}",
    "andelstal": "andelstal {} ‰",
    "utfall": "utfall {} barn",
}
NO_SUMS = "filen har inga tryckta summor att stämma av mot"
SHOWN = 20  # changes printed; --json has them all


def import_files(files: list[Path] | None, asked: "Asked", dry_run: bool, as_json: bool) -> None:
    """Import files, or what is new in `data/raw/`, and print each one's verdict; exit 5 if any was
    refused.

    What is in hand is loaded, the files are judged by it, and they are written, while no one else
    may write. Files that came in are told of, also if the disk refuses a later one. The county
    asked for is given by letter or code.
    """
    _check_call(files or [])
    told: list[dict[str, Any]] = []
    try:
        with nullcontext() if dry_run else held(data_folder(), _say_that_it_waits):
            taken = files or new_files(quiet=as_json)
            _import(taken, asked, dry_run, told)
    except WorkbookError:
        if told:
            _print(told, dry_run, as_json)
        raise
    if taken or as_json:
        _print(told, dry_run, as_json)
    if any(file["written"] for file in told):
        tables.refresh_tidy()
    if any(file["refused"] for file in told):
        raise typer.Exit(DataError.exit_code)


def _say_that_it_waits() -> None:
    print(
        "Another command is writing in the data folder; this one waits until it is done.",
        file=sys.stderr,
    )


def _check_call(files: list[Path]) -> None:
    problems: list[str] = []
    for file in files:
        try:
            refuse_no_file(file)
        except FileNotFoundError:
            problems.append(f"{file}: there is no such file. Check the name.")
        except OSError as error:
            problems.append(told(error, file))
    if problems:
        raise ParameterError(*problems)


def _import(files: list[Path], asked: "Asked", dry_run: bool, told: list[dict[str, Any]]) -> None:
    """Judge every file; write an accepted one before the next is judged, so that a crash loses
    none.
    """
    from helpers.imports.detailed import judged_apart
    from helpers.imports.judging import load_for

    if not files:
        return
    workbook = load_for(files)
    if asked.lanskod:
        asked = dataclasses.replace(asked, lanskod=workbook.county(asked.lanskod).kod)
    taken: set[str] = set()
    for file in files:
        with judged_apart(file, workbook, asked, dry_run) as found:
            judged = _tried(_not_twice(found, taken), file, workbook)
            told.append(_take(file, judged, workbook, dry_run))
        taken |= {f"{table.kind} {table.ar}" for table in judged.tables}


def _not_twice(judged: "Judged", taken: set[str]) -> "Judged":
    """Refuse a second file that holds a table which an earlier one in the same call has given."""
    from helpers.imports.verdicts import NOT_ACCEPTED
    from helpers.sources.files.findings import Finding

    earlier = {f"{table.kind} {table.ar}" for table in judged.tables} & taken
    if not earlier:
        return judged
    says = f"En tidigare fil i samma anrop gav redan {', '.join(sorted(earlier))}."
    findings = [*judged.findings, Finding("dubbel_i_anropet", says)]
    return dataclasses.replace(judged, verdict=NOT_ACCEPTED, findings=findings, tables=[])


def _tried(judged: "Judged", file: Path, workbook: "Workbook") -> "Judged":
    """Load all tables as they would lie, and reckon whether they add up, before any is written."""
    from helpers.cases.ledger import ledger
    from helpers.imports.trial import tried

    return tried(judged, file.name, workbook, ledger)


def _take(file: Path, judged: "Judged", workbook: "Workbook", dry_run: bool) -> dict[str, Any]:
    """Write a file's tables, unless it is refused or only tried, and return all there is to say of
    it.
    """
    from helpers.imports.effect import summary_of
    from helpers.imports.judging import entry_of
    from helpers.sources.imported import write_tables

    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = [
        (entry_of(table, judged, file.name, workbook, stamp), table.file or table.csv_text)
        for table in judged.tables
    ]
    found = [
        (table, _changes_by(table, entry.id, workbook))
        for table, (entry, _) in zip(judged.tables, entries, strict=True)
    ]
    changed = [change for _, own in found for change in own]
    read = [
        summary_of(table, entry.id, own, workbook)
        for (entry, _), (table, own) in zip(entries, found, strict=True)
        if table.figures
    ]
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    if entries and not dry_run:
        write_tables(workbook.catalogue.root, _with_what_they_held(entries, read))
    return {
        "file": str(file).encode("utf-8", "replace").decode("utf-8"),  # a name need not be text
        "verdict": judged.verdict,
        "refused": judged.refused,
        "layout": judged.layout,
        "sha256": judged.sha256,
        "rows": judged.rows,
        "sums": {"printed": judged.sums, "held": judged.held},
        "findings": [_finding(finding) for finding in judged.findings],
        "tables": [entry.id for entry, _ in entries],
        "read": [dataclasses.asdict(one) for one in read],
        "written": bool(entries) and not dry_run,
        "changes": {"count": len(changed), "rows": [_change(change, names) for change in changed]},
    }


def _changes_by(table: "ImportedTable", table_id: str, workbook: "Workbook") -> "list[Change]":
    from helpers.imports.effect import changes, figures_in_hand, gone

    in_hand = figures_in_hand(workbook, table.kind)
    return changes(table, in_hand, gone(table, table_id, workbook))


def _with_what_they_held(
    entries: "list[tuple[SourceTable, Content]]", read: "list[Summary]"
) -> "list[tuple[SourceTable, Content]]":
    """The entries with the words of what was read of each, to be kept with the import."""
    words = {one.id: _held(dataclasses.asdict(one)) for one in read}
    return [
        (entry.model_copy(update={"held": words.get(entry.id, "")}), content)
        for entry, content in entries
    ]


def _finding(finding: "Finding") -> dict[str, Any]:
    return {**dataclasses.asdict(finding), "where": finding.where}


def _change(change: "Change", names: dict[str, str]) -> dict[str, Any]:
    return {**vars(change), "kommun": ({"": "Okänd kommun"} | names).get(change.kommunkod, "")}


def _print(told: list[dict[str, Any]], dry_run: bool, as_json: bool) -> None:
    if as_json:
        refused = sum(file["refused"] for file in told)
        answer = {
            "files": told,
            "accepted": len(told) - refused,
            "refused": refused,
            "dry_run": dry_run,
        }
        print_json(answer)
        return
    for file in told:
        print(
            f"{file['file']}: {file['verdict']}"
            + (f" ({file['layout']})" if file["layout"] else "")
        )
        for finding in file["findings"]:
            where = f"{finding['where']}: " if finding["where"] else ""
            print(f"  {finding['level']}: {where}{finding['says']}")
        if file["tables"]:
            _print_read(file, dry_run)
            _print_changes(file)


def _print_read(file: dict[str, Any], dry_run: bool) -> None:
    """Print what was read: rows, municipalities, totals, and whether the printed sums hold."""
    from helpers.imports.verdicts import swedish

    sums = file["sums"]
    checked = f"{swedish(sums['held'])} av {swedish(sums['printed'])} tryckta summor stämmer"
    if file["rows"]:
        rows = _counted(file["rows"], "rad", "rader")
        print(f"  läste {rows} under rubriken; {checked if sums['printed'] else NO_SUMS}")
    print(f"  {'skulle ge' if dry_run else 'gav'} {', '.join(file['tables'])}")
    for table in file["read"]:
        print(f"  {table['id']}: {_held(table)}")
        counts = (
            f"{swedish(table['new'])} nya, {swedish(table['changed'])} ändrade,"
            f" {swedish(table['gone'])} borta"
        )
        print(f"    mot det som fanns: {counts}")


def _held(table: dict[str, Any]) -> str:
    """What a table holds, in words: places, year, rows, totals and what is unknown."""
    from helpers.imports.verdicts import swedish

    parts = [TOTALS[what].format(swedish(value)) for what, value in table["totals"].items()]
    unknown = [f"{swedish(table['unknown'])} uppgifter saknas"] if table["unknown"] else []
    places = f"{_counted(table['municipalities'], 'kommun', 'kommuner')}, {table['ar']}, "
    places += _counted(table["rows"], "rad", "rader")
    return f"{places}; {', '.join([*parts, *unknown])}"


def _counted(number: int, one: str, more: str) -> str:
    from helpers.imports.verdicts import swedish

    return f"{swedish(number)} {one if number == 1 else more}"


def _print_changes(file: dict[str, Any]) -> None:
    count, rows = file["changes"]["count"], file["changes"]["rows"]
    for row in rows[:SHOWN]:
        old, new = (_known(row[name]) for name in ("gammalt", "nytt"))
        print(f"    {row['kommunkod']} {row['kommun']} {row['ar']} {row['uppgift']}: {old} → {new}")
    if count > SHOWN:
        print(f"    … och {count - SHOWN} till; alla med --json.")


def _known(value: float | None) -> str:
    from helpers.imports.verdicts import swedish

    return "uppgift saknas" if value is None else swedish(value)
