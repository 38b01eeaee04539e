"""The canvas of a figure: one layout pass, wide or narrow, and one lean SVG, the same bytes every
time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from helpers.present.figures.lettering import NARROW, PAD, WIDTH, is_narrow, words_of
from helpers.present.figures.paper import Paper, inline
from helpers.present.style import STYLE

PANEL_GAP = 14.0  # points between the labels of one panel and those of the next
AROUND = 65.0  # points of a wide figure's height that are labels: what a narrow one finds anew
ASIDE = (0.25, 0.1, 0.57, 0.8)  # where a wide Axes stands before it is measured
BELOW = (0.03, 0.1, 0.94, 0.8)  # and a narrow one, whose names are above its rows
BACKENDS = {"backend", "backend_fallback"}  # asking for these chooses a display


def render_svg(
    draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)
) -> str:
    """Draw one figure and give it as an SVG document without prolog, script, date or metadata.

    Args:
        draw: Takes the Axes, or with several panels a tuple of Axes from the top, and draws.
        width_in, height_in: Inches; one inch is 96 CSS pixels. A narrow sheet (`words.BETWEEN`) is
            as high as its labels need.
        panels: The heights of the stacked panels, as ratios.

    Returns:
        The same text for the same drawing, on any day and under any locale or display.
    """
    figure = compose(draw, width_in, height_in, panels)
    paper = Paper(figure.bbox.width, figure.bbox.height)
    with own_style():
        figure.draw(paper)
    _keep(figure)
    return paper.svg()


def for_page(
    draw: Callable[[Any], object],
    size: tuple[float, float],
    panels: Sequence[float],
    name: str,
    render: Callable[..., str] = render_svg,
) -> str:
    """Draw one figure twice, for a desk and for a phone, as markup for a page, which shows one of
    them.

    Args:
        draw, panels: As for render_svg.
        size: Width and height in inches of the wide drawing; no page shows more than `WIDTH`.
        name: The figure's, which no other on the page has.
        render: What draws one.
    """
    wide = render(draw, min(size[0], WIDTH), size[1], panels=panels)
    narrow = render(draw, NARROW, size[1], panels=panels)
    return inline(wide, "wide", f"{name}-w") + inline(narrow, "narrow", f"{name}-n")


def compose(
    draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)
) -> Figure:
    """Draw one figure and lay it out, without saving it; the arguments are those of render_svg."""
    with own_style():
        figure = _sheet(width_in, height_in, len(panels))
        axes = tuple(figure.axes)
        draw(axes[0] if len(panels) == 1 else axes)
        lay_out(figure, panels)
    return figure


_KEPT: dict[int, Figure] = {}  # by how many panels: making an Axes is two fifths of a drawing


def _sheet(width_in: float, height_in: float, panels: int) -> Figure:
    """Give an empty figure with so many Axes, one that was drawn before if there is one."""
    figure = _KEPT.pop(panels, None)
    if figure is None:
        figure = Figure()
        FigureCanvasBase(figure)
        for _ in range(panels):
            figure.add_axes(ASIDE)
    figure.set_size_inches(width_in, height_in)
    for ax in figure.axes:
        ax.set_position(BELOW if is_narrow(ax) else ASIDE)
    return figure


def _keep(figure: Figure) -> None:
    """Keep a figure for the next drawing, as empty as when it was made; one whose Axes had
    matplotlib's own axes is given up.
    """
    if any(ax.axison for ax in figure.axes):
        return
    for ax in figure.axes:
        for artist in [*ax.artists, *ax.lines, *ax.patches, *ax.collections, *ax.texts, *ax.images]:
            artist.remove()
        for axis in "xy":
            if getattr(ax, f"get_{axis}scale")() != "linear":
                ax.set(**{f"{axis}scale": "linear"})
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.set_axis_on()
    _KEPT[len(figure.axes)] = figure


def make_sheets(most: int) -> None:
    """Make empty figures with one Axes, two and so on up to `most`, and keep them: forks of this
    process then make none.
    """
    for panels in range(1, most + 1):
        with own_style():
            figure = _sheet(WIDTH, 1.0, panels)
            for ax in figure.axes:
                ax.set_axis_off()
        _keep(figure)


@contextmanager
def own_style() -> Iterator[None]:
    """Put matplotlib under our style alone; a reader's own matplotlibrc must not change a
    report.
    """
    settings = cast(dict[str, Any], matplotlib.rcParams)
    before = {name: dict.__getitem__(settings, name) for name in _own_settings()}
    dict.update(settings, _own_settings())  # past matplotlib's checks, which they have met
    try:
        yield
    finally:
        dict.update(settings, before)


@cache
def _own_settings() -> dict[str, Any]:
    """Give every setting under our style, checked once by matplotlib; entered as they are, that
    costs nothing.
    """
    with matplotlib.style.context(STYLE, after_reset=True):
        return {
            name: value
            for name, value in matplotlib.rcParams.copy().items()
            if name not in BACKENDS
        }


def lay_out(figure: Figure, panels: Sequence[float]) -> None:
    """Give every label its room: measure what is outside each Axes, then place the Axes.

    A narrow sheet is made as high as that needs, and measured again: what is beside a mark moves
    with it.
    """
    narrow = is_narrow(figure.axes[0])
    free = figure.bbox.height - AROUND
    tall = [
        words_of(ax).tall or free * part / sum(panels)
        for ax, part in zip(figure.axes, panels, strict=True)
    ]
    for _ in range(2 if narrow else 1):
        rooms = [overhang(ax) for ax in figure.axes]
        around = sum(room.y0 + room.y1 for room in rooms) + PANEL_GAP * (len(panels) - 1) + 2 * PAD
        if narrow:
            figure.set_figheight((sum(tall) + around) / figure.dpi)
        else:
            tall = [(figure.bbox.height - around) * part / sum(panels) for part in panels]
        _place(figure, rooms, tall)


def _place(figure: Figure, rooms: Sequence[Bbox], tall: Sequence[float]) -> None:
    """Put the Axes below one another, each so many points high, with the room its labels need."""
    width, height = figure.bbox.width, figure.bbox.height
    left = PAD + max(room.x0 for room in rooms)
    right = width - PAD - max(room.x1 for room in rooms)
    top = height - PAD
    for ax, room, high in zip(figure.axes, rooms, tall, strict=True):
        top -= room.y1
        ax.set_position(
            (left / width, (top - high) / height, (right - left) / width, high / height)
        )
        top -= high + room.y0 + PANEL_GAP


def overhang(ax: Axes) -> Bbox:
    """Give, in points, how far the labels reach outside the Axes: x0 left, y0 below, x1 right, y1
    above.
    """
    inner, words = ax.get_window_extent(), words_of(ax).get_window_extent()
    outer = Bbox.union([inner, words]) if words_of(ax).words else inner
    if ax.axison:  # matplotlib's own axes and labels, which our figures do without
        own = ax.get_tightbbox(Paper(ax.figure.bbox.width, ax.figure.bbox.height))
        outer = Bbox.union([outer, own]) if own else outer
    return Bbox.from_extents(
        inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1
    )
