"""What stands where a kernel would: what code asks of `get_ipython().kernel`, and the comms by
which widgets tell of themselves.
"""

import builtins
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import comm
from comm.base_comm import BaseComm, CommManager
from ipykernel.jsonutil import json_clean
from IPython.core.error import StdinNotImplementedError

from .streams import Channel

NO_INPUT = "{} was called, but this frontend does not support input requests."


class StubKernel:
    """What a notebook may ask its kernel for; nothing in it listens to a socket.

    Attributes:
        session: By which messages are sent. comm_manager: The comms that are open.
    """

    iopub_socket = control_stream = eventloop = None
    implementation, banner = "warm", ""

    def __init__(self, channel: Channel, shell: Any) -> None:
        self.session, self.shell = channel, shell
        self.comm_manager = CommManager()

    @property
    def _parent_header(self) -> dict[str, Any]:
        return self.get_parent()

    def get_parent(self, channel: str | None = None) -> dict[str, Any]:
        """Return the message that the running cell came in."""
        return {"header": self.session.parent_header, "parent_header": {}, "content": {}}

    def raw_input(self, prompt: object = "") -> NoReturn:
        """Refuse to ask: nobody sits there."""
        raise StdinNotImplementedError(NO_INPUT.format("raw_input"))

    def getpass(self, prompt: str = "", stream: object = None, *, echo_char: object = None) -> str:
        """Refuse to ask in secret."""
        raise StdinNotImplementedError(NO_INPUT.format("getpass"))

    def get_comm_manager(self) -> CommManager:
        """Return the comms that are open."""
        return self.comm_manager

    def create_comm(self, *given: Any, **named: Any) -> BaseComm:
        """Open a comm that tells of itself in the running cell."""
        return _SentComm(self.session, *given, **named)


class _SentComm(BaseComm):
    def __init__(self, channel: Channel, *given: Any, **named: Any) -> None:
        self._channel = channel
        super().__init__(*given, **named)

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[bytes] | None = None,
        **keys: Any,
    ) -> None:
        """Send what the comm has to say, as a kernel's would."""
        content = _plain({"data": data or {}, "comm_id": self.comm_id, **keys})
        told = _plain(metadata or {})
        self._channel.send(None, msg_type, content, metadata=told, buffers=buffers)


def _plain(told: dict[str, Any]) -> Any:
    return json_clean(told)  # type: ignore[no-untyped-call]


@contextmanager
def in_its_place(kernel: StubKernel) -> Iterator[None]:
    """While it lasts, comms are this kernel's, and who is asked for input is told there is none."""
    before = comm.create_comm, comm.get_comm_manager, builtins.input, getpass.getpass
    comm.create_comm, comm.get_comm_manager = kernel.create_comm, kernel.get_comm_manager
    builtins.input = kernel.raw_input
    getpass.getpass = kernel.getpass
    try:
        yield
    finally:
        comm.create_comm, comm.get_comm_manager, builtins.input, getpass.getpass = before
