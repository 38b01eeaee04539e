"""Whole pages: a report's, a failed report's, the index and the changes, by one layout."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from helpers.contracts.text import visible
from helpers.pages.gate import CSP
from helpers.pages.words import Wording
from helpers.present.style import style_sheet
from helpers.report.job import Failure, Job
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
    """Return the page that stands where a failed report would: what, where, what to do."""
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


def index_page(language: str, frame: Frame, **values: Any) -> str:
    """Return the index of an edition; `index.py` says what it holds."""
    chosen = frame.manifest.parameters
    return _render("index.html.j2", language, frame, index="", parameters=chosen, **values)


def changes_page(language: str, frame: Frame, **values: Any) -> str:
    """Return the page of what changed since the edition before; `changes.py` says what it holds."""
    own = {"index": "index.html", "parameters": frame.manifest.parameters}
    return _render("changes.html.j2", language, frame, **own, **values)


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
    if language == "sv":
        return str
    from helpers.present.language import Language

    say: Callable[[str], str] = Language("en").t
    return say


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
