"""Faults of a cell, with the reason that its report must fail for, and what a run of them leaves
behind.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from helpers.make.plan import Setting
from helpers.make.run import publish
from helpers.report.job import Job
from tests.patience import PATIENCE
from tests.publish.samples import options_of, plan_of

# A cell's own limit on time, brought forward: a cell that never ends then ends by it, and no other
# cell can.
AT_ONCE = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.1)"
FAULTS = {
    "killed": ("KERNEL_DIED", "import os\nos.kill(os.getpid(), 9)"),
    "raised": ("CELL_ERROR", "raise ValueError('utfall: 3,5 är inget heltal')"),
    "exited": ("INCOMPLETE", "import sys\nsys.exit()"),
    "left": ("INCOMPLETE", "import os\nos._exit(0)"),
    "endless": ("TIMEOUT", f"{AT_ONCE}\nsum(iter(int, 1))"),
    "greedy": ("MEMORY", "x = bytearray(8 << 30)"),
    "flooding": ("TOO_BIG", "print('x' * 40_000_000)"),
    "orphaned": ("WORKER_DIED", "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(99999)"),
}


def sleep_of(module: int) -> str:
    """Return how many seconds a module's sleepers sleep: nobody else, and no test at the same time,
    as long.
    """
    return f"{86390 + module}.{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:]}5"


def sleepers(seconds: str) -> list[int]:
    """Return the processes that sleep so long."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if seconds in (process.info["cmdline"] or [])
    ]


def run_of(
    folder: Path,
    temporary: Path,
    jobs: Sequence[Job],
    seconds: str,
    name: Callable[[str], str],
    **how: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run jobs by the warm engine.

    Args:
        folder: Where their notebooks lie.
        temporary: An empty folder for temporary files.
        jobs: What to run.
        seconds: How long the sleepers among them sleep.
        name: Gives what a result is called, by its report's id.
        how: As `options_of` takes it.

    Returns:
        Results by name; and what was left behind: processes, those that escaped, temporary files.
    """
    before = set(psutil.Process().children(recursive=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", None)
        # of a report; what a cell may take is the jobs' own matter
        patch.setattr(Setting, "deadline", PATIENCE)
        results = publish(plan_of(folder, *jobs), options_of(folder, engine="warm", **how)).results
    left = {
        "processes": set(psutil.Process().children(recursive=True)) - before,
        "escaped": sleepers(seconds),
        "files": list(temporary.rglob("*")),
    }
    return {name(result.id): result for result in results}, left
