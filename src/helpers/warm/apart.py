"""Work done in a process of its own, so that what it imports and reads is gone with it."""

import os
from collections.abc import Callable
from multiprocessing.connection import Pipe
from typing import TypeVar, cast

from . import processes

Value = TypeVar("Value")


def apart(work: Callable[[], Value]) -> Value:
    """Return what some work gives, done in a fork of this process; where that is not safe, done
    here.

    Args:
        work: Its value, or the error it raises, is sent back, so it can be pickled.

    Raises:
        Whatever the work raises; ChildProcessError if its process ends without an answer.
    """
    if not (processes.can_fork() and processes.alone()):
        return work()
    ours, theirs = Pipe(duplex=False)
    parent = os.getpid()
    pid = processes.fork()
    if pid == 0:
        try:
            processes.die_with_parent(parent)
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
