"""Whole pages, by one layout: a report's, a failed report's, and the index."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from helpers.contracts.text import visible
from helpers.pages.gate import CSP
from helpers.pages.words import Wording
from helpers.present.language import Language
from helpers.present.style import style_sheet
from helpers.report.job import ATTACHED, BESIDE, HANDOUT, METHOD, Failure, Job, Result, pages_of
from helpers.report.manifest import Frame

if TYPE_CHECKING:  # slow to import, and a page of a failed report needs none of it
    from nbformat import NotebookNode

    from helpers.pages.exporter import Heading

TEMPLATES = Path(__file__).parent / "html"


# what a table names that may have a report of its own
NAMED = re.compile(r'<span data-report="([^"]+)">(.*?)</span>')
# what leads to a section by its name, or to a file beside the report by its ending
LEADS = re.compile(r' ?<span data-leads="([^"]+)"></span>')
# where a section of a page begins
SECTION = re.compile(r'(?=<section class="prose"><h2)')


def report_pages(
    notebook: "NotebookNode", title: str, job: Job, frame: Frame, attached: Collection[str] = ()
) -> tuple[dict[str, str], str]:
    """Return a report's pages by the names of their documents, and its question.

    Args:
        notebook: Executed and proven whole.
        title: What it is about, such as "Prov 2018".
        job: Language, parameters and place in the edition.
        frame: What stands around it.
        attached: The endings of the files that it puts beside its page.
    """
    from helpers.pages.exporter import documents_in, export, prepare

    code = [
        cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
    ]
    question = translate(notebook, translator(job.language))
    prepare(notebook)
    inside = {document: export(notebook, document) for document in documents_in(notebook)}
    inside = {
        document: (_led(job, document, body, inside, attached), headings)
        for document, (body, headings) in inside.items()
    }
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
            _headed(part, _cross_links(job, words, document, heading, inside))
            for part, heading in zip(parts, sections, strict=True)
        ]
    others = [other for other in inside if other != document]
    return render_page(
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


def _led(
    job: Job,
    document: str,
    body: str,
    inside: "Mapping[str, tuple[str, list[Heading]]]",
    attached: Collection[str],
) -> str:
    """Return a page's inside with links where a view leads on: to a section of another document of
    the report, or to a file beside it; nothing where there is none.
    """
    words = Wording(job.language)
    # what it stands in may be someone's own words, in their language
    opened = f'<a class="more" lang="{job.language}" href='
    places = {
        heading.id: (f"{address(job.id, document, other)}#{heading.id}", heading.text)
        for other, (_, headings) in inside.items()
        for heading in headings
        if other != document
    }

    def link(found: "re.Match[str]") -> str:
        if found[1] in attached:
            place = address(job.id, document, "", found[1])
            return f' {opened}"{place}">{words.say("file" + found[1])}</a>'
        if found[1] not in places:
            return ""
        place, text = places[found[1]]
        return f' {opened}"{place}">{words.say("more", section=text)}</a>'

    return LEADS.sub(link, body)


def address(report: str, document: str, other: str, ending: str = ".html") -> str:
    """Return how one document of a report leads to another of it.

    >>> address("b/24", "", "metod"), address("b/24", "metod", ""), address("a/1", "b", "c")
    ('24/metod.html', '../24.html', 'c.html')
    """
    name = report.rpartition("/")[2]
    if not other:
        return f"../{name}{ending}" if document else f"{name}{ending}"
    return f"{other}{ending}" if document else f"{name}/{other}{ending}"


def _headed(section: str, links: str) -> str:
    """Return a section of a page with its links beside its heading."""
    if not links:
        return section
    opened, end, rest = section.partition("</h2>")
    return opened.replace("<h2", '<div class="head"><h2', 1) + f"{end}{links}</div>" + rest


def _cross_links(
    job: Job,
    words: Wording,
    document: str,
    heading: "Heading",
    inside: "Mapping[str, tuple[str, list[Heading]]]",
) -> str:
    """Return what leads from a section to how it is arrived at: to the first of the sections that
    tell it. Each of those leads back, and to the others.
    """
    if METHOD not in inside or document == HANDOUT:
        return ""
    report, method = (
        [found for found in inside[name][1] if found.level == 2] for name in ("", METHOD)
    )
    if document != METHOD:
        first = next((found for found in method if heading.id in found.proves), None)
        if first is None:
            return ""
        to, word = address(job.id, document, METHOD), words.say("proof")
        link = f'<a href="{to}#{first.id}" aria-label="{word}: {first.text}">{word}</a>'
        return f'<p class="proof">{link}</p>'
    told = [found for found in report if found.id in heading.proves]
    beside = [found for found in method if set(found.proves) & set(heading.proves)]
    back, here = address(job.id, METHOD, ""), [found for found in beside if found != heading]
    more = f" {words.say('more_proofs')} {_links('', here)}" if here else ""
    line = f"{words.say('proves')} {_links(back, told)}{more}"
    return f'<p class="proof">{line}</p>' if told else ""


def _links(page: str, sections: "list[Heading]") -> str:
    """Return links to sections of a page, "" for the page itself, ended as a sentence."""
    links = " · ".join(f'<a href="{page}#{found.id}">{found.text}</a>' for found in sections)
    return links if sections and sections[-1].text.endswith("?") else f"{links}."


def failed_page(job: Job, failure: Failure, question: str, frame: Frame, document: str = "") -> str:
    """Return the page in place of a failed report, or of one of its documents: what happened,
    where, what to do.
    """
    words = Wording(job.language)
    happened, remedy = words.reason(failure.code)
    return render_page(
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


def render_page(template: str, language: str, frame: Frame, **values: Any) -> str:
    """Return a page of a template, with the words and the style that all pages have."""
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
    """One report in the index: `documents` is what else it has, by address and name, and `beneath`
    the reports that it stands above; `changed` is where it is told what changed in it, if anything.
    """

    address: str
    name: str
    documents: list[tuple[str, str]]
    answer: str
    failure: str
    changed: str
    beneath: "list[IndexRow]"


def make_index(
    title: str,
    language: str,
    jobs: list[Job],
    results: list[Result],
    frame: Frame,
    changed: Callable[[str], str] = lambda report: "",
) -> str:
    """Return the index page of an edition: reports by group and name, what stands beneath another
    under that, the overviews last.

    Args:
        title, language, frame: The edition's.
        jobs, results: Its reports and what became of them, in one order.
        changed: Gives the address of what changed in a report, "" for nothing.
    """
    words = Wording(language, frame.terms)
    pairs = sorted(zip(jobs, results, strict=True), key=lambda pair: by_name(pair[0].name))
    ids = {job.id for job in jobs}
    groups: dict[str, list[IndexRow]] = {job.group: [] for job in jobs}
    groups[words.say("group_overviews")] = groups.pop(words.say("group_overviews"), [])
    for job, result in pairs:
        if job.under not in ids:
            groups[job.group].append(_entry(job, result, words, pairs, changed))
    failed = [job.name for job, result in pairs if result.failure]
    lead = words.count("index_lead", len(pairs), delivered=len(pairs) - len(failed))
    return render_page(
        "index.html.j2",
        language,
        frame,
        index="",
        parameters=frame.manifest.parameters,
        title=title,
        groups=[(group, entries) for group, entries in groups.items() if entries],
        lead=lead if failed else words.count("index_whole", len(pairs)),
        failed=words.say("index_failed", names=", ".join(failed)) if failed else "",
        states=_states([pair for pair in pairs if pair[0].under not in ids], words),
    )


def by_name(name: str) -> str:
    """Return what names are put in order by, as a Swedish reader looks for them.

    >>> sorted(["Örebro", "Malå", "Åre", "Ånge", "Älvsbyn", "malung"], key=by_name)
    ['malung', 'Malå', 'Ånge', 'Åre', 'Älvsbyn', 'Örebro']
    """
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def _entry(
    job: Job,
    result: Result,
    words: Wording,
    pairs: list[tuple[Job, Result]],
    changed: Callable[[str], str],
) -> IndexRow:
    return IndexRow(
        address=f"{job.id}.html",
        name=job.name or result.title,
        documents=[
            (place, name)
            for place, name in _beside(job, words)
            if f"html/{place}" in result.files and not result.failure
        ],
        answer=result.answer,
        failure=words.reason(result.failure.code)[0] if result.failure else "",
        changed=changed(job.id),
        beneath=[
            _entry(other, found, words, pairs, changed)
            for other, found in pairs
            if other.under == job.id
        ],
    )


def _beside(job: Job, words: Wording) -> list[tuple[str, str]]:
    """Return what a report may have beside its page, by address and name."""
    pages = zip(pages_of(job.id)[1:], BESIDE, strict=True)
    files = [(f"{job.id}{ending}", words.say(f"file{ending}")) for ending in ATTACHED]
    return [*((f"{page}.html", words.document(name)) for page, name in pages), *files]


def _states(pairs: list[tuple[Job, Result]], words: Wording) -> list[str]:
    """Return for each status that some reports have and others not whose it is, the fewer named."""
    named: dict[str, list[str]] = {}
    for job, result in pairs:
        for said, _ in words.states(result.status):
            named.setdefault(said, []).append(job.name)
    sides = [
        [named.get(side[words.column], []) for side in both] for both in words.terms.states.values()
    ]
    told = []
    for both, (holds, not_so) in zip(words.terms.states.values(), sides, strict=True):
        if holds and not_so:
            fewer = 0 if len(holds) <= len(not_so) else 1
            names = ", ".join((holds, not_so)[fewer])
            told.append(words.say("index_state", state=both[fewer][words.column], names=names))
    return told
