"""The ways that a report can be made without our engines: the plain ones, and the floor beneath
all.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from helpers.report.job import Job


def floor(job: Job, folder: Path) -> None:
    """Run a notebook's cells as plain code, and write the HTML of what its page shows, without
    anything around it.
    """
    from helpers.make.execute import load
    from helpers.present import page

    shown: list[str] = []
    own = page.Page.show

    def show(self: page.Page, *views: object, **how: object) -> object:
        made = own(self, *views, **how)
        shown.append(made.html)
        return made

    page.Page.show = show
    os.chdir(job.notebook.parent)
    space: dict[str, object] = {}
    cells = [cell.source for cell in load(job.notebook).cells if cell.cell_type == "code"]
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
        ran = [
            str(tools / "papermill"),
            str(job.notebook),
            str(executed),
            "-k",
            "python3",
            "-f",
            str(given),
        ]
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


def two_loops(jobs: list[Job], folder: Path) -> None:
    """Run half of the reports in each of two plain loops at once."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(partial(plain_loop, folder=folder), [jobs[::2], jobs[1::2]]))
