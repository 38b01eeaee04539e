"""Render one job: run, prove, make the page, let it through the gate, write it with its figures."""

import errno
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.errors import SetupError, WorkbookError
from helpers.publish import evidence, gate
from helpers.publish.execute import execute
from helpers.publish.facts import Source, as_json, report_document
from helpers.publish.jobs import Failure, Job, ReportError, Result
from helpers.publish.pages import Frame, failed_page, report_page, translate, translator


@dataclass(frozen=True)
class Setting:
    """What every job of a run has in common. Sent to each worker once.

    Attributes:
        building: The folder the edition is built in: html/ and executed/ are below it.
        frame: What stands around each page.
        sources: Provenance of every table a report may cite.
        cell_timeout: Seconds one cell may take.
        engine: "warm" (forked from a warm process) or "kernel" (an ordinary kernel each).
        warm: What the warm process imports and calls before the first report, as `helpers.warm.slot.Order` says.
    """

    building: Path
    frame: Frame
    sources: dict[str, Source]
    cell_timeout: int = 120
    engine: str = "kernel"
    warm: tuple[str, ...] = ()

    @property
    def deadline(self) -> int:
        """Seconds a whole report may take, kernel start included."""
        return 3 * self.cell_timeout + 60

    def page(self, job: Job) -> Path:
        """Return where a job's page is built."""
        return self.building / "html" / f"{job.id}.html"

    def executed(self, job: Job) -> Path:
        """Return where a job's executed notebook is built."""
        return self.building / "executed" / f"{job.id}.ipynb"


def attempt(job: Job, setting: Setting) -> Result | SetupError:
    """Render one job; what concerns the whole run, a full or read-only disk, comes back as an error to raise."""
    try:
        return render(job, setting)
    except OSError as error:
        if error.errno == errno.EFBIG:  # the report's own limit on files
            return fail(job, Failure("TOO_BIG", "a file of the report", str(error)), setting)
        return SetupError(f"{job.id}: cannot be written: {error}. Is the disk full or read-only?")


def render(job: Job, setting: Setting) -> Result:
    """Render one job and say what became of it; a report that fails never stops the others."""
    try:
        return _deliver(job, setting)
    except ReportError as error:
        failure = error.failure
    except OSError:
        raise  # a full disk or a read-only folder concerns the whole run
    except MemoryError as error:
        failure = Failure("MEMORY", "the making of the page", f"{type(error).__name__}: {error}")
    except Exception as error:
        found = str(error) if isinstance(error, WorkbookError) else f"{type(error).__name__}: {error}"
        failure = Failure("INTERNAL", "the making of the page", found)
    return fail(job, failure, setting)


def fail(job: Job, failure: Failure, setting: Setting) -> Result:
    """Put a page that says what failed where the report would stand; remove what is half-made."""
    setting.executed(job).unlink(missing_ok=True)
    question = _question(job)
    page = setting.page(job)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".json").unlink(missing_ok=True)
    page.write_text(failed_page(job, failure, question, setting.frame), "utf-8")
    return Result(job.id, failure, title=job.name or job.id, question=question)


def _deliver(job: Job, setting: Setting) -> Result:
    """Run, prove and write one report; nothing is written before everything is proven."""
    retries = execute(job, setting.executed(job), setting.cell_timeout, setting.engine)
    notebook = nbformat.read(setting.executed(job), as_version=4)
    proof = evidence.prove(notebook)
    frame = setting.frame.resting_on(proof.sources)
    html, question = report_page(notebook, proof.head["title"], job, frame)
    gate.check_page(html)
    evidence.compare(gate.shown(html), proof.end["expected"], "the page")
    document = report_document(job, proof, question, setting.sources, setting.frame.manifest.code_version)
    page = setting.page(job)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".json").write_text(as_json(document), "utf-8")
    page.write_text(html, "utf-8")
    return Result(
        job.id,
        title=document.title,
        question=question,
        answer=document.answer,
        status=document.status,
        retries=retries,
    )


def _question(job: Job) -> str:
    """Return the question of a job's notebook, or nothing if the notebook cannot be read."""
    try:
        return translate(nbformat.read(job.notebook, as_version=4), translator(job.language))
    except Exception:
        return ""
