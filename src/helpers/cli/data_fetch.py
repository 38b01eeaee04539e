"""`mottagning data fetch`: ask Kolada and SCB, keep their answers, report which values are new and
which were revised.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpers.cli.terminal import plain_bar, plain_console, print, print_json, retries_told
from helpers.contracts.numbers import LIMITS
from helpers.errors import DataError, ParameterError, SetupError, WorkbookError
from helpers.imports import fetched, spot_check
from helpers.imports.fetched import KOLADA, SCB
from helpers.imports.spot_check import Checked, Held, Told
from helpers.sources import load_catalogue, services, web
from helpers.sources.services import KPIS
from helpers.sources.snapshot import Page, Question, Snapshot, open_snapshot

if TYPE_CHECKING:
    from helpers.cli.terminal import Console

SHOWN = 40  # revised values on the terminal; all of them are in the index and in --json
NAMES = {service.id: service.name for service in (KOLADA, SCB)}


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
# of a check: its user waits for one figure
CHECKING = {"attempts": 2, "first_attempts": 2, "read_timeout": 15.0, "whole_timeout": 30.0}
Listener = Callable[[Question, bool], None]
Ask = Callable[[Question], list[Page]]
Prepared = tuple[list[Question], Ask, list[str]]  # and what is worth knowing of the questions


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
    ask_figure: Callable[[Held], Told]

    @property
    def figures(self) -> list[Held]:
        """What it can be held against of what is in hand."""
        return spot_check.held(load_catalogue(), dict.fromkeys(kpi for kpi, _ in self.wanted))


def check(
    base_url: str, scb_url: str, kpis: Sequence[str], sources: Sequence[str], as_json: bool
) -> None:
    """Ask each source for a figure that is in hand, print how it compares; write nothing.

    Raises:
        DataError: a source means something else, or nothing is in hand to hold it against.
        SetupError: one does not answer.
    """
    found = [
        (source.service, source.base_url, spot_check.check(figure, source.ask_figure))
        for source in _sources(base_url, scb_url, [spot_check.YEAR], kpis, sources, CHECKING)
        for figure in source.figures
    ]
    if as_json:
        rows = [
            {"source": service.id, "base_url": url, **spot_check.as_plain(checked)}
            for service, url, checked in found
        ]
        print_json({"checked": rows})
    else:
        for service, _, checked in found:
            print("\n".join(f"{service.name} {line}" for line in spot_check.lines(checked)))
    _judge([(service, checked) for service, _, checked in found])


def _judge(found: Sequence[tuple[fetched.Service, Checked]]) -> None:
    if not found:
        raise DataError(
            "--check: no figure is in hand that what was asked for can be held against. Check"
            " N01986, N01951 or --source scb, with the project's own tables in the data folder."
        )
    wrong = [(service, checked) for service, checked in found if checked.says]
    if not wrong:
        return
    problems = [
        f"{service.name} {spot_check.heading(checked)}: {', '.join(checked.codes)}."
        for service, checked in wrong
    ]
    silent = all(checked.error for _, checked in wrong)
    contacts = " or ".join(dict.fromkeys(service.contact for service, _ in wrong))
    step = "See above what each said." if silent else f"Ask {contacts} before you fetch."
    raise (SetupError if silent else DataError)(*problems, f"Nothing was changed. {step}")


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
    results: list[dict[str, Any]] = []
    failures: list[WorkbookError] = []
    for source in _sources(base_url, scb_url, asked_years, kpis, sources):
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


def _sources(
    base_url: str,
    scb_url: str,
    years: list[int],
    kpis: Sequence[str],
    sources: Sequence[str],
    limits: Mapping[str, float] = MappingProxyType({}),
) -> list[ServiceCall]:
    """Whom to ask for what; `limits` are shorter ones than a fetch has."""
    make = {
        "kolada": lambda: _kolada(base_url, parsed_kpis(kpis), years, _within(PATIENCE, limits)),
        "scb": lambda: _scb(scb_url, years, _within(SCB_PATIENCE, limits)),
    }
    return [make[name]() for name in parsed_sources(sources, kpis)]


def _within(patience: web.Patience, limits: Mapping[str, float]) -> web.Patience:
    return replace(
        patience, **{name: min(getattr(patience, name), most) for name, most in limits.items()}
    )


def _kolada(
    base_url: str, kpis: list[str], years: list[int], patience: web.Patience
) -> ServiceCall:
    service = services.Kolada(base_url, patience)
    wanted = [(kpi, year) for kpi in kpis for year in years]
    return ServiceCall(
        fetched.KOLADA,
        "--base-url",
        service.base_url,
        wanted,
        lambda _: (wanted, service.pages, []),
        partial(spot_check.ask_kolada, service),
    )


def _scb(base_url: str, years: list[int], patience: web.Patience) -> ServiceCall:
    """The years that SCB's table has are asked for, in the regions it has of those we know."""
    service = services.PxWeb(base_url, patience)
    wanted = [(services.CONTENT, year) for year in years]

    def prepare(snapshot: Snapshot) -> Prepared:
        described = service.description(snapshot)
        regions = fetched.known_codes(load_catalogue(), "kommun") & described.regions
        questions = [question for question in wanted if question[1] in described.years]
        ask = partial(service.pages, regions=regions)
        return questions, ask, _later(years, max(described.years, default=0))

    figure = partial(spot_check.ask_scb, service)
    return ServiceCall(fetched.SCB, "--scb-url", service.base_url, wanted, prepare, figure)


