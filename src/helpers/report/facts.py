"""The facts a report shows: read from its executed notebook, proved whole, written as JSON beside
the page.
"""

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from helpers.contracts.text import to_json, visible
from helpers.report.job import Job, ReportError, documents_of

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
        documents: What of the items each document shows, by its name; "" is the report's own.
    """

    head: dict[str, Any]
    items: list[dict[str, str]]
    facts: list[dict[str, Any]]
    end: dict[str, Any]
    documents: dict[str, list[dict[str, str]]]

    @property
    def sources(self) -> list[str]:
        """Every table that the report cites or that a figure in it rests on."""
        cited = [source for fact in self.facts for source in fact.get("sources", [])]
        return sorted({*self.end.get("sources", []), *cited})

    @property
    def counts(self) -> dict[str, int]:
        """How many statements, tables, figures and gaps were shown."""
        return counted(self.items)


def counted(items: Iterable[dict[str, str]]) -> dict[str, int]:
    """Return how many statements, tables, figures and gaps there are among some items."""
    found = Counter(item["type"] for item in items)
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
        documents=_by_document(cells),
    )
    _only(shown, "end", "the end marker")
    require_counts(evidence.counts, evidence.end.get("expected", {}), "the notebook")
    return evidence


def require_counts(found: dict[str, int], expected: dict[str, int], where: str) -> None:
    """Refuse a report that shows another number of things than its end marker says.

    Raises:
        ReportError: CHART_MISSING for figures and tables, INCOMPLETE for statements and gaps.
    """
    for plural in ("figures", "tables", "statements", "gaps"):
        if found.get(plural) != expected.get(plural):
            code = "CHART_MISSING" if plural in {"figures", "tables"} else "INCOMPLETE"
            raise ReportError(
                code, where, f"expected {expected.get(plural)} {plural}, found {found.get(plural)}"
            )


def _no_errors(cells: "list[NotebookNode]") -> None:
    """Refuse error outputs; sys.exit() leaves one, but is an early end rather than an error.

    An error in a thread ends only the thread, and is told on stderr.
    """
    for number, cell in enumerate(cells, start=1):
        for output in cell.outputs:
            if output.output_type == "error" and output.ename != "SystemExit":
                raise ReportError(
                    "CELL_ERROR", f"code cell {number}", f"{output.ename}: {output.evalue}"
                )
            if output.output_type == "stream" and THREAD_DIED.search(output.text):
                raise ReportError("INCOMPLETE", f"code cell {number}", "an error in a thread")


def _no_gaps(cells: "list[NotebookNode]") -> None:
    """Refuse execution counts other than 1, 2, … over all code cells."""
    for number, cell in enumerate(cells, start=1):
        if cell.execution_count != number:
            found = (
                "it never ran"
                if cell.execution_count is None
                else f"it ran as number {cell.execution_count}"
            )
            raise ReportError("INCOMPLETE", f"code cell {number} of {len(cells)}", found)


def _marks(cell: "NotebookNode") -> list[dict[str, Any]]:
    """Return the cell's marks in order."""
    return [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]


def _by_document(cells: "list[NotebookNode]") -> dict[str, list[dict[str, str]]]:
    """Return what each document shows: what its cells have shown, in their order."""
    found: dict[str, list[dict[str, str]]] = {"": []}
    for cell in cells:
        items = [item for mark in _marks(cell) for item in mark.get("items", [])]
        for document in documents_of(cell.metadata.get("tags", [])):
            found.setdefault(document, []).extend(items)
    return found


