"""Ask Kolada's API (version 3) for key figures, patiently and only when the user says so.

What is relied on, and where it stands:
- `GET {base}data/kpi/{kpi}/year/{year}?per_page=5000` answers every unit with a value: municipalities
  ("2480"), regions ("0024") and the nation ("0000"). https://api.kolada.se/v3/docs; `per_page` at most
  5000 and at most 25 ids in a list, as the client koladapy has it (github.com/xemarap/koladapy).
- A page is `{"values": [...], "count": n, "next_url": address or null}`; an observation is
  `{"kpi", "municipality", "period", "values": [{"gender", "count", "status", "value", "isdeleted"}]}`.
- Values are revised and KPIs removed without notice; use is free, the source must be named
  (https://www.kolada.se/om-oss/api, "Användarvillkor").
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import stamina

from helpers.errors import ParameterError, SetupError
from helpers.sources.snapshot import Page, Question, Snapshot

BASE_URL = "https://api.kolada.se/v3/"
KPIS = {
    "N01986": "kommunmottagna",
    "N01987": "kommunmottagna efter anvisning",
    "N02002": "placerade ensamkommande barn",
    "N00732": "bor kvar i kommunen efter tre år, %",
    "N01951": "folkmängd 31 december",
}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}


@dataclass(frozen=True)
class Patience:
    """How long to wait and how much to take; times in seconds."""

    attempts: int = 6
    first_attempts: int = 3  # until the service has answered once: without a network the user waits seconds
    wait_initial: float = 1.0
    wait_max: float = 30.0
    retry_after_max: float = 120.0
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    whole_timeout: float = 300.0
    pause: float = 0.2  # between requests, out of courtesy
    max_bytes: int = 20_000_000
    max_pages: int = 50


class _TransientError(Exception):
    """What may go better the next time; `after` is the wait in seconds that the service asked for."""

    def __init__(self, told: str, after: float | None = None) -> None:
        super().__init__(told)
        self.after = after


class RefusedError(SetupError):
    """The service answered something that cannot be used."""


class Kolada:
    """The service at one base address."""

    def __init__(self, base_url: str = BASE_URL, patience: Patience | None = None) -> None:
        self.base_url = checked_base(base_url)
        self.patience = patience or Patience()
        self.answered = False
        self.session = requests.Session()
        self.session.headers.update({"Accept": "application/json", "User-Agent": "mottagningsboken"})

    def pages(self, question: Question) -> list[Page]:
        """Return every page of one KPI and year, as received; all of them, or an error.

        Raises:
            SetupError: no answer, or one that is no Kolada page, or a next page on another host.
        """
        kpi, year = question
        url: str | None = f"{self.base_url}data/kpi/{kpi}/year/{year}?per_page=5000"
        pages: list[Page] = []
        while url:
            if url in {page.url for page in pages} or len(pages) >= self.patience.max_pages:
                raise RefusedError(f"{pages[-1].url}: its pages never end (next page {url}).")
            page, following = self._page(url)
            pages.append(page)
            url = self._inside(following, page.url) if following else None
            time.sleep(self.patience.pause)
        return pages

    def _page(self, url: str) -> tuple[Page, str]:
        patience = self.patience

        def again(error: Exception) -> bool | float:
            hopeless = not self.answered and attempt.num >= patience.first_attempts
            if hopeless or not isinstance(error, _TransientError):
                return False
            return True if error.after is None else error.after

        try:
            for attempt in stamina.retry_context(
                on=again,
                attempts=patience.attempts,
                timeout=None,
                wait_initial=patience.wait_initial,
                wait_max=patience.wait_max,
                wait_jitter=patience.wait_initial,
            ):
                with attempt:
                    content = self._get(url)
                    following = _next_url(content, url)
        except _TransientError as error:
            raise SetupError(f"{url}: no usable answer after {attempt.num} attempts ({error}).") from None
        return Page(url, content), following

    def _get(self, url: str, redirects: int = 3) -> bytes:
        """One request; its whole body, within the limits of time and size."""
        limits = (self.patience.connect_timeout, self.patience.read_timeout)
        try:
            with self.session.get(url, timeout=limits, stream=True, allow_redirects=False) as response:
                self.answered = True
                if response.status_code in REDIRECTS and redirects:
                    moved = self._inside(response.headers.get("Location", ""), url)
                    return self._get(moved, redirects - 1)
                self._judge(response, url)
                return b"".join(self._body(response, url))
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise _TransientError(_plainly(error)) from None
        except requests.RequestException as error:
            raise SetupError(f"{url}: cannot be asked for ({_plainly(error)}).") from None

    def _judge(self, response: requests.Response, url: str) -> None:
        code = response.status_code
        if code == 429 or code >= 500:
            raise _TransientError(f"HTTP {code}", _wait_asked_for(response, self.patience.retry_after_max))
        if code in GONE:
            raise RefusedError(f"{url}: HTTP {code}, nothing is at this address. Has the API a new version?")
        if code != 200:
            raise RefusedError(f"{url}: HTTP {code}, the question was not answered.")

    def _body(self, response: requests.Response, url: str) -> Iterator[bytes]:
        size, start = 0, time.monotonic()
        for chunk in response.iter_content(65536):
            size += len(chunk)
            if size > self.patience.max_bytes:
                raise RefusedError(f"{url}: the answer exceeds {self.patience.max_bytes} bytes; it was not kept.")
            if time.monotonic() - start > self.patience.whole_timeout:
                raise _TransientError("the answer came too slowly")
            yield chunk

    def _inside(self, address: str, page: str) -> str:
        """Return an address the service named, on the base address; refuse one that leads elsewhere.

        A mirror may serve Kolada's own pages, whose next page lies at Kolada: that is looked for at the mirror.
        """
        for home in (self.base_url, BASE_URL):
            rest = _below(page, address, home)
            if rest is not None:
                return self.base_url + rest
        raise RefusedError(
            f"{page}: points on to {address}, which is not under {self.base_url}. It was not asked. "
            "If the service has moved, give its new address with --base-url."
        )


def checked_base(base_url: str) -> str:
    """Return a base address with one slash at its end.

    Raises:
        ParameterError: it is no http(s) address, or it carries a query or a password.

    >>> checked_base("https://api.kolada.se/v3")
    'https://api.kolada.se/v3/'
    """
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username is not None:
        raise ParameterError(f"--base-url: found {base_url!r}; write an address such as {BASE_URL}.")
    return base_url.rstrip("/") + "/"


def fetch(
    snapshot: Snapshot,
    service: Kolada,
    questions: list[Question],
    listen: Callable[[Question, bool], None],
) -> int:
    """Fill a snapshot with the answers that are missing in it; return how many questions were asked.

    Args:
        snapshot: The day's folder. What it has from the same base address is not asked for again.
        service: Whom to ask.
        questions: KPI and year, in the order they are asked.
        listen: Called after each with whether it was asked now.

    Raises:
        SetupError: no answer or no room; the answers so far are kept and the next run continues.
    """
    asked = 0
    for question in questions:
        in_hand = snapshot.base_url(question) == service.base_url and snapshot.pages(question) is not None
        if not in_hand:
            snapshot.add(question, service.base_url, service.pages(question))
            asked += 1
        listen(question, not in_hand)
    return asked


def _wait_asked_for(response: requests.Response, most: float) -> float | None:
    """Seconds from Retry-After, never more than `most`; a date or nonsense gives our own back-off."""
    text = response.headers.get("Retry-After", "").strip()
    return min(float(text), most) if text.isascii() and text.isdigit() else None


def _next_url(content: bytes, url: str) -> str:
    """The next page's address, empty on the last page; what is no page may be a torn one, so it is tried again."""
    try:
        page: Any = json.loads(content)
    except (ValueError, RecursionError):
        found = content[:60].decode("utf-8", "replace").strip()
        raise _TransientError(f"the answer is not JSON, it begins {found!r}") from None
    following = page.get("next_url") if isinstance(page, dict) else None
    if not isinstance(page, dict) or not isinstance(page.get("values"), list):
        raise RefusedError(f"{url}: the answer has no list of values. Is this Kolada's API, version 3?")
    if not isinstance(following, str | None):
        raise RefusedError(f"{url}: next_url is {following!r}, not an address.")
    return following or ""


