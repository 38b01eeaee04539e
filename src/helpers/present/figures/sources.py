"""What is in hand: the tables, year by year, and the national forecasts beside what came."""

import textwrap
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from helpers.present.figures.canvas import legend_above
from helpers.present.figures.scales import (
    WIDTH,
    Box,
    Column,
    Floats,
    Look,
    across,
    blank,
    columns_right,
    dots,
    empty_slots,
    filled,
    in_numbers,
    known_texts,
    name_rows,
    numbers,
    row_height,
    spans,
    strokes,
)
from helpers.present.language import Language
from helpers.present.style import (
    AVAILABLE,
    DASHES,
    EXPECTED,
    MISSING,
    OUTCOME,
    PARTLY,
    QUIET,
    WHITE,
)

SIDE = 0.72  # of a cell
LEAST = 0.15  # of a square: what a known or an unknown part takes at least
STEPS = np.array([m * 10.0**power for power in range(7) for m in (1, 3)])


def size_coverage(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_coverage; wider where the years are many."""
    wide = 2.6 + 0.24 * frame["ar"].nunique()
    # rounds: inches
    return max(WIDTH, round(wide, 2)), row_height(frame["label"].nunique(), 0.36, 0.95)[1]


def draw_coverage(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw a square per table and year: filled as far as it is in hand, an empty slot where it is
    not.

    Args:
        frame: label, ar, share (0–1 of the units known); a table and year without a row is not in
            hand.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    labels = list(frame["label"].unique())
    years = list(range(int(frame["ar"].min()), int(frame["ar"].max()) + 1))
    rows = zip(frame["label"], frame["ar"], frame["share"], strict=True)
    shares = {(labels.index(label), int(year)): float(share) for label, year, share in rows}
    cells = {
        (row, at): shares.get((row, years[at]), 0.0)
        for row, at in np.ndindex(len(labels), len(years))
    }
    empty_slots(ax, [_square(*cell) for cell, share in cells.items() if share < 1])
    filled(ax, [_square(*cell, share) for cell, share in cells.items() if share > 0], AVAILABLE)
    name_rows(ax, [textwrap.fill(label, 26) for label in labels])
    ax.set_xlim(-0.5, len(years) - 0.5)
    across(ax, range(len(years)), [str(year) for year in years], grid=False, upright=len(years) > 9)
    legend_above(ax, _coverage_keys(words), 3)
    return ax


def _square(row: int, at: int, share: float = 1.0) -> Box:
    """A cell filled from below; a little known is still seen."""
    tall = SIDE * (share if share == 1 else min(max(share, LEAST), 1 - LEAST))
    return at - SIDE / 2, row + SIDE / 2 - tall, SIDE, tall


def _coverage_keys(words: Language) -> list[Patch]:
    open_slot: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    partly: Look = dict(facecolor=PARTLY, edgecolor=AVAILABLE, linestyle=DASHES, linewidth=0.9)
    return [
        Patch(color=AVAILABLE, label=words.t("finns")),
        Patch(**partly, label=words.t("delvis (fylld del)")),
        Patch(**open_slot, label=words.t("saknas")),
    ]


def size_forecasts(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_forecasts."""
    return 7.2, row_height(len(frame), 0.3, 1.5)[1]


def draw_forecasts(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per forecast: its interval as a bar, its main value as a diamond, what came as a
    dot.

    The axis is logarithmic, since one year in ten was forty times another; the numbers are
    beside.

    Args:
        frame: ar, prognosdatum (NA = no forecast), prognos, low, high, actual (children; NA =
            unknown), in order.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    prognos, low, high, actual = (
        numbers(frame, name) for name in ("prognos", "low", "high", "actual")
    )
    name_rows(
        ax,
        [
            _forecast_name(words, *row)
            for row in zip(frame["ar"], frame["prognosdatum"], strict=True)
        ],
    )
    _log_axis(ax, words, np.concatenate([prognos, low, high, actual]))
    rows = np.arange(len(frame), dtype=np.float64)
    both = np.isfinite(low) & np.isfinite(high)
    spans(ax, low[both], high[both], rows[both], EXPECTED, 9.0)
    dots(ax, prognos, rows, [EXPECTED] * len(frame), 10.0, marker="D", markeredgewidth=1.0)
    dots(ax, actual, rows, [OUTCOME] * len(frame), 7.0, markeredgewidth=1.0)
    _part_years(ax, list(frame["ar"]))
    forecast = [_forecast_text(words, *row) for row in zip(prognos, low, high, strict=True)]
    came = [None if np.isnan(value) else words.number(int(value)) for value in actual]
    columns_right(
        ax, [Column(words.t("Prognos"), forecast), Column(words.t("Kom"), came, OUTCOME)], words
    )
    legend_above(ax, _forecast_keys(words), 1)
    return ax


def _forecast_name(words: Language, year: int, date: object) -> str:
    known = known_texts([date])
    return words.t("{ar}, prognos {datum}", ar=str(year), datum=known[0]) if known else str(year)


def _forecast_text(words: Language, prognos: float, low: float, high: float) -> str | None:
    """Write the main value, or the interval where there is no main value."""
    if np.isfinite(prognos):
        return words.number(int(prognos))
    return None if np.isnan([low, high]).any() else words.range(int(low), int(high))


def _log_axis(ax: Axes, words: Language, values: Floats) -> None:
    known = values[values > 0]
    low, high = (known.min(), known.max()) if known.size else (1.0, 10.0)
    ax.set_xscale("log")
    ax.set_xlim(low / 1.25, high * 1.25)
    places = _log_steps(low / 1.25, high * 1.25)
    title = words.t("Antal barn (logaritmisk skala: lika avstånd är lika många gånger fler)")
    across(ax, places, in_numbers(words, places), textwrap.fill(title, 44))


def _log_steps(low: float, high: float) -> list[float]:
    return [float(step) for step in STEPS if low <= step <= high]


def _part_years(ax: Axes, years: list[int]) -> None:
    """Draw a thin line where one year's forecasts end and the next year's begin."""
    turns = [row + 0.5 for row, (one, next_one) in enumerate(pairwise(years)) if one != next_one]
    strokes(ax, [((0, y), (1, y)) for y in turns], QUIET, 0.5, "row")


def _forecast_keys(words: Language) -> list[Line2D]:
    bar = Line2D(
        [],
        [],
        color=EXPECTED,
        linewidth=9,
        solid_capstyle="butt",
        label=words.t("Prognosens intervall"),
    )
    look: Look = {"linestyle": "", "markersize": 8, "markeredgecolor": WHITE}
    main = Line2D([], [], color=EXPECTED, marker="D", label=words.t("Prognos"), **look)
    return [
        bar,
        main,
        Line2D([], [], color=OUTCOME, marker="o", label=words.t("Så många kom"), **look),
    ]


def size_key_errors(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_key_errors."""
    return row_height(len(frame), 0.27, 0.95)


def draw_key_errors(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per place: a dot as many per cent from the middle line as the estimate misses
    what is published, both as numbers.

    Args:
        frame: namn, published, estimated (‰), percent (per cent of the published; NA = unknown),
            top row first.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    percent = numbers(frame, "percent")
    far = max(1.0, float(np.nanmax(np.abs(percent)))) * 1.15
    rows = np.arange(len(frame), dtype=np.float64)
    name_rows(ax, frame["namn"])
    ax.set_xlim(-far, far)
    places = [place for place in MaxNLocator(5).tick_values(-far, far) if abs(place) <= far]
    title = words.t("Uppskattat minus publicerat, i procent av det publicerade")
    across(ax, places, [words.number(place, 0, sign=True) for place in places], title)
    strokes(ax, [((0, 0), (0, 1))], QUIET, 1.0, "column")
    spans(ax, np.minimum(percent, 0), np.maximum(percent, 0), rows, EXPECTED, 2.0)
    dots(ax, percent, rows, [EXPECTED] * len(frame))
    columns = [
        Column(words.t(label), [words.number(value, 2) for value in numbers(frame, name)])
        for label, name in (("Publicerat", "published"), ("Nyckeln ger", "estimated"))
    ]
    columns_right(ax, columns, words)
    return ax
