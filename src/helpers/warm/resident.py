"""A resident process: it has imported and called what warm processes begin with, and forks one for
each caller of the same user that asks.

A caller sends its ends of the line and of the log, and what a process has of its own: environment,
folder, limits. It gets a process that goes on as `parent` does, and that ends with its line. Nobody
there, or one that does not answer in time or cannot be what the caller is: then the caller starts a
warm process as ever.
"""

import fcntl
import gc
import json
import os
import resource
import select
import signal
import socket
import stat
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from . import parent, processes

KIND = socket.AF_UNIX, socket.SOCK_SEQPACKET
MOST = 200_000  # bytes of what a caller tells of itself
SOON = 3.0  # seconds that one side waits for the other
WAITING = 16  # callers
READY = b"ready\n"
CREDENTIALS = struct.Struct("3i")  # SO_PEERCRED: process, user, group


class Peer(NamedTuple):
    """The process at the other end of a socket."""

    pid: int
    uid: int
    gid: int


def peer(way: socket.socket) -> Peer:
    """Return who is at the other end, as the system says."""
    told = way.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return Peer(*CREDENTIALS.unpack(told))


def is_ours(other: Peer) -> bool:
    """Tell whether a process is of this process's user and group, and sees the same files: one in
    another container may not.
    """
    if (other.uid, other.gid) != (os.geteuid(), os.getegid()):
        return False
    try:
        return os.readlink(f"/proc/{other.pid}/ns/mnt") == os.readlink("/proc/self/ns/mnt")
    except OSError:
        return False


def private(folder: Path) -> bool:
    """Tell whether a folder is there and is this user's alone."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )


def found_at(address: Path) -> Peer | None:
    """Return the resident process that listens at an address; None where none of ours does."""
    try:
        with _called(address) as way:
            return peer(way)
    except OSError:
        return None


@contextmanager
def _called(address: Path) -> Iterator[socket.socket]:
    """Give a socket to the process that listens at an address.

    Raises:
        OSError: none does, none in time, or one of another user.
    """
    with socket.socket(*KIND) as way:
        way.settimeout(SOON)
        way.connect(str(address))
        if not is_ours(peer(way)):
            raise PermissionError(f"{address}: is another user's")
        yield way


def fork_of(
    address: Path, line: socket.socket, log: int, environment: Mapping[str, str]
) -> processes.Adopted | None:
    """Return a warm process, forked from the resident one, that is at the other end of a line.

    Args:
        address: Where the resident process listens.
        line: The warm process's end.
        log: The descriptor of the file for what it says.
        environment: Its environment.

    Returns:
        None where there is none to be had.
    """
    try:
        with _called(address) as way:
            told = json.dumps(_own(environment)).encode()
            socket.send_fds(way, [told], [line.fileno(), log])
            said, (ended,), _, _ = socket.recv_fds(way, MOST, 1, socket.MSG_CMSG_CLOEXEC)
            return processes.Adopted(int(said), ended)
    except (OSError, ValueError):
        return None


def _own(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the warm process must have as if this one had started it."""
    status = Path("/proc/self/status").read_text("utf-8", "replace")
    kinds = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {
        "environment": dict(environment),
        "folder": os.getcwd(),
        "umask": int(status.partition("Umask:")[2].split()[0], 8),
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in kinds},
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(0)),
    }


def serve(address: Path, around: str, idle: float, names: tuple[str, ...]) -> None:
    """Import and call what is named, then fork a warm process for whoever asks, until nobody has
    for so many seconds.
    """
    gc.disable()
    with parent.importing(around):
        parent.warm_up(names)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that has ended is forgotten
    os.chdir("/")
    with _listening(address) as door:
        os.write(1, READY)
        os.dup2(2, 1)
        while select.select([door], [], [], idle)[0]:
            with suppress(Exception):  # whatever one caller says or is, others are served
                _answer(door, around)


@contextmanager
def _listening(address: Path) -> Iterator[socket.socket]:
    """Give the socket that is found at an address, and take it away at the end.

    Raises:
        FileExistsError: another process listens there.
    """
    with socket.socket(*KIND) as door:
        with _alone_in(address.parent):
            if found_at(address):
                raise FileExistsError(f"{address}: another process listens there")
            address.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                door.bind(str(address))
            finally:
                os.umask(before)
            door.listen(WAITING)
            own = address.stat().st_ino
        try:
            yield door
        finally:
            with _alone_in(address.parent), suppress(OSError):
                if address.stat().st_ino == own:
                    address.unlink()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no other process puts its address there or takes one away."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _answer(door: socket.socket, around: str) -> None:
    """Fork a warm process for one caller.

    Raises:
        OSError, ValueError: it does not tell what it wants in time, or is gone.
        WarmError: this process has threads by now.
    """
    way, _ = door.accept()
    with way:
        way.settimeout(SOON)
        if not is_ours(peer(way)):
            return
        told, descriptors, _, _ = socket.recv_fds(way, MOST, 2, socket.MSG_CMSG_CLOEXEC)
        try:
            asked = json.loads(told)
            line, log = descriptors
            if processes.fork() == 0:
                door.close()
                _be_warm(asked, way, line, log, around)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _be_warm(
    asked: dict[str, Any], way: socket.socket, line: int, log: int, around: str
) -> NoReturn:
    """Be the warm process that the caller would have started."""
    code = 1
    try:
        _adopt(asked, log)
        ended = os.pidfd_open(os.getpid())
        socket.send_fds(way, [str(os.getpid()).encode()], [ended])
        os.close(ended)
        way.close()
        parent.serve(Connection(line), around)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _adopt(asked: dict[str, Any], log: int) -> None:
    """Take over what the caller has.

    Raises:
        OSError, ValueError: it may not be taken over, such as a higher limit.
    """
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.close(log)
    for name, limit in asked["limits"].items():
        kind = getattr(resource, name)
        if resource.getrlimit(kind) != tuple(limit):
            resource.setrlimit(kind, tuple(limit))
    os.setpriority(os.PRIO_PROCESS, 0, asked["nice"])
    os.sched_setaffinity(0, asked["processors"])
    os.umask(asked["umask"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    tempfile.tempdir = None


def main() -> None:
    """Be a resident process: address, seconds, `Supervisor`'s `around` and names are the program's
    arguments.
    """
    address, idle, around, *names = sys.argv[1:]
    serve(Path(address), around, float(idle), tuple(names))


if __name__ == "__main__":
    main()
