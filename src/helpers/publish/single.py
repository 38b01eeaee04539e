"""Reports made outside any edition, each put in place on its own."""

from pathlib import Path

from helpers.contracts.marks import resolved
from helpers.publish.building import begin as note_begun
from helpers.publish.building import clear, sweep
from helpers.publish.jobs import Job, Result
from helpers.publish.lock import held
from helpers.publish.ours import SINGLE, put_files, refuse_changed
from helpers.publish.plan import Options, Plan, request_of
from helpers.publish.pool import engine
from helpers.publish.run import Begin, silent, told
from helpers.publish.setting import Frame, Setting
from helpers.publish.settle import settle
from helpers.publish.stopping import stopped_in_order
from helpers.warm.journal import Journal


def publish_single(plan: Plan, options: Options, begin: Begin = silent) -> tuple[list[Result], list[Path]]:
    """Make reports outside any edition, each put in place on its own; return results and pages."""
    aside = options.out / SINGLE
    with stopped_in_order(), held(options.out, plan.name):
        try:
            refuse_changed(options.out, [name for job in plan.jobs for name in _places(aside, job)])
            sweep(aside)
            note_begun(aside, [job.id for job in plan.jobs])
            settled = settle(request_of(plan), options.notebooks)
            chosen = options.engine, options.warm, options.tree, options.scheduler, options.inputs
            frame = Frame(settled.manifest, index=False)
            setting = Setting(resolved(aside), frame, settled.sources, options.cell_timeout, *chosen)
            journal, listener, results = Journal(options.out / f"{SINGLE}.jsonl"), begin(len(plan.jobs), 0), {}
            with engine(options.engine, options.scheduler, aside) as maker:
                for result, cost in maker.run(settled.jobs, setting, options.workers):
                    results[result.id] = result
                    journal.add(told(result, cost))
                    listener(result)
            put_files(options.out, {name: made for job in plan.jobs for name, made in _places(aside, job).items()})
        finally:
            clear(aside)
    return [results[job.id] for job in plan.jobs], [options.out / f"{job.id}.html" for job in plan.jobs]


def _places(aside: Path, job: Job) -> dict[str, Path]:
    """Return a report's files, the page last, by their places beside earlier single reports."""
    parts = {".json": "html", ".ipynb": "executed", ".html": "html"}
    return {f"{job.id}{ending}": aside / part / f"{job.id}{ending}" for ending, part in parts.items()}
