"""Run an edition from its file to the folder that readers see."""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from helpers.errors import SetupError
from helpers.publish.changes import make_changes
from helpers.publish.compare import CHANGES, MANIFEST, Comparison, compare
from helpers.publish.facts import as_json
from helpers.publish.gate import check_page
from helpers.publish.jobs import Job, Result
from helpers.publish.manifest import Manifest, make_manifest, report_sources
from helpers.publish.pages import Frame
from helpers.publish.plan import Options, Plan
from helpers.publish.pool import run_all
from helpers.publish.release import building, swap
from helpers.publish.render import Setting
from helpers.publish.site import make_index


def publish(
    plan: Plan, options: Options, listener: Callable[[Result], None] = lambda _: None
) -> tuple[list[Result], Comparison]:
    """Render a whole edition aside, compare it with the one in place, and swap it in.

    Failed reports get a page that says so. Returns what became of each report, and what changed.

    Raises:
        SetupError: the folder cannot be written; the old edition stands untouched.
        LockedError: another run writes there.
    """
    with _stopped_in_order(), building(options.out, plan.name) as aside:
        manifest, results = _render(plan, options, aside, listener, index=True)
        html = aside / "html"
        (html / MANIFEST).write_text(as_json(manifest), "utf-8")
        found = compare(options.out / "html", html)
        (html / f"{CHANGES}.json").write_text(as_json(found), "utf-8")
        pages = {
            "index": make_index(plan.name, plan.language, plan.jobs, results, manifest),
            CHANGES: make_changes(plan.name, plan.language, found, manifest),
        }
        for name, page in pages.items():
            check_page(page)
            (html / f"{name}.html").write_text(page, "utf-8")
        swap(aside, options.out)
    return results, found


def publish_single(
    plan: Plan, options: Options, listener: Callable[[Result], None] = lambda _: None
) -> tuple[list[Result], list[Path]]:
    """Render reports outside any edition, each put in place on its own; return results and pages."""
    with _stopped_in_order(), building(options.out, plan.name) as aside:
        _, results = _render(plan, options, aside, listener, index=False)
        pages = [_put(aside, options.out, job) for job in plan.jobs]
    return results, pages


def _render(
    plan: Plan, options: Options, aside: Path, listener: Callable[[Result], None], index: bool
) -> tuple[Manifest, list[Result]]:
    """Run every job of a plan into the building folder."""
    missing = sorted({job.notebook.name for job in plan.jobs if not job.notebook.is_file()})
    if missing:
        raise SetupError(f"{options.notebooks}: lacks {', '.join(missing)}. Is this a whole copy of the project?")
    manifest = make_manifest(plan.name, plan.parameters, plan.catalogue, options.notebooks)
    frame = Frame(manifest, index)
    sources = report_sources(plan.catalogue)
    setting = Setting(aside.resolve(), frame, sources, options.cell_timeout, options.engine, options.warm)
    return manifest, run_all(plan.jobs, setting, options.workers, listener)


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


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C unwind the run, so that nothing is left behind; exit codes 143 and 130."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
