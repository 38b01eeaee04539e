"""The page gate: the demands that every published page must meet, whoever wrote its content."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache, partial
from html.parser import HTMLParser

from helpers.contracts.text import LAYOUT, quoted
from helpers.report.job import ReportError

MAX_BYTES = 2_000_000
CSP = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'"
)
FORBIDDEN = {
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "link",
    "frame",
    "applet",
    "portal",
}
ADDRESSES = {
    "src",
    "href",
    "srcset",
    "poster",
    "action",
    "formaction",
    "data",
    "xlink:href",
    "background",
    "ping",
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BARE = re.compile(  # most tags of a page: nothing in them is looked at
    r'</?(?:td|th|tr|thead|tbody|span|div)(?: class="[a-z -]*")?(?: scope="(?:row|col)")?>'
)
# A drawing of nothing but shapes and words, each with attributes that can do no harm.
_DRAWN = (
    r"<(?:path|text|g|defs|clipPath|pattern)(?: (?:[dxy]|id|width|height|fill|stroke|transform"
    r"|text-anchor|textLength|clip-path|patternUnits|(?:fill|stroke|font)-[a-z]+)='[^'<>]*')*/?>"
)
_DRAWING = re.compile(
    rf"<svg class='[a-z]+' viewBox='[0-9 ]+' aria-hidden='true'>"
    rf"(?:{_DRAWN}|</(?:text|g|defs|clipPath|pattern)>|[^<])*</svg>"
)
_DRAWN_ID = re.compile(r" id='([^']*)'")
_UNSEEN = re.compile(r"[\x00-\x20]+")  # what a browser passes over in an address
_FOREIGN_STYLE = re.compile(
    r"(url\s*\(\s*['\"]?\s*(?!data:image/|#)|@import|expression\s*\()", re.IGNORECASE
)


@dataclass
class _Page(HTMLParser):
    """What the gate needs to know of a page, gathered in one reading by a real parser."""

    problems: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    content: Counter[str] = field(default_factory=Counter)
    language: str = ""
    policy: str = ""
    title: str = ""
    _inside: str = ""
    _figures: int = 0  # how many figures we stand in

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_starttag(self, i: int) -> int:
        """Pass over a tag that has nothing to look at; the parser reads any other."""
        return self._passed(i) or int(super().parse_starttag(i))

    def parse_endtag(self, i: int) -> int:
        """Do the same with what ends."""
        return self._passed(i) or int(super().parse_endtag(i))

    def _passed(self, i: int) -> int:
        """Return where a tag ends that may be passed over, 0 if it may not: within a style sheet it
        is no tag.
        """
        bare = None if self.cdata_elem else _BARE.match(self.rawdata, i)
        if bare is None:
            return 0
        self._inside = ""
        return bare.end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.problems.append(f"<{tag}> at line {self.getpos()[0]}")
        for name, value in values.items():
            self._check_attribute(tag, name, value)
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "meta":
            self._check_meta(values)
        if tag in HEADINGS:
            self.headings.append(int(tag[1]))
        told = values.get("alt" if tag == "img" else "aria-label", "")
        if (tag == "img" or values.get("role") == "img") and not told.strip():
            self.problems.append(f"an image without alt text at line {self.getpos()[0]}")
        if "id" in values:
            self.ids[values["id"]] += 1
        self._count(tag, values)
        self._inside = tag if tag in {"style", "title"} else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        self._figures -= tag == "figure"

    def handle_data(self, data: str) -> None:
        self._check_text(data)
        if self._inside == "style" and _FOREIGN_STYLE.search(data):
            self.problems.append("a style sheet that fetches something")
        if self._inside == "title":
            self.title += data

    def _check_text(self, text: str) -> None:
        if found := LAYOUT.search(text):
            self.problems.append(
                f"the hidden character {quoted(found[0])} at line {self.getpos()[0]}"
            )

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        self._check_text(value)
        if name.startswith("on"):
            self.problems.append(f"the event attribute {name} on <{tag}>")
        if name in ADDRESSES and not is_local(value, image=tag == "img"):
            self.problems.append(f'the foreign address {name}="{value[:60]}" on <{tag}>')
        if name == "style" and _FOREIGN_STYLE.search(value):
            self.problems.append(f"a style on <{tag}> that fetches something")

    def _check_meta(self, values: dict[str, str]) -> None:
        kind = values.get("http-equiv", "").lower()
        if kind == "content-security-policy":
            self.policy = values.get("content", "")
        elif kind == "refresh":
            self.problems.append("a page that moves the reader on (refresh)")

    def _count(self, tag: str, values: dict[str, str]) -> None:
        """Count what present shows, by the marks it leaves in the HTML."""
        classes, named = set(values.get("class", "").split()), "id" in values
        if tag == "figure":
            self._figures += 1
            self.content["figures"] += "fig" in classes
        elif tag == "table" and values.get("id", "").startswith("tab-"):
            # a figure's own numbers are part of the figure
            self.content["tables"] += not self._figures
        elif tag == "p" and named and "gap" in classes:
            self.content["gaps"] += 1
        elif tag == "p" and named and {"answer", "plain", "note", "key"} & classes:
            self.content["statements"] += 1


def is_local(address: str, image: bool = False) -> bool:
    """Return whether an address is within the edition, or a data image.

    >>> is_local("../index.html"), is_local("#om"), is_local("https://a.se"), is_local("//a.se")
    (True, True, False, False)
    >>> is_local(" java\\tscript:alert(1)"), is_local("data:image/svg+xml,x", image=True)
    (False, True)
    """
    if image and address[:11].lower() == "data:image/":
        return True  # at once, for it is long
    bare = _UNSEEN.sub("", address)
    if image and bare.lower().startswith("data:image/"):
        return True
    return (
        not bare.startswith(("//", "\\", "/"))
        and ":" not in bare.split("/")[0].split("#")[0].split("?")[0]
    )


def faults(html: str) -> list[str]:
    """Return every way in which a page breaks the gate; an empty list lets it through."""
    page = _read(html)
    found = list(page.problems)
    if hidden := LAYOUT.search(html):  # also where the parser does not look, such as in a comment
        found.append(f"the hidden character {quoted(hidden[0])}")
    if not page.language:
        found.append("no language on <html>")
    if page.policy != CSP:
        found.append("no content security policy, or another than ours")
    if not page.title.strip():
        found.append("no title")
    if page.headings.count(1) != 1:
        found.append(f"{page.headings.count(1)} h1 headings, expected one")
    steps = zip([0, *page.headings], page.headings, strict=False)
    found += [f"h{after} directly after h{before}" for before, after in steps if after > before + 1]
    found += [f"the id {name!r} {times} times" for name, times in page.ids.items() if times > 1]
    return found


def check_page(html: str, where: str = "the page") -> None:
    """Let a page through, or refuse it, saying where.

    Raises:
        ReportError: TOO_BIG over 2 MB; GATE with everything else that is wrong.
    """
    size = len(html.encode("utf-8"))
    if size > MAX_BYTES:
        raise ReportError(
            "TOO_BIG", where, f"{size / 1e6:.1f} MB, allowed {MAX_BYTES / 1e6:.0f} MB"
        )
    found = faults(html)
    if found:
        raise ReportError("GATE", where, "; ".join(found))


def shown(html: str) -> dict[str, int]:
    """Return how many statements, tables, figures and gaps a page holds."""
    content = _read(html).content
    return {kind: content[kind] for kind in ("statements", "tables", "figures", "gaps")}


@lru_cache(maxsize=1)  # a page is checked, then counted
def _read(html: str) -> _Page:
    page = _Page()
    page.feed(_DRAWING.sub(partial(_passed_over, page), html))
    page.close()
    return page


def _passed_over(page: _Page, drawing: re.Match[str]) -> str:
    """Take out a drawing, for most tags of a page are in one, and keep what is to be looked at."""
    page.ids.update(_DRAWN_ID.findall(drawing[0]))
    if _FOREIGN_STYLE.search(drawing[0]):
        page.problems.append("a drawing that fetches something")
    return ""
