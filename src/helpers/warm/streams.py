"""What cells show and print, as the messages a kernel would send."""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.session import Session


class OutputTooBigError(Exception):
    """A notebook's outputs are larger than they may be."""


class Channel(Session):
    """A session that hands its messages over instead of sending them through a socket.

    Args:
        deliver: Called with each message.
        limit: Bytes all contents may have; what comes after is refused, and `refuse_flood` tells.
    """

    def __init__(self, deliver: Callable[[dict[str, Any]], None], limit: int | None) -> None:
        super().__init__()
        self._deliver, self._limit, self._sent = deliver, limit, 0
        self.parent_header: dict[str, Any] = {}

    def begin(self, identity: str) -> None:
        """Let what follows belong to the message of this id."""
        self.parent_header = {
            "msg_id": identity,
            "msg_type": "execute_request",
            "session": self.session,
            "username": self.username,
        }

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        *_: Any,
        buffers: Any = None,
        metadata: Any = None,
        **__: Any,
    ) -> Any:
        """Hand over a message, its content as it would arrive: as JSON. What no JSON can hold, half
        an emoji, is lost, as in a kernel.
        """
        whole = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content, metadata=metadata)
        )
        try:
            packed = self.pack(whole["content"])
        except UnicodeEncodeError:
            return None
        self._sent += len(packed)
        if self._limit and self._sent > self._limit:
            raise OSError(errno.EFBIG, f"more than {self._limit / 1e6:.0f} MB of output")
        self._deliver(
            {
                **whole,
                "content": self.unpack(packed),
                "parent_header": self.parent_header,
                "buffers": buffers or [],
            }
        )
        return whole

    def refuse_flood(self) -> None:
        """Raise OutputTooBigError if something had to be refused."""
        if self._limit and self._sent > self._limit:
            raise OutputTooBigError(f"more than {self._limit / 1e6:.0f} MB of output")


class Trail:
    """What the running cell has printed, on disk as it comes: what is left if its process is
    killed.

    Args:
        path: The file; None keeps nothing.
    """

    most = 1 << 18  # bytes of one cell's

    def __init__(self, path: Path | None) -> None:
        self._file = (
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
            if path
            else None
        )

    def begin(self, number: int) -> None:
        """Begin anew with a cell, by its number."""
        self._left = self.most
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.write(self._file, b"%d\n" % number)

    def close(self) -> None:
        """Keep nothing more; what is on disk stays."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def add(self, text: str) -> None:
        """Keep a text that the cell has printed."""
        if self._file is not None and self._left > 0:
            self._left -= os.write(self._file, text.encode(errors="replace")[: self._left])


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell: kept until flushed, as in a kernel.

    `descriptor` takes what is written past Python: by a subprocess, or by a fork of this process.
    """

    encoding = "UTF-8"
    most = 1 << 20  # characters kept at most

    def __init__(self, name: str, channel: Channel, trail: Trail) -> None:
        self.trail = trail
        self.name, self._channel, self._born = f"<{name}>", channel, os.getpid()
        self._parts: list[str] = []
        self._kept, self._read = 0, 0
        self.descriptor = os.memfd_create(name)
        self._number = {"stdout": 1, "stderr": 2}[name]
        self._kind = name

    def go_on(self, trail: Trail) -> None:
        """Let a fork of the process be the one that is shown, with a descriptor that no other fork
        writes to.
        """
        os.close(self.descriptor)
        self.trail = trail
        self.descriptor, self._read, self._born = os.memfd_create(self._kind), 0, os.getpid()

    def fileno(self) -> int:
        """Return the descriptor that a subprocess may be given."""
        return self._number

    def writable(self) -> bool:
        """Tell that it is."""
        return True

    def write(self, text: str) -> int:
        """Keep a text; TypeError if it is none."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._born:
            return os.write(self._number, text.encode(errors="replace"))
        self.trail.add(text)
        if past := self._past_python():  # written before this
            self._parts.append(past)
            self._kept += len(past)
        self._parts.append(text)
        self._kept += len(text)
        if self._kept > self.most:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is kept, and what came past Python."""
        if os.getpid() != self._born:
            return
        text = "".join(self._parts) + self._past_python()
        self._parts.clear()
        self._kept = 0
        if text:
            self._channel.send(None, "stream", {"name": self._kind, "text": text})

    def _past_python(self) -> str:
        size = os.fstat(self.descriptor).st_size
        found = (
            os.pread(self.descriptor, size - self._read, self._read) if size > self._read else b""
        )
        self._read = size
        return found.decode(errors="replace")


@contextmanager
def captured(*streams: Stream) -> Iterator[None]:
    """Let this process's descriptors 1 and 2 lead to the streams, and flush them at the end."""
    before = [os.dup(stream.fileno()) for stream in streams]
    for stream in streams:
        os.dup2(stream.descriptor, stream.fileno())
    try:
        yield
    finally:
        for stream, old in zip(streams, before, strict=True):
            os.dup2(old, stream.fileno())
            os.close(old)
        for stream in streams:
            with _full_is_told_later():
                stream.flush()


@contextmanager
def _full_is_told_later() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
