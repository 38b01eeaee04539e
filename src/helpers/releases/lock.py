"""One run at a time in a folder of reports, by a lock that names its holder; one that is told to
stop lets go in order.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from pydantic import BaseModel

from helpers.contracts.files import AT_ONCE, LOCK_EX, LOCK_NB, LOCK_SH, NO_LINK, flock
from helpers.contracts.text import to_json
from helpers.errors import BusyError, SetupError, told
from helpers.releases import state
from helpers.releases.folder import LOCK, claim, note_states, release_claim


class _Holder(BaseModel):
    model_config = state.FORM
    pid: int
    run: str


class LockedError(BusyError):
    """Another run writes to the same folder."""


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C unwind the run, so that nothing is left behind; exit codes 143 and
    130.
    """

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held(out: Path, holder: str) -> Iterator[None]:
    """Hold a folder, which is made if it does not exist.

    Args:
        out: The folder.
        holder: What a second run is told that this one does.

    Raises:
        LockedError: another run holds the folder. SetupError: it cannot be written, or the system
            refused something that the run did; told as what it is.
    """
    new = not out.exists()
    try:
        claim(out)
        lock = _lock(out / LOCK, holder)
    except OSError as error:
        where = f"{error.filename or out / LOCK}: cannot be written ({error.strerror})."
        raise SetupError(f"{where} Choose another folder with --out.") from None
    try:
        yield
    except OSError as error:
        raise SetupError(told(error, out)) from None
    finally:
        with suppress(OSError):  # on a disk that has become read-only it stays, and holds no one up
            note_states(out)
        with suppress(OSError):
            (out / LOCK).unlink(missing_ok=True)
        os.close(lock)
        if new:
            release_claim(out)


def refuse_if_held(out: Path) -> None:
    """Raise LockedError at once if another run holds `out`; writes nothing."""
    try:
        descriptor = os.open(out / LOCK, os.O_RDONLY | NO_LINK | AT_ONCE)
    except OSError:
        return
    try:
        _take(descriptor, out / LOCK, LOCK_SH)
    finally:
        os.close(descriptor)


def _lock(path: Path, holder: str) -> int:
    """Return the descriptor of a lock that this process holds, whose file is the one on disk."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o644)
        try:
            if _taken(descriptor, path) and _is_on_disk(descriptor, path):
                break
        except LockedError:
            os.close(descriptor)
            raise
        # someone looked just then, or the last holder removed the file before we locked it
        os.close(descriptor)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, to_json({"pid": os.getpid(), "run": holder}).encode())
    return descriptor


def _taken(descriptor: int, path: Path) -> bool:
    """Take a lock for this process alone; False if only one who looked at it was in the way, and is
    soon gone.
    """
    with suppress(BlockingIOError):
        flock(descriptor, LOCK_EX | LOCK_NB)
        return True
    _take(descriptor, path, LOCK_SH)  # refused if a run holds it; one who looks shares it
    return False


def _is_on_disk(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _take(descriptor: int, path: Path, kind: int) -> None:
    try:
        flock(descriptor, kind | LOCK_NB)
    except BlockingIOError:
        raise LockedError(
            f"{path.parent}: {_holder(path)} is writing here. Wait until it has ended."
        ) from None


def _holder(path: Path) -> str:
    found = state.read(path, _Holder).value
    return f"process {found.pid} ({found.run})" if found else "another run"
