"""What municipalities may need beside what they say they can: a bar for the need, a word for the
rating.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.lettering import legend_above
from helpers.present.figures.rows import Column, columns_right, name_rows, row_height
from helpers.present.figures.scales import (
    Box,
    Floats,
    Places,
    blank,
    count_axis,
    estimated_key,
    estimated_rows,
    filled,
    hatched,
    highest,
    numbers,
)
from helpers.present.language import Language

TALL, LEAST = 0.5, 0.012  # of a row; of the highest need: how wide a bar of nothing is


class Need(NamedTuple):
    """One need with the rating that answers it: low and high name its ends, `can` the rating.

    `title` is the axis', `head` that of the numbers, `rated` that of the ratings, all in Swedish;
    `of_shares` says that it rests on shares, which may be estimated.
    """

    low: str
    high: str
    can: str
    title: str
    head: str
    rated: str
    colour: str
    of_shares: bool = False


def size_needs(frame: pd.DataFrame, needs: Sequence[Need]) -> tuple[float, float]:
    """Give width and height in inches for draw_needs."""
    width, height = row_height(len(frame), 0.3, 0.85)
    return width, height * len(needs)


def draw_needs(
    frame: pd.DataFrame, axes: Axes | tuple[Axes, ...], words: Language, needs: Sequence[Need]
) -> Axes | tuple[Axes, ...]:
    """Draw a panel per need, in it a row per kommun: a bar as long as the need, the number, and the
    municipality's own rating in a word.

    Args:
        frame: kommun, the needs' ends (persons or children; NA = unknown) and ratings (words; NA =
            not rated), and perhaps estimated (whether the share is; then the bar is hatched).
        axes: One per need, from the top.
        words: The report's language.
        needs: What is drawn, from the top.
    """
    for ax, need in zip(axes if isinstance(axes, tuple) else (axes,), needs, strict=True):
        if frame.empty:
            blank(ax, words)
            continue
        low, high = numbers(frame, need.low), numbers(frame, need.high)
        top = highest(high)
        count_axis(ax, words, words.t(need.title), top)
        guessed = estimated_rows(frame) & need.of_shares
        for draw, rows in ((filled, ~guessed), (hatched, guessed)):
            draw(ax, _bars(high, np.flatnonzero(np.isfinite(high) & rows), top), need.colour)
        name_rows(ax, frame["kommun"])
        told = [
            None if np.isnan(pair).any() else words.range(int(pair[0]), int(pair[1]))
            for pair in zip(low, high, strict=True)
        ]
        rated = [words.t("inte bedömt") if pd.isna(cell) else str(cell) for cell in frame[need.can]]
        columns = [
            Column(words.t(need.head), told),
            Column(words.t(need.rated), rated),
        ]
        columns_right(ax, columns, words)
        if guessed.any():
            legend_above(ax, estimated_key(frame, words), 1, lift=14)
    return axes


def _bars(high: Floats, rows: Places, top: float) -> list[Box]:
    """A bar for each of some rows; one of nothing has a width, too."""
    least = LEAST * max(top, 1.0)
    return [(0.0, row - TALL / 2, max(float(high[row]), least), TALL) for row in rows.tolist()]
