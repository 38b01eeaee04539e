"""The inputs of a run as they were when it began: copied aside, so that a file replaced meanwhile
changes nothing.
"""

import math
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import SetupError
from helpers.report.manifest import own_files

TRIES = 20  # each copy that is made anew has met a change
FIRST = 3 << 20  # bytes a report is taken to need where no release tells


@contextmanager
def held_still(
    aside: Path, notebooks: Path, inputs: Mapping[str, Path], left_out: Collection[str] = ()
) -> Iterator[Path]:
    """Copy the notebooks and the inputs, let the environment name the copies, and give the
    notebooks' folder.

    Args:
        aside: Where the copies are to lie; it is gone afterwards.
        notebooks: The folder of notebooks.
        inputs: Folders by the environment variable that names them to notebooks.
        left_out: What at the top of those folders is not copied, by name.
    """
    before = {name: os.environ.get(name) for name in inputs}
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name, folder in inputs.items():
            copy(folder, aside / name, left_out)
            os.environ[name] = str(aside / name)
        copy(notebooks, aside / "notebooks")
        yield aside / "notebooks"
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        shutil.rmtree(aside, ignore_errors=True)


def copy(folder: Path, target: Path, left_out: Collection[str] = ()) -> None:
    """Copy a folder's own files, but what is left out at its top; anew if some were put or taken
    away meanwhile.

    Raises:
        SetupError: it is written to without end.
    """
    for _ in range(TRIES):
        files = _own(folder, left_out)
        before = _states(folder, files)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True, exist_ok=True)
        for file in files:
            place = target / file.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                shutil.copyfile(file, place)
        if _states(folder, _own(folder, left_out)) == before:
            return
    raise SetupError(
        f"{folder}: is being written to without end. Let what writes there end, and run again."
    )


def _own(folder: Path, left_out: Collection[str]) -> list[Path]:
    return [file for file in own_files(folder) if file.relative_to(folder).parts[0] not in left_out]


def _states(folder: Path, files: Collection[Path]) -> dict[Path, tuple[int, ...]]:
    """What tells of each file that it is another; of hidden ones nothing, which others have in
    hand.
    """
    found: dict[Path, tuple[int, ...]] = {}
    for file in files:
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            with suppress(FileNotFoundError):
                status = file.stat()
                found[file] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


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
        raise SetupError(
            f"{out}: {told(needed)} are needed and {told(free)} are free; {told(needed - free)} are"
            " missing. Make room, or choose another folder with --out."
        )


def refuse_without_links(out: Path) -> None:
    """Refuse to begin on a disk that takes no symbolic links, by which readers are shown a release.

    Raises:
        SetupError: what it says, and how to go on.
    """
    asked = out / f".{os.getpid()}.link"
    try:
        os.symlink("nothing", asked)
        asked.unlink()
    except (OSError, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or error
        raise SetupError(
            f"{out}: symbolic links cannot be made here ({why}), and an edition is shown by them."
            " Choose a folder on another disk with --out and let `mottagning publish` put the"
            " pages here; or make single reports, with `mottagning report` or --only, which need"
            " none."
        ) from None


def told(number: int) -> str:
    """Return a number of bytes as a person says it, rounded up.

    >>> told(1_240_000_000), told(48_000_001), told(512)
    ('1.3 GB', '49 MB', '1 MB')
    """
    return (
        f"{math.ceil(number / 1e8) / 10:.1f} GB"
        if number >= 1e9
        else f"{math.ceil(number / 1e6)} MB"
    )
