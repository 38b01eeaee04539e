"""A run, from what was asked for to what readers see: of an edition, which becomes a release, or of
single reports.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from helpers.make.engines import Engine, engine
from helpers.make.inputs import FIRST, held_still, refuse_if_full, refuse_without_links
from helpers.make.keys import ALL, World, fingerprint_of, key_of, world
from helpers.make.plan import Options, Plan, Request, Settled, request_of, setting_of, settle
from helpers.make.reuse import Earlier, earlier_reports, journal_faults, up_to_date, values_read
from helpers.releases import state
from helpers.releases.building import begin as note_begun
from helpers.releases.building import clear, drop_unwanted, leave, stopped_in_order, sweep
from helpers.releases.compare import CHANGES, MANIFEST, Comparison, compare
from helpers.releases.contents import File, Release, Report, file_of, write_record
from helpers.releases.folder import (
    BUILDING,
    JOURNAL,
    SINGLE,
    STATUS,
    held,
    put_files,
    refuse_changed,
)
from helpers.releases.state import Journal
from helpers.releases.store import Releases, size
from helpers.report.facts import as_json
from helpers.report.job import ATTACHED, Cost, Job, Result, pages_of
from helpers.report.manifest import Frame

Listener = Callable[[Result], None]
Begin = Callable[[int, int], Listener]
Choose = Callable[[Settled, Options], tuple[Settled, Options]]


@dataclass(frozen=True)
class Published:
    """What became of a run.

    Attributes:
        release: Its id.
        results: What became of each report, in the jobs' order.
        changes: What differs from the edition before.
        made: Ids of the reports that were made; the others stood already.
        mended: What was not as it had been made, and was made again.
        shown: Whether readers see it; not, if it is a release that was rolled back from.
    """

    release: str
    results: list[Result]
    changes: Comparison
    made: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    shown: bool = True

    @property
    def stood(self) -> list[str]:
        """Ids of the reports that were not made, because they stood already."""
        return [result.id for result in self.results if result.id not in self.made]


def silent(*_: int) -> Listener:
    """Listen to nothing."""
    return lambda _: None


def as_asked(settled: Settled, options: Options) -> tuple[Settled, Options]:
    """Choose all, as it was asked for."""
    return settled, options


def publish(asked: Plan | Request, options: Options, begin: Begin = silent) -> Published:
    """Make an edition aside, compare it with the one that is published, and publish it as a
    release.

    What stands already, in the published release or in what a run that was interrupted has made, is
    not made again. Failed reports get a page that says so.

    Args:
        asked: What to make.
        options: How.
        begin: Called with how many reports are to be made and how many stand; gives the listener of
            results.

    Raises:
        SetupError: the folder cannot be written; what is published stands untouched.
        LockedError: another run writes there.
    """
    request = asked if isinstance(asked, Request) else request_of(asked)
    releases, building = Releases(options.out), options.out / BUILDING
    with stopped_in_order(), held(options.out, request.name):
        state.refuse_folder(options.out / JOURNAL)
        refuse_without_links(options.out)
        sweep(building)
        releases.mend()
        state.sweep(options.out, (STATUS,))
        try:
            return _publish(request, options, building, begin)
        finally:
            leave(building)


def _publish(request: Request, options: Options, building: Path, begin: Begin) -> Published:
    """Make and publish within a folder that is held."""
    with (
        held_still(
            building / "inputs", options.notebooks, options.inputs, options.left_out
        ) as notebooks,
        engine(options.engine, options.scheduler, building, options.warm) as maker,
    ):
        earlier = (
            [] if options.force else earlier_reports(options.out, building, options.out / JOURNAL)
        )
        settled = maker.ask(
            partial(settle, request, notebooks, values_read(earlier), options.values)
        )
        last = Releases(options.out).current
        refuse_if_full(options.out, 2 * size(last) if last else FIRST * len(settled.jobs))
        inputs = options.fingerprints() if options.fingerprints else settled.inputs
        note_begun(building, [job.id for job in settled.jobs])
        given = fingerprint_of(request, options, inputs, notebooks)
        run = Run(settled, options, building, maker, world(settled.edition, inputs, settled.values))
        damaged = [*journal_faults(building, options.out / JOURNAL), *Releases(options.out).damaged]
        made = run.make(earlier, begin)
        ordered = [run.reports[job.id] for job in settled.jobs]
        found = _oversee(settled, options, building, ordered, maker)
    release = write_record(building, request.name, given, ordered)
    shown, mended = _finish(release, building, options, [*damaged, *run.damaged])
    return Published(
        release.id, [report.result() for report in ordered], found, made, mended, shown
    )


class Run:
    """One run's work: what is up to date is kept, the rest is made."""

    def __init__(
        self, settled: Settled, options: Options, building: Path, maker: Engine, around: World
    ) -> None:
        self.jobs, self.handed = {job.id: job for job in settled.jobs}, settled.handed
        self.options, self.building, self.maker, self.around = options, building, maker, around
        self.setting = setting_of(settled, options, building, index=True)

    def make(self, earlier: Earlier, begin: Begin) -> list[str]:
        """Take over or make every report, and return the ids of those that were made."""
        kept, self.damaged = up_to_date(list(self.jobs.values()), self.around, earlier)
        half = [one.report for one in kept.values() if one.folder == self.building]
        self.journal = Journal(self.options.out / JOURNAL, map(told_again, half))
        self.reports = {name: one.stays(self.building) for name, one in kept.items()}
        rest = [job for name, job in self.jobs.items() if name not in kept]
        listener = begin(len(rest), len(kept))
        if rest:
            news = self.maker.run(rest, self.setting, self.options.workers, self.handed)
            for result, cost in news:
                self._note(result, cost)
                listener(result)
        return [job.id for job in rest]

    def _known(self, read: list[str] | None) -> dict[str, str]:
        """Return what a report has read, each with its checksum; all inputs together where that is
        not known.
        """
        names = [ALL] if read is None else read
        return {name: self.around.inputs[name] for name in names if name in self.around.inputs}

    def _note(self, result: Result, cost: Cost) -> None:
        """Write a finished report into the journal."""
        job = self.jobs[result.id]
        failure = result.failure
        report = Report(
            id=job.id,
            key=key_of(job, self.around),
            parameters=job.parameters,
            read=self._known(result.read),
            values=result.values,
            files={
                name: File(sha256=sha256, size=size)
                for name, (sha256, size) in result.files.items()
            },
            failure=failure,
            title=result.title,
            question=result.question,
            answer=result.answer,
            status=result.status,
        )
        self.reports[job.id] = report
        self.journal.add({**told(result, cost), **report.journalled()})


