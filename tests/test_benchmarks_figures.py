"""The benchmark of the figures measures every figure of every notebook; its times are for a person
to read.
"""

import subprocess
import sys

import pytest

from benchmarks import figures
from helpers.make.plan import NOTEBOOKS, PROJECT


def test_the_benchmark_runs_every_notebook():
    assert {name for name, _ in figures.REPORTS} == {
        path.stem for path in NOTEBOOKS.glob("*.ipynb")
    }


ALONE = """
import sys
from benchmarks.figures import shown_by
for notebook in sys.argv[1:]:
    shown_by(notebook, {})
assert "seaborn" not in sys.modules and "matplotlib.pyplot" not in sys.modules
"""


def test_no_report_waits_for_seaborn_or_pyplot():
    command = [sys.executable, "-c", ALONE, "10_lansrapport", "12_riket", "03_scenarier"]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_benchmark_measures_every_figure_that_a_notebook_shows(capsys):
    found = figures.shown_by("12_riket", {})
    assert found.expected == len(found.figures) >= 2
    figures.main(["--only", "12_riket", "--repeats", "1"])
    said = capsys.readouterr().out
    assert [said.count(f"| {figure.id} |") for figure, _ in found.figures] == [1] * found.expected


@pytest.mark.parametrize(
    ("taken", "said"),
    [(119.9, "| x | 119.9 | 7 |  |"), (120.1, "| x | 120.1 | 7 | over 120 ms: without a reason |")],
)
def test_a_figure_that_takes_long_is_marked(taken, said):
    assert said in figures.table([figures.Sample("riket", "x", taken, 7)])
