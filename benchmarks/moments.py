"""What one report costs from key to page, and what twenty tiny notebooks cost, by each way, side by
side in one run.

Usage: python -m benchmarks.moments [--rounds N] [--tiny N] [--year YEAR]

Every way is a command or a program of its own, started anew each time, so that what it imports is
counted. The ways take turns, round after round (default 3); medians are printed, and ratios to the
first of each table. Compare the ratios, not the seconds, between machines.

- One report, Västerbotten's: `papermill` and `jupyter nbconvert` as commands; both as functions in
  one program; `mottagning report` by a kernel, cold, and with a resident process.
- Tiny notebooks of three cells, all in one program: papermill with a kernel; with ploomber-engine,
  which `make bench` installs in a folder that this way alone looks into; with the warm engine. Each
  notebook must hold what its cells print and answer, or the measurement ends there.

No processor time is told of a way whose work is done by processes that its program does not wait
for.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from benchmarks.engine import _standard
from benchmarks.rivals import commands, plain_loop
from helpers.report.job import Job

TOOL = Path(sys.executable).with_name("mottagning")
TINY = """
import sys
import papermill
notebook, folder, number, engine = sys.argv[1:]
for place in range(int(number)):
    papermill.execute_notebook(
        notebook, f"{folder}/{place}.ipynb", {"a": place}, engine_name=engine or None,
        kernel_name="python3", progress_bar=False,
    )
"""
CELLS = ("b = a * 2", "print(b)", "[b] * 3")
UNTOLD = {"report, resident process", "warm"}  # their processor time is not their program's
RIVAL = "ploomber-engine"
ENGINES = {"kernel": "", RIVAL: "embedded", "warm": "warm"}
RIVALS = Path(sys.prefix) / "rivals"  # where `make bench` puts what is only measured
# It would tell its makers of each use, and ask an index whether it is the newest.
SILENT = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}


@dataclass(frozen=True)
class Sample:
    """One time of one way: wall and processor seconds."""

    seconds: float
    cpu: float


def measure(way: Callable[[], object]) -> Sample:
    """Return what a way takes; the processor time is that of the processes it has waited for."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    way()
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Sample(seconds, cpu)


def report(base: Path, year: int, *given: str) -> None:
    """Make Västerbotten's report by our own command."""
    command = [TOOL, "report", "--lan", "AC", "--ar", str(year), "--out", base, *given]
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def resident(base: Path, year: int) -> None:
    """Make it where a resident process runs; the first time starts it."""
    with at_home(base):
        if not (base / "mottagningsboken-begun").exists():
            subprocess.run([TOOL, "warm", "start"], check=True, capture_output=True)
            (base / "mottagningsboken-begun").touch()
        report(base / "out", year)


@contextmanager
def at_home(base: Path):  # type: ignore[no-untyped-def]
    """While it lasts, resident processes of ours are looked for in a folder of this run's."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(base)
    try:
        yield
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


def of_one_report(base: Path, year: int) -> dict[str, Callable[[], object]]:
    """Return every way to make one report, by its name."""
    (job,) = [found for found in _standard(year) if found.id == "lan/24"]
    jobs: list[Job] = [job]
    for name in ("run", "cold", "by commands", "by functions", "by kernel"):
        (base / name).mkdir(mode=0o700)
    return {
        "papermill, nbconvert: commands": partial(commands, jobs, base / "by commands"),
        "papermill, nbconvert: functions": partial(plain_loop, jobs, base / "by functions"),
        "report by a kernel": partial(report, base / "by kernel", year, "--engine", "kernel"),
        "report, cold": partial(report, base / "cold", year),
        "report, resident process": partial(resident, base / "run", year),
    }


def of_tiny(base: Path, number: int) -> dict[str, Callable[[], object]]:
    """Return every way to run tiny notebooks, by its name."""
    cells = [nbformat.v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(code) for code in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, base / "tiny.ipynb")
    there = [name for name in ENGINES if name != RIVAL or RIVALS.is_dir()]
    return {name: partial(tiny, base, number, name) for name in there}


def tiny(base: Path, number: int, name: str) -> None:
    """Run tiny notebooks by one engine, and see that every one of them was run."""
    with tempfile.TemporaryDirectory(dir=base) as folder:
        given = [str(base / "tiny.ipynb"), folder, str(number), ENGINES[name]]
        subprocess.run(
            [sys.executable, "-c", TINY, *given],
            check=True, capture_output=True, env=beside(base) if name == RIVAL else None,
        )  # fmt: skip
        ran = sum(told(Path(folder, f"{place}.ipynb")) == said(place) for place in range(number))
    if ran < number:
        raise RuntimeError(f"{name} ran {ran} of {number} notebooks, so that its time says nothing")


def beside(base: Path) -> dict[str, str]:
    """The environment of a rival: its folder first, a home of its own, and nothing sent."""
    home = base / "home of a rival"
    home.mkdir(exist_ok=True)
    paths = [str(RIVALS), *filter(None, [os.environ.get("PYTHONPATH")])]
    homes = dict.fromkeys(("HOME", "USERPROFILE", "PLOOMBER_HOME_DIR"), str(home))
    return {**os.environ, **SILENT, **homes, "PYTHONPATH": os.pathsep.join(paths)}


def said(place: int) -> list[str]:
    """What the cells of a tiny notebook print and answer."""
    return [f"{2 * place}\n", str([2 * place] * 3)]


def told(notebook: Path) -> list[str]:
    """What an executed notebook holds of that; nothing where there is none."""
    if not notebook.is_file():
        return []
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [
        "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
        for output in outputs
    ]


def compare(ways: dict[str, Callable[[], object]], rounds: int, heading: str) -> None:
    """Measure ways in turn, round after round, and print a row for each."""
    samples: dict[str, list[Sample]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            samples[name].append(measure(way))
    first = _medians(next(iter(samples.values())))
    print(
        f"\n| {heading} | s | CPU s | of the first | of its CPU |\n| --- | --- | --- | --- | --- |"
    )
    for name, found in samples.items():
        seconds, cpu = _medians(found)
        of_cpu = ("–", "–") if name in UNTOLD else (f"{cpu:.2f}", _ratio(cpu, first[1]))
        print(
            f"| {name} | {seconds:.2f} | {of_cpu[0]} | {_ratio(seconds, first[0])} | {of_cpu[1]} |"
        )


def _ratio(own: float, first: float) -> str:
    """Return the part of the first, or a dash where that was too short for the clock to tell."""
    return f"{own / first:.2f}" if first else "–"


def _medians(samples: list[Sample]) -> tuple[float, float]:
    return (
        statistics.median(sample.seconds for sample in samples),
        statistics.median(sample.cpu for sample in samples),
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tiny", type=int, default=20, help="tiny notebooks; 0 is none")
    parser.add_argument("--year", type=int, default=2018)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        try:
            compare(of_one_report(base, asked.year), asked.rounds, "one report")
        finally:
            with at_home(base / "run"):
                subprocess.run([TOOL, "warm", "stop"], check=False, capture_output=True)
        if asked.tiny:
            ways = of_tiny(base, asked.tiny)
            if RIVAL in ways:
                tiny(base, 1, RIVAL)  # in a new home it looks for the machine's fonts, once
            compare(ways, asked.rounds, f"{asked.tiny} tiny notebooks")
            if RIVAL not in ways:
                print(f"\n{RIVAL} is not installed (make bench does), and so not measured.")


if __name__ == "__main__":
    main()
