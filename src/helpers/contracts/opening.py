"""The one way to open a file that others may have put there: what is no file is refused at once.

Whoever opens a pipe waits until somebody writes to it, and a device may have no end.
"""

import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

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
