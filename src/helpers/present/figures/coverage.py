"""Which tables are in hand, year by year."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.present.figures.slots import (
    WIDTH,
    Box,
    Look,
    blank,
    empty_slots,
    filled,
    legend_above,
    name_rows,
    row_height,
)
from helpers.present.language import Language
from helpers.present.style import AVAILABLE, DASHES, MISSING

SIDE = 0.72  # of a cell


def size_coverage(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_coverage; wider where the years are many."""
    wide = 2.6 + 0.24 * frame["ar"].nunique()
    return max(WIDTH, round(wide, 2)), row_height(frame["label"].nunique(), 0.36, 0.95)[1]


def draw_coverage(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw a square per table and year: filled where it is in hand, an empty slot where it is not.

    Args:
        frame: label, ar, available (bool); a table and year without a row is not in hand.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    labels = list(frame["label"].unique())
    years = list(range(int(frame["ar"].min()), int(frame["ar"].max()) + 1))
    in_hand = frame[frame["available"].astype(bool)]
    there = {(labels.index(label), int(year)) for label, year in zip(in_hand["label"], in_hand["ar"], strict=True)}
    cells = {cell: (cell[0], years[cell[1]]) in there for cell in np.ndindex(len(labels), len(years))}
    filled(ax, [_square(*cell) for cell, held in cells.items() if held], AVAILABLE)
    empty_slots(ax, [_square(*cell) for cell, held in cells.items() if not held])
    name_rows(ax, [textwrap.fill(label, 26) for label in labels])
    ax.set_xlim(-0.5, len(years) - 0.5)
    ax.set_xticks(range(len(years)), [str(year) for year in years], rotation=90 if len(years) > 9 else 0)
    ax.grid(visible=False)
    legend_above(ax, _keys(words), 2)
    return ax


def _square(row: int, at: int) -> Box:
    return at - SIDE / 2, row - SIDE / 2, SIDE, SIDE


def _keys(words: Language) -> list[Patch]:
    open_slot: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    return [Patch(color=AVAILABLE, label=words.t("finns")), Patch(**open_slot, label=words.t("saknas"))]
