"""Every job of a run on a dask cluster: the same reports, made by `workshop.py` on its workers.

The notebooks and inputs are sent once to each worker, and each report's files come back as bytes, which are
written here. A worker that dies loses nothing: dask gives its jobs to others.
"""

import logging
import time
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from helpers.errors import SetupError, told
from helpers.publish.jobs import Cost, Failure, Job, Result
from helpers.publish.render import fail
from helpers.publish.setting import Setting
from helpers.publish.workshop import NOTEBOOKS, Made, Parcel, differences, leave, make, pack, versions

if TYPE_CHECKING:
    from distributed import Client, Future

ANSWER = 10  # seconds a scheduler may take to answer
PATIENCE = 60  # seconds without any worker before a run gives up
RETRIES = 2  # times a job is given to another worker when one cannot make it
EXTRA = "make extras, in the workbook's own folder"
KEPT = "What was made stays: run the same command again, and it goes on from there."
TALKERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado")


def run_clustered(jobs: list[Job], setting: Setting, _: int = 0) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job on the cluster of `setting.scheduler`; results come as they are ready.

    Raises:
        SetupError: the package is missing, the scheduler does not answer or is gone, no worker is there, or a
            worker has other versions.
    """
    with _connected(setting.scheduler) as client:
        parcel, run = pack(jobs[0].notebook.parent, setting), uuid4().hex
        _refuse_others(client, parcel, setting.scheduler)
        try:
            for future, job, began in _finished(client, parcel, jobs, setting, run):
                yield _taken(future, job, time.monotonic() - began, setting)
        finally:
            if client.status == "running":
                with suppress(Exception):
                    client.run(leave, run, on_error="ignore")


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """Give a client of the scheduler at an address."""
    try:
        from distributed import Client
    except ImportError:
        raise SetupError(f"--scheduler: the package for clusters is not installed. Install it: {EXTRA}.") from None
    for name in TALKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what concerns the user, we say
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).strip() or type(error).__name__
        raise SetupError(f"{address}: no scheduler answers there ({said}). Start it: dask scheduler.") from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=ANSWER)


def _refuse_others(client: "Client", parcel: Parcel, address: str) -> None:
    """Wait for a worker, and refuse the cluster if one of its workers would make other reports than we."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise SetupError(f"{address}: has no workers. Start one: dask worker {address} --nthreads 1.") from None
    found: dict[str, Any] = client.run(versions, on_error="return")
    for worker, has in sorted(found.items()):
        if isinstance(has, BaseException):
            raise SetupError(f"{worker}: the workbook is not installed on this worker ({has}). {KEPT}")
        if other := differences(parcel.needs, has):
            raise SetupError(f"{worker}: has {other}. Install the same version on every worker. {KEPT}")


def _finished(
    client: "Client", parcel: Parcel, jobs: list[Job], setting: Setting, run: str
) -> Iterator[tuple["Future[Made]", Job, float]]:
    """Give out every job, and give (future, job, when it was given out) as they end."""
    news: SimpleQueue[Future[Made]] = SimpleQueue()
    began = time.monotonic()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")  # it is sent once
        sent = client.submit(_unchanged, parcel, key=f"inputs-{parcel.key}")
    waiting: dict[str, tuple[Future[Made], Job]] = {}
    for place, job in enumerate(jobs):
        there = replace(job, notebook=Path(NOTEBOOKS) / job.notebook.name)
        future = client.submit(make, sent, there, run, key=f"{job.id}-{run}", retries=RETRIES, priority=-place)
        waiting[future.key] = future, job
        future.add_done_callback(news.put)
    try:
        while waiting:
            future, job = waiting[_next(client, news, setting.scheduler).key]
            yield future, job, began
            waiting.pop(future.key)
            future.release()
    finally:
        if client.status == "running":
            with suppress(Exception):
                client.cancel([future for future, _ in waiting.values()])


def _unchanged(parcel: Parcel) -> Parcel:
    """Stand for the parcel in dask's graph: if the workers that hold it die, the scheduler gives it out again."""
    return parcel


def _next(client: "Client", news: "SimpleQueue[Future[Made]]", address: str) -> "Future[Made]":
    """Wait for the next job that has ended, as long as there are workers."""
    alone = 0.0
    while True:
        try:
            return news.get(timeout=1)
        except Empty:
            with suppress(OSError):  # then the scheduler is gone, and every future says so
                alone = 0.0 if client.scheduler_info()["workers"] else alone + 1
        if alone > PATIENCE:
            raise SetupError(f"{address}: has had no workers for {PATIENCE} s. {KEPT}")


def _taken(future: "Future[Made]", job: Job, seconds: float, setting: Setting) -> tuple[Result, Cost]:
    """Write a report's files here, and return what became of it and what it took."""
    from distributed.scheduler import KilledWorker

    try:
        made = future.result()
    except KilledWorker as error:
        found = f"workers that ended while they made it: {error.allowed_failures + 1}"
        return fail(job, Failure("WORKER_DIED", "the report", found), setting), Cost(seconds)
    except SetupError as error:
        raise SetupError(f"{setting.scheduler}: {job.id}: {error} {KEPT}") from None
    except (CancelledError, OSError):
        raise SetupError(f"{setting.scheduler}: the scheduler is gone. {KEPT}") from None
    except Exception as error:
        raise SetupError(f"{setting.scheduler}: {job.id}: {type(error).__name__}: {error}. {KEPT}") from None
    try:
        for name, content in made.files.items():
            place = setting.building / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        raise SetupError(f"{job.id}: {told(error)}") from None
    return made.result, made.cost
