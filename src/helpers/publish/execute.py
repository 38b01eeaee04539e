"""The narrow seam to the engine: one function runs one notebook. A faster engine replaces only this."""

import os
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.exceptions import PapermillExecutionError
from zmq.error import ZMQError

from helpers.publish.jobs import Job, ReportError
from helpers.publish.wording import Wording
from helpers.warm.streams import OutputTooBigError

KERNEL = "python3"
START_TIMEOUT = 60  # seconds
OUTPUT_LIMIT = 32 << 20  # bytes; a page may have far less, but says so itself
CELL_FILE = re.compile(r"(?:/[\w.-]{1,99}){0,20}/ipykernel_\d+/(\d+)\.py")  # bounded, for a flood of text
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(job: Job, target: Path, cell_timeout: int, engine: str = "kernel") -> int:
    """Run a job's notebook and write it, executed, to `target`.

    Args:
        job: Notebook and parameters.
        target: Where the executed notebook is to lie; its folder is made.
        cell_timeout: Seconds one cell may take.
        engine: "kernel" starts one; "warm" runs the cells in this process, which should then end.

    Returns:
        How many times the kernel had to be started again (0 or 1: ports can clash at start).

    Raises:
        ReportError: CELL_ERROR, MEMORY, TOO_BIG, TIMEOUT or KERNEL_DIED. What the file holds is for `prove` to judge.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(job.notebook.parent)  # the kernel starts where its process stands
    try:
        if engine == "warm":
            _run(job, target, cell_timeout, engine_name=engine, output_limit=OUTPUT_LIMIT)
            return 0
        return _run_twice(job, target, cell_timeout)
    except PapermillExecutionError as error:
        where = f"code cell {error.exec_count}" if error.exec_count else "the notebook"
        code = "MEMORY" if error.ename.endswith("MemoryError") else "CELL_ERROR"  # numpy and pyarrow have their own
        raise ReportError(code, where, f"{error.ename}: {error.evalue}") from None
    except OutputTooBigError as error:
        raise ReportError("TOO_BIG", "the notebook", str(error)) from None
    except CellTimeoutError:
        raise ReportError("TIMEOUT", "a cell", f"took longer than {cell_timeout} s") from None
    except DeadKernelError:
        raise ReportError("KERNEL_DIED", "a cell", "the kernel ended while the cell ran") from None


def _run_twice(job: Job, target: Path, cell_timeout: int) -> int:
    """Run the notebook; if the kernel never came up, try once more."""
    try:
        _run(job, target, cell_timeout)
        return 0
    except DeadKernelError:
        raise
    except (RuntimeError, ZMQError) as error:
        if isinstance(error, RuntimeError) and "kernel" not in str(error).lower():
            raise
    try:
        _run(job, target, cell_timeout)
        return 1
    except (RuntimeError, ZMQError) as error:
        raise ReportError("KERNEL_DIED", "the start", f"the kernel did not start twice: {error}") from None


def _run(job: Job, target: Path, cell_timeout: int, **engine: Any) -> None:
    notebook = papermill.execute_notebook(
        str(job.notebook),
        str(target),
        parameters=job.parameters,
        kernel_name=KERNEL,
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        start_timeout=START_TIMEOUT,
        execution_timeout=cell_timeout,
        record_timing=False,
        **engine,
    )
    nbformat.write(cleaned(notebook, Wording(job.language).say("widget")), target)


def cleaned(notebook: NotebookNode, sentence: str) -> NotebookNode:
    """Return an executed notebook without what differs from run to run: times, ids, widget models.

    Args:
        notebook: As papermill left it.
        sentence: Said once, in place of the first widget; the others are dropped.
    """
    kept = {key: value for key, value in notebook.metadata.items() if key not in {"papermill", "widgets"}}
    notebook.metadata = NotebookNode(kept)
    words = [{"text/html": f'<p class="widget">{sentence}</p>'}]
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        cell.metadata = NotebookNode({"tags": cell.metadata.get("tags", [])})
        if cell.cell_type == "code":
            cell.outputs = _joined(output for output in cell.outputs if _kept(output, words))
    return notebook


def _joined(outputs: Iterable[Any]) -> list[Any]:
    """Join what was printed without a display between, stdout first: a kernel sends it in pieces, cut by the clock.

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
