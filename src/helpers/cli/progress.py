"""Progress on the terminal: a bar with time left for a person, plain lines for a log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from helpers.cli.terminal import Console, plain_bar, plain_console
from helpers.report.job import Result

Listener = Callable[[Result], None]
Begin = Callable[[int, int], Listener]


@contextmanager
def progress() -> Iterator[Begin]:
    """Give what is to be called with how many reports are to be made and how many stand as they
    are.

    It gives what is to be called with each result as it comes. All of it is written to standard
    error.
    """
    console = plain_console(stderr=True)
    bar = plain_bar(console)

    def begin(total: int, standing: int) -> Listener:
        if standing:
            console.print(f"{standing} of {standing + total} reports stand as they are.")
        if not console.is_terminal or not total:
            return _lines(console, total)
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
        bar.stop()


def _lines(console: Console, total: int) -> Listener:
    done = 0

    def listen(result: Result) -> None:
        nonlocal done
        done += 1
        became = f"FAILED {result.failure.code}" if result.failure else "delivered"
        console.print(f"[{done}/{total}] {result.id} {became}")

    return listen


@contextmanager
def retries_told(console: Console, tell: Callable[[str], str] = str) -> Iterator[None]:
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
