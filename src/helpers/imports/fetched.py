"""From snapshots to tables: the newest answer to every question, compared with the one before,
written as tables.
"""

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from helpers.errors import DataError
from helpers.imports import kolada, pxweb
from helpers.imports.answers import Answer, Draft, Revision, as_number, revisions, shortened
from helpers.sources import Catalogue, SourceTable, load_catalogue, read_published
from helpers.sources.imported import held, write_tables
from helpers.sources.snapshot import Page, Question, Snapshot, newest_answers, snapshots

Newest = Mapping[Question, tuple[Snapshot, list[Page]]]
Drafts = Callable[
    [Mapping[Question, Answer], Collection[str], Collection[str]], tuple[list[Draft], list[str]]
]


@dataclass(frozen=True)
class Service:
    """What sets one service's answers apart: how they are read, and what its tables' entries
    say.
    """

    id: str  # its folder under raw/
    name: str
    contact: str
    read: Callable[[Question, Sequence[Page]], Answer]
    drafts: Drafts
    producer: str
    licence: str
    trust: Literal["high", "medium"]
    precedence: int
    layout: str
    notes: str


KOLADA = Service(
    "kolada",
    "Kolada",
    "Kolada (rka@rka.nu)",
    kolada.read_answer,
    kolada.drafts,
    producer="Kolada (RKA)",
    licence="Fri användning om källan anges: Källa: Kolada",
    trust="medium",
    precedence=30,
    layout="kolada-v3",
    notes=(
        "Ur Koladas API, version 3. Kolada reviderar utan förvarning. En tom cell är okänd, inte"
        " noll."
    ),
)
SCB = Service(
    "scb",
    "SCB",
    "SCB",
    pxweb.read_answer,
    pxweb.drafts,
    producer="SCB",
    licence="CC0",
    trust="high",
    precedence=25,
    layout="pxweb-v1",
    notes=(
        "Ur SCB:s statistikdatabas, PxWeb version 1. Kön, ålder och civilstånd är summerade av SCB."
    ),
)
ONLY_TOTALS = " Ensamkommande barn särredovisas inte."


@dataclass(frozen=True)
class Stored:
    """What became of a fetch: the tables written, the values revised, the days compared with, what
    was left out.
    """

    tables: tuple[Draft, ...]
    revised: tuple[Revision, ...]
    compared_with: tuple[str, ...]
    warnings: tuple[str, ...]


def store(data_dir: Path, service: Service, snapshot: Snapshot) -> Stored:
    """Write the tables that all snapshots of a service give, the newest answer first, and note what
    was revised.

    A year that only an earlier snapshot, or only an earlier table, holds is kept. The data folder
    is held meanwhile.

    Args:
        data_dir: The data folder, in whose `imported/` the tables are put, all or none.
        service: Whose answers they are.
        snapshot: The day's, filled.

    Raises:
        DataError: an answer holds what cannot be; then no table is changed.
        SetupError: a table cannot be written.
    """
    with held(data_dir):
        return _stored(data_dir, service, snapshot)


def _stored(data_dir: Path, service: Service, snapshot: Snapshot) -> Stored:
    catalogue = load_catalogue(data_dir)
    found = snapshots(data_dir, service.id)
    newest = newest_answers(found)
    answers = _read(service, newest)
    try:
        tables, warnings = service.drafts(
            answers, known_codes(catalogue, "kommun"), known_codes(catalogue, "lan")
        )
    except DataError as error:
        raise DataError(*error.problems, _unchanged(service, snapshot)) from None
    kept, lost = _with_earlier_years(catalogue, tables, answers)
    revised, days, unread = _revised(
        service, snapshot, [one for one in found if one.day != snapshot.day], answers
    )
    if kept:
        write_tables(
            data_dir, [(_entry(service, draft, snapshot, newest), draft.csv) for draft in kept]
        )
    snapshot.note("compared_with", list(days))
    snapshot.note("revised", [as_plain(revision) for revision in revised])
    return Stored(
        tuple(kept), tuple(revised), days, (*warnings, *lost, *unread, *_ahead(found, snapshot))
    )


def _ahead(found: Sequence[Snapshot], snapshot: Snapshot) -> list[str]:
    """What is dated after this day's answers though it came before them."""
    return [
        f"{one.shown_path} is dated after {snapshot.day}: a clock was wrong. What is fetched now"
        " counts as newer."
        for one in found
        if one.day > snapshot.day
    ]


def as_plain(revision: Revision) -> dict[str, str | int | float | None]:
    """Return a revision as JSON writes it; whole numbers whole, unknown as None."""
    plain = dataclasses.asdict(revision)
    for name in ("old", "new"):
        plain[name] = as_number(plain[name])
    return plain


