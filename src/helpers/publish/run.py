"""Run an edition from what was asked for to the release that readers see, making no report that stands already."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from helpers.contracts.marks import resolved
from helpers.publish import state
from helpers.publish.building import begin as note_begun
from helpers.publish.building import leave, sweep
from helpers.publish.finish import Published, finish
from helpers.publish.jobs import Cost, Result
from helpers.publish.keys import ALL, World, key_of, world
from helpers.publish.lock import held
from helpers.publish.ours import BUILDING, JOURNAL
from helpers.publish.plan import Options, Plan, Request, request_of
from helpers.publish.pool import Engine, engine
from helpers.publish.record import File, Report
from helpers.publish.releases import Releases, size
from helpers.publish.reuse import Earlier, earlier_reports, journal_faults, up_to_date, values_read
from helpers.publish.setting import Frame, Setting
from helpers.publish.settle import Settled, settle
from helpers.publish.snapshot import FIRST, held_still, refuse_if_full, refuse_without_links
from helpers.publish.standing import fingerprint_of
from helpers.publish.status import STATUS
from helpers.publish.stopping import stopped_in_order
from helpers.warm.journal import Journal

Listener = Callable[[Result], None]
Begin = Callable[[int, int], Listener]


def silent(*_: int) -> Listener:
    """Listen to nothing."""
    return lambda _: None


def publish(asked: Plan | Request, options: Options, begin: Begin = silent) -> Published:
    """Make an edition aside, compare it with the one that is published, and publish it as a release.

    What stands already, in the published release or in what a run that was interrupted has made, is not made
    again. Failed reports get a page that says so.

    Args:
        asked: What to make.
        options: How.
        begin: Called with how many reports are to be made and how many stand; gives the listener of results.

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
        held_still(building / "inputs", options.notebooks, options.inputs, options.left_out) as notebooks,
        engine(options.engine, options.scheduler, building) as maker,
    ):
        earlier = [] if options.force else earlier_reports(options.out, building, options.out / JOURNAL)
        settled = maker.ask(partial(settle, request, notebooks, values_read(earlier), options.values))
        last = Releases(options.out).current
        refuse_if_full(options.out, 2 * size(last) if last else FIRST * len(settled.jobs))
        inputs = options.fingerprints() if options.fingerprints else settled.inputs
        note_begun(building, [job.id for job in settled.jobs])
        given = fingerprint_of(request, options, inputs, notebooks)
        run = Run(settled, options, building, maker, world(request.name, inputs, settled.values))
        damaged = [*journal_faults(building, options.out / JOURNAL), *Releases(options.out).damaged]
        made = run.make(earlier, begin)
    return finish(settled, options, building, run.reports, made, [*damaged, *run.damaged], given)


class Run:
    """One run's work: what is up to date is kept, the rest is made."""

    def __init__(self, settled: Settled, options: Options, building: Path, maker: Engine, around: World) -> None:
        self.jobs = {job.id: job for job in settled.jobs}
        self.options, self.building, self.maker, self.around = options, building, maker, around
        frame = Frame(settled.manifest, index=True)
        chosen = options.engine, options.warm, options.tree, options.scheduler
        inputs = {name: resolved(building) / "inputs" / name for name in options.inputs}
        self.setting = Setting(resolved(building), frame, settled.sources, options.cell_timeout, *chosen, inputs)

    def make(self, earlier: Earlier, begin: Begin) -> list[str]:
        """Take over or make every report, and return the ids of those that were made."""
        kept, self.damaged = up_to_date(list(self.jobs.values()), self.around, earlier)
        half = [one.report for one in kept.values() if one.folder == self.building]
        self.journal = Journal(self.options.out / JOURNAL, map(told_again, half))
        self.reports = {name: one.stays(self.building) for name, one in kept.items()}
        rest = [job for name, job in self.jobs.items() if name not in kept]
        listener = begin(len(rest), len(kept))
        if rest:
            for result, cost in self.maker.run(rest, self.setting, self.options.workers):
                self._note(result, cost)
                listener(result)
        return [job.id for job in rest]

    def _known(self, read: list[str] | None) -> dict[str, str]:
        """Return what a report has read, each with its checksum; all inputs together where that is not known."""
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
            files={name: File(sha256=sha256, size=size) for name, (sha256, size) in result.files.items()},
            failure=failure,
            title=result.title,
            question=result.question,
            answer=result.answer,
            status=result.status,
        )
        self.reports[job.id] = report
        self.journal.add({**told(result, cost), **report.journalled()})


def told_again(report: Report) -> dict[str, object]:
    """Return what the journal says of a report that an interrupted run has made."""
    return {"id": report.id, "status": "delivered", "failure": None, **report.journalled()}


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
