"""What a run is to make and how: the plan, the options, the settings all reports share. Imports
nothing heavy.
"""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import helpers
from helpers.contracts.files import checksum, resolved
from helpers.errors import SetupError
from helpers.releases.contents import file_of
from helpers.report.facts import Source
from helpers.report.job import BESIDE, Job, pages_of
from helpers.report.manifest import (
    CatalogueLike,
    Frame,
    Imprint,
    Manifest,
    Terms,
    make_manifest,
    report_sources,
)
from helpers.warm.processes import processors

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
        handed: Gives another process the tables as they were read for the plan; it can be sent
            there.
        imprint: Who publishes it and when; None where that is not given.
    """

    name: str
    language: str
    parameters: dict[str, Any]
    jobs: list[Job]
    catalogue: CatalogueLike
    handed: Callable[[], object] = tuple
    imprint: Imprint | None = None


@dataclass(frozen=True)
class Request:
    """An edition that is asked for, before it is known which reports that means.

    Attributes:
        name: The edition's title.
        choices: All that was chosen; with inputs, code and notebooks it decides what comes out.
        make: Gives the plan, its notebooks in the folder that it is called with; it can be sent to
            another process, which does the reading.
    """

    name: str
    choices: Mapping[str, Any]
    make: Callable[[Path], Plan]


def request_of(plan: Plan) -> Request:
    """Return the request for a plan that is known already."""
    jobs = [{**asdict(job), "notebook": job.notebook.name} for job in plan.jobs]
    return Request(plan.name, {"parameters": plan.parameters, "jobs": jobs}, partial(_moved, plan))


def _moved(plan: Plan, notebooks: Path) -> Plan:
    return replace(
        plan, jobs=[replace(job, notebook=notebooks / job.notebook.name) for job in plan.jobs]
    )


Values = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Options:
    """How a run is to be made.

    Attributes:
        out: The folder that holds the releases.
        workers: Reports made at once.
        cell_timeout: Seconds one cell may take.
        notebooks: The folder with the notebooks.
        engine, warm, tree, parting, parted: As in `Setting`.
        terms: The words of what the reports are about.
        inputs: Folders that notebooks read, by the environment variable that names them to
            notebooks.
        left_out: What at the top of those folders no notebook reads: a run does not copy it.
        fingerprints: Gives each input's name and the checksum of its content, as of now.
        values: Gives the checksums, as of now, of what reports have read more finely, by the names
            they have noted.
        verify: Compare every file of what stands with its record, also where nothing seems to have
            changed it.
        force: Make every report, whether or not anything it rests on has changed.
        kept: Releases that stay, the newest included.
        scheduler: As in `Setting`.
    """

    out: Path = REPORTS
    workers: int = field(default_factory=lambda: min(processors(), 4))
    cell_timeout: int = 120
    notebooks: Path = NOTEBOOKS
    engine: str = "kernel"
    warm: tuple[str, ...] = ()
    tree: bool = True
    parting: str = ""
    parted: tuple[str, ...] = ()
    terms: Terms = field(default_factory=Terms)
    inputs: Mapping[str, Path] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    fingerprints: Callable[[], Mapping[str, str]] | None = None
    values: Values | None = None
    verify: bool = False
    force: bool = False
    kept: int = 5
    scheduler: str = ""


@dataclass(frozen=True)
class Setting:
    """What every job of a run has in common. Sent to each worker once.

    Attributes:
        building: The folder the edition is built in: html/ and executed/ are below it.
        frame: What stands around each page.
        sources: Provenance of every table a report may cite.
        cell_timeout: Seconds one cell may take.
        engine: "warm" (forked from a warm process) or "kernel" (an ordinary kernel each).
        warm: What the warm process imports and calls before the first report, as
            `helpers.warm.slot.Order` says.
        tree: Whether the warm engine runs once what reports that differ in `parting` alone share.
        parting: The parameter in which reports differ that are alike otherwise; empty for none.
        parted: What the warm process imports besides, where some report is given that parameter.
        scheduler: Address of the dask cluster that makes the reports; empty for this machine.
        inputs: Folders that notebooks read, by the environment variable that names them to
            notebooks.
    """

    building: Path
    frame: Frame
    sources: dict[str, Source]
    cell_timeout: int = 120
    engine: str = "kernel"
    warm: tuple[str, ...] = ()
    tree: bool = True
    parting: str = ""
    parted: tuple[str, ...] = ()
    scheduler: str = ""
    inputs: Mapping[str, Path] = field(default_factory=dict)

    @property
    def deadline(self) -> int:
        """Seconds a whole report may take, kernel start included."""
        return 3 * self.cell_timeout + 60

    @property
    def cited(self) -> dict[str, Source]:
        """The provenance as a report states it; in an edition without checksums, as one changed
        figure changes them.
        """
        if not self.frame.index:
            return self.sources
        return {
            name: source.model_copy(update={"sha256": None})
            for name, source in self.sources.items()
        }

    def page(self, job: Job) -> Path:
        """Return where a job's page is built."""
        return self.building / "html" / f"{job.id}.html"

    def pages(self, job: Job) -> dict[str, Path]:
        """Return where each document that a job may have is built, by its name; "" is the page."""
        places = (self.building / "html" / f"{page}.html" for page in pages_of(job.id))
        return dict(zip(("", *BESIDE), places, strict=True))

    def executed(self, job: Job) -> Path:
        """Return where a job's executed notebook is built."""
        return self.building / "executed" / f"{job.id}.ipynb"

    def files(self, *made: Path) -> dict[str, tuple[str, int]]:
        """Return the checksum and the bytes of files, by their place in the building folder."""
        found = {path.relative_to(self.building).as_posix(): file_of(path) for path in made}
        return {name: (file.sha256, file.size) for name, file in found.items()}