def result_as_json(stored: Stored, wanted: Sequence[Question]) -> dict[str, Any]:
    """Return the result of one source as `--json` prints it.

    Args:
        stored: What was written and what was revised.
        wanted: Every KPI and year that was wished for.
    """
    kpis = list(dict.fromkeys(kpi for kpi, _ in wanted))
    return {
        "tables": [_table(draft, wanted) for draft in stored.tables],
        "only_in_snapshot": [kpi for kpi in kpis if kpi in kolada.ONLY_IN_SNAPSHOT],
        "compared_with": list(stored.compared_with),
        "revised": [as_plain(revision) for revision in stored.revised],
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


def known_codes(catalogue: Catalogue, level: Literal["kommun", "lan"]) -> set[str]:
    """Return the codes of all municipalities ("2480") or all counties ("24")."""
    table, column = ("kommuner", "kommunkod") if level == "kommun" else ("lan", "lanskod")
    return set(read_published(catalogue, table)[column])


def _read(service: Service, newest: Newest) -> dict[Question, Answer]:
    answers: dict[Question, Answer] = {}
    problems: list[str] = []
    for question, (snapshot, pages) in newest.items():
        try:
            answers[question] = service.read(question, pages)
        except DataError as error:
            problems += [f"{snapshot.shown_path}: {problem}" for problem in error.problems]
            last = snapshot
    if problems:
        raise DataError(*shortened(problems), _unchanged(service, last))
    return answers


def _unchanged(service: Service, snapshot: Snapshot) -> str:
    return (
        f"No table from {service.name} was changed. The answers stand as received in"
        f" {snapshot.shown_path}; ask {service.contact} about them, or remove that folder and fetch"
        " again."
    )


def _with_earlier_years(
    catalogue: Catalogue, tables: Sequence[Draft], answers: Mapping[Question, Answer]
) -> tuple[list[Draft], list[str]]:
    """Each table with the rows of its forerunner for years that no snapshot answers."""
    kept, warnings = [], []
    for draft in tables:
        answered = {str(year) for kpi, year in answers if kpi == draft.kpi}
        try:
            earlier = (
                read_published(catalogue, draft.table_id)
                if draft.table_id in catalogue.tables
                else None
            )
        except DataError as error:
            earlier = None
            warnings.append(
                f"{error} It was replaced; years that only it held are gone until they are fetched."
            )
        if earlier is not None:
            extra = earlier.loc[~earlier["ar"].isin(answered), list(draft.header)].itertuples(
                index=False, name=None
            )
            draft = dataclasses.replace(draft, rows=tuple(sorted([*draft.rows, *extra])))
        kept.append(draft)
    return kept, warnings


def _revised(
    service: Service,
    snapshot: Snapshot,
    earlier: Sequence[Snapshot],
    answers: Mapping[Question, Answer],
) -> tuple[list[Revision], tuple[str, ...], list[str]]:
    """What differs between the day's answers and the latest earlier ones to the same questions."""
    before = newest_answers(earlier)
    revised: list[Revision] = []
    days: set[str] = set()
    warnings: list[str] = []
    for question in snapshot.questions():
        if question not in before or question not in answers:
            continue
        where, pages = before[question]
        try:
            revised += revisions(question, service.read(question, pages), answers[question])
            days.add(where.day)
        except DataError as error:
            warnings.append(f"{where.shown_path}: not compared with, {error}")
    return revised, tuple(sorted(days)), warnings


def _entry(service: Service, draft: Draft, snapshot: Snapshot, newest: Newest) -> SourceTable:
    own = sorted(question for question in newest if question[0] == draft.kpi)
    pages = [page for question in own for page in newest[question][1]]
    digest = hashlib.sha256(b"".join(hashlib.sha256(page.content).digest() for page in pages))
    return SourceTable(
        id=draft.table_id,
        path=f"imported/{draft.table_id}.csv",
        producer=service.producer,
        title=draft.title,
        published=f"löpande, hämtad {snapshot.day}",
        read_on=datetime.date.fromisoformat(snapshot.day),
        licence=service.licence,
        sha256="",
        origin="official",
        trust=service.trust,
        notes=service.notes + (ONLY_TOTALS if draft.kpi == kolada.RECEIVED else ""),
        kind=draft.kind,
        precedence=service.precedence,
        layout=service.layout,
        imported=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        original=snapshot.base_url(own[-1]) or newest[own[-1]][0].base_url(own[-1]),
        original_sha256=digest.hexdigest(),
    )
