"""Worker processes, one job each at a time, and an end to all of them however the run ends.

papermill changes the working directory of its whole process, so jobs run in processes, not
threads. Kernels are sessions of their own: they are found as descendants and ended with their worker.
"""

import os
import shutil
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from typing import Any

import psutil  # type: ignore[import-untyped]

from helpers.errors import SetupError
from helpers.publish.jobs import Failure, Job, Result
from helpers.publish.render import Setting, fail, render

Listener = Callable[[Result], None]


def run_all(jobs: list[Job], setting: Setting, workers: int, listener: Listener) -> list[Result]:
    """Run every job and return the results in the jobs' order.

    Args:
        jobs: What to render; ids are unique.
        setting: What they have in common.
        workers: Processes at most.
        listener: Called with each result as it comes.

    Raises:
        SetupError: a worker could not write.
    """
    waiting, results = deque(jobs), dict[str, Result]()
    crew = [Worker(setting) for _ in range(min(workers, len(jobs)))]
    try:
        while len(results) < len(jobs):
            for worker in crew:
                if worker.job is None and waiting:
                    worker.give(waiting.popleft())
            for result in _collect(crew):
                results[result.id] = result
                listener(result)
    finally:
        for worker in crew:
            worker.end()
        shutil.rmtree(setting.building / ".jupyter", ignore_errors=True)
    return [results[job.id] for job in jobs]


@dataclass
class Worker:
    """One process and the job it has in hand."""

    setting: Setting
    job: Job | None = None
    due: float = 0.0
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
        self.job, self.due = job, time.monotonic() + self.setting.deadline
        self.line.send(job)

    def take(self) -> Result | None:
        """Return the job's result if it has come, or what the worker's death or lateness means."""
        if self.job is None:
            return None
        try:
            answer: Result | Exception | None = self.line.recv() if self.line.poll() else None
        except (EOFError, OSError):
            return self._lost(Failure("WORKER_DIED", "the report", "the process that made it ended"))
        if isinstance(answer, Exception):
            raise answer
        if answer is None and time.monotonic() > self.due:
            return self._lost(Failure("DEADLINE", "the report", f"took longer than {self.setting.deadline} s"))
        if answer is not None:
            self.job = None
        return answer

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


def end_family(pid: int | None) -> None:
    """Kill a process and all its descendants, and wait until they are gone."""
    try:
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family[:-1], timeout=5)  # the parent is multiprocessing's to wait for


def _collect(crew: list[Worker]) -> list[Result]:
    """Wait until some worker has news or may be late, and return the results that have come."""
    busy = [worker for worker in crew if worker.job is not None]
    connection.wait([worker.line for worker in busy], timeout=1.0)
    return [result for worker in busy if (result := worker.take()) is not None]


def _serve(line: connection.Connection, setting: Setting) -> None:
    """Render jobs as they come, in a process of its own."""
    os.setsid()  # Ctrl-C is for the supervisor, which ends its workers in order
    _prepare_environment(setting)
    while True:
        try:
            job = line.recv()
        except EOFError:
            return
        try:
            line.send(render(job, setting))
        except OSError as error:
            line.send(SetupError(f"{job.id}: cannot be written: {error}. Is the disk full or read-only?"))


def _prepare_environment(setting: Setting) -> None:
    """Make kernels the same whoever runs them, and keep what they write inside the building folder."""
    own = setting.building / ".jupyter"
    own.mkdir(parents=True, exist_ok=True)
    with (own / "said.log").open("ab") as log:
        os.dup2(log.fileno(), 2)  # kernels talk of their transport; the reader's terminal is no place for it
    os.environ["JUPYTER_RUNTIME_DIR"] = str(own / "runtime")
    os.environ["IPYTHONDIR"] = str(own / "ipython")
    os.environ["PYTHONHASHSEED"] = "0"
