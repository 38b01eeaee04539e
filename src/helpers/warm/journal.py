"""A journal of finished tasks: one JSON line each, on disk before the next is begun."""

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """A file of JSON lines, begun anew.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(b"")

    def add(self, record: dict[str, Any]) -> None:
        """Write one record in one piece, and wait until the disk has it."""
        line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read(path: Path) -> list[dict[str, Any]]:
    """Return a journal's records; a last line that a crash cut off is left out.

    Raises:
        OSError: there is no such file. ValueError: a line other than the last is no JSON.
    """
    whole = path.read_bytes().split(b"\n")[:-1]
    return [json.loads(line) for line in whole]