def _below(page: str, address: str, home: str) -> str | None:
    """The part of an address (as a page names it) below a home, or None; http and https are one host."""
    try:
        named, base = urlsplit(urljoin(page, address)), urlsplit(home)
        same = (named.hostname, _port(named)) == (base.hostname, _port(base)) and named.username is None
    except ValueError:
        return None
    if not same or named.scheme not in {"http", "https"} or not named.path.startswith(base.path):
        return None
    return named.path.removeprefix(base.path) + (f"?{named.query}" if named.query else "")


def _port(parts: SplitResult) -> int | None:
    """The port if it is none of the usual ones."""
    return None if parts.port in {80, 443} else parts.port


def _plainly(error: Exception) -> str:
    """A network error in words, without the names of Python's classes."""
    text = str(error)
    words = {
        "NameResolution": "the name cannot be looked up",
        "resolve": "the name cannot be looked up",
        "refused": "the connection was refused",
        "timed out": "no answer in time",
        "Incomplete": "the connection was cut",
        "aborted": "the connection was cut",
        "reset": "the connection was cut",
        "CERTIFICATE": "its certificate is not trusted",
        "roxy": "the proxy did not let it through",
        "unreachable": "the network is unreachable",
    }
    return next((said for sign, said in words.items() if sign in text), "the connection failed")
