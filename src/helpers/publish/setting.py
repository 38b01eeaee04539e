"""What all reports of a run have in common; light, so that who only looks after others need not import what they do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.publish.facts import Source
from helpers.publish.jobs import Job
from helpers.publish.manifest import Manifest
from helpers.publish.record import file_of


@dataclass(frozen=True)
class Frame:
    """What stands around every page of an edition.

    Attributes:
        manifest: What the edition was made from.
        index: Whether there is an index to link back to.
    """

    manifest: Manifest
    index: bool = True

    def resting_on(self, tables: Collection[str], version: str) -> "Frame":
        """Return the frame of a report that rests on these tables and this code: no other changes its page."""
        inputs = [table for table in self.manifest.inputs if table.id in tables]
        return replace(self, manifest=self.manifest.model_copy(update={"inputs": inputs, "code_version": version}))


@dataclass(frozen=True)
class Setting:
    """What every job of a run has in common. Sent to each worker once.

    Attributes:
        building: The folder the edition is built in: html/ and executed/ are below it.
        frame: What stands around each page.
        sources: Provenance of every table a report may cite.
        cell_timeout: Seconds one cell may take.
        engine: "warm" (forked from a warm process) or "kernel" (an ordinary kernel each).
        warm: What the warm process imports and calls before the first report, as `helpers.warm.slot.Order` says.
        tree: Whether the warm engine runs once what reports that differ in their scenario share.
        scheduler: Address of the dask cluster that makes the reports; empty for this machine.
        inputs: Folders that notebooks read, by the environment variable that names them to notebooks.
    """

    building: Path
    frame: Frame
    sources: dict[str, Source]
    cell_timeout: int = 120
    engine: str = "kernel"
    warm: tuple[str, ...] = ()
    tree: bool = True
    scheduler: str = ""
    inputs: Mapping[str, Path] = field(default_factory=dict)

    @property
    def deadline(self) -> int:
        """Seconds a whole report may take, kernel start included."""
        return 3 * self.cell_timeout + 60

    @property
    def cited(self) -> dict[str, Source]:
        """The provenance as a report states it; in an edition without checksums, as one changed figure changes them."""
        if not self.frame.index:
            return self.sources
        return {name: source.model_copy(update={"sha256": None}) for name, source in self.sources.items()}

    def page(self, job: Job) -> Path:
        """Return where a job's page is built."""
        return self.building / "html" / f"{job.id}.html"

    def executed(self, job: Job) -> Path:
        """Return where a job's executed notebook is built."""
        return self.building / "executed" / f"{job.id}.ipynb"

    def files(self, *made: Path) -> dict[str, tuple[str, int]]:
        """Return the checksum and the bytes of files, by their place in the building folder."""
        found = {path.relative_to(self.building).as_posix(): file_of(path) for path in made}
        return {name: (file.sha256, file.size) for name, file in found.items()}
