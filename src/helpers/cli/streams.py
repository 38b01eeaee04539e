"""Standard output and standard error such that printing never decides what a command does or has
written.

A letter that the terminal's encoding lacks is written as JSON does, `\\u2192`. A stream that is
closed, or full, takes no more; the command goes on to its end, and is told afterwards what became
of the stream.
"""

import codecs
import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

ESCAPED = "helpers.escaped"
# how Python meets such a letter where no one has chosen otherwise
CHOSEN = {"strict", "surrogateescape"}


class Patient(io.RawIOBase):
    """Bytes on their way to a stream; the first error of the system is kept in `refused`, and what
    follows dropped.
    """

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self.stream, self.refused = stream, cast(OSError | None, None)

    def writable(self) -> bool:
        """Tell that it is."""
        return True

    def fileno(self) -> int:
        """Return the stream's descriptor; UnsupportedOperation if it has none."""
        return int(self.stream.fileno())

    def isatty(self) -> bool:
        """Tell whether the stream is a terminal."""
        return bool(self.stream.isatty())

    def write(self, data: Any) -> int:
        """Pass bytes on; returns how many there were, taken or not."""
        left = memoryview(data).cast("B")
        try:
            while left and self.refused is None:
                taken = self.stream.write(left)
                if taken is None:  # a terminal that does not wait
                    select.select([], [self.stream], [])
                left = left[taken or 0 :]
        except OSError as error:
            self.refused = error
        return len(memoryview(data).cast("B"))


@contextmanager
def patient() -> Iterator[list[OSError]]:
    """While it lasts, print without harm; the list then holds what standard output refused, if it
    did.

    A reader who has gone away, as `head` does, has refused nothing.
    """
    codecs.register_error(ESCAPED, _escaped)
    _open_the_closed()
    before, refused = (sys.stdout, sys.stderr), list[OSError]()
    taken = [_patient(stream) for stream in before]
    sys.stdout, sys.stderr = (cast(TextIO, text) for text, _ in taken)
    try:
        yield refused
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        sys.stdout, sys.stderr = before
        out = taken[0][1]
        if out and out.refused and out.refused.errno != errno.EPIPE:
            refused.append(out.refused)


def _patient(stream: Any) -> tuple[Any, Patient | None]:
    """Return a stream over another; the other itself where it is not one of text over bytes."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    with suppress(OSError):
        stream.flush()
    raw = Patient(getattr(stream.buffer, "raw", stream.buffer))
    errors = ESCAPED if stream.errors in CHOSEN else stream.errors
    lines = stream.line_buffering or stream is sys.stderr
    text = io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, errors, line_buffering=lines)
    return text, raw


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Write what an encoding lacks as JSON does, so that JSON stays the same JSON.

    >>> codecs.register_error(ESCAPED, _escaped)
    >>> "å → 𝛼".encode("ascii", ESCAPED)
    b'\\u00e5 \\u2192 \\ud835\\udefc'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


def _open_the_closed() -> None:
    """Open the standard streams that are closed onto nothing: else the next file that is opened
    would take their place.

    Then what a child prints would land in that file.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened == descriptor:
                os.set_inheritable(opened, True)
            else:
                os.dup2(opened, descriptor)
                os.close(opened)
    sys.stdout, sys.stderr = (
        stream or cast(TextIO, io.StringIO()) for stream in (sys.stdout, sys.stderr)
    )
