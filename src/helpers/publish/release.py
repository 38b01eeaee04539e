"""The folder readers see: built aside, swapped in whole, locked against a second run."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import SetupError, WorkbookError

PARTS = ("html", "executed")


class LockedError(WorkbookError):
    """Another run writes to the same folder."""

    exit_code = 75


@contextmanager
def building(out: Path, holder: str) -> Iterator[Path]:
    """Lock `out` and give a new folder to build in; both are gone afterwards, however it ends.

    Args:
        out: The folder that holds html/ and executed/; it is made if it does not exist.
        holder: What a second run is told that this one does.

    Raises:
        LockedError: another run holds the folder. SetupError: it cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = _lock(out / ".lock", holder)
    except OSError as error:
        raise SetupError(f"{out}: cannot be written ({error.strerror}). Choose another folder with --out.") from None
    aside = out / ".building"
    try:
        restore(out)
        shutil.rmtree(aside, ignore_errors=True)
        for part in PARTS:
            (aside / part).mkdir(parents=True)
        yield aside
    except OSError as error:
        raise SetupError(f"{out}: cannot be written ({error}). Is the disk full or read-only?") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        (out / ".lock").unlink(missing_ok=True)
        os.close(lock)


def refuse_if_held(out: Path) -> None:
    """Raise LockedError at once if another run holds `out`; writes nothing."""
    try:
        descriptor = os.open(out / ".lock", os.O_RDONLY)
    except OSError:
        return
    try:
        _take(descriptor, out / ".lock", fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def swap(aside: Path, out: Path) -> None:
    """Put a built edition in place of the old one: all of it, or none of it.

    Raises:
        SetupError: it could not be put in place; the old edition is back where it was.
    """
    try:
        for part in PARTS:
            if (out / part).exists():
                (out / part).rename(_previous(out, part))
        for part in PARTS:
            (aside / part).rename(out / part)
    except OSError as error:
        for part in PARTS:
            if (out / part).exists() and not (aside / part).exists():
                (out / part).rename(aside / part)
        restore(out)
        raise SetupError(f"{out}: the edition could not be put in place ({error.strerror}); nothing changed.") from None
    for part in PARTS:
        shutil.rmtree(_previous(out, part), ignore_errors=True)


def restore(out: Path) -> None:
    """Mend what a run left that was killed between the renames: the old edition comes back whole."""
    aside = [part for part in PARTS if _previous(out, part).exists()]
    if all((out / part).exists() for part in PARTS):
        for part in aside:  # the new edition is whole: only the clearing away was left
            shutil.rmtree(_previous(out, part))
        return
    for part in aside:
        shutil.rmtree(out / part, ignore_errors=True)
        _previous(out, part).rename(out / part)


def _previous(out: Path, part: str) -> Path:
    return out / f".previous-{part}"


def _lock(path: Path, holder: str) -> int:
    """Return the descriptor of a lock that this process holds, whose file is the one on disk."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(descriptor, path, fcntl.LOCK_EX)
        except LockedError:
            os.close(descriptor)
            raise
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            break
        os.close(descriptor)  # the last holder removed the file between our opening and locking it
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps({"pid": os.getpid(), "run": holder}).encode())
    return descriptor


def _take(descriptor: int, path: Path, kind: int) -> None:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LockedError(f"{path.parent}: {_holder(path)} is writing here. Wait until it has ended.") from None


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text("utf-8"))
        return f"process {told['pid']} ({told['run']})"
    except (OSError, ValueError, KeyError):
        return "another run"
