"""What a run is to make and how: checked plans, and where things lie."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import helpers
from helpers.contracts.marks import resolved
from helpers.publish.jobs import Job
from helpers.publish.machine import processors
from helpers.publish.manifest import CatalogueLike

PROJECT = Path(helpers.__file__).resolve().parents[2]
NOTEBOOKS = PROJECT / "notebooks"
EDITIONS = PROJECT / "reports" / "parameters"
REPORTS = resolved(Path(os.environ.get("MOTTAGNING_REPORTS") or PROJECT / "reports"))


@dataclass(frozen=True)
class Plan:
    """What a run is to make, all of it checked.

    Attributes:
        name: The edition's title.
        language: The index's language.
        parameters: The edition's choices, as the manifest states them.
        jobs: What to render.
        catalogue: The tables the reports rest on.
    """

    name: str
    language: str
    parameters: dict[str, Any]
    jobs: list[Job]
    catalogue: CatalogueLike


@dataclass(frozen=True)
class Request:
    """An edition that is asked for, before it is known which reports that means.

    Attributes:
        name: The edition's title.
        choices: All that was chosen; with inputs, code and notebooks it decides what comes out.
        make: Gives the plan, its notebooks in the folder that it is called with; it can be sent to another process,
            which does the reading.
    """

    name: str
    choices: Mapping[str, Any]
    make: Callable[[Path], Plan]


def request_of(plan: Plan) -> Request:
    """Return the request for a plan that is known already."""
    jobs = [{**asdict(job), "notebook": job.notebook.name} for job in plan.jobs]
    return Request(plan.name, {"parameters": plan.parameters, "jobs": jobs}, partial(_moved, plan))


def _moved(plan: Plan, notebooks: Path) -> Plan:
    return replace(plan, jobs=[replace(job, notebook=notebooks / job.notebook.name) for job in plan.jobs])


@dataclass(frozen=True)
class Options:
    """How a run is to be made.

    Attributes:
        out: The folder that holds the releases.
        workers: Reports made at once.
        cell_timeout: Seconds one cell may take.
        notebooks: The folder with the notebooks.
        engine, warm, tree: As in `render.Setting`.
        inputs: Folders that notebooks read, by the environment variable that names them to notebooks.
        left_out: What at the top of those folders no notebook reads: a run does not copy it.
        fingerprints: Gives each input's name and the checksum of its content, as of now.
        values: Gives the checksums, as of now, of what reports have read more finely, by the names they have noted.
        verify: Compare every file of what stands with its record, also where nothing seems to have changed it.
        force: Make every report, whether or not anything it rests on has changed.
        kept: Releases that stay, the newest included.
        scheduler: As in `render.Setting`.
    """

    out: Path = REPORTS
    workers: int = field(default_factory=lambda: min(processors(), 4))
    cell_timeout: int = 120
    notebooks: Path = NOTEBOOKS
    engine: str = "kernel"
    warm: tuple[str, ...] = ()
    tree: bool = True
    inputs: Mapping[str, Path] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    fingerprints: Callable[[], Mapping[str, str]] | None = None
    values: Callable[[Collection[str]], Mapping[str, str]] | None = None
    verify: bool = False
    force: bool = False
    kept: int = 5
    scheduler: str = ""
