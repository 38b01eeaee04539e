"""`mottagning data fetch`: ask Kolada, keep what it answers, say what came and what was revised."""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import stamina
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from helpers.errors import ParameterError, SetupError
from helpers.sources import kolada, load_catalogue
from helpers.sources.snapshot import Question, Snapshot, open_snapshot
from helpers.tables import fetched
from helpers.tables.kolada import ONLY_IN_SNAPSHOT, Draft, Revision

FIRST_YEAR = 2008
PATIENCE = kolada.Patience()
SHOWN = 40  # revised values on the terminal; all of them stand in the index and in --json
Listener = Callable[[Question, bool], None]


def fetch(base_url: str, years: str | None, kpis: Sequence[str], as_json: bool) -> None:
    """Fetch what is missing in the day's snapshot, write the tables, print what came of it."""
    root = load_catalogue().root
    today = datetime.date.today()
    asked_kpis = parsed_kpis(kpis)
    questions = [(kpi, year) for kpi in asked_kpis for year in parsed_years(years, today.year)]
    service = kolada.Kolada(base_url, PATIENCE)
    with open_snapshot(root, today) as snapshot:
        asked = _ask(snapshot, service, questions)
        stored = fetched.store(root, snapshot)
    result = {
        "snapshot": snapshot.shown_path,
        "base_url": service.base_url,
        "asked": asked,
        "already_in_hand": len(questions) - asked,
        "tables": [_summary(draft, questions) for draft in stored.tables],
        "only_in_snapshot": [kpi for kpi in asked_kpis if kpi in ONLY_IN_SNAPSHOT],
        "compared_with": list(stored.compared_with),
        "revised": [fetched.as_plain(revision) for revision in stored.revised],
        "warnings": list(stored.warnings),
    }
    print(json.dumps(result, ensure_ascii=False, indent=1)) if as_json else _tell(result, stored.revised)


def parsed_years(text: str | None, this_year: int) -> list[int]:
    """Return the years asked for: "2008-2018", "2017" or "2015,2017-2018"; by default 2008 to this year.

    Raises:
        ParameterError: it cannot be read, runs backwards, or leads outside 1970 to this year.

    >>> parsed_years("2015, 2017–2018", 2026)
    [2015, 2017, 2018]
    """
    found: set[int] = set()
    for part in (f"{FIRST_YEAR}-{this_year}" if text is None else text).split(","):
        match = re.fullmatch(r"\s*(\d{4})\s*(?:[-–]\s*(\d{4})\s*)?", part, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last or first < 1970 or last > this_year:
            raise ParameterError(
                f"--years: found {text!r}; write years from 1970 to {this_year}, such as 2008-2018 or 2015,2017."
            )
        found.update(range(first, last + 1))
    return sorted(found)


def parsed_kpis(given: Sequence[str]) -> list[str]:
    """Return the KPIs asked for, in the project's order; by default all five.

    Raises:
        ParameterError: one of them is not a KPI that the project knows.
    """
    asked = {part.strip().upper() for text in given for part in text.split(",") if part.strip()}
    unknown = sorted(asked - kolada.KPIS.keys())
    if unknown or (given and not asked):
        known = ", ".join(f"{kpi} ({what})" for kpi, what in kolada.KPIS.items())
        raise ParameterError(f"--kpi: {', '.join(unknown) or given[0]} is not among those fetched: {known}.")
    return [kpi for kpi in kolada.KPIS if not asked or kpi in asked]


def _ask(snapshot: Snapshot, service: kolada.Kolada, questions: list[Question]) -> int:
    try:
        with _progress(len(questions)) as listen:
            return kolada.fetch(snapshot, service, questions, listen)
    except SetupError as error:
        in_hand = sum(snapshot.pages(question) is not None for question in questions)
        raise type(error)(*error.problems, _what_stands(snapshot, in_hand, len(questions))) from None


def _what_stands(snapshot: Snapshot, in_hand: int, wanted: int) -> str:
    kept = (
        f"{in_hand} of {wanted} answers are kept in {snapshot.shown_path}; the same command continues there today. "
        if in_hand
        else ""
    )
    return (
        f"No table was changed. {kept}The reports still render and name the years that are missing.\n"
        "Without access to Kolada: give a mirror of its API with --base-url (behind a proxy, set HTTPS_PROXY)."
    )


@contextmanager
def _progress(total: int) -> Iterator[Listener]:
    """Give what is to be called with each answer; a bar for a person, plain lines for a log."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    done = 0

    def listen(question: Question, asked: bool) -> None:
        nonlocal done
        done += 1
        kpi, year = question
        if not console.is_terminal:
            console.print(f"[{done}/{total}] {kpi} {year} {'fetched' if asked else 'in hand'}", markup=False)
        bar.update(task, advance=1, description=f"{kpi} {year}")

    with _retries_told(bar.console), bar:
        task = bar.add_task("Kolada", total=total)
        yield listen


@contextmanager
def _retries_told(console: Console) -> Iterator[None]:
    """Say why and how long the command waits, instead of the library's own log."""

    def say(details: Any) -> None:
        console.print(f"  {details.caused_by}; trying again in {details.wait_for:.1f} s", markup=False)

    stamina.instrumentation.set_on_retry_hooks([say])
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)


def _summary(draft: Draft, questions: Sequence[Question]) -> dict[str, Any]:
    ar, value = draft.header.index("ar"), 3 if "antal" in draft.header else 2
    years = sorted({int(row[ar]) for row in draft.rows})
    known = [int(row[ar]) for row in draft.rows if row[value]]
    return {
        "table": draft.table_id,
        "rows": len(draft.rows),
        "known": len(known),
        "years": [years[0], years[-1]],
        "years_without_value": sorted({year for kpi, year in questions if kpi == draft.kpi} - set(known)),
    }


def _tell(result: dict[str, Any], revised: Sequence[Revision]) -> None:
    print(f"{result['snapshot']}: {result['asked']} answers fetched, {result['already_in_hand']} already there.")
    for table in result["tables"]:
        span = f"{table['years'][0]}–{table['years'][1]}"
        print(f"{table['table']}: {table['known']} values known of {table['rows']} listed, {span}.")
        if table["years_without_value"]:
            print(f"  Kolada has no value for {', '.join(map(str, table['years_without_value']))}.")
    if not result["tables"]:
        print("Kolada had no figure for what was asked; no table was changed.")
    if result["only_in_snapshot"]:
        names = ", ".join(f"{kpi} ({kolada.KPIS[kpi]})" for kpi in result["only_in_snapshot"])
        print(f"Kept in the snapshot only, no table rests on them: {names}.")
    if result["compared_with"]:
        print(f"Compared with {', '.join(result['compared_with'])}: {len(revised)} values revised.")
    for revision in revised[:SHOWN]:
        print(f"– {_revision(revision)}")
    if len(revised) > SHOWN:
        print(f"… and {len(revised) - SHOWN} more, in {result['snapshot']}/index.json.")
    for warning in result["warnings"]:
        print(f"Warning: {warning}")


def _revision(revision: Revision) -> str:
    sex = {"T": "", "K": ", women", "M": ", men"}[revision.gender]
    old, new = ("unknown" if value is None else str(value) for value in (revision.old, revision.new))
    return f"{revision.kpi} {revision.year}, unit {revision.unit}{sex}: {old} → {new}"
