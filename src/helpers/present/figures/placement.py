"""What the placement rule can give, how uncertain that is, how the cases spread, what a plan moves
and where places run out.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.lettering import legend_above
from helpers.present.figures.rows import (
    Column,
    columns_right,
    name_rows,
    row_height,
    row_of,
)
from helpers.present.figures.scales import (
    Floats,
    Look,
    across,
    blank,
    count_axis,
    dots,
    estimated_key,
    estimated_rows,
    filled,
    hatched,
    highest,
    in_numbers,
    numbers,
    opened,
    spans,
    strokes,
    whole,
)
from helpers.present.language import Language
from helpers.present.style import EXPECTED, MUTED, MUTED_OUTCOME, OUTCOME, QUIET, WHITE

RULE = "D"  # what the rule can give, wherever it is drawn
ABOVE, BELOW = -0.18, 0.24  # a row's two lanes: what is expected, and how far it may miss
STEPS = np.outer(10 ** np.arange(7), (1, 2, 5)).ravel()
APART = 0.1  # of the axis, between two ticks: room for their numbers
MOST_CASES = 2001  # of a kommun that a drawing of the cases is made from: it shows no more
WIDENED = 0.02  # of the axis on each side, or an interval of one number has no width


def size_placement(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_placement."""
    return row_height(len(frame), 0.36, 1.15)


def draw_placement(
    frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None
) -> Axes:
    """Draw one row per kommun, over a square-root axis: expected and the rule's range above, the
    interval below.

    Args:
        frame: kommunkod, kommun, expected, expected_low, expected_high, placed_low, placed_high,
            low, half_low, half_high, high (children; NA = unknown), and perhaps estimated (whether
            the share is; then the bar is hatched), top row first.
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out; the others are muted.
    """
    if frame.empty:
        return blank(ax, words)
    low, high = (numbers(frame, name) for name in ("low", "high"))
    middle = [numbers(frame, name) for name in ("half_low", "half_high")]
    expected = [numbers(frame, name) for name in ("expected_low", "expected_high")]
    placed, bold = (
        [numbers(frame, name) for name in ("placed_low", "placed_high")],
        row_of(frame, highlight),
    )
    drawn, guessed = bool(np.isfinite(low).any()), estimated_rows(frame)
    root_axis(ax, words, highest(expected[1], placed[1], high))
    rows = np.arange(len(frame), dtype=np.float64)
    above = rows + (ABOVE if drawn else 0)
    wider = WIDENED * np.sqrt(ax.get_xlim()[1])
    left = np.maximum(np.sqrt(expected[0]) - wider, 0.0) ** 2
    wide = (np.sqrt(expected[1]) + wider) ** 2 - left
    brought_out = (rows == bold) if bold is not None else np.ones(len(rows), dtype=bool)
    for own, colour in ((brought_out, EXPECTED), (~brought_out, MUTED)):
        for here, draw in ((own & ~guessed, filled), (own & guessed, hatched)):
            known = here & np.isfinite(wide)
            boxes = zip(left[known], above[known] - 0.19, wide[known], strict=True)
            draw(ax, [(x, y, width, 0.38) for x, y, width in boxes], colour)
    spans(ax, placed[0], placed[1], above, OUTCOME if bold is None else MUTED_OUTCOME, 1.6)
    for end in placed:
        _rule(ax, end, above, bold)
    _cases(ax, low, middle, high, rows + BELOW)
    name_rows(ax, frame["kommun"], bold)
    columns_right(ax, _columns(frame, words, drawn), words, bold)
    legend_above(
        ax, [*_keys(words, drawn), *estimated_key(frame, words)], 2, lift=14 if drawn else 0
    )
    return ax


