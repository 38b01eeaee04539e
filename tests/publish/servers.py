"""Servers on the loopback for what is sent elsewhere: an object store, SFTP, and a line that can be
cut.
"""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko

from tests.patience import until


class Store:
    """An S3-compatible server of its own process; its log tells every request."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("wb") as said:
            command = [sys.executable, "-c", "from moto.server import main; main(['-p', '0'])"]
            self.process = subprocess.Popen(
                command, stdout=said, stderr=said, env={**os.environ, "MOTO_PORT": "0"}
            )
        self.port = self._port()

    def _port(self) -> int:
        def told() -> re.Match[str] | None:
            return re.search(r"Running on http://127\.0\.0\.1:(\d+)", self.log.read_text("utf-8"))

        until(lambda: told() or self.process.poll() is not None, "the object store")
        found = told()
        assert found, self.log.read_text("utf-8")
        return int(found[1])

    def requests(self, verb: str, within: str) -> int:
        """How many requests of a kind it has answered with 200, of addresses that hold a text."""
        lines = self.log.read_text("utf-8").splitlines()
        return sum(f'"{verb} ' in line and within in line and '" 200' in line for line in lines)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class Line:
    """A line to a server on this machine, that is cut when enough bytes have gone that way.

    Args:
        port: The server's.
        cut_after: Bytes; None is never.
        for_good: Whether new connections fail too, until it is mended.
    """

    def __init__(self, port: int, cut_after: int | None, for_good: bool) -> None:
        self.server, self.left, self.for_good, self.cuts = port, cut_after, for_good, 0
        self.lock, self.ends = threading.Lock(), set[socket.socket]()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self) -> None:
        self.left = None

    def _broken(self) -> bool:
        return self.left is not None and self.left <= 0

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self._broken():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.server))
                with self.lock:
                    self.ends |= {near, far}
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while content := source.recv(4096):
                if counted and self._spend(len(content)):
                    self._cut()
                    break
                target.sendall(content)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _spend(self, count: int) -> bool:
        with self.lock:
            if self.left is None:
                return False
            self.left -= count
            return self.left <= 0

    def _cut(self) -> None:
        with self.lock:
            self.cuts += 1
            ends, self.ends = self.ends, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if not self.for_good:
            self.mend()

    def end(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._cut()


class _Door(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        return (
            paramiko.AUTH_SUCCESSFUL
            if (username, password) == ("eva", "hemligt")
            else paramiko.AUTH_FAILED
        )

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Folder(paramiko.SFTPServerInterface):
    """A folder of this machine, as an SFTP server shows it."""

    root = Path()

    def _tried(self, work):
        try:
            return work()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def _at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def list_folder(self, path):
        def listed():
            return [
                paramiko.SFTPAttributes.from_stat(entry.stat(follow_symlinks=False), entry.name)
                for entry in os.scandir(self._at(path))
            ]

        return self._tried(listed)

    def stat(self, path):
        return self._tried(lambda: paramiko.SFTPAttributes.from_stat(self._at(path).stat()))

    def lstat(self, path):
        return self._tried(lambda: paramiko.SFTPAttributes.from_stat(self._at(path).lstat()))

    def open(self, path, flags, attr):
        def opened():
            descriptor = os.open(self._at(path), flags, 0o644)
            handle = paramiko.SFTPHandle(flags)
            mode = "rb+" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb"
            handle.readfile = handle.writefile = os.fdopen(descriptor, mode)
            return handle

        return self._tried(opened)

    def _done(self, work):
        found = self._tried(work)
        return paramiko.SFTP_OK if found is None else found

    def remove(self, path):
        return self._done(self._at(path).unlink)

    def posix_rename(self, oldpath, newpath):
        return self._done(lambda: os.replace(self._at(oldpath), self._at(newpath)))

    def mkdir(self, path, attr):
        return self._done(self._at(path).mkdir)

    def rmdir(self, path):
        return self._done(self._at(path).rmdir)


@contextmanager
def sftp_server(root: Path, known_hosts: Path | None) -> Iterator[int]:
    """Serve a folder to eva, whose password is hemligt, and give the port; the key may be made
    known.
    """
    key = paramiko.ECDSAKey.generate()
    folder = type("Folder", (_Folder,), {"root": root})
    listener, transports = socket.create_server(("127.0.0.1", 0)), []
    port = listener.getsockname()[1]

    def serve() -> None:
        with suppress(OSError):
            while True:
                transport = paramiko.Transport(listener.accept()[0])
                transport.add_server_key(key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, folder)
                transport.start_server(event=threading.Event(), server=_Door())
                transports.append(transport)

    threading.Thread(target=serve, daemon=True).start()
    if known_hosts:
        known_hosts.parent.mkdir(exist_ok=True)
        known_hosts.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n", "utf-8")
    try:
        yield port
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for transport in transports:
            transport.close()
