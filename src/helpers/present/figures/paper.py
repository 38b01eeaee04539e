"""Where matplotlib draws: every artist becomes a few short elements of one SVG, its texts stay
texts.
"""

import re
import string
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Bbox, Transform

from helpers.contracts.text import as_html
from helpers.present.style import PALETTE, short

ABOVE, BELOW = 0.76, 0.21  # em over and under the line: what "l" and "p" need
UNKNOWN_WIDTH = 1.0  # em for a letter that DejaVu Sans lacks
LINE = 1.2  # em from one line to the next
UNIT = 10  # of a drawing's numbers in a point
CIRCLE = np.asarray(Path.unit_circle().codes)
FEW = 4  # steps of a box
FONT = "font-family='DejaVu Sans,Verdana,sans-serif'"  # Verdana is as wide
TILE = 72.0  # points: what a hatch repeats
ANCHORS = {"left": "", "center": " text-anchor='middle'", "right": " text-anchor='end'"}
HEAD = re.compile(r"<svg [^>]*(viewBox='[^']*')[^>]*>")
INK = re.compile(r"(fill|stroke)='(#[0-9a-f]+)'")
OWN_ID = re.compile(r"(\bid='|url\(#)")
VARIABLES = {short(ink.light): f"var(--{ink.name})" for ink in PALETTE}
SLACK = 0.5  # points outside its frame before a drawing is cut: half a line

Points = list[list[int]]  # x and y of every corner, y downwards


class Element(NamedTuple):
    """One element of the drawing: its look, which neighbours may share, and the rest of it."""

    look: str
    name: str
    rest: str


def _face(bold: bool) -> FT2Font:
    """The font, from matplotlib's own store: it is emptied at a fork, as forks would read one open
    file by turns.
    """
    return get_font(
        f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"
    )


@cache
def _advance(letter: str, bold: bool) -> float:
    face = _face(bold)
    glyph = face.get_char_index(ord(letter))
    return (
        face.load_glyph(glyph, flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM
        if glyph
        else UNKNOWN_WIDTH
    )


def measure_letters() -> None:
    """Measure the letters that most texts are made of: forks of this process then open no font."""
    for letter in string.printable.strip() + " ÅÄÖåäöÉéü\u00a0–−%‰…·×":
        for bold in (False, True):
            _advance(letter, bold)


@lru_cache(maxsize=4096)  # a text is measured to find its room, and again where it is written
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Give the width in points of one line of text, set in so many points.

    >>> round(text_width("Umeå", 10.0), 1)
    29.3
    """
    return size * sum(_advance(letter, bold) for letter in text)


def whole(points: Any) -> Points:
    """Give corners in points (n × 2) in the drawing's numbers."""
    # rounds: a place on the map
    numbers: Points = np.rint(np.asarray(points) * UNIT).astype(int).tolist()
    return numbers


def outline(points: Points, codes: Any) -> str:
    """Write a path as steps from corner to corner, each as briefly as it can be.

    >>> outline([[10, 20], [10, 50], [60, 50], [60, 20], [10, 20]], np.array([1, 2, 2, 2, 79]))
    'M10 20v30h50v-30z'
    """
    kinds = [1] + [2] * (len(points) - 1) if codes is None else codes.tolist()
    parts: list[str] = []
    x = y = start_x = start_y = at = 0
    while at < len(points):
        kind, (to_x, to_y) = kinds[at], points[at]
        if kind == Path.MOVETO:
            parts.append(f"M{to_x} {to_y}")
            start_x, start_y = to_x, to_y
        elif kind == Path.CLOSEPOLY:
            parts.append("z")
            to_x, to_y = start_x, start_y
        elif kind == Path.LINETO:
            end = at + 1
            while end < len(points) and kinds[end] == Path.LINETO:
                end += 1
            parts.append(_steps(points[at - 1 : end]))
            (to_x, to_y), at = points[end - 1], end - 1
        else:  # a curve: its control points, then where it ends
            ends = points[at : at + kind - 1]
            parts.append(
                "?qc"[kind - 2]
                + _pairs(n - o for end in ends for n, o in zip(end, (x, y), strict=True))
            )
            to_x, to_y = ends[-1]
            at += kind - 2
        x, y, at = to_x, to_y, at + 1
    return "".join(parts)


def _steps(points: Points) -> str:
    """Write straight steps: level and upright ones by their letters, where they are few."""
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points)]
    if len(steps) <= FEW and not all(x and y for x, y in steps):
        return "".join(
            (f"h{x}" if x else "") if not y else f"v{y}" if not x else f"l{_pairs((x, y))}"
            for x, y in steps
        )
    return "l" + _pairs(n for step in steps for n in step)