def _oversee(
    settled: Settled, options: Options, building: Path, ordered: list[Report], maker: Engine
) -> Comparison:
    """Write what belongs to all reports together; only files of these reports stay.

    Args:
        settled: What was asked for.
        options: How.
        building: The folder with the reports.
        ordered: Every report, in the jobs' order.
        maker: Its process has imported what pages take; what this takes in memory is gone with it.

    Returns:
        What differs from the edition before.
    """
    html, before = building / "html", Releases(options.out).current or options.out
    drop_unwanted(building, {name for report in ordered for name in report.files})
    (html / MANIFEST).write_text(as_json(settled.manifest), "utf-8")
    frame = Frame(settled.manifest, terms=options.terms)
    results = [report.result() for report in ordered]
    shown = replace(settled, handed=tuple)  # it needs no tables
    found, files = maker.ask(
        partial(_overview, shown, results, frame, before, html, options.parting)
    )
    for at, report in enumerate(ordered):
        own = {name: file for name, file in files.items() if name in report.files}
        ordered[at] = report.model_copy(update={"files": report.files | own})
    return found


def _overview(
    settled: Settled, results: list[Result], frame: Frame, before: Path, html: Path, parting: str
) -> tuple[Comparison, dict[str, File]]:
    """Write the index and what changed; return that, and the files of reports whose line of it is
    another than it was.
    """
    from helpers.pages.changes import address_of, make_changes
    from helpers.pages.gate import check_page
    from helpers.pages.layout import make_index

    found = compare(before / "html", html, parting)
    (html / f"{CHANGES}.json").write_text(as_json(found), "utf-8")
    pages = {
        "index": make_index(
            settled.name,
            settled.language,
            settled.jobs,
            results,
            frame,
            partial(address_of, found),
        ),
        CHANGES: make_changes(settled.name, settled.language, found, frame),
    }
    for name, page in pages.items():
        check_page(page)
        (html / f"{name}.html").write_text(page, "utf-8")
    return found, _noted(settled.jobs, found, html)


