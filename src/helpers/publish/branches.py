"""Reports that are alike but for the scenario: what does not depend on it is run once, by the warm engine."""

import os
from collections.abc import Sequence

from helpers.publish.jobs import Job
from helpers.publish.setting import Setting
from helpers.warm.tree import Tree

PARTING = "scenario"


def as_tasks(jobs: Sequence[Job]) -> list[Job | Tree]:
    """Return the jobs in their order, those that differ in nothing but the scenario as one tree."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        shared = {name: value for name, value in sorted(job.parameters.items()) if name != PARTING}
        groups.setdefault(repr((job.notebook, shared)), []).append(job)
    return [Tree(tuple(group)) if len(group) > 1 else group[0] for group in groups.values()]


def share(jobs: Sequence[Job], setting: Setting) -> None:
    """Run the cells that do not depend on the scenario; forks of this process go on from there.

    Raises:
        Exception: whatever a cell raises; each report, run on its own, then says what it means.
    """
    from papermill.execute import raise_for_execution_errors

    from helpers.publish.execute import OUTPUT_LIMIT, run_cells, with_parameters

    first = jobs[0]
    os.chdir(first.notebook.parent)
    given = with_parameters(first, "warm")
    run_cells(given, setting.cell_timeout, "warm", output_limit=OUTPUT_LIMIT, parting=frozenset({PARTING}))
    raise_for_execution_errors(given, None)
