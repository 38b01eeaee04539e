"""The axes of a figure: names, numbers, grid and baseline, drawn as a few paths and words."""

from collections.abc import Iterable, Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from helpers.present.figures.letters import ABOVE, BELOW, text_width
from helpers.present.figures.words import Word, transforms, words_of
from helpers.present.language import Language
from helpers.present.style import GRID, HIGHLIGHT, QUIET, TEXT

NAME, NUMBER = 10.5, 10.0  # points: names and titles, numbers
THIN = 0.8  # points
TICKDOWN: Literal[3] = 3  # matplotlib's number of a mark that hangs from its point
TICK, UNDER, BESIDE, APART = 3.0, 3.5, 6.0, 5.0  # points: a tick, to its number, to a name, to the axis' title
ENOUGH = 1e-9  # of the axis: what a tick may lie outside its limits

Segment = tuple[tuple[float, float], tuple[float, float]]
Dashes = tuple[float, tuple[float, ...]]


def strokes(
    ax: Axes,
    segments: Iterable[Segment],
    colour: str,
    width: float,
    place: str = "data",
    zorder: float = 2.0,
    dashes: Dashes | None = None,
) -> None:
    """Draw straight lines of one look as one path, in a frame that a word can stand in (`words.Word`)."""
    corners = [corner for segment in segments for corner in segment]
    if not corners:
        return
    path = Path(corners, [Path.MOVETO, Path.LINETO] * (len(corners) // 2))
    look = PathPatch(path, fill=False, edgecolor=colour, linewidth=width, linestyle=dashes or "-", gid="strokes")
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
    """Draw the lower edge with a tick and a label at each place, grid lines over them and the title below.

    The limits of x are to be set before: a place outside them is left out.
    """
    ax.set_axis_off()
    shown = _within(ax.get_xlim(), places, labels)
    if grid:
        strokes(ax, [((x, 0), (x, 1)) for x, _ in shown], GRID, THIN, "column", zorder=0.5)
    strokes(ax, [((0, 0), (1, 0))], QUIET, THIN, "axes", zorder=2.5)
    ticks = Line2D([x for x, _ in shown], [0.0] * len(shown), marker=TICKDOWN, linestyle="", color=QUIET)
    ticks.set(markersize=TICK, markeredgewidth=THIN, transform=transforms(ax)["column"], clip_on=False)
    ax.add_artist(ticks)
    words, down = words_of(ax).words, -TICK - UNDER
    words += [Word(text, (x, 0), "column", (0, down), "center", "top", NUMBER, upright=upright) for x, text in shown]
    if title:
        down -= APART + (max(text_width(text, NUMBER) for _, text in shown) if upright else (ABOVE + BELOW) * NUMBER)
        words.append(Word(title, (0.5, 0), "axes", (0, down), "center", "top", NAME))


def upward(ax: Axes, places: Sequence[float], labels: Sequence[str], title: str = "") -> None:
    """Write a number at each height within the limits of y, which are to be set before, with grid lines."""
    ax.set_axis_off()
    shown = _within(ax.get_ylim(), places, labels)
    strokes(ax, [((0, y), (1, y)) for y, _ in shown], GRID, THIN, "row", zorder=0.5)
    words = words_of(ax).words
    words += [Word(text, (0, y), "row", (-BESIDE, 0), "right", "center", NUMBER) for y, text in shown]
    if title:
        beside = -BESIDE - APART - max((text_width(text, NUMBER) for _, text in shown), default=0.0)
        words.append(Word(title, (0, 0.5), "axes", (beside, 0), "right", "center", NAME, upright=True))


def number_upward(ax: Axes, words: Language) -> None:
    """Number the y axis within its limits in whole steps."""
    places = steps(*ax.get_ylim(), 4)
    upward(ax, places, in_numbers(words, places))


def name_rows(ax: Axes, names: Iterable[str], bold: int | None = None) -> None:
    """Write one name per row, the first on top; one of them in bold on a band."""
    ax.set_axis_off()
    labels = list(names)
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    words_of(ax).words += [
        Word(name, (0, row), "row", (-BESIDE, 0), "right", "center", NAME, TEXT, bold=row == bold)
        for row, name in enumerate(labels)
    ]
    if bold is not None:
        ax.axhspan(bold - 0.5, bold + 0.5, color=HIGHLIGHT, linewidth=0, zorder=0)


def part_rows(ax: Axes, rows: int) -> None:
    """Draw a thin line between neighbours, so that no lane is read as the next kommun's."""
    strokes(ax, [((0, row + 0.5), (1, row + 0.5)) for row in range(rows - 1)], GRID, THIN, "row")


def steps(low: float, high: float, most: int, integer: bool = True) -> list[float]:
    """Give round numbers from low to high, at most so many steps between them and at least one."""
    found = MaxNLocator(nbins=most, integer=integer, min_n_ticks=2).tick_values(low, high)
    return [float(step) for step in found]


def in_numbers(words: Language, places: Iterable[float], decimals: int = 0) -> list[str]:
    """Write an axis' numbers in the report's language."""
    return [words.number(place, decimals) for place in places]


def count_axis(ax: Axes, words: Language, title: str, top: float, room: float = 0.0, low: float | None = None) -> None:
    """Number the x axis from zero in whole steps; room is the part kept free right of the highest value.

    Args:
        low: The lowest value, where it is under zero.
    """
    top = top if top > 0 else 1.0
    right = top * 1.04 / (1 - room)
    ax.set_xlim(-0.02 * (top if low is None else right) + (low or 0.0), right)
    places = steps(*ax.get_xlim(), 5)
    across(ax, places, in_numbers(words, places), title)


def _within(limits: tuple[float, float], places: Sequence[float], labels: Sequence[str]) -> list[tuple[float, str]]:
    low, high = sorted(limits)
    slack = ENOUGH * (high - low)
    pairs = zip(places, labels, strict=True)
    return [(place, text) for place, text in pairs if low - slack <= place <= high + slack]
