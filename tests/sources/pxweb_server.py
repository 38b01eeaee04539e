"""A real HTTP server on loopback that speaks PxWeb's API, version 1, as SCB does, and can be told
to misbehave.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from itertools import product

from tests.sources.serving import Handler, people, served

ROOT = "/OV0104/v1/doris/sv/ssd/"
TABLE = f"{ROOT}BE/BE0101/BE0101A/BefolkningNy"
SUMMED = {"Civilstand": ["OG", "G"], "Alder": ["0", "1", "100+"], "Kon": ["1", "2"]}
Key = tuple[str, str]  # region and year


class PxWebServer(ThreadingHTTPServer):
    """The population by region and year; troubles by year ("" for the table's description, "check"
    for one region alone), each met once.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, values: dict[Key, int | float | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.values = values
        self.contents = ["BE0101N1", "BE0101N2"]
        self.summed = dict(SUMMED)
        self.troubles: dict[str, list[tuple]] = defaultdict(list)
        self.asked: list[str] = []
        self.content = {"label": "Folkmängd", "unit": "antal personer"}
        self.max_cells = 150_000
        self.sparse = False

    @property
    def base_url(self) -> str:
        """The address to give the command."""
        return f"http://127.0.0.1:{self.server_address[1]}{ROOT}"

    def trouble(self, year: int | str, *kinds: tuple) -> None:
        """Let the next requests for a year ("" for the description) go wrong."""
        self.troubles[str(year)] += kinds

    def variables(self) -> dict[str, list[str]]:
        """Every variable's values; the counties and the nation are regions too."""
        regions = {region for region, _ in self.values}
        return {
            "Region": sorted({"00", *(region[:2] for region in regions), *regions}),
            **self.summed,
            "ContentsCode": self.contents,
            "Tid": sorted({year for _, year in self.values}),
        }

    def description(self) -> dict:
        """What a GET of the table answers."""
        told = [
            {
                "code": code,
                "text": code.lower(),
                "values": values,
                "valueTexts": values,
                **({"elimination": True} if code in ("Region", *SUMMED) else {}),
                **({"time": True} if code == "Tid" else {}),
            }
            for code, values in self.variables().items()
        ]
        return {
            "title": "Folkmängden efter region, civilstånd, ålder, kön, tabellinnehåll och år",
            "variables": told,
        }

    def cube(self, wanted: dict[str, list[str]]) -> dict:
        """What a POST answers: only the variables asked for are dimensions, the others are
        summed.
        """
        names = [name for name in self.variables() if name in wanted]
        cells = [
            self.values.get(self.key(names, cell))
            for cell in product(*(wanted[name] for name in names))
        ]
        known: object = cells
        if self.sparse:
            known = {str(place): value for place, value in enumerate(cells) if value is not None}
        return {
            "class": "dataset",
            "version": "2.0",
            "source": "SCB",
            "id": names,
            "size": [len(wanted[name]) for name in names],
            "dimension": {name: {"category": self._category(name, wanted[name])} for name in names},
            "value": known,
            "status": {str(place): ".." for place, value in enumerate(cells) if value is None},
        }

    def _category(self, name: str, codes: list[str]) -> dict:
        found = {
            "index": {code: place for place, code in enumerate(codes)},
            "label": {code: code for code in codes},
        }
        if name == "ContentsCode":
            found["label"] = dict.fromkeys(codes, self.content["label"])
            unit = {"base": self.content["unit"], "decimals": 0}
            found["unit"] = dict.fromkeys(codes, unit)
        return found

    @staticmethod
    def key(names: list[str], cell: tuple[str, ...]) -> Key:
        """The region and the year of one cell."""
        named = dict(zip(names, cell, strict=True))
        return named["Region"], named["Tid"]


class _Handler(Handler):
    server: PxWebServer

    def get(self) -> None:
        self._told("", self.server.description)

    def post(self, query: dict) -> None:
        wanted = {part["code"]: part["selection"]["values"] for part in query["query"]}
        filters = {part["selection"]["filter"] for part in query["query"]}
        known = self.server.variables()
        if filters != {"item"} or query["response"] != {"format": "json-stat2"} or not all(
            set(values) <= set(known.get(code, ())) for code, values in wanted.items()
        ):  # fmt: skip
            self.server.asked.append("POST, refused")
            self.send(400, b'{"error": "Parameter error"}')
        elif math.prod(map(len, wanted.values())) > self.server.max_cells:
            self.server.asked.append("POST, too large")
            self.send(403, b'{"error": "Too many values selected"}')
        else:
            asked = wanted["Tid"][0] if len(wanted["Region"]) > 1 else "check"
            self._told(asked, lambda: self.server.cube(wanted))

    def _told(self, year: str, found) -> None:
        self.server.asked.append(f"{self.command} {year}".strip())
        if self.path == TABLE:
            self.answer(json.dumps(found()).encode(), self.server.troubles[year])
        else:
            self.send(404, b"")


@contextmanager
def running(values: dict[Key, int | float | None] | None = None) -> Iterator[PxWebServer]:
    """A server on a free port, by default with the project's own population, stopped at the end."""
    own = {(kod, str(ar)): antal for (kod, ar), antal in people().items()}
    server = PxWebServer(own if values is None else values)
    with served(server):
        yield server
