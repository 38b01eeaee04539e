"""A process that has imported what cells need, and forks one for each notebook that its caller
runs; it ends with its caller, or when nobody has asked for long.
"""

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from . import processes
from .parent import importing

IDLE = 300.0  # seconds without a notebook


def main() -> None:
    """Serve the process at the other end of a descriptor, this program's first argument; the other
    is `Supervisor`'s `around`.
    """
    way, around = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    if os.fork():
        os._exit(0)  # so that it is no child of its caller's, who may wait for its own
    gc.disable()
    with importing(around):
        from .serving import prepare, run

        prepare()
    gc.collect()
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that has ended is forgotten
    while _is_asked(way):
        _, lines, _, _ = socket.recv_fds(way, 16, 1, socket.MSG_CMSG_CLOEXEC)
        if not lines:
            break
        own = os.getpid()
        if processes.fork() == 0:
            way.close()
            _keep(lines[0], own, run)
        os.close(lines[0])
    processes.end_children()
    os._exit(0)


def _is_asked(way: socket.socket) -> bool:
    """Wait for the caller, and tell whether it says something; False if it has not for long, and
    has no notebook running.
    """
    while not select.select([way], [], [], IDLE)[0]:
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
    return True


def _keep(line: int, nursery: int, run: Callable[[int, int], NoReturn]) -> NoReturn:
    """Fork the process of a notebook's cells, and end what it leaves when it ends or its caller
    does.
    """
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        processes.die_with_parent(nursery)
        processes.adopt_orphans()
        own = os.getpid()
        pid = processes.fork()
        if pid == 0:
            run(line, own)
        waiting = select.poll()
        waiting.register(os.pidfd_open(pid), select.POLLIN)
        waiting.register(line, 0)  # only whether the other end is gone
        waiting.poll()
        with suppress(Exception):
            processes.end_children()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
