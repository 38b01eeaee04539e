"""Ask a service on the network, patiently and only when the user says so: retries, limits, never
another host.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import requests
import stamina

from helpers.contracts.text import LONGEST, from_json, in_line, quoted
from helpers.errors import ParameterError, SetupError
from helpers.sources.snapshot import Page, Question, Snapshot

REDIRECTS = {301, 302, 303, 307, 308}
SAID = {
    400: "the question was not understood. Has the API a new version?",
    403: "the query is not allowed, or too large for the service.",
    404: "nothing is at this address. Has the API a new version?",
    410: "nothing is at this address. Has the API a new version?",
    413: "the query is too large for the service.",
    422: "the question was not understood. Has the API a new version?",
}
TOLD_IN = ("detail", "error", "title", "message", "msg")  # where a service says what is wrong
Read = TypeVar("Read")


@dataclass(frozen=True)
class Patience:
    """How long to wait and how much to take; times in seconds, `whole_timeout` for an answer with
    all redirects.
    """

    attempts: int = 6
    # until the service has answered once: without a network the user waits seconds
    first_attempts: int = 3
    wait_initial: float = 1.0
    wait_max: float = 30.0
    retry_after_max: float = 120.0
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    whole_timeout: float = 300.0
    pause: float = 0.2  # between requests, out of courtesy
    max_bytes: int = 20_000_000
    max_pages: int = 50


class TransientError(Exception):
    """What may go better the next time; `after` is the wait in seconds that the service asked
    for, `slow` whether it was there and took too long.
    """

    def __init__(self, told: str, after: float | None = None, slow: bool = False) -> None:
        super().__init__(told)
        self.after, self.slow = after, slow


class RefusedError(SetupError):
    """The service answered something that cannot be used."""


class SilentError(SetupError):
    """The service gives no usable answer: nobody is there, or it says that it cannot."""


class SlowError(SetupError):
    """The service is there and does not answer in time."""


class _Session(requests.Session):
    """A session that leaves it to us where an answer leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Name none: requests would read the address, and the whole body beneath it, before we
        could refuse.
        """


class Web:
    """A patient way to one base address; `option` is what the user gives another address with.

    A mirror may serve the original's own pages: what they name at `original` is looked for at the
    base.
    """

    def __init__(
        self, base_url: str, original: str, option: str, patience: Patience | None = None
    ) -> None:
        self.base_url = checked_base(base_url, original, option)
        self.original = original
        self.option = option
        self.patience = patience or Patience()
        self.answered = False
        self._open()

    def _open(self) -> None:
        self.session = _Session()
        self.session.headers.update(
            {"Accept": "application/json", "User-Agent": "mottagningsboken"}
        )

    def ask(
        self, url: str, read: Callable[[Any, str], Read], query: object = None
    ) -> tuple[Page, Read]:
        """Return an answer as received and what `read` makes of its JSON; a query is posted.

        Args:
            url: The address, under the base address.
            read: Takes the JSON and the address; raises RefusedError for what cannot be used.
            query: What to post as JSON; None asks with GET.

        Raises:
            SetupError: no answer, or one that cannot be used. What passes is waited out first.
        """
        patience = self.patience

        def again(error: Exception) -> bool | float:
            hopeless = not self.answered and attempt.num >= patience.first_attempts
            if hopeless or not isinstance(error, TransientError):
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
                    content = self._in_time(url, query)
                    found = read(_parsed(content), url)
        except TransientError as error:
            raise (SlowError if error.slow else SilentError)(
                f"{url}: no usable answer after {attempt.num} attempts ({error})."
            ) from None
        time.sleep(patience.pause)
        return Page(url, content), found

    def _in_time(self, url: str, query: object) -> bytes:
        """One answer within the whole time, even if the server sends a byte a second: its waiting
        is left behind.
        """
        asked: Future[bytes] = Future()
        threading.Thread(
            target=_answer, args=(asked, self._request, url, query), daemon=True
        ).start()
        try:
            return asked.result(self.patience.whole_timeout)
        except TimeoutError:
            self._open()  # the other is still in use
            told = (
                f"no whole answer within {self.patience.whole_timeout:g} seconds; try again later."
            )
            raise SlowError(f"{url}: {told}") from None

    def _request(self, url: str, query: object, redirects: int = 3) -> bytes:
        """One request; its whole body, within the limit of size."""
        limits = (self.patience.connect_timeout, self.patience.read_timeout)
        method = "GET" if query is None else "POST"
        try:
            with self.session.request(
                method, url, json=query, timeout=limits, stream=True, allow_redirects=False
            ) as response:
                self.answered = True
                if response.status_code in REDIRECTS and redirects:
                    moved = self.inside(response.headers.get("Location", ""), url)
                    return self._request(moved, query, redirects - 1)
                self._judge(response, url)
                return b"".join(self._body(response, url))
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise TransientError(
                _plainly(error), slow=isinstance(error, requests.ReadTimeout)
            ) from None
        except requests.RequestException as error:
            raise SetupError(f"{url}: cannot be asked for ({_plainly(error)}).") from None

    def _judge(self, response: requests.Response, url: str) -> None:
        code = response.status_code
        if code == 429 or code >= 500:
            raise TransientError(
                f"HTTP {code}", _wait_asked_for(response, self.patience.retry_after_max)
            )
        if code != 200:
            raise RefusedError(
                f"{url}: HTTP {code}, {SAID.get(code, 'the question was not answered.')}"
                f"{self._own_words(response, url)}"
            )

    def _own_words(self, response: requests.Response, url: str) -> str:
        """What a service says of its refusal, quoted; empty if it says nothing readable."""
        try:
            said = _said(from_json(b"".join(self._body(response, url))))
        except (ValueError, RecursionError, RefusedError, requests.RequestException):
            return ""
        return f" It says {quoted(said)}." if said else ""

    def _body(self, response: requests.Response, url: str) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_content(65536):
            size += len(chunk)
            if size > self.patience.max_bytes:
                raise RefusedError(
                    f"{url}: the answer exceeds {self.patience.max_bytes} bytes; it was not kept."
                )
            yield chunk

    def inside(self, address: str, page: str) -> str:
        """Return an address that a page names, on the base address.

        Raises:
            RefusedError: it leads elsewhere; it is not asked.
        """
        for home in (self.base_url, self.original):
            rest = _below(page, address, home) if len(address) <= LONGEST else None
            if rest is not None:
                return self.base_url + rest
        raise RefusedError(
            f"{page}: points on to {in_line(address, 200)}, which is not under {self.base_url}."
            f" It was not asked. If the service has moved, give its new address with {self.option}."
        )


def _answer(asked: "Future[bytes]", request: Callable[..., bytes], *how: object) -> None:
    try:
        asked.set_result(request(*how))
    except BaseException as error:
        asked.set_exception(error)


def checked_base(base_url: str, original: str, option: str) -> str:
    """Return a base address with one slash at its end.

    Raises:
        ParameterError: it is no http(s) address, or it carries a query or a password.

    >>> checked_base("https://api.kolada.se/v3", "https://api.kolada.se/v3/", "--base-url")
    'https://api.kolada.se/v3/'
    """
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username is not None:
        raise ParameterError(f"{option}: found {base_url!r}; write an address such as {original}.")
    return base_url.rstrip("/") + "/"


def fill(
    snapshot: Snapshot,
    base_url: str,
    ask: Callable[[Question], list[Page]],
    questions: list[Question],
    listen: Callable[[Question, bool], None],
) -> int:
    """Fill a snapshot with the answers that are missing in it; return how many questions were
    asked.

    Args:
        snapshot: The day's folder. What it has from the same base address is not asked for again.
        base_url: The base address that is asked.
        ask: Gives a question's pages.
        questions: What to ask, in order.
        listen: Called after each with whether it was asked now.

    Raises:
        SetupError: no answer or no room; the answers so far are kept and the next run continues.
    """
    asked = 0
    for question in questions:
        in_hand = snapshot.in_hand(question, base_url)
        if not in_hand:
            snapshot.add(question, base_url, ask(question))
            asked += 1
        listen(question, not in_hand)
    return asked


def _parsed(content: bytes) -> Any:
    """The answer's JSON; what is none may be torn, so it is tried again."""
    try:
        return from_json(content)
    except ValueError:
        found = content[:60].decode("utf-8", "replace").strip()
        raise TransientError(f"the answer is not JSON, it begins {quoted(found)}") from None


