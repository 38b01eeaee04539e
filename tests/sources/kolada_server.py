"""A real HTTP server on loopback that speaks the format of Kolada's API, version 3, and can be told to misbehave."""

import csv
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PUBLISHED = Path(__file__).parents[2] / "data" / "published"
YEARS = range(2008, 2019)
SEEDED = ("2480", 2016, 3)  # the one figure where this Kolada says 3 more than Migrationsverket's table
ASKED = re.compile(r"^/v3/data/kpi/(\w+)/year/(\d{4})$")


class KoladaServer(ThreadingHTTPServer):
    """Values by (KPI, year) and unit; troubles by (KPI, year, page), each met once, in order."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, page_size: int = 5000) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.values: dict[tuple[str, int], dict[str, list[dict]]] = defaultdict(dict)
        self.troubles: dict[tuple[str, int, int], list[tuple]] = defaultdict(list)
        self.asked: list[str] = []
        self.page_size = page_size
        self.next_base = ""

    @property
    def base_url(self) -> str:
        """The address to give the command."""
        return f"http://127.0.0.1:{self.server_address[1]}/v3/"

    def put(self, kpi: str, year: int, unit: str, total: float | None, status: str = "", **genders: object) -> None:
        """Let a unit have a value (T) and, if given, those of women (K) and men (M)."""
        values = {"T": total, **genders}
        self.values[kpi, year][unit] = [
            {"gender": gender, "count": 1, "status": status, "value": value, "isdeleted": False}
            for gender, value in values.items()
        ]

    def trouble(self, kpi: str, year: int, *kinds: tuple, page: int = 1) -> None:
        """Let the next requests for a page go wrong: ("status", 429, {"Retry-After": "1"}), ("cut",), ("body", b"")…"""
        self.troubles[kpi, year, page] += kinds

    def page(self, kpi: str, year: int, number: int) -> dict:
        """One page as version 3 writes it."""
        rows = [
            {"kpi": kpi, "municipality": unit, "period": year, "values": values}
            for unit, values in sorted(self.values[kpi, year].items())
        ]
        start = (number - 1) * self.page_size
        shown = rows[start : start + self.page_size]
        more = start + self.page_size < len(rows)
        base = self.next_base or self.base_url
        following = f"{base}data/kpi/{kpi}/year/{year}?page={number + 1}&per_page={self.page_size}"
        return {"values": shown, "count": len(shown), "next_url": following if more else None, "previous_url": None}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: KoladaServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(self.path)
        match = ASKED.match(parts.path)
        if not match:
            self._send(404, b'{"detail": "Not Found"}')
            return
        kpi, year = match[1], int(match[2])
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        body = json.dumps(self.server.page(kpi, year, number)).encode()
        waiting = self.server.troubles[kpi, year, number]
        getattr(self, f"_{waiting[0][0]}")(body, *waiting.pop(0)[1:]) if waiting else self._send(200, body)

    def _status(self, body: bytes, code: int, headers: dict[str, str] | None = None) -> None:
        self._send(code, b'{"detail": "trouble"}', headers or {})

    def _body(self, body: bytes, instead: bytes) -> None:
        self._send(200, instead)

    def _cut(self, body: bytes) -> None:
        self._send(200, body, sent=len(body) // 2)
        self.close_connection = True

    def _torn(self, body: bytes) -> None:
        """Half a body whose length nobody told."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _slow(self, body: bytes, seconds: float) -> None:
        time.sleep(seconds)
        self._send(200, body)

    def _send(self, code: int, body: bytes, headers: dict[str, str] | None = None, sent: int | None = None) -> None:
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
def running(page_size: int = 5000) -> Iterator[KoladaServer]:
    """A server on a free port, stopped at the end."""
    server = KoladaServer(page_size)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known_reception() -> dict[tuple[str, int], int]:
    """Received in all per municipality and year, as the published tables of 2015, 2016 and 2018 say."""
    rows = _rows("kommunmottagna_2015_2016") + _rows("kommunmottagna_2018")
    return {(row["kommunkod"], int(row["ar"])): int(row["antal"]) for row in rows if row["kategori"] == "totalt"}


def fill(server: KoladaServer) -> None:
    """Give every KPI values for all municipalities, counties and the nation, 2008–2018; the same every time."""
    known = known_reception()
    people = {(row["kommunkod"], int(row["ar"])): int(row["folkmangd"]) for row in _rows("folkmangd")}
    codes = [row["kommunkod"] for row in _rows("kommuner")]
    for year in YEARS:
        received = {code: known.get((code, year), (int(code) * 7 + year * 13) % 211) for code in codes}
        code, when, more = SEEDED
        received[code] += more if year == when else 0
        for kpi, values in (("N01986", received), ("N01951", {code: people[code, year] for code in codes})):
            for unit, value in (values | _sums(values)).items():
                server.put(kpi, year, unit, value, K=value // 2, M=value - value // 2)
        for unit, value in received.items():
            server.put("N01987", year, unit, value // 3)
            server.put("N02002", year, unit, value // 9)
            server.put("N00732", year, unit, 61.5 if value else None, "" if value else "Missing")


def _sums(values: dict[str, int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for code, value in values.items():
        sums[f"00{code[:2]}"] += value
        sums["0000"] += value
    return sums
