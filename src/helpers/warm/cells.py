"""The cells of a notebook, run in this process as a kernel would: what they show and print, the
reply to each.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import process
from typing import Any, Self

from ipykernel.zmqshell import ZMQInteractiveShell

from . import shell as shells
from .streams import Channel, Stream, Trail, captured
from .stub import StubKernel, in_its_place

Message = dict[str, Any]
INLINE = "module://matplotlib_inline.backend_inline"


class Cells:
    """What runs cells, one after the other, in the process that it is made in.

    Args:
        tell: Called with each message but its content, and with that as JSON.
        output_limit: Bytes the notebook's outputs may have.
        trail: Where what is printed is kept as it comes.
        live: Whether what a running cell prints is told of before it ends.
    """

    running = 0  # the process in which one is open

    def __init__(
        self,
        tell: Callable[[Message, bytes], None],
        output_limit: int | None,
        trail: Trail,
        live: bool = False,
    ) -> None:
        self.tell, self.born, self.trail = tell, os.getpid(), trail
        self.channel = self.session = Channel(tell, output_limit)
        self.shell: ZMQInteractiveShell = shells.take(self.channel)
        self.shell.kernel = StubKernel(self.channel, self.shell)
        out, err = (Stream(name, self.channel, trail, live) for name in ("stdout", "stderr"))
        self.streams = out, err

    def __enter__(self) -> Self:
        self._before = sys.stdout, sys.stderr
        self._open_before, Cells.running = Cells.running, os.getpid()
        sys.stdout, sys.stderr = self.streams
        process.ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]  # where spawned ones begin
        os.environ.setdefault("MPLBACKEND", INLINE)  # as ipykernel does
        _draw_by(os.environ["MPLBACKEND"])
        self._place = in_its_place(self.shell.kernel)
        self._place.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._place.__exit__(None, None, None)
        sys.stdout, sys.stderr = self._before
        Cells.running = self._open_before
        for stream in self.streams:
            stream.shut()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Between cells: what is said is papermill's own, and no output of the notebook's."""
        inside = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._before
        try:
            yield
        finally:
            sys.stdout, sys.stderr = inside

    def go_on(self, trail: Trail) -> None:
        """Let a fork of the process be the one that runs the cells from now on, and leaves this
        trail.
        """
        self.born, self.trail = os.getpid(), trail
        Cells.running = self.born
        for stream in self.streams:
            stream.go_on(trail)

    def answer_comm(self, message: Message) -> None:
        """Let a comm take what its page says."""
        self.shell.kernel.comm_manager.comm_msg(None, None, {"buffers": [], **message})

    async def run(self, code: str, limit: float | None, store_history: bool = True) -> Message:
        """Run a cell, tell of it, and return the reply.

        Args:
            code: The cell's source.
            limit: Seconds it may take; whoever watches the process interrupts it.
            store_history: Whether it counts.

        Returns:
            As a kernel's, and in `late` whether it took longer.

        Raises:
            OutputTooBigError: the outputs are over the limit.
        """
        number = self.shell.execution_count
        self.channel.begin(f"cell-{number}")
        self.trail.begin(number)
        self._say("status", {"execution_state": "busy"})
        self._say("execute_input", {"code": code, "execution_count": number})
        self.shell.set_parent(self.shell.kernel.get_parent())  # type: ignore[no-untyped-call]
        began, result = time.monotonic(), None
        with suppress(KeyboardInterrupt), captured(*self.streams), _interruptible():
            result = await self._run(code, store_history)
        if os.getpid() != self.born:
            # a cell forked, and this is the fork: the rest of the notebook is its parent's
            os._exit(0)
        self.channel.refuse_flood()
        self._say("status", {"execution_state": "idle"})
        late = bool(limit) and time.monotonic() - began >= (limit or 0)
        return {**self._told(result), "late": late}

    async def _run(self, code: str, store_history: bool) -> Any:
        """Run a cell as ipykernel does: within the running loop, awaited only if it awaits."""
        trouble = None
        try:
            plain = self.shell.transform_cell(code)
        except Exception:
            plain, trouble = code, sys.exc_info()
        known = {"transformed_cell": plain, "preprocessing_exc_tuple": trouble}
        if not self.shell.should_run_async(code, **known):
            return self.shell.run_cell(code, store_history=store_history)  # type: ignore[no-untyped-call]
        result = None
        try:
            with _cancelled_by_interrupt():
                result = await self.shell.run_cell_async(code, store_history=store_history, **known)
        finally:
            self.shell.events.trigger("post_execute")
            self.shell.events.trigger("post_run_cell", result)
        return result

    def _told(self, result: Any) -> Message:
        """Return the reply to a cell: whether it succeeded, else its error."""
        count = {"execution_count": self.shell.execution_count - 1}
        if result is None:
            return {"status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": [],
                    **count}  # fmt: skip
        if result.success and not getattr(self.shell, "_last_traceback_during_displayhook", False):
            return {"status": "ok", **count}
        error = result.error_before_exec or result.error_in_exec
        traceback = getattr(self.shell, "_last_traceback", None) or []
        told = {"ename": type(error).__name__, "evalue": _text(error), "traceback": traceback}
        return {"status": "error", **told, **count}

    def _say(self, kind: str, content: Message) -> None:
        """Tell what nbclient needs to hear and no notebook has a hand in."""
        named = {
            "header": {"msg_type": kind},
            "msg_type": kind,
            "metadata": {},
            "parent_header": self.channel.parent_header,
            "buffers": [],
        }
        self.tell(named, self.channel.pack(content))


def _text(error: BaseException | None) -> str:
    try:
        return str(error)
    except Exception:
        return f"<{type(error).__name__} without a text>"


def _draw_by(backend: str) -> None:
    """Let matplotlib, where it has been imported already, show figures as it would have been told
    to by the environment.
    """
    matplotlib = sys.modules.get("matplotlib")
    known: Any = getattr(matplotlib, "rcParams", None)
    if matplotlib and known is not None and dict.__getitem__(known, "backend") != backend:
        matplotlib.use(backend)


@contextmanager
def _interruptible() -> Iterator[None]:
    """While a cell runs, SIGINT interrupts it; before and after there is nothing to interrupt."""
    try:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


@contextmanager
def _cancelled_by_interrupt() -> Iterator[None]:
    """Let the first SIGINT end what a cell waits for, and another the cell itself."""
    loop, task, asked = asyncio.get_running_loop(), asyncio.current_task(), list[object]()

    def interrupt(*_: object) -> None:
        if asked or task is None:
            raise KeyboardInterrupt
        asked.append(loop.call_soon_threadsafe(task.cancel))

    try:
        before = signal.signal(signal.SIGINT, interrupt)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if asked and task is not None:
            task.uncancel()
