"""How many were received month by month, beside the same months of the year before."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.model.monthly import HIDDEN_HIGH
from helpers.present.figures.keys import legend_above
from helpers.present.figures.scales import across, number_upward
from helpers.present.figures.slots import (
    WIDTH,
    Floats,
    Look,
    blank,
    draw_boxes,
    highest,
    numbers,
    upright_slots,
    value_at,
)
from helpers.present.language import Language
from helpers.present.style import EXPECTED, HATCH, MISSING, QUIET, SMALL, TEXT, WHITE

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

    What a hidden cell may hold is hatched. A month unknown this year is an empty slot; after the latest
    month and for a month unknown the year before nothing is drawn.

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
    hidden = _bars(ax, low, high, *at, FULL) | _bars(ax, *before, *BEFORE, OPEN)
    upright_slots(ax, np.flatnonzero(np.isnan(low)), 0.6 * top, words, *at)
    _values(ax, low, high, top, words, at[0])
    _axis(ax, [words.t(name)[:3] for name in frame["name"]], words)
    legend_above(ax, _keys(words, ar, hidden, compared), 3)
    return ax


def _bars(ax: Axes, low: Floats, high: Floats, shift: float, width: float, look: Look) -> bool:
    """Draw every known month, hatched where something is hidden; tell whether anything is."""
    known = np.flatnonzero(np.isfinite(low))
    draw_boxes(ax, [(x + shift - width / 2, 0, width, low[x]) for x in known], **look)
    hidden = known[high[known] > low[known]]
    draw_boxes(ax, [(x + shift - width / 2, low[x], width, high[x] - low[x]) for x in hidden], **HATCHED)
    return len(hidden) > 0


def _values(ax: Axes, low: Floats, high: Floats, top: float, words: Language, shift: float) -> None:
    """Write every month's number above its bar, on white where it meets the year before.

    All stand upright where the longest has no room beside its neighbours.
    """
    texts = {x: _text(int(low[x]), int(high[x]), words) for x in map(int, np.flatnonzero(np.isfinite(low)))}
    upright = max(map(len, texts.values()), default=0) > LEVEL
    ax.set_ylim(0, (1.5 if upright else 1.18) * top)
    above: Look = dict(gap=0, up=3, ha="center", va="bottom", size=SMALL - 1, upright=upright, frame="paper")
    for x, text in texts.items():
        value_at(ax, x + shift, high[x], text, colour=MISSING if high[x] > low[x] else TEXT, **above)


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
