"""Every job of a run by the engine that was asked for."""

from collections.abc import Callable, Generator
from contextlib import closing

from helpers.publish.jobs import Cost, Job, Result
from helpers.publish.setting import Setting
from helpers.publish.warmed import run_warm

Made = Generator[tuple[Result, Cost], None, None]


def run_all(jobs: list[Job], setting: Setting, workers: int) -> Made:
    """Run every job; results come as they are ready, with what they took.

    Args:
        jobs: What to render; ids are unique.
        setting: What they have in common.
        workers: Processes at most.

    Raises:
        SetupError: a report could not be written, or the engine did not start.
    """
    with closing(_engine(setting)(jobs, setting, min(workers, len(jobs)))) as news:
        yield from news


def _engine(setting: Setting) -> Callable[[list[Job], Setting, int], Made]:
    if setting.scheduler:
        from helpers.publish.clustered import run_clustered

        return run_clustered
    if setting.engine == "warm":
        return run_warm
    from helpers.publish.kernels import run_kernels

    return run_kernels
