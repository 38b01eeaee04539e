"""nbclient's way through a notebook, with a shell in this process in the kernel's place."""

import asyncio
import contextvars
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import process
from pathlib import Path
from typing import Any

import nbformat
import papermill
from ipykernel.zmqshell import ZMQInteractiveShell
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from nbclient.util import run_hook, run_sync
from papermill.clientwrap import PapermillNotebookClient

from . import shell as shells
from .engine import register
from .streams import Channel, Stream, Trail, captured
from .stub import StubKernel, in_its_place

Message = dict[str, Any]
INLINE = "module://matplotlib_inline.backend_inline"
TURNS = 10  # of the event loop, between cells
JSON = re.compile(r"application/[a-zA-Z0-9!#$&.^_-]+\+json")  # what nbformat lets hold anything
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def run_cells(
    nb_man: Any,
    cell_limit: float | None,
    output_limit: int | None,
    trail: Path | None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Run the cells of papermill's `nb_man.nb`; see `engine.WarmEngine`."""
    with LocalKernel(cell_limit, output_limit, Trail(trail)) as kernel:
        Client(nb_man, kernel, **(options or {})).execute()


def practise() -> None:
    """Run a notebook of nothing, so that what is made at first use is there before a fork; and make
    a shell ahead.
    """
    cells = [
        nbformat.v4.new_code_cell(code)
        for code in ("print('å')", "1 + 1", "await asyncio.sleep(0)")
    ]
    cells.insert(
        0,
        nbformat.v4.new_code_cell("import asyncio\na: int = 1", metadata={"tags": ["parameters"]}),
    )
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    contextvars.copy_context().run(_practise, notebook)
    shells.prepare()


def _practise(notebook: Any) -> None:
    """Run it in a context of its own: the event loop must not be shared with a fork."""
    done = papermill.execute_notebook(
        notebook,
        None,
        {"a": 2},
        engine_name=register(),
        kernel_name="python3",
        language="python",
        progress_bar=False,
    )
    nbformat.validate(done)
    run_sync(_loop)().close()
    asyncio.set_event_loop(None)


async def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that nbclient runs cells in."""
    return asyncio.get_running_loop()


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client of a kernel that needs no starting."""

    def __init__(self, nb_man: Any, kernel: "LocalKernel", **options: Any) -> None:
        super().__init__(nb_man, **{"record_timing": False, **options})
        self.kc = kernel

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """Start nothing."""
        yield

    def papermill_execute_cells(self) -> None:
        """Run the cells as papermill does, but all in one run of the event loop."""
        run_sync(self._run_all)()

    async def _run_all(self) -> None:
        self.loop = asyncio.get_running_loop()
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code" and not await self._run_one(cell, index):
                break

    async def _run_one(self, cell: Any, index: int) -> bool:
        """Run a cell, and return whether the notebook goes on; papermill keeps its times if anybody
        is to see them.
        """
        followed = bool(self.nb_man.output_path or self.nb_man.pbar)
        if followed:
            with self.kc.outside():
                self.nb_man.cell_start(cell, index)
        try:
            await self.run_cell(cell, index)
        except CellExecutionError as error:
            self.nb_man.cell_exception(cell, cell_index=index, exception=error)
            return False
        finally:
            if followed:
                with self.kc.outside():
                    self.nb_man.cell_complete(cell, cell_index=index)
        return True

    async def run_cell(self, cell: Any, index: int) -> None:
        """Run a cell and take its outputs, which are all there when it has ended.

        Raises:
            CellExecutionError: it raised an error, and may not.
        """
        here = {"cell": cell, "cell_index": index}
        await run_hook(self.on_cell_start, **here)
        tags = cell.metadata.get("tags", [])
        if not cell.source.strip() or self.skip_cells_with_tag in tags:
            return
        await run_hook(self.on_cell_execute, **here)
        identity = await self.kc.execute(cell.source)
        await run_hook(self.on_cell_complete, **here)
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        with suppress(CellExecutionComplete), self.kc.outside():
            while True:
                self.process_message(self.kc.iopub_channel.next_of(identity), cell, index)
        reply = self.kc.shell_channel.next_of(identity)
        await run_hook(self.on_cell_executed, **here, execute_reply=reply)
        await self._check_raise_for_error(cell, index, reply)
        if len(asyncio.all_tasks()) > 1:  # what a cell has begun goes on meanwhile, in a kernel
            for _ in range(TURNS):
                await asyncio.sleep(0)

    def output(self, outs: list[Any], msg: Message, display_id: str | None, cell_index: int) -> Any:
        """Add an output to a cell's as nbclient does; what is plainly sound is not held against the
        schema.
        """
        special = (
            display_id
            or self.clear_before_next_output
            or self.output_hook_stack.get(msg["parent_header"]["msg_id"])
        )
        made = None if special else sound_output(msg["header"]["msg_type"], msg["content"])
        if made is None:
            return super().output(outs, msg, display_id, cell_index)
        outs.append(made)
        return made


def sound_output(kind: str, content: Message) -> nbformat.NotebookNode | None:
    """Return the output that a message means, as nbformat makes it; None where its schema should be
    asked.

    >>> sound_output("stream", {"name": "stdout", "text": "å"})
    {'output_type': 'stream', 'name': 'stdout', 'text': 'å'}
    >>> sound_output("display_data", {"metadata": {}, "data": {"text/plain": 1}})
    """
    if (
        kind == "stream"
        and content["name"] in {"stdout", "stderr"}
        and isinstance(content["text"], str)
    ):
        return nbformat.NotebookNode(output_type=kind, name=content["name"], text=content["text"])
    count = {"execution_count": content.get("execution_count")} if kind == "execute_result" else {}
    if (
        kind not in {"display_data", "execute_result"}
        or content["metadata"]
        or not all(map(_counts, count.values()))
    ):
        return None
    if not all(
        isinstance(value, str) or JSON.fullmatch(name) for name, value in content["data"].items()
    ):
        return None
    node = nbformat.NotebookNode
    # what JSON holds stays plain
    return node(output_type=kind, metadata=node(), data=node(content["data"]), **count)


def _counts(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


class Queue(deque[Message]):
    """Messages in order, fetched as from a kernel's channel."""

    async def get_msg(self, timeout: float | None = None) -> Message:
        """Return the oldest message; they are all there before nbclient asks."""
        return self.popleft()

    def next_of(self, identity: str) -> Message:
        """Return the oldest message that belongs to the one of this id; what is older is
        dropped.
        """
        while True:
            message = self.popleft()
            if message["parent_header"].get("msg_id") == identity:
                return message


class Requests(Queue):
    """The channel by which nbclient answers a comm, as the page of a notebook does."""

    def __init__(self, kernel: StubKernel) -> None:
        super().__init__()
        self._kernel = kernel

    def send(self, message: Message) -> None:
        """Let the comm take what its page says."""
        self._kernel.comm_manager.comm_msg(None, None, {"buffers": [], **message})  # type: ignore[arg-type]


class LocalKernel:
    """What nbclient takes for the client of a kernel: messages of the same kinds, in the same
    order.

    Args:
        cell_limit: Seconds a cell may take; then SIGALRM ends the process.
        output_limit: Bytes the notebook's outputs may have.
        trail: Where what is printed is kept as it comes.
    """

    def __init__(self, cell_limit: float | None, output_limit: int | None, trail: Trail) -> None:
        self.cell_limit, self.born = cell_limit or 0.0, os.getpid()
        self.iopub_channel = Queue()
        self.channel = self.session = Channel(self.iopub_channel.append, output_limit)
        self.shell: ZMQInteractiveShell = shells.take(self.channel)
        self.shell.kernel = StubKernel(self.channel, self.shell)
        self.shell_channel = Requests(self.shell.kernel)
        self.streams = Stream("stdout", self.channel, trail), Stream("stderr", self.channel, trail)
        self.trail = trail

    def __enter__(self) -> "LocalKernel":
        self._before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.streams
        process.ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]  # where spawned ones begin
        os.environ.setdefault("MPLBACKEND", INLINE)  # as ipykernel does
        self._place = in_its_place(self.shell.kernel)
        self._place.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._place.__exit__(None, None, None)
        sys.stdout, sys.stderr = self._before

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
        for stream in self.streams:
            stream.go_on(trail)

    async def is_alive(self) -> bool:
        """Tell nbclient what it asks now and then: yes."""
        return True

    def kernel_info(self) -> str:
        """Answer what language this is, as ipykernel does."""
        return self._reply("info", {"language_info": shells.LANGUAGE})

    async def execute(self, code: str, store_history: bool = True) -> str:
        """Run a cell and queue its outputs and the reply; returns the message's id.

        Raises:
            OutputTooBigError: the outputs are over the limit.
        """
        number = self.shell.execution_count
        self.channel.begin(f"cell-{number}")
        self.trail.begin(number)
        self._say("execute_input", {"code": code, "execution_count": number})
        self.shell.set_parent(self.shell.kernel.get_parent())  # type: ignore[no-untyped-call]
        if self.cell_limit:  # else the timer is the notebook's own
            signal.setitimer(signal.ITIMER_REAL, self.cell_limit)
        with captured(*self.streams):
            result = await self._run(code, store_history)
        if self.cell_limit:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if os.getpid() != self.born:
            # a cell forked, and this is the fork: the rest of the notebook is its parent's
            os._exit(0)
        self.channel.refuse_flood()
        self._say("status", {"execution_state": "idle"})
        return self._reply(f"cell-{number}", self._told(result))

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
            result = await self.shell.run_cell_async(code, store_history=store_history, **known)
        finally:
            self.shell.events.trigger("post_execute")
            self.shell.events.trigger("post_run_cell", result)
        return result

    def _told(self, result: Any) -> Message:
        """Return the reply to a cell: whether it succeeded, else its error."""
        count = {"execution_count": self.shell.execution_count - 1}
        if result.success and not getattr(self.shell, "_last_traceback_during_displayhook", False):
            return {"status": "ok", **count}
        error = result.error_before_exec or result.error_in_exec
        traceback = getattr(self.shell, "_last_traceback", None) or []
        told = {"ename": type(error).__name__, "evalue": str(error), "traceback": traceback}
        return {"status": "error", **told, **count}

    def _say(self, kind: str, content: Message) -> None:
        """Queue what nbclient needs to hear and no notebook has a hand in."""
        named = {
            "header": {"msg_type": kind},
            "msg_type": kind,
            "parent_header": self.channel.parent_header,
        }
        self.iopub_channel.append({**named, "content": content})

    def _reply(self, identity: str, content: Message) -> str:
        self.shell_channel.append({"parent_header": {"msg_id": identity}, "content": content})
        return identity
