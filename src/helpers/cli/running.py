"""What every whole run does besides its reports: it looks at its sources' age, and tells how it went."""

import datetime
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psutil  # type: ignore[import-untyped]
import typer

from helpers.errors import SetupError, WorkbookError
from helpers.errors import told as said
from helpers.publish import history, status
from helpers.publish.building import JOURNAL
from helpers.publish.lock import refuse_if_held
from helpers.publish.schedule.runner import stamp
from helpers.warm import journal

if TYPE_CHECKING:
    from helpers.sources.catalogue import Catalogue


class Made(Protocol):
    """What became of one report; `failure` is None exactly when it is delivered."""

    @property
    def id(self) -> str: ...
    @property
    def failure(self) -> object: ...


@dataclass
class Running:
    """A run at work: what it has come to so far."""

    out: Path
    delivered: list[str] = field(default_factory=list)
    reused: Sequence[str] = ()
    failed: list[str] = field(default_factory=list)
    release: str | None = None
    ages: dict[str, status.Age] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)

    def sources(self, catalogue: "Catalogue", stale_ok: bool) -> None:
        """Refuse sources that are older than agreed, or the same file under two names; both before anything runs.

        Raises:
            DataError: each of them, unless it is only old and `stale_ok`: then it is told on standard error.
        """
        from helpers.sources import freshness

        freshness.refuse_repeated(catalogue)
        found = freshness.ages(catalogue, datetime.date.today())
        self.ages = {age.source: status.Age(date=str(age.date), days=age.days, limit=age.limit) for age in found}
        self.stale = [age.source for age in found if age.stale]
        if not stale_ok:
            freshness.refuse_stale(found)
        for age in found:
            if age.stale:
                print(f"Let through by --stale-ok: {age}", file=sys.stderr)

    def done(self, release: str | None, results: Sequence[Made], reused: Sequence[str] = ()) -> None:
        """Take note of what came of the run.

        Args:
            release: The id of the release that readers now see.
            results: What became of each report, those taken over included.
            reused: Ids of the reports that were taken over from the release before.
        """
        self.release, self.reused = release, reused
        self.delivered = [result.id for result in results if not result.failure]
        self.failed = [result.id for result in results if result.failure]

    def slowest(self) -> history.Slowest | None:
        """Return the report that took longest of those that were made, as the journal has it."""
        made = {*self.delivered, *self.failed} - set(self.reused)
        if not made:
            return None
        try:
            lines = [line for line in journal.read(self.out / JOURNAL) if line["id"] in made and line.get("seconds")]
            longest = max(lines, key=lambda line: float(line["seconds"]), default=None)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return history.Slowest(id=longest["id"], seconds=longest["seconds"]) if longest else None


@contextmanager
def running(out: Path, edition: str, engine: str, workers: int) -> Iterator[Running]:
    """Keep `history.jsonl` and `status.json` in `out` while the run in the body is at work, however it ends.

    A folder that does not exist yet is not made here: a call that is refused writes nothing.

    Raises:
        LockedError: another run writes there; it is told in the record, and the status stays the other's.
        SetupError: the folder cannot be written.
    """
    began, clock = _now(), time.monotonic()
    run, before = Running(out), status.read(out)
    code, reason, mine = 0, "", None
    try:
        refuse_if_held(out)
        ours = os.getpid(), psutil.Process().create_time()
        mine = _begin(out, status.begun(before, edition, stamp(began), platform.node(), *ours))
        yield run
    except BaseException as end:
        code, reason = _exit_code(end), _reason(end)
        raise
    finally:
        told = history.Run(
            started=stamp(began),
            seconds=round(time.monotonic() - clock, 1),
            edition=edition,
            release=run.release,
            delivered=len(run.delivered),
            reused=len(run.reused),
            failed=run.failed,
            slowest=run.slowest(),
            exit_code=code,
            reason=reason,
            engine=engine,
            workers=workers,
            stale=run.stale,
        )
        _end(out, before, told, run.ages, mine)


def _begin(out: Path, now: status.Status) -> status.Status | None:
    """Write the status of a run at work; None where there is no folder yet."""
    if not out.is_dir():
        return None
    try:
        status.write(out, now)
    except OSError as error:
        raise SetupError(f"{out}: cannot be written ({error.strerror}). Choose another folder with --out.") from None
    return now


def _end(
    out: Path, before: status.Status | None, run: history.Run, ages: dict[str, status.Age], mine: status.Status | None
) -> None:
    """Tell how a run ended; a disk that takes no record does not hide how it ended."""
    if not out.is_dir():
        return
    try:
        history.append(out, run)
        if run.exit_code != history.LOCKED:
            status.write(out, status.ended(before, run, stamp(_now()), ages))
        elif mine and before and status.read(out) == mine:
            status.write(out, before)  # the other run's, which was there when this one began
    except OSError as error:
        print(f"mottagning: {out}: the run could not be recorded ({error.strerror}).", file=sys.stderr)


def _exit_code(end: BaseException) -> int:
    if isinstance(end, typer.Exit):
        return int(end.exit_code)
    if isinstance(end, WorkbookError):
        return end.exit_code
    if isinstance(end, OSError):
        return SetupError.exit_code
    if isinstance(end, SystemExit) and isinstance(end.code, int):
        return end.code
    return 130 if isinstance(end, KeyboardInterrupt) else 1


def _reason(end: BaseException) -> str:
    """The first line of what a user is told; of a fault of ours, what it is called."""
    if isinstance(end, WorkbookError):
        return next(iter(str(end).splitlines()), "")
    if isinstance(end, OSError):
        return said(end)
    return "" if isinstance(end, typer.Exit | SystemExit | KeyboardInterrupt) else f"INTERNAL: {type(end).__name__}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
