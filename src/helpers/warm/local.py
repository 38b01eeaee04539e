"""The cells of a notebook run in the calling process, which a supervisor watches."""

import os
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import slot
from .cells import Cells, Message
from .client import LANGUAGE, Client
from .streams import Trail


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

    def __init__(self, cells: Cells) -> None:
        super().__init__()
        self._cells = cells

    def send(self, message: Message) -> None:
        """Let the comm take what its page says."""
        self._cells.answer_comm(message)


class LocalKernel(Cells):
    """What nbclient takes for the client of a kernel: messages of the same kinds, in the same
    order.

    Args:
        cell_limit: Seconds a cell may take; then whoever watches the process interrupts it.
        output_limit: Bytes the notebook's outputs may have.
        trail: Where what is printed is kept as it comes.
    """

    def __init__(self, cell_limit: float | None, output_limit: int | None, trail: Trail) -> None:
        self.cell_limit, self.iopub_channel = cell_limit, Queue()
        super().__init__(self._queue, output_limit, trail)
        self.shell_channel = Requests(self)

    def _queue(self, message: Message, packed: bytes) -> None:
        if os.getpid() == self.born:
            self.iopub_channel.append({**message, "content": self.channel.unpack(packed)})

    async def is_alive(self) -> bool:
        """Tell nbclient what it asks now and then: yes."""
        return True

    def kernel_info(self) -> str:
        """Answer what language this is, as ipykernel does."""
        return self._reply("info", {"language_info": LANGUAGE})

    async def execute(self, code: str, store_history: bool = True) -> str:
        """Run a cell and queue its outputs and the reply; returns the message's id.

        Raises:
            OutputTooBigError: the outputs are over the limit.
        """
        identity = f"cell-{self.shell.execution_count}"
        slot.tell_of_step(self.cell_limit)
        try:
            reply = await self.run(code, self.cell_limit, store_history)
        finally:
            slot.tell_of_step(None)
        return self._reply(identity, reply)

    async def next_message(self, identity: str) -> Message:
        """Return what is next of a cell's messages."""
        return self.iopub_channel.next_of(identity)

    def reply_to(self, identity: str) -> Message:
        """Return the reply to a cell."""
        return self.shell_channel.next_of(identity)

    def _reply(self, identity: str, content: Message) -> str:
        self.shell_channel.append({"parent_header": {"msg_id": identity}, "content": content})
        return identity


def run_cells(
    nb_man: Any,
    cell_limit: float | None,
    output_limit: int | None,
    trail: Path | None,
    options: Mapping[str, Any],
) -> None:
    """Run the cells of papermill's `nb_man.nb`; see `engine.WarmEngine`."""
    with LocalKernel(cell_limit, output_limit, Trail(trail)) as kernel:
        Client(nb_man, kernel, **options).execute()
