"""What one report costs, by each way of making it, side by side in one run.

Usage: python -m benchmarks.engine [--reports N] [--rounds N] [--year YEAR]

N reports (default 4), county and municipality by turns, are made in every way in turn, as many rounds as asked for;
the medians are printed. Ratios are to the plain loop of the same run; compare them, not the seconds, between
machines. The ways:

- commands: `papermill` and `jupyter nbconvert` for each report, as a Makefile would.
- plain loop: papermill.execute_notebook and nbconvert's HTMLExporter in one process.
- kernel, warm: ours, proof, gate and page included; without the start of the warm process, whose time stands below.
- floor: the notebooks' cells as plain code, no notebook around them, each in a process forked from a warm one.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import nbformat

from helpers import tables
from helpers.cli.options import WARM
from helpers.publish.editions import expand, read_edition
from helpers.publish.jobs import Job
from helpers.publish.manifest import make_manifest, report_sources
from helpers.publish.pages import Frame
from helpers.publish.plan import EDITIONS, NOTEBOOKS, PROJECT
from helpers.publish.pool import run_all
from helpers.publish.render import Setting, attempt
from helpers.publish.warmed import OURS
from helpers.warm.outcome import End, Limits
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor

PLAIN_LOOP = "plain loop"
LIMITS = Limits(wall=600, cpu=600)


@dataclass(frozen=True)
class Sample:
    """One round of one way: wall and processor seconds, and bytes of HTML, for each report."""

    seconds: float
    cpu: float
    bytes: float


def one_job(job: Job, setting: Setting) -> None:
    """Make one report as `attempt` does; a benchmark of failures is none."""
    result = attempt(job, setting)
    if isinstance(result, Exception) or result.failure:
        raise SystemExit(f"{job.id}: {result}")


def floor(job: Job, folder: Path) -> None:
    """Run a notebook's cells as plain code, and write the HTML of what its page shows, without anything around it."""
    from helpers.present import page

    shown: list[str] = []
    own = page.Page.show

    def show(self: page.Page, *views: object) -> object:
        made = own(self, *views)
        shown.append(made.html)
        return made

    page.Page.show = show
    os.chdir(job.notebook.parent)
    space: dict[str, object] = {}
    cells = [cell.source for cell in nbformat.read(job.notebook, 4).cells if cell.cell_type == "code"]
    exec(cells[0], space)
    space.update(job.parameters)
    for cell in cells[1:]:
        exec(cell, space)
    target = folder / f"{job.id}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(shown), "utf-8")


def commands(jobs: list[Job], folder: Path) -> None:
    """Run papermill's and nbconvert's own commands."""
    tools = Path(sys.executable).parent
    for job in jobs:
        executed = folder / f"{job.id}.ipynb"
        executed.parent.mkdir(parents=True, exist_ok=True)
        given = folder / "parameters.yaml"
        given.write_text(json.dumps(job.parameters), "utf-8")
        ran = [str(tools / "papermill"), str(job.notebook), str(executed), "-k", "python3", "-f", str(given)]
        made = [str(tools / "jupyter"), "nbconvert", "--to", "html", str(executed)]
        for command in (ran, made):
            subprocess.run(command, check=True, capture_output=True, cwd=job.notebook.parent)


LOOP = """
import json, sys
from pathlib import Path
import papermill
from nbconvert import HTMLExporter
folder = Path(sys.argv[1])
for identity, notebook, parameters in json.loads(sys.argv[2]):
    executed = folder / f"{identity}.ipynb"
    executed.parent.mkdir(parents=True, exist_ok=True)
    made = papermill.execute_notebook(
        notebook, str(executed), parameters, kernel_name="python3", progress_bar=False, cwd=str(Path(notebook).parent)
    )
    executed.with_suffix(".html").write_text(HTMLExporter().from_notebook_node(made)[0], "utf-8")
"""


def plain_loop(jobs: list[Job], folder: Path) -> None:
    """Run papermill and nbconvert in one process of their own, as a short script would."""
    told = json.dumps([(job.id, str(job.notebook), job.parameters) for job in jobs])
    subprocess.run([sys.executable, "-c", LOOP, str(folder), told], check=True, capture_output=True)


def kernel(jobs: list[Job], folder: Path, setting: Setting) -> None:
    """Run our kernel engine with one worker."""
    (folder / ".building").mkdir()
    results = run_all(jobs, replace(setting, building=folder / ".building"), 1, lambda _: None)
    assert not any(result.failure for result in results)


