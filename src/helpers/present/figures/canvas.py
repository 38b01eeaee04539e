"""From a drawing function to one lean SVG: own style, one layout pass, the same bytes every
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

from helpers.present.figures.paper import Paper
from helpers.present.figures.words import words_of
from helpers.present.style import STYLE

PAD = 4.0  # points kept free along every edge
PANEL_GAP = 14.0  # points between the labels of one panel and those of the next
BACKENDS = {"backend", "backend_fallback"}  # asking for these chooses a display


def render_svg(
    draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)
) -> str:
    """Draw one figure and give it as an SVG document without prolog, script, date or metadata.

    Args:
        draw: Takes the Axes, or with several panels a tuple of Axes from the top, and draws.
        width_in, height_in: Inches; one inch is 96 CSS pixels.
        panels: The heights of the stacked panels, as ratios.

    Returns:
        The same text for the same drawing, on any day and under any locale or display.
    """
    figure = compose(draw, width_in, height_in, panels)
    paper = Paper(figure.bbox.width, figure.bbox.height)
    with own_style():
        figure.draw(paper)
    return paper.svg()


def compose(
    draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)
) -> Figure:
    """Draw one figure and lay it out, without saving it; the arguments are those of render_svg."""
    with own_style():
        figure = Figure(figsize=(width_in, height_in))
        FigureCanvasBase(figure)
        axes = tuple(figure.add_axes((0.25, 0.1, 0.57, 0.8)) for _ in panels)
        draw(axes[0] if len(panels) == 1 else axes)
        lay_out(figure, panels)
    return figure


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
    """Give every label its room: measure once what stands outside each Axes, then place the
    Axes.
    """
    width, height = figure.bbox.width, figure.bbox.height
    overhangs = [overhang(ax) for ax in figure.axes]
    left = PAD + max(room.x0 for room in overhangs)
    right = width - PAD - max(room.x1 for room in overhangs)
    labels = sum(room.y0 + room.y1 for room in overhangs)
    free = height - 2 * PAD - labels - PANEL_GAP * (len(panels) - 1)
    top = height - PAD
    for ax, room, ratio in zip(figure.axes, overhangs, panels, strict=True):
        top -= room.y1
        tall = free * ratio / sum(panels)
        ax.set_position(
            (left / width, (top - tall) / height, (right - left) / width, tall / height)
        )
        top -= tall + room.y0 + PANEL_GAP


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
