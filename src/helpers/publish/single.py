"""Reports made outside any edition, each put in place on its own."""

import shutil
from pathlib import Path

from helpers.publish.building import SINGLE, sweep
from helpers.publish.jobs import Job, Result
from helpers.publish.lock import held
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
            sweep(aside)
            settled = settle(request_of(plan), options.notebooks)
            chosen = options.engine, options.warm, options.tree, options.scheduler, options.inputs
            frame = Frame(settled.manifest, index=False)
            setting = Setting(aside.resolve(), frame, settled.sources, options.cell_timeout, *chosen)
            journal, listener, results = Journal(options.out / f"{SINGLE}.jsonl"), begin(len(plan.jobs), 0), {}
            with engine(options.engine, options.scheduler, aside) as maker:
                for result, cost in maker.run(settled.jobs, setting, options.workers):
                    results[result.id] = result
                    journal.add(told(result, cost))
                    listener(result)
            pages = [_put(aside, options.out, job) for job in plan.jobs]
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return [results[job.id] for job in plan.jobs], pages


def _put(aside: Path, out: Path, job: Job) -> Path:
    """Move one report's files from the building folder beside earlier single reports."""
    target = out / f"{job.id}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    files = {
        aside / "html" / f"{job.id}.json": target.with_suffix(".json"),
        aside / "executed" / f"{job.id}.ipynb": target.with_suffix(".ipynb"),
        aside / "html" / f"{job.id}.html": target,
    }
    for made, place in files.items():
        if made.exists():
            shutil.move(made, place)
        else:
            place.unlink(missing_ok=True)
    return target
