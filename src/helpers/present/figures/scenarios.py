"""What every kommun may expect under one forecast or another."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.keys import legend_above
from helpers.present.figures.scales import count_axis, name_rows, part_rows
from helpers.present.figures.slots import (
    WIDTH,
    Floats,
    Look,
    blank,
    dots,
    filled,
    highest,
    numbers,
    value_at,
    word_at,
)
from helpers.present.language import Language
from helpers.present.style import SCENARIO_MARKERS, SCENARIOS, SMALL

WIDENED = 0.25  # children on each side, or an interval of one number has no width
LABELLED = 3  # more forecasts than this, and values beside every bar would be a wall of numbers


def size_scenarios(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_scenarios."""
    forecasts = max(frame["prognos"].nunique(), 1)
    lane = 0.155 if forecasts <= LABELLED else 0.115
    rows = max(frame["kommunkod"].nunique(), 2)
    return WIDTH, round(0.75 + 0.2 * -(-forecasts // 2) + rows * (0.11 + lane * forecasts), 2)  # rounds: inches


def draw_scenarios(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun, and in it one lane per forecast: the interval as a bar, the expected a mark.

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
    if len(forecasts) > len(SCENARIOS):
        raise ValueError(f"{len(forecasts)} forecasts: at most {len(SCENARIOS)} can be told apart in one figure.")
    count_axis(ax, words, words.t("Antal barn"), highest(numbers(frame, "expected_high") + WIDENED), room=0.12)
    for lane, forecast in enumerate(forecasts):
        part = frame[frame["prognos"] == forecast]
        at = part["kommunkod"].map(rows).to_numpy(float) + 0.84 * ((lane + 0.5) / len(forecasts) - 0.5)
        _lane(ax, words, part, at, lane, len(forecasts))
    name_rows(ax, places["kommun"])
    part_rows(ax, len(places))
    legend_above(ax, [_key(words, lane, forecast) for lane, forecast in enumerate(forecasts)], 2)
    return ax


def _lane(ax: Axes, words: Language, part: pd.DataFrame, at: Floats, lane: int, lanes: int) -> None:
    low, high, expected = (numbers(part, name) for name in ("expected_low", "expected_high", "expected"))
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    tall = 0.36 / lanes
    boxes = [(low[n] - WIDENED, at[n] - tall / 2, high[n] - low[n] + 2 * WIDENED, tall) for n in known]
    filled(ax, boxes, SCENARIOS[lane])
    size, look = 8 if lanes <= LABELLED else 6.5, {"marker": SCENARIO_MARKERS[lane], "markeredgecolor": SCENARIOS[lane]}
    dots(ax, expected[known], at[known], [SCENARIOS[lane]] * len(known), size, markeredgewidth=1.0, **look)
    for n in known if lanes <= LABELLED else []:
        end = max(high[n] + WIDENED, expected[n])
        value_at(ax, end, at[n], words.range(int(low[n]), int(high[n])), gap=8, size=SMALL - 1)
    for y in np.delete(at, known):
        word_at(ax, 0, y, words)


def _key(words: Language, lane: int, forecast: int) -> Line2D:
    label = words.t("Prognos {antal} barn", antal=words.number(int(forecast)))
    look: Look = {"color": SCENARIOS[lane], "marker": SCENARIO_MARKERS[lane]}
    return Line2D([], [], linewidth=5, markersize=8, solid_capstyle="butt", label=label, **look)
