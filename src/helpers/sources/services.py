"""The services that are asked for figures: Kolada and Statistics Sweden (SCB).

Ask Kolada's API (version 3) for key figures.

What is relied on, and where it stands:
- `GET {base}data/kpi/{kpi}/year/{year}?per_page=5000` answers every unit with a value:
  municipalities ("2480"), regions ("0024"), the nation ("0000") and groups of municipalities ("G"
  and digits). https://api.kolada.se/v3/docs; `per_page` at most 5000 and at most 25 ids in a list,
  as the clients koladapy (github.com/xemarap/koladapy) and rKolada (github.com/LCHansson/rKolada)
  have it. Version 2, whose pages go on at `next_page`, is closed: it answers 410.
- A page is `{"values": [...], "count": how many on this page, "next_url": address or null}`; an
  observation is `{"kpi", "municipality", "period", "values": [{"gender", "count", "status",
  "value", "isdeleted"}]}`. A question that is not understood gets 422 and `{"detail": [...]}`.
- `GET {base}kpi/{kpi}` answers `{"values": [{"id", "title", "description", ...}]}`; no field says
  the unit, which ends the title: "Invånare totalt, antal".
- Values are revised and KPIs removed without notice; use is free, the source must be named
  (https://www.kolada.se/om-oss/api, "Användarvillkor").

Ask Statistics Sweden (SCB) for the population through PxWeb's API, version 1.

What is relied on, and where it stands (SCB, "PxWeb API 1.0", and the client rOpenGov/pxweb):
- `GET {base}{table}` answers what the table holds: `{"title", "variables": [{"code", "values",
  "elimination", "time"}]}`. A variable with `elimination` may be left out of a query: then SCB sums
  it.
- `POST` of a query to the same address answers the figures as JSON-stat 2
  (https://json-stat.org/format), with the unit of the content in `category.unit`.
- 30 calls in 10 seconds (10 in earlier years), beyond that 429; 150 000 cells a query, beyond that
  403 or 413. A question here is one year, 290 cells.
- BefolkningNy ends with 2024. From 2025 SCB adds noise to each figure (Cell Key Method) and
  publishes it in another table, whose totals are values of their own and no sums; it is not asked.
The client pxwebpy is not used: it speaks version 2 only and gives data frames, not answers as
received.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.contracts.text import in_line, quoted
from helpers.sources.snapshot import DESCRIPTION, Page, Question, Snapshot
from helpers.sources.web import Patience, RefusedError, Web, fill

KOLADA_URL = "https://api.kolada.se/v3/"
KPIS = {
    "N01986": "kommunmottagna",
    "N01987": "kommunmottagna efter anvisning",
    "N02002": "placerade ensamkommande barn",
    "N00732": "bor kvar i kommunen efter tre år, %",
    "N01951": "folkmängd 31 december",
}


class Kolada:
    """The service at one base address."""

    def __init__(self, base_url: str = KOLADA_URL, patience: Patience | None = None) -> None:
        self.web = Web(base_url, KOLADA_URL, "--base-url", patience)
        self.base_url = self.web.base_url

    def pages(self, question: Question) -> list[Page]:
        """Return every page of one KPI and year, as received; all of them, or an error.

        Raises:
            SetupError: no answer, or one that is no Kolada page, or a next page on another host.
        """
        kpi, year = question
        url: str | None = f"{self.base_url}data/kpi/{kpi}/year/{year}?per_page=5000"
        pages: list[Page] = []
        while url:
            if url in {page.url for page in pages} or len(pages) >= self.web.patience.max_pages:
                raise RefusedError(
                    f"{pages[-1].url}: its pages never end (next page {in_line(url)})."
                )
            page, following = self.web.ask(url, _next_url)
            pages.append(page)
            url = self.web.inside(following, page.url) if following else None
        return pages

    def title(self, kpi: str) -> str:
        """Return what Kolada calls a KPI.

        Raises:
            SetupError: no answer. RefusedError: there is no such KPI, or it has no title.
        """
        return self.web.ask(f"{self.base_url}kpi/{kpi}", _title)[1]

    def some(self, question: Question, units: Sequence[str]) -> list[Page]:
        """Return a KPI's and year's values for a few units, at most 25, as received: one page.

        Raises:
            SetupError: no answer, or one that is no Kolada page.
        """
        kpi, year = question
        url = f"{self.base_url}data/kpi/{kpi}/municipality/{','.join(units)}/year/{year}"
        return [self.web.ask(url, _next_url)[0]]


def _next_url(page: Any, url: str) -> str:
    """The next page's address, empty on the last page."""
    following = page.get("next_url") if isinstance(page, dict) else None
    if not isinstance(page, dict) or not isinstance(page.get("values"), list):
        raise RefusedError(
            f"{url}: the answer has no list of values. Is this Kolada's API, version 3?"
        )
    if not isinstance(following, str | None):
        raise RefusedError(f"{url}: next_url is {quoted(following)}, not an address.")
    if page.get("next_page") and "next_url" not in page:
        raise RefusedError(
            f"{url}: its pages go on at next_page, as in Kolada's API, version 2. Give the address"
            " of version 3."
        )
    return following or ""


