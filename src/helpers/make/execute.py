"""One notebook run by one engine, through papermill: `execute`. Which engine a run has is
chosen in `engines.py`; the engine of ours is registered with papermill in `papermill_engine.py`,
and runs the cells in `helpers/warm/cells.py`.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count, groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from zmq.error import ZMQError

from helpers.contracts.files import bytes_in
from helpers.contracts.text import from_json, to_json
from helpers.pages.words import Wording
from helpers.report.job import TRAIL, Job, ReportError
from helpers.warm.streams import OutputTooBigError, Trail

KERNEL = "python3"
ANALYST = "analyst"  # tags what is only for who opens the notebook: no run makes it
START_TIMEOUT = 60  # seconds
OUTPUT_LIMIT = 32 << 20  # bytes; a page may have far less, but says so itself
# bounded, for a flood of text
CELL_FILE = re.compile(r"(?:/[\w.-]{1,99}){0,20}/ipykernel_[0-9]+/([0-9]+)\.py")
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(
    job: Job, target: Path, cell_timeout: int, engine: str = "kernel"
) -> tuple[NotebookNode, int]:
    """Run a job's notebook and write it, executed, to `target`.

    Args:
        job: Notebook and parameters.
        target: Where the executed notebook is to lie; its folder is made.
        cell_timeout: Seconds one cell may take.
        engine: "kernel" starts one; "warm" runs the cells in this process, which should then end.

    Returns:
        The executed notebook, as written; and how many times the kernel had to be started again (0
        or 1: ports can clash at start).

    Raises:
        ReportError: CELL_ERROR, MEMORY, TOO_BIG, TIMEOUT or KERNEL_DIED. What the notebook holds is
            for `prove` to judge.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(job.notebook.parent)  # the kernel starts where its process stands
    given = with_parameters(job, "warm" if engine == "warm" else None)
    try:
        return _run_by(engine, given, target, cell_timeout, job)
    except PapermillExecutionError as error:
        where = f"code cell {error.exec_count}" if error.exec_count else "the notebook"
        # numpy and pyarrow have their own
        code = "MEMORY" if error.ename.endswith("MemoryError") else "CELL_ERROR"
        raise ReportError(code, where, f"{error.ename}: {error.evalue}") from None
    except OutputTooBigError as error:
        raise ReportError("TOO_BIG", "the notebook", str(error)) from None
    except CellTimeoutError:
        raise ReportError("TIMEOUT", "a cell", f"took longer than {cell_timeout} s") from None
    except DeadKernelError:
        raise ReportError("KERNEL_DIED", "a cell", "the kernel ended while the cell ran") from None


def with_parameters(job: Job, engine: str | None) -> NotebookNode:
    """Return a job's notebook with its parameters, as papermill gives it to an engine of this
    name.
    """
    return parameterize_notebook(
        load(job.notebook),
        job.parameters,
        kernel_name=KERNEL,
        language="python",
        engine_name=engine,
    )


def load(path: Path) -> NotebookNode:
    """Return a notebook as papermill reads it, checked once for each content, without the cells
    tagged `analyst`.
    """
    return from_dict(from_json(_checked(str(path), bytes_in(path))))


@lru_cache(maxsize=32)
def _checked(path: str, _: bytes) -> str:
    notebook = load_notebook_node(path)
    notebook.cells = [
        cell for cell in notebook.cells if ANALYST not in cell.metadata.get("tags", [])
    ]
    return json.dumps(notebook)


def _run_by(
    engine: str, given: NotebookNode, target: Path, cell_timeout: int, job: Job
) -> tuple[NotebookNode, int]:
    """Run a notebook and write it, whole or as far as it came; papermill fills it in as it goes."""
    retries, trail = 0, target.with_suffix(TRAIL)
    try:
        if engine == "warm":
            run_cells(given, cell_timeout, engine, output_limit=OUTPUT_LIMIT, trail=trail)
        else:
            with _left_on(trail) as options:
                retries = _run_twice(given, cell_timeout, options)
    finally:  # not reached when the process is killed
        trail.unlink(missing_ok=True)
        whole = cleaned(given, Wording(job.language).say("widget"))
        target.write_text(to_json(whole, sort_keys=True) + "\n", "utf-8")
    raise_for_execution_errors(given, None)
    return whole, retries


