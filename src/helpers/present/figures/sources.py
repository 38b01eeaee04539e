"""What is in hand: the tables, year by year, and the national forecasts beside what came."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.present.figures.lettering import (
    WIDTH,
    Word,
    is_narrow,
    legend_above,
    text_size,
    words_of,
)
from helpers.present.figures.paper import text_width
from helpers.present.figures.rows import (
    Column,
    columns_right,
    name_rows,
    part_rows,
    row_height,
)
from helpers.present.figures.scales import (
    BESIDE,
    NAME,
    SLOT,
    Box,
    Dashes,
    Floats,
    Look,
    across,
    blank,
    dots,
    empty_slots,
    filled,
    in_numbers,
    numbers,
    spans,
    steps,
    strokes,
    whole,
)
from helpers.present.language import Language
from helpers.present.style import (
    AVAILABLE,
    DASHES,
    EXPECTED,
    MISSING,
    MUTED,
    OUTCOME,
    QUIET,
    SMALL,
    WHITE,
)

SIDE = 0.72  # of a cell
LEAST = 0.15  # of a square: what a known or an unknown part takes at least
STATED: dict[str, Dashes | None] = {
    "official": None,
    "press": (0, (4, 2)),
    "derived": (0, (1, 1.5)),
}
STEPS = np.array([m * 10.0**power for power in range(7) for m in (1, 3)])
TENS = STEPS[::2]


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
    legend_above(ax, _coverage_keys(words), 2)
    return ax


def _square(row: int, at: int, share: float = 1.0) -> Box:
    """A cell filled from below; a little known is still seen."""
    tall = SIDE * (share if share == 1 else min(max(share, LEAST), 1 - LEAST))
    return at - SIDE / 2, row + SIDE / 2 - tall, SIDE, tall


def _coverage_keys(words: Language) -> list[Patch]:
    open_slot: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    return [
        Patch(color=AVAILABLE, label=words.t("finns")),
        Patch(**open_slot, label=words.t("saknas")),
    ]


def size_record(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_record."""
    return row_height(len(_years(frame)), 0.42, 1.6)


