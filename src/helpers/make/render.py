"""Render one job: run, prove, make the page, let it through the gate, write it with its figures."""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.errors import SetupError, WorkbookError, told
from helpers.make.plan import Setting
from helpers.pages import gate
from helpers.pages.layout import failed_page, report_pages, translate, translator
from helpers.report import facts
from helpers.report.facts import as_json, report_document
from helpers.report.job import ATTACHED, TRAIL, Failure, Job, ReportError, Result, witnessed
from helpers.report.manifest import code_version


def attempt(job: Job, setting: Setting) -> Result | SetupError:
    """Render one job; what the system refuses concerns the whole run and comes back as an error to
    raise.
    """
    try:
        return render(job, setting)
    except OSError as error:
        if error.errno == errno.EFBIG:  # the report's own limit on files
            return fail(job, Failure("TOO_BIG", "a file of the report", str(error)), setting)
        return SetupError(f"{job.id}: {told(error)}")


def render(job: Job, setting: Setting) -> Result:
    """Render one job and say what became of it; a report that fails never stops the others."""
    try:
        return _deliver(job, setting)
    except ReportError as error:
        failure = error.failure
    except OSError:
        raise  # what the system refuses, such as a full disk, concerns the whole run
    except MemoryError as error:
        failure = Failure("MEMORY", "the making of the page", f"{type(error).__name__}: {error}")
    except Exception as error:
        found = (
            str(error) if isinstance(error, WorkbookError) else f"{type(error).__name__}: {error}"
        )
        failure = Failure("INTERNAL", "the making of the page", found)
    return fail(job, failure, setting)


def fail(job: Job, failure: Failure, setting: Setting) -> Result:
    """Put a page that says what failed where the report would stand; remove what is half-made."""
    failure = witnessed(failure, setting.executed(job), setting.building)
    for made in (setting.executed(job), setting.executed(job).with_suffix(TRAIL)):
        made.unlink(missing_ok=True)
    question, documents = _source(job)
    for place in setting.pages(job).values():
        place.unlink(missing_ok=True)
    for ending in (".json", *ATTACHED):
        setting.page(job).with_suffix(ending).unlink(missing_ok=True)
    pages = {
        document: failed_page(job, failure, question, setting.frame, document)
        for document in documents
    }
    return Result(
        job.id,
        failure,
        title=job.name or job.id,
        question=question,
        files=setting.files(*_written(pages, job, setting)),
    )


def _deliver(job: Job, setting: Setting) -> Result:
    """Run, prove and write one report; nothing is written before everything is proven."""
    from helpers.make.execute import (
        execute,  # slow to import, and a run that only looks after others has no use of it
    )

    notebook, retries = execute(job, setting.executed(job), setting.cell_timeout, setting.engine)
    proof = facts.prove(notebook)
    version = code_version(job.notebook)
    frame = setting.frame.resting_on(proof.sources, version)
    pages, question = report_pages(
        notebook, proof.head["title"], job, frame, proof.end.get("attached", {})
    )
    for name, html in pages.items():
        _let_through(html, facts.counted(proof.documents.get(name, [])), name)
    document = report_document(job, proof, question, setting.cited, version)
    figures = setting.page(job).with_suffix(".json")
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(as_json(document), "utf-8")
    made = [*_attached(proof.end, job, setting), *_written(pages, job, setting)]
    return Result(
        job.id,
        title=document.title,
        question=question,
        answer=document.answer,
        status=document.status,
        retries=retries,
        read=proof.end.get("read"),
        values=proof.end.get("values", {}),
        files=setting.files(*made, figures, setting.executed(job)),
    )


def _attached(end: Mapping[str, Any], job: Job, setting: Setting) -> list[Path]:
    """Write what the report puts beside its page, and return where; nothing of an earlier run
    stays.
    """
    made = []
    for ending in ATTACHED:
        place, text = setting.page(job).with_suffix(ending), end.get("attached", {}).get(ending)
        if text:
            # such a file has its own line ends
            place.write_bytes(str(text).encode("utf-8"))
            made.append(place)
        else:
            place.unlink(missing_ok=True)
    return made


def _let_through(html: str, expected: dict[str, int], document: str) -> None:
    """Let a page through the gate if it shows all that the cells of its document have shown."""
    where = f"the page {document}" if document else "the page"
    gate.check_page(html, where)
    facts.require_counts(gate.shown(html), expected, where)


def _written(pages: dict[str, str], job: Job, setting: Setting) -> list[Path]:
    """Write a report's pages, its own last, and return their places."""
    places = setting.pages(job)
    for document, html in reversed(pages.items()):
        places[document].parent.mkdir(parents=True, exist_ok=True)
        places[document].write_text(html, "utf-8")
    return [places[document] for document in pages]


def _source(job: Job) -> tuple[str, list[str]]:
    """Return the question of a job's notebook and its documents; nothing and the report alone if
    the notebook cannot be read.
    """
    import nbformat

    from helpers.pages.exporter import documents_in

    try:
        notebook = nbformat.read(job.notebook, as_version=4)
        return translate(notebook, translator(job.language)), documents_in(notebook)
    except Exception:
        return "", [""]
