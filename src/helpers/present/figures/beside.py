"""One place: among those like it, as a dot on a line; and year by year, unknown years told once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.lettering import WIDTH, is_narrow, sheet_width, text_size, words_of
from helpers.present.figures.paper import text_width
from helpers.present.figures.rates import references
from helpers.present.figures.reception import breaks, run_name, runs_of, year_axis, year_bars
from helpers.present.figures.scales import (
    Look,
    across,
    blank,
    dots,
    in_numbers,
    numbers,
    steps,
    strokes,
    value_at,
)
from helpers.present.language import Language
from helpers.present.style import MUTED, MUTED_OUTCOME, QUIET, RECEIVED, SMALL

TALL = 84.0  # points of a narrow sheet: the line, a label above it, two below
LEVEL = 0.55  # of the height: where the line is
OWN, OTHER = 10.0, 7.0  # points: the place's dot, and the others'
AWAY = 9.0  # points from the line to a label
LOWER = 14.0  # points further down, where two labels would meet


def size_beside(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_beside."""
    return WIDTH, 2.1


def draw_beside(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw a place as a dot among those like it on one line; its county and the nation as lines
    across.

    Args:
        frame: unit, per_1000 (NA = unknown), own (whether it is the place), around (whether it is
            its county or the nation).
        ax: Where to draw.
        words: The report's language.
    """
    rows = frame.dropna(subset=["per_1000"])
    among = rows[~rows["around"]].sort_values("per_1000", kind="stable", ignore_index=True)
    if among.empty:
        return blank(ax, words)
    words_of(ax).tall = TALL
    values, own = numbers(among, "per_1000"), among["own"].to_numpy(dtype=bool)
    every = numbers(rows, "per_1000")
    room = 0.08 * (float(every.max() - every.min()) or 1.0)
    ax.set(xlim=(max(float(every.min()) - room, 0.0), float(every.max()) + room), ylim=(0, 1))
    places = steps(*ax.get_xlim(), 6, integer=False)
    title = words.t("Mottagna per {antal} invånare", antal=words.number(1000))
    across(ax, places, in_numbers(words, places), title)
    strokes(ax, [((values[0], LEVEL), (values[-1], LEVEL))], MUTED, 1.6)
    level = np.full(len(values), LEVEL)
    dots(ax, values[~own], level[~own], [MUTED_OUTCOME] * int((~own).sum()), OTHER)
    dots(ax, values[own], level[own], [RECEIVED] * int(own.sum()), OWN)
    _names(ax, among, words)
    references(ax, rows[rows["around"]], words)
    return ax


def _names(ax: Axes, among: pd.DataFrame, words: Language) -> None:
    """Write the place over its dot, and the lowest and the highest of the others under theirs."""
    low, high = ax.get_xlim()
    told = [f"{name} {words.number(float(value), 1)}" for name, value in _named(among)]
    ends, size = among.index[[0, -1]].tolist(), text_size(ax, SMALL)
    wide = sum(text_width(told[row], size) for row in ends)
    apart = float(among["per_1000"].iloc[-1] - among["per_1000"].iloc[0]) / (high - low)
    both = not among["own"].iloc[[0, -1]].any()  # of the others
    meet = both and wide + 2 * AWAY > apart * sheet_width(ax)
    for row, (value, own) in enumerate(zip(among["per_1000"], among["own"], strict=True)):
        right = (float(value) - low) / (high - low) > 0.5
        look: Look = dict(gap=0, ha="right" if right else "left", frame="paper")
        if own:
            up: Look = dict(up=AWAY, va="bottom", bold=True, colour=RECEIVED)
            value_at(ax, float(value), LEVEL, told[row], **(look | up))
        elif row in ends:
            down = AWAY + LOWER * (meet and row == ends[-1])
            under: Look = dict(up=-down, va="top", colour=QUIET)
            value_at(ax, float(value), LEVEL, told[row], **(look | under))


def _named(among: pd.DataFrame) -> Sequence[tuple[str, float]]:
    return list(zip(among["unit"], among["per_1000"], strict=True))


class Panel(NamedTuple):
    """One number of a place year by year: its column, its title and its colour."""

    column: str
    title: str
    colour: str


def size_years(panels: Sequence[Panel]) -> tuple[float, float]:
    """Give width and height in inches for draw_years."""
    return WIDTH, 0.4 + 1.75 * len(panels)


def draw_years(
    frame: pd.DataFrame, axes: Axes | tuple[Axes, ...], words: Language, panels: Sequence[Panel]
) -> Axes | tuple[Axes, ...]:
    """Draw each number in a panel of its own, a bar per known year; unknown years in a row are one
    narrow band, and a dashed line parts years of another measure.

    Args:
        frame: ar, measure ("unnamed" where the source of `antal` does not say what it counts), and
            the panels' columns (persons; NA = unknown); one row per year, none left out.
        axes: One per panel, from the top.
        words: The report's language.
        panels: What is drawn, from the top.
    """
    years = [int(year) for year in frame["ar"]]
    every = axes if isinstance(axes, tuple) else (axes,)
    for ax, panel in zip(every, panels, strict=True):
        words_of(ax).tall = 96.0 if is_narrow(ax) else words_of(ax).tall
        values = numbers(frame, panel.column)
        unnamed = (frame["measure"] == "unnamed").to_numpy() & (panel.column == "antal")
        runs = runs_of(values)
        first = [run[0] for run in runs]
        year_bars(ax, values[first], words, panel.colour, unnamed[first])
        breaks(ax, values[first], unnamed[first])
        labels = [run_name([years[at] for at in run], unnamed[run[0]], words) for run in runs]
        year_axis(ax, labels, words.t(panel.title), words)
    return axes
