"""Pages measured as a reader meets them: how long, how large, how clear; each rule a plain function
of what one look at a page found.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tests.house.web import DESKTOP, FIGURES, UNFOLD
from tests.patience import PATIENCE

WIDTHS = (1280, 390, 320)
FIRST = 900  # pixels from the top of the page: one screen
LEAST_TEXT, LEAST_MARK = 4.5, 3.0  # contrast, of words and of marks
TALLEST = {"county": 6500}  # pixels at 1280
# A4; the index of the standard edition is two, of one with municipalities of most counties three
SHEETS = {"county": 8, "municipality": 5, "handout": 2, "index": 3}
NAMED = re.compile(
    r"^\s*- (?:text: |[a-z]+ (?=\")|[a-z]+: )"
)  # what a line of the tree begins with
COUNT = re.compile(rb"/Type\s*/Page\b")

# What is measured in the page itself. A mark's contrast is that
# of its ink on the page's paper; a word's is with the shape below it, if there is one. Grounds, grid and
# a map's classes are no marks.
MEASURE = """() => {
  const shown = element => element.getClientRects().length > 0
    && getComputedStyle(element).visibility !== 'hidden';
  const light = colour => {
    const parts = colour.match(/[0-9.]+/g).map(Number);
    if (parts.length > 3 && parts[3] === 0) return null;
    const [r, g, b] = parts.slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const paper = light(getComputedStyle(document.documentElement).backgroundColor)
    ?? light(getComputedStyle(document.body).backgroundColor) ?? 1;
  const exhibits = [...document.querySelectorAll('main .drawing, main table')].filter(shown);
  const words = [...document.querySelectorAll('.drawing svg text')].filter(shown);
  const ground = /^var\\(--(paper|grid|tint|k[1-5]|ink|soft)\\)$/;
  const inks = marks => [...new Set([...marks].filter(shown)
    .filter(mark => !ground.test(mark.getAttribute('fill'))).map(mark => getComputedStyle(mark).fill))];
  const under = text => {
    const box = text.getBBox();
    const turn = text.transform.baseVal.consolidate()?.matrix;
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    const at = turn ? middle.matrixTransform(turn) : middle;
    const below = [...text.ownerSVGElement.querySelectorAll('path')]
      .filter(path => path.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
      .filter(path => getComputedStyle(path).fill.startsWith('rgb') && path.isPointInFill(at));
    return below.length ? light(getComputedStyle(below.at(-1)).fill) : paper;
  };
  const stops = [...document.querySelectorAll('[tabindex="0"]')].filter(shown);
  const idle = stops.filter(stop => !stop.matches('a, summary, button, input')
    && stop.scrollWidth <= stop.clientWidth + 1).map(stop => stop.querySelector('table')?.id ?? stop.tagName);
  const unreached = [...document.querySelectorAll('.scroll')].filter(shown)
    .filter(box => box.scrollWidth > box.clientWidth + 1
      && !box.matches('[tabindex]') && !box.querySelector('a[href]'))
    .map(box => box.querySelector('table')?.id ?? '');
  const sideways = [...document.querySelectorAll('body *')].filter(shown)
    .filter(box => box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX)
      && !box.matches('.scroll') && box.tagName !== 'PRE')
    .map(box => box.className || box.tagName);
  return {
    height: document.documentElement.scrollHeight,
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    first: exhibits.length ? exhibits[0].getBoundingClientRect().top + scrollY : null,
    idle, unreached, sideways,
    words: words.map(text => [getComputedStyle(text).fill, ratio(light(getComputedStyle(text).fill), under(text))])
      .filter((pair, at, all) => all.findIndex(other => String(other) === String(pair)) === at),
    marks: inks(document.querySelectorAll('.drawing svg [fill^="var(--"]:not(text)'))
      .map(ink => [ink, ratio(light(ink), paper)]),
  };
}"""


@dataclass
class Look:
    """What one page shows.

    Attributes:
        at: What was measured, by width (and theme): height, first exhibit, boxes and inks.
        figures: Words of figures that are cut or small, by width.
        captions: Captions that a screen reader hears more than once.
        sheets: How many A4 it prints.
    """

    kind: str
    at: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    sheets: int = 0


def look(browser: Browser, address: str, kind: str) -> Look:
    """Open a page at each width, light and dark, print it, and note what the rules ask for."""
    found = Look(kind)
    with browser.new_page(viewport=DESKTOP) as page:
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(address, wait_until="load")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found.at[str(width)] = page.evaluate(MEASURE)
            found.figures += [f"{width} px: {told}" for told in page.evaluate(FIGURES)]
        page.emulate_media(color_scheme="dark")
        found.at["dark"] = page.evaluate(MEASURE)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESKTOP)
        found.sheets = len(COUNT.findall(page.pdf(format="A4", prefer_css_page_size=True)))
        page.evaluate(UNFOLD)
        found.captions = _twice(page)
    return found


def _twice(page: Page) -> list[str]:
    """Captions of tables and figures that stand more than once in the accessibility tree."""
    said = page.locator("body").aria_snapshot()
    captions = page.evaluate(
        "[...document.querySelectorAll('main .caption, main figcaption')].map(own => own.textContent)"
    )
    heard = [NAMED.sub("", line).strip().rstrip(":").strip('"') for line in said.splitlines()]
    return [text for text in captions if heard.count(" ".join(text.split())) > 1]


def too_long(seen: Look) -> list[str]:
    """A page that is taller, or prints on more paper, than its kind may."""
    tallest, most = TALLEST.get(seen.kind), SHEETS.get(seen.kind)
    height = seen.at["1280"]["height"]
    found = [f"{height} px tall, at most {tallest}"] if tallest and height > tallest else []
    return found + ([f"{seen.sheets} A4, at most {most}"] if most and seen.sheets > most else [])


def unreadable(seen: Look) -> list[str]:
    """Words of figures that are cut or smaller than 12 pixels."""
    return seen.figures


def late(seen: Look) -> list[str]:
    """A page whose first figure or table is below the first screen of a desktop."""
    first = seen.at["1280"]["first"]
    return (
        [f"the first exhibit is at {first:.0f} px"] if first is not None and first > FIRST else []
    )


def idle_stops(seen: Look) -> list[str]:
    """At 320 pixels, where they are made for: stops of the keyboard where nothing is to do, and
    boxes that scroll but cannot be reached.
    """
    own = seen.at["320"]
    return [f"idle: {name}" for name in own["idle"]] + [
        f"out of reach: {name}" for name in own["unreached"]
    ]


def faint(seen: Look) -> list[str]:
    """Inks of figures that are too near their paper, in the light or the dark."""
    return [
        f"{theme}: {what} {ink} {ratio:.1f}"
        for theme in ("1280", "dark")
        for what, least in (("words", LEAST_TEXT), ("marks", LEAST_MARK))
        for ink, ratio in seen.at[theme][what]
        if ratio < least
    ]


def heard_twice(seen: Look) -> list[str]:
    """Captions that a screen reader hears more than once."""
    return seen.captions


def sideways(seen: Look) -> list[str]:
    """What but a table scrolls sideways at 320 pixels."""
    own = seen.at["320"]
    return [*(["the page"] if own["wide"] else []), *own["sideways"]]


RULES = (too_long, unreadable, late, idle_stops, faint, heard_twice, sideways)


def broken(seen: Look) -> dict[str, list[str]]:
    """What a page breaks, by the rule."""
    return {rule.__name__: found for rule in RULES if (found := rule(seen))}