def _only(shown: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """Return the one mark of a kind, or refuse."""
    marks = [mark for mark in shown if mark.get("kind") == kind]
    if len(marks) != 1:
        raise ReportError(
            "INCOMPLETE", "the notebook", f"{name} is shown {len(marks)} times, expected once"
        )
    return marks[0]


def _last(cells: "list[NotebookNode]") -> dict[str, Any]:
    """Return the end marker: the last output of the last code cell, and nowhere else."""
    output = cells[-1].outputs[-1] if cells and cells[-1].outputs else {}
    mark = dict(output.get("data", {}).get(MIME, {}))
    if mark.get("kind") != "end":
        raise ReportError(
            "INCOMPLETE", "the last code cell", "it does not show the end marker, page.end()"
        )
    return mark


SCHEMA: Literal["mottagningsboken/report/1"] = "mottagningsboken/report/1"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Fact(_Strict):
    """One figure that the report states in a sentence, a table or a chart."""

    name: Annotated[str, Field(description="What it is, e.g. utfall.total")]
    value: Annotated[
        int | float | str | None, Field(description="The figure; null means unknown, never zero")
    ]
    shown: Annotated[
        str, Field(description="The figure as the page shows it, rounded; empty if not told")
    ] = ""
    unit: Annotated[
        str, Field(description="Its unit in Swedish, e.g. barn or ‰; empty for plain numbers")
    ] = ""
    key: Annotated[
        dict[str, str], Field(description="Which place, year or category it is about")
    ] = {}
    sources: Annotated[
        list[str], Field(description="Ids of the tables it rests on, found under sources")
    ] = []
    origin: Annotated[
        Literal["computed", "derived", "estimated", "official", "county", "press"],
        Field(
            description=(
                "Computed by us, derived by law from published figures, resting on a share that we"
                " have estimated, or published by one of these"
            )
        ),
    ] = "computed"
    label: Annotated[
        str, Field(description="What it is in the report's own words, for a reader")
    ] = ""
    about: Annotated[
        str, Field(description="What its row is about in the report's own words, e.g. Umeå")
    ] = ""
    measure: Annotated[
        str, Field(description="What it counts, an id of data/measures.toml; empty for no count")
    ] = ""
    preliminary: Annotated[
        bool, Field(description="Whether it rests on an outcome of a part of the year")
    ] = False

    @field_validator("value", mode="before")
    @classmethod
    def _unknown_is_null(cls, value: object) -> object:
        """Write NaN as null: JSON has no NaN, and it means that the figure is not known."""
        return None if isinstance(value, float) and not math.isfinite(value) else value

    @field_validator("key")
    @classmethod
    def _in_order(cls, key: dict[str, str]) -> dict[str, str]:
        """Name its parts in one order, whoever stated it."""
        return dict(sorted(key.items()))


class Source(_Strict):
    """One published table that the report rests on."""

    producer: str
    title: str
    published: str
    read_on: Annotated[str, Field(description="Date on which the table was read, YYYY-MM-DD")]
    licence: str
    origin: Literal["official", "county", "press", "estimated"]
    trust: Literal["high", "medium", "low"]
    sha256: Annotated[
        str | None,
        Field(
            description=(
                "The table's checksum; null in an edition, whose manifest.json lists them all"
            )
        ),
    ] = None


class PlaceKey(_Strict):
    """The place a report is about."""

    kind: str
    kod: str


class ReportDocument(_Strict):
    """Everything a report states, for a program to read."""

    schema_: Annotated[Literal["mottagningsboken/report/1"], Field(alias="schema")] = SCHEMA
    report: Annotated[str, Field(description="The report's id, e.g. lan/24")]
    title: str
    question: str
    answer: str
    language: Literal["sv", "en"]
    place: PlaceKey | None = None
    ar: int | None = None
    status: dict[str, bool] = {}
    parameters: dict[str, int | str | list[int] | None]
    facts: list[Fact]
    sources: dict[str, Source]
    code_version: str
    notebook: str


_FACTS = TypeAdapter(list[Fact])


def report_document(
    job: Job, evidence: Evidence, question: str, sources: dict[str, Source], code_version: str
) -> ReportDocument:
    """Return the document of one report.

    Raises:
        ReportError: CONTRADICTION when a figure has two values, UNKNOWN_SOURCE when a figure rests
            on a table that the catalogue does not list.
    """
    facts = unique(_FACTS.validate_python(evidence.facts))
    head = evidence.head
    return ReportDocument(
        report=job.id,
        title=head["title"],
        question=question,
        answer=evidence.end.get("answer", ""),
        language=head.get("language", "sv"),
        place=PlaceKey.model_validate(head["place"]) if head.get("place") else None,
        ar=head.get("ar"),
        status=head.get("status", {}),
        parameters=job.parameters,
        facts=facts,
        sources=_known(evidence.sources, sources),
        code_version=code_version,
        notebook=job.notebook.name,
    )


def unique(facts: Iterable[Fact]) -> list[Fact]:
    """Return each fact once, in the order first stated.

    Raises:
        ReportError: CONTRADICTION, naming each figure that is stated with two values.
    """
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Fact] = {}
    conflicts = []
    for fact in facts:
        first = seen.setdefault((fact.name, tuple(fact.key.items())), fact)
        if (first.value, first.unit) != (fact.value, fact.unit):
            about = ", ".join(f"{name} {value}" for name, value in fact.key.items())
            conflicts.append(
                f"{fact.name} ({about}) is {first.value} {first.unit} and {fact.value} {fact.unit}"
            )
    if conflicts:
        raise ReportError("CONTRADICTION", "the report's figures", "; ".join(conflicts))
    return list(seen.values())


def as_json(document: BaseModel) -> str:
    """Return a model as JSON text: readable, in UTF-8, without NaN, ending in a line break."""
    return visible(document.model_dump_json(by_alias=True, indent=1), layout=True) + "\n"


def schema_text() -> str:
    """Return docs/report.schema.json."""
    schema: dict[str, Any] = ReportDocument.model_json_schema(by_alias=True)
    return to_json(schema, indent=2) + "\n"


def _known(names: list[str], sources: dict[str, Source]) -> dict[str, Source]:
    unknown = [name for name in names if name not in sources]
    if unknown:
        raise ReportError("UNKNOWN_SOURCE", "the report's sources", ", ".join(unknown))
    return {name: sources[name] for name in names}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
