"""Whole pages, by one layout: a report's, a failed report's, the index, and what changed since the
edition before.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from helpers.contracts.text import visible
from helpers.pages.gate import CSP
from helpers.pages.words import Wording
from helpers.present.language import Language
from helpers.present.style import style_sheet
from helpers.releases.compare import Comparison, FactChange, Outcome, ReportChange
from helpers.report.job import BESIDE, HANDOUT, METHOD, Failure, Job, Result, pages_of
from helpers.report.manifest import Frame

if TYPE_CHECKING:  # slow to import, and a page of a failed report needs none of it
    from nbformat import NotebookNode

    from helpers.pages.exporter import Heading

TEMPLATES = Path(__file__).parent / "html"


# what a table names that may have a report of its own
NAMED = re.compile(r'<span data-report="([^"]+)">(.*?)</span>')
# where a section of a page begins
SECTION = re.compile(r'(?=<section class="prose"><h2)')


def report_pages(
    notebook: "NotebookNode", title: str, job: Job, frame: Frame
) -> tuple[dict[str, str], str]:
    """Return a report's pages by the names of their documents, and its question.

    Args:
        notebook: Executed and proven whole.
        title: What it is about, such as "Prov 2018".
        job: Language, parameters and place in the edition.
        frame: What stands around it.
    """
    from helpers.pages.exporter import documents_in, export, prepare

    code = [
        cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
    ]
    question = translate(notebook, translator(job.language))
    prepare(notebook)
    inside = {document: export(notebook, document) for document in documents_in(notebook)}
    told = {"title": title, "question": question, "variant": job.variant}
    last = METHOD if METHOD in inside else ""
    return {
        document: _report_page(job, frame, document, inside, told, code if document == last else [])
        for document in inside
    }, question


def _report_page(
    job: Job,
    frame: Frame,
    document: str,
    inside: "Mapping[str, tuple[str, list[Heading]]]",
    told: Mapping[str, str],
    code: list[str],
) -> str:
    """Return one document's page; the contents stand below what comes before its first section."""
    words, (body, headings) = Wording(job.language), inside[document]
    sections = [heading for heading in headings if heading.level == 2]
    lead, *parts = SECTION.split(_linked(job, document, body))
    if len(inside) > 1 and len(parts) == len(sections):
        parts = [
            part + _cross_links(job, words, document, heading, inside)
            for part, heading in zip(parts, sections, strict=True)
        ]
    others = [other for other in inside if other != document]
    return _render(
        "report.html.j2",
        job.language,
        frame,
        document=document,
        documents=[(address(job.id, document, other), words.document(other)) for other in others],
        lead=Markup(lead),  # what notebooks show; the gate reads it before a reader does
        content=Markup("".join(parts)),
        contents=sections,
        code=code,
        json_name=address(job.id, document, "", ".json"),
        **told,
        **_surroundings(job, frame.index, document),
    )


def _linked(job: Job, document: str, body: str) -> str:
    """Return a page's inside with links to those reports of the edition that it names."""
    up = "../../" if document else "../"
    return NAMED.sub(
        lambda name: (
            f'<a href="{up}{name[1]}.html">{name[2]}</a>' if name[1] in job.links else name[2]
        ),
        body,
    )


def address(report: str, document: str, other: str, ending: str = ".html") -> str:
    """Return how one document of a report leads to another of it.

    >>> address("lan/24", "", "metod"), address("lan/24", "metod", ""), address("a/1", "b", "c")
    ('24/metod.html', '../24.html', 'c.html')
    """
    name = report.rpartition("/")[2]
    if not other:
        return f"../{name}{ending}" if document else f"{name}{ending}"
    return f"{other}{ending}" if document else f"{name}/{other}{ending}"


def _cross_links(
    job: Job,
    words: Wording,
    document: str,
    heading: "Heading",
    inside: "Mapping[str, tuple[str, list[Heading]]]",
) -> str:
    """Return the line that leads from a section to how it is arrived at, or from there back."""
    other = "" if document == METHOD else METHOD
    if other not in inside or document == HANDOUT:
        return ""
    there = [found for found in inside[other][1] if found.level == 2]
    linked = [
        found
        for found in there
        if (found.id in heading.proves if document == METHOD else heading.id in found.proves)
    ]
    links = ", ".join(
        f'<a href="{address(job.id, document, other)}#{found.id}">{found.text}</a>'
        for found in linked
    )
    word = words.say("proves" if document == METHOD else "proof")
    return f'<p class="proof">{word} {links}.</p>\n' if links else ""