def _later(years: list[int], last: int) -> list[str]:
    """That a table has ended, where a year after its last is asked for."""
    if max(years) <= last:
        return []
    return [
        f"SCB's table BefolkningNy ends with {last}. What SCB publishes in other tables after that,"
        " with noise added to each figure, is not asked for; Kolada's N01951 has it."
    ]


def _fetched(source: ServiceCall, today: datetime.date) -> dict[str, Any]:
    """Ask one source, write its tables and return the result."""
    root = load_catalogue().root
    with open_snapshot(root, source.service.id, today) as snapshot:
        asked, in_hand, doubts = _ask(snapshot, source)
        stored = fetched.store(root, source.service, snapshot)
    stored = replace(stored, warnings=(*doubts, *stored.warnings))
    return {
        "source": source.service.id,
        "snapshot": snapshot.shown_path,
        "base_url": source.base_url,
        "asked": asked,
        "already_in_hand": in_hand,
        **fetched.result_as_json(stored, source.wanted),
    }


def _ask(snapshot: Snapshot, source: ServiceCall) -> tuple[int, int, list[str]]:
    """Fill the snapshot; how many questions were asked, how many had their answers, and what is
    doubtful about whom we ask.
    """
    console = plain_console(stderr=True)
    try:
        with retries_told(console):
            questions, ask, doubts = source.prepare(snapshot)
            if not all(snapshot.in_hand(one, source.base_url) for one in questions):
                doubts += _doubts(source)
            with _progress(console, source.service.name, len(questions)) as listen:
                asked = web.fill(snapshot, source.base_url, ask, questions, listen)
    except SetupError as error:
        raise type(error)(*error.problems, _what_stands(snapshot, source)) from None
    return asked, len(questions) - asked, doubts


def _doubts(source: ServiceCall) -> list[str]:
    """What does not agree between a source and a figure in hand, before anything else is asked.

    Raises:
        DataError: a measure has another name and another number: it is not the one we think.
        SetupError: it does not answer at all.
    """
    doubts: list[str] = []
    for figure in source.figures:
        checked = spot_check.check(figure, source.ask_figure)
        if checked.another:
            raise DataError(
                *spot_check.lines(checked),
                f"{source.service.name} means something else by {figure.question[0]}: nothing was"
                f" fetched from it, no table was changed. Ask {source.service.contact}.",
            )
        if checked.error and {"silent", "slow"} & set(checked.codes):
            raise checked.error
        doubts += spot_check.lines(checked) if checked.says else []
    return doubts


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
def _progress(console: "Console", name: str, total: int) -> Iterator[Listener]:
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
