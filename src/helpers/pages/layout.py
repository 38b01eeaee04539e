"""Whole pages, by one layout: a report's, a failed report's, the index, and what changed since the
edition before.
"""

from collections.abc import Callable
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
from helpers.report.job import Failure, Job, Result
from helpers.report.manifest import Frame

if TYPE_CHECKING:  # slow to import, and a page of a failed report needs none of it
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "html"


def report_page(notebook: "NotebookNode", title: str, job: Job, frame: Frame) -> tuple[str, str]:
    """Return a report's page and its question.

    Args:
        notebook: Executed and proven whole.
        title: The place and year it is about, such as "Prov 2018".
        job: Language, parameters and place in the edition.
        frame: What stands around it.
    """
    from helpers.pages.exporter import export

    code = [
        cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
    ]
    question = translate(notebook, translator(job.language))
    body, headings = export(notebook)
    # the contents stand below the answer
    lead, section, rest = body.partition('<section class="prose"><h2')
    page = _render(
        "report.html.j2",
        job.language,
        frame,
        title=title,
        variant=job.variant,
        question=question,
        lead=Markup(lead),  # what notebooks show; the gate reads it before a reader does
        content=Markup(section + rest),
        contents=[heading for heading in headings if heading.level == 2],
        code=code,
        json_name=f"{job.id.rsplit('/', 1)[-1]}.json",
        **_surroundings(job, frame.index),
    )
    return page, question


def failed_page(job: Job, failure: Failure, question: str, frame: Frame) -> str:
    """Return the page in place of a failed report: what happened, where, what to do."""
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
        **_surroundings(job, frame.index),
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


def _surroundings(job: Job, index: bool) -> dict[str, Any]:
    """Return what the layout shows around a report: the way back, if any, and its choices."""
    up = "../" * job.id.count("/")
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
    """One report in the index; `states` are its badges, each with whether it is a good one."""

    address: str
    name: str
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
