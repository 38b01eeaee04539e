"""A cluster's worker at work: it holds one warm process, of which each report is forked, as a run here does.

A worker runs its tasks in a thread beside others and must not fork. The warm process is a program of its own,
started with the first job and ended with the run. All that a report needs comes in a parcel, and its files go
back as bytes, so worker and client need no folder in common.
"""

import io
import os
import shutil
import tempfile
import threading
import zipfile
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from helpers.errors import SetupError
from helpers.publish.jobs import Cost, Job, Result
from helpers.publish.manifest import code_version, own_files, packages
from helpers.publish.setting import Setting
from helpers.publish.warmed import order_of, result_of
from helpers.warm.processes import can_fork, end_family
from helpers.warm.supervisor import Supervisor

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
    """A report as a worker made it: what became of it, what it took, and its files' bytes by their place."""

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
    setting = replace(setting, building=Path(), scheduler="", inputs=dict.fromkeys(setting.inputs, Path()))
    files = packed.getvalue()
    return Parcel(setting, versions(), files, sha256(files + repr(setting).encode()).hexdigest())


def versions() -> dict[str, str]:
    """Return the versions, here, of all that shapes a report."""
    return {OURS: code_version(None), **packages()}


def differences(needs: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return in words which versions are other than needed; nothing if none is.

    >>> differences({"python": "3.12.1", "pandas": "3.0.1"}, {"python": "3.12.1", "pandas": "2.9"})
    'pandas 2.9 instead of 3.0.1'
    """
    other = [name for name in needs if found.get(name) != needs[name]]
    return ", ".join(f"{name} {found.get(name, '(none)')} instead of {needs[name]}" for name in other)


class Workshop:
    """What a worker has unpacked and started for one run.

    Args:
        parcel: What the run's jobs need.
        aside: The folder to make one's own in.

    Raises:
        SetupError: this machine cannot fork, has other versions, or the warm process does not start.
    """

    def __init__(self, parcel: Parcel, aside: Path) -> None:
        if not can_fork():
            raise SetupError("this worker's system cannot fork safely; a cluster's workers run on Linux.")
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
        self.supervisor = Supervisor(order_of(self.setting, 1, scratch, notebooks))

    @property
    def over(self) -> bool:
        """Whether the run that it last worked for has ended."""
        return self.run in _left

    def make(self, job: Job) -> Made:
        """Make one report and give its files away."""
        job = replace(job, notebook=self.folder / job.notebook)
        news = self.supervisor.outcomes([job])
        _, outcome = next(news)
        if not self.over:
            deque(news, maxlen=0)  # a warm process that has died is started anew
        result = result_of(job, outcome, self.setting)
        files = {name: (self.setting.building / name).read_bytes() for name in result.files}
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
    """End what was started for a run, the report in hand too; called on a worker, beside its jobs."""
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
