"""The supervisor: starts the warm process, gives each slot a task at a time, and ends everything."""

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from helpers.errors import SetupError
from helpers.warm import processes
from helpers.warm.outcome import End, Outcome
from helpers.warm.slot import Order

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
QUIET_ALLOCATOR = "background_thread:false"  # pyarrow's jemalloc starts a thread when it is imported


class Supervisor:
    """A warm process and its slots; a context that leaves no process behind.

    Raises:
        SetupError: the warm process did not come up; the message says why.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self._start()

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def outcomes(self, tasks: Sequence[Any]) -> Iterator[tuple[int, Outcome]]:
        """Run every task and give (its place in `tasks`, what became of it), as they end."""
        waiting, busy = deque(enumerate(tasks)), dict[int, int]()
        while waiting or busy:
            for slot in range(self.order.slots):
                if slot not in busy and waiting:
                    busy[slot], task = waiting.popleft()
                    self.line.send((slot, task))
            try:
                slot, outcome = self.line.recv()
            except (EOFError, OSError):
                yield from ((place, Outcome(End.WORKER, found=End.WORKER.value)) for place in busy.values())
                busy.clear()
                self.end()
                self._start()
                continue
            yield busy.pop(slot), outcome

    def end(self) -> None:
        """End the warm process and all that descends from it."""
        self.line.close()  # it then ends its slots, and what they have adopted, itself
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            processes.end_family(self.process.pid)
            self.process.wait(5)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        log = self.order.scratch / "said.log"
        with theirs, log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "helpers.warm.parent", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=_environment(self.order.scratch),
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends the rest in order
            )
        self.line = Connection(ours.detach())
        try:
            self.line.send(self.order)
            trouble = self.line.recv()
        except (EOFError, OSError):
            trouble = f"it ended at once: {_last_line(log)}"
        except BaseException:
            processes.end_family(self.process.pid)
            self.end()
            raise
        if trouble:
            self.end()
            raise SetupError(f"the warm process did not start: {trouble}. Mend it, or run with --engine kernel.")


def _environment(scratch: Path) -> dict[str, str]:
    """Return the warm process's environment: one thread, one hash seed, and its files within the scratch folder."""
    own = {
        **dict.fromkeys(ONE_THREAD, "1"),
        "JE_ARROW_MALLOC_CONF": QUIET_ALLOCATOR,
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "TMPDIR": str(scratch),
    }
    return {**os.environ, **own}


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
