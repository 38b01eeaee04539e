"""The axes of a figure, and what figures share: value columns, empty slots, boxes, dots and
levels.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from helpers.model.exact import rounded
from helpers.model.shares import ESTIMATED
from helpers.present.figures.lettering import (
    Word,
    is_narrow,
    sheet_width,
    text_size,
    transforms,
    words_of,
    wrapped,
)
from helpers.present.figures.paper import ABOVE, BELOW, LINE, text_width
from helpers.present.language import Language
from helpers.present.style import DASHES, GRID, HATCH, MISSING, QUIET, SMALL, WHITE

NAME, NUMBER = 10.5, 10.0  # points: names and titles, numbers
THIN = 0.8  # points
TICKDOWN: Literal[3] = 3  # matplotlib's number of a mark drawn downwards from its point
# points: a tick, to its number, to a name, to the axis' title
TICK, UNDER, BESIDE, APART = 3.0, 3.5, 6.0, 5.0
ENOUGH = 1e-9  # of the axis: what a tick may lie outside its limits, or off what is written of it
ROUND = (1, 2, 5, 10)  # sizes of steps that are no whole numbers: one decimal tells most
MOST = 4  # decimals of an axis

Segment = tuple[tuple[float, float], tuple[float, float]]
Dashes = tuple[float, tuple[float, ...]]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[Any]  # rows, or heights between them
Look = dict[str, Any]  # keyword arguments of an artist
BOX = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
DOT = 7.2  # points
BAND = 16.0  # points: where years are missing
SLOT: Look = dict(colour=MISSING, size=SMALL - 1, frame="slot")  # a word where a value is unknown
Box = tuple[float, float, float, float]  # x, y, width, height in data units
CROWD = 3.0  # points between two numbers of an axis, or letters kept for those beside it


def strokes(
    ax: Axes,
    segments: Iterable[Segment],
    colour: str,
    width: float,
    place: str = "data",
    zorder: float = 2.0,
    dashes: Dashes | None = None,
) -> None:
    """Draw straight lines of one look as one path, in a frame that a word can be placed in
    (`canvas.Word`).
    """
    corners = [corner for segment in segments for corner in segment]
    if not corners:
        return
    path = Path(corners, [Path.MOVETO, Path.LINETO] * (len(corners) // 2))
    look = PathPatch(
        path, fill=False, edgecolor=colour, linewidth=width, linestyle=dashes or "-", gid="strokes"
    )
    look.set(transform=transforms(ax)[place], zorder=zorder, clip_on=False)
    ax.add_artist(look)


def across(
    ax: Axes,
    places: Sequence[float],
    labels: Sequence[str],
    title: str = "",
    grid: bool = True,
    upright: bool = False,
) -> None:
    """Draw the lower edge with a tick and a label at each place, grid lines over them and the title
    below.

    The limits of x are to be set before: a place outside them is left out.
    """
    ax.set_axis_off()
    shown = _within(ax.get_xlim(), places, labels)
    title = wrapped(title, text_size(ax, NAME), 0.75 * sheet_width(ax))
    if is_narrow(ax):
        shown, upright = _with_room(ax, shown, grid, upright)
    if grid:
        strokes(ax, [((x, 0), (x, 1)) for x, _ in shown], GRID, THIN, "column", zorder=0.5)
    strokes(ax, [((0, 0), (1, 0))], QUIET, THIN, "axes", zorder=2.5)
    ticks = Line2D(
        [x for x, _ in shown], [0.0] * len(shown), marker=TICKDOWN, linestyle="", color=QUIET
    )
    ticks.set(
        markersize=TICK, markeredgewidth=THIN, transform=transforms(ax)["column"], clip_on=False
    )
    ax.add_artist(ticks)
    words, down = words_of(ax).words, -TICK - UNDER
    words += [
        Word(text, (x, 0), "column", (0, down), "center", "top", NUMBER, upright=upright)
        for x, text in shown
    ]
    if title:
        size = text_size(ax, NUMBER)
        lines = max((text.count("\n") for _, text in shown), default=0)
        down -= APART + (
            max(text_width(text, size) for _, text in shown)
            if upright
            else (ABOVE + BELOW + LINE * lines) * size
        )
        words.append(Word(title, (0.5, 0), "axes", (0, down), "center", "top", NAME))


def _with_room(
    ax: Axes, shown: list[tuple[float, str]], grid: bool, upright: bool
) -> tuple[list[tuple[float, str]], bool]:
    """Numbers that would meet on a narrow sheet: of a scale every other is left out, names are set
    upright.
    """
    size = text_size(ax, NUMBER)
    widths = [max(text_width(line, size) for line in text.split("\n")) for _, text in shown]
    if upright or len(shown) < 2:
        return shown, upright
    if not grid:
        return shown, (max(widths) + 2) * len(shown) > sheet_width(ax) - CROWD * size
    low, high = sorted(ax.get_xlim())
    to_points = sheet_width(ax) / (high - low) if ax.get_xscale() == "linear" else 0.0
    steps = [(two - one) * to_points for (one, _), (two, _) in pairwise(shown)]
    if to_points and min(steps) < max(widths) + CROWD:
        return _with_room(ax, shown[::2], grid, upright)
    return shown, upright


def upward(ax: Axes, places: Sequence[float], labels: Sequence[str], title: str = "") -> None:
    """Write a number at each height within the limits of y, which are to be set before, with grid
    lines.
    """
    ax.set_axis_off()
    shown = _within(ax.get_ylim(), places, labels)
    strokes(ax, [((0, y), (1, y)) for y, _ in shown], GRID, THIN, "row", zorder=0.5)
    words = words_of(ax).words
    words += [
        Word(text, (0, y), "row", (-BESIDE, 0), "right", "center", NUMBER) for y, text in shown
    ]
    if title:
        size = text_size(ax, NUMBER)
        beside = -BESIDE - APART - max((text_width(text, size) for _, text in shown), default=0.0)
        words.append(
            Word(title, (0, 0.5), "axes", (beside, 0), "right", "center", NAME, upright=True)
        )


def number_upward(ax: Axes, words: Language) -> None:
    """Number the y axis within its limits in whole steps."""
    places = steps(*ax.get_ylim(), 4)
    upward(ax, places, in_numbers(words, places))


def steps(low: float, high: float, most: int, integer: bool = True) -> list[float]:
    """Give round numbers from low to high, at most so many steps between them and at least one."""
    sizes = None if integer else ROUND
    locator = MaxNLocator(nbins=most, integer=integer, min_n_ticks=2, steps=sizes)
    return [float(step) for step in locator.tick_values(low, high)]


def in_numbers(words: Language, places: Iterable[float], sign: bool = False) -> list[str]:
    """Write an axis' numbers in the report's language, all with as many decimals as it takes to
    tell where they stand: 4,25 is never written 4,3.
    """
    at = list(places)
    slack = ENOUGH * (max(at, default=0.0) - min(at, default=0.0) or 1.0)
    exact = (
        d for d in range(MOST) if all(abs(place - float(rounded(place, d))) < slack for place in at)
    )
    decimals = next(exact, MOST)
    return [words.number(place, decimals, sign=sign and place != 0) for place in at]


def count_axis(
    ax: Axes, words: Language, title: str, top: float, room: float = 0.0, low: float | None = None
) -> None:
    """Number the x axis from zero in whole steps; room is the part kept free right of the highest
    value.

    Args:
        low: The lowest value, where it is under zero.
    """
    top = top if top > 0 else 1.0
    right = top * 1.04 / (1 - room)
    ax.set_xlim(-0.02 * (top if low is None else right) + (low or 0.0), right)
    places = steps(*ax.get_xlim(), 5)
    across(ax, places, in_numbers(words, places), title)


def _within(
    limits: tuple[float, float], places: Sequence[float], labels: Sequence[str]
) -> list[tuple[float, str]]:
    low, high = sorted(limits)
    slack = ENOUGH * (high - low)
    pairs = zip(places, labels, strict=True)
    return [(place, text) for place, text in pairs if low - slack <= place <= high + slack]


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Give a column as floats, NaN where it is unknown."""
    told = frame[column]
    told = pd.to_numeric(told) if told.dtype == object else told
    return told.to_numpy(dtype=float, na_value=np.nan)