def _noted(jobs: list[Job], found: Comparison, html: Path) -> dict[str, File]:
    """Let each changed report say so itself, and those that say it of an edition before no longer;
    return the files that are others now.

    It is said here, and not where a report is made: what stands already is not made again because
    another edition came.
    """
    from helpers.pages.changes import note_of, noted, with_note
    from helpers.pages.gate import check_page

    files = {}
    for job in jobs:
        place = html / f"{job.id}.html"
        note, page = note_of(found, job.id, job.language), place.read_text("utf-8")
        if note or noted(page):
            page = with_note(page, note)
            check_page(page, f"{job.id}.html")
            place.unlink()  # it may be the file of an earlier release too
            place.write_text(page, "utf-8")
            files[f"html/{job.id}.html"] = file_of(place)
    return files


def _finish(
    release: Release, building: Path, options: Options, damaged: list[str]
) -> tuple[bool, list[str]]:
    """Put a release in place.

    Args:
        release: It.
        building: The folder with the reports; it becomes the release.
        options: How.
        damaged: What was not as it had been made.

    Returns:
        Whether readers are shown it, and what was made whole.

    Raises:
        SetupError: the release cannot be put in place.
    """
    releases = Releases(options.out)
    shown = options.force or release.id not in releases.withdrawn
    mended = damaged if shown else [*damaged, *releases.damaged_of(release.id)]
    releases.publish(building, release, options.kept, shown)
    return shown, mended


def told(result: Result, cost: Cost) -> dict[str, object]:
    """Return what the journal says of one report, for a person."""
    failure = result.failure
    return {
        "id": result.id,
        "status": "failed" if failure else "delivered",
        "failure": vars(failure) if failure else None,
        "seconds": round(cost.seconds, 3),
        "cpu_seconds": None if cost.cpu is None else round(cost.cpu, 3),
        "peak_bytes": cost.peak,
    }


def told_again(report: Report) -> dict[str, object]:
    """Return what the journal says of a report that an interrupted run has made."""
    return {"id": report.id, "status": "delivered", "failure": None, **report.journalled()}


def publish_single(
    asked: Plan | Request, options: Options, begin: Begin = silent, choose: Choose = as_asked
) -> tuple[list[Result], list[Path]]:
    """Make reports outside any edition, each put in place on its own; return results and pages.

    Args:
        asked: The reports, and perhaps others.
        options: How.
        begin: As for `publish`.
        choose: Called when the tables are read, before anything is written: gives what of it to
            make, and how.
    """
    request = asked if isinstance(asked, Request) else request_of(asked)
    with (
        stopped_in_order(),
        engine(options.engine, options.scheduler, None, options.warm) as maker,
    ):
        settled = maker.ask(partial(settle, request, options.notebooks))
        return _put_in_place(*choose(settled, options), maker, begin)


def _put_in_place(
    settled: Settled, options: Options, maker: Engine, begin: Begin
) -> tuple[list[Result], list[Path]]:
    aside, jobs = options.out / SINGLE, settled.jobs
    results: dict[str, Result] = {}
    with held(options.out, settled.name):
        try:
            refuse_changed(options.out, [name for job in jobs for name in _places(aside, job)])
            sweep(aside)
            note_begun(aside, [job.id for job in jobs])
            setting = setting_of(settled, options, aside, index=False)
            journal, listener = Journal(options.out / f"{SINGLE}.jsonl"), begin(len(jobs), 0)
            for result, cost in maker.run(jobs, setting, options.workers, settled.handed):
                results[result.id] = result
                journal.add(told(result, cost))
                listener(result)
            made = {name: file for job in jobs for name, file in _places(aside, job).items()}
            put_files(options.out, made)
        finally:
            clear(aside)
    return [results[job.id] for job in jobs], [options.out / f"{job.id}.html" for job in jobs]


def _places(aside: Path, job: Job) -> dict[str, Path]:
    """Return a report's files, the page last, by their places beside earlier single reports."""
    own, *beside = (f"{page}.html" for page in pages_of(job.id))
    parts = {f"{job.id}.json": "html", f"{job.id}.ipynb": "executed"}
    attached = [f"{job.id}{ending}" for ending in ATTACHED]
    parts |= {name: "html" for name in attached if (aside / "html" / name).exists()}
    parts |= {name: "html" for name in (*beside, own)}
    return {name: aside / part / name for name, part in parts.items()}
