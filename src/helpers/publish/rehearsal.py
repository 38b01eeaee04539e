"""What a report would show, told without drawing it: a checksum of each view, and of all else that is shown.

Two reports of the same notebook, code and parameters with equal digests have the same page and the same figures.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.publish.evidence import MIME, Evidence, prove
from helpers.publish.jobs import Job, ReportError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from helpers.publish.setting import Setting

HEAD, END, REST = "#head", "#end", "#rest"  # no view has such an id
NOT_SHOWN = {"read"}  # of the end marker


@dataclass(frozen=True)
class Rehearsal:
    """What a report would show, as `digests` gives it, and the names of the inputs it read to show it."""

    digests: dict[str, str]
    read: list[str] | None


def rehearse(job: Job, setting: "Setting") -> Rehearsal | None:
    """Run a job's notebook without drawing, in this process or a kernel as `setting.engine` says.

    Returns:
        None where the notebook fails or something is not known: it is then for a whole run to find out.
    """
    from helpers.publish.execute import execute  # as in render

    with tempfile.TemporaryDirectory() as folder, _rehearsing():
        target = Path(folder) / "rehearsed.ipynb"
        try:
            notebook, _ = execute(job, target, setting.cell_timeout, setting.engine)
            proof = prove(notebook)
        except ReportError:
            return None
    found = digests(notebook, proof)
    return None if found is None else Rehearsal(found, proof.end.get("read"))


def digests(notebook: "NotebookNode", proof: Evidence) -> dict[str, str] | None:
    """Return what an executed notebook has shown, or would have, as checksums.

    Args:
        notebook: As it was run.
        proof: What `prove` says of it.

    Returns:
        View id → checksum, in the order shown; the page's head, its end marker and everything else that cells gave
        stand under `HEAD`, `END` and `REST`. None where something is not known.
    """
    cells = [cell.get("outputs", []) for cell in notebook.cells]
    marks = [output.data[MIME] for outputs in cells for output in outputs if MIME in output.get("data", {})]
    views = [pair for mark in marks for pair in mark.get("digests", {}).items()]
    names = [name for name, _ in views]
    told = {item["id"] for item in proof.items} <= set(names) and len(set(names)) == len(names)
    if not told or not all(checksum for _, checksum in views):
        return None
    end = {name: value for name, value in proof.end.items() if name not in NOT_SHOWN}
    rest = [[_bare(output) for output in outputs] for outputs in cells]
    return {HEAD: _of(proof.head), **dict(views), END: _of([end, names]), REST: _of(rest)}


def _bare(output: Any) -> Any:
    """An output as it is; of a page's own, whose views are told by their checksums, only that it stands there."""
    return MIME if MIME in output.get("data", {}) else output


def _of(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@contextmanager
def _rehearsing() -> Iterator[None]:
    """Let pages that are opened meanwhile, here or in a kernel, draw nothing."""
    from helpers.present.page import REHEARSAL  # slow to import where nothing is rehearsed

    before = os.environ.get(REHEARSAL)
    os.environ[REHEARSAL] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[REHEARSAL]
        else:
            os.environ[REHEARSAL] = before
