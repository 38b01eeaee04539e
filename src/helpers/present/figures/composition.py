"""How those received were made up, and how many they were for the people already there."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.present.figures.scales import (
    Column,
    Dashes,
    Floats,
    Look,
    across,
    blank,
    columns_right,
    dots,
    empty_slots,
    filled,
    highest,
    in_numbers,
    name_rows,
    numbers,
    row_height,
    row_of,
    steps,
    strokes,
    value_at,
    whole,
)
from helpers.present.figures.words import legend_above
from helpers.present.language import Language
from helpers.present.precision import FEW, NO_PERSONS, percent_text
from helpers.present.style import CATEGORIES, MISSING, MUTED, OUTCOME, QUIET, TEXT, ink_on

CATEGORY_ORDER = ("kvotflykting", "anlaggningsboende", "eget_boende", "anhoriga", "ovriga")
GAP = 0.004  # white between neighbours, as a share
WRITTEN, WRITTEN_OUT = 0.07, 0.16  # a smaller share has no room for its number: "7 %", "3 av 15"


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
    name_rows(ax, units)
    _percent_axis(ax, words)
    ends = shares.fillna(0.0).cumsum(axis=1)
    received = numbers(frame.groupby("unit", sort=False)[["antal"]].sum().reindex(units), "antal")
    for name in order:
        _segments(ax, numbers(shares, name), numbers(ends, name), received, _fill(name), words)
    _unknown_units(ax, np.flatnonzero(~(numbers(ends, order[-1]) > 0)), words)
    legend_above(ax, [Patch(color=_fill(name), label=labels[name]) for name in order], 2)
    return ax


def _fill(name: str) -> str:
    return CATEGORIES[CATEGORY_ORDER.index(name)]


def _segments(
    ax: Axes, shares: Floats, ends: Floats, received: Floats, fill: str, words: Language
) -> None:
    """Draw one category's segment in every row, each a white gap short of its neighbour."""
    rows = np.flatnonzero(shares > 0)
    starts = ends - shares
    filled(ax, [(starts[row], row - 0.36, max(shares[row] - GAP, GAP), 0.72) for row in rows], fill)
    for row in rows[shares[rows] >= np.where(received[rows] < FEW, WRITTEN_OUT, WRITTEN)]:
        text = percent_text(100 * float(shares[row]), float(received[row]), words, decimals=0)
        value_at(
            ax, starts[row] + shares[row] / 2, row, text, gap=0, ha="center", colour=ink_on(fill)
        )


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


def size_per_capita(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_per_capita."""
    return row_height(int((frame["level"] == "kommun").sum()), 0.27, 1.15)


def draw_per_capita(
    frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None
) -> Axes:
    """Draw one row per kommun as given, with the county and the nation as lines across.

    Args:
        frame: unit, kommunkod (NA for county and nation), level ("kommun", "lan", "riket"),
            per_1000 (NA = unknown).
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out; the others are muted.
    """
    places = frame[frame["level"] == "kommun"].reset_index(drop=True)
    if places.empty:
        return blank(ax, words)
    values, bold = numbers(places, "per_1000"), row_of(places, highlight)
    name_rows(ax, places["unit"], bold)
    known = np.flatnonzero(np.isfinite(values))
    colours = [OUTCOME if bold is None or row == bold else MUTED for row in known]
    for row, colour in zip(known.tolist(), colours, strict=True):
        strokes(ax, [((0, row), (values[row], row))], colour, 2.5)
    dots(ax, values[known], known, colours)
    _per_capita_axis(ax, words, highest(numbers(frame, "per_1000")))
    columns_right(
        ax,
        [Column(words.t("Per {antal}", antal=words.number(1000)), whole(words, values, 1))],
        words,
        bold,
    )
    _references(ax, frame[frame["level"] != "kommun"], words)
    return ax


def _per_capita_axis(ax: Axes, words: Language, top: float) -> None:
    ax.set_xlim(0, 1.04 * (top or 1.0))
    places = steps(*ax.get_xlim(), 6)
    title = words.t("Mottagna per {antal} invånare", antal=words.number(1000))
    across(ax, places, in_numbers(words, places), title)


def _references(ax: Axes, units: pd.DataFrame, words: Language) -> None:
    """Draw a line per unit with its name and value over the Axes, each on a line of text of its
    own.
    """
    styles: dict[str, tuple[str, Dashes | None]] = {
        "lan": (TEXT, None),
        "riket": (QUIET, (0, (4, 2))),
    }
    for place, (unit, level, value) in enumerate(
        zip(units["unit"], units["level"], numbers(units, "per_1000"), strict=True)
    ):
        if np.isnan(value):
            continue
        colour, dashes = styles[level]
        strokes(ax, [((value, 0), (value, 1))], colour, 1.4, "column", dashes=dashes)
        side = "right" if value > 0.55 * ax.get_xlim()[1] else "left"
        look: Look = dict(
            gap=0, up=18 - 14 * place, place="column", ha=side, va="bottom", colour=colour
        )
        value_at(ax, value, 1, f"{unit} {words.number(float(value), 1)}", **look)
