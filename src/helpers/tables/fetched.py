"""From snapshots to tables: the newest answer to every question, compared with the one before, written as tables."""

import csv
import dataclasses
import datetime
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import DataError
from helpers.sources import SourceTable, load_catalogue, read_published
from helpers.sources.imported import write_table
from helpers.sources.snapshot import Question, Snapshot, newest_answers, snapshots
from helpers.tables import kolada
from helpers.tables.kolada import Answer, Draft, Revision

PRECEDENCE = 30
LICENCE = "Fri användning om källan anges: Källa: Kolada"
NOTES = (
    "Hämtad ur Koladas API version 3. Uppgifterna revideras utan förvarning; ögonblicksbilden ligger i {folder}. "
    "Ensamkommande barn särredovisas inte. En tom cell är okänd, inte noll."
)


@dataclass(frozen=True)
class Stored:
    """What became of a fetch: the tables written, what was revised and what was left out."""

    tables: tuple[Draft, ...]
    revised: tuple[Revision, ...]
    warnings: tuple[str, ...]
    compared_with: tuple[str, ...]


def store(data_dir: Path, snapshot: Snapshot) -> Stored:
    """Write the tables that all snapshots give, the newest answer first, and note what was revised.

    Raises:
        DataError: an answer holds what cannot be; then no table is changed.
        SetupError: a table cannot be written.
    """
    newest = newest_answers(snapshots(data_dir))
    answers = _read({question: (where, kolada.read_answer(question, pages)) for question, (where, pages) in ()})
    return Stored((), (), (), ())
