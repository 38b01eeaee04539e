"""What one report costs, by each way of making it, side by side in one run.

Usage: python -m benchmarks.engine [--reports N] [--rounds N] [--year YEAR] [--scenarios N]
    [--profile]

N reports (default 4), county and municipality by turns, are made in every way in turn, as many
rounds as asked for; the medians are printed. With --scenarios each is of a municipality, made once
for each of so many scenarios. Compare the ratios, not the seconds, between machines; they are to
the medians of the same run. The ways:

- commands: `papermill` and `jupyter nbconvert` for each report, as a Makefile would.
- plain loop: papermill.execute_notebook and nbconvert's HTMLExporter in one process; or in two,
  half of them each.
- kernel, warm: ours, proof, gate and page included; without the start of the warm process, whose
  time stands below. With scenarios through the tree too, beside the plain loop alone.
- floor: the notebooks' cells as plain code, no notebook around them, each in a process forked from
  a warm one. "of the floor" compares a way with the floor of as many at a time.

--profile adds where the processor time of one report goes, a county's and a municipality's.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.parts import spent
from benchmarks.rivals import commands, floor, plain_loop, two_loops
from helpers import tables
from helpers.cli import PARTED, WARM
from helpers.editions.edition import expand, read_edition
from helpers.editions.parameters import PARTING
from helpers.make.engines import Engine
from helpers.make.plan import EDITIONS, NOTEBOOKS, PROJECT, Frame, Setting, processors
from helpers.make.render import attempt
from helpers.make.warm_reports import as_tasks, run_common, study
from helpers.make.warm_start import OURS
from helpers.report.job import Job
from helpers.report.manifest import make_manifest, report_sources
from helpers.warm.outcome import End, Limits
from helpers.warm.parent import warm_up
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor
from helpers.warm.tree import each

COMMANDS, PLAIN_LOOP = "commands", "plain loop"
FLOORS = {1: "floor, 1 at a time", 2: "floor, 2 at a time"}
FORECASTS = range(1500, 1500 + 400 * 99, 400)  # children, one for each scenario
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


def kernel(jobs: list[Job], folder: Path, setting: Setting) -> None:
    """Run our kernel engine with one worker."""
    made_in = replace(setting, building=folder / ".building")
    made_in.building.mkdir()
    results = [result for result, _ in Engine("kernel").run(jobs, made_in, 1)]
    assert not any(result.failure for result in results)


class Warm:
    """A warm process, kept between rounds as in a long run; with a setting, what jobs share is run
    once.
    """

    def __init__(
        self, work: Callable[[Job], None], slots: int, scratch: Path, setting: Setting | None = None
    ) -> None:
        scratch.mkdir(parents=True)
        began, self.tree = time.monotonic(), setting is not None
        shared = partial(run_common, setting=setting) if setting else len
        known = partial(study, sorted(NOTEBOOKS.glob("*.ipynb")))
        self.supervisor = Supervisor(
            Order(work, LIMITS, slots, scratch, (*OURS, *WARM, *PARTED), known, shared)
        )
        self.start, self.cpu = time.monotonic() - began, 0.0

    def __call__(self, jobs: list[Job], folder: Path) -> None:
        self.cpu = 0.0
        tasks = as_tasks(jobs, PARTING) if self.tree else jobs
        for place, outcome in self.supervisor.outcomes(tasks):
            for job, own in each(tasks[place], outcome):
                if own.end is not End.VALUE:
                    raise SystemExit(f"{job.id}: {own.found}")
                self.cpu += own.cpu


def measure(way: Callable[[list[Job], Path], None], jobs: list[Job], folder: Path) -> Sample:
    """Make every report once and say what it took, a report."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began, before = time.monotonic(), _children_cpu()
    way(jobs, folder)
    seconds, spent = time.monotonic() - began, _children_cpu() - before
    cpu = way.cpu if isinstance(way, Warm) else spent
    own = tuple(f"/{job.id}.html" for job in jobs)  # beside it may lie its method page and others
    found = [path for path in folder.rglob("*.html") if path.as_posix().endswith(own)]
    pages = [path.stat().st_size for path in found]
    assert len(pages) == len(jobs), f"{len(pages)} pages for {len(jobs)} reports in {folder}"
    return Sample(seconds / len(jobs), cpu / len(jobs), statistics.mean(pages))


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def chosen(number: int, year: int) -> list[Job]:
    """Return counties and municipalities by turns."""
    lan, kommuner = (
        [job for job in _standard(year) if job.id.startswith(kind)] for kind in ("lan/", "kommun/")
    )
    return [job for pair in zip(lan, kommuner, strict=False) for job in pair][:number]


