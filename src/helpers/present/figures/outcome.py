"""The outcome against what was expected, kommun by kommun, and where the difference comes from."""

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.scales import (
    NAME,
    Column,
    Floats,
    blank,
    columns_right,
    count_axis,
    dots,
    filled,
    highest,
    name_rows,
    numbers,
    row_height,
    row_of,
    strokes,
    value_at,
    whole,
    word_at,
)
from helpers.present.figures.words import legend_above
from helpers.present.language import Language
from helpers.present.style import (
    EXPECTED,
    MUTED,
    MUTED_OUTCOME,
    OUTCOME,
    QUIET,
    STEP_DOWN,
    STEP_UP,
    ink_on,
)

WIDENED = 0.25  # children on each side, or an interval of one number has no width


def size_outcome(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_outcome."""
    return row_height(len(frame), 0.27, 0.95)


def draw_outcome(
    frame: pd.DataFrame,
    ax: Axes,
    words: Language,
    highlight: str | None = None,
    preliminary: bool = False,
) -> Axes:
    """Draw one row per kommun: the expected interval as a bar, the outcome as a dot, both as
    numbers.

    Args:
        frame: kommunkod, kommun, expected_low, expected_high, utfall (children; NA = unknown), top
            row first.
        ax: Where to draw. The caller owns size, caption and file.
        words: The report's language.
        highlight: A kommunkod to bring out; the others are muted.
        preliminary: Whether the outcomes are of a part of the year; then the key and the numbers
            say so.
    """
    if frame.empty:
        return blank(ax, words)
    low, high, utfall = (
        numbers(frame, name) for name in ("expected_low", "expected_high", "utfall")
    )
    bold = row_of(frame, highlight)
    count_axis(ax, words, words.t("Antal barn"), highest(high + WIDENED, utfall))
    _intervals(ax, low, high, _roles(len(frame), bold, EXPECTED, MUTED))
    _dots(ax, utfall, _roles(len(frame), bold, OUTCOME, MUTED_OUTCOME))
    name_rows(ax, frame["kommun"], bold)
    expected = [_range(words, *pair) for pair in zip(low, high, strict=True)]
    columns = [
        Column(words.t("Förväntat"), expected),
        Column(
            words.t("Utfall (prel.)") if preliminary else words.t("Utfall"),
            whole(words, utfall),
            OUTCOME,
        ),
    ]
    columns_right(ax, columns, words, bold)
    legend_above(ax, _keys(words, preliminary), 2)
    return ax


def _roles(rows: int, bold: int | None, role: str, muted: str) -> list[str]:
    return [role if bold is None or row == bold else muted for row in range(rows)]


def _intervals(ax: Axes, low: Floats, high: Floats, colours: Sequence[str]) -> None:
    widened = max(WIDENED, 0.006 * np.ptp(ax.get_xlim()))  # and among hundreds, not a hair
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    for colour in sorted(set(colours)):
        rows = [row for row in known.tolist() if colours[row] == colour]
        boxes = [
            (low[row] - widened, row - 0.24, high[row] - low[row] + 2 * widened, 0.48)
            for row in rows
        ]
        filled(ax, boxes, colour)


def _dots(ax: Axes, values: Floats, colours: Sequence[str]) -> None:
    known = np.flatnonzero(np.isfinite(values))
    fill = [colours[row] for row in known.tolist()]
    dots(ax, values[known], known, fill)


def _range(words: Language, low: float, high: float) -> str | None:
    return None if np.isnan([low, high]).any() else words.range(int(low), int(high))


def _keys(words: Language, preliminary: bool) -> list[Line2D]:
    told = words.t("Utfall, preliminärt") if preliminary else words.t("Utfall")
    bar = Line2D(
        [], [], color=EXPECTED, linewidth=9, solid_capstyle="butt", label=words.t("Förväntat")
    )
    dot = Line2D([], [], color=OUTCOME, marker="o", markersize=7, linestyle="", label=told)
    return [bar, dot]


def size_split(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_split."""
    return row_height(len(frame), 0.52, 0.65)


def draw_split(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw how the expected number becomes the outcome: levels stand on zero, steps on the last
    end.

    Args:
        frame: label, value (children; NA = unknown), kind ("level" or "step"), in order.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    spans = _spans(numbers(frame, "value"), frame["kind"])
    name_rows(ax, [textwrap.fill(label, 18) for label in frame["label"]])
    low = min(0.0, float(np.nanmin(np.append(spans, 0.0))))
    count_axis(ax, words, words.t("Antal barn"), highest(spans.ravel()), room=0.1, low=low)
    for row, (value, kind) in enumerate(zip(numbers(frame, "value"), frame["kind"], strict=True)):
        last = kind == "level" and row == len(frame) - 1
        _bar(ax, words, row, spans[row], value, _split_colour(kind, value, last))
    _connect(ax, spans)
    return ax


def _spans(values: Floats, kinds: Iterable[str]) -> Floats:
    """Give start and end of every bar; after an unknown value every step is unknown until the next
    level.
    """
    spans, reached = [], 0.0
    for value, kind in zip(values, kinds, strict=True):
        start = 0.0 if kind == "level" else reached
        reached = start + value
        spans.append((start, reached))
    return np.array(spans)


def _split_colour(kind: str, value: float, last: bool) -> str:
    if kind == "level":
        return OUTCOME if last else EXPECTED
    return STEP_DOWN if value < 0 else STEP_UP


def _bar(ax: Axes, words: Language, row: int, span: Floats, value: float, colour: str) -> None:
    if not np.isfinite(span).all():
        word_at(ax, 0, row, words)
        return
    filled(ax, [(min(span), row - 0.28, abs(span[1] - span[0]), 0.56)], colour)
    step = colour in (STEP_DOWN, STEP_UP)
    text = words.number(float(value), 0 if float(value).is_integer() else 1, sign=step)
    if abs(span[1] - span[0]) > 0.14 * np.ptp(ax.get_xlim()):
        value_at(ax, span.mean(), row, text, gap=0, ha="center", colour=ink_on(colour), size=NAME)
    else:
        value_at(ax, span.max(), row, text, size=NAME)


def _connect(ax: Axes, spans: Floats) -> None:
    """Lead the eye from where one bar ends to the next one's row."""
    ends = [
        (row, end)
        for row, end in enumerate(spans[:-1, 1])
        if np.isfinite([end, *spans[row + 1]]).all()
    ]
    strokes(ax, [((end, row + 0.28), (end, row + 0.72)) for row, end in ends], QUIET, 1.0)
