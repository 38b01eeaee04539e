"""Reports by the warm engine: what to make ready before the first fork, and what each ending means."""

from collections.abc import Collection, Generator, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from helpers.publish.branches import as_tasks, share
from helpers.publish.jobs import Cost, Failure, Job, Result
from helpers.publish.render import attempt, fail
from helpers.publish.setting import Setting
from helpers.warm.outcome import End, Limits, Outcome
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor
from helpers.warm.tree import each

OURS = ("helpers.warm.client:practise", "helpers.publish.warmed:ready")
SMALL = 2_000  # most numbers that a report states are below
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
    jobs: list[Job], setting: Setting, workers: int, supervisor: Supervisor
) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job in a process of its own, forked from a warm one; results come as they are ready.

    Raises:
        SetupError: the warm process did not come up, or a report could not be written.
    """
    tasks = as_tasks(jobs) if setting.tree else jobs
    supervisor.begin(order_of(setting, workers, supervisor.scratch, _notebooks(jobs)))
    for place, outcome in supervisor.outcomes(tasks):
        for job, own in each(tasks[place], outcome):
            yield result_of(job, own, setting), Cost(own.seconds, own.cpu, own.peak)


def _notebooks(jobs: list[Job]) -> list[Path]:
    return sorted({job.notebook for job in jobs})


def order_of(setting: Setting, slots: int, scratch: Path, notebooks: Collection[Path]) -> Order:
    """Return what a warm process is to do with each job of a run."""
    limits = Limits(wall=setting.deadline, cpu=setting.deadline)
    known = partial(study, tuple(notebooks))
    shared = partial(share, setting=setting)
    return Order(partial(attempt, setting=setting), limits, slots, scratch, (*OURS, *setting.warm), known, shared)


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
    """Read notebooks and their cells before the first fork; one that cannot be read is its reports' fault to tell."""
    from helpers.publish.execute import load
    from helpers.warm import shell

    for notebook in notebooks:
        with suppress(Exception):
            shell.study(cell.source for cell in load(notebook).cells if cell.cell_type == "code")


def ready() -> None:
    """Do once what every page does: compile the templates, find the fonts, word the small numbers."""
    import nbformat  # all of this is for the warm process alone

    from helpers.present.figures.canvas import render_svg
    from helpers.present.language import Language
    from helpers.publish.exporter import export
    from helpers.publish.manifest import code_version
    from helpers.publish.pages import compile_templates

    code_version(None)
    compile_templates()
    for number in range(SMALL):
        Language("sv").number(number)
    words = "Åäö 1\u00a0500 – ‰"
    svg = render_svg(lambda axes: axes.set(title=words, xlabel=words, ylabel=words), 4, 3)
    cells = [
        nbformat.v4.new_markdown_cell(f"## {words}"),
        nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", {"text/html": svg})]),
    ]
    export(nbformat.v4.new_notebook(cells=cells))
