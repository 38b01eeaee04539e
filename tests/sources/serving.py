"""What the servers of the tests share: a free port of loopback, an end, and ways to misbehave."""

import csv
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.patience import PATIENCE

PUBLISHED = Path(__file__).parents[2] / "data" / "published"


class Handler(BaseHTTPRequestHandler):
    """Answers as told: whole, or with the first of the troubles that wait, such as ("cut",)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.get()

    def do_POST(self) -> None:
        self.post(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def get(self) -> None:
        """Answer a GET."""
        self.send(405, b"")

    def post(self, query: dict) -> None:
        """Answer a POST of JSON."""
        self.send(405, b"")

    def answer(self, body: bytes, waiting: list[tuple]) -> None:
        """Send a body, or meet one trouble: ("status", 429, {"Retry-After": "1"}), ("cut",),
        ("body", b"")…
        """
        getattr(self, f"_{waiting[0][0]}")(body, *waiting.pop(0)[1:]) if waiting else self.send(
            200, body
        )

    def _status(self, body: bytes, code: int, headers: dict[str, str] | None = None) -> None:
        self.send(code, b'{"detail": "trouble"}', headers or {})

    def _refused(self, body: bytes, code: int, words: bytes) -> None:
        self.send(code, words)

    def _body(self, body: bytes, instead: bytes) -> None:
        self.send(200, instead)

    def _cut(self, body: bytes) -> None:
        self.send(200, body, sent=len(body) // 2)
        self.close_connection = True

    def _torn(self, body: bytes) -> None:
        """Half a body whose length nobody told."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _held(self, body: bytes, released: threading.Event) -> None:
        """Keep whoever asks waiting until a test has seen enough."""
        released.wait(PATIENCE)
        self.send(200, body)

    def _dripped(self, body: bytes, begins: bytes, released: threading.Event) -> None:
        """Begin an answer, then send a byte now and then, without an end, until a test has seen
        enough.
        """
        self.close_connection = True
        try:
            self.wfile.write(begins)
            while not released.is_set():
                self.wfile.write(b"x")
                time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has given up

    def send(
        self, code: int, body: bytes, headers: dict[str, str] | None = None, sent: int | None = None
    ) -> None:
        """Send a status, headers and a body, or only its first bytes."""
        try:
            self.send_response(code)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:sent])
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has given up, which some tests want

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer, and stop it at the end."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def published(name: str) -> list[dict[str, str]]:
    """The rows of one of the project's own tables, as text."""
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def people() -> dict[tuple[str, int], int]:
    """Inhabitants per municipality and year, as the project's own table says."""
    return {
        (row["kommunkod"], int(row["ar"])): int(row["folkmangd"]) for row in published("folkmangd")
    }
