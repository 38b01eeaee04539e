"""The figures a report states, beside the report, by a documented schema.

`docs/report.schema.json` is made from these models: `python -m helpers.publish.facts`.
"""

import math
import sys
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from helpers.contracts.json_text import to_json
from helpers.contracts.text import visible
from helpers.publish.evidence import Evidence
from helpers.publish.jobs import Job, ReportError

SCHEMA: Literal["mottagningsboken/report/1"] = "mottagningsboken/report/1"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Fact(_Strict):
    """One figure that the report states in a sentence, a table or a chart."""

    name: Annotated[str, Field(description="What it is, e.g. utfall.total")]
    value: Annotated[int | float | str | None, Field(description="The figure; null means unknown, never zero")]
    shown: Annotated[str, Field(description="The figure as the page shows it, rounded; empty if not told")] = ""
    unit: Annotated[str, Field(description="Its unit in Swedish, e.g. barn or ‰; empty for plain numbers")] = ""
    key: Annotated[dict[str, str], Field(description="Which place, year or category it is about")] = {}
    sources: Annotated[list[str], Field(description="Ids of the tables it rests on, found under sources")] = []
    origin: Annotated[
        Literal["computed", "derived", "official", "county", "press"],
        Field(description="Computed by us, derived by law from published figures, or published by one of these"),
    ] = "computed"
    label: Annotated[str, Field(description="What it is in the report's own words, for a reader")] = ""
    about: Annotated[str, Field(description="What its row is about in the report's own words, e.g. Umeå")] = ""
    measure: Annotated[str, Field(description="What it counts, an id of data/measures.toml; empty for no count")] = ""
    preliminary: Annotated[bool, Field(description="Whether it rests on an outcome of a part of the year")] = False

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
    origin: Literal["official", "county", "press"]
    trust: Literal["high", "medium", "low"]
    sha256: Annotated[
        str | None, Field(description="The table's checksum; null in an edition, whose manifest.json lists them all")
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
            conflicts.append(f"{fact.name} ({about}) is {first.value} {first.unit} and {fact.value} {fact.unit}")
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
