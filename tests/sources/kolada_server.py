"""A real HTTP server on loopback that speaks the format of Kolada's API, version 3, and can be told
to misbehave.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.sources.serving import Handler, people, published, served

YEARS = range(2008, 2019)
# the one figure where this Kolada says 3 more than Migrationsverket's table
SEEDED = ("2480", 2016, 3)
ASKED = re.compile(r"^/v3/data/kpi/(\w+)/year/(\d{4})$")
SOME = re.compile(r"^/v3/data/kpi/(\w+)/municipality/([\w,]+)/year/(\d{4})$")
NAMED = re.compile(r"^/v3/kpi/(\w+)$")
TITLES = {
    "N01986": "Kommunmottagna under året, antal",
    "N01951": "Invånare totalt, antal",
}
CHECK = ("", 0)  # the troubles of what a check asks, page 1 for a title, 2 for the values


class KoladaServer(ThreadingHTTPServer):
    """Values by (KPI, year) and unit; troubles by (KPI, year, page), each met once, in order."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, page_size: int = 5000) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.values: dict[tuple[str, int], dict[str, list[dict]]] = defaultdict(dict)
        self.troubles: dict[tuple[str, int, int], list[tuple]] = defaultdict(list)
        self.asked: list[str] = []
        self.titles = dict(TITLES)
        self.page_size = page_size
        self.next_base = ""

    @property
    def base_url(self) -> str:
        """The address to give the command."""
        return f"http://127.0.0.1:{self.server_address[1]}/v3/"

    def put(
        self,
        kpi: str,
        year: int,
        unit: str,
        total: float | None,
        status: str = "",
        **genders: object,
    ) -> None:
        """Let a unit have a value (T) and, if given, those of women (K) and men (M)."""
        values = {"T": total, **genders}
        self.values[kpi, year][unit] = [
            {"gender": gender, "count": 1, "status": status, "value": value, "isdeleted": False}
            for gender, value in values.items()
        ]

    def trouble(self, kpi: str, year: int, *kinds: tuple, page: int = 1) -> None:
        """Let the next requests for a page go wrong: ("status", 429, {"Retry-After": "1"}),
        ("cut",), ("body", b"")…
        """
        self.troubles[kpi, year, page] += kinds

    def page(self, kpi: str, year: int, number: int, units: Collection[str] | None = None) -> dict:
        """One page as version 3 writes it, of all units or of some."""
        rows = [
            {"kpi": kpi, "municipality": unit, "period": year, "values": values}
            for unit, values in sorted(self.values[kpi, year].items())
            if units is None or unit in units
        ]
        start = (number - 1) * self.page_size
        shown = rows[start : start + self.page_size]
        more = start + self.page_size < len(rows)
        base = self.next_base or self.base_url
        following = f"{base}data/kpi/{kpi}/year/{year}?page={number + 1}&per_page={self.page_size}"
        return {
            "values": shown,
            "count": len(shown),
            "next_url": following if more else None,
            "previous_url": None,
        }


class _Handler(Handler):
    server: KoladaServer

    def get(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(self.path)
        match = ASKED.match(parts.path)
        if not match:
            self._check(parts.path)
            return
        kpi, year = match[1], int(match[2])
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        body = json.dumps(self.server.page(kpi, year, number)).encode()
        self.answer(body, self.server.troubles[kpi, year, number])

    def _check(self, path: str) -> None:
        """Answer what a check asks: a KPI's title, or a few units' values."""
        server = self.server
        if named := NAMED.match(path):
            kpi = {"id": named[1], "title": server.titles.get(named[1])}
            values = [kpi] if kpi["title"] is not None else []
            body = json.dumps({"values": values, "count": len(values), "next_url": None}).encode()
            self.answer(body, server.troubles[*CHECK, 1])
        elif some := SOME.match(path):
            body = json.dumps(server.page(some[1], int(some[3]), 1, some[2].split(","))).encode()
            self.answer(body, server.troubles[*CHECK, 2])
        else:
            self.send(404, b'{"detail": "Not Found"}')


@contextmanager
def running(page_size: int = 5000) -> Iterator[KoladaServer]:
    """A server on a free port, stopped at the end."""
    server = KoladaServer(page_size)
    with served(server):
        yield server


def known_reception() -> dict[tuple[str, int], int]:
    """Received in all per municipality and year, as the published tables of 2015, 2016 and 2018
    say.
    """
    rows = published("kommunmottagna_2015_2016") + published("kommunmottagna_2018")
    return {
        (row["kommunkod"], int(row["ar"])): int(row["antal"])
        for row in rows
        if row["kategori"] == "totalt"
    }


def fill(server: KoladaServer) -> None:
    """Give every KPI values for all municipalities, counties and the nation, 2008–2018; the same
    every time.
    """
    known = known_reception()
    inhabitants = people()
    codes = [row["kommunkod"] for row in published("kommuner")]
    for year in YEARS:
        received = {
            code: known.get((code, year), (int(code) * 7 + year * 13) % 211) for code in codes
        }
        code, when, more = SEEDED
        received[code] += more if year == when else 0
        for kpi, values in (
            ("N01986", received),
            ("N01951", {code: inhabitants[code, year] for code in codes}),
        ):
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
