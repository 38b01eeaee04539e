"""A resident process that is killed, at whatever point, costs nobody a report: the command that
asked it and the next one deliver the same bytes, and nothing is left of it.
"""

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from helpers.make import warm_start
from helpers.warm import resident
from helpers.warm.supervisor import environment_of
from tests.patience import running, until
from tests.publish.samples import read_journal
from tests.warm.test_resident import IMPORTABLE
from tests.warm.test_resident_reports import _command, _reports

pytestmark = pytest.mark.xdist_group("resident")

MARK = "XDG_RUNTIME_DIR"  # of one run of the sweep, so that what is left of it can be told


class Sweep:
    """Reports made one after the other, each with a resident process at the same address.

    Args:
        folder: An empty one, for all that is made.
        environment: Of the commands.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment, self.made = folder, environment, 0
        self.address = warm_start.address()
        self.address.parent.mkdir(mode=0o700)
        (folder / "scratch").mkdir()
        self.source = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.warm.killing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, **environment_of(folder / "scratch")},
            text=True,
        )

    def begin(self, last: int = 0) -> tuple[psutil.Process, int]:
        """Fork a resident process that is killed before so many lines, and wait until it is ready
        or dead; returns it, and how many it has run.
        """
        self.made += 1
        said = self.folder / f"{self.made}.said"
        told = {"address": str(self.address), "last": last, "counted": str(self.counted())}
        self.source.stdin.write(json.dumps({**told, "said": str(said)}) + "\n")
        self.source.stdin.flush()
        begun = psutil.Process(int(self.source.stdout.readline()))
        until(lambda: not running(begun) or _waits(begun, said))
        return begun, self.lines()

    def counted(self) -> Path:
        """The file that has a byte for each line of the latest one."""
        return self.folder / f"{self.made}.lines"

    def lines(self) -> int:
        """How many lines the latest one has run."""
        return self.counted().stat().st_size

    def report(self) -> tuple[subprocess.Popen, Path]:
        """Begin to make a report; returns the command, and where it is made."""
        out = self.folder / f"out-{len(list(self.folder.glob('out-*')))}"
        out.mkdir()
        words = "report", "--kommunkod", "2418", "--out", str(out)
        return _command(*words, env=self.environment), out

    def left(self) -> list[psutil.Process]:
        """What still runs of it all, but the process that others are forked from."""
        return [
            process
            for process in psutil.process_iter(["environ"])
            if (process.info["environ"] or {}).get(MARK) == self.environment[MARK]
            and process.pid != self.source.pid
            and running(process)
        ]


def delivered(report: subprocess.Popen, out: Path) -> dict[str, bytes]:
    """What a command has made, when it has ended well."""
    said = report.communicate()[0].decode()
    assert report.returncode == 0, said
    assert [line["status"] for line in read_journal(out / ".single.jsonl")] == ["delivered"]
    return _reports(out)


def _waits(begun: psutil.Process, said: Path) -> bool:
    """Whether a resident process is ready, and has no more to do before it is asked."""
    ready = said.exists() and said.read_bytes() == resident.READY
    return ready and begun.status() == psutil.STATUS_SLEEPING


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """The sweep; what a report is without a resident process; and the lines that such a process
    runs until it is ready, and until it has answered.
    """
    folder = tmp_path_factory.mktemp("sweep")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, str(folder))
        patch.setenv("PYTHONPATH", IMPORTABLE)
        made = Sweep(folder, dict(os.environ))
        with made.source:
            try:
                plain = delivered(*made.report())
                begun, ready = made.begin()
                assert delivered(*made.report()) == plain
                begun.kill()
                until(lambda: not made.left(), "their end")
                lines = range(1, ready + 1), range(ready + 1, made.lines() + 1)
                yield made, plain, dict(zip(("starts", "answers"), lines, strict=True))
            finally:
                made.source.kill()


def at_a_line(made: Sweep, lines: range, seed: str) -> dict[str, bytes]:
    """Killed before one of its lines: while it starts, or while it answers the command."""
    last = random.Random(seed).choice(lines)
    begun, _ = made.begin(last)
    found = delivered(*made.report())
    assert (running(begun), made.lines()) == (False, last)
    return found


def while_its_fork_works(made: Sweep, *_: object) -> dict[str, bytes]:
    """Killed when its fork has begun to make the report."""
    begun, _ = made.begin()
    report, out = made.report()
    until(lambda: report.poll() is not None or _have_children(begun.children()))
    assert report.poll() is None
    begun.kill()
    return delivered(report, out)


def _have_children(processes: list[psutil.Process]) -> bool:
    with suppress(psutil.NoSuchProcess):
        return any(process.children() for process in processes)
    return False


def when_nobody_asks(made: Sweep, *_: object) -> dict[str, bytes]:
    """Killed before the command asks it."""
    begun, _ = made.begin()
    begun.kill()
    until(lambda: not running(begun))
    return delivered(*made.report())


@pytest.mark.parametrize(
    ("killed", "while_it", "seed"),
    [
        *((at_a_line, "starts", seed) for seed in "ab"),
        *((at_a_line, "answers", seed) for seed in "abc"),
        (while_its_fork_works, "", ""),
        (when_nobody_asks, "", ""),
    ],
)
def test_a_resident_process_that_is_killed_costs_no_report_and_leaves_nothing(
    sweep, killed, while_it, seed
):
    """Nor does it cost the next one, which has its own where this one was."""
    made, plain, lines = sweep
    assert killed(made, lines.get(while_it), seed) == plain
    until(lambda: not made.left(), "their end")
