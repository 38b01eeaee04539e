"""Our nbconvert exporter: the inside of a report's page, from an executed notebook.

nbconvert's own HTML exporter parses every page once more to add "No description has been provided"
to images; ours carry their alt text, so that pass is left out.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
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

TEMPLATES = Path(__file__).parent / "html"


@dataclass(frozen=True)
class Heading:
    """A heading in the page: its level (2–6), text without markup, and id."""

    level: int
    text: str
    id: str


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

    def __init__(self, headings: list[Heading], ids: Counter[str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._headings, self._ids = headings, ids

    def heading(self, text: str, level: int, **_: Any) -> str:
        plain = re.sub(r"<[^>]*>", "", text)
        identity = f"h-{slug(plain)}"
        self._ids[identity] += 1
        if self._ids[identity] > 1:
            identity = f"{identity}-{self._ids[identity]}"
        self._headings.append(Heading(level, plain, identity))
        return f'<h{level} id="{identity}">{text}</h{level}>\n'


def export(notebook: NotebookNode) -> tuple[str, list[Heading]]:
    """Return the HTML of a report's cells without their code, and its headings in order.

    Args:
        notebook: Executed; markdown cells already in the report's language, without the H1.
    """
    headings: list[Heading] = []
    markdown = MarkdownWithMath(renderer=_Renderer(headings, Counter()))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.metadata["html"] = markdown.render(cell.source)
        elif cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_marker(output)]
            for output in cell.outputs:
                # the page shows none of it, and nbconvert copies all
                output.get("data", {}).pop(MIME, None)
    body, _ = _exporter().from_notebook_node(notebook)
    return body, headings


def _is_marker(output: NotebookNode) -> bool:
    """Whether an output is a page's head or end marker: for us and for JupyterLab, not for the
    page.
    """
    return output.get("data", {}).get(MIME, {}).get("kind") in ("page", "end")


@lru_cache(maxsize=1)
def _exporter() -> ReportExporter:
    """Return the exporter, made once per process: compiling its template is most of its cost."""
    return ReportExporter()
