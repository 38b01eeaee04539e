"""Pages as a reader's browser meets them: served on loopback, read once, then judged rule by
rule.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.patience import PATIENCE

AXE: dict[str, object] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # four fifths of axe's time; judged by looks, below
    "rules": {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}
CONTRAST: dict[str, object] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
RUN = "([context, options]) => axe.run(context ?? document, options).then(told => told.violations)"
# Marks the first text of every look: colour, size and weight, and all the grounds up to one that
# hides what is below. What looks alike has the same contrast; a table's thousand cells have three
# looks.
LOOKS = """() => {
  document.querySelectorAll('[data-look]').forEach(element => element.removeAttribute('data-look'));
  const ground = element => {
    if (!element) return '';
    const style = getComputedStyle(element);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join(' ');
    const opaque = style.backgroundColor.startsWith('rgb(') && style.opacity === '1';
    return opaque ? own : `${own} over ${ground(element.parentElement)}`;
  };
  const seen = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const style = getComputedStyle(element);
    const text = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.visibility];
    const look = [...text, element.getClientRects().length > 0, ground(element)].join('|');
    if (!seen.has(look)) element.setAttribute('data-look', '');
    seen.add(look);
  }
  return seen.size;
}"""
DESKTOP = {"width": 1280, "height": 900}
NARROWER = (704, 390, 320)  # a tablet, a phone and the narrowest: wide figures end at 704
PHONE = 390
# Each word of a figure as it is shown: outside its drawing (a quarter of a line is no glyph), or
# smaller than can be read.
FIGURES = """() => [...document.querySelectorAll('.drawing svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  if (!frame.width) return [];
  const scale = frame.width / svg.viewBox.baseVal.width;
  return [...svg.querySelectorAll('text')].flatMap(text => {
    const box = text.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    const [beside, above] = [1, size / 4];
    const inside = box.left > frame.left - beside && box.right < frame.right + beside
      && box.top > frame.top - above && box.bottom < frame.bottom + above;
    const what = `${svg.closest('figure').id} ${svg.getAttribute('class')}: ${text.textContent}`;
    return [...(inside ? [] : [`${what} is cut`]), ...(size < 12 ? [`${what} is ${size.toFixed(1)} px`] : [])];
  });
})"""
WIDEST = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
UNFOLD = "document.querySelectorAll('details').forEach(details => details.open = true)"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and keeps silent; a browser's own question for an icon is no error."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a free loopback port, as its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Reading:
    """What one page did and showed in the browser."""

    address: str
    requested: list[str]
    complaints: list[str]
    violations: list[str]
    text: str
    text_without_script: str
    widths: dict[int, tuple[int, int]]  # viewport -> how wide the content is, how wide the page is
    figures: list[str]  # words of figures that are cut or small


def read_page(browser: Browser, address: str, *, axe_on_phone: bool = False) -> Reading:
    """Open a page as a reader does, all folded parts unfolded, and note all that the rules ask
    for.
    """
    requested: list[str] = []
    complaints: list[str] = []
    with browser.new_page(viewport=DESKTOP) as page:
        page.on("request", lambda request: requested.append(request.url))
        page.on(
            "console", lambda line: complaints.append(line.text) if line.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(address, wait_until="load")
        text = _text(page)
        page.evaluate(UNFOLD)
        violations = _violations(page, "desktop")
        page.emulate_media(color_scheme="dark")
        violations += _violations(page, "dark", CONTRAST)
        page.emulate_media(color_scheme="light")
        widths, figures = {}, [f"desktop: {told}" for told in page.evaluate(FIGURES)]
        for width in NARROWER:
            page.set_viewport_size({"width": width, "height": 800})
            widths[width] = tuple(page.evaluate(WIDEST))
            figures += [f"{width} px: {told}" for told in page.evaluate(FIGURES)]
            if axe_on_phone and width == PHONE:
                violations += _violations(page, f"{width} px")
    with browser.new_page(viewport=DESKTOP, java_script_enabled=False) as page:
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(address, wait_until="load")
        bare = _text(page)
    return Reading(address, requested, complaints, violations, text, bare, widths, figures)


def _text(page: Page) -> str:
    """All that the page's main part says, folded or not."""
    return " ".join((page.locator("main").text_content() or "").split())


def _violations(page: Page, where: str, rules: dict[str, object] = AXE) -> list[str]:
    """What axe finds, each with its first element; of what looks alike, one is asked for its
    contrast.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, [None, rules]) if rules is AXE else []
    if page.evaluate(LOOKS):
        found += page.evaluate(RUN, [{"include": [["[data-look]"]]}, CONTRAST])
    return [
        f"{where}: {rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:200]}"
        for rule in found
    ]


def inaccessible(reading: Reading) -> list[str]:
    """Breaches of WCAG 2.2 A and AA that axe can see, in the light and in the dark."""
    return reading.violations


def foreign_requests(reading: Reading) -> list[str]:
    """Requests to any other host than the one that served the page."""
    host = urlsplit(reading.address).netloc
    return [
        url
        for url in reading.requested
        if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).netloc != host
    ]


def console_errors(reading: Reading) -> list[str]:
    """Errors in the browser's console, what the page's own policy blocked among them."""
    return reading.complaints


def sideways_scroll(reading: Reading) -> list[str]:
    """Phone widths at which the page as a whole scrolls sideways."""
    return [
        f"at {width} px the page is {content} px wide"
        for width, (content, visible) in reading.widths.items()
        if content > visible
    ]


def script_dependence(reading: Reading) -> list[str]:
    """A page without text, or one that says something else where JavaScript is off."""
    if not reading.text:
        return ["the page's main part is empty"]
    return (
        []
        if reading.text == reading.text_without_script
        else ["says something else without JavaScript"]
    )


def unread_figures(reading: Reading) -> list[str]:
    """Words of figures that are cut off, or shown smaller than 12 pixels, at some width."""
    return reading.figures


RULES = (
    *(inaccessible, foreign_requests, console_errors),
    *(sideways_scroll, script_dependence, unread_figures),
)


def broken(reading: Reading) -> dict[str, list[str]]:
    """What a page breaks, by the rule."""
    return {rule.__name__: found for rule in RULES if (found := rule(reading))}


Kind = tuple[str, str, str]  # tag, class and role
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}  # elements that are never closed


class _Anchors(HTMLParser):
    """A page's ids, its links, and the kinds of its elements, each with the kind that it stands
    in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.kinds: set[tuple[Kind | None, Kind]] = set()
        self._around: list[Kind] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if self._around and self._around[-1][0] == "svg":
            return  # what a drawing is made of
        kind = (tag, given.get("class") or "", given.get("role") or "")
        self.kinds.add((self._around[-1] if self._around else None, kind))
        if tag not in VOID:
            self._around.append(kind)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        if self._around and self._around[-1][0] == "svg" and tag != "svg":
            return
        while self._around and self._around.pop()[0] != tag:
            pass


@cache
def anchors(path: Path) -> _Anchors:
    """The ids, links and kinds of elements of one page, which does not change."""
    parser = _Anchors()
    parser.feed(path.read_text("utf-8"))
    return parser


def broken_links(folder: Path) -> list[str]:
    """Links to a file or a place in a page of the edition that is not there."""
    pages = {path.resolve(): anchors(path) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            lost = (
                parts.fragment
                and there in pages
                and unquote(parts.fragment) not in pages[there].ids
            )
            if not there.is_file() or lost:
                found.append(f"{path.name}: {link}")
    return found
