"""Files written whole: aside, made sure of, then in one step in the old one's place; one who writes
at a time.
"""

import errno
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.contracts.marks import kind_of, resolved
from helpers.errors import SetupError, told

_held = threading.local()


def replace(path: Path, text: str, through_link: bool = False) -> None:
    """Write aside, make sure it is on the disk, then take the file's place.

    Only for who is `alone`: what a killed process left aside is removed first.

    Args:
        path: The file.
        text: What it is to hold.
        through_link: Whether a link in its place goes on leading to its file, which is replaced;
            else it is refused.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    if not through_link:
        refuse_other(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    target = resolved(path)
    remove_asides(target.parent, re.escape(target.name))
    aside = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        with aside.open("xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def refuse_other(path: Path) -> None:
    """Raise FileExistsError if a link, or anything else that is no plain file, lies where a file is
    to be put.
    """
    if kind_of(path) not in (0, stat.S_IFREG):
        raise FileExistsError(errno.EEXIST, "is a link or no file, and is not replaced", str(path))


def remove_asides(folder: Path, names: str) -> None:
    """Remove what killed processes left beside files whose names match, and nothing that only looks
    like it.
    """
    for left in folder.glob("*.new"):
        if (
            re.fullmatch(rf"\.?({names})(\.[0-9-]+)?\.new", left.name)
            and left.is_file()
            and not left.is_symlink()
        ):
            left.unlink()


@contextmanager
def alone(folder: Path, when_taken: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold a folder against all other processes and threads that write there; wait for one that
    holds it.

    It lasts as long as the process at most. Who holds the folder may hold it once more within. A
    folder that does not exist is not held; who writes there is told so.

    Args:
        folder: What is held, with all in it.
        when_taken: Called before waiting; it may raise instead.

    Yields:
        Whether it was not held before.

    Raises:
        SetupError: it cannot be held.
    """
    key = resolved(folder)
    mine: frozenset[Path] = getattr(_held, "folders", frozenset())
    if key in mine or not folder.is_dir():
        yield key not in mine
        return
    descriptor = _locked(folder, when_taken)
    _held.folders = mine | {key}
    try:
        yield True
    finally:
        _held.folders = mine
        os.close(descriptor)


def _locked(folder: Path, when_taken: Callable[[], None]) -> int:
    import fcntl  # not on Windows, where tables are read all the same

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise SetupError(told(error, folder)) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            when_taken()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError):
            raise SetupError(told(error, folder)) from None
        raise
    return descriptor
