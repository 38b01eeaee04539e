"""How many were received year by year, and what Sweden as a whole met in the same years."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.scales import NAME, across, number_upward
from helpers.present.figures.slots import (
    WIDTH,
    Floats,
    Look,
    blank,
    filled,
    highest,
    numbers,
    upright_slots,
    value_at,
)
from helpers.present.figures.words import Word, words_of
from helpers.present.language import Language
from helpers.present.style import AVAILABLE, EXPECTED, OUTCOME, SMALL

# Asylum seekers and children differ by a factor of twenty: one panel each, so that no reader must
# see through a logarithm or two scales in one frame.
PANELS_RECEPTION = (1.5, 1.0, 1.0)


def size_reception(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_reception; wider where the years are many."""
    return max(WIDTH, round(1.0 + 0.49 * len(frame), 2)), 6.6  # rounds: inches


def draw_reception(
    frame: pd.DataFrame, national: pd.DataFrame, axes: tuple[Axes, Axes, Axes], words: Language
) -> tuple[Axes, Axes, Axes]:
    """Draw the received as bars, and below them the nation's unaccompanied children and asylum seekers.

    Args:
        frame: ar, antal (persons received; NA = unknown), one row per year.
        national: ar, ensamkommande, asylsokande (persons; NA = unknown), any years; those of frame are shown.
        axes: Three panels from the top, PANELS_RECEPTION in height.
        words: The report's language.
    """
    years = [int(year) for year in frame["ar"]]
    if not years:
        return axes[0], axes[1], blank(axes[2], words)
    series = national.set_index("ar").reindex(years)
    titles = (
        words.t("Mottagna i kommunerna"),
        words.t("Ensamkommande barn som sökte asyl i Sverige"),
        words.t("Asylsökande i Sverige, barn och vuxna"),
    )
    _bars(axes[0], numbers(frame, "antal"), words, EXPECTED)
    _bars(axes[1], numbers(series, "ensamkommande"), words, OUTCOME)
    _bars(axes[2], numbers(series, "asylsokande"), words, AVAILABLE)
    for ax, title in zip(axes, titles, strict=True):
        _years(ax, years, title, words)
    return axes


def _bars(ax: Axes, values: Floats, words: Language, colour: str) -> None:
    top = highest(values) or 1.0
    ax.set_ylim(0, 1.16 * top)
    known = np.flatnonzero(np.isfinite(values))
    filled(ax, [(x - 0.35, 0, 0.7, values[x]) for x in known], colour)
    for x in known.tolist():
        above: Look = dict(gap=0, up=3, ha="center", va="bottom")
        value_at(ax, x, values[x], words.number(int(values[x])), size=SMALL - 1, **above)
    upright_slots(ax, np.flatnonzero(np.isnan(values)), 0.6 * top, words)


def _years(ax: Axes, years: list[int], title: str, words: Language) -> None:
    words_of(ax).words.append(Word(title, (0, 1), "axes", (0, 7), va="bottom", size=NAME))
    ax.set_xlim(-0.6, len(years) - 0.4)
    across(ax, range(len(years)), [str(year) for year in years], grid=False)
    number_upward(ax, words)
