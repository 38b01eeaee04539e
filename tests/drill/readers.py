"""Readers while editions are published: each page whole, each session of one release."""

import http.client
import posixpath
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from tests.drill.process import Run
from tests.drill.scene import Ground, Line, alone, demand
from tests.drill.shop import LINK, MARK, Shop, resolved
from tests.drill.small import make
from tests.patience import PATIENCE

PUBLISHES, READERS, PAGES = 6, 3, 3
LINE = Line(
    "F22r",
    "readers during publication",
    f"{READERS} readers during {PUBLISHES} publishes",
    "0 torn, 0 mixed, 0 missing",
)
Read = Callable[[str], str]


class Silent(SimpleHTTPRequestHandler):
    """Serve files and say nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def by_file(address: str) -> str:
    """Read a page from disk in one go."""
    return Path(address).read_text("utf-8")


def by_http(port: int, address: str) -> str:
    """Read a page from a server on this machine; FileNotFoundError if it has none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", address)
        answer = line.getresponse()
        if answer.status != 200:
            raise FileNotFoundError(address)
        return answer.read().decode()
    finally:
        line.close()


class Reader:
    """One reader: from the index to three reports and back, again and again, at a pace of its own.

    Args:
        ways: The address of the index, and how pages are read there; taken in turn.
        pause: Seconds between two pages at most.
        seed: Of the choices.
    """

    def __init__(
        self, ways: list[tuple[str, Read]], pause: float, seed: int, now: Callable[[], str]
    ) -> None:
        self.ways, self.pause, self.chance, self.now = ways, pause, Random(seed), now
        self.found: Counter[str] = Counter()

    def read_until(self, over: threading.Event, sessions: int) -> None:
        """Read until it is over, and so many sessions at least."""
        while not over.is_set() or self.found["sessions"] < sessions:
            before = self.now()
            self._session(*self.ways[self.found["sessions"] % len(self.ways)])
            self.found["sessions"] += 1
            self.found["met a publish"] += self.now() != before

    def _session(self, index: str, read: Read) -> None:
        marks, here = set[str](), index
        try:
            links = [
                resolved(index, link)
                for link in LINK.findall(self._page(read, index, marks))
                if "/" in link
            ]
            reports = [link for link in links if "andringar" not in link]
            for here in self.chance.sample(reports, PAGES):
                page = self._page(read, here, marks)
            back = resolved(here, next(link for link in LINK.findall(page) if "index" in link))
            self._page(read, back, marks)
        except OSError as error:
            self.found["missing"] += 1
            self.found[f"missing {posixpath.basename(here)}: {type(error).__name__}"] += 1
        self.found["mixed"] += len(marks) > 1

    def _page(self, read: Read, address: str, marks: set[str]) -> str:
        time.sleep(self.chance.random() * self.pause)
        page = read(address)
        self.found["pages"] += 1
        self.found["torn"] += not page.rstrip().endswith("</html>")
        marks.update(MARK.findall(page))
        return page


def read(ground: Ground) -> str:
    """Publish, then publish six times more while three readers read, by file and through a server
    in turn.
    """
    shop = Shop(ground.folder / "readers", {name: [] for name in "abcdef"})
    demand(shop.run().code == 0, "the first release")
    needed = 3000 if ground.big else 100
    publishing = Run(shop.folder / "publishing", lambda: _publish(shop))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(shop.out)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    ways = [
        (str(shop.out / "html" / "index.html"), by_file),
        ("/html/index.html", partial(by_http, server.server_port)),
    ]
    pause = 0.004 if ground.big else 0.03
    crew = [
        Reader(ways, pause, ground.seed + number, lambda: _current(shop))
        for number in range(READERS)
    ]
    over = threading.Event()
    threads = [
        threading.Thread(target=reader.read_until, args=(over, needed // READERS))
        for reader in crew
    ]
    for thread in threads:
        thread.start()
    publishing.ended()
    over.set()
    for thread in threads:
        thread.join()
    server.shutdown()
    server.server_close()
    serving.join()
    demand(publishing.code == 0, f"publishing: exit {publishing.code}: {publishing.err[-300:]}")
    return _judged(sum((reader.found for reader in crew), Counter()), needed)


def _judged(found: Counter[str], needed: int) -> str:
    told = ", ".join(f"{found[name]} {name}" for name in ("torn", "mixed", "missing"))
    whole = f"{found['sessions']} sessions, {found['met a publish']} of them met a publish: {told}"
    wrong = [
        name for name in found if name.startswith(("torn", "mixed", "missing")) and found[name]
    ]
    demand(not wrong, f"{whole}; {wrong[:5]}")
    demand(
        found["sessions"] >= needed and found["met a publish"] >= PUBLISHES - 1, f"too few: {whole}"
    )
    return f"{whole}; {found['pages']} pages"


def _current(shop: Shop) -> str:
    return str((shop.out / "current").readlink())


def _publish(shop: Shop) -> None:
    """Publish as often as is asked for, each time with other data."""
    for number in range(PUBLISHES):
        shop.mark(f"R{number}")
        run = Run(shop.folder / "said", lambda: make(shop.folder)).ended()
        if run.code:
            raise SystemExit(run.code)


SCENES = (alone(LINE, read),)
