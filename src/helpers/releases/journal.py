"""A journal of finished tasks: one JSON line each, on disk before the next is begun."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.contracts.files import put
from helpers.contracts.json_text import from_json, to_json
from helpers.contracts.opening import NO_LINK, bytes_in


class Journal:
    """A file of JSON lines, begun anew in one step.

    Args:
        path: The file; what it held before is gone.
        kept: Records it begins with.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, kept: Iterable[dict[str, Any]] = ()) -> None:
        self.path = path
        put(path, b"".join(map(_line, kept)), path.with_name(f"{path.name}.new"))

    def add(self, record: dict[str, Any]) -> None:
        """Write one record in one piece, and wait until the disk has it."""
        append(self.path, record)


def append(path: Path, record: dict[str, Any]) -> None:
    """Add one record to a file of JSON lines in one piece, and wait until the disk has it.

    A last line that a crash cut off is ended first, so that it does not spoil the new one.

    Raises:
        OSError: the file cannot be written.
    """
    line = _line(record)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | NO_LINK, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" + line if torn else line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[dict[str, Any]]:
    """Return a journal's records; a last line that a crash cut off is left out.

    Raises:
        OSError: there is no such file. ValueError: a line other than the last is no JSON.
    """
    whole = bytes_in(path).split(b"\n")[:-1]
    return [from_json(line) for line in whole]


def _line(record: dict[str, Any]) -> bytes:
    return to_json(record).encode() + b"\n"
