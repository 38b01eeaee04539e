"""How reception is spread: over categories, within each county, in shares side by side, and as a
Lorenz curve.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.model.exact import rounded
from helpers.present.figures.lettering import (
    WIDTH,
    Word,
    is_narrow,
    legend_above,
    legend_inside,
    sheet_width,
    text_size,
    words_of,
)
from helpers.present.figures.paper import text_width
from helpers.present.figures.rates import rate_axis
from helpers.present.figures.rows import (
    NAMED_UP,
    Column,
    columns_right,
    make_room,
    name_rows,
    over,
    row_height,
)
from helpers.present.figures.scales import (
    BESIDE,
    NAME,
    Floats,
    Look,
    Segment,
    across,
    blank,
    dots,
    empty_slots,
    filled,
    highest,
    in_numbers,
    numbers,
    steps,
    strokes,
    upward,
    value_at,
    whole,
)
from helpers.present.language import MANADER, NO_PERSONS, Language, percent_text
from helpers.present.style import (
    CATEGORIES,
    DASHES,
    MISSING,
    QUIET,
    RECEIVED,
    SCENARIO_MARKERS,
    SCENARIOS,
    SMALL,
    TEXT,
    WHITE,
)

CATEGORY_ORDER = ("kvotflykting", "anlaggningsboende", "eget_boende", "anhoriga", "ovriga")
GAP = 0.004  # white between neighbours, as a share
OUTSIDE = 28.0  # points of a narrow sheet beside its Axes: half of the axis' first and last numbers
MOST_BESIDE = 110.0  # points: what small numbers beside a bar may take
APART = 7.0  # points between two numbers beside a bar
LANE = 0.42  # of a row's height: how far from its middle a municipality's dot stands at most
SWARM = 4.4  # points: a dot among hundreds
AROUND = 0.05  # of the span, free on either side


def size_composition(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_composition."""
    return row_height(frame["unit"].nunique(), 0.38, 1.3)


