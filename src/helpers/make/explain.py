"""What a run would do with one report, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.contracts.text import to_json
from helpers.errors import ParameterError
from helpers.make.keys import ALL, World, changed_reads, differing, key_of, world
from helpers.make.plan import Options, Request, Settled, settle
from helpers.releases.contents import (
    Report,
    file_faults,
    read_reports,
)
from helpers.releases.store import Releases
from helpers.report.job import Job

PARTS = {
    "notebook": "its notebook",
    "code": "the code of the package",
    "packages": "Python or an installed package",
    "edition": "the edition's title",
    "variant": "what its heading says beside the title",
    "links": "which reports beside it that it leads to",
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
    around = world(settled.edition, inputs, settled.values)
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
