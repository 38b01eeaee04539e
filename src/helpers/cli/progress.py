"""Progress on the terminal: a bar with time left for a person, plain lines for a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from helpers.publish.jobs import Result

Listener = Callable[[Result], None]


@contextmanager
def progress(total: int) -> Iterator[Listener]:
    """Give what is to be called with each result as it comes; writes to standard error."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if not console.is_terminal:
        yield _lines(console, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reports", total=total)

        def listen(result: Result) -> None:
            if result.failure:
                bar.console.print(f"FAILED {result.id}: {result.failure}", markup=False)
            bar.update(task, advance=1, description=result.id)

        yield listen


def _lines(console: Console, total: int) -> Listener:
    done = 0

    def listen(result: Result) -> None:
        nonlocal done
        done += 1
        became = f"FAILED {result.failure.code}" if result.failure else "delivered"
        console.print(f"[{done}/{total}] {result.id} {became}", markup=False)

    return listen