def root_axis(ax: Axes, words: Language, top: float) -> None:
    """Small counts get room beside large ones; a count's place is its square root."""
    top = max(top, 1.0) * 1.08
    ax.set_xscale(
        "function",
        functions=(lambda x: np.sign(x) * np.sqrt(np.abs(x)), lambda x: np.sign(x) * x**2),
    )
    ax.set_xlim(-0.002 * top, top)
    places = _ticks(top)
    across(
        ax,
        places,
        in_numbers(words, places),
        words.t("Antal barn, på en skala som ger små tal mer plats"),
    )


def _ticks(top: float) -> list[float]:
    """Round numbers from the highest down, with room between them for their labels, and zero."""
    ticks: list[float] = []
    for step in STEPS[top >= STEPS][::-1].tolist():
        if step >= (APART**2) * top and (
            not ticks or np.sqrt(ticks[-1]) - np.sqrt(step) >= APART * np.sqrt(top)
        ):
            ticks.append(step)
    return [0.0, *reversed(ticks)]


def _rule(ax: Axes, placed: Floats, at: Floats, bold: int | None) -> None:
    known = np.flatnonzero(np.isfinite(placed))
    fill = [OUTCOME if bold is None or row == bold else MUTED_OUTCOME for row in known.tolist()]
    dots(ax, placed[known], at[known], fill, 5.8, marker=RULE, markeredgewidth=1.1)


def _cases(ax: Axes, low: Floats, middle: Sequence[Floats], high: Floats, at: Floats) -> None:
    known = np.isfinite(low) & np.isfinite(high)
    spans(ax, low[known], high[known], at[known], QUIET, 2.2)
    ticks = [(x, y) for end in middle for x, y in zip(end[known], at[known], strict=True)]
    strokes(ax, [((x, y - 0.14), (x, y + 0.14)) for x, y in ticks], QUIET, 2.2)


def _columns(frame: pd.DataFrame, words: Language, drawn: bool) -> list[Column]:
    columns = [
        Column(words.t("Förväntat"), whole(words, numbers(frame, "expected"), 1)),
        Column(words.t("Regeln"), _ranges(words, frame, "placed_low", "placed_high"), OUTCOME),
    ]
    return (
        [*columns, Column(words.t("Lägst–högst"), _ranges(words, frame, "low", "high"))]
        if drawn
        else columns
    )


def _ranges(words: Language, frame: pd.DataFrame, low: str, high: str) -> list[str | None]:
    ends = zip(numbers(frame, low), numbers(frame, high), strict=True)
    return [
        None if np.isnan(pair).any() else words.range(int(pair[0]), int(pair[1])) for pair in ends
    ]


def _keys(words: Language, drawn: bool) -> list[Line2D]:
    bar = Line2D(
        [], [], color=EXPECTED, linewidth=9, solid_capstyle="butt", label=words.t("Förväntat")
    )
    rule: Look = dict(color=OUTCOME, marker=RULE, markersize=6.5, linewidth=1.6)
    keys = [bar, Line2D([], [], label=words.t("Placeringsregeln kan ge"), **rule)]
    if drawn:
        keys.append(
            Line2D(
                [],
                [],
                color=QUIET,
                linewidth=2.2,
                label=words.t("Lägst–högst vid kända prognosfel"),
            )
        )
        tick: Look = dict(color=QUIET, marker="|", markersize=10, markeredgewidth=2.2, linestyle="")
        keys.append(Line2D([], [], label=words.t("Minst hälften"), **tick))
    return keys


