"""Warm processes forked from one that has imported everything: a test of what a run does need not
wait for imports.

A process of its own, with one thread and the environment of a warm process. How a real one starts
is for tests/warm, and for every test that runs the command in a process.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from helpers.make.warm_start import AROUND, OURS
from helpers.warm import parent, processes, supervisor

IMPORTED = (*OURS, "helpers.present.topics")
MOST = 200_000  # bytes of an environment


class Child:
    """A warm process as a supervisor knows one: its id, and waiting for its end."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._ended: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._ended = None  # it has ended, and nothing of it is left

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it still runs after so many seconds.
        """
        if self._ended is not None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("the warm process", timeout or 0)
            os.close(self._ended)
            self._ended = None
        return 0


class Nursery:
    """Starts warm processes; it is itself started with the first."""

    def __init__(self) -> None:
        self.line: socket.socket | None = None

    def start(self, own: supervisor.Supervisor) -> None:
        """Do what the supervisor's `_start` does, by a fork."""
        self.line = self.line or _started(own.scratch)
        ours, theirs = socket.socketpair()
        own.log = own.scratch / "said.log"
        told = {
            "folder": os.getcwd(),
            "environment": supervisor.environment_of(own.scratch),
            "ahead": list(own.ahead),
        }
        with theirs, own.log.open("ab") as said:
            socket.send_fds(
                self.line, [json.dumps(told).encode()], [theirs.fileno(), said.fileno()]
            )
            own.process = Child(int(self.line.recv(MOST)))
        own.line = Connection(ours.detach())

    def end(self) -> None:
        """Close the line: the process ends."""
        if self.line:
            self.line.close()


def _started(scratch: Path) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-P", __file__, str(theirs.fileno())]
    with theirs:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=supervisor.environment_of(scratch),
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return ours


def main() -> None:
    """Fork a warm process for each message, until the other end closes."""
    line = socket.socket(fileno=int(sys.argv[1]))
    with parent.importing(AROUND):
        parent.warm_up(IMPORTED)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that has ended is forgotten
    gc.collect()
    gc.freeze()
    while True:
        told, descriptors, _, _ = socket.recv_fds(line, MOST, 2)
        if not told:
            return
        pid = processes.fork()
        if pid == 0:
            line.close()
            _be_warm(json.loads(told), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        line.send(str(pid).encode())


def _be_warm(told: dict, line: int, said: int) -> NoReturn:
    """Be what `python -m helpers.warm.parent` is."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.chdir(told["folder"])
        os.environ.clear()
        os.environ.update(told["environment"])
        tempfile.tempdir = None
        for number in (1, 2):
            os.dup2(said, number)
        os.close(said)
        sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        sys.argv = [parent.__file__, str(line), AROUND, *told["ahead"]]
        parent.main()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
