"""What is planned and what has happened on a line of time, with the day that it is seen from."""

import datetime
import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.present.figures.lettering import legend_above
from helpers.present.figures.rows import name_rows, row_height
from helpers.present.figures.scales import Look, across, blank, dots, numbers, opened, strokes
from helpers.present.language import Language
from helpers.present.style import DASHES, OUTCOME, QUIET, QUOTA, WHITE

TALL, LEAST, EDGE = 0.46, 0.012, 0.04  # of a row; of the time shown: a box at least, a margin
MOVED: Look = dict(marker="D", markerfacecolor=WHITE, markeredgecolor=OUTCOME, markeredgewidth=1.4)
LETTERS, LONG = 30, 3 * 365  # of a line of a name; days from which years alone are marked


def size_timeline(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_timeline."""
    return row_height(len(frame), 0.42, 1.0)


def draw_timeline(frame: pd.DataFrame, ax: Axes, words: Language, day: float) -> Axes:
    """Draw one row per event: an open bar while it is planned, a dot when it happened, an open mark
    at a later time set; a dashed line at the day it is seen from.

    Args:
        frame: rubrik, start, end, happened, moved (days as ordinals; NaN = none).
        ax: Where to draw.
        words: The report's language.
        day: The reference date as an ordinal.
    """
    if frame.empty:
        return blank(ax, words)
    start, end, happened, moved = (
        numbers(frame, name) for name in ("start", "end", "happened", "moved")
    )
    known = np.concatenate([start, end, happened, moved, [day]])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    room = EDGE * max(high - low, 30)
    ax.set_xlim(low - room, high + room)
    rows, least = np.arange(len(frame), dtype=np.float64), LEAST * (high - low + 2 * room)
    planned = np.flatnonzero(np.isfinite(start))
    wide = {row: max(end[row] - start[row], least) for row in planned}
    # a single day has its box around it
    boxes = [
        ((start[row] + end[row] - wide[row]) / 2, row - TALL / 2, wide[row], TALL)
        for row in planned
    ]
    opened(ax, boxes, QUOTA)
    for at, look in ((happened, Look()), (moved, MOVED)):
        there = np.isfinite(at)
        dots(ax, at[there], rows[there], [OUTCOME] * int(there.sum()), **look)
    strokes(ax, [((day, 0), (day, 1))], QUIET, 1.2, "column", zorder=1.0, dashes=DASHES)
    name_rows(ax, [textwrap.fill(name, LETTERS) for name in frame["rubrik"]])
    across(ax, *_ticks(low - room, high + room))
    shown = [bool(np.isfinite(at).any()) for at in (happened, moved)]
    legend_above(ax, _keys(words, *shown), 4)
    return ax


def _ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """The first days of years, of quarters or of months, by how long the time shown is."""
    step = 12 if high - low > LONG else 3 if high - low > LONG / 6 else 1
    first, last = (datetime.date.fromordinal(int(at)) for at in (low, high))
    days = [
        datetime.date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13, step)
    ]
    shown = [own for own in days if low <= own.toordinal() <= high]
    labels = [str(own.year) if step == 12 else own.isoformat()[:7] for own in shown]
    return [float(own.toordinal()) for own in shown], labels


def _keys(words: Language, happened: bool, moved: bool) -> list[Line2D | Patch]:
    later = [Line2D([], [], linestyle="", markersize=6, label=words.t("Ny tid"), **MOVED)]
    dot: Look = dict(marker="o", color=OUTCOME, linestyle="", markersize=6.5)
    return [
        Patch(facecolor="none", edgecolor=QUOTA, linewidth=1.6, label=words.t("Planerat")),
        *([Line2D([], [], label=words.t("Skedde"), **dot)] if happened else []),
        *(later if moved else []),
        Line2D([], [], color=QUIET, linestyle=DASHES, label=words.t("Läget sett från")),
    ]
