"""Reports by the warm engine: what to prepare before the first fork, what reports that are nearly
alike have in common, what each ending means.
"""

import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from helpers.errors import SetupError
from helpers.make.papermill_engine import inline_figures, own_chance
from helpers.make.plan import Setting
from helpers.make.render import attempt, fail
from helpers.make.warm_start import OURS
from helpers.report.job import Cost, Failure, Job, Result
from helpers.warm.outcome import End, Limits, Outcome
from helpers.warm.processes import WarmError
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor
from helpers.warm.tree import Tree, each


@contextmanager
def in_our_words() -> Iterator[None]:
    """Let what keeps the warm process from its work be told as a fault of this machine, with the
    next step.

    Raises:
        SetupError: in place of a WarmError.
    """
    try:
        yield
    except WarmError as error:
        raise SetupError(f"{error}. Fix it, or run with --engine kernel.") from None


def as_tasks(jobs: Sequence[Job], parting: str) -> list[Job | Tree]:
    """Return the jobs in their order, those that differ in nothing but one parameter as one tree.

    Args:
        jobs: All of a run.
        parting: The parameter's name.
    """
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        shared = {name: value for name, value in sorted(job.parameters.items()) if name != parting}
        groups.setdefault(repr((job.notebook, shared)), []).append(job)
    return [Tree(tuple(group)) if len(group) > 1 else group[0] for group in groups.values()]


def run_common(jobs: Sequence[Job], setting: Setting) -> None:
    """Run the cells that do not depend on what the jobs differ in; forks of this process go on from
    there.

    Raises:
        Exception: whatever a cell raises; each report, run on its own, then says what it means.
    """
    from papermill.execute import raise_for_execution_errors

    from helpers.make.execute import OUTPUT_LIMIT, run_cells, with_parameters

    first = jobs[0]
    os.chdir(first.notebook.parent)
    given = with_parameters(first, "warm")
    run_cells(
        given,
        setting.cell_timeout,
        "warm",
        output_limit=OUTPUT_LIMIT,
        parting=frozenset({setting.parting}),
    )
    raise_for_execution_errors(given, None)


SMALL = 2_000  # most numbers that a report states are below
PANELS = 3  # no figure has more
CODES = {
    End.RAISED: "INTERNAL",
    End.EXITED: "INCOMPLETE",
    End.KILLED: "KERNEL_DIED",
    End.ALARM: "TIMEOUT",
    End.CPU: "DEADLINE",
    End.WALL: "DEADLINE",
    End.WORKER: "WORKER_DIED",
}


def run_warm(
    jobs: list[Job],
    setting: Setting,
    workers: int,
    supervisor: Supervisor,
    handed: Callable[[], object] = tuple,
) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job in a process of its own, forked from a warm one; results come as they are
    ready.

    Raises:
        WarmError: the warm process did not come up. SetupError: a report could not be written.
    """
    tasks = as_tasks(jobs, setting.parting) if setting.tree and setting.parting else jobs
    needed = setting
    if not any(job.parameters.get(setting.parting) for job in jobs):
        needed = replace(setting, parted=())
    order = order_of(needed, workers, supervisor.scratch, _notebooks(jobs))
    supervisor.begin(replace(order, handed=handed))
    for place, outcome in supervisor.outcomes(tasks):
        for job, own in each(tasks[place], outcome):
            yield result_of(job, own, setting), Cost(own.seconds, own.cpu, own.peak)


def _notebooks(jobs: list[Job]) -> list[Path]:
    return sorted({job.notebook for job in jobs})


def order_of(setting: Setting, slots: int, scratch: Path, notebooks: Collection[Path]) -> Order:
    """Return what a warm process is to do with each job of a run."""
    limits = Limits(wall=setting.deadline, cpu=setting.deadline)
    known = partial(study, tuple(notebooks))
    shared = partial(run_common, setting=setting)
    return Order(
        partial(attempt, setting=setting),
        limits,
        slots,
        scratch,
        (*OURS, *setting.warm, *setting.parted),
        known,
        shared,
        own_chance,
    )


def result_of(job: Job, outcome: Outcome, setting: Setting) -> Result:
    """Return what became of a job, its failed page written if it failed.

    Raises:
        SetupError: the report could not be written.
    """
    if outcome.end is not End.VALUE:
        return fail(job, Failure(CODES[outcome.end], "the report", outcome.found), setting)
    if isinstance(outcome.value, Exception):
        raise outcome.value
    result: Result = outcome.value
    return result


def study(notebooks: Iterable[Path]) -> None:
    """Read notebooks and their cells before the first fork; one that cannot be read is its reports'
    fault to tell.
    """
    from helpers.make.execute import load
    from helpers.warm import shell

    for notebook in notebooks:
        with suppress(Exception):
            shell.study(cell.source for cell in load(notebook).cells if cell.cell_type == "code")


def ready() -> None:
    """Do once what every page does: compile the templates, find the fonts, word the small
    numbers.
    """
    import nbformat  # all of this is for the warm process alone

    from helpers.pages.exporter import export
    from helpers.pages.layout import compile_templates
    from helpers.present.figures.canvas import make_sheets, render_svg
    from helpers.present.figures.paper import measure_letters
    from helpers.present.language import Language
    from helpers.report.manifest import code_version

    inline_figures()
    code_version(None)
    compile_templates()
    for number in range(SMALL):
        Language("sv").number(number)
    words = "Åäö 1\u00a0500 – ‰"
    svg = render_svg(lambda axes: axes.set(title=words, xlabel=words, ylabel=words), 4, 3)
    make_sheets(PANELS)
    measure_letters()
    cells = [
        nbformat.v4.new_markdown_cell(f"## {words}"),
        nbformat.v4.new_code_cell(
            "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": svg})]
        ),
    ]
    export(nbformat.v4.new_notebook(cells=cells))
