"""The only code that prints: text is never read as markup, and nothing hidden in it stays hidden; a
bar with time left for a person, plain lines for a log.

Printing never decides what a command does or has written: a letter that the terminal's encoding
lacks is written as JSON does, `\\u2192`; a stream that is closed, or full, takes no more, and the
command goes on to its end, and is told afterwards what became of the stream.
"""

import builtins
import codecs
import errno
import io
import os
import select
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO, cast

from helpers.contracts.text import LONGEST, cut, escaped, from_json, to_json, visible
from helpers.report.job import Result
from helpers.sources import aside

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console as Console
    from rich.progress import Progress


def print(*texts: object, end: str = "\n", file: Any = None) -> None:
    """Print as Python does, with hidden characters escaped as in JSON; long lines of an error
    message are cut.

    Args:
        texts: What to say; line breaks and tabs in it stay.
        end: What follows.
        file: Where to; standard output if none is given.
    """
    shown = visible(" ".join(map(str, texts)), layout=True)
    if file is sys.stderr:
        shown = "\n".join(cut(line, LONGEST) for line in shown.split("\n"))
    builtins.print(shown, end=end, file=file)


Listener = Callable[[Result], None]
Begin = Callable[[int, int], Listener]
WIDE = 200  # columns, where no terminal sets a limit


@cache
def _terminal() -> type["Console"]:
    """Return rich's terminal, but one that shows what is hidden in a text; rich is imported when
    something is shown by it.
    """
    from rich import console

    class Visible(console.Console):
        def print(self, *objects: Any, **how: Any) -> None:
            super().print(
                *(visible(one, layout=True) if isinstance(one, str) else one for one in objects),
                **how,
            )

    return Visible


def plain_console(stderr: bool = False, width: int | None = None) -> "Console":
    """Return a terminal that prints text as it stands: "[/x]", ":smile:" and "[red]" too."""
    return _terminal()(
        stderr=stderr, width=width, soft_wrap=stderr, markup=False, emoji=False, highlight=False
    )


def plain_bar(console: "Console", disable: bool = False) -> "Progress":
    """Return a bar with time left, whose descriptions are text too."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    described = TextColumn("{task.description}", markup=False)
    columns = (described, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=disable)


def tell_what_is_set_aside() -> None:
    """Say on standard error, once, which imported tables this process finds unreadable."""
    if _say_aside not in aside.listeners:
        aside.listeners.append(_say_aside)


def _say_aside(words: str) -> None:
    print(f"mottagning: {words}", file=sys.stderr)


@contextmanager
def progress() -> Iterator[Begin]:
    """Yield a function to call with how many reports are to be made and how many are up to date.

    It gives what is to be called with each result as it comes. All of it is written to standard
    error, and first, at once, what is waited for.
    """
    print("Reading the tables.", file=sys.stderr)
    sys.stderr.flush()
    bars: list[Progress] = []

    def begin(total: int, standing: int) -> Listener:
        console = plain_console(stderr=True)
        if standing:
            console.print(f"{standing} of {standing + total} reports stand as they are.")
        if not console.is_terminal or not total:
            return _lines(console, total)
        bar = plain_bar(console)
        bars.append(bar)
        bar.start()
        task = bar.add_task("Reports", total=total)

        def listen(result: Result) -> None:
            if result.failure:
                bar.console.print(f"FAILED {result.id}: {result.failure}")
            bar.update(task, advance=1, description=result.id)
            if bar.finished:
                bar.stop()  # its thread would be in the way of a fork

        return listen

    try:
        yield begin
    finally:
        for bar in bars:
            bar.stop()


def _lines(console: "Console", total: int) -> Listener:
    done = 0

    def listen(result: Result) -> None:
        nonlocal done
        done += 1
        became = f"FAILED {result.failure.code}" if result.failure else "delivered"
        console.print(f"[{done}/{total}] {result.id} {became}")

    return listen


@contextmanager
def retries_told(console: "Console", tell: Callable[[str], str] = str) -> Iterator[None]:
    """Say why and how long the command waits, instead of the library's own log; `tell` may leave
    out secrets.
    """
    import stamina  # only what goes over a network tries again

    def say(details: Any) -> None:
        console.print(f"  {tell(str(details.caused_by))}; trying again in {details.wait_for:.1f} s")

    stamina.instrumentation.set_on_retry_hooks([say])
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)


def print_json(value: object) -> None:
    """Print a value as JSON, as `--json` promises it."""
    print(to_json(value, indent=1))


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return rows of plain values; what is unknown is None, never zero."""
    rows: list[dict[str, Any]] = from_json(
        frame.to_json(orient="records", force_ascii=False, double_precision=10)
    )
    return rows


def print_table(title: str, rows: list[dict[str, Any]], right: Collection[str] = ()) -> None:
    """Print rows as a table; numbers, and the columns named, to the right, unknown left blank."""
    if not rows:
        print(f"{title}: none.")
        return
    from rich.table import Table

    console = plain_console()
    if not console.is_terminal:
        console = plain_console(width=WIDE)
    table = Table(
        title=visible(title), title_justify="left", title_style="bold", header_style="bold"
    )
    for name in rows[0]:
        numeric = any(
            isinstance(row[name], int | float) and not isinstance(row[name], bool) for row in rows
        )
        table.add_column(
            visible(name),
            justify="right" if numeric or name in right else "left",
            overflow="fold",
            no_wrap=name == next(iter(rows[0])),
        )
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else visible(str(value))


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
        """Return True: the stream can be written to."""
        return True

    def fileno(self) -> int:
        """Return the stream's descriptor; UnsupportedOperation if it has none."""
        return int(self.stream.fileno())

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
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
    """Within the block, printing never raises; the list then holds the error of standard output, if
    there was one.

    A reader who has gone away, as `head` does, has refused nothing.
    """
    codecs.register_error(ESCAPED, _as_json_writes)
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


def _as_json_writes(error: UnicodeError) -> tuple[str, int]:
    r"""Write what an encoding lacks as JSON does, so that JSON stays the same JSON.

    >>> codecs.register_error(ESCAPED, _as_json_writes)
    >>> "å → 𝛼".encode("ascii", ESCAPED)
    b'\\u00e5 \\u2192 \\ud835\\udefc'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return escaped(error.object[error.start : error.end]), error.end


def _open_the_closed() -> None:
    """Open closed standard streams onto the null device; otherwise the next file opened would take
    their place.

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
