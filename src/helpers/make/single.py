"""Reports outside any edition, each put in place on its own."""

from pathlib import Path

from helpers.make.engines import engine
from helpers.make.plan import Options, Plan, request_of, setting_of, settle
from helpers.make.run import Begin, silent, told
from helpers.make.stopping import stopped_in_order
from helpers.releases.building import begin as note_begun
from helpers.releases.building import clear, sweep
from helpers.releases.folder import SINGLE, held, put_files, refuse_changed
from helpers.releases.state import Journal
from helpers.report.job import Job, Result


def publish_single(
    plan: Plan, options: Options, begin: Begin = silent
) -> tuple[list[Result], list[Path]]:
    """Make reports outside any edition, each put in place on its own; return results and pages."""
    aside = options.out / SINGLE
    with stopped_in_order(), held(options.out, plan.name):
        try:
            refuse_changed(options.out, [name for job in plan.jobs for name in _places(aside, job)])
            sweep(aside)
            note_begun(aside, [job.id for job in plan.jobs])
            settled = settle(request_of(plan), options.notebooks)
            setting = setting_of(settled, options, aside, index=False)
            journal, listener, results = (
                Journal(options.out / f"{SINGLE}.jsonl"),
                begin(len(plan.jobs), 0),
                {},
            )
            with engine(options.engine, options.scheduler, aside) as maker:
                for result, cost in maker.run(settled.jobs, setting, options.workers):
                    results[result.id] = result
                    journal.add(told(result, cost))
                    listener(result)
            put_files(
                options.out,
                {name: made for job in plan.jobs for name, made in _places(aside, job).items()},
            )
        finally:
            clear(aside)
    return [results[job.id] for job in plan.jobs], [
        options.out / f"{job.id}.html" for job in plan.jobs
    ]


def _places(aside: Path, job: Job) -> dict[str, Path]:
    """Return a report's files, the page last, by their places beside earlier single reports."""
    parts = {".json": "html", ".ipynb": "executed", ".html": "html"}
    return {
        f"{job.id}{ending}": aside / part / f"{job.id}{ending}" for ending, part in parts.items()
    }
