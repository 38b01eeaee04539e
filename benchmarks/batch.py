"""What a long run costs a report, and in memory: whether either grows with the number of reports.

Usage: python -m benchmarks.batch [--reports N ...] [--workers N]

Each number of reports (default 16; 312 is every county, every municipality and the nation, 1248 the
same in four scenarios, each with a forecast of its own) is made by the warm engine in one run, and
told in one row. Reports of all kinds and scenarios are spread evenly over a smaller number. Memory
is looked at four times a second: the most of all processes together (PSS: what they share counts
once), and the most that one report's process has for itself. This program is one of the processes,
light as the command line is. The start of the warm process is told beside, not in the seconds.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from helpers.warm.outcome import End, Limits
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor

FORECASTS = (None, 1500, 2300, 3000)  # children in Sweden; None is the year's own forecast
EVERY = 0.25  # seconds between two looks at the memory
FOLDER, MB = "BENCHMARK_FOLDER", 2**20
PLAN = "import json; from benchmarks.batch import planned; print(json.dumps(planned()))"
HEADS = (
    "reports",
    "s/report",
    "CPU s/report",
    "all, MB",
    "a report's own, MB",
    "page kB",
    "gzipped kB",
    "start s",
)


def planned() -> dict[str, Any]:
    """Return the jobs as plain values, and what the warm process begins with; in a process that
    ends with it.
    """
    from helpers import tables
    from helpers.cli import WARM
    from helpers.editions.edition import expand, read_edition
    from helpers.make.plan import EDITIONS, NOTEBOOKS
    from helpers.make.warm_start import OURS

    book, asked = tables.load(), read_edition(EDITIONS / "alla.yaml")
    jobs = [
        (f"{forecast}/{job.id}", str(job.notebook), job.parameters)
        for forecast in FORECASTS
        for job in expand(
            asked.model_copy(update={"prognos_ekb": forecast, "oversikter": ["riket"]}),
            book,
            NOTEBOOKS,
            "benchmark",
        )
    ]
    return {"jobs": jobs, "warm": [*OURS, *WARM]}


@cache
def _setting() -> Any:
    from benchmarks.engine import our_setting

    return our_setting(Path(os.environ[FOLDER]), "warm")


def prepare() -> None:
    """Make ready in the warm process what every report is told."""
    from helpers.make.plan import NOTEBOOKS
    from helpers.make.warm_reports import study

    study(sorted(NOTEBOOKS.glob("*.ipynb")))
    _setting()


def make(task: tuple[str, str, dict[str, Any]]) -> None:
    """Make one report of a plan."""
    from benchmarks.engine import one_job
    from helpers.report.job import Job

    name, notebook, parameters = task
    one_job(Job(name, Path(notebook), parameters), _setting())


class Memory(threading.Thread):
    """Looks at this process and all below it until told to stop.

    Attributes:
        most: The largest sum of PSS. own: The most that one report's process has for itself. Bytes.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.own, self.over = 0, 0, threading.Event()

    def run(self) -> None:
        self._look()
        while not self.over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        me, total = psutil.Process(), 0
        for process in [me, *me.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess, OSError, ValueError):
                rows = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
                found = {row.split(":")[0]: int(row.split()[1]) * 1024 for row in rows}
                total += found["Pss"]
                if len(process.parents()) - len(me.parents()) == 3:  # warm process, slot, report
                    self.own = max(self.own, found["Private_Dirty"] + found["Private_Clean"])
        self.most = max(self.most, total)


def run(plan: dict[str, Any], number: int, workers: int, folder: Path) -> list[str]:
    """Make so many reports and return the row that tells of it."""
    jobs = [plan["jobs"][place * len(plan["jobs"]) // number] for place in range(number)]
    (folder / "scratch").mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
    warm = (*plan["warm"], "benchmarks.batch:prepare")
    memory, began = Memory(), time.monotonic()
    with Supervisor(
        Order(make, Limits(wall=600, cpu=600), workers, folder / "scratch", warm)
    ) as supervisor:
        start = time.monotonic() - began
        memory.start()
        began, cpu = time.monotonic(), 0.0
        for place, outcome in supervisor.outcomes(jobs):
            if outcome.end is not End.VALUE:
                raise SystemExit(f"{jobs[place][0]}: {outcome.found}")
            cpu += outcome.cpu
        seconds = time.monotonic() - began
        memory.over.set()
        memory.join()
    pages = [
        path.with_suffix(".html").read_bytes()
        for path in folder.rglob("*.json")
        if path.with_suffix(
            ".html"
        ).exists()  # the report; what belongs to it has no figures of its own
    ]
    assert len(pages) == number
    sizes = [
        statistics.median(len(page) for page in made) / 1e3
        for made in (pages, [*map(gzip.compress, pages)])
    ]
    told = (seconds / number, cpu / number)
    held = (memory.most / MB, memory.own / MB, *sizes)
    return [
        str(number),
        *(f"{value:.2f}" for value in told),
        *(f"{value:.0f}" for value in held),
        f"{start:.1f}",
    ]


def main() -> None:
    """Make every number of reports that was asked for and print a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, nargs="+", default=[16])
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [os.getcwd(), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    plan = json.loads(
        subprocess.run([sys.executable, "-c", PLAN], check=True, capture_output=True).stdout
    )
    print("| " + " | ".join(HEADS) + " |\n" + "| --- " * len(HEADS) + "|")
    for number in asked.reports:
        with tempfile.TemporaryDirectory() as folder:
            print(
                "| " + " | ".join(run(plan, number, asked.workers, Path(folder))) + " |", flush=True
            )


if __name__ == "__main__":
    from benchmarks import batch  # the warm process finds functions by their module's name

    batch.main()