@contextmanager
def _left_on(path: Path) -> Iterator[dict[str, Any]]:
    """Give what lets papermill's own engine keep on a trail what the running cell prints."""
    trail, numbers = Trail(path), count(1)
    printed = SimpleNamespace(write=trail.add, flush=lambda: None)
    told = {
        "stdout_file": printed,
        "stderr_file": printed,
        "on_cell_execute": lambda **_: trail.begin(next(numbers)),
    }
    try:
        yield told
    finally:
        trail.close()


def _run_twice(given: NotebookNode, cell_timeout: int, options: dict[str, Any]) -> int:
    """Run the notebook and return 0; if the kernel never came up, try once more and return 1."""
    try:
        run_cells(given, cell_timeout, **options)
        return 0
    except DeadKernelError:
        raise
    except (RuntimeError, ZMQError) as error:
        if isinstance(error, RuntimeError) and _begun(given):
            raise
    try:
        run_cells(given, cell_timeout, **options)
        return 1
    except (RuntimeError, ZMQError) as error:
        raise ReportError(
            "KERNEL_DIED", "the start", f"the kernel did not start twice: {error}"
        ) from None


def _begun(given: NotebookNode) -> bool:
    """Tell whether papermill has begun with a cell: until then all are pending, and a kernel was
    only asked for.
    """
    told = (cell.metadata.get("papermill", {}).get("status") for cell in given.cells)
    return any(status not in (None, "pending") for status in told)


def run_cells(
    given: NotebookNode, cell_timeout: int, engine: str | None = None, **options: Any
) -> None:
    """Run a notebook as papermill.execute_notebook does; that would also write it, more than once.

    Args:
        given: The notebook with its parameters; the outputs are filled in.
        cell_timeout: Seconds one cell may take.
        engine: papermill's name of it; None is an ordinary kernel.
        options: What else the engine takes.
    """
    papermill_engines.execute_notebook_with_engine(
        engine,
        given,
        kernel_name=KERNEL,
        progress_bar=False,
        start_timeout=START_TIMEOUT,
        execution_timeout=cell_timeout,
        record_timing=False,
        **options,
    )


def cleaned(notebook: NotebookNode, sentence: str) -> NotebookNode:
    """Return an executed notebook without what differs from run to run: times, ids, widget models.

    Args:
        notebook: As papermill left it.
        sentence: Said once, in place of the first widget; the others are dropped.
    """
    kept = {
        key: value
        for key, value in notebook.metadata.items()
        if key not in {"papermill", "widgets"}
    }
    notebook.metadata = NotebookNode(kept)
    words = [{"text/html": f'<p class="widget">{sentence}</p>'}]
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        cell.metadata = NotebookNode({"tags": cell.metadata.get("tags", [])})
        if cell.cell_type == "code":
            cell.outputs = _joined(output for output in cell.outputs if _kept(output, words))
    return notebook


def _joined(outputs: Iterable[Any]) -> list[Any]:
    """Join what was printed without a display between, stdout first: a kernel sends it in pieces,
    cut by the clock.

    The kernel's process id is taken out of what a cell has warned of.
    """
    found: list[Any] = []
    for printed, group in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not printed:
            found += group
            continue
        pieces = list(group)
        for name in ("stdout", "stderr"):
            if text := "".join(piece.text for piece in pieces if piece.name == name):
                found.append(new_output("stream", name=name, text=CELL_FILE.sub(r"cell \1", text)))
    return found


def _kept(output: Any, words: list[dict[str, str]]) -> bool:
    """Tell whether an output stays; the first widget takes the words, and they are then used up."""
    if WIDGET not in output.get("data", {}):
        return True
    if not words:
        return False
    output.data, output.metadata = NotebookNode(words.pop()), NotebookNode()
    return True
