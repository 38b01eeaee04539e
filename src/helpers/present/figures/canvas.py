"""From a drawing function to one lean SVG: own style, one layout pass, the same bytes every time."""

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from helpers.present.figures.lean import lean_svg
from helpers.present.style import STYLE

PAD = 4.0  # points kept free along every edge
PANEL_GAP = 14.0  # points between the labels of one panel and those of the next
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def render_svg(draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)) -> str:
    """Draw one figure and give it as an SVG document without prolog, script, date or metadata.

    Args:
        draw: Takes the Axes, or with several panels a tuple of Axes from the top, and draws.
        width_in, height_in: Inches; one inch is 96 CSS pixels.
        panels: The heights of the stacked panels, as ratios.

    Returns:
        The same text for the same drawing, on any day and under any locale or display.
    """
    figure = compose(draw, width_in, height_in, panels)
    page = io.StringIO()
    with own_style():
        figure.savefig(page, format="svg", metadata=NO_METADATA)
    return lean_svg(page.getvalue())


def compose(draw: Callable[[Any], object], width_in: float, height_in: float, panels: Sequence[float] = (1,)) -> Figure:
    """Draw one figure and lay it out, without saving it; the arguments are those of render_svg."""
    with own_style():
        figure = Figure(figsize=(width_in, height_in))
        FigureCanvasSVG(figure)
        axes = figure.subplots(len(panels), squeeze=False)[:, 0]
        draw(axes[0] if len(panels) == 1 else tuple(axes))
        lay_out(figure, panels)
    return figure


def own_style() -> AbstractContextManager[None]:
    """Put matplotlib under our style alone; a reader's own matplotlibrc must not change a report."""
    return matplotlib.style.context(STYLE, after_reset=True)


def lay_out(figure: Figure, panels: Sequence[float]) -> None:
    """Give every label its room: measure once what stands outside each Axes, then place the Axes."""
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
        ax.set_position((left / width, (top - tall) / height, (right - left) / width, tall / height))
        top -= tall + room.y0 + PANEL_GAP


def overhang(ax: Axes) -> Bbox:
    """Give, in points, how far the labels reach outside the Axes: x0 left, y0 below, x1 right, y1 above."""
    inner, outer = ax.get_window_extent(), ax.get_tightbbox(measuring_renderer(ax))
    if outer is None:
        return Bbox.from_extents(0, 0, 0, 0)
    return Bbox.from_extents(inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1)


def measuring_renderer(ax: Axes) -> RendererSVG:
    """Give a renderer whose text is as wide as in the saved file; what it writes is thrown away."""
    box = ax.figure.bbox
    return RendererSVG(box.width, box.height, io.StringIO())  # type: ignore[no-untyped-call]
