"""Reports on a dask cluster: the run's side, which gives out jobs and writes what comes back, and
the worker's.

A worker holds one warm process, of which each report is forked, as a run on one machine does. dask
runs tasks in threads, where nothing may be forked.
"""

import io
import logging
import os
import shutil
import tempfile
import threading
import time
import warnings
import zipfile
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from helpers.contracts.files import bytes_in, checksum
from helpers.errors import SetupError, told
from helpers.make.plan import Setting
from helpers.make.render import fail
from helpers.make.warm_reports import in_our_words, order_of, result_of
from helpers.make.warm_start import AROUND
from helpers.report.job import Cost, Failure, Job, Result
from helpers.report.manifest import code_version, own_files, packages
from helpers.warm.processes import can_fork, end_family
from helpers.warm.supervisor import Supervisor

if TYPE_CHECKING:
    from distributed import Client, Future

NOTEBOOKS = "notebooks"
OURS = "mottagningsboken"
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Parcel:
    """What every job of a run needs on a worker.

    Attributes:
        setting: What the jobs have in common; its folders are the worker's to choose.
        needs: Versions of our code, of Python and of what shapes a report, by name.
        files: The notebooks and the inputs, as a zip.
        key: A checksum over all of it.
    """

    setting: Setting
    needs: Mapping[str, str]
    files: bytes
    key: str


@dataclass(frozen=True)
class Made:
    """A report as a worker made it: what became of it, what it took, and its files' bytes by their
    place.
    """

    result: Result
    cost: Cost
    files: dict[str, bytes]


def pack(notebooks: Path, setting: Setting) -> Parcel:
    """Return the parcel of a run: the same content has the same key."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, folder in {NOTEBOOKS: notebooks, **setting.inputs}.items():
            for file in own_files(folder):
                place = zipfile.ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", EPOCH)
                archive.writestr(place, file.read_bytes(), zipfile.ZIP_DEFLATED)
    setting = replace(
        setting, building=Path(), scheduler="", inputs=dict.fromkeys(setting.inputs, Path())
    )
    files = packed.getvalue()
    return Parcel(setting, versions(), files, checksum(files + repr(setting).encode()))


def versions() -> dict[str, str]:
    """Return the versions, here, of all that shapes a report."""
    return {OURS: code_version(None), **packages()}


def differences(needs: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return in words which versions are other than needed; nothing if none is.

    >>> differences({"python": "3.12.1", "pandas": "3.0.1"}, {"python": "3.12.1", "pandas": "2.9"})
    'pandas 2.9 instead of 3.0.1'
    """
    other = [name for name in needs if found.get(name) != needs[name]]
    return ", ".join(
        f"{name} {found.get(name, '(none)')} instead of {needs[name]}" for name in other
    )


class Workshop:
    """What a worker has unpacked and started for one run.

    Args:
        parcel: What the run's jobs need.
        aside: The folder to make one's own in.

    Raises:
        SetupError: this machine cannot fork, has other versions, or the warm process does not
            start.
    """

    def __init__(self, parcel: Parcel, aside: Path) -> None:
        if not can_fork():
            raise SetupError(
                "this worker's system cannot fork safely; a cluster's workers run on Linux."
            )
        if other := differences(parcel.needs, versions()):
            raise SetupError(f"this worker has {other}. Install the same version on every worker.")
        self.key, self.run = parcel.key, ""
        self.folder = Path(tempfile.mkdtemp(dir=aside, prefix="mottagning-"))
        try:
            self._open(parcel)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _open(self, parcel: Parcel) -> None:
        with zipfile.ZipFile(io.BytesIO(parcel.files)) as archive:
            archive.extractall(self.folder)
        building, scratch = self.folder / "building", self.folder / "scratch"
        building.mkdir()
        scratch.mkdir()
        self.setting = replace(parcel.setting, building=building)
        for name in parcel.setting.inputs:
            (self.folder / name).mkdir(exist_ok=True)
            os.environ[name] = str(self.folder / name)
        notebooks = sorted((self.folder / NOTEBOOKS).glob("*.ipynb"))
        with in_our_words():
            order = order_of(self.setting, 1, scratch, notebooks)
            self.supervisor = Supervisor(order, around=AROUND)

    @property
    def over(self) -> bool:
        """Whether the run that it last worked for has ended."""
        return self.run in _left

    def make(self, job: Job) -> Made:
        """Make one report and give its files away."""
        job = replace(job, notebook=self.folder / job.notebook)
        with in_our_words():
            news = self.supervisor.outcomes([job])
            _, outcome = next(news)
            if not self.over:
                deque(news, maxlen=0)  # a warm process that has died is started anew
        result = result_of(job, outcome, self.setting)
        files = {name: bytes_in(self.setting.building / name) for name in result.files}
        for name in files:
            (self.setting.building / name).unlink()
        return Made(result, Cost(outcome.seconds, outcome.cpu, outcome.peak), files)

    def end(self) -> None:
        """End the warm process and remove what was unpacked."""
        self.supervisor.end()
        shutil.rmtree(self.folder, ignore_errors=True)


