"""Ask Kolada's API (version 3) for key figures.

What is relied on, and where it stands:
- `GET {base}data/kpi/{kpi}/year/{year}?per_page=5000` answers every unit with a value:
  municipalities ("2480"), regions ("0024") and the nation ("0000"). https://api.kolada.se/v3/docs;
  `per_page` at most 5000 and at most 25 ids in a list, as the client koladapy has it
  (github.com/xemarap/koladapy).
- A page is `{"values": [...], "count": n, "next_url": address or null}`; an observation is
  `{"kpi", "municipality", "period", "values": [{"gender", "count", "status", "value",
  "isdeleted"}]}`.
- Values are revised and KPIs removed without notice; use is free, the source must be named
  (https://www.kolada.se/om-oss/api, "Användarvillkor").
"""

from typing import Any

from helpers.contracts.text import in_line, quoted
from helpers.sources.snapshot import Page, Question
from helpers.sources.web import Patience, RefusedError, Web

BASE_URL = "https://api.kolada.se/v3/"
KPIS = {
    "N01986": "kommunmottagna",
    "N01987": "kommunmottagna efter anvisning",
    "N02002": "placerade ensamkommande barn",
    "N00732": "bor kvar i kommunen efter tre år, %",
    "N01951": "folkmängd 31 december",
}


class Kolada:
    """The service at one base address."""

    def __init__(self, base_url: str = BASE_URL, patience: Patience | None = None) -> None:
        self.web = Web(base_url, BASE_URL, "--base-url", patience)
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


def _next_url(page: Any, url: str) -> str:
    """The next page's address, empty on the last page."""
    following = page.get("next_url") if isinstance(page, dict) else None
    if not isinstance(page, dict) or not isinstance(page.get("values"), list):
        raise RefusedError(
            f"{url}: the answer has no list of values. Is this Kolada's API, version 3?"
        )
    if not isinstance(following, str | None):
        raise RefusedError(f"{url}: next_url is {quoted(following)}, not an address.")
    return following or ""
