"""A slot: forked from the warm process, it runs one task at a time, each in a child of its own, and
ends it.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from . import ending, processes
from .outcome import End, Limits, Outcome

GRACE = 1.0  # seconds that a step over its time has after each of two interrupts
_own: list[tuple[int, Connection]] = []  # this process, and its line to whoever watches it


class Step(NamedTuple):
    """A step of the work begins, and may take so many seconds; with None it has ended."""

    seconds: float | None


def is_watched() -> bool:
    """Tell whether this process is a child in which one task's work is done."""
    return bool(_own) and _own[-1][0] == os.getpid()


def tell_of_step(seconds: float | None) -> None:
    """Let whoever watches this process know that a step begins which may take so many seconds; or,
    with None, that it has ended.
    """
    if is_watched():
        _own[-1][1].send(Step(seconds))


class Answer(NamedTuple):
    """How the work in a child ended, VALUE or RAISED, and its value or the error in words."""

    end: End
    value: Any


@dataclass(frozen=True)
class Order:
    """What the warm process is to do.

    Attributes:
        work: Called with each task, in a child of its own; sent by name, so it stands in a module.
        limits: What one task may use.
        slots: Tasks at once.
        scratch: A folder that is thrown away at the end.
        warm: Modules to import before the first fork, and functions without arguments to call
            ("module:function").
        ready: Called without arguments after those.
        share: Called with the tasks of a `tree.Tree`, before they part, to do once what they have
            in common.
        fresh: Called in each child before its task, but not where the task goes on with what the
            process has begun: to draw other random numbers, say, than its parent would.
        handed: Called without arguments before all else: takes over what an errand has read, say.
    """

    work: Callable[[Any], Any]
    limits: Limits
    slots: int
    scratch: Path
    warm: tuple[str, ...] = ()
    ready: Callable[[], object] = tuple
    share: Callable[[Sequence[Any]], object] = len
    fresh: Callable[[], object] = tuple
    handed: Callable[[], object] = tuple


@dataclass(frozen=True)
class Errand:
    """Work for an answer, which the warm process has a fork of it do; itself, as long as it has no
    order and nothing to import.

    What it imports and reads itself stays for the tasks; of what a fork has read it has what
    `Order.handed` brings.
    """

    work: Callable[[], Any]


@dataclass(frozen=True)
class Surroundings:
    """What a warm process that was started before it was known what for has from then on.

    Attributes:
        environment: All of it.
        folder: The one it stands in.
    """

    environment: Mapping[str, str]
    folder: str

    def take(self) -> None:
        """Let this process have them."""
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.folder)
        tempfile.tempdir = None


def serve(line: Connection, order: Order, run: Callable[[Order, Any, Connection], Outcome]) -> None:
    """Run tasks as they come, each by `run`, until the other end closes."""
    processes.adopt_orphans()
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        line.send(run(order, task, line))


def run_apart(order: Order, task: Any, line: Connection, branch: bool = False) -> Outcome:
    """Do the order's work with one task in a child, as `watch` does, and return what became of
    it.
    """
    return watch(order, lambda _: order.work(task), line, branch)[0]


def watch(
    order: Order, work: Callable[[Connection], Any], line: Connection, branch: bool = False
) -> tuple[Outcome, list[Any]]:
    """Do something in a child and end all that it leaves: processes, temporary files.

    Args:
        order: The limits, and the folder for temporary files.
        work: Called in the child, with a line by which it may tell of something; the limit on time
            then begins anew.
        line: Closed in the child, which has no business with it.
        branch: Whether the child goes on with what this process has begun, its chance included.

    Returns:
        What became of the work, and what it told of.
    """
    began, folder = time.monotonic(), order.scratch / f"task-{os.getpid()}"
    ours, theirs = Pipe(duplex=False)
    folder.mkdir()
    slot = os.getpid()
    pid = processes.fork()
    if pid == 0:
        line.close()
        ours.close()
        _be_the_child(
            partial(work, theirs),
            order.limits,
            theirs,
            partial(_forget_the_parent, folder, tuple if branch else partial(_begin_anew, order)),
            slot,
        )
    theirs.close()
    try:
        late, told = _Watch(pid, ours, order.limits.wall).until_end()
        _, status, used = os.wait4(pid, 0)
    finally:
        ours.close()
        processes.end_children()
        shutil.rmtree(folder, ignore_errors=True)
    answer = told.pop() if told and isinstance(told[-1], Answer) else None
    end, value, found = _judge(late, answer, status, order.limits)
    cpu = used.ru_utime + used.ru_stime
    return Outcome(end, value, found, time.monotonic() - began, cpu, used.ru_maxrss * 1024), told


