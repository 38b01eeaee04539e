"""Files written whole: aside, made sure of, then in one step in the old one's place; one who writes at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Write aside, make sure it is on the disk, then take the file's place; a link goes on leading to its file.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()
    aside = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        with aside.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process writes here: two at once must not lose each other's changes."""
    import fcntl  # not on Windows, where tables are read all the same

    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
