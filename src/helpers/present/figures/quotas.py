"""What was decided: the county's number decision by decision, and the municipalities' numbers."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.present.figures.scales import (
    NAME,
    Column,
    blank,
    columns_right,
    count_axis,
    dots,
    filled,
    highest,
    known_texts,
    name_rows,
    numbers,
    opened,
    row_height,
    row_of,
    value_at,
    whole,
    word_at,
)
from helpers.present.figures.words import legend_above
from helpers.present.language import Language
from helpers.present.style import EXPECTED, OUTCOME


def size_lanstal(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_lanstal."""
    return row_height(len(frame), 0.46, 0.85)


def draw_lanstal(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one bar per decision in order; a year without a county list is an empty slot.

    Args:
        frame: ar, beslut (NA = none in hand), lanstal and national (persons; NA = unknown),
            share_promille (NA = unknown), top row first.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    lanstal = numbers(frame, "lanstal")
    name_rows(
        ax, map(partial(_decision, words), frame["ar"], frame["beslut"], numbers(frame, "national"))
    )
    count_axis(ax, words, words.t("Länstal, personer"), highest(lanstal), room=0.13)
    for row, value in enumerate(lanstal):
        if np.isnan(value):
            word_at(ax, 0, row, words)
            continue
        value_at(ax, value, row, words.number(int(value)), size=NAME)
    known = np.flatnonzero(np.isfinite(lanstal))
    filled(ax, [(0, row - 0.28, lanstal[row], 0.56) for row in known], EXPECTED)
    share = [cell or "" for cell in whole(words, numbers(frame, "share_promille"), 1)]
    columns_right(ax, [Column(words.t("‰ av riket"), share)], words)
    return ax


def _decision(words: Language, ar: int, beslut: str | None, national: float) -> str:
    """Write year and decision, and below them the national number where it is known."""
    lines = [", ".join([str(ar), *known_texts([beslut])])]
    if not np.isnan(national):
        lines.append(words.t("riket {antal}", antal=words.number(int(national))))
    return "\n".join(lines)


def size_kommuntal(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_kommuntal."""
    return row_height(len(frame), 0.27, 1.15)


def draw_kommuntal(
    frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None
) -> Axes:
    """Draw one row per kommun: the number decided as an open bar, those received as a dot, both as
    numbers.

    Args:
        frame: kommunkod, kommun, kommuntal, mottagna_efter_anvisning (persons; NA = unknown),
            harledd (the kommuntal is derived, and its number says so), top row first.
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out on a band.
    """
    if frame.empty:
        return blank(ax, words)
    decided, received = numbers(frame, "kommuntal"), numbers(frame, "mottagna_efter_anvisning")
    bold = row_of(frame, highlight)
    name_rows(ax, frame["kommun"], bold)
    count_axis(ax, words, words.t("Personer"), highest(decided, received))
    known = np.flatnonzero(np.isfinite(decided))
    opened(ax, [(0, row - 0.28, decided[row], 0.56) for row in known], EXPECTED)
    there = np.flatnonzero(np.isfinite(received))
    dots(ax, received[there], there, [OUTCOME] * len(there), 7.0, markeredgewidth=1.0)
    columns = [
        Column(words.t("Kommuntal"), _marked(words, whole(words, decided), frame["harledd"])),
        Column(words.t("Mottagna"), whole(words, received), OUTCOME),
    ]
    columns_right(ax, columns, words, bold)
    legend_above(ax, _keys(words), 2, lift=14)
    return ax


def _marked(words: Language, told: Sequence[str | None], derived: pd.Series) -> list[str | None]:
    """The numbers, each derived one marked as such."""
    pairs = zip(told, derived, strict=True)
    return [words.t("{tal} (härlett)", tal=text) if mark and text else text for text, mark in pairs]


def _keys(words: Language) -> list[Patch | Line2D]:
    bar = Patch(facecolor="none", edgecolor=EXPECTED, linewidth=1.6, label=words.t("Kommuntal"))
    label = words.t("Mottagna efter anvisning")
    return [bar, Line2D([], [], color=OUTCOME, marker="o", markersize=7, linestyle="", label=label)]