def _pairs(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers)).replace(" -", "-")


def mark(path: Path, transform: Transform) -> tuple[int, int, str]:
    """Give where a mark begins, beside its middle, and its outline from there; a circle is two
    arcs.
    """
    corners = whole(np.asarray(transform.transform(path.vertices)) * (1, -1))
    if path.codes is not None and np.array_equal(path.codes, CIRCLE):
        r = max(x for x, _ in corners)
        return -r, 0, f"a{r} {r} 0 1 0 {2 * r} 0 {r} {r} 0 1 0-{2 * r} 0z"
    x, y = corners[0]
    return x, y, outline(corners, path.codes).removeprefix(f"M{x} {y}")


def inline(svg: str, kind: str, name: str) -> str:
    """Give a drawing as a part of a page: the page's style sheet has its font and its inks, which
    differ in the dark and on paper, and its ids are its own.

    >>> inline("<svg width='9pt' viewBox='0 0 90 9'><path fill='#fff'/></svg>", "wide", "x")
    "<svg class='wide' viewBox='0 0 90 9' aria-hidden='true'><path fill='var(--paper)'/></svg>"
    """
    bare = HEAD.sub(rf"<svg class='{kind}' \1 aria-hidden='true'>", svg, count=1)
    inked = INK.sub(lambda found: f"{found[1]}='{VARIABLES.get(found[2], found[2])}'", bare)
    return OWN_ID.sub(rf"\1{name}-", inked)


class Paper(RendererBase):
    """A sheet of so many points that takes what matplotlib draws and gives it as SVG."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._elements: list[Element] = []
        self._kept: dict[str, str] = {}  # what is pointed at, by its markup

    def svg(self) -> str:
        """Give the whole drawing, attributes in single quotes, without a line break."""
        kept = "".join(markup.format(id=name) for markup, name in self._kept.items())
        size = f"width='{self.width:g}pt' height='{self.height:g}pt'"
        box = f"viewBox='0 0 {_whole(self.width)} {_whole(self.height)}'"
        head = (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} {box} {FONT} stroke-linejoin='round'>"
        )
        return (
            head + (f"<defs>{kept}</defs>" if kept else "") + _gathered(self._elements) + "</svg>"
        )

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Give the size in points."""
        return self.width, self.height

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Give the room of one line of text in points; every text of a size is as high."""
        size = prop.get_size_in_points()
        return text_width(s, size, _is_bold(prop)), (ABOVE + BELOW) * size, BELOW * size

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, fill: Any = None
    ) -> None:
        """Draw one path, a hatch over its fill."""
        known = path if np.isfinite(path.vertices).all() else path.cleaned(remove_nans=True)
        placed = transform.transform_path(known)
        points, outside = self._points(placed.vertices, gc)
        drawn = outline(points, placed.codes)
        self._add(gc, fill, drawn, outside)
        if gc.get_hatch():
            self._hatch(gc, drawn, outside)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        fill: Any = None,
    ) -> None:
        """Draw one mark at every corner of a path; marks that can be seen through are drawn one by
        one.
        """
        shape = mark(marker_path, marker_trans)
        corners = np.asarray(trans.transform_path(path).vertices)
        points, outside = self._points(corners[np.isfinite(corners).all(axis=1)], gc)
        drawn = [f"M{x + shape[0]} {y + shape[1]}{shape[2]}" for x, y in points]
        see_through = gc.get_alpha() < 1 or (fill is not None and len(fill) > 3 and fill[3] < 1)
        for one in drawn if see_through else ["".join(drawn)]:
            self._add(gc, fill, one, outside)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Write one line of matplotlib's own text."""
        how = (prop.get_size_in_points(), to_hex(gc.get_rgb()), _is_bold(prop))
        self.write(s, x, self.height - y, *how, upright=angle == 90)

    def write(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: str,
        bold: bool = False,
        anchor: str = "left",
        upright: bool = False,
    ) -> None:
        """Write one line of text as wide as it was measured, in points from the lower left corner.

        Args:
            text: Without line breaks.
            x, y: Where on its baseline the text has its anchor: "left", "center" or "right".
        """
        look = (
            f" fill='{_colour(colour)}' font-size='{_whole(size)}'"
            + " font-weight='700'" * bold
            + ANCHORS[anchor]
        )
        wide = f" textLength='{_whole(text_width(text, size, bold))}'"
        right, down = _whole(x), _whole(self.height - y)
        turn = f" transform='rotate(-90 {right} {down})'" if upright else ""
        shown = as_html(text)
        self._elements.append(
            Element(look, "text", f" x='{right}' y='{down}'{wide}{turn}>{shown}</text>")
        )

    def _points(self, vertices: Any, gc: GraphicsContextBase) -> tuple[Points, Bbox | None]:
        """Give corners in the drawing's numbers, and the frame where something must be cut off by
        it.
        """
        corners: Any = np.asarray(vertices)
        frame = gc.get_clip_rectangle()
        if frame is not None:
            low, high = frame.get_points()
            frame = (
                frame if (corners < low - SLACK).any() or (corners > high + SLACK).any() else None
            )
        return whole(corners * (1, -1) + (0, self.height)), frame

    def _add(self, gc: GraphicsContextBase, fill: Any, drawn: str, frame: Bbox | None) -> None:
        if drawn:
            look = _fill(gc, fill) + _stroke(gc) + self._cut(frame)
            self._elements.append(Element(look, "path", f" d='{drawn}'/>"))

    def _cut(self, frame: Bbox | None) -> str:
        if frame is None:
            return ""
        x, y, wide, tall = (
            _whole(n) for n in (frame.x0, self.height - frame.y1, frame.width, frame.height)
        )
        markup = f"<clipPath id='{{id}}'><path d='M{x} {y}h{wide}v{tall}h-{wide}z'/></clipPath>"
        return f" clip-path='url(#{self._keep(markup)})'"

    def _hatch(self, gc: GraphicsContextBase, drawn: str, frame: Bbox | None) -> None:
        path = gc.get_hatch_path()
        assert path is not None
        lines = outline(whole((np.asarray(path.vertices) * (1, -1) + (0, 1)) * TILE), path.codes)
        width, ink = _whole(gc.get_hatch_linewidth()), _colour(gc.get_hatch_color())
        tile = f"width='{TILE * UNIT}' height='{TILE * UNIT}' patternUnits='userSpaceOnUse'"
        markup = (
            f"<pattern id='{{id}}' {tile}><path d='{lines}' stroke='{ink}'"
            f" stroke-width='{width}'/></pattern>"
        )
        look = f" fill='url(#{self._keep(markup)})'" + self._cut(frame)
        self._elements.append(Element(look, "path", f" d='{drawn}'/>"))

    def _keep(self, markup: str) -> str:
        return self._kept.setdefault(markup, chr(ord("a") + len(self._kept)))