def size_plan(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_plan."""
    return row_height(len(frame), 0.27, 0.95)


def draw_plan(frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None) -> Axes:
    """Draw one row per kommun: the share before as an open ring, after as a dot, a line between
    them.

    Args:
        frame: kommunkod, kommun, andelstal_before, andelstal (‰), top row first.
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out.
    """
    if frame.empty:
        return blank(ax, words)
    before, after = (numbers(frame, name) for name in ("andelstal_before", "andelstal"))
    rows, bold = np.arange(len(frame), dtype=np.float64), row_of(frame, highlight)
    count_axis(ax, words, words.t("Andelstal (‰)"), highest(before, after))
    spans(ax, before, after, rows, QUIET, 2.0)
    dots(ax, before, rows, [WHITE] * len(frame), 6.8, markeredgecolor=QUIET, markeredgewidth=1.6)
    dots(ax, after, rows, [EXPECTED] * len(frame), 6.8, markeredgewidth=1.0)
    name_rows(ax, frame["kommun"], bold)
    columns = [
        Column(words.t("Före"), whole(words, before, 2)),
        Column(words.t("Efter"), whole(words, after, 2)),
    ]
    columns_right(ax, columns, words, bold)
    ring: Look = dict(color=QUIET, markerfacecolor=WHITE, marker="o", markersize=7, linestyle="")
    dot: Look = dict(color=EXPECTED, marker="o", markersize=7, linestyle="")
    keys = [
        Line2D([], [], label=words.t("Före omfördelningen"), **ring),
        Line2D([], [], label=words.t("Efter"), **dot),
    ]
    legend_above(ax, keys, 2)
    return ax


def size_capacity(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_capacity."""
    return row_height(len(frame), 0.27, 0.95)


def draw_capacity(
    frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None
) -> Axes:
    """Draw one row per kommun: its places as an open bar, the rule's most as a mark; unknown is an
    empty slot.

    Args:
        frame: kommunkod, kommun, places, load (children; NA = unknown), overflow_forecast (children
            in Sweden).
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out.
    """
    if frame.empty:
        return blank(ax, words)
    places, load, bold = numbers(frame, "places"), numbers(frame, "load"), row_of(frame, highlight)
    count_axis(ax, words, words.t("Antal barn och platser"), highest(places, load))
    known = np.flatnonzero(np.isfinite(places))
    opened(ax, [(0.0, row - 0.24, places[row], 0.48) for row in known], EXPECTED)
    _rule(ax, load, np.arange(len(frame), dtype=np.float64), bold)
    name_rows(ax, frame["kommun"], bold)
    columns = [
        Column(words.t("Platser"), whole(words, places)),
        Column(words.t("Regeln"), whole(words, load), OUTCOME),
    ]
    columns_right(ax, columns, words, bold)
    legend_above(ax, _capacity_keys(words), 2)
    return ax


def _capacity_keys(words: Language) -> Sequence[Line2D]:
    room: Look = dict(color=EXPECTED, markerfacecolor=WHITE, marker="s", markersize=9, linestyle="")
    rule: Look = dict(color=OUTCOME, marker=RULE, markersize=6.5, linestyle="")
    return [
        Line2D([], [], label=words.t("Platser"), **room),
        Line2D([], [], label=words.t("Högst enligt placeringsregeln"), **rule),
    ]


def size_draws(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_draws."""
    return row_height(frame.shape[1], 0.36, 0.75)


def draw_draws(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun: its cases as nested boxes, half of them in the widest, a line at the
    median.

    Args:
        frame: One column of children (whole) per kommun, named as the reader sees it; a row per
            case.
        ax: Where to draw.
        words: The reader's language.
    """
    if frame.empty:
        return blank(ax, words)
    import seaborn  # takes half a second to import, and no report draws this

    marks = {"linewidth": 1.6, "color": OUTCOME}
    seaborn.boxenplot(
        _in_even_steps(frame),
        orient="h",
        ax=ax,
        color=EXPECTED,
        width=0.7,
        k_depth="full",
        showfliers=False,
        line_kws=marks,
    )
    name_rows(ax, frame.columns)
    root_axis(ax, words, float(frame.to_numpy().max()))
    return ax


def _in_even_steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Each column's numbers by size, of very many only as many as the boxes can tell apart: the
    first, the last, and those at even steps between.
    """
    steps = np.linspace(0, len(frame) - 1, min(len(frame), MOST_CASES), dtype=int)
    return pd.DataFrame(np.sort(frame.to_numpy(), axis=0)[steps], columns=frame.columns)
