"""What Linux offers to keep processes in hand: threads counted, work done apart, orphans adopted,
families ended.
"""

import ctypes
import os
import select
import signal
import subprocess
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import TypeVar, cast

import psutil  # type: ignore[import-untyped]

TASKS = Path("/proc/self/task")
CALLS: dict[str, Callable[[], int]] = {
    "pidfd_open": lambda: os.pidfd_open(os.getpid()),
    "memfd_create": lambda: os.memfd_create("asked"),
}
PDEATHSIG, CHILD_SUBREAPER = 1, 36  # prctl(2)
Value = TypeVar("Value")


class WarmError(Exception):
    """The warm process cannot do what is asked; the message says what is in the way, and no next
    step: that is the caller's to know.
    """


def can_fork() -> bool:
    """Tell whether this machine has what the warm process needs: fork, Linux's /proc, and a kernel
    with both calls.
    """
    return lacking() == ""


@cache
def lacking() -> str:
    """Return what keeps the warm process from running here, "" if nothing does.

    The kernel is asked by calling: Python has the names of calls that an older kernel, or a
    sandbox, refuses.
    """
    if not (hasattr(os, "fork") and TASKS.is_dir()):
        return "this system is not Linux"
    for name, ask in CALLS.items():
        try:
            os.close(ask())
        except (OSError, AttributeError) as error:
            return f"this Linux has no {name} ({getattr(error, 'strerror', None) or error})"
    return ""


def processors() -> int:
    """Return how many processors this process may use: in a container, or under taskset, not all
    that there are.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows do not tell


def alone() -> bool:
    """Tell whether this process has one thread only."""
    return len(os.listdir(TASKS)) == 1


def fork() -> int:
    """Fork, as os.fork does, but only where it is safe.

    Raises:
        WarmError: this process has several threads; a child would inherit their locks, held for
            ever.
    """
    _refuse_threads()
    return os.fork()


def own_input() -> None:
    """Have an empty standard input of one's own: how that of the parent is read, all that it has
    forked have in common.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing:
        os.dup2(nothing, 0)
        os.close(nothing)


def apart(work: Callable[[], Value]) -> Value:
    """Return what some work gives, done in a fork of this process; where that is not safe, done
    here.

    Args:
        work: Its value, or the error it raises, is sent back, so it can be pickled.

    Raises:
        Whatever the work raises; ChildProcessError if its process ends without an answer.
    """
    if not (can_fork() and alone()):
        return work()
    ours, theirs = Pipe(duplex=False)
    parent = os.getpid()
    pid = fork()
    if pid == 0:
        try:
            die_with_parent(parent)
            theirs.send(tried(work))
        finally:
            os._exit(0)
    theirs.close()
    try:
        value, error = ours.recv()
    except EOFError:
        raise ChildProcessError("the process that was to do it ended without an answer") from None
    finally:
        ours.close()
        os.waitpid(pid, 0)
    if error is not None:
        raise error
    return cast(Value, value)


def tried(work: Callable[[], Value]) -> tuple[Value | None, Exception | None]:
    """Return what some work gives, and None; or None, and the error that it raises."""
    try:
        return work(), None
    except Exception as error:
        return None, error


def refuse_unless_alone() -> None:
    """Refuse a process that a fork cannot stand in for.

    Raises:
        WarmError: it has several threads, or children, which a fork could not wait for.
    """
    _refuse_threads()
    if _has_children():
        raise WarmError("the process has children, which a fork of it could not wait for")


def _refuse_threads() -> None:
    if not alone():
        names = sorted(
            (TASKS / task / "comm").read_text("utf-8").strip() for task in os.listdir(TASKS)
        )
        found = f"the warm process has {len(names)} threads ({', '.join(names)})"
        raise WarmError(f"{found} and cannot be forked safely")


class Adopted:
    """A process that another has started, as `subprocess.Popen` knows a child.

    Args:
        pid: Its id.
        ended: A descriptor of it (pidfd); it is closed when it has ended.
    """

    def __init__(self, pid: int, ended: int) -> None:
        self.pid, self._ended = pid, ended

    def poll(self) -> int | None:
        """Return 0 once it has ended, however that was; None before."""
        if self._ended >= 0 and select.select([self._ended], [], [], 0)[0]:
            os.close(self._ended)
            self._ended = -1
        return 0 if self._ended < 0 else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return 0.

        Raises:
            subprocess.TimeoutExpired: it still runs after so many seconds.
        """
        if self._ended >= 0:
            select.select([self._ended], [], [], timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        return 0


def die_with_parent(parent: int) -> None:
    """Let the system kill this process when its parent ends.

    Args:
        parent: The parent's id as it was before the fork: it may be gone by now.
    """
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none escapes."""
    ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1)


def end_children(spare: Collection[int] = ()) -> None:
    """Kill and reap every child but those spared, with all that descends from it or is then
    adopted.
    """
    while _has_children():
        strays = [child for child in psutil.Process().children() if child.pid not in spare]
        if not strays:
            return
        for stray in strays:
            end_family(stray.pid)
            with suppress(ChildProcessError):
                os.waitpid(stray.pid, 0)


def _has_children() -> bool:
    """Ask the system, which knows; looking for them in /proc costs milliseconds."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def end_family(pid: int | None) -> None:
    """Kill a process and all its descendants, and wait until the descendants are gone."""
    try:
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family[:-1], timeout=5)  # the parent is its owner's to wait for


def signal_name(number: int) -> str:
    """Return a signal's name; a real-time signal has none of its own but counts from the first.

    >>> signal_name(9), signal_name(signal.SIGRTMIN + 3)
    ('SIGKILL', 'SIGRTMIN+3')
    """
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIGRTMIN{number - signal.SIGRTMIN:+d}"
