"""What the caller of a notebook's cells and the process in which they run say to each other."""

import json
import os
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

Said = dict[str, Any]


class Heard(NamedTuple):
    """What came by a wire: its kind, what it says, and the bytes that belong to it."""

    kind: str
    said: Said
    buffers: list[bytes]


class Wire:
    """A line on which each thing said is whole, whichever thread says it.

    Args:
        line: This process's end; a fork of the process has nothing to say on it.
    """

    def __init__(self, line: Connection) -> None:
        self.line, self._born, self._lock = line, os.getpid(), threading.RLock()

    def say(
        self, kind: str, said: Said, packed: bytes = b"{}", buffers: Sequence[Any] = ()
    ) -> None:
        """Say something; nothing that is pickled, so that who hears it runs nothing of it.

        Args:
            kind: What kind of thing.
            said: What JSON can hold.
            packed: JSON too, the message's content.
            buffers: Bytes that belong to it.
        """
        if os.getpid() != self._born:
            return
        head = json.dumps([kind, said, len(buffers)]).encode()
        with self._lock:
            for part in (head, packed, *buffers):
                self.line.send_bytes(part)

    def hear(self) -> Heard:
        """Wait for what the other end says.

        Raises:
            EOFError: it is gone.
        """
        try:
            kind, said, number = json.loads(self.line.recv_bytes())
            content = json.loads(self.line.recv_bytes())
            buffers = [self.line.recv_bytes() for _ in range(number)]
        except OSError as error:
            raise EOFError(str(error)) from None
        return Heard(kind, {"content": content, **said}, buffers)

    def close(self) -> None:
        """Say and hear no more."""
        self.line.close()
