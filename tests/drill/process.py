"""Processes of the drill: forked, so that a run costs what it does and not the imports of the
drill.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.drill.scene import demand
from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[2]
FORK = multiprocessing.get_context("fork")
HANGS = 6 * PATIENCE  # seconds; a run that takes longer has hung


class Run:
    """A piece of work in a forked process.

    Args:
        said: A folder for what it says.
        work: What it does; its exit code is the work's.
    """

    def __init__(self, said: Path, work: Callable[[], None]) -> None:
        said.mkdir(parents=True, exist_ok=True)
        self.files = said / "out", said / "err"
        self.process = FORK.Process(target=_do, args=(work, self.files))
        self.process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid or 0

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs, below zero if a signal ended it."""
        return self.process.exitcode

    @property
    def err(self) -> str:
        """What it said of what went wrong."""
        return self.files[1].read_text("utf-8", "replace")

    @property
    def told(self) -> dict[str, Any]:
        """What it told as JSON."""
        out = self.files[0].read_text("utf-8")
        demand(out.startswith("{"), f"exit {self.code}: {self.err.strip()[-300:]}")
        return json.loads(out)

    def ended(self) -> "Run":
        """Wait for its end."""
        self.process.join(HANGS)
        if self.code is None:
            self.process.kill()
            self.process.join()
        return self

    def signalled_when(self, true: Callable[[], bool], number: int = signal.SIGKILL) -> bool:
        """Send it a signal when something has come true, wait for its end; tell whether it still
        ran.
        """
        until(lambda: self.code is not None or true(), "the time for the signal")
        running = self.code is None
        if running:
            os.kill(self.pid, number)
        self.ended()
        return running


def _do(work: Callable[[], None], files: Sequence[Path]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    for descriptor, file in zip((1, 2), files, strict=True):
        with file.open("wb") as opened:
            os.dup2(opened.fileno(), descriptor)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    try:
        work()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def begin(
    arguments: Sequence[object],
    project: Path = ROOT,
    wrap: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    umask: int = -1,
) -> subprocess.Popen[str]:
    """Start `mottagning` of a project's folder as a user does.

    Args:
        arguments: Of the command.
        project: The folder with src/, notebooks/ and data/.
        wrap: A command that runs it.
        environment: What is other than here.
        umask: As for a process.
    """
    call = [
        *wrap,
        sys.executable,
        "-c",
        "from helpers.cli import main; main()",
        *map(str, arguments),
    ]
    return subprocess.Popen(
        call,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src"), **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        umask=umask,
    )


def command(arguments: Sequence[object], **how: Any) -> subprocess.CompletedProcess[str]:
    """Run `mottagning` as `begin` does, to its end."""
    run = begin(arguments, **how)
    try:
        out, err = run.communicate(timeout=HANGS)
    except BaseException:
        run.kill()
        raise
    return subprocess.CompletedProcess(run.args, run.returncode, out, err)