def _said(told: Any) -> str:
    """The text in an answer that refuses: Kolada's `detail`, PxWeb's `error` or `title`.

    >>> _said({"detail": [{"loc": ["query"], "msg": "too large"}]}), _said({"error": 1})
    ('too large', '')
    """
    if isinstance(told, list):
        return next(filter(None, map(_said, told)), "")
    if isinstance(told, dict):
        return next(filter(None, (_said(told[name]) for name in TOLD_IN if name in told)), "")
    return told if isinstance(told, str) else ""


def _wait_asked_for(response: requests.Response, most: float) -> float | None:
    """Seconds from Retry-After, never more than `most`; a date or nonsense gives our own
    back-off.
    """
    text = response.headers.get("Retry-After", "").strip()
    return min(float(text), most) if re.fullmatch("[0-9]{1,9}", text) else None


def _below(page: str, address: str, home: str) -> str | None:
    """The part of an address (as a page names it) below a home, or None; http and https are one
    host.

    It is resolved first, as whoever asks or answers might: `..` leads up, also where it is written
    %2e%2e.
    """
    try:
        named, base = urlsplit(urljoin(page, address)), urlsplit(home)
        named = urlsplit(
            urljoin(urljoin(page, address), named.path + (f"?{named.query}" if named.query else ""))
        )
        same = (named.hostname, _port(named)) == (
            base.hostname,
            _port(base),
        ) and named.username is None
    except ValueError:
        return None
    below = named.path.startswith(base.path) and not {"..", "."} & set(
        re.split(r"[/\\]", unquote(named.path))
    )
    if not same or named.scheme not in {"http", "https"} or not below:
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
