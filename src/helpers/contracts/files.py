"""Files of ours: written whole, held by one at a time, known by their checksum, named safely; and
the one way to open a file that others may have put there: what is no file is refused at once.

Whoever opens a pipe waits until somebody writes to it, and a device may have no end.
The locks are flock's: filelock, which only tests have, locks no folder and is never shared.
"""

import errno
import hashlib
import os
import re
import stat
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from helpers.errors import SetupError, told

NO_LINK, AT_ONCE = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)  # Windows has neither
BYTES = getattr(os, "O_BINARY", 0)  # which only Windows has
OTHERS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFLNK: "a link",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def opened(path: Path, follow: bool = True) -> BufferedReader:
    """Open a file for reading its bytes.

    Args:
        path: The file.
        follow: Whether a link in its place leads to the file; else it is refused.

    Raises:
        OSError: it cannot be read; IsADirectoryError: a folder, a pipe, a socket or a device is in
            its place.
    """
    refuse_no_file(path, follow)
    flags = os.O_RDONLY | AT_ONCE | BYTES | (0 if follow else NO_LINK)
    descriptor = os.open(path, flags)
    try:
        _refuse(os.fstat(descriptor).st_mode, path)  # another may have taken its place meanwhile
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def bytes_in(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        OSError: as `opened`.
    """
    with opened(path) as file:
        return file.read()


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 as 64 hexadecimal digits.

    Raises:
        OSError: as `opened`.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_no_file(path: Path, follow: bool = True) -> None:
    """Refuse what is no file before a library opens it by its name.

    Raises:
        OSError: as `opened`.
    """
    _refuse(os.stat(path, follow_symlinks=follow).st_mode, path)


def _refuse(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        found = OTHERS.get(stat.S_IFMT(mode), "something else")
        raise IsADirectoryError(errno.EISDIR, f"is {found}, not a file", str(path))


try:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
except ModuleNotFoundError:
    LOCK_SH, LOCK_EX, LOCK_NB = 1, 2, 4  # type: ignore[misc]
    # a byte behind all that is in the file: Windows lets no one read a byte that is locked
    FAR = 1 << 30

    def flock(descriptor: int, kind: int) -> None:  # type: ignore[misc]
        """Lock an open file for this process alone, which is the only kind there is.

        Raises:
            BlockingIOError: another process has it.
        """
        import msvcrt

        here = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            os.lseek(descriptor, FAR, os.SEEK_SET)
            with suppress(OSError):  # it was not ours
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from None
        finally:
            os.lseek(descriptor, here, os.SEEK_SET)


__all__ = ["LOCK_EX", "LOCK_NB", "LOCK_SH", "flock"]
_held = threading.local()


def put(path: Path, content: bytes, aside: Path | None = None, sync: bool = True) -> None:
    """Write a temporary file, then take the file's place: a reader sees the old one or the new.

    What lies in the file's place is the caller's to judge; no link is followed.

    Args:
        path: The file; its folder exists.
        content: What it is to hold.
        aside: The temporary file, beside it; else `.NAME.PID.new`.
        sync: Whether the content is on the disk before this returns.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    aside = aside or path.with_name(f".{path.name.lstrip('.')}.{os.getpid()}.new")
    if kind_of(aside) == stat.S_IFREG:  # left by one of our number that was killed
        aside.unlink()
    try:
        write_new(aside, content, sync)
        os.replace(aside, path)
    finally:
        with suppress(OSError):  # what hindered the writing is told, not this
            if kind_of(aside) == stat.S_IFREG:
                aside.unlink()


def write_new(path: Path, content: bytes, sync: bool = True) -> None:
    """Write a file that is not there; neither a file that is nor a link's target is ever written.

    Raises:
        OSError: something lies there, or it cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o666)
    with open(descriptor, "wb") as file:
        file.write(content)
        if sync:
            file.flush()
            os.fsync(descriptor)


def replace(path: Path, text: str, through_link: bool = False) -> None:
    """Put a file where only one writes at a time; its folder is made if it does not exist.

    Only for who is `alone`: what a killed process left beside it is removed first.

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
    put(target, text.encode("utf-8"))


def kind_of(path: Path) -> int:
    """Return the kind of what is at a path, as in `stat`, a link as a link; 0 if nothing is."""
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def resolved(path: Path) -> Path:
    """Return a whole path, its links followed; where they lead in a circle, who opens it is told
    so.

    `Path.resolve` raises RuntimeError there up to Python 3.12.
    """
    return Path(os.path.realpath(path))


def refuse_other(path: Path) -> None:
    """Raise FileExistsError if a link, or anything that is no plain file, is where a file is to be
    put.
    """
    if kind_of(path) not in (0, stat.S_IFREG):
        raise FileExistsError(errno.EEXIST, "is a link or no file, and is not replaced", str(path))


def remove_asides(folder: Path, names: str) -> None:
    """Remove the temporary files of killed processes beside files whose names match, and nothing
    that only looks like one.
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
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise SetupError(told(error, folder)) from None
    try:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            when_taken()
            flock(descriptor, LOCK_EX)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError):
            raise SetupError(told(error, folder)) from None
        raise
    return descriptor


def checksum(content: bytes | str) -> str:
    """Return the SHA-256 of some bytes, or of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def slug(text: str) -> str:
    """Return a name that is safe in a path and an address; empty where no letter or digit is left.

    >>> slug("Hur många väntas år 2018?"), slug("…")
    ('hur-manga-vantas-ar-2018', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
