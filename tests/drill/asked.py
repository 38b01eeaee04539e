"""What the drill's small edition asks for; light, for the warm process reads it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.make.plan import Plan
from helpers.report.job import Job
from tests.publish.provided import catalogue_of

DATA = "DRILL_DATA"  # names the data folder to the notebooks


def plan(asked: Mapping[str, Any], notebooks: Path) -> Plan:
    """Return the plan of an edition that edition.json asks for, its notebooks in a folder."""
    jobs = [
        Job(f"prov/{name}", notebooks / f"{name}.ipynb", {"sprak": "sv"}, "Prov", name.capitalize())
        for name in asked["reports"]
    ]
    return Plan(asked["title"], "sv", {"ar": 2018}, jobs, catalogue_of(Path(os.environ[DATA])))
