"""Scenarios of one county beside one another: what is expected, what the rule can give, and how sure that is."""

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.keys import legend_above
from helpers.present.figures.placement import root_axis
from helpers.present.figures.scales import name_rows, part_rows, strokes
from helpers.present.figures.slots import (
    WIDTH,
    Floats,
    Look,
    blank,
    dots,
    highest,
    numbers,
    spans,
    word_at,
)
from helpers.present.language import Language
from helpers.present.style import QUIET, SCENARIO_MARKERS, SCENARIOS

MOST_COMPARED = len(SCENARIOS)  # each has a colour and a marker of its own
LANE = 0.15  # inches
TICK = 0.36  # of a lane, above and below it: longer than the marker is high
NAME_WIDTH = 54  # letters of a scenario's name on one line of the legend


def size_compared(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_compared."""
    names = _names(frame)
    lines = 3 + sum(1 + name.count("\n") for name in names)
    rows = max(frame["kommunkod"].nunique(), 2)
    return WIDTH, round(0.75 + 0.2 * lines + rows * (0.11 + LANE * max(len(names), 1)), 2)  # rounds: inches


def draw_compared(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun, and in it one lane per scenario: estimate, the rule's range, and the interval.

    Args:
        frame: scenario (its name), kommunkod, kommun, expected, placed_low, placed_high, low, high (children;
            NA = unknown); at most `MOST_COMPARED` scenarios, in the order of the lanes.
        ax: Where to draw.
        words: The reader's language.
    """
    if frame.empty:
        return blank(ax, words)
    places = frame.drop_duplicates("kommunkod").sort_values("kommunkod", kind="stable")
    names = frame["scenario"].unique()
    root_axis(ax, words, highest(*(numbers(frame, name) for name in ("expected", "placed_high", "high"))))
    for lane, name in enumerate(names):
        part = frame[frame["scenario"] == name].set_index("kommunkod").reindex(places["kommunkod"])
        at = np.arange(len(places), dtype=np.float64) + 0.84 * ((lane + 0.5) / len(names) - 0.5)
        _lane(ax, words, part, at, lane, TICK / len(names))
    name_rows(ax, places["kommun"])
    part_rows(ax, len(places))
    legend_above(ax, [*_scenario_keys(frame), *_mark_keys(words)], 1)
    return ax


def _lane(ax: Axes, words: Language, part: pd.DataFrame, at: Floats, lane: int, tick: float) -> None:
    expected, low, high = (numbers(part, name) for name in ("expected", "low", "high"))
    placed = [numbers(part, name) for name in ("placed_low", "placed_high")]
    colour, drawn, known = SCENARIOS[lane], np.isfinite(low) & np.isfinite(high), np.isfinite(placed[0])
    spans(ax, low[drawn], high[drawn], at[drawn], colour, 1.8)
    ticks = [(x, y) for x, y in zip(expected, at, strict=True) if np.isfinite(x)]
    strokes(ax, [((x, y - tick), (x, y + tick)) for x, y in ticks], colour, 1.8)
    marks = [colour] * int(known.sum())
    for end in placed:
        dots(ax, end[known], at[known], marks, 6.0, marker=SCENARIO_MARKERS[lane], markeredgewidth=0.8)
    for y in at[~known]:
        word_at(ax, 0, y, words)


def _names(frame: pd.DataFrame) -> list[str]:
    """The scenarios' names, a long one on several lines."""
    return ["\n".join(textwrap.wrap(name, NAME_WIDTH)) for name in frame["scenario"].unique()]


def _scenario_keys(frame: pd.DataFrame) -> Sequence[Line2D]:
    looks = zip(_names(frame), SCENARIOS, SCENARIO_MARKERS, strict=False)
    return [Line2D([], [], color=colour, marker=mark, markersize=5, label=name) for name, colour, mark in looks]


def _mark_keys(words: Language) -> Sequence[Line2D]:
    rule: Look = dict(color=QUIET, marker="o", markersize=5.5, linestyle="")
    tick: Look = dict(color=QUIET, marker="|", markersize=11, markeredgewidth=1.8, linestyle="")
    return [
        Line2D([], [], label=words.t("Placeringsregeln kan ge"), **rule),
        Line2D([], [], label=words.t("Förväntat"), **tick),
        Line2D([], [], color=QUIET, linewidth=1.8, label=words.t("Lägst–högst vid kända prognosfel")),
    ]
