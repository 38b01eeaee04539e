"""Why a report would be made again, or would not."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.errors import ParameterError
from helpers.publish.jobs import Job
from helpers.publish.keys import ALL, World, changed_reads, differing, key_of, world
from helpers.publish.plan import Options, Request
from helpers.publish.pool import rehearse_all
from helpers.publish.record import Report, read_reports, whole
from helpers.publish.rehearsal import END, HEAD, REST, Rehearsal
from helpers.publish.releases import Releases
from helpers.publish.setting import Frame, Setting
from helpers.publish.settle import Settled, settle

PARTS = {
    "notebook": "its notebook",
    "code": "the code of the package",
    "packages": "Python or an installed package",
    "edition": "the edition's title",
    "variant": "the name of its scenario",
}
BESIDES = {HEAD: "the heading", END: "the page's answer, counts or sources", REST: "what cells print"}


@dataclass(frozen=True)
class Explanation:
    """What a run would do with one report.

    Attributes:
        id: The report.
        release: The published release's id; None where there is none.
        again: Whether it would be made again.
        reasons: Why, or why not, in sentences.
        inputs: What it reads that is of other content than when it was made.
        shows: What of it would be another: the ids of statements, tables and figures, and what else in words.
    """

    id: str
    release: str | None
    again: bool
    reasons: list[str]
    inputs: list[str] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)


def explain(request: Request, options: Options, name: str) -> Explanation:
    """Return what a run would do with one report, and why.

    Args:
        request: The edition.
        options: How it is made; `fingerprints` must be there.
        name: The report's id.

    Raises:
        ParameterError: the edition has no such report.
    """
    settled = settle(request, options.notebooks)
    job = next((job for job in settled.jobs if job.id == name), None)
    if job is None:
        raise ParameterError(f"{name}: the edition has no such report. It has {', '.join(_some(settled))}.")
    folder = Releases(options.out).current
    report = next((report for report in read_reports(folder) if report.id == name), None) if folder else None
    if folder is None or report is None:
        return Explanation(name, folder.name if folder else None, True, ["The published release does not have it."])
    if report.failure:
        return Explanation(name, folder.name, True, [f"It failed: {report.failure}."])
    if not whole(report, folder):
        return Explanation(name, folder.name, True, ["A file of it is gone or has been changed."])
    return _compared(job, report, folder, settled, options)


def _compared(job: Job, report: Report, folder: Path, settled: Settled, options: Options) -> Explanation:
    """Compare what a report rests on with what it rested on when it was made."""
    around = world(settled.name, options.fingerprints() if options.fingerprints else settled.inputs)
    other = differing(report, key_of(job, around))
    inputs = changed_reads(report, around.inputs)
    reasons = [_choices(report, job) if part == "parameters" else f"{PARTS[part]} has changed." for part in other]
    reasons += [_input(name, around) for name in inputs]
    if not reasons:
        return Explanation(job.id, folder.name, False, ["Nothing it rests on has changed."])
    if other:
        return Explanation(job.id, folder.name, True, reasons, inputs)
    shown = _rehearsed(job, settled, options)
    if shown is None or report.digests is None:
        return Explanation(job.id, folder.name, True, reasons, inputs)
    old, new = report.digests, shown.digests
    differ = [BESIDES.get(part, part) for part in {**old, **new} if old.get(part) != new.get(part)]
    said = "It would show something else." if differ else "It would show the same all the same."
    return Explanation(job.id, folder.name, bool(differ), [*reasons, said], inputs, differ)


def _input(name: str, around: World) -> str:
    if name == ALL:
        return "something in the data folder has changed, and what it reads is not known."
    return f"{name} has changed." if name in around.inputs else f"{name} is gone."


def _rehearsed(job: Job, settled: Settled, options: Options) -> Rehearsal | None:
    """Return what the report would show."""
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder)
        setting = Setting(
            aside, Frame(settled.manifest), settled.sources, options.cell_timeout, options.engine, options.warm
        )
        return rehearse_all([job], setting, 1).get(job.id)


def _choices(report: Report, job: Job) -> str:
    """Say which parameters are others."""

    def written(values: Mapping[str, Any], name: str) -> str:
        return json.dumps(values[name], ensure_ascii=False) if name in values else "not there"

    old, new = report.parameters, job.parameters
    names = [name for name in {**old, **new} if written(old, name) != written(new, name)]
    told = "; ".join(f"{name}: {written(old, name)} → {written(new, name)}" for name in names)
    return f"its parameters have changed ({told})."


def _some(settled: Settled) -> list[str]:
    names = [job.id for job in settled.jobs]
    return [*names[:5], f"… {len(names)} in all"] if len(names) > 6 else names