def known_texts(cells: Iterable[Any]) -> list[str]:
    """Give the texts that are known."""
    return [str(cell) for cell in cells if not pd.isna(cell)]


def whole(words: Language, values: Floats, decimals: int = 0) -> list[str | None]:
    """Write every known value; an unknown one is None, so that it becomes an empty slot."""
    return [None if np.isnan(value) else words.number(float(value), decimals) for value in values]


def highest(*series: Floats) -> float:
    """Give the highest known value, or zero where none is known."""
    known = np.concatenate([values[np.isfinite(values)] for values in series])
    return float(known.max()) if known.size else 0.0


def empty_slots(ax: Axes, boxes: Sequence[Box]) -> None:
    """Draw open, dashed frames where values would have been; the caller adds the word."""
    look: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    draw_boxes(ax, boxes, gid="slots", **look)


def upright_slots(
    ax: Axes,
    at: Iterable[int],
    tall: float,
    words: Language,
    shift: float = 0.0,
    width: float = 0.7,
) -> None:
    """Draw empty slots among bars, the word upright in each; they are all as tall, and that means
    nothing.
    """
    middles = [x + shift for x in at]
    empty_slots(ax, [(x - width / 2, 0, width, tall) for x in middles])
    word = words.t("saknas")
    words_of(ax).words += [
        Word(word, (x, tall / 2), ha="center", colour=MISSING, upright=True) for x in middles
    ]


