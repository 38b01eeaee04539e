"""Both engines give the same: every notebook of the project, and cells that show in every way there
is.
"""

import subprocess
import sys

import nbformat
import pytest

from helpers import tables
from helpers.cli import WARM
from helpers.editions.edition import expand, read_edition
from helpers.make.execute import cleaned
from helpers.make.plan import EDITIONS, NOTEBOOKS, Options, Plan
from helpers.make.run import publish
from tests.patience import PATIENCE
from tests.publish.samples import contents, notebook_of, read_journal

pytestmark = pytest.mark.xdist_group("engines")

REPORTS = ("lan/24", "kommun/2480")
CELLS = {
    "last expression": "1 + 1",
    "silenced": "1 + 1;",
    "not last": "'a'\n'b'",
    "html": "from IPython.display import HTML, display\nHTML('<b>å</b>')",
    "two displays": "display(HTML('<i>1</i>'))\ndisplay({'a': (1, 2)}, 'b')",
    "json": "display({'application/json': {'a': (1, None), 2: 'å'}}, raw=True)",
    "update": "shown = display('före', display_id='x')\ndisplay('bredvid', display_id='x')",
    "update from another cell": "shown.update('efter')",
    "results kept": "_, Out[2], In[2]",
    "streams": "import sys\nprint('ut')\nprint('fel', file=sys.stderr)\nprint('ut igen')",
    "prints around a display": "print('före')\ndisplay('mitt i')\nprint('efter', end='')",
    "carriage return": "print('10 %', end='\\r')\nprint('99 %')",
    "flushed": "print('a', flush=True)\nprint('b', flush=True)",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'väntat')",
    "a task over two cells": "task = asyncio.create_task(asyncio.sleep(0.01, 'klar'))",
    "awaited in the other": "await task",
    "a task left alone": "done = []\nasync def do():\n    done.append(1)\nleft = asyncio.create_task(do())",
    "what it has done": "done",
    "silenced again": "1 + 1;",
    "a rule": "def rule(lines): return [line.replace('1 + 1;', '3') for line in lines]\n"
    "get_ipython().input_transformers_cleanup.append(rule)",
    "the same cell by the rule": "1 + 1;",
    "json of our own": "display({'application/vnd.a+json': {'a': [1, None]}, 'text/plain': 'å'}, raw=True)",
    "with metadata": "display({'text/plain': 'å'}, raw=True, metadata={'a': 1})",
    "the loop runs": "asyncio.get_running_loop().is_running()",
    "shell": "!echo skal; echo fel >&2",
    "shell into a name": "lines = !printf 'a\\nb'\nlines",
    "cell magic": "%%bash\necho bash",
    "line magic": "%pwd\n%pylab --no-import-all\n%who_ls int",
    "help": "len?",
    "environment": "%env TERM",
    "warning": "import warnings\nwarnings.warn('se upp')",
    "clear": "from IPython.display import clear_output\nprint('bort')\nclear_output()\nprint('kvar')",
    "clear and wait": "print('bort')\nclear_output(wait=True)\nprint('kvar')",
    "pyplot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "frame": "import pandas as pd\npd.DataFrame({'antal': [1, None]}, index=['å', 'ä'])",
    "widget": "import ipywidgets\nipywidgets.IntSlider(3, description='antal')",
    "second widget": "ipywidgets.HBox([ipywidgets.Label('x')])",
    "thread": "import threading\nt = threading.Thread(target=print, args=('tråd',))\nt.start()\nt.join()",
    "empty": "",
    "main": "import __main__\n__name__, __main__.shown is shown, get_ipython().execution_count",
}  # fmt: skip
ENDINGS = {
    "broken repr": "class Broken:\n    def _repr_html_(self): raise ValueError('ingen')\n\nrepr(Broken) and Broken",
    "broken repr shown": "Broken.__repr__ = lambda self: 'hel'\nBroken()",
    "an error": "def f():\n    raise ValueError('utfall: 3,5')\nf()",
    "a syntax error": "1 +",
    "an exit": "import sys\nsys.exit()",
    "an exit with a code": "import sys\nsys.exit(3)",
}


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """Every notebook of the project, run by each engine: engine → folder of the edition."""
    data = tables.load()
    asked = read_edition(EDITIONS / "standard.yaml")
    jobs = [
        job
        for job in expand(asked, data, NOTEBOOKS, "x")
        if job.id.startswith("oversikt/") or job.id in REPORTS
    ]
    made = {}
    for engine in ("kernel", "warm"):
        made[engine] = tmp_path_factory.mktemp(engine)
        options = Options(made[engine], workers=2, engine=engine, warm=WARM, cell_timeout=PATIENCE)
        results = publish(Plan("Prov", "sv", {}, jobs, data.catalogue), options).results
        assert [result.failure for result in results] == [None] * len(jobs)
    return made


