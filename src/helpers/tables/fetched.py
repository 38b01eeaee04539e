"""From snapshots to tables: the newest answer to every question, compared with the one before, written as tables."""

import dataclasses
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import DataError
from helpers.sources import Catalogue, SourceTable, load_catalogue, read_published
from helpers.sources.imported import write_tables
from helpers.sources.snapshot import Page, Question, Snapshot, newest_answers, snapshots
from helpers.tables import kolada
from helpers.tables.kolada import Answer, Draft, Revision

PRECEDENCE = 30
LICENCE = "Fri användning om källan anges: Källa: Kolada"
NOTES = "Ur Koladas API, version 3. Kolada reviderar utan förvarning. En tom cell är okänd, inte noll."
ONLY_TOTALS = " Ensamkommande barn särredovisas inte."
Newest = Mapping[Question, tuple[Snapshot, list[Page]]]


@dataclass(frozen=True)
class Stored:
    """What became of a fetch: the tables written, the values revised, the days compared with, what was left out."""

    tables: tuple[Draft, ...]
    revised: tuple[Revision, ...]
    compared_with: tuple[str, ...]
    warnings: tuple[str, ...]


def store(data_dir: Path, snapshot: Snapshot) -> Stored:
    """Write the tables that all snapshots give, the newest answer first, and note what was revised.

    A year that only an earlier snapshot, or only an earlier table, holds is kept.

    Args:
        data_dir: The data folder, in whose `imported/` the tables are put, all or none.
        snapshot: The day's, filled.

    Raises:
        DataError: an answer holds what cannot be; then no table is changed.
        SetupError: a table cannot be written.
    """
    catalogue = load_catalogue(data_dir)
    found = snapshots(data_dir)
    newest = newest_answers(found)
    answers = _read(newest)
    try:
        tables, warnings = kolada.drafts(answers, *_codes(catalogue))
    except DataError as error:
        raise DataError(*error.problems, _unchanged(snapshot)) from None
    kept, lost = _with_earlier_years(catalogue, tables, answers)
    revised, days, unread = _revised(snapshot, [one for one in found if one.day < snapshot.day], answers)
    if kept:
        write_tables(data_dir, [(_entry(draft, snapshot, newest), draft.csv) for draft in kept])
    snapshot.note("compared_with", list(days))
    snapshot.note("revised", [as_plain(revision) for revision in revised])
    return Stored(tuple(kept), tuple(revised), days, (*warnings, *lost, *unread))


def as_plain(revision: Revision) -> dict[str, str | int | float | None]:
    """Return a revision as JSON writes it; whole numbers whole, unknown as None."""
    plain = dataclasses.asdict(revision)
    for name in ("old", "new"):
        value = plain[name]
        plain[name] = None if value is None else int(value) if value == int(value) else float(value)
    return plain


def _codes(catalogue: Catalogue) -> tuple[set[str], set[str]]:
    pairs = (("kommuner", "kommunkod"), ("lan", "lanskod"))
    kommunkoder, lanskoder = (set(read_published(catalogue, table)[column]) for table, column in pairs)
    return kommunkoder, lanskoder


def _read(newest: Newest) -> dict[Question, Answer]:
    answers: dict[Question, Answer] = {}
    problems: list[str] = []
    for question, (snapshot, pages) in newest.items():
        try:
            answers[question] = kolada.read_answer(question, pages)
        except DataError as error:
            problems += [f"{snapshot.shown_path}: {problem}" for problem in error.problems]
            last = snapshot
    if problems:
        raise DataError(*kolada.shortened(problems), _unchanged(last))
    return answers


def _unchanged(snapshot: Snapshot) -> str:
    return (
        f"No table was changed. The answers stand as received in {snapshot.shown_path}; "
        "ask Kolada (rka@rka.nu) about them, or remove that folder and fetch again."
    )


def _with_earlier_years(
    catalogue: Catalogue, tables: Sequence[Draft], answers: Mapping[Question, Answer]
) -> tuple[list[Draft], list[str]]:
    """Each table with the rows of its forerunner for years that no snapshot answers."""
    kept, warnings = [], []
    for draft in tables:
        answered = {str(year) for kpi, year in answers if kpi == draft.kpi}
        try:
            earlier = read_published(catalogue, draft.table_id) if draft.table_id in catalogue.tables else None
        except DataError as error:
            earlier = None
            warnings.append(f"{error} It was replaced; years that only it held are gone until they are fetched.")
        if earlier is not None:
            extra = earlier.loc[~earlier["ar"].isin(answered), list(draft.header)].itertuples(index=False, name=None)
            draft = dataclasses.replace(draft, rows=tuple(sorted([*draft.rows, *extra])))
        kept.append(draft)
    return kept, warnings


def _revised(
    snapshot: Snapshot, earlier: Sequence[Snapshot], answers: Mapping[Question, Answer]
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
            revised += kolada.revisions(question, kolada.read_answer(question, pages), answers[question])
            days.add(where.day)
        except DataError as error:
            warnings.append(f"{where.shown_path}: not compared with, {error}")
    return revised, tuple(sorted(days)), warnings


def _entry(draft: Draft, snapshot: Snapshot, newest: Newest) -> SourceTable:
    own = sorted(question for question in newest if question[0] == draft.kpi)
    pages = [page for question in own for page in newest[question][1]]
    content = hashlib.sha256(draft.csv.encode("utf-8")).hexdigest()
    digest = hashlib.sha256(b"".join(hashlib.sha256(page.content).digest() for page in pages))
    return SourceTable(
        id=draft.table_id,
        path=f"imported/{draft.table_id}_{content[:8]}.csv",  # a new version beside the old until the entries name it
        producer="Kolada (RKA)",
        title=draft.title,
        published=f"löpande, hämtad {snapshot.day}",
        read_on=datetime.date.fromisoformat(snapshot.day),
        licence=LICENCE,
        sha256=content,
        origin="official",
        trust="medium",
        notes=NOTES + (ONLY_TOTALS if draft.kpi == kolada.RECEIVED else ""),
        kind=draft.kind,
        precedence=PRECEDENCE,
        layout="kolada-v3",
        imported=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        original=snapshot.base_url(own[-1]) or newest[own[-1]][0].base_url(own[-1]),
        original_sha256=digest.hexdigest(),
    )
