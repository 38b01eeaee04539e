"""nbclient's way through a notebook, whose cells run in this process or in one of their own."""

import asyncio
import contextvars
import platform
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import nbformat
import papermill
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError
from nbclient.util import run_hook, run_sync
from papermill.clientwrap import PapermillNotebookClient

from .engine import register

Message = dict[str, Any]
TURNS = 10  # of the event loop, between cells
JSON = re.compile(r"application/[a-zA-Z0-9!#$&.^_-]+\+json")  # what nbformat lets hold anything
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
LANGUAGE = {
    "name": "python",
    "version": platform.python_version(),
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


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
    from . import shell

    shell.prepare()


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
        in_place=True,
    )
    nbformat.validate(done)
    run_sync(_loop)().close()
    asyncio.set_event_loop(None)


async def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that nbclient runs cells in."""
    return asyncio.get_running_loop()


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client of a kernel that needs no starting."""

    def __init__(self, nb_man: Any, kernel: Any, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.kc = kernel
        self.unfinished: Any = None

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
            if not await self._run_one(cell, index):
                break

    async def _run_one(self, cell: Any, index: int) -> bool:
        """Run a cell, and return whether the notebook goes on."""
        with self.kc.outside():
            self.nb_man.cell_start(cell, index)
        try:
            await self.run_cell(cell, index)
        except CellExecutionError as error:
            self.nb_man.cell_exception(cell, cell_index=index, exception=error)
            return False
        finally:
            with self.kc.outside():
                self.nb_man.cell_complete(cell, cell_index=index)
        return True

    async def run_cell(self, cell: Any, index: int) -> None:
        """Run a cell and take its outputs as they come.

        Raises:
            CellExecutionError: it raised an error, and may not.
            CellTimeoutError: it took longer than it may.
        """
        here = {"cell": cell, "cell_index": index}
        await run_hook(self.on_cell_start, **here)
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip():
            return
        if self.skip_cells_with_tag in tags:
            return
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        await run_hook(self.on_cell_execute, **here)
        identity = await self.kc.execute(cell.source)
        await run_hook(self.on_cell_complete, **here)
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        with suppress(CellExecutionComplete), self.kc.outside():
            while True:
                self.process_message(await self.kc.next_message(identity), cell, index)
        reply = self.kc.reply_to(identity)
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = timestamp()
        await run_hook(self.on_cell_executed, **here, execute_reply=reply)
        if reply["content"]["late"]:
            late = "a cell took longer than it may", self.kc.cell_limit, cell
            raise CellTimeoutError.error_from_timeout_and_cell(*late)
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
        if outs and outs[-1] is self.unfinished and made.get("name") == outs[-1].get("name"):
            outs[-1].text += made.text
        else:
            outs.append(nbformat.NotebookNode(made))
        self.unfinished = outs[-1] if msg["metadata"].get("goes_on") else None
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
