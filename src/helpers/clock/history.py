"""The record of runs: one line for each in `history.jsonl`, in the folder that the run writes
to.
"""

from pathlib import Path

from pydantic import BaseModel

from helpers.releases import state
from helpers.releases.folder import HISTORY
from helpers.releases.journal import append as append_line

BAR = 20  # characters that the longest run's bar takes


class Slowest(BaseModel):
    """The report that took longest, in seconds."""

    model_config = state.FORM
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

    model_config = state.FORM
    started: state.Moment
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
    """Return every run on record, oldest first, and how many lines could not be read: a crash may
    cut one off.

    Raises:
        OSError: the record is there and cannot be read.
    """
    return state.lines(out / HISTORY, Run)


def bar(seconds: float, longest: float) -> str:
    """Return a run's length as a bar of text, at least one character.

    >>> bar(30, 60), bar(0.1, 60), bar(0, 0)
    ('██████████', '█', '█')
    """
    return "█" * max(1, round(BAR * (max(seconds, 0) / longest)) if longest > 0 else 1)