def _whole(points: float) -> int:
    return round(points * UNIT)  # rounds: a place on paper


def _is_bold(prop: FontProperties) -> bool:
    return prop.get_weight() in ("bold", 700)


def _colour(rgb: Any) -> str:
    return _short_of(rgb if isinstance(rgb, str) else tuple(rgb))


@lru_cache(maxsize=256)
def _short_of(rgb: Any) -> str:
    return short(to_hex(rgb))


def _fill(gc: GraphicsContextBase, fill: Any) -> str:
    if fill is None:
        return " fill='none'"
    alpha = gc.get_alpha() if gc.get_forced_alpha() or len(fill) < 4 else fill[3]
    return f" fill='{_colour(fill[:3])}'" + (f" fill-opacity='{alpha:g}'" if alpha < 1 else "")


def _stroke(gc: GraphicsContextBase) -> str:
    width, rgb = gc.get_linewidth(), gc.get_rgb()
    dashes: Any = gc.get_dashes()[1]
    alpha = gc.get_alpha() if gc.get_forced_alpha() or len(rgb) < 4 else rgb[3]
    if not width or not alpha:
        return ""
    look = f" stroke='{_colour(rgb[:3])}' stroke-width='{_whole(width)}'"
    if alpha < 1:
        look += f" stroke-opacity='{alpha:g}'"
    if dashes is not None:
        look += f" stroke-dasharray='{' '.join(str(_whole(dash)) for dash in dashes)}'"
    return look + (f" stroke-linecap='{gc.get_capstyle()}'" if gc.get_capstyle() != "butt" else "")


def _gathered(elements: Iterable[Element]) -> str:
    """Give the elements as markup, neighbours of one look in a group that says it once."""
    parts: list[str] = []
    for look, neighbours in groupby(elements, lambda element: element.look):
        alike = list(neighbours)
        if len(alike) == 1:
            parts.append(f"<{alike[0].name}{look}{alike[0].rest}")
        else:
            parts.append(f"<g{look}>{''.join(f'<{one.name}{one.rest}' for one in alike)}</g>")
    return "".join(parts)
