"""A slot: forked from the warm process, it runs one task at a time, each in a child of its own, and ends it."""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, NoReturn

from helpers.warm import processes
from helpers.warm.outcome import End, Limits, Outcome


@dataclass(frozen=True)
class Order:
    """What the warm process is to do.

    Attributes:
        work: Called with each task, in a child of its own; sent by name, so it stands in a module.
        limits: What one task may use.
        slots: Tasks at once.
        scratch: A folder that is thrown away at the end.
        warm: Modules to import before the first fork, and functions without arguments to call ("module:function").
    """

    work: Callable[[Any], Any]
    limits: Limits
    slots: int
    scratch: Path
    warm: tuple[str, ...] = ()


def serve(line: Connection, order: Order) -> None:
    """Run tasks as they come, until the other end closes."""
    processes.adopt_orphans()
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        line.send(run_apart(order, task, line))


def run_apart(order: Order, task: Any, line: Connection) -> Outcome:
    """Run one task in a child and end all that it leaves: processes, temporary files.

    Args:
        order: The work and its limits.
        task: What the work is called with.
        line: Closed in the child, which has no business with it.
    """
    began, folder = time.monotonic(), order.scratch / f"task-{os.getpid()}"
    ours, theirs = Pipe(duplex=False)
    folder.mkdir()
    slot = os.getpid()
    pid = processes.fork()
    if pid == 0:
        line.close()
        ours.close()
        _be_the_child(order, task, theirs, folder, slot)
    theirs.close()
    try:
        late, answer = _await(pid, ours, order.limits.wall)
        _, status, used = os.wait4(pid, 0)
    finally:
        ours.close()
        processes.end_children()
        shutil.rmtree(folder, ignore_errors=True)
    end, value, found = _judge(late, answer, status, order.limits)
    cpu = used.ru_utime + used.ru_stime
    return Outcome(end, value, found, time.monotonic() - began, cpu, used.ru_maxrss * 1024)


def _await(pid: int, line: Connection, seconds: float) -> tuple[bool, Any]:
    """Wait for the child's end, kill it when it is late, and return whether it was, and what it sent."""
    due, answer, pidfd = time.monotonic() + seconds, None, os.pidfd_open(pid)
    open_ends: list[Any] = [pidfd, line]
    try:
        while True:
            ready = wait(open_ends, timeout=max(0.0, due - time.monotonic()))
            if line in ready:
                open_ends.remove(line)
                answer = _received(line)
            elif pidfd in ready:
                return False, answer
            elif not ready:
                processes.end_family(pid)
                return True, None
    finally:
        os.close(pidfd)


def _received(line: Connection) -> Any:
    try:
        return line.recv()
    except (EOFError, OSError):  # nothing, or cut off when the child was killed
        return None


def _judge(late: bool, answer: Any, status: int, limits: Limits) -> tuple[End, Any, str]:
    """Return how a child ended, its value, and in words what was found where there is none."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if late:
        return End.WALL, None, f"took longer than {limits.wall:g} s"
    if number == signal.SIGALRM:
        return End.ALARM, None, "took longer than it may"
    if number == signal.SIGXCPU:
        return End.CPU, None, f"used more than {limits.cpu} s of processor time"
    if number:
        return End.KILLED, None, f"the process was ended by {signal.Signals(number).name}"
    if answer is None:
        return End.EXITED, None, f"the process ended early, with exit code {os.waitstatus_to_exitcode(status)}"
    end, value = answer
    return (end, value, "") if end is End.VALUE else (end, None, value)


def _be_the_child(order: Order, task: Any, line: Connection, folder: Path, slot: int) -> NoReturn:
    """Do the work under the limits, send what came of it, and end without a trace of the parent's own ends."""
    code, born = 1, os.getpid()
    try:
        os.setsid()
        processes.die_with_parent(slot)
        _forget_the_parent(folder)
        order.limits.impose()
        value = order.work(task)
        if os.getpid() == born:  # a fork within the work must not answer in its parent's place
            line.send((End.VALUE, value))
            code = 0
    except BaseException as error:
        if os.getpid() == born:
            line.send((End.RAISED, f"{type(error).__name__}: {error}"))
            code = 0
    finally:
        os._exit(code)


def _forget_the_parent(folder: Path) -> None:
    """Have own random numbers and an own folder for temporary files."""
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
