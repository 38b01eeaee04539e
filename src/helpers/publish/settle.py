"""What a plan comes to when its tables have been read: light, so that the reading can be done in a process apart."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import SetupError
from helpers.publish.facts import Source
from helpers.publish.jobs import Job
from helpers.publish.manifest import Manifest, make_manifest, report_sources
from helpers.publish.plan import Request


@dataclass(frozen=True)
class Settled:
    """A plan whose tables have been read: all that is left is light."""

    name: str
    language: str
    parameters: dict[str, Any]
    jobs: list[Job]
    manifest: Manifest
    sources: dict[str, Source]

    @property
    def inputs(self) -> dict[str, str]:
        """The checksum of each table by its path."""
        return {table.path: table.sha256 for table in self.manifest.inputs}


def settle(request: Request, notebooks: Path) -> Settled:
    """Read the tables and find out which reports are asked for.

    Raises:
        SetupError: a notebook is missing.
    """
    plan = request.make(notebooks)
    missing = sorted({job.notebook.name for job in plan.jobs if not job.notebook.is_file()})
    if missing:
        raise SetupError(f"{notebooks}: lacks {', '.join(missing)}. Is this a whole copy of the project?")
    manifest = make_manifest(plan.name, plan.parameters, plan.catalogue, notebooks)
    return Settled(plan.name, plan.language, plan.parameters, plan.jobs, manifest, report_sources(plan.catalogue))