@pytest.mark.parametrize("notebook", sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
def test_each_notebook_of_the_project_is_among_those_compared(editions, notebook):
    known = {"10_lansrapport": "lan/24", "11_kommunrapport": "kommun/2480"}
    name = known.get(notebook, f"oversikt/{notebook.split('_')[1]}")
    for engine in editions:
        assert (editions[engine] / "executed" / f"{name}.ipynb").is_file()


@pytest.mark.parametrize("kind", ["executed", "html"])
def test_both_engines_give_the_same_bytes(editions, kind):
    kernel, warm = (contents(editions[engine] / kind) for engine in ("kernel", "warm"))
    assert sorted(kernel) == sorted(warm)
    assert [name for name in kernel if kernel[name] != warm[name]] == []


@pytest.mark.parametrize("engine", ["kernel", "warm"])
def test_the_journal_has_a_line_for_each_report(editions, engine):
    lines = read_journal(editions[engine] / ".journal.jsonl")
    made = contents(editions[engine] / "executed")
    assert sorted(line["id"] for line in lines) == sorted(
        name.removesuffix(".ipynb") for name in made
    )
    for line in lines:
        assert (line["status"], line["failure"]) == ("delivered", None)
        assert line["cpu_seconds"] > 0
        assert line["seconds"] > 0


RUN = """
import sys
import papermill
source, target, engine = sys.argv[1:]
try:
    papermill.execute_notebook(
        source, target, engine_name=engine, kernel_name="python3", progress_bar=False
    )
except papermill.PapermillExecutionError:
    pass  # the file is there all the same
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """CELLS and ENDINGS run by papermill with each engine, cleaned: engine → name of the cell → the
    cell.
    """
    folder = tmp_path_factory.mktemp("cells")
    source = notebook_of([*CELLS.values(), *ENDINGS.values()])
    for cell in source.cells[-len(ENDINGS) - 1 :]:
        cell.metadata["tags"] = ["raises-exception"]  # so that the next is run as well
    nbformat.write(source, folder / "source.ipynb")
    made = {}
    for engine in ("nbclient", "warm"):
        target = folder / f"{engine}.ipynb"
        subprocess.run(
            [sys.executable, "-c", RUN, "source.ipynb", str(target), engine], cwd=folder, check=True
        )
        notebook = cleaned(nbformat.read(target, as_version=4), "Reglage")
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        made[engine] = dict(
            zip([*CELLS, *ENDINGS], cells[-len(CELLS) - len(ENDINGS) :], strict=True)
        )
    return made


@pytest.mark.parametrize("name", [*CELLS, *ENDINGS])
def test_a_cell_shows_the_same_by_either_engine(shown, name):
    kernel, warm = (shown[engine][name] for engine in ("nbclient", "warm"))
    assert warm.source == kernel.source
    assert warm.execution_count == kernel.execution_count
    assert warm.outputs == kernel.outputs


def test_the_cells_were_run_and_show_what_they_should(shown):
    cells = shown["warm"].items()
    silent = {name for name, cell in cells if not cell.outputs}
    failed = {
        name for name, cell in cells for output in cell.outputs if output.output_type == "error"
    }
    assert failed == set(ENDINGS) - {"broken repr"}
    assert silent == {
        "silenced", "silenced again", "update from another cell", "a task over two cells", "a task left alone",
        "a rule", "help", "second widget", "empty",
    }  # fmt: skip
