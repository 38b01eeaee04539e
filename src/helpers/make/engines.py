"""Every job of a run by the engine that was asked for."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from helpers.make import warm_start
from helpers.make.plan import Setting
from helpers.make.warm_reports import in_our_words, run_warm
from helpers.make.warm_start import AROUND, OURS, early
from helpers.report.job import Cost, Job, Result
from helpers.warm.processes import apart, processors
from helpers.warm.supervisor import Supervisor

Made = Generator[tuple[Result, Cost], None, None]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Engine:
    """An engine that is ready: it can be asked to read the tables in a process of its own, then to
    make reports, then to do what remains in a process that has what reports take.

    Attributes:
        name: As `Setting.engine`.
        scheduler: As `Setting.scheduler`.
        warm: The warm process, where it reads the tables that the reports then begin with.
    """

    name: str
    scheduler: str = ""
    warm: Supervisor | None = None

    def ask(self, work: Callable[[], Value]) -> Value:
        """Return what some work gives, done in another process; it can be pickled, and so can its
        value.
        """
        return self.warm.ask(work) if self.warm else apart(work)

    def run(
        self,
        jobs: list[Job],
        setting: Setting,
        workers: int,
        handed: Callable[[], object] = tuple,
    ) -> Made:
        """Run every job; results come as they are ready, with what they took.

        Args:
            jobs: What to render; ids are unique.
            setting: What they have in common.
            workers: Processes at most.
            handed: As `Plan.handed`.

        Raises:
            SetupError: a report could not be written, or the engine did not start.
        """
        with closing(self._made(jobs, setting, min(workers, len(jobs)), handed)) as news:
            yield from news

    def _made(
        self, jobs: list[Job], setting: Setting, workers: int, handed: Callable[[], object]
    ) -> Made:
        if self.warm:
            return run_warm(jobs, setting, workers, self.warm, handed)
        if self.scheduler:
            from helpers.make.cluster import run_clustered

            return run_clustered(jobs, setting, workers)
        from helpers.make.kernel_reports import run_kernels

        return run_kernels(jobs, setting, workers)


def _resident() -> Path | None:
    """Return where a resident process may listen; finding out its name is not for nothing."""
    return warm_start.address() if warm_start.addresses() else None


@contextmanager
def engine(
    name: str, scheduler: str, building: Path | None, warm: tuple[str, ...] = ()
) -> Iterator[Engine]:
    """Give an engine, and end all that it has started.

    Args:
        name: "warm" or "kernel".
        scheduler: Address of a dask cluster, whose workers then make the reports; empty for this
            machine.
        building: The folder that reports are made in; None if it is not known yet, for temporary
            files to lie where the system has them.
        warm: As `Setting.warm`; its modules are imported while the tables are read, if there is a
            processor for each.

    Raises:
        SetupError: the warm process did not come up, then or when it was given work.
    """
    if name != "warm" or scheduler:
        yield Engine(name, scheduler)
        return
    modules = [name for name in warm if ":" not in name]
    ahead = [*modules, *OURS] if processors() > 1 else []
    with (
        in_our_words(),
        tempfile.TemporaryDirectory(dir=building, prefix=".warm-") as scratch,
        Supervisor(None, Path(scratch), AROUND, _resident(), ahead, early()) as supervisor,
    ):
        yield Engine(name, scheduler, supervisor)
