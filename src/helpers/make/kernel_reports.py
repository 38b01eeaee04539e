"""Reports by ordinary kernels, and an end to all processes however the run ends.

Worker processes, one job each at a time. papermill changes the working directory of its
whole process, so jobs run in processes, not threads. Kernels are sessions of their own: they are
found as descendants and ended with their worker.
"""

import os
import shutil
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from typing import Any

import psutil  # type: ignore[import-untyped]

from helpers.make.plan import Setting
from helpers.make.render import attempt, fail
from helpers.report.job import Cost, Failure, Job, Result
from helpers.warm.outcome import Limits
from helpers.warm.processes import TASKS, end_family
from helpers.warm.supervisor import ONE_THREAD

# bytes of address space that a report's libraries reserve: a kernel imports them under its limit
RESERVED = 1536 << 20


def run_kernels(
    jobs: list[Job], setting: Setting, workers: int
) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job in an ordinary kernel; results come as they are ready."""
    waiting, crew = deque(jobs), [Worker(setting) for _ in range(workers)]
    try:
        while waiting or any(worker.job for worker in crew):
            for worker in crew:
                if worker.job is None and waiting:
                    worker.give(waiting.popleft())
            yield from _collect(crew)
    finally:
        for worker in crew:
            worker.end()
        shutil.rmtree(setting.building / ".jupyter", ignore_errors=True)


@dataclass
class Worker:
    """One process and the job it has in hand."""

    setting: Setting
    job: Job | None = None
    began: float = 0.0
    spent: float = 0.0
    process: SpawnProcess = field(init=False)
    line: Any = field(init=False)

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.setting), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        """Hand over a job; its time starts now."""
        self.job, self.began, self.spent = job, time.monotonic(), _spent(self.process.pid)
        self.line.send(job)

    def take(self) -> tuple[Result, Cost] | None:
        """Return the job's result if it has come, or what the worker's death or lateness means, and
        its cost.
        """
        if self.job is None:
            return None
        seconds = time.monotonic() - self.began
        try:
            answer: Result | Exception | None = self.line.recv() if self.line.poll() else None
        except (EOFError, OSError):
            return self._lost(
                Failure("WORKER_DIED", "the report", "the process that made it ended")
            ), Cost(seconds)
        if isinstance(answer, Exception):
            raise answer
        if answer is None and seconds > self.setting.deadline:
            late = Failure("DEADLINE", "the report", f"took longer than {self.setting.deadline} s")
            return self._lost(late), Cost(seconds)
        if answer is None:
            return None
        self.job = None
        return answer, Cost(seconds, _spent(self.process.pid) - self.spent)

    def _lost(self, failure: Failure) -> Result:
        """End a worker that is of no more use, start another, and say what became of its job."""
        assert self.job is not None
        self.end()
        result = fail(self.job, failure, self.setting)
        self.job = None
        self._start()
        return result

    def end(self) -> None:
        """End the process and everything it has started."""
        end_family(self.process.pid)
        self.process.join(5)
        self.line.close()


def _spent(pid: int | None) -> float:
    """Return the processor time a process and its ended children have used, in seconds; 0 if it is
    gone.
    """
    try:
        return float(sum(psutil.Process(pid).cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


def _collect(crew: list[Worker]) -> Iterator[tuple[Result, Cost]]:
    """Wait until some worker has news or may be late, and give the results that have come."""
    busy = [worker for worker in crew if worker.job is not None]
    connection.wait([worker.line for worker in busy], timeout=1.0)
    for worker in busy:
        if news := worker.take():
            yield news


def _serve(line: connection.Connection, setting: Setting) -> None:
    """Render jobs as they come, in a process of its own."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C is for the supervisor, which ends its workers in order
    _prepare_environment(setting)
    limits = Limits(setting.deadline, setting.deadline, memory=Limits.memory + RESERVED)
    if TASKS.is_dir():  # the kernels inherit what is asked of their worker
        limits.impose_sizes()
    while True:
        try:
            job = line.recv()
        except EOFError:
            return
        if TASKS.is_dir():
            limits.impose_time()
        line.send(attempt(job, setting))


def _prepare_environment(setting: Setting) -> None:
    """Make kernels the same whoever runs them, and keep what they write inside the building
    folder.
    """
    own = setting.building / ".jupyter"
    own.mkdir(parents=True, exist_ok=True)
    with (own / "said.log").open("ab") as log:
        # kernels talk of their transport; the reader's terminal is no place for it
        os.dup2(log.fileno(), 2)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(own / "runtime")
    os.environ["IPYTHONDIR"] = str(own / "ipython")
    os.environ["PYTHONHASHSEED"] = "0"
    # each thread would reserve memory, which is limited
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
