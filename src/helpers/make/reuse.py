"""Which reports are up to date, by checksums of all they rest on; whether a run has work to do; and
why.
"""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.contracts.files import checksum
from helpers.contracts.json_text import to_json
from helpers.contracts.opening import bytes_in
from helpers.errors import ParameterError
from helpers.make.plan import Options, Request, Settled, settle
from helpers.releases import state
from helpers.releases.record import (
    Finished,
    Release,
    Report,
    file_faults,
    link,
    read_reports,
    record_of,
    verify,
)
from helpers.releases.releases import Releases
from helpers.report.job import Job
from helpers.report.manifest import code_version, own_files

ALL = "*"


@dataclass(frozen=True)
class World:
    """What all reports of a run have in common.

    Attributes:
        edition: The title on every page.
        inputs: Each file or part of the inputs by name, with the checksum of its content.
        code, packages: Checksums.
        values: What earlier reports have read more finely than as a whole, by name, likewise.
    """

    edition: str
    inputs: Mapping[str, str]
    code: str
    packages: str
    values: Mapping[str, str] = field(default_factory=dict)


def world(
    edition: str, inputs: Mapping[str, str], values: Mapping[str, str] | None = None
) -> World:
    """Return the world as it is now; the inputs all together have a name too, for what may have
    read any of them.
    """
    named = {**inputs, ALL: checksum(_text(dict(inputs)))}
    return World(edition, named, code_version(None), installed(), values or {})


def key_of(job: Job, around: World) -> dict[str, str]:
    """Return the parts of a report's key that are known before it is made; what it reads is known
    after.
    """
    return {
        "notebook": checksum(bytes_in(job.notebook)),
        "parameters": checksum(_text(job.parameters)),
        "code": around.code,
        "packages": around.packages,
        "edition": around.edition,
        "variant": job.variant,
    }


def differing(report: Report, key: Mapping[str, str]) -> list[str]:
    """Return the parts of the key, but what was read, that are other than when the report was
    made.
    """
    return [part for part in key if report.key.get(part) != key[part]]


def changed_reads(report: Report, around: World) -> list[str]:
    """Return what the report read that now is of other content, or gone."""
    found = [name for name, known in report.read.items() if around.inputs.get(name) != known]
    return found + [
        name for name, known in report.values.items() if around.values.get(name) != known
    ]


def fingerprint(choices: Mapping[str, Any], around: World, notebooks: Path) -> str:
    """Return one checksum over everything a run is given."""
    found = {
        file.relative_to(notebooks).as_posix(): checksum(file.read_bytes())
        for file in own_files(notebooks)
    }
    given = [
        dict(choices),
        found,
        around.code,
        around.packages,
        around.edition,
        dict(around.inputs),
    ]
    return checksum(_text(given))


@lru_cache
def installed() -> str:
    """Return a checksum over Python's version and every installed package's name and version."""
    folders = [
        Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))
    ]
    names = sorted({found.name for folder in folders for found in folder.glob("*.dist-info")})
    return checksum("\n".join([sys.version, *names]))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


Earlier = list[dict[str, "Kept"]]


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
    """Return the names of what earlier reports have read more finely than as a whole."""
    return {name for reports in earlier for kept in reports.values() for name in kept.report.values}


def journal_faults(building: Path, journal: Path) -> list[str]:
    """Return what is wrong with the journal of a run that was interrupted; it costs the reports of
    damaged lines.
    """
    lost = _lines(journal)[1] if any(path.is_file() for path in building.glob("html/**/*")) else 0
    return [f"{journal}, {lost} line(s)"] if lost else []


def _lines(journal: Path) -> tuple[list[Finished], int]:
    """A run's journal as far as it came, and how many lines are not whole."""
    with suppress(OSError):
        return state.lines(journal, Finished)
    return [], 0


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


def fingerprint_of(
    request: Request, options: Options, inputs: Mapping[str, str], notebooks: Path
) -> str:
    """Return one checksum over everything that decides what comes out of a run."""
    return fingerprint(request.choices, world(request.name, inputs), notebooks)


PARTS = {
    "notebook": "its notebook",
    "code": "the code of the package",
    "packages": "Python or an installed package",
    "edition": "the edition's title",
    "variant": "what its heading says beside the title",
}


@dataclass(frozen=True)
class Explanation:
    """What a run would do with one report.

    Attributes:
        id: The report.
        release: The published release's id; None where there is none.
        again: Whether it would be made again.
        reasons: Why, or why not, in sentences.
        inputs: What it reads that is of other content than when it was made, a table or some rows
            of it.
    """

    id: str
    release: str | None
    again: bool
    reasons: list[str]
    inputs: list[str] = field(default_factory=list)


def explain(request: Request, options: Options, name: str) -> Explanation:
    """Return what a run would do with one report, and why.

    Args:
        request: The edition.
        options: How it is made; `fingerprints` must be there.
        name: The report's id.

    Raises:
        ParameterError: the edition has no such report.
    """
    folder = Releases(options.out).current
    report = (
        next((report for report in read_reports(folder) if report.id == name), None)
        if folder
        else None
    )
    settled = settle(request, options.notebooks, report.values if report else (), options.values)
    job = next((job for job in settled.jobs if job.id == name), None)
    if job is None:
        raise ParameterError(
            f"{name}: the edition has no such report. It has {', '.join(_some(settled))}."
        )
    if folder is None or report is None:
        return Explanation(
            name, folder.name if folder else None, True, ["The published release does not have it."]
        )
    if report.failure:
        return Explanation(name, folder.name, True, [f"It failed: {report.failure}."])
    if wrong := file_faults(folder, report.files):
        return Explanation(name, folder.name, True, [f"{one}." for one in wrong])
    return _compared(job, report, folder, settled, options)


def _compared(
    job: Job, report: Report, folder: Path, settled: Settled, options: Options
) -> Explanation:
    """Compare what a report rests on with what it rested on when it was made."""
    inputs = options.fingerprints() if options.fingerprints else settled.inputs
    around = world(settled.name, inputs, settled.values)
    other, read = differing(report, key_of(job, around)), changed_reads(report, around)
    reasons = [
        _choices(report, job) if part == "parameters" else f"{PARTS[part]} has changed."
        for part in other
    ]
    reasons += [_input(name, around) for name in read]
    said = reasons or ["Nothing it rests on has changed."]
    return Explanation(job.id, folder.name, bool(reasons), said, read)


def _input(name: str, around: World) -> str:
    if name == ALL:
        return "something in the data folder has changed, and what it reads is not known."
    known = name in around.inputs or name in around.values
    return f"{name} has changed." if known else f"{name} is gone."


def _choices(report: Report, job: Job) -> str:
    """Say which parameters are others."""

    def written(values: Mapping[str, Any], name: str) -> str:
        return to_json(values[name]) if name in values else "not there"

    old, new = report.parameters, job.parameters
    names = [name for name in {**old, **new} if written(old, name) != written(new, name)]
    told = "; ".join(f"{name}: {written(old, name)} → {written(new, name)}" for name in names)
    return f"its parameters have changed ({told})."


def _some(settled: Settled) -> list[str]:
    names = [job.id for job in settled.jobs]
    return [*names[:5], f"… {len(names)} in all"] if len(names) > 6 else names
