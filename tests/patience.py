"""Waiting, on any machine: what is waited for decides, and a limit in seconds only ends what would
never end.
"""

import time
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 600  # seconds for what must come; only a test that hangs uses them up
MOMENT = 1  # seconds: the limit of what hangs for ever, and can end in no other way
FOREVER = 99_999  # seconds that what hangs sleeps


def until(true: Callable[[], object], what: str = "what was waited for") -> None:
    """Wait until something is true.

    Args:
        true: Asked again and again.
        what: Named if it never comes.
    """
    late = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < late, f"{what} did not come in {PATIENCE} s"
        time.sleep(0.02)


def gate(file: Path) -> str:
    """Return a cell that ends when a file is there: its run is no quicker than the test, nor too
    slow for it.
    """
    return f"import os, time\nwhile not os.path.exists({str(file)!r}):\n    time.sleep(0.02)"


def running(process: psutil.Process) -> bool:
    """Tell whether a process still runs; one that is dead has ended, whenever it is reaped."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
