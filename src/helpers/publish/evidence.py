"""Read what an executed notebook shows, and prove that it is whole.

A notebook's own record lies: after a kill or a timeout the file can look complete. So a report
counts only if its end marker is the last thing its last cell shows, every cell ran in order, and
what was shown is what the marker says was meant to be shown.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.publish.jobs import ReportError

if TYPE_CHECKING:  # nbformat takes two seconds to import, and the command line must answer at once
    from nbformat import NotebookNode

MIME = "application/vnd.mottagning+json"
THREAD_DIED = re.compile(r"^Exception in thread ", re.MULTILINE)
KINDS = {"statements": "statement", "tables": "table", "figures": "figure", "gaps": "gap"}


@dataclass(frozen=True)
class Evidence:
    """What a whole report has shown.

    Attributes:
        head: The page marker: report, title, language, place, ar, status.
        items: Each statement, table, figure and gap, with type and id, in order.
        facts: Every figure stated, in order, repeats included.
        end: The end marker: expected counts, sources, the answer.
    """

    head: dict[str, Any]
    items: list[dict[str, str]]
    facts: list[dict[str, Any]]
    end: dict[str, Any]

    @property
    def sources(self) -> list[str]:
        """Every table that the report cites or that a figure in it rests on."""
        cited = [source for fact in self.facts for source in fact.get("sources", [])]
        return sorted({*self.end.get("sources", []), *cited})

    @property
    def counts(self) -> dict[str, int]:
        """How many statements, tables, figures and gaps were shown."""
        found = Counter(item["type"] for item in self.items)
        return {plural: found[single] for plural, single in KINDS.items()}


def prove(notebook: "NotebookNode") -> Evidence:
    """Return what the notebook shows.

    Raises:
        ReportError: CELL_ERROR, INCOMPLETE or CHART_MISSING, with the cell and what was found.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    _no_errors(cells)
    _no_gaps(cells)
    shown = [mark for cell in cells for mark in _marks(cell)]
    evidence = Evidence(
        head=_only(shown, "page", "the page's head, page.head(),"),
        items=[item for mark in shown for item in mark.get("items", [])],
        facts=[fact for mark in shown for fact in mark.get("facts", [])],
        end=_last(cells),
    )
    _only(shown, "end", "the end marker")
    compare(evidence.counts, evidence.end.get("expected", {}), "the notebook")
    return evidence


def compare(found: dict[str, int], expected: dict[str, int], where: str) -> None:
    """Refuse a report that shows another number of things than its end marker says.

    Raises:
        ReportError: CHART_MISSING for figures and tables, INCOMPLETE for statements and gaps.
    """
    for plural in ("figures", "tables", "statements", "gaps"):
        if found.get(plural) != expected.get(plural):
            code = "CHART_MISSING" if plural in {"figures", "tables"} else "INCOMPLETE"
            raise ReportError(code, where, f"expected {expected.get(plural)} {plural}, found {found.get(plural)}")


def _no_errors(cells: "list[NotebookNode]") -> None:
    """Refuse error outputs; sys.exit() leaves one, but is an early end rather than an error.

    An error in a thread ends only the thread, and is told on stderr.
    """
    for number, cell in enumerate(cells, start=1):
        for output in cell.outputs:
            if output.output_type == "error" and output.ename != "SystemExit":
                raise ReportError("CELL_ERROR", f"code cell {number}", f"{output.ename}: {output.evalue}")
            if output.output_type == "stream" and THREAD_DIED.search(output.text):
                raise ReportError("INCOMPLETE", f"code cell {number}", "an error in a thread")


def _no_gaps(cells: "list[NotebookNode]") -> None:
    """Refuse execution counts other than 1, 2, … over all code cells."""
    for number, cell in enumerate(cells, start=1):
        if cell.execution_count != number:
            found = "it never ran" if cell.execution_count is None else f"it ran as number {cell.execution_count}"
            raise ReportError("INCOMPLETE", f"code cell {number} of {len(cells)}", found)


def _marks(cell: "NotebookNode") -> list[dict[str, Any]]:
    """Return the cell's marks in order."""
    return [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]


def _only(shown: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """Return the one mark of a kind, or refuse."""
    marks = [mark for mark in shown if mark.get("kind") == kind]
    if len(marks) != 1:
        raise ReportError("INCOMPLETE", "the notebook", f"{name} is shown {len(marks)} times, expected once")
    return marks[0]


def _last(cells: "list[NotebookNode]") -> dict[str, Any]:
    """Return the end marker: the last output of the last code cell, and nowhere else."""
    output = cells[-1].outputs[-1] if cells and cells[-1].outputs else {}
    mark = dict(output.get("data", {}).get(MIME, {}))
    if mark.get("kind") != "end":
        raise ReportError("INCOMPLETE", "the last code cell", "it does not show the end marker, page.end()")
    return mark
