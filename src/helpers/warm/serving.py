"""The process of one notebook's cells: it runs them as its caller says, and tells what they
show.
"""

import asyncio
import os
import socket
import sys
import tempfile
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from . import ending, processes
from . import shell as shells
from .cells import Cells
from .streams import OutputTooBigError, Trail
from .wire import Heard, Wire


def prepare() -> None:
    """Make ahead what every notebook needs."""
    shells.prepare()
    shells.study(["1 + 1\n", "await a\n"])


def run(line: int, keeper: int) -> NoReturn:
    """Run the cells of a notebook, in the process that this is, as they come by a line.

    Args:
        line: Its descriptor.
        keeper: The parent, with which this process ends.
    """
    try:
        os.setsid()
        processes.die_with_parent(keeper)
        processes.own_input()
        ending.forget_the_parents()
        sys.argv = sys.argv[:1]
        own = os.pidfd_open(os.getpid())
        with socket.socket(fileno=os.dup(line)) as way:
            socket.send_fds(way, [b"x"], [own])
        os.close(own)
        wire = Wire(Connection(line))
        order = wire.hear().said
        _adopt(order)
        _leave_room()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_serve(wire, order))
        ending.finish()
    except EOFError:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _adopt(order: dict[str, Any]) -> None:
    """Have the environment and the folder that the caller has by now."""
    own = order["environment"]
    if any(os.environ.get(name) != own.get(name) for name in ("HOME", "IPYTHONDIR")):
        shells.forget()
    os.environ.clear()
    os.environ.update(own)
    time.tzset()
    tempfile.tempdir = None
    os.chdir(order["folder"])


def _leave_room() -> None:
    """Let a notebook import a module of its own that is called as the package of this one is."""
    top = __package__.partition(".")[0]
    for name in [known for known in sys.modules if known.partition(".")[0] == top]:
        del sys.modules[name]


async def _serve(wire: Wire, order: dict[str, Any]) -> None:
    """Run cells and let comms hear their pages, until told to end; what cells have begun goes on
    meanwhile.
    """
    trail = Trail(order["trail"])
    with Cells(_Teller(wire).tell, order["output_limit"], trail, live=True) as cells:
        while (heard := await _next(wire)).kind != "end":
            if heard.kind == "comm":
                cells.answer_comm({**heard.said, "buffers": heard.buffers})
            else:
                await _answer(wire, cells, heard)


class _Teller:
    """Tells the caller what the cells show."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def tell(self, message: dict[str, Any], packed: bytes) -> None:
        """Tell of a message."""
        header = {"msg_type": message["header"]["msg_type"]}
        told = {"header": header, **header, "metadata": message["metadata"]}
        told["parent_header"] = {"msg_id": message["parent_header"].get("msg_id")}
        self._wire.say("message", told, packed, [bytes(part) for part in message["buffers"]])


async def _next(wire: Wire) -> Heard:
    """Wait for what the caller says."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    if not wire.line.poll():
        loop.add_reader(wire.line.fileno(), ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(wire.line.fileno())
    return wire.hear()


async def _answer(wire: Wire, cells: Cells, heard: Heard) -> None:
    """Run a cell and give the reply."""
    said = heard.said
    try:
        reply = await cells.run(said["content"]["code"], said["limit"], said["history"])
    except OutputTooBigError as error:
        wire.say("flood", {"words": str(error)})
        return
    wire.say("reply", {"id": said["id"]}, cells.channel.pack(reply))
