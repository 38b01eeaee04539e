"""Which reports are as they would come out, and need not be made again: by their keys, or by what they would show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.publish.jobs import Job
from helpers.publish.keys import World, changed_reads, differing, key_of
from helpers.publish.record import Report, link, read_reports, whole
from helpers.publish.releases import Releases
from helpers.warm.journal import read


@dataclass(frozen=True)
class Kept:
    """A report that was made earlier, and the folder it lies in."""

    report: Report
    folder: Path

    def stays(self, building: Path, read: Mapping[str, str] | None = None) -> Report:
        """Let its files stand in the new release, and return its record.

        Args:
            building: The new release's folder.
            read: What it has read, where that is other than it was.
        """
        if self.folder != building:
            link(self.report, self.folder, building)
        return self.report if read is None else self.report.model_copy(update={"read": dict(read)})


@dataclass(frozen=True)
class Sorted:
    """The jobs of a run by what is known of them.

    Attributes:
        same: Reports that rest on the very same, whole on disk.
        perhaps: Reports of which only what they read has changed: they may yet show the same.
        rest: Jobs to be made.
    """

    same: dict[str, Kept]
    perhaps: dict[str, Kept]
    rest: list[Job]


def sort_out(jobs: list[Job], around: World, earlier: list[dict[str, Kept]]) -> Sorted:
    """Return which jobs need not be made.

    Args:
        jobs: All jobs of the run.
        around: What they have in common.
        earlier: Reports made earlier by id, the first to be asked first.
    """
    same, perhaps, rest = dict[str, Kept](), dict[str, Kept](), list[Job]()
    for job in jobs:
        key = key_of(job, around)
        known = [kept for reports in earlier if (kept := reports.get(job.id)) and not differing(kept.report, key)]
        unread = [kept for kept in known if not changed_reads(kept.report, around.inputs)]
        if standing := _first_whole(unread):
            same[job.id] = standing
            continue
        rest.append(job)
        if likely := _first_whole([kept for kept in known if kept.report.digests and kept not in unread]):
            perhaps[job.id] = likely
    return Sorted(same, perhaps, rest)


def earlier_reports(out: Path, building: Path, journal: Path) -> list[dict[str, Kept]]:
    """Return the reports that an interrupted run had made, those of the published release, and of each other.

    A run that was killed between putting its release in place and showing it has left one that no reader has seen.
    """
    releases = Releases(out)
    folders = sorted(map(releases.folder, releases.order), key=lambda folder: folder != releases.current)
    half = {report.id: Kept(report, building) for report in journalled(journal)}
    kept = [half, *({report.id: Kept(report, folder) for report in read_reports(folder)} for folder in folders)]
    return [{name: one for name, one in found.items() if not one.report.failure} for found in kept]


def journalled(journal: Path) -> Iterator[Report]:
    """Give the reports of a run's journal, as far as it came; lines that cannot be read are left out."""
    try:
        lines = read(journal)
    except (OSError, ValueError):
        return
    for line in lines:
        if isinstance(line, dict) and line.get("report"):
            yield Report.model_validate(line["report"])


def _first_whole(found: list[Kept]) -> Kept | None:
    return next((kept for kept in found if whole(kept.report, kept.folder)), None)
