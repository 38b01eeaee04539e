"""Every job of a run by the engine that was asked for."""

from collections.abc import Callable, Generator
from contextlib import closing

from helpers.publish.jobs import Cost, Job, Result
from helpers.publish.rehearsal import Rehearsal
from helpers.publish.setting import Setting
from helpers.publish.warmed import rehearse_warm, run_warm

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


def rehearse_all(jobs: list[Job], setting: Setting, workers: int) -> dict[str, Rehearsal]:
    """Return, by job, what it would show; a job of which that is not known is left out.

    With ordinary kernels a rehearsal costs as much as the report: none is known.
    """
    if setting.engine != "warm":
        return {}
    with closing(rehearse_warm(jobs, setting, min(workers, len(jobs)))) as news:
        return {name: found for name, found in news if found}


def _engine(setting: Setting) -> Callable[[list[Job], Setting, int], Made]:
    if setting.scheduler:
        from helpers.publish.clustered import run_clustered

        return run_clustered
    if setting.engine == "warm":
        return run_warm
    from helpers.publish.kernels import run_kernels

    return run_kernels
