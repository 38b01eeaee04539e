"""From reports to a release: record, index, changes, and the step that lets readers see it."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from helpers.publish.building import drop_unwanted
from helpers.publish.compare import CHANGES, MANIFEST, Comparison, compare
from helpers.publish.facts import as_json
from helpers.publish.jobs import Result
from helpers.publish.plan import Options
from helpers.publish.record import Report, write_record
from helpers.publish.releases import Releases
from helpers.publish.settle import Settled
from helpers.warm.apart import apart


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


def finish(
    settled: Settled,
    options: Options,
    building: Path,
    reports: dict[str, Report],
    made: list[str],
    damaged: list[str],
    given: str,
) -> Published:
    """Write what belongs to all reports together, and publish; only files of these reports go along.

    Args:
        settled: What was asked for.
        options: How.
        building: The folder with the reports; it becomes the release.
        reports: Every report by id.
        made: Ids of those that were made now.
        damaged: What was not as it had been made.
        given: The fingerprint of all that the run was given.

    Raises:
        SetupError: a file is not what it was when it was made, or the release cannot be put in place.
    """
    releases, html = Releases(options.out), building / "html"
    ordered = [reports[job.id] for job in settled.jobs]
    results = [report.result() for report in ordered]
    drop_unwanted(building, {name for report in ordered for name in report.files})
    (html / MANIFEST).write_text(as_json(settled.manifest), "utf-8")
    found = apart(partial(_overview, settled, results, releases.current or options.out, html))
    release = write_record(building, settled.name, given, ordered)
    shown = options.force or release.id not in releases.withdrawn
    if not shown:
        damaged = [*damaged, *releases.damaged_of(release.id)]
    releases.publish(building, release, options.kept, shown)
    return Published(release.id, results, found, made, damaged, shown)


def _overview(settled: Settled, results: list[Result], before: Path, html: Path) -> Comparison:
    """Write the index and what changed; what that takes in memory is gone with the process."""
    from helpers.publish.changes import make_changes
    from helpers.publish.gate import check_page
    from helpers.publish.site import make_index

    found = compare(before / "html", html)
    (html / f"{CHANGES}.json").write_text(as_json(found), "utf-8")
    pages = {
        "index": make_index(settled.name, settled.language, settled.jobs, results, settled.manifest),
        CHANGES: make_changes(settled.name, settled.language, found, settled.manifest),
    }
    for name, page in pages.items():
        check_page(page)
        (html / f"{name}.html").write_text(page, "utf-8")
    return found