def failed_page(job: Job, failure: Failure, question: str, frame: Frame, document: str = "") -> str:
    """Return the page in place of a failed report, or of one of its documents: what happened,
    where, what to do.
    """
    words = Wording(job.language)
    happened, remedy = words.reason(failure.code)
    return _render(
        "failed.html.j2",
        job.language,
        frame,
        title=job.name or job.id,
        question=question,
        failure=failure,
        happened=happened,
        place=words.place(failure.where),
        remedy=remedy,
        **_surroundings(job, frame.index, document),
    )


def translate(notebook: "NotebookNode", say: Callable[[str], str]) -> str:
    """Put every markdown cell in the report's language, take out the H1 and return its text.

    The H1 is the notebook's question; in the page it stands beside the place.
    """
    question = ""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        lines = say(cell.source).splitlines()
        if not question and lines and lines[0].startswith("# "):
            question = lines.pop(0).removeprefix("# ").strip()
        cell.source = "\n".join(lines).strip()
    return question


def translator(language: str) -> Callable[[str], str]:
    """Return what turns a notebook's Swedish prose into the report's language."""
    return str if language == "sv" else Language("en").t


def compile_templates() -> None:
    """Make every page's template ready, so that no process forked from this one need compile it."""
    for path in TEMPLATES.glob("*.html.j2"):
        _environment().get_template(path.name)


def _surroundings(job: Job, index: bool, document: str) -> dict[str, Any]:
    """Return what the layout shows around a report: the way back, if any, and its choices."""
    up = "../" * (job.id.count("/") + bool(document))
    return {"index": f"{up}index.html" if index else "", "parameters": job.parameters}


def _render(template: str, language: str, frame: Frame, **values: Any) -> str:
    words = Wording(language, frame.terms)
    values["manifest"] = frame.manifest
    page = (
        _environment()
        .get_template(template)
        .render(words=words, language=words.language, csp=CSP, **values)
    )
    return visible(page, layout=True)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Return the layout's templates, escaping everything that is not markup of ours."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["j2", "html"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = (TEMPLATES / "style.css").read_text("utf-8")
    environment.globals["style"] = Markup(style_sheet() + own)
    return environment


@dataclass(frozen=True)
class IndexRow:
    """One report in the index; `states` are its badges, each with whether it is a good one, and
    `documents` what else it has, by address and name.
    """

    address: str
    name: str
    documents: list[tuple[str, str]]
    answer: str
    states: list[tuple[str, bool]]
    failure: str


def make_index(
    title: str, language: str, jobs: list[Job], results: list[Result], frame: Frame
) -> str:
    """Return the index page of an edition, reports grouped as the jobs are."""
    words = Wording(language, frame.terms)
    pairs = list(zip(jobs, results, strict=True))
    groups = [
        (group, [_entry(job, result, words) for job, result in members])
        for group, members in groupby(pairs, key=lambda pair: pair[0].group)
    ]
    failed = [job.name for job, result in pairs if result.failure]
    delivered = len(pairs) - len(failed)
    return _render(
        "index.html.j2",
        language,
        frame,
        index="",
        parameters=frame.manifest.parameters,
        title=title,
        groups=groups,
        lead=words.count("index_lead", len(pairs), delivered=delivered),
        failed=words.say("index_failed", names=", ".join(failed)) if failed else "",
    )


def _entry(job: Job, result: Result, words: Wording) -> IndexRow:
    return IndexRow(
        address=f"{job.id}.html",
        name=job.name or result.title,
        documents=[
            (f"{page}.html", words.document(name))
            for page, name in zip(pages_of(job.id)[1:], BESIDE, strict=True)
            if f"html/{page}.html" in result.files and not result.failure
        ],
        answer=result.answer,
        states=words.states(result.status),
        failure=words.reason(result.failure.code)[0] if result.failure else "",
    )


NOISE = 9  # decimals of a figure as data
SHOWN, ON_PAGE = 40, 2000  # rows per report, and rows in all: a page is at most 2 MB
NOT_COMPARED: tuple[Outcome, ...] = ("added", "removed", "other_choices", "failed", "was_failed")


@dataclass(frozen=True)
class Row:
    """One changed figure as a reader sees it."""

    label: str
    about: str
    old: str
    new: str
    difference: str