def draw_record(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw each forecast as a line from its number, when it was made, to what came at the year's
    end; time runs downwards, so that it is as narrow as its numbers allow.

    The axis is logarithmic, since one year in ten was forty times another; what came is beside.

    Args:
        frame: ar, prognosdatum (ISO, perhaps the year alone: then the line begins in its middle),
            prognos, low, high, actual (children or persons; NA = unknown), stated.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    prognos, low, high, actual = (
        numbers(frame, name) for name in ("prognos", "low", "high", "actual")
    )
    years = _years(frame)
    came = dict(zip(frame["ar"].astype(int), actual, strict=True))
    _years_beside(ax, years, came, words)
    _log_axis(ax, words, np.concatenate([prognos, low, high, actual]))
    made = np.array([_moment(str(date)) for date in frame["prognosdatum"]]) - years[0] - 0.5
    ends = frame["ar"].to_numpy(dtype=float) - years[0] + 0.5
    part_rows(ax, len(years))
    both = np.isfinite(low) & np.isfinite(high)
    spans(ax, low[both], high[both], made[both], MUTED, 3.0)
    known = np.isfinite(prognos) & np.isfinite(actual)
    for stated, dashes in STATED.items():
        own = np.flatnonzero(known & (frame["stated"] == stated).to_numpy())
        lines = [((prognos[at], made[at]), (actual[at], ends[at])) for at in own]
        strokes(ax, lines, EXPECTED, 1.4, dashes=dashes)
    dots(ax, prognos, made, [EXPECTED] * len(frame), 6.6, marker="D", markeredgewidth=0.8)
    dots(ax, actual, ends, [OUTCOME] * len(frame), 8.0, markeredgewidth=1.0)
    legend_above(ax, _record_keys(words), 2)
    return ax


def _years(frame: pd.DataFrame) -> list[int]:
    """Every year from the first forecast to the last year that is forecast."""
    if frame.empty:
        return []
    made = frame["prognosdatum"].str[:4].astype(int)
    return list(range(int(min(made.min(), frame["ar"].min())), int(frame["ar"].max()) + 1))


def _moment(made: str) -> float:
    """A date as a year and its part: the middle of the month, or of the year, where no more is
    known.

    >>> _moment("2018"), _moment("2018-07"), _moment("2018-01-01")
    (2018.5, 2018.5416666666667, 2018.0)
    """
    year, *rest = map(int, made.split("-"))
    if not rest:
        return year + 0.5
    return year + (rest[0] - 1 + (0.5 if len(rest) == 1 else (rest[1] - 1) / 31)) / 12


def _years_beside(
    ax: Axes, years: Sequence[int], came: Mapping[int, float], words: Language
) -> None:
    """Write each year left of its part of the scale of time, and what came right of it, on a narrow
    sheet too; a year that no forecast is about has nothing beside.
    """
    ax.set_axis_off()
    ax.set_ylim(len(years) - 0.5, -0.5)
    known = whole(words, np.array([came.get(year, np.nan) for year in years]))
    told = [text or words.t("saknas") for text in known]
    edge = 2 * BESIDE + max(text_width(text, text_size(ax, SMALL)) for text in told)
    beside: Look = dict(shift=(edge, 0), ha="right", colour=OUTCOME)
    written = [Word(words.t("Kom"), (1, 1), "axes", (edge, 5), "right", "bottom", SMALL, QUIET)]
    for row, year in enumerate(years):
        at = (str(year), (0, row), "row", (-BESIDE, 0), "right", "center", NAME)
        written.append(Word(*at))
        look = beside if known[row] else beside | SLOT
        if year in came:
            written.append(Word(told[row], (1, row), "row", **look))
    words_of(ax).words += written


def _log_axis(ax: Axes, words: Language, values: Floats) -> None:
    known = values[values > 0]
    low, high = (known.min(), known.max()) if known.size else (1.0, 10.0)
    ax.set_xscale("log")
    ax.set_xlim(low / 1.25, high * 1.25)
    narrow = is_narrow(ax)
    steps = TENS if narrow else STEPS  # fewer numbers, with room between them
    places = [float(step) for step in steps if low / 1.25 <= step <= high * 1.25]
    title = words.t("Antal (logaritmisk skala: lika avstånd är lika många gånger fler)")
    across(ax, places, in_numbers(words, places), title)


def _record_keys(words: Language) -> list[Line2D]:
    look: Look = {"linestyle": "", "markersize": 7, "markeredgecolor": WHITE}
    names = {"official": "Officiell prognos", "press": "Ur press", "derived": "Härledd"}
    lines = [
        Line2D([], [], color=EXPECTED, linewidth=1.6, linestyle=STATED[kind] or "-", label=label)
        for kind, label in ((kind, words.t(name)) for kind, name in names.items())
    ]
    return [
        *lines,
        Line2D([], [], color=EXPECTED, marker="D", label=words.t("Prognosen"), **look),
        Line2D([], [], color=OUTCOME, marker="o", label=words.t("Så många kom"), **look),
        Line2D(
            [],
            [],
            color=MUTED,
            linewidth=3,
            solid_capstyle="butt",
            label=words.t("Prognosens intervall"),
        ),
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
    places = [place for place in steps(-far, far, 5, integer=False) if abs(place) <= far]
    title = words.t("Uppskattat minus publicerat, i procent av det publicerade")
    across(ax, places, in_numbers(words, places, sign=True), title)
    strokes(ax, [((0, 0), (0, 1))], QUIET, 1.0, "column")
    spans(ax, np.minimum(percent, 0), np.maximum(percent, 0), rows, EXPECTED, 2.0)
    dots(ax, percent, rows, [EXPECTED] * len(frame))
    columns = [
        Column(words.t(label), [words.number(value, 2) for value in numbers(frame, name)])
        for label, name in (("Publicerat", "published"), ("Nyckeln ger", "estimated"))
    ]
    columns_right(ax, columns, words)
    return ax