def _title(found: Any, url: str) -> str:
    """A KPI's title."""
    listed = found.get("values") if isinstance(found, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    title = first.get("title") if isinstance(first, dict) else None
    if not isinstance(title, str) or not title.strip():
        raise RefusedError(
            f"{url}: the answer names no KPI. Has Kolada removed it, or is this not its API,"
            " version 3?"
        )
    return title


SCB_URL = "https://api.scb.se/OV0104/v1/doris/sv/ssd/"
TABLE = "BE/BE0101/BE0101A/BefolkningNy"
CONTENT = "BE0101N1"  # folkmängd 31 december
REGION, CONTENTS, TIME = "Region", "ContentsCode", "Tid"
SCB_PATIENCE = Patience(pause=1.1)  # fewer than ten calls in ten seconds


@dataclass(frozen=True)
class Description:
    """What a table holds: its regions' codes and its years."""

    regions: frozenset[str]
    years: frozenset[int]


class PxWeb:
    """The service at one base address."""

    def __init__(self, base_url: str = SCB_URL, patience: Patience = SCB_PATIENCE) -> None:
        self.web = Web(base_url, SCB_URL, "--scb-url", patience)
        self.base_url = self.web.base_url

    def description(self, snapshot: Snapshot) -> Description:
        """Return what the table holds, from the snapshot if it is there, else asked for and kept
        there.

        Raises:
            SetupError: no answer, or no description of a table with the population.
        """
        question = TABLE.rpartition("/")[2], DESCRIPTION
        fill(
            snapshot,
            self.base_url,
            lambda _: [self.described()[0]],
            [question],
            lambda *_: None,
        )
        kept = snapshot.pages(question)
        assert kept is not None
        return read_description(kept[0].json(), self.base_url + TABLE)

    def described(self) -> tuple[Page, Description]:
        """Return the table's description as received, and what it says; nothing is kept.

        Raises:
            SetupError: no answer, or no description of a table with the population.
        """
        return self.web.ask(self.base_url + TABLE, read_description)

    def pages(self, question: Question, regions: Collection[str]) -> list[Page]:
        """Return the population of one year in these regions, as received: one page.

        Raises:
            SetupError: no answer, or one that is no JSON-stat.
        """
        content, year = question
        wanted = {REGION: sorted(regions), CONTENTS: [content], TIME: [str(year)]}
        query = {
            "query": [
                {"code": code, "selection": {"filter": "item", "values": values}}
                for code, values in wanted.items()
            ],
            "response": {"format": "json-stat2"},
        }
        return [self.web.ask(self.base_url + TABLE, _dataset, query)[0]]


def read_description(found: Any, url: str) -> Description:
    """Return what a table's description says it holds.

    Raises:
        RefusedError: it is none, or the table lacks the population, or does not let SCB sum a
            variable.
    """
    try:
        values = {variable["code"]: variable["values"] for variable in found["variables"]}
        summed = {
            variable["code"]
            for variable in found["variables"]
            if variable.get("elimination") is True
        }
        regions, contents, years = (_texts(values[code]) for code in (REGION, CONTENTS, TIME))
        described = Description(frozenset(regions), frozenset(map(_year, years)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(
            f"{url}: the answer does not describe a table by {REGION}, {CONTENTS} and {TIME}"
            f" ({in_line(repr(error))}). Is this SCB's PxWeb, version 1?"
        ) from None
    if CONTENT not in contents:
        raise RefusedError(
            f"{url}: the table has {in_line(', '.join(contents))}, not {CONTENT}. Has SCB"
            " renamed it?"
        )
    if unsummed := values.keys() - {REGION, CONTENTS, TIME} - summed:
        named = in_line(", ".join(sorted(map(str, unsummed))))
        raise RefusedError(f"{url}: {named} cannot be left out, so SCB does not sum over it.")
    return described


def _texts(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"the values {quoted(values)} are no list of texts")
    return values


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text, re.ASCII):
        raise ValueError(f"{quoted(text)} is no year")
    return int(text)


def _dataset(found: Any, url: str) -> None:
    if not isinstance(found, dict) or found.get("class") != "dataset":
        raise RefusedError(
            f"{url}: the answer is no JSON-stat dataset. Is this SCB's PxWeb, version 1?"
        )