@dataclass(frozen=True)
class Section:
    """One changed report: its address, the rows shown of it, and how many there are."""

    address: str
    title: str
    rows: list[Row]
    total: int


def make_changes(title: str, language: str, found: Comparison, frame: Frame) -> str:
    """Return the page of an edition's changes."""
    words = Wording(language, frame.terms)
    tongue = Language("en" if words.language == "en" else "sv")
    changed = found.of("changed")
    shown = min(SHOWN, max(1, ON_PAGE // max(1, len(changed))))
    return _render(
        "changes.html.j2",
        language,
        frame,
        index="index.html",
        parameters=frame.manifest.parameters,
        title=title,
        lead=answer(found, words),
        found=found,
        notes=_notes(found, words),
        not_compared=found.of(*NOT_COMPARED),
        sections=[_section(report, shown, words, tongue) for report in changed],
    )


def answer(found: Comparison, words: Wording) -> str:
    """Return what changed, in one sentence."""
    compared = found.of("same", "changed")
    counts = {
        "figures": words.count("n_figures", found.figures),
        "changed": words.count("n_reports", len(found.of("changed"))),
        "same": words.count("n_reports", len(found.of("same"))),
    }
    if not found.earlier:
        return words.say("changes_none_before")
    if found.nothing:
        return words.say("changes_nothing", **counts)
    if not compared and found.choices:
        return words.say("changes_not_compared", names=_names(found, words))
    return words.say("changes_some" if found.figures else "changes_same", **counts)


def _notes(found: Comparison, words: Wording) -> list[str]:
    """Return what else a reader must know before the figures are compared."""
    if not found.earlier or found.nothing:
        return []
    notes = [words.say("changes_code" if found.code_changed else "changes_code_same")]
    if found.choices and found.of("same", "changed"):
        notes.insert(0, words.say("changes_choices", names=_names(found, words)))
    return notes


def _names(found: Comparison, words: Wording) -> str:
    return ", ".join(words.parameter(name) for name in found.choices)


def _section(report: ReportChange, shown: int, words: Wording, tongue: Language) -> Section:
    rows = [_row(change, words, tongue) for change in report.facts[:shown]]
    return Section(f"{report.id}.html", report.title, rows, len(report.facts))


def _row(change: FactChange, words: Wording, tongue: Language) -> Row:
    label = change.label or change.name
    return Row(
        label=f"{label} ({tongue.t(change.unit)})" if change.unit else label,
        about=change.about or ", ".join(filter(None, change.key.values())) or words.say("none"),
        old=words.say("not_there")
        if change.kind == "added"
        else _shown(change.old, change.old_shown, tongue),
        new=words.say("not_there_now")
        if change.kind == "removed"
        else _shown(change.new, change.new_shown, tongue),
        difference=_difference(change, tongue) or words.say("none"),
    )


def _shown(value: int | float | str | None, shown: str, tongue: Language) -> str:
    """Return a figure as its report shows it; in full, if the edition does not record that."""
    return shown or shown_value(value, tongue)


def _difference(change: FactChange, tongue: Language) -> str:
    """The step from one known number to another, no finer than the two; nothing where a report
    shows no number.
    """
    if not isinstance(change.old, int | float) or not isinstance(change.new, int | float):
        return ""
    if not change.old_shown or not change.new_shown:
        return tongue.step(change.old, change.new)
    ends = (
        _decimals(change.old, change.old_shown, tongue),
        _decimals(change.new, change.new_shown, tongue),
    )
    known = [decimals for decimals in ends if decimals is not None]
    return tongue.step(change.old, change.new, max(known)) if len(known) == len(ends) else ""


def _decimals(value: float, shown: str, tongue: Language) -> int | None:
    """Return with how many decimals a report shows a number; None where it shows words."""
    plain = shown.lstrip("+").rstrip("%").rstrip()
    return next(
        (decimals for decimals in range(NOISE) if tongue.number(value, decimals) == plain), None
    )


def shown_value(value: int | float | str | None, tongue: Language) -> str:
    """Return a figure as the reader sees it; the word for missing when it is not known.

    >>> shown_value(1500.5, Language("sv")), shown_value(None, Language("sv"))
    ('1\\xa0500,5', 'uppgift saknas')
    """
    if value is None:
        return tongue.missing
    return tongue.t(value) if isinstance(value, str) else tongue.number(value)
