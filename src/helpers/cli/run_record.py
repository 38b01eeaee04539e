"""What every whole run does besides its reports: it checks the age of its sources, and records how
it went.
"""

import datetime
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import typer

from helpers.cli.terminal import print
from helpers.clock import history
from helpers.clock.runner import stamp
from helpers.errors import BUSY, SetupError, WorkbookError, told
from helpers.releases import state
from helpers.releases.folder import JOURNAL, claim, refuse_foreign, refuse_if_held
from helpers.report.job import Result

if TYPE_CHECKING:
    from helpers.sources.catalogue import Catalogue


@dataclass
class Running:
    """A run at work: its results so far."""

    out: Path
    delivered: list[str] = field(default_factory=list)
    reused: Sequence[str] = ()
    failed: list[str] = field(default_factory=list)
    release: str | None = None
    ages: dict[str, history.SourceAge] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)

    def sources(self, catalogue: "Catalogue", stale_ok: bool) -> None:
        """Refuse sources that are older than agreed, or the same file under two names; both before
        anything runs.

        Raises:
            DataError: each of them, unless it is only old and `stale_ok`: then it is told on
                standard error.
        """
        from helpers.sources import freshness

        freshness.refuse_repeated(catalogue)
        found = freshness.ages(catalogue, datetime.date.today())
        self.ages = {
            age.source: history.SourceAge(date=str(age.date), days=age.days, limit=age.limit)
            for age in found
        }
        self.stale = [age.source for age in found if age.stale]
        if not stale_ok:
            freshness.refuse_stale(found)
        for age in found:
            if age.stale:
                print(f"Let through by --stale-ok: {age}", file=sys.stderr)

    def done(
        self, release: str | None, results: Sequence[Result], reused: Sequence[str] = ()
    ) -> None:
        """Note the results of the run.

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
            lines, _ = state.lines(self.out / JOURNAL, history.Slowest)
        except OSError:
            return None
        return max(
            (line for line in lines if line.id in made), key=lambda line: line.seconds, default=None
        )


@contextmanager
def running(out: Path, edition: str, engine: str, workers: int) -> Iterator[Running]:
    """Keep `history.jsonl` and `status.json` in `out` up to date while the run in the body is at
    work, however it ends.

    A folder that does not exist yet is not made here: a call that is refused writes nothing.

    Raises:
        ParameterError, SetupError: the folder is not ours; nothing is written there.
        LockedError: another run writes there; it is told in the record, and the status stays the
            other's.
        SetupError: the folder cannot be written.
    """
    refuse_foreign(out)
    began, clock = _now(), time.monotonic()
    run, before = Running(out), _before(out)
    code, reason, mine = 0, "", None
    try:
        refuse_if_held(out)
        ours = os.getpid(), psutil.Process().create_time()
        mine = _begin(out, history.begun(before, edition, stamp(began), platform.node(), *ours))
        yield run
    except BaseException as end:
        code, reason = _exit_code(end), _reason(end)
        raise
    finally:
        ended = history.RunRecord(
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
        _end(out, before, ended, run.ages, mine)


def _before(out: Path) -> history.Status | None:
    """Return the status before the run; a damaged status file is reported."""
    known = history.known_status(out)
    if known.fault:
        print(f"mottagning: {known.fault}", file=sys.stderr)
    return known.value


def _begin(out: Path, now: history.Status) -> history.Status | None:
    """Write the status of a run at work; None where there is no folder yet."""
    if not out.is_dir():
        return None
    try:
        claim(out)
        history.write_status(out, now)
    except OSError as error:
        raise SetupError(
            f"{told(error, out)} The status of runs cannot be written there."
        ) from None
    return now


def _end(
    out: Path,
    before: history.Status | None,
    run: history.RunRecord,
    ages: dict[str, history.SourceAge],
    mine: history.Status | None,
) -> None:
    """Record how a run ended; if the record cannot be written, say so but keep the run's own exit
    code.
    """
    if not out.is_dir():
        return
    steps = [partial(history.add_run, out, run)]
    if run.exit_code != BUSY:
        steps.append(
            partial(history.write_status, out, history.ended(before, run, stamp(_now()), ages))
        )
    elif mine and before and history.read_status(out) == mine:
        # the other run's, which was there when this one began
        steps.append(partial(history.write_status, out, before))
    for step in steps:
        try:
            step()
        except OSError as error:
            print(f"mottagning: the run could not be recorded. {told(error, out)}", file=sys.stderr)


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
    """Return the first line of the user's message; for a fault of ours, the name of the error."""
    if isinstance(end, WorkbookError):
        return next(iter(str(end).splitlines()), "")
    if isinstance(end, OSError):
        return told(end)
    return (
        ""
        if isinstance(end, typer.Exit | SystemExit | KeyboardInterrupt)
        else f"INTERNAL: {type(end).__name__}"
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
