"""Which tables are in hand, year by year."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.present.figures.scales import (
    WIDTH,
    Box,
    Look,
    across,
    blank,
    empty_slots,
    filled,
    name_rows,
    row_height,
)
from helpers.present.figures.words import legend_above
from helpers.present.language import Language
from helpers.present.style import AVAILABLE, DASHES, MISSING, PARTLY

SIDE = 0.72  # of a cell
LEAST = 0.15  # of a square: what a known or an unknown part takes at least


def size_coverage(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_coverage; wider where the years are many."""
    wide = 2.6 + 0.24 * frame["ar"].nunique()
    # rounds: inches
    return max(WIDTH, round(wide, 2)), row_height(frame["label"].nunique(), 0.36, 0.95)[1]


def draw_coverage(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw a square per table and year: filled as far as it is in hand, an empty slot where it is
    not.

    Args:
        frame: label, ar, share (0–1 of the units known); a table and year without a row is not in
            hand.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    labels = list(frame["label"].unique())
    years = list(range(int(frame["ar"].min()), int(frame["ar"].max()) + 1))
    rows = zip(frame["label"], frame["ar"], frame["share"], strict=True)
    shares = {(labels.index(label), int(year)): float(share) for label, year, share in rows}
    cells = {
        (row, at): shares.get((row, years[at]), 0.0)
        for row, at in np.ndindex(len(labels), len(years))
    }
    empty_slots(ax, [_square(*cell) for cell, share in cells.items() if share < 1])
    filled(ax, [_square(*cell, share) for cell, share in cells.items() if share > 0], AVAILABLE)
    name_rows(ax, [textwrap.fill(label, 26) for label in labels])
    ax.set_xlim(-0.5, len(years) - 0.5)
    across(ax, range(len(years)), [str(year) for year in years], grid=False, upright=len(years) > 9)
    legend_above(ax, _keys(words), 3)
    return ax


def _square(row: int, at: int, share: float = 1.0) -> Box:
    """A cell filled from below; a little known is still seen."""
    tall = SIDE * (share if share == 1 else min(max(share, LEAST), 1 - LEAST))
    return at - SIDE / 2, row + SIDE / 2 - tall, SIDE, tall


def _keys(words: Language) -> list[Patch]:
    open_slot: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    partly: Look = dict(facecolor=PARTLY, edgecolor=AVAILABLE, linestyle=DASHES, linewidth=0.9)
    return [
        Patch(color=AVAILABLE, label=words.t("finns")),
        Patch(**partly, label=words.t("delvis (fylld del)")),
        Patch(**open_slot, label=words.t("saknas")),
    ]
