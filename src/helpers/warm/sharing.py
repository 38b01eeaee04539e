"""The cells that notebooks share, run once; and the rest, run by a fork with parameters of its
own.
"""

import asyncio
import os
import random
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .client import Client
from .dependence import first_dependent
from .local import LocalKernel
from .streams import Trail

TRACKERS = (
    "code_cells_executed",
    "_display_id_map",
    "widget_state",
    "widget_buffers",
    "comm_objects",
)


class NotSharedError(Exception):
    """The cells cannot be shared; each notebook is to be run on its own."""


class SharedCells(Client):
    """papermill's client for the cells before `first` only."""

    def __init__(self, nb_man: Any, kernel: LocalKernel, first: int) -> None:
        super().__init__(nb_man, kernel, record_timing=False)
        self.first, self.done = first, 0

    async def run_cell(self, cell: Any, index: int) -> None:
        """Run a cell that is shared; pass the others over."""
        if index < self.first:
            await super().run_cell(cell, index)
            self.done += cell.cell_type == "code"


class OwnCells(Client):
    """papermill's client that takes what the shared cells gave, and runs the others."""

    def __init__(self, nb_man: Any, begun: "Begun") -> None:
        super().__init__(nb_man, begun.kernel, record_timing=False)
        self.begun = begun

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """Begin where the shared cells ended."""
        for name in TRACKERS:
            setattr(self, name, getattr(self.begun.client, name))
        yield

    async def run_cell(self, cell: Any, index: int) -> None:
        """Run a cell, or take it as run."""
        if index >= self.begun.client.first or cell.cell_type != "code":
            await super().run_cell(cell, index)
            return
        done = self.begun.client.nb.cells[index]
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
        if cell.source != done.source:
            self.begun.take_parameters(cell)


@dataclass
class Begun:
    """A notebook of which the shared cells have been run, in this process or in the one it was
    forked from.
    """

    kernel: LocalKernel
    client: SharedCells
    open: ExitStack
    folder: str
    parting: Collection[str]
    chance: Any = field(default_factory=random.getstate)

    def go_on(self, nb_man: Any, trail: Path | None) -> None:
        """Run the rest of the cells of `nb_man.nb`, the same notebook with parameters of its
        own.
        """
        self.kernel.go_on(Trail(trail))
        os.chdir(self.folder)
        random.setstate(self.chance)  # Python seeds it anew in every fork
        with self.open:
            OwnCells(nb_man, self).execute()

    def take_parameters(self, cell: Any) -> None:
        """Give the names that part the values of a parameters cell, and let the history say what it
        says.
        """
        shell, number = self.kernel.shell, cell.execution_count
        values: dict[str, Any] = {}
        exec(cell.source, values)
        shell.user_ns.update({name: values[name] for name in self.parting if name in values})
        history = shell.history_manager
        said = shell.user_ns[f"_i{number}"] = cell.source.rstrip("\n")  # as IPython keeps it
        history.input_hist_parsed[number] = history.input_hist_raw[number] = said


begun: list[Begun] = []


def run_shared(
    nb_man: Any, cell_limit: float | None, output_limit: int | None, parting: Collection[str]
) -> None:
    """Run the cells of papermill's `nb_man.nb` that come before the first that may depend on a
    name.

    Raises:
        NotSharedError: one of them ended early, or left something running.
        OutputTooBigError: the outputs are over the limit.
    """
    with ExitStack() as stack:
        kernel = stack.enter_context(LocalKernel(cell_limit, output_limit, Trail(None)))
        client = SharedCells(nb_man, kernel, first_dependent(nb_man.nb.cells, parting))
        client.execute()
        if client.done < sum(cell.cell_type == "code" for cell in nb_man.nb.cells[: client.first]):
            raise NotSharedError("a shared cell ended early")
        if asyncio.all_tasks(client.loop):
            raise NotSharedError("a shared cell left a task running")
        begun.append(Begun(kernel, client, stack.pop_all(), os.getcwd(), parting))