_busy = threading.Lock()
_open: list[Workshop] = []  # at most one: for the content whose job came last
_left: set[str] = set()  # runs that have ended; one may end while its workshop is being opened


def make(parcel: Parcel, job: Job, run: str) -> Made:
    """Make one report; called on a worker, one job at a time.

    Args:
        parcel: What the run's jobs need.
        job: The report; its notebook is told by its place in the parcel.
        run: A name of the run's own.

    Raises:
        SetupError: as `Workshop` says, the report cannot be written, or the run has ended.
    """
    from distributed import get_worker

    with _busy:
        if not (_open and _open[0].key == parcel.key):
            _close()
            _open.append(Workshop(parcel, Path(get_worker().local_directory)))
        here = _open[0]
        here.run = run
        try:
            if here.over:
                raise SetupError("the run has ended.")
            return here.make(job)
        finally:
            if here.over:
                _close()


def leave(run: str) -> None:
    """End what was started for a run, the report in hand too; called on a worker, beside its
    jobs.
    """
    _left.add(run)
    if _busy.acquire(blocking=False):
        try:
            if _open and _open[0].over:
                _close()
        finally:
            _busy.release()
    elif _open and _open[0].over:
        end_family(_open[0].supervisor.process.pid)


def _close() -> None:
    while _open:
        _open.pop().end()


ANSWER = 10  # seconds a scheduler may take to answer
PATIENCE = 60  # seconds without any worker before a run gives up
RETRIES = 2  # times a job is given to another worker when one cannot make it
EXTRA = "make extras, in the workbook's own folder"
KEPT = "What was made stays: run the same command again, and it goes on from there."
TALKERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado")


def run_clustered(
    jobs: list[Job], setting: Setting, _: int = 0
) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job on the cluster of `setting.scheduler`; results come as they are ready.

    Raises:
        SetupError: the package is missing, the scheduler does not answer or is gone, no worker is
            there, or a worker has other versions.
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
        raise SetupError(
            f"--scheduler: the package for clusters is not installed. Install it: {EXTRA}."
        ) from None
    for name in TALKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what concerns the user, we say
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).strip() or type(error).__name__
        raise SetupError(
            f"{address}: no scheduler answers there ({said}). Start it: dask scheduler."
        ) from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=ANSWER)


def _refuse_others(client: "Client", parcel: Parcel, address: str) -> None:
    """Wait for a worker, and refuse the cluster if one of its workers would make other reports than
    we.
    """
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise SetupError(
            f"{address}: has no workers. Start one: dask worker {address} --nthreads 1."
        ) from None
    found: dict[str, Any] = client.run(versions, on_error="return")
    for worker, has in sorted(found.items()):
        if isinstance(has, BaseException):
            raise SetupError(
                f"{worker}: the workbook is not installed on this worker ({has}). {KEPT}"
            )
        if other := differences(parcel.needs, has):
            raise SetupError(
                f"{worker}: has {other}. Install the same version on every worker. {KEPT}"
            )


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
        future = client.submit(
            make, sent, there, run, key=f"{job.id}-{run}", retries=RETRIES, priority=-place
        )
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
    """Stand for the parcel in dask's graph: if the workers that hold it die, the scheduler gives it
    out again.
    """
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


def _taken(
    future: "Future[Made]", job: Job, seconds: float, setting: Setting
) -> tuple[Result, Cost]:
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
        raise SetupError(
            f"{setting.scheduler}: {job.id}: {type(error).__name__}: {error}. {KEPT}"
        ) from None
    try:
        for name, content in made.files.items():
            place = setting.building / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        raise SetupError(f"{job.id}: {told(error)}") from None
    return made.result, made.cost
