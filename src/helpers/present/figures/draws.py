"""How the cases spread, municipality by municipality: a statistical plot for the workbench, drawn
by seaborn.
"""

import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.placement import root_axis
from helpers.present.figures.scales import blank, name_rows, row_height
from helpers.present.language import Language
from helpers.present.style import EXPECTED, OUTCOME


def size_draws(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_draws."""
    return row_height(frame.shape[1], 0.36, 0.75)


def draw_draws(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun: its cases as nested boxes, half of them in the widest, a line at the
    median.

    Args:
        frame: One column of children (whole) per kommun, named as the reader sees it; a row per
            case.
        ax: Where to draw.
        words: The reader's language.
    """
    if frame.empty:
        return blank(ax, words)
    import seaborn  # takes half a second to import, and no report draws this

    marks = {"linewidth": 1.6, "color": OUTCOME}
    seaborn.boxenplot(
        frame, orient="h", ax=ax, color=EXPECTED, width=0.7, showfliers=False, line_kws=marks
    )
    name_rows(ax, frame.columns)
    root_axis(ax, words, float(frame.to_numpy().max()))
    return ax