def draw_composition(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one bar of a hundred per cent per unit, divided by category; a unit without data is an
    empty slot.

    Args:
        frame: unit, kategori, label, antal (persons), share (0–1; NA = unknown), one row per unit
            and category.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    units = list(frame["unit"].unique())
    labels = dict(zip(frame["kategori"], frame["label"], strict=True))
    order = [name for name in CATEGORY_ORDER if name in labels]
    shares = frame.pivot(index="unit", columns="kategori", values="share").reindex(
        index=units, columns=order
    )
    received = numbers(frame.groupby("unit", sort=False)[["antal"]].sum().reindex(units), "antal")
    name_rows(ax, [_with_count(*one, words) for one in zip(units, received, strict=True)])
    _percent_axis(ax, words)
    ends = shares.fillna(0.0).cumsum(axis=1)
    small: list[list[Word]] = [[] for _ in units]
    for name in order:
        own, end = numbers(shares, name), numbers(ends, name)
        _segments(ax, own, end, received, _fill(name), words, small)
    _beside(ax, small)
    _unknown_units(ax, np.flatnonzero(~(numbers(ends, order[-1]) > 0)), words)
    legend_above(ax, [Patch(color=_fill(name), label=labels[name]) for name in order], 2)
    return ax


def _with_count(unit: str, received: float, words: Language) -> str:
    """A unit and how many persons its hundred per cent are."""
    known = received > 0
    return words.t("{plats} ({antal})", plats=unit, antal=words.number(received)) if known else unit


def _fill(name: str) -> str:
    return CATEGORIES[CATEGORY_ORDER.index(name)]


def _segments(
    ax: Axes,
    shares: Floats,
    ends: Floats,
    received: Floats,
    fill: str,
    words: Language,
    small: Sequence[list[Word]],
) -> None:
    """Draw one category's segment in every row, each a white gap short of its neighbour; a number
    that has no room in it is kept for beside the bar, after the mark of its category.
    """
    rows = np.flatnonzero(shares > 0)
    starts, size = ends - shares, text_size(ax, SMALL)
    filled(ax, [(starts[row], row - 0.36, max(shares[row] - GAP, GAP), 0.72) for row in rows], fill)
    room = sheet_width(ax) - (0.0 if is_narrow(ax) else _named(ax) + MOST_BESIDE)
    for row in rows.tolist():
        text = percent_text(100 * float(shares[row]), float(received[row]), words, decimals=0)
        if text_width(text, size) + 2 < shares[row] * room:
            middle = starts[row] + shares[row] / 2
            value_at(ax, middle, row, text, gap=0, ha="center", colour=WHITE)
        else:
            small[row].append(Word(f"■ {text}", (1, row), "row", colour=fill))


def _named(ax: Axes) -> float:
    """How many points the longest name of a row takes."""
    names = [word.text for word in words_of(ax).words if word.place == "row" and word.at[0] == 0]
    return max((text_width(name, NAME) for name in names), default=0.0) + BESIDE


def _beside(ax: Axes, small: Sequence[Sequence[Word]]) -> None:
    """Write the small numbers right of each bar or, on a narrow sheet, beside its name."""
    size, narrow, written = text_size(ax, SMALL), is_narrow(ax), words_of(ax).words
    wide = [sum(text_width(word.text, size) + APART for word in row) for row in small]
    if narrow:
        make_room(ax, None, max(wide, default=0.0) + OUTSIDE)
    for number, row in enumerate(small):
        edge = APART - wide[number] if narrow else APART
        for word in row:
            placed = word._replace(shift=(edge, NAMED_UP * narrow))
            above = placed._replace(at=(1, over(number)), va="bottom")
            written.append(above if narrow else placed)
            edge += text_width(word.text, size) + APART


def _unknown_units(ax: Axes, rows: Iterable[int], words: Language) -> None:
    empty_slots(ax, [(0, row - 0.36, 1, 0.72) for row in rows])
    for row in rows:
        value_at(ax, 0.5, row, words.missing, gap=0, ha="center", colour=MISSING)


def _percent_axis(ax: Axes, words: Language) -> None:
    ax.set_xlim(0, 1)
    quarters = (0, 25, 50, 75, 100)
    across(
        ax,
        [part / 100 for part in quarters],
        [percent_text(part, NO_PERSONS, words, 0) for part in quarters],
        grid=False,
    )


def size_spread(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_spread."""
    return row_height(frame["lan"].nunique(), 0.3, 1.5)


def draw_spread(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one row per county: a dot per municipality, a line at their median, the highest
    named.

    Args:
        frame: lan, kommun, per_1000 (known), in the order of the counties' rows.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    counties = list(frame["lan"].unique())
    rows = frame.assign(per_1000=numbers(frame, "per_1000"), rad=frame["lan"].map(counties.index))
    name_rows(ax, counties)
    rate_axis(
        ax,
        words,
        words.t("Mottagna per {antal} invånare", antal=words.number(1000)),
        highest(rows["per_1000"].to_numpy()),
    )
    _swarm(ax, rows)
    top = rows.loc[rows.groupby("rad")["per_1000"].idxmax()].sort_values("rad", kind="stable")
    rate = Column(
        words.t("Per {antal}", antal=words.number(1000)), whole(words, numbers(top, "per_1000"), 1)
    )
    columns_right(ax, [Column(words.t("Högst"), list(top["kommun"])), rate], words)
    legend_above(ax, _spread_legend(words), 2, lift=14)
    return ax


def _swarm(ax: Axes, rows: pd.DataFrame) -> None:
    """A dot's place is its value; those that would cover one another stand above and below the
    row's middle, by rule, so that the same page is the same bytes every time.
    """
    wide = SWARM * np.ptp(ax.get_xlim()) / (sheet_width(ax) - 120 * (not is_narrow(ax)))
    values, at = numbers(rows, "per_1000"), rows["rad"].to_numpy(dtype=float)
    middles: list[Segment] = []
    for row in sorted(set(at)):
        own = np.flatnonzero(at == row)
        middle = float(np.median(values[own]))
        middles.append(((middle, row - LANE), (middle, row + LANE)))
        piles: dict[int, list[int]] = {}
        for place in own[np.argsort(values[own], kind="stable")].tolist():
            piles.setdefault(int(values[place] // wide), []).append(place)
        step = min(0.2, 2 * LANE / max(map(len, piles.values())))
        for pile in piles.values():
            for number, place in enumerate(pile):
                at[place] += step * ((number + 1) // 2) * (1 if number % 2 else -1)
    strokes(ax, middles, TEXT, 1.6, zorder=2.5)
    dots(ax, values, at, [RECEIVED] * len(rows), SWARM, markeredgewidth=0)


def _spread_legend(words: Language) -> list[Line2D]:
    dot: Look = dict(marker="o", color=RECEIVED, linestyle="none", markersize=SWARM)
    tick: Look = dict(color=TEXT, marker="|", markersize=10, markeredgewidth=1.6, linestyle="none")
    return [
        Line2D([], [], label=words.t("En kommun"), **dot),
        Line2D([], [], label=words.t("Länets median"), **tick),
    ]


def size_shares(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_shares."""
    return row_height(len(frame), 0.27, 1.25)


def draw_shares(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw how far each county's share of reception is from its share of the population; write
    both shares.

    Args:
        frame: lan, received_percent, people_percent, points (percentage points, the first minus the
            second).
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    points = numbers(frame, "points")
    name_rows(ax, frame["lan"])
    # what is written 0,0 is no bar
    seen = [(row, point) for row, point in enumerate(points) if rounded(abs(point), 1)]
    filled(ax, [(min(point, 0), row - 0.31, abs(point), 0.62) for row, point in seen], RECEIVED)
    low, high = min(points.min(), 0.0), max(points.max(), 0.0)
    ax.set_xlim(low - AROUND * (high - low), high + AROUND * (high - low))
    strokes(ax, [((0, 0), (0, 1))], TEXT, 1.0, "column")
    places = steps(*ax.get_xlim(), 5, integer=False)
    title = words.t("Procentenheter över eller under andelen av folkmängden")
    across(ax, places, in_numbers(words, places), title)
    columns_right(ax, _share_columns(frame, words), words)
    return ax


def _share_columns(frame: pd.DataFrame, words: Language) -> list[Column]:
    signed = [words.number(float(value), 1, sign=True) for value in numbers(frame, "points")]
    received = whole(words, numbers(frame, "received_percent"), 1)
    people = whole(words, numbers(frame, "people_percent"), 1)
    return [
        Column(words.t("Mottagna %"), received),
        Column(words.t("Folkmängd %"), people),
        Column(words.t("Skillnad"), signed),
    ]


def size_lorenz(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_lorenz."""
    return WIDTH, 5.6


def draw_lorenz(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one curve per year and the straight line of an even spread; a marker every fifth of the
    way.

    Args:
        frame: ar, people_share, received_share (0–1), unnamed (whether the year's measure is not
            named: then its curve is dashed), in order along each curve.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    even: Look = dict(
        color=QUIET, linestyle=(0, (4, 2)), linewidth=1.2, label=words.t("Helt jämnt")
    )
    curves = [Line2D([0, 1], [0, 1], **even)]
    for number, (ar, curve) in enumerate(frame.groupby("ar")):
        mark: Look = dict(
            marker=SCENARIO_MARKERS[number % 6], markersize=6, markevery=len(curve) // 5
        )
        x, y = numbers(curve, "people_share"), numbers(curve, "received_share")
        apart = bool(curve["unnamed"].any())
        label = words.t("{ar}, okänt mått", ar=str(ar)) if apart else str(ar)
        look: Look = dict(
            color=SCENARIOS[number % 6], linewidth=1.8, linestyle=DASHES if apart else "-"
        )
        curves.append(Line2D(x, y, label=label, **look, **mark))
    for line in curves:
        ax.add_line(line)
    _share_axes(ax, words)
    legend_inside(ax, curves)
    return ax


def _share_axes(ax: Axes, words: Language) -> None:
    ax.set(xlim=(0, 1), ylim=(0, 1.01))
    order = words.t("(kommunerna med lägst mottagande per invånare först)")
    fifths = [n / 5 for n in range(6)]
    percent = in_numbers(words, [100 * share for share in fifths])
    across(ax, fifths, percent, words.t("Del av befolkningen, procent") + f"\n{order}")
    upward(ax, fifths, percent, words.t("Del av de mottagna, procent"))


def size_season(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_season."""
    return WIDTH, 4.0


def draw_season(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one curve per year of the part that had come by the end of each month; the years with
    the least and the most by the middle stand out.

    Args:
        frame: ar, manad (1–12), part (0–1), extreme (0 = least, 1 = most, NA = between), in order.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    keys = []
    for ar, curve in frame.groupby("ar"):
        x, y = [0.0, *numbers(curve, "manad")], [0.0, *numbers(curve, "part")]
        extreme = curve["extreme"].iloc[0]
        look: Look = dict(color=QUIET, linewidth=1.0)
        if pd.notna(extreme):
            mark = dict(marker=SCENARIO_MARKERS[int(extreme)], markersize=6)
            look = dict(color=SCENARIOS[int(extreme)], linewidth=2.0, label=str(ar), **mark)
        keys.append(ax.add_line(Line2D(x, y, **look)))
    others = Line2D([], [], color=QUIET, linewidth=1.0, label=words.t("Övriga år"))
    named = [line for line in keys if not str(line.get_label()).startswith("_")]
    ax.set(xlim=(0, 12.2), ylim=(0, 1.01))
    months = [words.t(name)[:3] for name in MANADER]
    across(ax, list(range(1, 13)), months, words.t("Till och med månadens slut"))
    fifths = [n / 5 for n in range(6)]
    percent = in_numbers(words, [100 * part for part in fifths])
    upward(ax, fifths, percent, words.t("Del av årets barn, procent"))
    legend_inside(ax, [*named, others])
    return ax