class Warm:
    """A warm process that is kept between rounds, as a long run keeps it."""

    def __init__(self, work: Callable[[Job], None], slots: int, scratch: Path) -> None:
        scratch.mkdir()
        began = time.monotonic()
        self.supervisor = Supervisor(Order(work, LIMITS, slots, scratch, (*OURS, *WARM)))
        self.start, self.cpu = time.monotonic() - began, 0.0

    def __call__(self, jobs: list[Job], folder: Path) -> None:
        self.cpu = 0.0
        for place, outcome in self.supervisor.outcomes(jobs):
            if outcome.end is not End.VALUE:
                raise SystemExit(f"{jobs[place].id}: {outcome.found}")
            self.cpu += outcome.cpu


def measure(way: Callable[[list[Job], Path], None], jobs: list[Job], folder: Path) -> Sample:
    """Make every report once and say what it took, a report."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began, before = time.monotonic(), _children_cpu()
    way(jobs, folder)
    seconds, spent = time.monotonic() - began, _children_cpu() - before
    cpu = way.cpu if isinstance(way, Warm) else spent
    pages = [path.stat().st_size for path in folder.rglob("*.html")]
    assert len(pages) == len(jobs), f"{len(pages)} pages for {len(jobs)} reports in {folder}"
    return Sample(seconds / len(jobs), cpu / len(jobs), statistics.mean(pages))


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def chosen(number: int, year: int) -> list[Job]:
    """Return counties and municipalities by turns."""
    asked = read_edition(EDITIONS / "standard.yaml").model_copy(update={"ar": year})
    jobs = expand(asked, tables.load(), NOTEBOOKS, "benchmark")
    lan, kommuner = ([job for job in jobs if job.id.startswith(kind)] for kind in ("lan/", "kommun/"))
    return [job for pair in zip(lan, kommuner, strict=False) for job in pair][:number]


def ways(base: Path) -> dict[str, tuple[Callable[[list[Job], Path], None], Path]]:
    """Return every way by its name, and the folder it writes to."""
    catalogue = tables.load().catalogue
    frame = Frame(make_manifest("benchmark", {}, catalogue, NOTEBOOKS))

    def setting(name: str, engine: str) -> Setting:
        return Setting(base / name, frame, report_sources(catalogue), engine=engine, warm=WARM)

    warm = {f"warm, {n} worker{'s' * (n > 1)}": n for n in (1, 2)}
    floors = {f"floor, {n} at a time": n for n in (1, 2)}
    return {
        "commands": (commands, base / "commands"),
        PLAIN_LOOP: (plain_loop, base / PLAIN_LOOP),
        "kernel, 1 worker": (partial(kernel, setting=setting("kernel", "kernel")), base / "kernel"),
        **{
            name: (Warm(partial(one_job, setting=setting(name, "warm")), n, base / f"scratch {name}"), base / name)
            for name, n in warm.items()
        },
        **{
            name: (Warm(partial(floor, folder=base / name), n, base / f"scratch {name}"), base / name)
            for name, n in floors.items()
        },
    }


def show(samples: dict[str, list[Sample]]) -> None:
    """Print a row for each way: medians, and ratios to the plain loop."""

    def median(name: str, part: str) -> float:
        return statistics.median(getattr(sample, part) for sample in samples[name])

    print("| way | s/report | CPU s/report | × plain loop | × its CPU | kB |\n| --- | --- | --- | --- | --- | --- |")
    for name in samples:
        seconds, cpu = median(name, "seconds"), median(name, "cpu")
        faster, leaner = median(PLAIN_LOOP, "seconds") / seconds, median(PLAIN_LOOP, "cpu") / cpu
        print(
            f"| {name} | {seconds:.2f} | {cpu:.2f} | {faster:.1f} | {leaner:.1f} | {median(name, 'bytes') / 1e3:.0f} |"
        )


def main() -> None:
    """Measure every way in turn, round after round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--year", type=int, default=2018)
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = str(PROJECT)  # the warm process is to find this module
    jobs = chosen(asked.reports, asked.year)
    with tempfile.TemporaryDirectory() as folder:
        measured = ways(Path(folder))
        try:
            samples: dict[str, list[Sample]] = {name: [] for name in measured}
            for _ in range(asked.rounds):
                for name, (way, place) in measured.items():
                    samples[name].append(measure(way, jobs, place))
        finally:
            for way, _ in measured.values():
                if isinstance(way, Warm):
                    way.supervisor.end()
    print(f"{len(jobs)} reports, {asked.rounds} rounds, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    show(samples)
    starts = [way.start for way, _ in measured.values() if isinstance(way, Warm)]
    print(f"\nStart of the warm process, once a run: {statistics.median(starts):.1f} s")


if __name__ == "__main__":
    from benchmarks import engine  # the warm process finds functions by their module's name

    engine.main()
