"""The one way to a terminal: what is printed is text, and never read as markup, whoever wrote it;
a bar with time left for a person, plain lines for a log.
"""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from helpers.cli.saying import print
from helpers.contracts.text import visible
from helpers.report.job import Result

if TYPE_CHECKING:
    from rich.console import Console as Console
    from rich.progress import Progress

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


@contextmanager
def progress() -> Iterator[Begin]:
    """Give what is to be called with how many reports are to be made and how many stand as they
    are.

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
