"""Where a report's processor time goes, by part of the program: samples of its stack, taken by the
clock.
"""

import collections
import gc
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from helpers.warm import slot

EVERY = 0.001  # seconds of processor time between two looks; the system's clock may be coarser
PARTS = {
    "drawing": ("helpers/present/figures/", "helpers/present/style.py"),
    "words and tables": ("helpers/present/",),
    "computing": ("helpers/model/", "helpers/cases/", "helpers/tables/", "helpers/sources/"),
    "page, proof and files": (
        "helpers/make/",
        "helpers/report/",
        "helpers/pages/",
        "helpers/releases/",
    ),
    "running cells": ("helpers/warm/", "papermill/", "nbclient/", "IPython/"),
}


def part_of(frame: FrameType | None) -> str:
    """Return the part that a stack's innermost known file belongs to."""
    for code in _codes(frame):
        for part, places in PARTS.items():
            if any(place in code for place in places):
                return part
    return "other"


def _codes(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def spent(work: Callable[[Any], Any], task: Any, times: int = 3) -> dict[str, float]:
    """Return the milliseconds of processor time that work takes by part, each time in a fork of
    this process.
    """
    total: collections.Counter[str] = collections.Counter()
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "samples"
        for _ in range(times):
            pid = os.fork()
            if pid == 0:
                _be_sampled(work, task, told)
            if os.waitpid(pid, 0)[1]:
                raise SystemExit("the report that was to be profiled failed")
            total.update(pickle.loads(told.read_bytes()))
    return {part: seconds * 1000 / times for part, seconds in total.most_common()}


def _be_sampled(work: Callable[[Any], Any], task: Any, told: Path) -> None:
    found: collections.Counter[str] = collections.Counter()
    code, ends = 1, multiprocessing.Pipe()
    # as in a run: the cells run in this process, and not in one of their own that is not sampled
    slot._own.append((os.getpid(), ends[1]))
    try:
        signal.signal(signal.SIGPROF, lambda _, frame: found.update([part_of(frame)]))
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        before = os.times()
        work(task)
        after = os.times()
        signal.setitimer(signal.ITIMER_PROF, 0)
        each = (after.user + after.system - before.user - before.system) / max(1, found.total())
        told.write_bytes(pickle.dumps({part: number * each for part, number in found.items()}))
        code = 0
    finally:
        os._exit(code)
