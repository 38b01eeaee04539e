"""The cells of a notebook run in a process of their own, as the caller's process knows it: it waits
for what they show, keeps their time, and ends them.
"""

import asyncio
import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from .client import LANGUAGE, Client, Message
from .processes import WarmError
from .streams import OutputTooBigError
from .wire import Wire

PROGRAM = f"{__package__}.nursery"
PATIENCE = 5.0  # seconds that a process has to end by itself
INTERRUPTS = 1.0, 1.0  # seconds that a cell has after each, before it is killed
# beginnings of the names of variables that are read when a process of Python starts
READ_AT_START = ("HOME", "IPYTHON", "JUPYTER", "LANG", "LC_", "LD_", "MALLOC_", "PYTHON", "XDG_")


class Nursery:
    """A process that has imported what cells need, and forks one for each notebook.

    Args:
        around: The context manager in which it imports, "module:function"; nothing if empty.
    """

    def __init__(self, around: str) -> None:
        self.way, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`
        with theirs:
            told = str(theirs.fileno()), around
            command = [sys.executable, "-P", "-m", PROGRAM, *told]
            null = subprocess.DEVNULL
            done = subprocess.run(
                command, stdin=null, stdout=null, stderr=self.said, check=False,
                pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        if done.returncode:
            raise WarmError(f"no process for cells came up: {self.last_words()}")

    def fork(self, surroundings: Mapping[str, Any]) -> "tuple[Wire, int]":
        """Return a line to a process for the cells of one notebook, and its descriptor (pidfd).

        Raises:
            OSError, EOFError: the nursery has ended.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.way, [b"notebook"], [theirs.fileno()])
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1, socket.MSG_CMSG_CLOEXEC)
        if not descriptors:
            ours.close()
            raise EOFError
        wire = Wire(Connection(ours.detach()))
        wire.say("order", dict(surroundings))
        return wire, descriptors[0]

    def last_words(self) -> str:
        """Return the last line it has said."""
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def end(self) -> None:
        """Let it end, and all that it has forked."""
        self.way.close()
        self.said.close()


_nurseries: dict[tuple[Any, ...], Nursery] = {}
_lock = threading.Lock()


def _forked(around: str, surroundings: Mapping[str, Any]) -> tuple[Wire, int]:
    """Return a line to a process for one notebook's cells, and its descriptor; whichever thread
    asks, of a nursery of this process's own.

    Raises:
        WarmError: none came up.
    """
    environment = os.environ.items()
    key = os.getpid(), around, *sorted(i for i in environment if i[0].startswith(READ_AT_START))
    with _lock:
        for other in [known for known in _nurseries if known[0] != os.getpid()]:
            _nurseries.pop(other).end()  # of the process that this one was forked from
        if known := _nurseries.get(key):
            with suppress(OSError, EOFError):  # it has waited long, and ended
                return known.fork(surroundings)
            _nurseries.pop(key).end()
        made = _nurseries[key] = Nursery(around)
        try:
            return made.fork(surroundings)
        except (OSError, EOFError):
            _nurseries.pop(key)
            raise WarmError(f"no process for cells came up: {made.last_words()}") from None


@atexit.register
def end_nurseries() -> None:
    """End what waits for more notebooks."""
    for key in [known for known in _nurseries if known[0] == os.getpid()]:
        _nurseries.pop(key).end()


class Requests(deque[Message]):
    """The channel by which nbclient answers a comm, and gets what it waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Message] = []

    def send(self, message: Message) -> None:
        """Keep what a comm's page says: it is heard before the next cell."""
        self.asked.append(message)

    async def get_msg(self, timeout: float | None = None) -> Message:
        """Return the oldest message."""
        return self.popleft()


class RemoteKernel:
    """What nbclient takes for the client of a kernel, where the cells run in another process.

    Args:
        wire: To that process.
        process: Its descriptor (pidfd).
        cell_limit: Seconds a cell may take; it is then interrupted, and killed if it goes on.
    """

    def __init__(self, wire: Wire, process: int, cell_limit: float | None) -> None:
        self.wire, self.process, self.cell_limit = wire, process, cell_limit
        self.session, self.shell_channel = Session(), Requests()
        self._replies: dict[str, Message] = {}
        self._last: Message = {}
        self._killed = False
        self._due: float | None = None
        self._warnings: Iterator[float] = iter(())

    async def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return not select.select([self.process], [], [], 0)[0]

    def outside(self) -> Any:
        """Between cells nothing is different: the caller's own output is never a notebook's."""
        return nullcontext()

    def kernel_info(self) -> str:
        """Answer what language this is, as ipykernel does."""
        content = {"language_info": LANGUAGE}
        self.shell_channel.append({"parent_header": {"msg_id": "info"}, "content": content})
        return "info"

    async def execute(self, code: str, store_history: bool = True) -> str:
        """Let a cell begin; returns its message's id.

        Raises:
            DeadKernelError: the process has ended.
        """
        with self._alive():
            for message in self.shell_channel.asked:
                buffers = message.get("buffers") or []
                told = {"header": {"msg_type": message["header"]["msg_type"]}}
                packed = self.session.pack(message["content"])
                self.wire.say("comm", told, packed, [bytes(buffer) for buffer in buffers])
            self.shell_channel.asked.clear()
            identity = f"cell-{len(self._replies)}"
            packed = self.session.pack({"code": code})
            asked = {"id": identity, "history": store_history, "limit": self.cell_limit}
            self.wire.say("cell", asked, packed)
        loop = asyncio.get_running_loop()
        self._due = loop.time() + self.cell_limit if self.cell_limit else None
        self._warnings = iter(INTERRUPTS)
        return identity

    async def next_message(self, identity: str) -> Message:
        """Return what is next of a cell's messages, when it comes.

        Raises:
            DeadKernelError: the process has ended. OutputTooBigError: it has shown too much.
        """
        while True:
            await self._wait()
            try:
                kind, said, buffers = self.wire.hear()
            except EOFError:
                if not self._killed:
                    raise DeadKernelError("Kernel died") from None
                return self._end_for(identity)
            if kind == "flood":
                raise OutputTooBigError(said["words"])
            if kind == "reply":
                self._replies[said["id"]] = said
                return self._last
            if said["content"].get("execution_state") != "idle":
                return {**said, "buffers": buffers}
            self._last = said  # kept until the reply is there

    def _end_for(self, identity: str) -> Message:
        """Say for a process that was killed that its cell has ended, and why."""
        told = {"status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
        self._replies[identity] = {"content": {**told, "late": True}}
        idle = {"metadata": {}, "content": {"execution_state": "idle"}, "parent_header": {}}
        return {**idle, "msg_type": "status", "header": {"msg_type": "status"}}

    def reply_to(self, identity: str) -> Message:
        """Return the reply to a cell."""
        return self._replies[identity]

    async def _wait(self) -> None:
        """Wait for a message; a cell over its time is interrupted, twice, then killed."""
        loop = asyncio.get_running_loop()
        while True:
            left = None if self._due is None else max(0.0, self._due - loop.time())
            if await _readable(self.wire.line.fileno(), left):
                return
            number = signal.SIGINT
            if (more := next(self._warnings, None)) is None:
                number, more, self._killed = signal.SIGKILL, PATIENCE, True
            self._due = loop.time() + more
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.process, number)

    @contextmanager
    def _alive(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError):
            raise DeadKernelError("Kernel died") from None

    def __enter__(self) -> "RemoteKernel":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                with suppress(OSError):
                    self.wire.say("end", {})
                    select.select([self.process], [], [], PATIENCE)
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.process, signal.SIGKILL)
        finally:
            self.wire.close()
            os.close(self.process)


async def _readable(descriptor: int, seconds: float | None) -> bool:
    """Tell whether something can be read of a descriptor within so many seconds."""
    if select.select([descriptor], [], [], 0)[0]:
        return True
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await asyncio.wait_for(ready.wait(), seconds)
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(descriptor)
    return True


def run_cells(
    nb_man: Any,
    cell_limit: float | None,
    output_limit: int | None,
    trail: Path | None,
    options: Mapping[str, Any],
    around: str = "",
) -> None:
    """Run the cells of papermill's `nb_man.nb` in a process of their own; see `engine.WarmEngine`.

    Raises:
        WarmError: no such process came up. DeadKernelError: it ended before the cells did.
        CellTimeoutError: a cell took longer than it may. OutputTooBigError: they show too much.
    """
    surroundings = {
        "environment": dict(os.environ), "folder": os.getcwd(), "output_limit": output_limit,
        "trail": str(Path(trail).absolute()) if trail else None,
    }  # fmt: skip
    wire, process = _forked(around, surroundings)
    with RemoteKernel(wire, process, cell_limit) as kernel:
        Client(nb_man, kernel, **options).execute()