@dataclass(frozen=True)
class Settled:
    """A plan whose tables have been read: all that is left is light.

    `values` has the checksums, as of now, of what earlier reports have read more finely than as a
    whole; `handed` is the plan's.
    """

    name: str
    language: str
    parameters: dict[str, Any]
    jobs: list[Job]
    manifest: Manifest
    sources: dict[str, Source]
    values: Mapping[str, str] = field(default_factory=dict)
    handed: Callable[[], object] = tuple

    @property
    def edition(self) -> str:
        """What stands on every page: the title, and where it is given a checksum over who publishes
        it and when.
        """
        imprint = self.manifest.imprint
        told = checksum(imprint.model_dump_json().encode())
        return self.name if imprint == Imprint() else f"{self.name} {told}"

    @property
    def inputs(self) -> dict[str, str]:
        """The checksum of each table by its path."""
        return {table.path: table.sha256 for table in self.manifest.inputs}


def setting_of(settled: Settled, options: Options, building: Path, index: bool) -> Setting:
    """Return what the reports of a run have in common.

    Args:
        settled: What is to be made.
        options: How.
        building: The folder to build in.
        index: Whether an index leads to the reports.
    """
    whole = resolved(building)
    return Setting(
        whole,
        Frame(settled.manifest, index, options.terms),
        settled.sources,
        options.cell_timeout,
        options.engine,
        options.warm,
        options.tree,
        options.parting,
        options.parted,
        options.scheduler,
        {name: whole / "inputs" / name for name in options.inputs} if index else options.inputs,
    )


def settle(
    request: Request, notebooks: Path, names: Collection[str] = (), values: Values | None = None
) -> Settled:
    """Read the tables and find out which reports are asked for.

    Args:
        request: The edition.
        notebooks: Their folder.
        names: What earlier reports have read more finely than as a whole.
        values: Gives its checksums as of now.

    Raises:
        SetupError: a notebook is missing.
    """
    plan = request.make(notebooks)
    missing = sorted({job.notebook.name for job in plan.jobs if not job.notebook.is_file()})
    if missing:
        raise SetupError(
            f"{notebooks}: lacks {', '.join(missing)}. Is this a whole copy of the project?"
        )
    manifest = make_manifest(plan.name, plan.parameters, plan.catalogue, notebooks, plan.imprint)
    found = values(names) if values and names else {}
    sources = report_sources(plan.catalogue)
    return Settled(
        plan.name,
        plan.language,
        plan.parameters,
        plan.jobs,
        manifest,
        sources,
        found,
        plan.handed,
    )
