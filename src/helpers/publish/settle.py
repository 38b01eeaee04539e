"""A plan resolved against the tables. Cheap to import, so that a child process can do the reading."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.errors import SetupError
from helpers.publish.facts import Source
from helpers.publish.jobs import Job
from helpers.publish.manifest import Manifest, make_manifest, report_sources
from helpers.publish.plan import Request

Values = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Settled:
    """A plan whose tables have been read: all that is left is light.

    `values` has the checksums, as of now, of what earlier reports have read more finely than as a whole.
    """

    name: str
    language: str
    parameters: dict[str, Any]
    jobs: list[Job]
    manifest: Manifest
    sources: dict[str, Source]
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, str]:
        """The checksum of each table by its path."""
        return {table.path: table.sha256 for table in self.manifest.inputs}


def settle(request: Request, notebooks: Path, names: Collection[str] = (), values: Values | None = None) -> Settled:
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
        raise SetupError(f"{notebooks}: lacks {', '.join(missing)}. Is this a whole copy of the project?")
    manifest = make_manifest(plan.name, plan.parameters, plan.catalogue, notebooks)
    found = values(names) if values and names else {}
    sources = report_sources(plan.catalogue)
    return Settled(plan.name, plan.language, plan.parameters, plan.jobs, manifest, sources, found)
