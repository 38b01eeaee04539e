"""Tasks that begin alike: a process does once what they share, then forks a child for each, one
after the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from . import processes
from .outcome import End, Outcome
from .slot import Order, run_apart, watch


@dataclass(frozen=True)
class Tree:
    """Tasks that share their beginning; `Order.share` does it. They take one slot."""

    tasks: tuple[Any, ...]


@dataclass(frozen=True)
class News:
    """What the process that shares tells of one task: that it is begun, later what became of it."""

    place: int
    outcome: Outcome | None = None


def run(order: Order, task: Any, line: Connection) -> Outcome:
    """Run a task, or those of a tree: its outcome's value is then the outcome of each, in their
    order.
    """
    if isinstance(task, Tree):
        return Outcome(End.VALUE, _run_all(order, task.tasks, line))
    return run_apart(order, task, line)


def each(task: Any, outcome: Outcome) -> Iterable[tuple[Any, Outcome]]:
    """Return a task with its outcome, or those of a tree each with its own."""
    if not isinstance(task, Tree):
        return [(task, outcome)]
    own = outcome.value if outcome.end is End.VALUE else [outcome] * len(task.tasks)
    return zip(task.tasks, own, strict=True)


def _run_all(order: Order, tasks: Sequence[Any], line: Connection) -> list[Outcome]:
    """Run tasks that share their beginning, and return what became of each.

    Where the shared part raises an error, or cannot be forked after it, each task is run on its
    own, to say itself what is wrong. Where it is ended, by a limit or a signal, so is each of them.
    A task that takes the process that waits for it along costs itself: those not begun are run
    anew.
    """
    trunk, told = watch(order, partial(_grow, order, tasks), line)
    begun = {news.place: Outcome(End.WORKER, found=End.WORKER.value) for news in told}
    begun |= {news.place: news.outcome for news in told if news.outcome}
    left = [task for place, task in enumerate(tasks) if place not in begun]
    if begun:
        rest = _run_all(order, left, line) if left else []
    elif trunk.end is End.RAISED:
        rest = [run_apart(order, task, line) for task in left]
    else:
        rest = [replace(trunk, seconds=0.0, cpu=0.0) for _ in left]
    known = iter(rest)
    outcomes = [begun[place] if place in begun else next(known) for place in range(len(tasks))]
    return [_with_shared(outcomes[0], trunk, begun.values()), *outcomes[1:]]


def _grow(order: Order, tasks: Sequence[Any], line: Connection) -> None:
    """Do what the tasks share, then let each go on from there in a child of its own.

    Raises:
        WarmError: this process has threads or children by now, which a fork would lack.
    """
    processes.adopt_orphans()
    order.share(tasks)
    processes.refuse_unless_alone()
    for place, task in enumerate(tasks):
        line.send(News(place))
        line.send(News(place, run_apart(order, task, line, branch=True)))


def _with_shared(first: Outcome, trunk: Outcome, parted: Iterable[Outcome]) -> Outcome:
    """Return the first task's outcome with the cost of what all share: what the process took
    besides the others'.
    """
    seconds = trunk.seconds - sum(outcome.seconds for outcome in parted)
    cpu = trunk.cpu - sum(outcome.cpu for outcome in parted)
    return replace(first, seconds=first.seconds + max(0.0, seconds), cpu=first.cpu + max(0.0, cpu))
