"""Render one job: run, prove, make the page, let it through the gate, write it with its figures."""

import errno

from helpers.errors import SetupError, WorkbookError, told
from helpers.make.plan import Setting
from helpers.pages import gate
from helpers.pages.layout import failed_page, report_page, translate, translator
from helpers.report import facts
from helpers.report.facts import as_json, report_document
from helpers.report.job import TRAIL, Failure, Job, ReportError, Result, witnessed
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
    question = _question(job)
    page = setting.page(job)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".json").unlink(missing_ok=True)
    page.write_text(failed_page(job, failure, question, setting.frame), "utf-8")
    return Result(
        job.id, failure, title=job.name or job.id, question=question, files=setting.files(page)
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
    html, question = report_page(notebook, proof.head["title"], job, frame)
    gate.check_page(html)
    facts.require_counts(gate.shown(html), proof.end["expected"], "the page")
    document = report_document(job, proof, question, setting.cited, version)
    page = setting.page(job)
    page.parent.mkdir(parents=True, exist_ok=True)
    figures = page.with_suffix(".json")
    figures.write_text(as_json(document), "utf-8")
    page.write_text(html, "utf-8")
    return Result(
        job.id,
        title=document.title,
        question=question,
        answer=document.answer,
        status=document.status,
        retries=retries,
        read=proof.end.get("read"),
        values=proof.end.get("values", {}),
        files=setting.files(page, figures, setting.executed(job)),
    )


def _question(job: Job) -> str:
    """Return the question of a job's notebook, or nothing if the notebook cannot be read."""
    import nbformat

    try:
        return translate(nbformat.read(job.notebook, as_version=4), translator(job.language))
    except Exception:
        return ""
