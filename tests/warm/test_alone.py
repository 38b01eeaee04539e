"""The room works without the house: its folder alone, in another package, runs a notebook."""

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

from helpers import warm

OURS = ("mottagningsboken", "helpers", "__editable__")
WORK = """
import papermill
from alone.warm.engine import register

def run(task):
    source, target, year = task
    done = papermill.execute_notebook(
        source, target, {"year": year}, engine_name=register(), kernel_name="python3", progress_bar=False
    )
    return [output.text for cell in done.cells for output in cell.get("outputs", [])]
"""
RUN = """
import json, sys, tempfile
from pathlib import Path
from alone.warm.outcome import Limits
from alone.warm.slot import Order
from alone.warm.supervisor import Supervisor
from work import run
try:
    import helpers
    found = "the house"
except ModuleNotFoundError:
    found = ""
scratch, limits = Path(sys.argv[1]), Limits(wall=3600, cpu=3600)
with Supervisor(Order(run, limits, 1, scratch, ("alone.warm.client:practise",))) as supervisor:
    tasks = [("in.ipynb", f"{year}.ipynb", year) for year in (2018, 2019)]
    ended = {place: (outcome.end, outcome.value or outcome.found) for place, outcome in supervisor.outcomes(tasks)}
print(json.dumps([found, ended]))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of the room, copied, and what a run of a notebook with it says: whether the house
    was found, and each outcome.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(
        Path(warm.__file__).parent,
        folder / "alone" / "warm",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (folder / "work.py").write_text(WORK, "utf-8")
    parameters = nbformat.v4.new_code_cell("year = 0", metadata={"tags": ["parameters"]})
    shown = nbformat.v4.new_code_cell(
        "import os\nprint(year, os.environ.setdefault('A', str(year)))"
    )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[parameters, shown], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "in.ipynb")
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    command = [str(_interpreter(folder / "venv")), "-c", RUN, str(folder)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def _interpreter(folder: Path) -> Path:
    """Make an environment with all that is installed but the house, and return its interpreter."""
    venv.create(folder, symlinks=True)
    there = folder / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    for found in Path(sysconfig.get_path("purelib")).iterdir():
        if not found.name.startswith(OURS) and found.suffix != ".pth":
            (there / found.name).symlink_to(found)
    return folder / "bin" / "python"


def test_the_room_runs_notebooks_where_the_house_cannot_be_imported(ran):
    year = "2018 2018\n", "2019 2019\n"
    value = "the work gave a value"
    assert ran[1] == ["", {"0": [value, [year[0]]], "1": [value, [year[1]]]}]


def test_every_module_of_the_room_can_be_imported_alone(ran):
    folder = ran[0]
    names = sorted(path.stem for path in (folder / "alone" / "warm").glob("*.py"))
    code = "".join(f"import alone.warm.{name}\n" for name in names if name != "__init__")
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    command = [str(folder / "venv" / "bin" / "python"), "-c", code]
    subprocess.run(command, cwd=folder, env=environment, check=True)
