"""What cells show and print, as the messages a kernel would send."""

import codecs
import errno
import io
import os
import select
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.session import Session

GOES_ON = "goes_on"
LIVE = 0.2  # seconds that what a running cell has printed is kept at most, as in a kernel
ROOM = 1 << 20  # bytes that a pipe holds, where the system allows it


class OutputTooBigError(Exception):
    """A notebook's outputs are larger than they may be."""


class Channel(Session):
    """A session that hands its messages over instead of sending them through a socket.

    Args:
        deliver: Called with each message but its content, and with that as JSON.
        limit: Bytes all contents may have; what comes after is refused, and `refuse_flood` tells.
    """

    def __init__(self, deliver: Callable[[dict[str, Any], bytes], None], limit: int | None) -> None:
        super().__init__()
        self._deliver, self._limit, self._sent = deliver, limit, 0
        self.parent_header: dict[str, Any] = {}
        self.is_silent = True  # nothing that goes on has been sent of the running cell

    def begin(self, identity: str) -> None:
        """Let what follows belong to the message of this id."""
        self.is_silent = True
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
        message = {**whole, "parent_header": self.parent_header, "buffers": buffers or []}
        self._deliver(message, packed)
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
    It is a pipe, emptied before each write of Python's and by `captured`, so that all stands in the
    order in which it was written, also where somebody opens /dev/stdout anew.

    Args:
        name: "stdout" or "stderr".
        channel: What sends it.
        trail: Where it is kept as it comes.
        live: Whether what is kept is sent now and then also while a cell runs; such a message says
            in its metadata that it goes on.
    """

    encoding = "UTF-8"
    most = 1 << 20  # characters kept at most

    def __init__(self, name: str, channel: Channel, trail: Trail, live: bool = False) -> None:
        self.name, self._channel, self.live = f"<{name}>", channel, live
        self._number, self._kind = {"stdout": 1, "stderr": 2}[name], name
        self._begin(trail)

    def _begin(self, trail: Trail) -> None:
        self.trail, self._born = trail, os.getpid()
        self._parts: list[str] = []
        self._kept, self._since, self._lock = 0, 0.0, threading.RLock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.end, self.descriptor = os.pipe()
        os.set_blocking(self.end, False)
        import fcntl  # not on Windows, where no cell runs in a process of ours

        with suppress(OSError):  # a user may have only so much
            fcntl.fcntl(self.end, fcntl.F_SETPIPE_SZ, ROOM)

    def go_on(self, trail: Trail) -> None:
        """Let a fork of the process be the one that is shown, with a descriptor that no other fork
        writes to.
        """
        self.shut()
        self._begin(trail)

    def shut(self) -> None:
        """Take nothing more by its descriptor."""
        for descriptor in (self.end, self.descriptor):
            with suppress(OSError):  # a cell has closed it
                os.close(descriptor)

    def refuse(self) -> None:
        """Let whoever writes past Python be told that nobody reads."""
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), self.end)

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
        with self._lock:
            self.drain()  # written before this
            self._keep(text)
            # the first words at once: what a cell then computes may let no thread of ours run. Not
            # of errors: a kernel shows those after what is printed in the same moment
            first = self._number == 1 and self._channel.is_silent
            if self.is_full or (self.live and text.endswith("\n") and (first or self.is_due())):
                self.send(goes_on=self.live)
        return len(text)

    def is_due(self) -> bool:
        """Tell whether something has been kept for a while."""
        return bool(self._parts) and time.monotonic() > self._since + LIVE

    def flush(self) -> None:
        """Send what is kept, and what came past Python."""
        self.send()

    def send(self, goes_on: bool = False) -> None:
        """Send it, as a part of what goes on or as a message of its own."""
        if os.getpid() != self._born:
            return
        with self._lock:
            self.drain()
            text = "".join(self._parts)
            self._parts.clear()
            self._kept = 0
            if text:
                if goes_on:
                    self._channel.is_silent = False
                told = {GOES_ON: True} if goes_on else {}
                content = {"name": self._kind, "text": text}
                self._channel.send(None, "stream", content, metadata=told)

    def drain(self, last: bool = False) -> None:
        """Take what has come past Python; half a letter stays for later unless it is the last."""
        with self._lock:
            if found := self._read():
                self._keep(self._decoder.decode(found))
            if last:
                self._keep(self._decoder.decode(b"", final=True))

    @property
    def is_full(self) -> bool:
        """Whether it keeps as much as it may."""
        return self._kept > self.most

    def end_of_cell(self) -> None:
        """Send all that is there, half a letter too."""
        if os.getpid() == self._born:
            self.drain(last=True)
            self.flush()

    def _read(self) -> bytes:
        import fcntl
        import termios

        try:
            there = fcntl.ioctl(self.end, termios.FIONREAD, bytes(4))
            size = int.from_bytes(there, sys.byteorder)
            return os.read(self.end, size) if size else b""
        except OSError:  # closed by a cell
            return b""

    def _keep(self, text: str) -> None:
        if text:
            self.trail.add(text)
            if not self._parts:
                self._since = time.monotonic()
            self._parts.append(text)
            self._kept += len(text)


class _Emptier:
    """A thread that empties pipes while a cell runs, so that none who writes has to wait; it is
    none of those that `threading` knows.
    """

    def __init__(self, streams: tuple[Stream, ...]) -> None:
        self._streams = {stream.end: stream for stream in streams}
        self._awake, self._ended = os.eventfd(0, os.EFD_CLOEXEC), threading.Lock()
        self._ended.acquire()
        start_new_thread(self._run, ())

    def _run(self) -> None:
        waiting = select.poll()
        for end in (*self._streams, self._awake):
            waiting.register(end, select.POLLIN)
        pause = LIVE * 1000 if any(stream.live for stream in self._streams.values()) else None
        try:
            while self._awake not in (found := dict(waiting.poll(pause))):
                for end, stream in self._streams.items():
                    shut = found.get(end, 0) & ~select.POLLIN or not self._take(stream)
                    if shut and end in found:
                        waiting.unregister(end)
        finally:
            self._ended.release()

    def _take(self, stream: Stream) -> bool:
        """Empty a pipe, send what is due, and tell whether there is room for more."""
        stream.drain()
        try:
            if stream.is_full or (stream.live and stream.is_due()):
                stream.send(goes_on=stream.live)
        except OSError as error:
            if error.errno != errno.EFBIG:
                raise
            stream.refuse()  # what writes for ever then ends
            return False
        return True

    def end(self) -> None:
        """Wait until the thread has ended."""
        os.eventfd_write(self._awake, 1)
        self._ended.acquire()
        os.close(self._awake)


@contextmanager
def captured(*streams: Stream) -> Iterator[None]:
    """Let this process's descriptors 1 and 2 lead to the streams, and flush them at the end."""
    born, before = os.getpid(), [os.dup(stream.fileno()) for stream in streams]
    for stream in streams:
        os.dup2(stream.descriptor, stream.fileno())
    emptier = _Emptier(streams)
    try:
        yield
    finally:
        for stream, old in zip(streams, before, strict=True):
            os.dup2(old, stream.fileno())
            os.close(old)
        if os.getpid() == born:
            emptier.end()
        for stream in streams:
            with _full_is_told_later():
                stream.end_of_cell()


@contextmanager
def _full_is_told_later() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
