"""What each kommun may expect: beside the outcome, by forecast, and by scenario; and where the
difference comes from.
"""

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.present.figures.lettering import WIDTH, legend_above
from helpers.present.figures.placement import root_axis
from helpers.present.figures.rows import (
    Column,
    columns_right,
    name_rows,
    part_rows,
    row_height,
    row_of,
)
from helpers.present.figures.scales import (
    NAME,
    Floats,
    Look,
    blank,
    count_axis,
    dots,
    estimated_key,
    estimated_rows,
    filled,
    hatched,
    highest,
    numbers,
    spans,
    strokes,
    value_at,
    whole,
    word_at,
)
from helpers.present.language import Language
from helpers.present.style import (
    EXPECTED,
    MUTED,
    MUTED_OUTCOME,
    OUTCOME,
    QUIET,
    SCENARIO_MARKERS,
    SCENARIOS,
    SMALL,
    STEP,
    WHITE,
)

WIDENED = 0.25  # children on each side, or an interval of one number has no width
LABELLED = 3  # more forecasts than this, and values beside every bar would be a wall of numbers
MOST_COMPARED = len(SCENARIOS)  # each has a colour and a marker of its own
LANE = 0.15  # inches
TICK = 0.36  # of a lane, above and below it: longer than the marker is high
NAME_WIDTH = 54  # letters of a scenario's name on one line of the legend


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
    legend_above(ax, _outcome_keys(words, preliminary), 2)
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


def _outcome_keys(words: Language, preliminary: bool) -> list[Line2D]:
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
    """Draw how the expected number becomes the outcome: levels start at zero, steps at the last
    end.

    Args:
        frame: label, value (children; NA = unknown), kind ("level" or "step"), in order.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    bars = _bar_ends(numbers(frame, "value"), frame["kind"])
    name_rows(ax, [textwrap.fill(label, 18) for label in frame["label"]])
    low = min(0.0, float(np.nanmin(np.append(bars, 0.0))))
    count_axis(ax, words, words.t("Antal barn"), highest(bars.ravel()), room=0.1, low=low)
    for row, (value, kind) in enumerate(zip(numbers(frame, "value"), frame["kind"], strict=True)):
        last = kind == "level" and row == len(frame) - 1
        _bar(ax, words, row, bars[row], value, _split_colour(kind, value, last))
    _connect(ax, bars)
    return ax


def _bar_ends(values: Floats, kinds: Iterable[str]) -> Floats:
    """Give start and end of every bar; after an unknown value every step is unknown until the next
    level.
    """
    bars, reached = [], 0.0
    for value, kind in zip(values, kinds, strict=True):
        start = 0.0 if kind == "level" else reached
        reached = start + value
        bars.append((start, reached))
    return np.array(bars)


def _split_colour(kind: str, value: float, last: bool) -> str:
    if kind == "level":
        return OUTCOME if last else EXPECTED
    return STEP


def _bar(ax: Axes, words: Language, row: int, span: Floats, value: float, colour: str) -> None:
    if not np.isfinite(span).all():
        word_at(ax, 0, row, words)
        return
    filled(ax, [(min(span), row - 0.28, abs(span[1] - span[0]), 0.56)], colour)
    step = colour == STEP
    text = words.number(float(value), 0 if float(value).is_integer() else 1, sign=step)
    value_at(ax, span.max(), row, text, size=NAME)


def _connect(ax: Axes, bars: Floats) -> None:
    """Lead the eye from where one bar ends to the next one's row."""
    ends = [
        (row, end)
        for row, end in enumerate(bars[:-1, 1])
        if np.isfinite([end, *bars[row + 1]]).all()
    ]
    strokes(ax, [((end, row + 0.28), (end, row + 0.72)) for row, end in ends], QUIET, 1.0)


