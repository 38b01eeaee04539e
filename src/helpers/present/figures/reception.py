"""How many were received year by year, and what Sweden as a whole met in the same years."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.scales import NAME, across, number_upward, strokes
from helpers.present.figures.slots import (
    WIDTH,
    Floats,
    Look,
    blank,
    filled,
    highest,
    numbers,
    opened,
    upright_slots,
    value_at,
)
from helpers.present.figures.words import Word, words_of
from helpers.present.language import Language
from helpers.present.style import AVAILABLE, EXPECTED, OUTCOME, SMALL, TEXT

Flags = npt.NDArray[np.bool_]

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
        frame: ar, antal (persons received; NA = unknown), measure ("unnamed" where the source does not say what
            it counts), one row per year. Those years are open, and a dashed line parts them from the others.
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
    unnamed = (frame["measure"] == "unnamed").to_numpy()
    _bars(axes[0], numbers(frame, "antal"), words, EXPECTED, unnamed)
    _breaks(axes[0], numbers(frame, "antal"), unnamed)
    _bars(axes[1], numbers(series, "ensamkommande"), words, OUTCOME)
    _bars(axes[2], numbers(series, "asylsokande"), words, AVAILABLE)
    apart = [f"{year} {words.t('okänt mått')}".replace(" ", "\n") for year in years]
    plain = [str(year) for year in years]
    told = [known if own else year for year, known, own in zip(plain, apart, unnamed, strict=True)]
    for ax, title, labels in zip(axes, titles, (told, plain, plain), strict=True):
        _years(ax, labels, title, words)
    return axes


def _bars(ax: Axes, values: Floats, words: Language, colour: str, unnamed: Flags | None = None) -> None:
    """A bar per known year; open where its measure is not named."""
    top = highest(values) or 1.0
    ax.set_ylim(0, 1.16 * top)
    known = np.flatnonzero(np.isfinite(values))
    open_ones = np.zeros(len(values), dtype=bool) if unnamed is None else unnamed
    filled(ax, [(x - 0.35, 0, 0.7, values[x]) for x in known if not open_ones[x]], colour)
    opened(ax, [(x - 0.35, 0, 0.7, values[x]) for x in known if open_ones[x]], colour)
    for x in known.tolist():
        above: Look = dict(gap=0, up=3, ha="center", va="bottom")
        value_at(ax, x, values[x], words.number(int(values[x])), size=SMALL - 1, **above)
    upright_slots(ax, np.flatnonzero(np.isnan(values)), 0.6 * top, words)


def _breaks(ax: Axes, values: Floats, unnamed: Flags) -> None:
    """A dashed line after each known year whose neighbour in time is of another measure."""
    known = np.flatnonzero(np.isfinite(values))
    parted = [one for one, other in pairwise(known.tolist()) if unnamed[one] != unnamed[other]]
    strokes(ax, [((x + 0.5, 0), (x + 0.5, 1)) for x in parted], TEXT, 1.2, "column", dashes=(0, (4, 2)))


def _years(ax: Axes, labels: list[str], title: str, words: Language) -> None:
    words_of(ax).words.append(Word(title, (0, 1), "axes", (0, 7), va="bottom", size=NAME))
    ax.set_xlim(-0.6, len(labels) - 0.4)
    across(ax, range(len(labels)), labels, grid=False)
    number_upward(ax, words)