def bands(ax: Axes, at: Iterable[int], words: Language) -> None:
    """Draw a band from edge to edge where nothing is known, the word upright in it: no bar."""
    places = list(at)
    segments = [((x, 0.0), (x, 1.0)) for x in places]
    strokes(ax, segments, GRID, BAND, "column", zorder=0.6)
    words_of(ax).words += [
        Word(words.t("saknas"), (x, 0.5), "column", ha="center", colour=MISSING, upright=True)
        for x in places
    ]


def over_bars(
    ax: Axes, tops: Mapping[int, float], texts: Mapping[int, str], bars: int, shift: float = 0.0
) -> None:
    """Write a number over each bar and set the limits of y, from zero; all upright where one has no
    room beside its neighbours.
    """
    room = (sheet_width(ax) - 50) / max(bars, 1)
    longest = max((text_width(text, text_size(ax, SMALL)) for text in texts.values()), default=0.0)
    upright = longest > room - 1 and is_narrow(ax)
    ax.set_ylim(0, (1.6 if upright else 1.16) * (max(tops.values(), default=0.0) or 1.0))
    for x, text in texts.items():
        look: Look = dict(gap=0, up=3, ha="center", va="bottom", size=SMALL - 0.5, upright=upright)
        value_at(ax, x + shift, tops[x], text, **look)


def filled(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw filled boxes of one colour."""
    draw_boxes(ax, boxes, facecolor=colour, linewidth=0)


def hatched(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw hatched boxes of one colour, for what rests on an estimated share."""
    draw_boxes(ax, boxes, gid="estimated", **hatch_of(colour))


def hatch_of(colour: str) -> Look:
    """Give the look of a box that rests on an estimated share."""
    return dict(facecolor=WHITE, edgecolor=colour, hatch=HATCH, linewidth=0.9)


def estimated_rows(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Give which rows rest on an estimated share: none where the frame does not say."""
    if ESTIMATED not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame[ESTIMATED].fillna(False).to_numpy(dtype=bool)


def estimated_key(frame: pd.DataFrame, words: Language) -> list[Patch]:
    """Give the legend's key to hatched boxes, where there are some."""
    label = words.t("Uppskattat andelstal")
    return [Patch(**hatch_of(QUIET), label=label)] if estimated_rows(frame).any() else []


def opened(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw open boxes of one colour."""
    draw_boxes(ax, boxes, facecolor="none", edgecolor=colour, linewidth=1.6)


def draw_boxes(ax: Axes, boxes: Sequence[Box], gid: str = "boxes", **look: Any) -> None:
    """Draw all boxes as one path: a grid of a hundred cells stays one element in the file."""
    if len(boxes):
        corners = [
            at
            for x, y, w, h in boxes
            for at in ((x, y), (x, y + h), (x + w, y + h), (x + w, y), (x, y))
        ]
        ax.add_artist(PathPatch(Path(corners, BOX * len(boxes)), gid=gid, **look))


def word_at(ax: Axes, x: float, y: float, words: Language) -> None:
    """Write the word for an unknown value in its own dashed frame, starting at a point of the
    data.
    """
    words_of(ax).words.append(Word(words.missing, (x, y), shift=(6, 0), **SLOT))


def value_at(
    ax: Axes, x: float, y: float, text: str, gap: float = 5, up: float = 0, **look: Any
) -> None:
    """Write a value right of a mark, so many points from it."""
    words_of(ax).words.append(Word(text, (x, y), shift=(gap, up), **look))


def dots(
    ax: Axes, x: Floats, y: Places, colours: Sequence[str], size: float = DOT, **look: Any
) -> None:
    """Draw a mark at each point, one set for every colour; the size is its width in points."""
    for colour in sorted(set(colours)):
        own = [at for at, one in enumerate(colours) if one == colour]
        marks: Look = (
            dict(marker="o", linestyle="", color=colour, markeredgecolor=WHITE, markeredgewidth=1.2)
            | look
        )
        ax.add_artist(Line2D(x[own], y[own], markersize=size, zorder=3, clip_on=False, **marks))


def spans(ax: Axes, low: Floats, high: Floats, at: Places, colour: str, width: float) -> None:
    """Draw a level line from low to high at each height."""
    strokes(
        ax,
        [((left, y), (right, y)) for left, right, y in zip(low, high, at, strict=True)],
        colour,
        width,
    )


def blank(ax: Axes, words: Language) -> Axes:
    """Draw the empty slot of a whole figure that has no rows."""
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    empty_slots(ax, [(0.005, 0.02, 0.99, 0.96)])
    words_of(ax).words.append(
        Word(words.missing, (0.5, 0.5), ha="center", colour=MISSING, size=NAME)
    )
    return ax
