"""Notebooks made to be hard come out as from a kernel, or it is said how they differ and why.

A tenth of them is run each time; PEERS=all runs every one.
"""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

from tests.patience import PATIENCE
from tests.publish.samples import notebook_of
from tests.warm.peers import CASES, DIFFERS, OPTIONS, UNSETTLED

pytestmark = pytest.mark.xdist_group("engines")

NAMES = [name for name in CASES if name not in UNSETTLED]
SOME = sorted({*NAMES[::10], *DIFFERS, *list(OPTIONS)[::2]})
CHOSEN = NAMES if os.environ.get("PEERS") == "all" else SOME
# a process, a place in memory, how many threads a kernel has of its own
DRAWN = re.compile(r"(?<=ipykernel_)[0-9]+|(?<= at 0x)[0-9a-f]+|(?<=Thread-)[0-9]+")
CLOCKED = re.compile(r"(?<=\[)[0-9:]+&lt;.*?(?=\])")  # how long a bar has taken, and how fast
# each notebook in a fork of one process, that has imported what both ways need
RUN = """
import json, os, select, signal, sys
import papermill
from helpers.warm import client
from helpers.warm.engine import register
register("warm")
for folder, options in json.load(sys.stdin):
    for engine in ("nbclient", "warm"):
        if not (pid := os.fork()):
            os.setsid()
            os.chdir(folder)
            os.mkdir(engine)
            os.chdir(engine)
            sys.stdout.flush()
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            try:
                papermill.execute_notebook(
                    "../source.ipynb", "../" + engine + ".ipynb", engine_name=engine,
                    kernel_name="python3", progress_bar=False, **options,
                )
            except BaseException as error:
                with open("../" + engine + ".raised", "w") as file:
                    file.write(type(error).__name__ + " " + getattr(error, "ename", ""))
            os._exit(0)
        if not select.select([os.pidfd_open(pid)], [], [], float(sys.argv[1]))[0]:
            os.killpg(pid, signal.SIGKILL)  # it hangs
        os.waitpid(pid, 0)
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict[str, tuple[object, object]]:
    """What each chosen notebook shows by a kernel, and by the warm engine."""
    base = tmp_path_factory.mktemp("peers")
    folders = {name: base / str(place) for place, name in enumerate(CHOSEN)}
    for name, folder in folders.items():
        folder.mkdir()
        source = notebook_of([*CASES[name]])
        for cell in source.cells:
            cell.metadata["tags"] = _tags(name, cell.source)
        nbformat.write(source, folder / "source.ipynb")
    asked = json.dumps([(str(made), OPTIONS.get(name, {})) for name, made in folders.items()])
    # under pytest a kernel does not take what is printed past Python
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    command = [sys.executable, "-P", "-c", RUN, str(PATIENCE)]
    subprocess.run(command, input=asked, text=True, check=True, env=own)
    return {
        name: (_shown(folder / "nbclient.ipynb"), _shown(folder / "warm.ipynb"))
        for name, folder in folders.items()
    }


def _tags(name: str, source: str) -> list[str]:
    """The tags of a cell: where no option is tried, one that lets the next cell run as well."""
    return re.findall("^# tags: (.+)", source) if name in OPTIONS else ["raises-exception"]


def _shown(path) -> object:
    if not path.exists():
        return "no notebook"
    notebook = nbformat.read(path, as_version=4)
    cells = [
        (cell.execution_count, [_told(output) for output in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    raised = path.with_suffix(".raised")
    ended = raised.read_text("utf-8") if raised.exists() else ""
    return cells, ended, _widgets(notebook)


def _told(output) -> object:
    """An output without the names that are drawn anew each time, and the frames of the engine."""
    kind = output.output_type
    if kind == "error":
        return kind, output.ename, output.evalue
    if kind == "stream":
        return kind, output.name, DRAWN.sub("", output.text)
    data = {
        name: {key: value for key, value in found.items() if key != "model_id"}
        if isinstance(found, dict)
        else found
        for name, found in output.data.items()
        if name != "text/html" or "papermill" not in found
    }
    return kind, json.dumps(data, sort_keys=True), json.dumps(output.metadata, sort_keys=True)


def _widgets(notebook) -> list[str]:
    """The state of each widget, with the name of its model for the ids that are drawn anew."""
    kept = notebook.metadata.get("widgets", {}).values()
    models = {name: one for states in kept for name, one in states["state"].items()}
    named = re.compile("|".join(models) or "$^")
    told = (json.dumps(one, sort_keys=True) for one in models.values())
    return sorted(
        CLOCKED.sub("", named.sub(lambda found: models[found[0]]["model_name"], one))
        for one in told
    )


def _whole(shown: object) -> object:
    """Streams of one name side by side are one text: a kernel parts them by the clock."""
    if isinstance(shown, str):
        return shown
    cells, *others = shown  # type: ignore[misc]
    joined = []
    for count, outputs in cells:
        found: list[tuple] = []
        for output in outputs:
            if found and output[0] == "stream" == found[-1][0] and output[1] == found[-1][1]:
                found[-1] = (*output[:2], found[-1][2] + output[2])
            else:
                found.append(output)
        joined.append((count, found))
    return joined, *others


@pytest.mark.parametrize("name", CHOSEN)
def test_a_notebook_shows_what_it_shows_by_a_kernel_unless_a_reason_is_listed(ran, name):
    kernel, warm = map(_whole, ran[name])
    if name in DIFFERS:
        assert warm != kernel, f"no difference is left, so take it out: {DIFFERS[name]}"
    else:
        assert warm == kernel


def test_there_are_notebooks_of_every_kind_and_each_difference_is_of_one():
    assert len(CASES) >= 150
    assert {*DIFFERS, *OPTIONS, *UNSETTLED} <= {*CASES}
