"""What an update costs beside making everything: after nothing, one figure, a national figure, or
code has changed.

    python -m benchmarks.updates                      # the standard edition and all the nation's
    python -m benchmarks.updates --editions standard
    python -m benchmarks.updates --resident           # and once more with a resident process
    python -m benchmarks.updates --single 3           # one report, with a resident process or not

Each run is a command of its own, on a copy of the project, as a user or a timer would start it.
Told are seconds, seconds of processor time with all that the command starts, how many reports it
made, and both as parts of making everything again (--force), which like every update compares the
edition with the one before.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-P", "-c", "from helpers.cli import main; main()"]
MALA = "published/folkmangd.csv", "\n2418,2018,", "folkmangd"  # one inhabitant more in Malå
# one asylum seeker more in Sweden
NATION = "published/asylsokande_riket.csv", "\n2018,", "asylsokande_riket"
UNSEEN = "published/folkmangd.csv", "\n2480,2008,", "folkmangd"  # a year that no report shows


@dataclass(frozen=True)
class Cost:
    """What one run took, in seconds, and how many reports it made."""

    wall: float
    cpu: float | None
    made: int


class Copy:
    """A copy of the project, in which figures and code can be changed."""

    def __init__(self, folder: Path, edition: str) -> None:
        self.folder, self.edition = folder, edition
        for name in ("src", "notebooks", "data", "reports/parameters"):
            shutil.copytree(
                PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "tidy")
            )

    def run(self, *arguments: str) -> str:
        """Run a command of the copy and return what it printed."""
        own = {"PYTHONPATH": str(self.folder / "src"), "MOTTAGNING_DATA": str(self.folder / "data")}
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env={**os.environ, **own},
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return done.stdout.decode()

    def reports(self, *more: str) -> Cost:
        """Bring the edition up to date."""
        began, before = time.perf_counter(), _spent()
        out = str(self.folder / "out")
        told = json.loads(
            self.run("reports", "--edition", self.edition, "--out", out, "--json", *more)
        )
        return Cost(time.perf_counter() - began, _spent() - before, len(told["made"]))

    def report(self) -> float:
        """Make one county's report and return the seconds that it took."""
        began = time.perf_counter()
        self.run("report", "--lan", "AC", "--out", str(self.folder / "single"))
        return time.perf_counter() - began

    def add_one(self, path: str, line: str, table: str) -> None:
        """Raise the first number of a table's line by one, and record its checksum."""
        file = self.folder / "data" / path
        text = file.read_text("utf-8")
        at = text.index(line) + len(line)
        digits = text[at:].split(",")[0].split("\n")[0]
        file.write_text(f"{text[:at]}{int(digits) + 1}{text[at + len(digits) :]}", "utf-8")
        self.run("sources", "--record", table)

    def change_code(self) -> None:
        """Change a line of the package that changes no page."""
        with (self.folder / "src/helpers/present/style.py").open("a", encoding="utf-8") as file:
            file.write("# changed\n")


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(edition: str, resident: bool = False) -> dict[str, Cost]:
    """Return what each run took, in order; `resident`: a resident process was there for it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder), edition)
        steps: dict[str, Callable[[], object]] = {
            "everything, for the first time": lambda: None,
            "everything": lambda: None,
            "nothing changed": lambda: None,
            "one municipality's figure": lambda: copy.add_one(*MALA),
            "a figure that nothing shows": lambda: copy.add_one(*UNSEEN),
            "one national figure": lambda: copy.add_one(*NATION),
            "code": copy.change_code,
        }
        costs = {}
        for name, change in steps.items():
            change()
            if resident:
                copy.run("warm", "start")
            cost = copy.reports(*(["--force"] if name == "everything" else []))
            # what is forked from a resident process is no child of the command's
            costs[name] = replace(cost, cpu=None) if resident else cost
        copy.run("warm", "stop")
        return costs


def measure_single(rounds: int) -> dict[str, list[float]]:
    """Return the seconds of a single report by each way, by turns: both meet the same machine."""
    found: dict[str, list[float]] = {"as ever": [], "with a resident process": []}
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder), "standard")
        copy.report()  # so that what Python compiles is compiled
        for _ in range(rounds):
            found["as ever"].append(copy.report())
            copy.run("warm", "start")
            try:
                found["with a resident process"].append(copy.report())
            finally:
                copy.run("warm", "stop")
    return found


def show_single(found: dict[str, list[float]]) -> None:
    """Print the middle of each way's seconds, and the part of the plain way that it takes."""
    plain = statistics.median(found["as ever"])
    print(f"\none report, the middle of {len(found['as ever'])}")
    for name, seconds in found.items():
        middle = statistics.median(seconds)
        print(f"{name:<30}{middle:>8.1f} s{middle / plain:>8.2f}")


def show(edition: str, costs: dict[str, Cost]) -> None:
    """Print one edition's runs beside making everything."""
    whole = costs["everything"]
    print(f"\n{edition}: {whole.made} reports")
    print(f"{'changed':<30}{'made':>6}{'s':>8}{'CPU s':>8}{'of everything':>15}{'CPU':>7}")
    for name, cost in costs.items():
        told = f"{name:<30}{cost.made:>6}{cost.wall:>8.1f}"
        if cost.cpu is None or whole.cpu is None:
            print(f"{told}{'':>8}{cost.wall / whole.wall:>15.2f}")
        else:
            parts = f"{cost.wall / whole.wall:>15.2f}{cost.cpu / whole.cpu:>7.2f}"
            print(f"{told}{cost.cpu:>8.1f}{parts}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--editions", nargs="+", default=["standard", "alla"], help="names of editions"
    )
    parser.add_argument("--single", type=int, default=0, metavar="N", help="rounds; no edition")
    parser.add_argument("--resident", action="store_true", help="with a resident process as well")
    asked = parser.parse_args()
    if asked.single:
        show_single(measure_single(asked.single))
        return
    for edition in asked.editions:
        show(edition, measure(edition))
        if asked.resident:
            show(f"{edition}, with a resident process", measure(edition, resident=True))


if __name__ == "__main__":
    main()
