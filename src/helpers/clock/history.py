"""How runs went: the record of all, a line for each in `history.jsonl`; and the status now, for a
monitor to poll, in `status.json`. Both are in the folder that the runs write to.
"""

import datetime
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from helpers.clock import history
from helpers.errors import BUSY
from helpers.releases import state
from helpers.releases.folder import HISTORY, STATUS
from helpers.releases.state import Moment
from helpers.releases.state import append as append_line

BAR = 20  # characters that the longest run's bar takes


class Slowest(BaseModel):
    """The report that took longest, in seconds."""

    model_config = state.FORM
    id: str
    seconds: float


class RunRecord(BaseModel):
    """The result of one run.

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


def add_run(out: Path, run: RunRecord) -> None:
    """Add a run to the record, on disk before this returns.

    Raises:
        OSError: the folder cannot be written.
    """
    append_line(out / HISTORY, run.model_dump())


def read_runs(out: Path) -> tuple[list[RunRecord], int]:
    """Return every run on record, oldest first, and how many lines could not be read: a crash may
    cut one off.

    Raises:
        OSError: the record is there and cannot be read.
    """
    return state.lines(out / HISTORY, RunRecord)


def bar(seconds: float, longest: float) -> str:
    """Return a run's length as a bar of text, at least one character.

    >>> bar(30, 60), bar(0.1, 60), bar(0, 0)
    ('██████████', '█', '█')
    """
    return "█" * max(1, round(BAR * (max(seconds, 0) / longest)) if longest > 0 else 1)


# a run that is due may begin this much later: timers wait for a machine to wake
GRACE = datetime.timedelta(hours=1)
How = Literal["running", "ok", "failing", "stale"]
REBUILT = f"How things stand is told by {HISTORY}; the next run writes it anew."
UNTOLD = "Run mottagning reports, which writes it anew; move it first if it is no file."
EXIT_CODES = {"running": 0, "ok": 0, "failing": 3, "stale": 5}


class SourceAge(BaseModel):
    """How old a source is: the date that counts, days since then, and the days agreed."""

    model_config = state.FORM
    date: str
    days: int
    limit: int


class Status(BaseModel):
    """The content of `status.json`. Times are UTC, ISO 8601.

    Attributes:
        state: running; ok: the last run ended with 0; stale: it met sources older than agreed; else
            failing.
        since: When it came into this state.
        host, pid, created: The process at work, while it is: its machine, number, and when it began
            (s since 1970).
        last_run: When the last run that has ended began; None before the first.
        exit_code, reason, delivered, reused, failed: What became of it.
        last_success: When the last run that ended with 0 began.
        release: What readers see.
        sources_age: Each source with an agreed limit.
        next_due: When the schedule is to run next; None without one.
    """

    model_config = state.FORM
    state: How
    since: Moment
    edition: str
    host: str | None = None
    pid: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    created: float | None = None
    last_run: Moment | None = None
    exit_code: int | None = None
    reason: str = ""
    delivered: int = 0
    reused: int = 0
    failed: list[str] = []
    last_success: Moment | None = None
    release: str | None = None
    sources_age: dict[str, SourceAge] = {}
    next_due: Moment | None = None


def begun(
    before: Status | None,
    edition: str,
    started: str,
    host: str,
    pid: int,
    created: float | None = None,
) -> Status:
    """Return the status while a run is at work; what is known of earlier runs is kept."""
    now = {
        "state": "running",
        "since": started,
        "edition": edition,
        "host": host,
        "pid": pid,
        "created": created,
    }
    return Status.model_validate({**(before.model_dump() if before else {}), **now})


def ended(before: Status | None, run: RunRecord, now: str, ages: Mapping[str, SourceAge]) -> Status:
    """Return the status after a run.

    Args:
        before: What stood before the run began; its `since` stays if the state is the same.
        run: What became of it.
        now: When it ended.
        ages: How old the sources are that have a limit; empty if the run did not come to look.
    """
    how: How = (
        "stale"
        if run.stale and run.exit_code in (0, 5)
        else "ok"
        if run.exit_code == 0
        else "failing"
    )
    fields = before.model_dump() if before else {}
    told = run.model_dump(
        include={"edition", "exit_code", "reason", "delivered", "reused", "failed"}
    )
    fields |= told | {
        "state": how,
        "host": None,
        "pid": None,
        "created": None,
        "last_run": run.started,
    }
    fields["since"] = before.since if before and before.state == how else now
    fields["release"] = run.release or fields.get("release")
    fields["last_success"] = run.started if run.exit_code == 0 else fields.get("last_success")
    fields["sources_age"] = dict(ages) or fields.get("sources_age", {})
    return Status.model_validate(fields)


def judged(status: Status, now: datetime.datetime, alive: bool) -> tuple[How, str]:
    """Return the status at this moment, and the reason where it differs from the file.

    A run that was killed has told nothing, and a schedule that does not run tells nothing either.

    >>> kept = Status(state="ok", since="2026-11-16T06:00:00Z", edition="standard",
    ...     next_due="2026-11-23T06:00:00Z")
    >>> judged(kept, datetime.datetime.fromisoformat("2026-11-23T08:00:00Z"), alive=False)
    ('failing', 'the run that was due 2026-11-23T06:00:00Z has not begun')
    """
    if status.state == "running":
        if alive:
            return "running", ""
        return (
            "failing",
            (
                f"the run that began {status.since} ended without a word: it was killed, or the"
                " machine stopped"
            ),
        )
    if status.next_due and now - GRACE > datetime.datetime.fromisoformat(status.next_due):
        return "failing", f"the run that was due {status.next_due} has not begun"
    return status.state, status.reason


def read_status(out: Path) -> Status | None:
    """Return the status of a folder; None if neither the file nor the record of runs gives one."""
    return known_status(out).value


def known_status(out: Path) -> state.Found[Status]:
    """Return the status of a folder; if the file cannot be used, the status that the record of runs
    gives, and the fault.
    """
    found = state.read(out / STATUS, Status)
    if not found.fault:
        return found
    told: Status | None = None
    with suppress(OSError):
        for run in history.read_runs(out)[0]:
            told = ended(told, run, run.started, {}) if run.exit_code != BUSY else told
    return state.Found(told, f"{found.fault} {REBUILT if told else UNTOLD}")


def write_status(out: Path, status: Status) -> None:
    """Replace the status in one step: a reader sees the old one or the new.

    Raises:
        OSError: the folder cannot be written.
    """
    state.write(out / STATUS, status.model_dump_json(indent=1) + "\n")


def due(out: Path, moment: str | None) -> None:
    """Note when the schedule runs next; nothing before the first run.

    Raises:
        OSError: the folder cannot be written.
    """
    if before := read_status(out):
        write_status(out, before.model_copy(update={"next_due": moment}))
