"""The one way to a terminal: what is printed is text, and never read as markup, whoever wrote
it.
"""

from collections.abc import Collection
from typing import Any

from rich import console as rich_console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from helpers.cli.saying import print
from helpers.contracts.text import visible

WIDE = 200  # columns, where no terminal sets a limit


class Console(rich_console.Console):
    """A terminal that shows what is hidden in a text."""

    def print(self, *objects: Any, **how: Any) -> None:
        """Print as rich does."""
        super().print(
            *(visible(one, layout=True) if isinstance(one, str) else one for one in objects), **how
        )


def plain_console(stderr: bool = False, width: int | None = None) -> Console:
    """Return a terminal that prints text as it stands: "[/x]", ":smile:" and "[red]" too."""
    return Console(
        stderr=stderr, width=width, soft_wrap=stderr, markup=False, emoji=False, highlight=False
    )


def plain_bar(console: Console, disable: bool = False) -> Progress:
    """Return a bar with time left, whose descriptions are text too."""
    described = TextColumn("{task.description}", markup=False)
    columns = (described, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=disable)


def print_table(title: str, rows: list[dict[str, Any]], right: Collection[str] = ()) -> None:
    """Print rows as a table; numbers, and the columns named, to the right, unknown left blank."""
    if not rows:
        print(f"{title}: none.")
        return
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
