"""Our nbconvert exporter: the inside of a report's page, from an executed notebook.

nbconvert's own HTML exporter parses every page once more to add "No description has been provided"
to images; ours carry their alt text, so that pass is left out.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

from helpers.contracts.files import slug
from helpers.report.facts import MIME
from helpers.report.job import BESIDE, documents_of

TEMPLATES = Path(__file__).parent / "html"


# A heading's cell is tagged `#name` to name its section, the same in every language, and `for:name`
# to say that it tells how another section is arrived at.
NAMED, PROVES = "#", "for:"
# A heading's cell tagged so stands only where a cell of its section shows something.
OPTIONAL = "optional"
SECTION = "avsnitt-"  # begins the ids of named sections: what stands in them has ids of its own


@dataclass(frozen=True)
class Heading:
    """A heading in the page: its level (2–6), text without markup, and id.

    `proves` names the sections that its own tells how one arrives at.
    """

    level: int
    text: str
    id: str
    proves: tuple[str, ...] = ()


class ReportExporter(HTMLExporter):  # type: ignore[misc]
    """Export the cells of a notebook; head, contents and foot are the layout's."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("template_name", "report")
        options.setdefault("extra_template_basedirs", [str(TEMPLATES)])
        # what they change, our template does not show
        options.setdefault("default_preprocessors", [])
        super().__init__(**options)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return HTML and resources, as nbconvert's exporters do."""
        resources = self._init_resources(resources)
        self.register_filter(
            "highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self)
        )
        widgets = WidgetsDataTypeFilter(notebook_metadata={}, parent=self, resources=resources)
        self.register_filter("filter_data_type", widgets)
        result: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **options
        )
        return result


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """Give headings ids that stay the same, and keep them for the table of contents."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.headings: list[Heading] = []
        self.tags: list[str] = []  # of the cell that is rendered
        self._ids: Counter[str] = Counter()

    def heading(self, text: str, level: int, **_: Any) -> str:
        plain = re.sub(r"<[^>]*>", "", text)
        names = self._tagged(NAMED)
        identity = names[0] if names and level == 2 else f"h-{slug(plain)}"
        self._ids[identity] += 1
        if self._ids[identity] > 1:
            identity = f"{identity}-{self._ids[identity]}"
        self.headings.append(Heading(level, plain, identity, self._tagged(PROVES)))
        return f'<h{level} id="{identity}">{text}</h{level}>\n'

    def _tagged(self, mark: str) -> tuple[str, ...]:
        """The ids of the sections that the cell's tags of a kind name."""
        return tuple(SECTION + tag.removeprefix(mark) for tag in self.tags if tag.startswith(mark))


def documents_in(notebook: NotebookNode) -> list[str]:
    """Return the documents that a notebook's cells stand in, the report itself, "", first.

    One whose sections are all optional, and which shows nothing, is none.
    """
    inside = {name: _with_content(_cells_of(notebook, name)) for name in BESIDE}
    return ["", *(name for name, cells in inside.items() if any(map(_is_read, cells)))]


def prepare(notebook: NotebookNode) -> None:
    """Take out of a notebook what no page shows of its outputs."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if not _is_marker(output)]
        for output in cell.outputs:
            # nbconvert copies all
            output.get("data", {}).pop(MIME, None)


def export(notebook: NotebookNode, document: str = "") -> tuple[str, list[Heading]]:
    """Return the HTML of a document's cells without their code, and its headings in order.

    Args:
        notebook: Executed and prepared; markdown cells already in the report's language, without
            the H1.
        document: Its name; "" is the report itself.
    """
    renderer = _Renderer()
    markdown = MarkdownWithMath(renderer=renderer)
    cells = _with_content(
        [cell for cell in _cells_of(notebook, document) if cell.cell_type != "code" or cell.outputs]
    )
    for cell in cells:
        if cell.cell_type == "markdown":
            renderer.tags = cell.metadata.get("tags", [])
            cell.metadata["html"] = markdown.render(cell.source)
    body, _ = _exporter().from_notebook_node(NotebookNode({**notebook, "cells": cells}))
    return body, renderer.headings


def _cells_of(notebook: NotebookNode, document: str) -> list[NotebookNode]:
    """The cells that stand in a document."""
    return [
        cell for cell in notebook.cells if document in documents_of(cell.metadata.get("tags", []))
    ]


def _with_content(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return cells without the optional sections of which no cell shows anything."""
    starts = [at for at, cell in enumerate(cells) if cell.cell_type == "markdown"]
    empty = set[int]()
    for start, end in pairwise([*starts, len(cells)]):
        optional = OPTIONAL in cells[start].metadata.get("tags", [])
        if optional and not any(_shows(cell) for cell in cells[start + 1 : end]):
            empty.update(range(start, end))
    return [cell for at, cell in enumerate(cells) if at not in empty]


def _is_read(cell: NotebookNode) -> bool:
    """Whether a cell is prose, or shows something."""
    return cell.cell_type == "markdown" or _shows(cell)


def _shows(cell: NotebookNode) -> bool:
    """Whether a cell has an output that a reader sees: its HTML, or what it has printed."""
    return any(
        "text/html" in output.get("data", {"text/html": ""}) for output in cell.get("outputs", [])
    )


def _is_marker(output: NotebookNode) -> bool:
    """Whether an output is a page's head or end marker: for us and for JupyterLab, not for the
    page.
    """
    return output.get("data", {}).get(MIME, {}).get("kind") in ("page", "end")


@lru_cache(maxsize=1)
def _exporter() -> ReportExporter:
    """Return the exporter, made once per process: compiling its template is most of its cost."""
    return ReportExporter()
