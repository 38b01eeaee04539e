"""The folder an edition is built in: what an interrupted run has made of reports stays there for the next."""

import os
import shutil
from pathlib import Path

from helpers.publish.log import TRAIL

PARTS = ("html", "executed")
BUILDING, JOURNAL = ".building", ".journal.jsonl"
SINGLE = ".single"  # where reports outside any edition are built, and the beginning of their journal's name


def sweep(building: Path) -> None:
    """Make the folder to build in, with nothing in it but what a run before has made of reports."""
    for part in PARTS:
        (building / part).mkdir(parents=True, exist_ok=True)
    for path in building.iterdir():
        if path.is_dir() and path.name not in PARTS:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def drop_strangers(building: Path, known: set[str]) -> None:
    """Remove all that is no report's: of another edition, or half-made."""
    for folder, _, names in os.walk(building, topdown=False):
        for name in names:
            path = Path(folder, name)
            if path.relative_to(building).as_posix() not in known:
                path.unlink()
        if Path(folder) != building and Path(folder).name not in PARTS and not os.listdir(folder):
            Path(folder).rmdir()


def leave(building: Path) -> None:
    """Take away what reports that were cut off have left, and the folder if nothing worth resuming lies in it."""
    for trail in building.rglob(f"*{TRAIL}"):
        trail.unlink(missing_ok=True)
    if not any(files for _, _, files in os.walk(building)):
        shutil.rmtree(building, ignore_errors=True)
