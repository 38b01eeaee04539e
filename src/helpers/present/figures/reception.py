"""How many were received, year by year with what Sweden met, and month by month with the year
before.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.model.monthly import HIDDEN_HIGH
from helpers.present.figures.scales import (
    NAME,
    WIDTH,
    Floats,
    Look,
    across,
    blank,
    draw_boxes,
    filled,
    highest,
    number_upward,
    numbers,
    opened,
    strokes,
    upright_slots,
    value_at,
)
from helpers.present.figures.words import Word, legend_above, words_of
from helpers.present.language import Language
from helpers.present.style import (
    AVAILABLE,
    EXPECTED,
    HATCH,
    MISSING,
    OUTCOME,
    QUIET,
    SMALL,
    TEXT,
    WHITE,
)

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
    """Draw the received as bars, and below them the nation's unaccompanied children and asylum
    seekers.

    Args:
        frame: ar, antal (persons received; NA = unknown), measure ("unnamed" where the source does
            not say what it counts), one row per year. Those years are open, and a dashed line parts
            them from the others.
        national: ar, ensamkommande, asylsokande (persons; NA = unknown), any years; those of frame
            are shown.
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


def _bars(
    ax: Axes, values: Floats, words: Language, colour: str, unnamed: Flags | None = None
) -> None:
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
    strokes(
        ax, [((x + 0.5, 0), (x + 0.5, 1)) for x in parted], TEXT, 1.2, "column", dashes=(0, (4, 2))
    )


def _years(ax: Axes, labels: list[str], title: str, words: Language) -> None:
    words_of(ax).words.append(Word(title, (0, 1), "axes", (0, 7), va="bottom", size=NAME))
    ax.set_xlim(-0.6, len(labels) - 0.4)
    across(ax, range(len(labels)), labels, grid=False)
    number_upward(ax, words)


# Where a bar stands in its month, and how wide it is.
ALONE, NOW, BEFORE = (0.0, 0.7), (0.135, 0.57), (-0.325, 0.25)
LEVEL = 4  # characters that have room side by side over the bars
FULL: Look = dict(facecolor=EXPECTED, linewidth=0)
OPEN: Look = dict(facecolor=WHITE, edgecolor=QUIET, linewidth=1.1)
HATCHED: Look = dict(facecolor=WHITE, edgecolor=MISSING, hatch=HATCH, linewidth=0.9)


def size_months(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_months."""
    return WIDTH, 3.2


def draw_months(frame: pd.DataFrame, ax: Axes, words: Language, ar: int, manad: int) -> Axes:
    """Draw a bar per month up to the latest, each beside an open, narrower one for the year before.

    What a hidden cell may hold is hatched. A month unknown this year is an empty slot; after the
    latest month and for a month unknown the year before nothing is drawn.

    Args:
        frame: name (of the month), low, high, before_low, before_high (persons; NA = unknown).
        ax: Where to draw.
        words: The report's language.
        ar: The year of the bars.
        manad: The latest month (1–12).
    """
    if frame.empty:
        return blank(ax, words)
    low, high = numbers(frame, "low")[:manad], numbers(frame, "high")[:manad]
    before = numbers(frame, "before_low"), numbers(frame, "before_high")
    top = highest(high, before[1]) or 1.0
    compared = bool(np.isfinite(before[0]).any())
    at = NOW if compared else ALONE
    hidden = _month_bars(ax, low, high, *at, FULL) | _month_bars(ax, *before, *BEFORE, OPEN)
    upright_slots(ax, np.flatnonzero(np.isnan(low)), 0.6 * top, words, *at)
    _values(ax, low, high, top, words, at[0])
    _axis(ax, [words.t(name)[:3] for name in frame["name"]], words)
    legend_above(ax, _keys(words, ar, hidden, compared), 3)
    return ax


def _month_bars(
    ax: Axes, low: Floats, high: Floats, shift: float, width: float, look: Look
) -> bool:
    """Draw every known month, hatched where something is hidden; tell whether anything is."""
    known = np.flatnonzero(np.isfinite(low))
    draw_boxes(ax, [(x + shift - width / 2, 0, width, low[x]) for x in known], **look)
    hidden = known[high[known] > low[known]]
    draw_boxes(
        ax, [(x + shift - width / 2, low[x], width, high[x] - low[x]) for x in hidden], **HATCHED
    )
    return len(hidden) > 0


def _values(ax: Axes, low: Floats, high: Floats, top: float, words: Language, shift: float) -> None:
    """Write every month's number above its bar, on white where it meets the year before.

    All stand upright where the longest has no room beside its neighbours.
    """
    texts = {
        x: _text(int(low[x]), int(high[x]), words)
        for x in map(int, np.flatnonzero(np.isfinite(low)))
    }
    upright = max(map(len, texts.values()), default=0) > LEVEL
    ax.set_ylim(0, (1.5 if upright else 1.18) * top)
    above: Look = dict(
        gap=0, up=3, ha="center", va="bottom", size=SMALL - 1, upright=upright, frame="paper"
    )
    for x, text in texts.items():
        value_at(
            ax, x + shift, high[x], text, colour=MISSING if high[x] > low[x] else TEXT, **above
        )


def _text(low: int, high: int, words: Language) -> str:
    return words.t("dold") if (low, high) == (0, HIDDEN_HIGH) else words.range(low, high)


def _axis(ax: Axes, names: list[str], words: Language) -> None:
    ax.set_xlim(-0.6, len(names) - 0.4)
    across(ax, range(len(names)), names, grid=False)
    number_upward(ax, words)


def _keys(words: Language, ar: int, hidden: bool, before: bool) -> list[Patch]:
    keys = [Patch(**FULL, label=str(ar))]
    keys += [Patch(**OPEN, label=str(ar - 1))] if before else []
    return keys + ([Patch(**HATCHED, label=words.t("dolda uppgifter"))] if hidden else [])
