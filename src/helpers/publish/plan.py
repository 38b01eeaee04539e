"""What a run is to make and how: checked plans, and where things lie."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import helpers
from helpers.publish.jobs import Job
from helpers.publish.manifest import CatalogueLike

PROJECT = Path(helpers.__file__).resolve().parents[2]
NOTEBOOKS = PROJECT / "notebooks"
EDITIONS = PROJECT / "reports" / "parameters"
REPORTS = Path(os.environ.get("MOTTAGNING_REPORTS") or PROJECT / "reports").resolve()


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
class Options:
    """How a run is to be made.

    Attributes:
        out: The folder that holds html/ and executed/.
        workers: Reports made at once.
        cell_timeout: Seconds one cell may take.
        notebooks: The folder with the notebooks.
        engine, warm: As in `render.Setting`.
    """

    out: Path = REPORTS
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))
    cell_timeout: int = 120
    notebooks: Path = NOTEBOOKS
    engine: str = "kernel"
    warm: tuple[str, ...] = ()
