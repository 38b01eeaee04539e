"""`mottagning data fetch`: ask Kolada and SCB, keep their answers, report which values are new and
which were revised.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from helpers.cli.terminal import Console, plain_bar, plain_console, print, print_json, retries_told
from helpers.contracts.numbers import LIMITS
from helpers.errors import ParameterError, SetupError, WorkbookError
from helpers.imports import fetched
from helpers.imports.answers import Draft
from helpers.imports.fetched import KOLADA, SCB, Stored
from helpers.imports.kolada import ONLY_IN_SNAPSHOT
from helpers.sources import load_catalogue, services, web
from helpers.sources.services import KPIS
from helpers.sources.snapshot import Page, Question, Snapshot, open_snapshot

SHOWN = 40  # revised values on the terminal; all of them are in the index and in --json
NAMES = {service.id: service.name for service in (KOLADA, SCB)}


def result_as_json(stored: Stored, wanted: Sequence[Question]) -> dict[str, Any]:
    """Return the result of one source as `--json` prints it.

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
        "years_without_value": sorted(
            {year for kpi, year in wanted if kpi == draft.kpi} - set(known)
        ),
    }


def tell(results: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Print the result of each source; one that failed is in the JSON only, as its error is printed
    separately.
    """
    if as_json:
        print_json({"sources": list(results)})
        return
    for result in results:
        if "errors" not in result:
            _tell_one(result, NAMES[result["source"]])


def _tell_one(result: dict[str, Any], name: str) -> None:
    print(
        f"{result['snapshot']}: {result['asked']} answers fetched, {result['already_in_hand']}"
        " already there."
    )
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
    old, new = (
        "unknown" if value is None else str(value) for value in (revision["old"], revision["new"])
    )
    return f"{revision['kpi']} {revision['year']}, unit {revision['unit']}{sex}: {old} → {new}"


FIRST_YEAR = 2008
EARLIEST = int(LIMITS["fetched_year"].least)
PATIENCE = web.Patience()
SCB_PATIENCE = services.SCB_PATIENCE
SOURCES = ("kolada", "scb")
Listener = Callable[[Question, bool], None]
Ask = Callable[[Question], list[Page]]
Prepared = tuple[list[Question], Ask]


@dataclass(frozen=True)
class ServiceCall:
    """One service to ask: the questions, the option that holds its address, and how to ask those
    that it can answer.
    """

    service: fetched.Service
    option: str
    base_url: str
    wanted: list[Question]
    prepare: Callable[[Snapshot], Prepared]


def fetch(
    base_url: str,
    scb_url: str,
    years: str | None,
    kpis: Sequence[str],
    sources: Sequence[str],
    as_json: bool,
) -> None:
    """Fetch what is missing in the day's snapshots, write the tables, print the result.

    A source that fails does not lose the other: what came is written and told, then the failure is
    raised.
    """
    today = datetime.date.today()
    asked_years = parsed_years(years, today.year)
    names = parsed_sources(sources, kpis)
    make = {
        "kolada": lambda: _kolada(base_url, parsed_kpis(kpis), asked_years),
        "scb": lambda: _scb(scb_url, asked_years),
    }
    results: list[dict[str, Any]] = []
    failures: list[WorkbookError] = []
    for source in [make[name]() for name in names]:
        try:
            results.append(_fetched(source, today))
        except WorkbookError as error:
            failures.append(error)
            results.append({"source": source.service.id, "errors": list(error.problems)})
    tell(results, as_json)
    if failures:
        problems = [problem for failure in failures for problem in failure.problems]
        raise type(failures[0])(
            *problems, "The reports still render and name the years that are missing."
        )


def parsed_sources(given: Sequence[str], kpis: Sequence[str]) -> list[str]:
    """Return the services to ask: those given; by default both, or Kolada alone if its KPIs are
    named.

    Raises:
        ParameterError: one is not known, or KPIs are named and Kolada is not to be asked.

    >>> parsed_sources([], []), parsed_sources([], ["N01986"]), parsed_sources(["SCB"], [])
    (['kolada', 'scb'], ['kolada'], ['scb'])
    """
    asked = [part.strip().lower() for text in given for part in text.split(",")]
    if unknown := [name for name in asked if name not in SOURCES]:
        raise ParameterError(f"--source: found {unknown[0]!r}; write {' or '.join(SOURCES)}.")
    if kpis and asked and "kolada" not in asked:
        raise ParameterError(
            "--kpi: KPIs are Kolada's, and --source leaves Kolada out. Drop one of the two."
        )
    return [name for name in SOURCES if name in (asked or (["kolada"] if kpis else SOURCES))]


def parsed_years(text: str | None, this_year: int) -> list[int]:
    """Return the years asked for: "2008-2018", "2017" or "2015,2017-2018"; by default 2008 to this
    year.

    Raises:
        ParameterError: it cannot be read, runs backwards, or leads outside 1970 to this year.

    >>> parsed_years("2015, 2017–2018", 2026)
    [2015, 2017, 2018]
    """
    found: set[int] = set()
    for part in (f"{FIRST_YEAR}-{this_year}" if text is None else text).split(","):
        match = re.fullmatch(r"\s*([0-9]{4})\s*(?:[-–]\s*([0-9]{4})\s*)?", part, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last or first < EARLIEST or last > this_year:
            raise ParameterError(
                f"--years: found {text!r}; write years from {EARLIEST} to {this_year}, such as"
                " 2008-2018 or 2015,2017."
            )
        found.update(range(first, last + 1))
    return sorted(found)


def parsed_kpis(given: Sequence[str]) -> list[str]:
    """Return the KPIs asked for, in the project's order; by default all five.

    Raises:
        ParameterError: one of them is not a KPI that the project knows.
    """
    asked = {part.strip().upper() for text in given for part in text.split(",") if part.strip()}
    unknown = sorted(asked - KPIS.keys())
    if unknown or (given and not asked):
        known = ", ".join(f"{kpi} ({what})" for kpi, what in KPIS.items())
        raise ParameterError(
            f"--kpi: {', '.join(unknown) or given[0]} is not among those fetched: {known}."
        )
    return [kpi for kpi in KPIS if not asked or kpi in asked]


def _kolada(base_url: str, kpis: list[str], years: list[int]) -> ServiceCall:
    service = services.Kolada(base_url, PATIENCE)
    wanted = [(kpi, year) for kpi in kpis for year in years]
    return ServiceCall(
        fetched.KOLADA, "--base-url", service.base_url, wanted, lambda _: (wanted, service.pages)
    )


def _scb(base_url: str, years: list[int]) -> ServiceCall:
    """The years that SCB's table has are asked for, in the regions it has of those we know."""
    service = services.PxWeb(base_url, SCB_PATIENCE)
    wanted = [(services.CONTENT, year) for year in years]

    def prepare(snapshot: Snapshot) -> Prepared:
        described = service.description(snapshot)
        regions = fetched.known_codes(load_catalogue(), "kommun") & described.regions
        questions = [question for question in wanted if question[1] in described.years]
        return questions, partial(service.pages, regions=regions)

    return ServiceCall(fetched.SCB, "--scb-url", service.base_url, wanted, prepare)


def _fetched(source: ServiceCall, today: datetime.date) -> dict[str, Any]:
    """Ask one source, write its tables and return the result."""
    root = load_catalogue().root
    with open_snapshot(root, source.service.id, today) as snapshot:
        asked, in_hand = _ask(snapshot, source)
        stored = fetched.store(root, source.service, snapshot)
    return {
        "source": source.service.id,
        "snapshot": snapshot.shown_path,
        "base_url": source.base_url,
        "asked": asked,
        "already_in_hand": in_hand,
        **result_as_json(stored, source.wanted),
    }


def _ask(snapshot: Snapshot, source: ServiceCall) -> tuple[int, int]:
    """Fill the snapshot; how many questions were asked and how many had their answers."""
    console = plain_console(stderr=True)
    try:
        with retries_told(console):
            questions, ask = source.prepare(snapshot)
            with _progress(console, source.service.name, len(questions)) as listen:
                asked = web.fill(snapshot, source.base_url, ask, questions, listen)
    except SetupError as error:
        raise type(error)(*error.problems, _what_stands(snapshot, source)) from None
    return asked, len(questions) - asked


def _what_stands(snapshot: Snapshot, source: ServiceCall) -> str:
    in_hand = sum(snapshot.pages(question) is not None for question in source.wanted)
    kept = (
        f"{in_hand} of {len(source.wanted)} answers are kept in {snapshot.shown_path}; the same"
        " command continues there today. "
        if in_hand
        else ""
    )
    return (
        f"No table from {source.service.name} was changed. {kept}Without access to it: give a"
        f" mirror of its API with {source.option} (behind a proxy, set HTTPS_PROXY)."
    )


@contextmanager
def _progress(console: Console, name: str, total: int) -> Iterator[Listener]:
    """Yield a function to call with each answer; it draws a bar for a person, plain lines for a
    log.
    """
    done = 0

    def listen(question: Question, asked: bool) -> None:
        nonlocal done
        done += 1
        kpi, year = question
        if not console.is_terminal:
            console.print(f"[{done}/{total}] {kpi} {year} {'fetched' if asked else 'in hand'}")
        bar.update(task, advance=1, description=f"{kpi} {year}")

    with plain_bar(console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=total)
        yield listen