def supposed(number: int, scenarios: int, year: int, data: Path) -> list[Job]:
    """Return the reports of so many municipalities, each with every one of so many scenarios.

    Args:
        number: Municipalities of Västerbotten, whose shares are published.
        scenarios: How many; they differ in their forecast, and are written to `data`, a copy of the
            data folder.
        year: The year.
        data: Made; what runs from now on reads it.
    """
    shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("raw"))
    os.environ["MOTTAGNING_DATA"] = str(data)
    names = [f"benchmark-{place}" for place in range(1, scenarios + 1)]
    for name, forecast in zip(names, FORECASTS, strict=False):
        told = {
            "namn": name,
            "lan": "AC",
            "ar": year,
            "prognos_ekb": forecast,
            "datum": f"{year}-01-01",
        }
        text = "".join(f"{key}: {value}\n" for key, value in told.items())
        (data / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
    plain = [job for job in _standard(year) if job.id.startswith("kommun/24")][:number]
    return [
        replace(job, id=f"{job.id}/{name}", parameters={**job.parameters, "scenario": name})
        for job in plain
        for name in names
    ]


def _standard(year: int) -> list[Job]:
    asked = read_edition(EDITIONS / "standard.yaml").model_copy(update={"ar": year})
    return expand(asked, tables.load(), NOTEBOOKS, "benchmark")


def our_setting(folder: Path, engine: str) -> Setting:
    """Return what our engines are told of a run that writes to a folder."""
    catalogue = tables.load().catalogue
    frame = Frame(make_manifest("benchmark", {}, catalogue, NOTEBOOKS))
    return Setting(
        folder, frame, report_sources(catalogue), engine=engine, warm=WARM, parting=PARTING
    )


def trees(base: Path) -> dict[str, tuple[Callable[[list[Job], Path], None], Path]]:
    """Return the warm engine by which reports that differ in their scenario share what does not
    hang on it.
    """
    found: dict[str, tuple[Callable[[list[Job], Path], None], Path]] = {}
    for n in (1, 2):
        name = f"warm, {n} worker{'s' * (n > 1)}, tree"
        setting = our_setting(base / name, "warm")
        found[name] = (
            Warm(partial(one_job, setting=setting), n, base / f"scratch {name}", setting),
            base / name,
        )
    return found


def ways(base: Path) -> dict[str, tuple[Callable[[list[Job], Path], None], Path]]:
    """Return every way by its name, and the folder it writes to."""

    def warm(name: str, work: Callable[..., None], n: int, **given: Any) -> tuple[Warm, Path]:
        return Warm(partial(work, **given), n, base / f"scratch {name}"), base / name

    engines = {f"warm, {n} worker{'s' * (n > 1)}": n for n in (1, 2)}
    return {
        COMMANDS: (commands, base / COMMANDS),
        PLAIN_LOOP: (plain_loop, base / PLAIN_LOOP),
        f"{PLAIN_LOOP}, 2 processes": (two_loops, base / "two loops"),
        "kernel, 1 worker": (
            partial(kernel, setting=our_setting(base / "kernel", "kernel")),
            base / "kernel",
        ),
        **{
            name: warm(name, one_job, n, setting=our_setting(base / name, "warm"))
            for name, n in engines.items()
        },
        **{name: warm(name, floor, n, folder=base / name) for n, name in FLOORS.items()},
    }


def show(samples: dict[str, list[Sample]]) -> None:
    """Print a row for each way: medians, how many times the plain ways' they are, and how near the
    floor.
    """

    def median(name: str, part: str) -> float:
        return statistics.median(getattr(sample, part) for sample in samples[name])

    heads = (
        "way",
        "s/report",
        "CPU s/report",
        "× plain loop",
        "× its CPU",
        "× commands",
        "× their CPU",
    )
    print(
        "| "
        + " | ".join([*heads, "of the floor", "kB"])
        + " |\n"
        + "| --- " * (len(heads) + 2)
        + "|"
    )
    for name in samples:
        own = {part: median(name, part) for part in ("seconds", "cpu")}
        times = [
            f"{median(plain, part) / own[part]:.1f}" if plain in samples else ""
            for plain in (PLAIN_LOOP, COMMANDS)
            for part in own
        ]
        nearest = f"{own['seconds'] / median(FLOORS[2 if ' 2 ' in name else 1], 'seconds'):.2f}"
        cells = [
            f"{own['seconds']:.2f}",
            f"{own['cpu']:.2f}",
            *times,
            nearest,
            f"{median(name, 'bytes') / 1e3:.0f}",
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def profile(jobs: list[Job], folder: Path) -> None:
    """Print where the processor time of the first county's and the first municipality's report
    goes.
    """
    warm_up((*OURS, *WARM))
    study(sorted({job.notebook for job in jobs}))
    setting = our_setting(folder, "warm")
    chosen = {job.notebook.stem: job for job in reversed(jobs)}
    for job in chosen.values():
        found = spent(partial(one_job, setting=setting), job)
        print(f"\n{job.id}, ms of processor time a report: {sum(found.values()):.0f}")
        print("".join(f"  {took:5.0f}  {part}\n" for part, took in found.items()), end="")


def compare(jobs: list[Job], rounds: int, base: Path) -> None:
    """Measure every way in turn, round after round, and print the medians."""
    measured = ways(base)
    if any(job.parameters.get("scenario") for job in jobs):  # what else there is, is dear
        warm = {name: way for name, way in measured.items() if isinstance(way[0], Warm)}
        measured = {PLAIN_LOOP: measured[PLAIN_LOOP], **warm, **trees(base)}
    samples: dict[str, list[Sample]] = {name: [] for name in measured}
    try:
        for _ in range(rounds):
            for name, (way, place) in measured.items():
                samples[name].append(measure(way, jobs, place))
    finally:
        for way, _ in measured.values():
            if isinstance(way, Warm):
                way.supervisor.end()
    print(
        f"{len(jobs)} reports, {rounds} rounds, {processors()} cores, Python"
        f" {platform.python_version()}\n"
    )
    show(samples)
    starts = [way.start for way, _ in measured.values() if isinstance(way, Warm)]
    print(f"\nStart of the warm process, once a run: {statistics.median(starts):.1f} s")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--year", type=int, default=2018)
    parser.add_argument("--scenarios", type=int, default=0, help="of each municipality; 0 is none")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes")
    asked = parser.parse_args()
    own = os.environ.get("PYTHONPATH")
    # for the warm process
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *([own] if own else [])])
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        if asked.scenarios:
            jobs = supposed(asked.reports, asked.scenarios, asked.year, base / "data")
        else:
            jobs = chosen(asked.reports, asked.year)
        compare(jobs, asked.rounds, base / "made")
        if asked.profile:
            profile(jobs, base / "profile")


if __name__ == "__main__":
    from benchmarks import engine  # the warm process finds functions by their module's name

    engine.main()