class _Watch:
    """What waits for a child's end, and for what it sends.

    Args:
        pid: The child.
        line: By which it sends.
        seconds: It may take so many.
    """

    def __init__(self, pid: int, line: Connection, seconds: float) -> None:
        self.pid, self.line, self.seconds = pid, line, seconds
        self.due = time.monotonic() + seconds
        self.step_due: float | None = None
        self.interrupts = 0
        self.told: list[Any] = []

    def until_end(self) -> tuple[End | None, list[Any]]:
        """Wait for the child's end, kill it when it is late, and return in what it was, and all
        that it sent.
        """
        pidfd = os.pidfd_open(self.pid)
        ends: list[Any] = [pidfd, self.line]
        try:
            while True:
                due = self.due if self.step_due is None else min(self.due, self.step_due)
                ready = wait(ends, timeout=max(0.0, due - time.monotonic()))
                if self.line in ready:
                    if (news := _received(self.line)) is None:
                        ends.remove(self.line)
                    else:
                        self._take(news)
                elif pidfd in ready:
                    return None, self.told
                elif not ready and (late := self._hasten()):
                    return late, self.told
        finally:
            os.close(pidfd)

    def _take(self, news: Any) -> None:
        if isinstance(news, Step):
            self.interrupts = 0
            self.step_due = None if news.seconds is None else time.monotonic() + news.seconds
            return
        self.told.append(news)
        # what it tells of may take as long as itself
        self.due = time.monotonic() + 2 * self.seconds

    def _hasten(self) -> End | None:
        """Interrupt a child whose step is over its time, twice; kill it if it goes on, or is over
        its own.
        """
        step = self.step_due is not None and self.step_due < self.due
        if step and self.interrupts < 2:
            os.kill(self.pid, signal.SIGINT)
            self.interrupts, self.step_due = self.interrupts + 1, time.monotonic() + GRACE
            return None
        processes.end_family(self.pid)
        return End.ALARM if step else End.WALL


def _received(line: Connection) -> Any:
    try:
        return line.recv()
    except (EOFError, OSError):  # nothing, or cut off when the child was killed
        return None


def _judge(
    late: End | None, answer: Answer | None, status: int, limits: Limits
) -> tuple[End, Any, str]:
    """Return how a child ended, its value, and in words what was found where there is none."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if late is End.WALL:
        return End.WALL, None, f"took longer than {limits.wall:g} s"
    if late or number == signal.SIGALRM:
        return End.ALARM, None, "took longer than it may"
    if number == signal.SIGXCPU:
        return End.CPU, None, f"used more than {limits.cpu} s of processor time"
    if number:
        return End.KILLED, None, f"the process was ended by {processes.signal_name(number)}"
    if answer is None:
        return (
            End.EXITED,
            None,
            f"the process ended early, with exit code {os.waitstatus_to_exitcode(status)}",
        )
    end, value = answer
    return (end, value, "") if end is End.VALUE else (end, None, value)


def _be_the_child(
    work: Callable[[], Any], limits: Limits, line: Connection, begin: Callable[[], None], slot: int
) -> NoReturn:
    """Do the work under the limits, send what came of it, and end without a trace of the parent's
    own ends.
    """
    code, born = 1, os.getpid()
    try:
        os.setsid()
        processes.die_with_parent(slot)
        ending.forget_the_parents()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for a step that takes too long
        _own[:] = [(born, line)]
        begin()
        limits.impose()
        value = work()
        if os.getpid() == born:  # a fork within the work must not answer in its parent's place
            line.send(Answer(End.VALUE, value))
            code = 0
    except BaseException as error:
        if os.getpid() == born:
            line.send(Answer(End.RAISED, f"{type(error).__name__}: {error}"))
            code = 0
    finally:
        if os.getpid() == born:
            ending.finish()
        os._exit(code)


def _begin_anew(order: Order) -> None:
    """Share neither chance nor input with what else its parent forks."""
    processes.own_input()
    order.fresh()


def _forget_the_parent(folder: Path, fresh: Callable[[], object]) -> None:
    """Have an own folder for temporary files, and what else is the child's own; Python's `random`
    is, after every fork.
    """
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    fresh()
