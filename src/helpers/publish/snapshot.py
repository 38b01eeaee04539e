"""The inputs of a run as they were when it began: copied aside, so that a file replaced meanwhile changes nothing."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import SetupError
from helpers.publish.manifest import own_files

GIGABYTE = 1e9
FIRST = 3 << 20  # bytes a report is taken to need where no release tells


@contextmanager
def held_still(aside: Path, notebooks: Path, inputs: Mapping[str, Path]) -> Iterator[Path]:
    """Copy the notebooks and the inputs, let the environment name the copies, and give the notebooks' folder.

    Args:
        aside: Where the copies are to lie; it is gone afterwards.
        notebooks: The folder of notebooks.
        inputs: Folders by the environment variable that names them to notebooks.
    """
    before = {name: os.environ.get(name) for name in inputs}
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name, folder in inputs.items():
            copy(folder, aside / name)
            os.environ[name] = str(aside / name)
        copy(notebooks, aside / "notebooks")
        yield aside / "notebooks"
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        shutil.rmtree(aside, ignore_errors=True)


def copy(folder: Path, target: Path) -> None:
    """Copy a folder's own files; a file that vanishes meanwhile is as if it had never been."""
    target.mkdir(parents=True, exist_ok=True)
    for file in own_files(folder):
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def refuse_if_full(out: Path, needed: int) -> None:
    """Refuse to begin on a disk that will not hold what is to be made.

    Args:
        out: The folder that is written to.
        needed: Bytes.

    Raises:
        SetupError: how much is missing.
    """
    free = shutil.disk_usage(out).free
    if free < needed:
        missing = (needed - free) / GIGABYTE
        raise SetupError(
            f"{out}: {needed / GIGABYTE:.2f} GB are needed and {free / GIGABYTE:.2f} GB are free; "
            f"{missing:.2f} GB are missing. Make room, or choose another folder with --out."
        )
