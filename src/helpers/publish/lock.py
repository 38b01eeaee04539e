"""One run at a time in a folder: a lock that names its holder, and is gone with its process."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import SetupError, WorkbookError

LOCK = ".lock"


class LockedError(WorkbookError):
    """Another run writes to the same folder."""

    exit_code = 75


@contextmanager
def held(out: Path, holder: str) -> Iterator[None]:
    """Hold a folder, which is made if it does not exist.

    Args:
        out: The folder.
        holder: What a second run is told that this one does.

    Raises:
        LockedError: another run holds the folder. SetupError: it cannot be written.
    """
    new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = _lock(out / LOCK, holder)
    except OSError as error:
        raise SetupError(f"{out}: cannot be written ({error.strerror}). Choose another folder with --out.") from None
    try:
        yield
    except OSError as error:
        raise SetupError(f"{out}: cannot be written ({error}). Is the disk full or read-only?") from None
    finally:
        (out / LOCK).unlink(missing_ok=True)
        os.close(lock)
        if new:
            with suppress(OSError):  # something lies in it
                out.rmdir()


def refuse_if_held(out: Path) -> None:
    """Raise LockedError at once if another run holds `out`; writes nothing."""
    try:
        descriptor = os.open(out / LOCK, os.O_RDONLY)
    except OSError:
        return
    try:
        _take(descriptor, out / LOCK, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


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
