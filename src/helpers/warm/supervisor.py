"""The supervisor: starts the warm process, gives each slot a task at a time, and ends
everything.
"""

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, cast

from . import processes
from .outcome import End, Outcome
from .processes import WarmError, apart
from .slot import Errand, Order, Surroundings

Value = TypeVar("Value")
FAILED = "the warm process did not start"
PROGRAM = f"{__package__}.parent"

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# pyarrow's jemalloc starts a thread when it is imported
QUIET_ALLOCATOR = "background_thread:false"


@dataclass
class Started:
    """A warm process as whoever has started it knows it.

    Attributes:
        process: It.
        line: The near end of the line to it.
        log: The file of what it says.
    """

    process: "subprocess.Popen[bytes] | processes.Adopted"
    line: Connection
    log: Path


class Supervisor:
    """A warm process and its slots; a context that leaves no process behind.

    Args:
        order: What it is to do; without an order it waits for errands, and for `begin`.
        scratch: A folder that is thrown away at the end; else the order's.
        around: A context manager by name, "module:function", in which the warm process imports
            what it is told to; nothing if empty.
        address: Where a `resident` process may listen; the warm process is forked from it if one
            does.
        ahead: What the warm process imports and calls while it waits for its order, by name as in
            `Order.warm`; a fork of it answers meanwhile what it is asked.
        started: One that was started before it was known what for: it is the first.

    Raises:
        WarmError: the warm process did not come up; the message says why.
    """

    def __init__(
        self,
        order: Order | None = None,
        scratch: Path | None = None,
        around: str = "",
        address: Path | None = None,
        ahead: Sequence[str] = (),
        started: Started | None = None,
    ) -> None:
        folder = scratch or (order.scratch if order else None)
        if folder is None:
            raise ValueError("a supervisor needs an order or a scratch folder.")
        self.scratch, self.around, self.address, self.begun = folder, around, address, False
        self.ahead, self.started = ahead, started
        self._start()
        if order:
            self.begin(order)

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ask(self, work: Callable[[], Value]) -> Value:
        """Return what some work gives, done in the warm process or in a fork of it, as
        `slot.Errand` says.

        Args:
            work: It, its value and the error it raises can be pickled. It is done again, apart from
                this process, if a warm process that has done its tasks ends without an answer.

        Raises:
            Whatever the work raises; WarmError if the process ends before its order without an
            answer.
        """
        try:
            self.line.send(Errand(work))
            value, error = self.line.recv()
        except (EOFError, OSError):
            self.end()
            if self.begun:
                return apart(work)
            if self._started_anew():
                return self.ask(work)
            raise WarmError(f"{FAILED}: it ended at once: {_last_line(self.log)}") from None
        if error is not None:
            raise error
        return cast(Value, value)

    def begin(self, order: Order) -> None:
        """Give the warm process its order; it then imports what the order names, and forks its
        slots.

        Raises:
            WarmError: it did not come up; the message says why.
        """
        self.order = order
        try:
            self.line.send(order)
            trouble = self.line.recv()
        except (EOFError, OSError):
            self.end()
            if self._started_anew():
                return self.begin(order)
            trouble = f"it ended at once: {_last_line(self.log)}"
        except BaseException:
            self._kill()
            self.end()
            raise
        if trouble:
            self.end()
            raise WarmError(f"{FAILED}: {trouble}")
        self.begun = True

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
                yield from (
                    (place, Outcome(End.WORKER, found=End.WORKER.value)) for place in busy.values()
                )
                busy.clear()
                self.end()
                self._start()
                self.begin(self.order)
                continue
            yield busy.pop(slot), outcome

    def end(self) -> None:
        """End the warm process and all that descends from it."""
        self.line.close()  # it then ends its slots, and what they have adopted, itself
        if not self.begun and isinstance(self.process, subprocess.Popen):
            self.process.kill()  # it has none, and may be long in an import
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self._kill()
            self.process.wait(5)

    def _kill(self) -> None:
        if self.process.poll() is None:  # else another process may have its id by now
            processes.end_family(self.process.pid)

    def _started_anew(self) -> bool:
        """Start a warm process of one's own if the one that has ended was another's to start, and
        tell whether it was.
        """
        if isinstance(self.process, subprocess.Popen) or self.address is None:
            return False
        self.address = None
        self._start()
        return True

    def _start(self) -> None:
        environment = environment_of(self.scratch)
        if self.started:
            own, self.started = self.started, None
            with suppress(OSError):  # it has ended
                own.line.send(Surroundings(environment, os.getcwd()))
                self.process, self.line, self.log = own.process, own.line, own.log
                return
        own = started(self.scratch, environment, self.around, self.ahead, self.address)
        self.process, self.line, self.log = own.process, own.line, own.log


def started(
    scratch: Path,
    environment: Mapping[str, str],
    around: str,
    ahead: Sequence[str] = (),
    address: Path | None = None,
) -> Started:
    """Start a warm process; all but its environment is as `Supervisor` has it."""
    ours, theirs = socket.socketpair()
    log = scratch / "said.log"
    with theirs, log.open("ab") as said:
        found = None
        if address:
            from . import resident  # on Linux only

            found = resident.fork_of(address, theirs, said.fileno(), environment)
        told = str(theirs.fileno()), around, *ahead
        process = found or subprocess.Popen(
            [sys.executable, "-P", "-m", PROGRAM, *told],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=environment,
            pass_fds=[theirs.fileno()],
            # Ctrl-C is for the supervisor, which ends the rest in order
            start_new_session=True,
        )
    return Started(process, Connection(ours.detach()), log)


def environment_of(scratch: Path) -> dict[str, str]:
    """Return the warm process's environment: one thread, one hash seed, and its files within the
    scratch folder.
    """
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
