"""What need not be made again: a release that a run would make, or reports that are up to date."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers.make.keys import (
    World,
    changed_reads,
    differing,
    fingerprint_of,
    installed,
    key_of,
)
from helpers.make.plan import Options, Request
from helpers.releases import state
from helpers.releases.contents import (
    Finished,
    Release,
    Report,
    file_faults,
    link,
    read_reports,
    record_of,
    verify,
)
from helpers.releases.store import Releases
from helpers.report.job import Job
from helpers.report.manifest import code_version

Earlier = list[dict[str, "Kept"]]


@dataclass(frozen=True)
class Standing:
    """A release that is what a run would make.

    Attributes:
        release: The release.
        reports: Its reports.
        withdrawn: Whether it was rolled back from, so that readers are shown another.
    """

    release: Release
    reports: list[Report]
    withdrawn: bool


def standing(request: Request, options: Options) -> Standing | None:
    """Return the release that is what a run would make; None if there is something to make, or
    --force says so.

    A file that was changed since it was last found whole is compared by content; by
    `options.verify` all are.
    """
    releases = Releases(options.out)
    if options.force or options.fingerprints is None or releases.fault:
        return None
    withdrawn = releases.withdrawn
    names = [*([releases.current.name] if releases.current else []), *withdrawn]
    if not names:
        return None
    given = fingerprint_of(request, options, options.fingerprints(), options.notebooks)
    for name in names:
        record = record_of(releases.folder(name))
        release = record.release
        same = release and release.fingerprint == given and not release.failed
        if release and same and not verify(record, glance=not options.verify):
            return Standing(release, record.reports, name in withdrawn)
    return None


@dataclass(frozen=True)
class Kept:
    """A report that was made earlier, and the folder it lies in."""

    report: Report
    folder: Path

    def stays(self, building: Path) -> Report:
        """Let its files stand in the new release, and return its record."""
        if self.folder != building:
            link(self.report, self.folder, building)
        return self.report


def up_to_date(
    jobs: list[Job], around: World, earlier: Earlier
) -> tuple[dict[str, Kept], list[str]]:
    """Return, by id, the reports that rest on the very same as when they were made and are whole on
    disk.

    Args:
        jobs: All jobs of the run.
        around: What they have in common.
        earlier: Reports made earlier by id, the first to be asked first.

    Returns:
        The reports, and what is wrong with the files of those that would be among them but for
        that.
    """
    damaged: list[str] = []
    found = {job.id: _first_whole(job, around, earlier, damaged) for job in jobs}
    return {name: kept for name, kept in found.items() if kept}, damaged


def earlier_reports(out: Path, building: Path, journal: Path) -> Earlier:
    """Return the reports that an interrupted run had made, those of the published release, and of
    each other.

    A run that was killed between putting its release in place and showing it has left one that no
    reader has seen.
    """
    releases = Releases(out)
    folders = sorted(
        map(releases.folder, releases.order), key=lambda folder: folder != releases.current
    )
    lines = _lines(journal)[0]
    begun = (
        one.report
        for one in lines
        if one.report and any((building / name).exists() for name in one.report.files)
    )
    # those of a run that was published have moved
    half = {report.id: Kept(report, building) for report in begun}
    kept = [
        half,
        *(
            {report.id: Kept(report, folder) for report in read_reports(folder)}
            for folder in folders
        ),
    ]
    return [{name: one for name, one in found.items() if not one.report.failure} for found in kept]


def values_read(earlier: Earlier) -> set[str]:
    """Return the names of what earlier reports have read more finely than as a whole; nothing of
    those that other code or packages made, which are made again whatever they have read.
    """
    now = {"code": code_version(None), "packages": installed()}
    return {
        name
        for reports in earlier
        for kept in reports.values()
        if now.items() <= kept.report.key.items()
        for name in kept.report.values
    }


def journal_faults(building: Path, journal: Path) -> list[str]:
    """Return what is wrong with the journal of a run that was interrupted; it costs the reports of
    damaged lines.
    """
    lost = _lines(journal)[1] if any(path.is_file() for path in building.glob("html/**/*")) else 0
    return [f"{journal}, {lost} line(s)"] if lost else []


def _first_whole(job: Job, around: World, earlier: Earlier, damaged: list[str]) -> Kept | None:
    key = key_of(job, around)
    for reports in earlier:
        kept = reports.get(job.id)
        if kept is None or differing(kept.report, key) or changed_reads(kept.report, around):
            continue
        wrong = file_faults(kept.folder, kept.report.files)
        if kept.report.files and not wrong:
            return kept
        damaged += [f"{kept.folder / one}" for one in wrong]
    return None


def _lines(journal: Path) -> tuple[list[Finished], int]:
    """A run's journal as far as it came, and how many lines are not whole."""
    with suppress(OSError):
        return state.lines(journal, Finished)
    return [], 0
