"""The runner that every schedule starts: a log, a time limit, a record even of a killed run, and a
command for failures.
"""

import datetime
import os
import re
import signal
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from helpers.clock import history
from helpers.clock.schedule import Schedule
from helpers.contracts.files import NO_LINK, kind_of
from helpers.errors import BUSY, SetupError, WorkbookError, told
from helpers.releases.folder import LOGS, claim

OUR_LOG = re.compile(r"run-[0-9]{8}T[0-9]{6}Z\.log", re.ASCII)
MERCY = 60  # seconds between asking a run to stop and ending it
ALARM = 300  # seconds that the command of --on-failure may take


@dataclass(frozen=True)
class Ended:
    """How a scheduled run ended: its exit code, its log (None if none could be written), and
    messages for the user.
    """

    exit_code: int
    log: Path | None
    says: list[str]


def run(call: Schedule, command: Sequence[str], now: datetime.datetime) -> Ended:
    """Run a schedule's command with its output in a log of its own; on failure, run the command of
    --on-failure.

    Args:
        call: Where the command writes to, its time limit, how many logs stay, and what to do when
            it fails.
        command: What makes the reports.
        now: The time, UTC.
    """
    out, says = Path(call.out), list[str]()
    log: Path | None = None
    try:
        log = new_log(out, now, call.keep_logs)
        before = len(_recorded(out))
        with log.open("ab") as file:
            code = _finished(command, file, call.time_limit, says)
        _see_to_record(out, call.name, before, code, now)
    except WorkbookError as error:
        code = error.exit_code
        says += error.problems
    except OSError as error:
        code = SetupError.exit_code
        says.append(told(error, out))
    if code not in (0, BUSY) and call.on_failure:
        says += _alarm(call.on_failure, out, code, log)
    return Ended(code, log, says)


def new_log(out: Path, now: datetime.datetime, keep: int) -> Path:
    """Return the file for a run's log, after removing the oldest logs beyond `keep`.

    Raises:
        OSError: the folder cannot be written.
    """
    claim(out)
    folder = out / LOGS
    folder.mkdir(exist_ok=True)
    log = folder / f"run-{now:%Y%m%dT%H%M%SZ}.log"
    os.close(os.open(log, os.O_WRONLY | os.O_CREAT | NO_LINK, 0o644))
    ours = (
        path
        for path in folder.iterdir()
        if OUR_LOG.fullmatch(path.name) and kind_of(path) == stat.S_IFREG
    )
    for old in sorted(ours)[:-keep]:
        old.unlink(missing_ok=True)
    return log


def _finished(command: Sequence[str], log: IO[bytes], minutes: float, says: list[str]) -> int:
    """Run the command to its end and return its exit code; a run over its time limit is asked to
    stop, then killed.
    """
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    )

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        code = child.wait(minutes * 60)
    except subprocess.TimeoutExpired:
        says.append(
            f"The run was stopped: it took longer than its time limit of {minutes:g} minutes."
        )
        child.terminate()
        try:
            code = child.wait(MERCY)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _see_to_record(out: Path, edition: str, before: int, code: int, now: datetime.datetime) -> None:
    """Record a run that was killed before it could record itself. A run at the same time may have
    added a line of its own.
    """
    if any(run.exit_code == code for run in _recorded(out)[before:]):
        return
    ended = datetime.datetime.now(datetime.UTC)
    reason = "the run ended before it could record itself; its log has what it said"
    run = history.RunRecord(
        started=stamp(now),
        seconds=round((ended - now).total_seconds(), 1),
        edition=edition,
        exit_code=code,
        reason=reason,
    )
    history.add_run(out, run)
    history.write_status(out, history.ended(history.read_status(out), run, stamp(ended), {}))


def _recorded(out: Path) -> list[history.RunRecord]:
    """Return the runs on record; none where the record cannot be read, which stops no run."""
    try:
        return history.read_runs(out)[0]
    except OSError:
        return []


def stamp(moment: datetime.datetime) -> str:
    """Return a time as the record writes it.

    >>> stamp(datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.UTC))
    '2026-11-23T06:00:00Z'
    """
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _alarm(on_failure: str, out: Path, code: int, log: Path | None) -> list[str]:
    """Run the command of --on-failure; return messages if it fails itself."""
    given = {"MOTTAGNING_EXIT_CODE": str(code), "MOTTAGNING_LOG": str(log or "")}
    try:
        runs = [run for run in _recorded(out) if run.exit_code == code] if log else []
        given["MOTTAGNING_FAILED"] = " ".join(runs[-1].failed if runs else [])
        with log.open("ab") if log else open(os.devnull, "ab") as file:
            ran = subprocess.run(
                on_failure, shell=True, env={**os.environ, **given}, stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT, timeout=ALARM, check=False,
            )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"--on-failure: the command did not end well ({error}). Mend it; nobody was told."]
    return (
        [f"--on-failure: the command ended with {ran.returncode}. Mend it."]
        if ran.returncode
        else []
    )
