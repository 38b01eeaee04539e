"""Reports by the warm engine: what to make ready before the first fork, and what each ending means."""

import tempfile
from collections.abc import Generator
from functools import partial
from pathlib import Path

import nbformat

from helpers.publish.exporter import export
from helpers.publish.jobs import Cost, Failure, Job, Result
from helpers.publish.render import Setting, attempt, fail
from helpers.warm.outcome import End, Limits, Outcome
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor

OURS = ("helpers.warm.client:rehearse", "helpers.publish.warmed:ready")
CODES = {
    End.RAISED: "INTERNAL",
    End.EXITED: "INCOMPLETE",
    End.KILLED: "KERNEL_DIED",
    End.ALARM: "TIMEOUT",
    End.CPU: "DEADLINE",
    End.WALL: "DEADLINE",
    End.WORKER: "WORKER_DIED",
}


def run_warm(jobs: list[Job], setting: Setting, workers: int) -> Generator[tuple[Result, Cost], None, None]:
    """Run every job in a process of its own, forked from a warm one; results come as they are ready.

    Raises:
        SetupError: the warm process did not start, or a report could not be written.
    """
    limits = Limits(wall=setting.deadline, cpu=setting.deadline)
    with tempfile.TemporaryDirectory(dir=setting.building, prefix=".warm-") as scratch:
        order = Order(partial(attempt, setting=setting), limits, workers, Path(scratch), (*OURS, *setting.warm))
        with Supervisor(order) as supervisor:
            for place, outcome in supervisor.outcomes(jobs):
                yield _result(jobs[place], outcome, setting), Cost(outcome.seconds, outcome.cpu, outcome.peak)


def _result(job: Job, outcome: Outcome, setting: Setting) -> Result:
    if outcome.end is not End.VALUE:
        return fail(job, Failure(CODES[outcome.end], "the report", outcome.found), setting)
    if isinstance(outcome.value, Exception):
        raise outcome.value
    result: Result = outcome.value
    return result


def ready() -> None:
    """Do once what every page does: compile the templates, find the fonts."""
    from helpers.present.figures.canvas import render_svg  # matplotlib is for the warm process alone

    words = "Åäö 1\u00a0500 – ‰"
    svg = render_svg(lambda axes: axes.set(title=words, xlabel=words, ylabel=words), 4, 3)
    cells = [
        nbformat.v4.new_markdown_cell(f"## {words}"),
        nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", {"text/html": svg})]),
    ]
    export(nbformat.v4.new_notebook(cells=cells))
