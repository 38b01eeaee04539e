"""What every kommun may expect under one forecast or another."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.slots import (
    WIDTH,
    blank,
    count_axis,
    highest,
    legend_above,
    name_rows,
    numbers,
    value_at,
    word_at,
)
from helpers.present.language import Language
from helpers.present.style import SCENARIO_MARKERS, SCENARIOS, SMALL, WHITE

WIDENED = 0.25  # children on each side, or an interval of one number has no width
LABELLED = 3  # more forecasts than this, and values beside every bar would be a wall of numbers


def size_scenarios(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_scenarios."""
    forecasts = max(frame["prognos"].nunique(), 1)
    lane = 0.155 if forecasts <= LABELLED else 0.115
    rows = max(frame["kommunkod"].nunique(), 2)
    return WIDTH, round(0.75 + 0.2 * -(-forecasts // 2) + rows * (0.11 + lane * forecasts), 2)


def draw_scenarios(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun, and in it one lane per forecast: the interval as a bar, the expected as a mark.

    Args:
        frame: kommunkod, kommun, prognos, expected, expected_low, expected_high (children; NA = unknown); one
            row per kommun and forecast, at most six forecasts.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    places = frame.drop_duplicates("kommunkod")
    rows = {code: row for row, code in enumerate(places["kommunkod"])}
    forecasts = sorted(frame["prognos"].unique())
    count_axis(ax, words, words.t("Antal barn"), highest(numbers(frame, "expected_high") + WIDENED), room=0.12)
    for lane, forecast in enumerate(forecasts):
        part = frame[frame["prognos"] == forecast]
        at = part["kommunkod"].map(rows).to_numpy(float) + 0.84 * ((lane + 0.5) / len(forecasts) - 0.5)
        _lane(ax, words, part, at, lane, len(forecasts))
    name_rows(ax, places["kommun"])
    _part_rows(ax, len(places))
    legend_above(ax, [_key(words, lane, forecast) for lane, forecast in enumerate(forecasts)], 2)
    return ax


def _lane(ax: Axes, words: Language, part: pd.DataFrame, at: np.ndarray, lane: int, lanes: int) -> None:
    low, high, expected = (numbers(part, name) for name in ("expected_low", "expected_high", "expected"))
    known = np.isfinite(low) & np.isfinite(high)
    colour, look = SCENARIOS[lane], {"marker": SCENARIO_MARKERS[lane], "linestyle": ""}
    wide = 6 if lanes <= LABELLED else 4.5
    for y, left, right in zip(at[known], low[known], high[known], strict=True):
        ends = [left - WIDENED, right + WIDENED]
        ax.plot(ends, [y, y], color=colour, linewidth=wide, solid_capstyle="butt", gid="interval")
        if lanes <= LABELLED:
            value_at(ax, ends[1], y, words.range(int(left), int(right)), fontsize=SMALL - 1)
    ax.plot(expected[known], at[known], color=colour, markeredgecolor=WHITE, markersize=wide + 1.5, zorder=3, **look)
    for y in at[~known]:
        word_at(ax, 0, y, words)


def _part_rows(ax: Axes, rows: int) -> None:
    """Draw a thin line between neighbours, so that no lane is read as the next kommun's."""
    ax.hlines(np.arange(rows - 1) + 0.5, 0, 1, transform=ax.get_yaxis_transform(), color="#dedede", linewidth=0.8)


def _key(words: Language, lane: int, forecast: int) -> Line2D:
    label = words.t("Prognos {antal} barn", antal=words.number(int(forecast)))
    look = {"color": SCENARIOS[lane], "marker": SCENARIO_MARKERS[lane], "markeredgecolor": WHITE}
    return Line2D([], [], linewidth=6, markersize=7.5, solid_capstyle="butt", label=label, **look)