def size_scenarios(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_scenarios."""
    forecasts = max(frame["prognos"].nunique(), 1)
    lane = 0.155 if forecasts <= LABELLED else 0.115
    rows = max(frame["kommunkod"].nunique(), 2)
    # rounds: inches
    return WIDTH, round(0.75 + 0.2 * -(-forecasts // 2) + rows * (0.11 + lane * forecasts), 2)


def draw_scenarios(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun, and in it one lane per forecast: the interval as a bar, the expected
    a mark.

    Args:
        frame: kommunkod, kommun, prognos, expected, expected_low, expected_high (children; NA =
            unknown), and perhaps estimated (whether the share is; then the bar is hatched); one row
            per kommun and forecast, at most six forecasts.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    places = frame.drop_duplicates("kommunkod")
    rows = {code: row for row, code in enumerate(places["kommunkod"])}
    forecasts = sorted(frame["prognos"].unique())
    if len(forecasts) > len(SCENARIOS):
        raise ValueError(
            f"{len(forecasts)} forecasts: at most {len(SCENARIOS)} can be told apart in one figure."
        )
    count_axis(
        ax,
        words,
        words.t("Antal barn"),
        highest(numbers(frame, "expected_high") + WIDENED),
        room=0.12,
    )
    for lane, forecast in enumerate(forecasts):
        part = frame[frame["prognos"] == forecast]
        at = part["kommunkod"].map(rows).to_numpy(float) + 0.84 * (
            (lane + 0.5) / len(forecasts) - 0.5
        )
        _lane(ax, words, part, at, lane, len(forecasts))
    name_rows(ax, places["kommun"])
    part_rows(ax, len(places))
    legend_above(
        ax,
        [
            *(
                _forecast_key(words, lane, forecast, len(forecasts) > LABELLED)
                for lane, forecast in enumerate(forecasts)
            ),
            *estimated_key(frame, words),
        ],
        2,
    )
    return ax


def _lane(ax: Axes, words: Language, part: pd.DataFrame, at: Floats, lane: int, lanes: int) -> None:
    low, high, expected = (
        numbers(part, name) for name in ("expected_low", "expected_high", "expected")
    )
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    tall = 0.6 / lanes if lanes <= LABELLED else 0.36 / lanes
    guessed = estimated_rows(part)
    boxes = {
        n: (low[n] - WIDENED, at[n] - tall / 2, high[n] - low[n] + 2 * WIDENED, tall)
        for n in known.tolist()
    }
    filled(ax, [box for n, box in boxes.items() if not guessed[n]], SCENARIOS[lane])
    hatched(ax, [box for n, box in boxes.items() if guessed[n]], SCENARIOS[lane])
    look = {"marker": SCENARIO_MARKERS[lane], "markeredgecolor": SCENARIOS[lane]}
    if lanes > LABELLED:  # too many for a number each
        colours = [WHITE if guessed[n] else SCENARIOS[lane] for n in known]
        dots(ax, expected[known], at[known], colours, 6.5, markeredgewidth=1.0, **look)
    for n in known if lanes <= LABELLED else []:
        text = words.range(int(low[n]), int(high[n]))
        value_at(ax, high[n] + WIDENED, at[n], text, gap=5, size=SMALL - 1)
    for y in np.delete(at, known):
        word_at(ax, 0, y, words)


def _forecast_key(words: Language, lane: int, forecast: int, marked: bool) -> Line2D:
    label = words.t("Prognos {antal} barn", antal=words.number(int(forecast)))
    look: Look = {"color": SCENARIOS[lane], "marker": SCENARIO_MARKERS[lane] if marked else ""}
    wide = 5 if marked else 9
    return Line2D([], [], linewidth=wide, markersize=8, solid_capstyle="butt", label=label, **look)


def size_compared(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_compared."""
    names = _scenario_names(frame)
    lines = 3 + sum(1 + name.count("\n") for name in names)
    rows = max(frame["kommunkod"].nunique(), 2)
    # rounds: inches
    return WIDTH, round(0.75 + 0.2 * lines + rows * (0.11 + LANE * max(len(names), 1)), 2)


def draw_compared(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per kommun, and in it one lane per scenario: estimate, the rule's range, and the
    interval.

    Args:
        frame: scenario (its name), kommunkod, kommun, expected, placed_low, placed_high, low, high
            (children; NA = unknown); at most `MOST_COMPARED` scenarios, in the order of the lanes.
        ax: Where to draw.
        words: The reader's language.
    """
    if frame.empty:
        return blank(ax, words)
    places = frame.drop_duplicates("kommunkod").sort_values("kommunkod", kind="stable")
    names = frame["scenario"].unique()
    root_axis(
        ax, words, highest(*(numbers(frame, name) for name in ("expected", "placed_high", "high")))
    )
    for lane, name in enumerate(names):
        part = frame[frame["scenario"] == name].set_index("kommunkod").reindex(places["kommunkod"])
        at = np.arange(len(places), dtype=np.float64) + 0.84 * ((lane + 0.5) / len(names) - 0.5)
        _lane_compared(ax, words, part, at, lane, TICK / len(names))
    name_rows(ax, places["kommun"])
    part_rows(ax, len(places))
    legend_above(ax, [*_scenario_keys(frame), *_mark_keys(words)], 1)
    return ax


def _lane_compared(
    ax: Axes, words: Language, part: pd.DataFrame, at: Floats, lane: int, tick: float
) -> None:
    expected, low, high = (numbers(part, name) for name in ("expected", "low", "high"))
    placed = [numbers(part, name) for name in ("placed_low", "placed_high")]
    colour, drawn, known = (
        SCENARIOS[lane],
        np.isfinite(low) & np.isfinite(high),
        np.isfinite(placed[0]),
    )
    spans(ax, low[drawn], high[drawn], at[drawn], colour, 1.8)
    ticks = [(x, y) for x, y in zip(expected, at, strict=True) if np.isfinite(x)]
    strokes(ax, [((x, y - tick), (x, y + tick)) for x, y in ticks], colour, 1.8)
    marks = [colour] * int(known.sum())
    for end in placed:
        dots(
            ax,
            end[known],
            at[known],
            marks,
            6.0,
            marker=SCENARIO_MARKERS[lane],
            markeredgewidth=0.8,
        )
    for y in at[~known]:
        word_at(ax, 0, y, words)


def _scenario_names(frame: pd.DataFrame) -> list[str]:
    """The scenarios' names, a long one on several lines."""
    return ["\n".join(textwrap.wrap(name, NAME_WIDTH)) for name in frame["scenario"].unique()]


def _scenario_keys(frame: pd.DataFrame) -> Sequence[Line2D]:
    looks = zip(_scenario_names(frame), SCENARIOS, SCENARIO_MARKERS, strict=False)
    return [
        Line2D([], [], color=colour, marker=mark, markersize=5, label=name)
        for name, colour, mark in looks
    ]


def _mark_keys(words: Language) -> Sequence[Line2D]:
    rule: Look = dict(color=QUIET, marker="o", markersize=5.5, linestyle="")
    tick: Look = dict(color=QUIET, marker="|", markersize=11, markeredgewidth=1.8, linestyle="")
    return [
        Line2D([], [], label=words.t("Placeringsregeln kan ge"), **rule),
        Line2D([], [], label=words.t("Förväntat"), **tick),
        Line2D(
            [], [], color=QUIET, linewidth=1.8, label=words.t("Lägst–högst vid kända prognosfel")
        ),
    ]
