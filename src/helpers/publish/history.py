"""The record of runs: one line for each in `history.jsonl`, in the folder that the run writes to."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.warm.journal import append as append_line

HISTORY = "history.jsonl"
LOCKED = 75  # the exit code of a run that found another at work: it says nothing of the reports
BAR = 20  # characters that the longest run's bar takes


class Slowest(BaseModel):
    """The report that took longest, in seconds."""

    model_config = ConfigDict(frozen=True)
    id: str
    seconds: float


class Run(BaseModel):
    """What became of one run.

    Attributes:
        started: UTC, ISO 8601 to the second.
        seconds: How long it took.
        release: The release that readers see after it; None if it made none.
        delivered: How many reports are whole, those taken over from the release before included.
        reused: How many of them were taken over.
        failed: Ids of the reports that failed.
        slowest: Of those that were made.
        exit_code: As the command ended.
        reason: Why it ended otherwise than with 0, where it was told.
        stale: The sources that were older than agreed.
    """

    model_config = ConfigDict(frozen=True)
    started: str
    seconds: float
    edition: str
    release: str | None = None
    delivered: int = 0
    reused: int = 0
    failed: list[str] = []
    slowest: Slowest | None = None
    exit_code: int
    reason: str = ""
    engine: str = ""
    workers: int = 0
    stale: list[str] = []


def append(out: Path, run: Run) -> None:
    """Add a run to the record, on disk before this returns.

    Raises:
        OSError: the folder cannot be written.
    """
    append_line(out / HISTORY, run.model_dump())


def read(out: Path) -> tuple[list[Run], int]:
    """Return every run on record, oldest first, and how many lines could not be read: a crash may cut one off.

    Raises:
        OSError: the record is there and cannot be read.
    """
    if not (out / HISTORY).exists():
        return [], 0
    lines = [line for line in (out / HISTORY).read_bytes().split(b"\n") if line]
    runs = [run for run in map(_run, lines) if run]
    return runs, len(lines) - len(runs)


def _run(line: bytes) -> Run | None:
    try:
        return Run.model_validate(json.loads(line))
    except (ValueError, ValidationError):
        return None


def bar(seconds: float, longest: float) -> str:
    """Return a run's length as a bar of text, at least one character.

    >>> bar(30, 60), bar(0.1, 60), bar(0, 0)
    ('██████████', '█', '█')
    """
    return "█" * max(1, round(BAR * seconds / longest) if longest else 1)
