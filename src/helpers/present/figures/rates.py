"""How many per inhabitant: a row per kommun beside county and nation, the counties' quotas, and a
map of all municipalities in classes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from helpers.present.figures.lettering import (
    ROW,
    TITLE,
    WIDTH,
    Word,
    is_narrow,
    legend_above,
    legend_inside,
    sheet_width,
    text_size,
    words_of,
    wrapped,
)
from helpers.present.figures.paper import LINE
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
    dots,
    highest,
    in_numbers,
    numbers,
    spans,
    steps,
    strokes,
    value_at,
    whole,
)
from helpers.present.language import Language
from helpers.present.style import (
    EDGE,
    HATCH,
    MISSING,
    MUTED,
    QUOTA,
    RAMP,
    RECEIVED,
    SMALL,
    TEXT,
    WHITE,
)

MARGIN = 10.0  # points around the country
GRAIN = 0.1  # points: corners lie on this grid, the same for neighbours
# counties whose municipalities would be too small to see: lanskod, name
INSETS = (("01", "Stockholms län"), ("12", "Skåne län"))
LIFT = 3.0  # points
HEADING = 45.0  # points kept free for the heading of the values to the right


class Layout(NamedTuple):
    """How a map lies on its sheet: height of it all in points, metres per point, points under the
    country, how many times larger the insets are, the lower left corner of each, and the grid.
    """

    tall: float
    scale: float
    above: float
    enlarged: int
    insets: tuple[tuple[float, float], ...]
    grain: float = GRAIN


DESK = Layout(596.8, 2_700.0, MARGIN, 3, ((MARGIN, 250.0), (MARGIN, 20.0)))
PHONE = Layout(590.0, 3_500.0, 130.0, 2, ((0.0, 0.0), (125.0, 0.0)), grain=0.5)
Outlines = Mapping[str, Sequence[Floats]]


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
    colours = [RECEIVED if bold is None or row == bold else MUTED for row in known]
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
    references(ax, frame[frame["level"] != "kommun"], words)
    return ax


def _per_capita_axis(ax: Axes, words: Language, top: float) -> None:
    ax.set_xlim(0, 1.04 * (top or 1.0))
    places = steps(*ax.get_xlim(), 6)
    title = words.t("Mottagna per {antal} invånare", antal=words.number(1000))
    across(ax, places, in_numbers(words, places), title)


def references(ax: Axes, units: pd.DataFrame, words: Language) -> None:
    """Draw a line per unit with its name and value over the Axes, each on a line of text of its
    own; units whose values are written alike are one line with both names.
    """
    told: dict[str, tuple[float, list[str]]] = {}
    for unit, value in zip(units["unit"], numbers(units, "per_1000"), strict=True):
        if not np.isnan(value):
            told.setdefault(words.number(float(value), 1), (float(value), []))[1].append(unit)
    size, up = text_size(ax, SMALL), 4.0
    low, high = ax.get_xlim()
    for text, (value, names) in reversed(told.items()):
        dashes = None if names[-1] == units["unit"].iloc[-1] else (0, (4, 2))
        strokes(ax, [((value, 0), (value, 1))], TEXT, 1.4, "column", dashes=dashes)
        left = (value - low) / (high - low)
        side, part = ("right", left) if left > 0.55 else ("left", 1 - left)
        room = part * sheet_width(ax) - HEADING * (side == "left")
        # within a line Swedish writes the nation as any word
        nation = {"Riket": "riket"} if words.code == "sv" else {}
        names = [names[0], *(nation.get(one, one) for one in names[1:])]
        label = wrapped(f"{words.listing(names)} {text}", size, room if is_narrow(ax) else 1e3)
        look: Look = dict(gap=0, up=up, place="column", ha=side, va="bottom")
        value_at(ax, value, 1, label, **look)
        up += 14.0 + LINE * size * label.count("\n")


def size_rates(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_rates."""
    return row_height(len(frame), 0.27, 1.0)


def draw_rates(frame: pd.DataFrame, ax: Axes, words: Language, label: str) -> Axes:
    """Draw a county's quota per 1 000 inhabitants as a dot on a line from zero, the quota itself
    beside it.

    Args:
        frame: lan, per_1000 (NA = unknown), lanstal (persons; NA = unknown).
        ax: Where to draw.
        words: The report's language.
        label: What the axis counts, in the reader's language.
    """
    if frame.empty:
        return blank(ax, words)
    values = numbers(frame, "per_1000")
    name_rows(ax, frame["lan"])
    known = np.flatnonzero(np.isfinite(values))
    spans(ax, np.zeros(len(known)), values[known], known, QUOTA, 2.5)
    dots(ax, values[known], known, [QUOTA] * len(known))
    rate_axis(ax, words, label, highest(values))
    per = Column(words.t("Per {antal}", antal=words.number(1000)), whole(words, values, 1))
    columns_right(
        ax, [Column(words.t("Länstal"), whole(words, numbers(frame, "lanstal"))), per], words
    )
    return ax


def rate_axis(ax: Axes, words: Language, label: str, top: float) -> None:
    """Number the x axis from zero to the highest rate (per 1 000 inhabitants), with a title."""
    ax.set_xlim(-0.02 * (top or 1.0), 1.04 * (top or 1.0))
    places = steps(*ax.get_xlim(), 6, integer=top > 4)
    across(ax, places, in_numbers(words, places), label)


class Sheet(NamedTuple):
    """Where a map is drawn: metres at its lower left corner, points of that corner, metres per
    point.
    """

    origin: Floats
    corner: tuple[float, float]
    scale: float
    grain: float = GRAIN

    def place(self, ring: Floats) -> Floats:
        """Give a ring in points on the grid, corners that fall together left out."""
        points = (np.asarray(ring) - self.origin) / self.scale + self.corner
        snapped = np.round(points / self.grain) * self.grain  # rounds: a place on the map
        keep = np.append(True, np.any(np.diff(snapped, axis=0) != 0, axis=1))
        return np.asarray(snapped[keep])


def size_map(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_map."""
    return WIDTH, 8.4


def draw_map(
    frame: pd.DataFrame,
    outlines: Outlines,
    details: Outlines,
    breaks: Sequence[float],
    ax: Axes,
    words: Language,
    period: str = "",
) -> Axes:
    """Draw every municipality in the colour of its class; one without data is hatched, not
    coloured.

    Args:
        frame: kommunkod, lanskod, klass (0 … number of breaks; NA = unknown), one row per
            municipality.
        outlines: kommunkod → rings (n × 2, metres east and north); every municipality of frame.
        details: The same with more corners, for the counties that are also shown enlarged.
        breaks: The limits between the classes, persons per 1 000 inhabitants, rising.
        ax: Where to draw.
        words: The report's language.
        period: The years that are counted together, where it is not a year alone.
    """
    if frame.empty:
        return blank(ax, words)
    sheet = PHONE if is_narrow(ax) else DESK
    width, height = sheet_width(ax), sheet.tall
    ax.set(xlim=(0, width), ylim=(0, height))
    words_of(ax).tall = height
    ax.set_axis_off()
    (_, south), (east, _) = bounds(outlines, outlines)
    corner = (width - MARGIN, sheet.above)
    country = Sheet(np.array([east, south]), corner, sheet.scale, sheet.grain)
    _fill_classes(ax, frame, outlines, country, len(breaks) + 1)
    for (lanskod, name), at in zip(INSETS, sheet.insets, strict=True):
        part = frame[frame["lanskod"] == lanskod]
        if not part.empty:
            _inset(ax, part, details, name, at, sheet, len(breaks) + 1, words)
    _legend(ax, _swatches(frame, breaks, words), words, period)
    return ax


def bounds(outlines: Outlines, codes: Iterable[str]) -> tuple[Floats, Floats]:
    """Give the lower left and the upper right corner of some municipalities, in metres."""
    corners = np.concatenate([ring for kod in codes for ring in outlines[kod]])
    return corners.min(axis=0), corners.max(axis=0)


def _inset(
    ax: Axes,
    part: pd.DataFrame,
    details: Outlines,
    name: str,
    at: tuple[float, float],
    sheet: "Layout",
    classes: int,
    words: Language,
) -> None:
    """Draw one county enlarged, its name over it."""
    scale = sheet.scale / sheet.enlarged
    low, high = bounds(details, part["kommunkod"])
    _fill_classes(ax, part, details, Sheet(low, at, scale, sheet.grain), classes)
    top = at[1] + float(high[1] - low[1]) / scale
    text = words.t(
        "{lan}, {antal:gånger} större", lan=words.t(name), antal=words.number(sheet.enlarged)
    )
    label = wrapped(text, text_size(ax, SMALL), 0.45 * sheet_width(ax))
    value_at(ax, at[0], top, label, gap=0, up=6, va="bottom")


def _fill_classes(
    ax: Axes, frame: pd.DataFrame, outlines: Outlines, sheet: Sheet, classes: int
) -> None:
    for number, colour in enumerate(ramp(classes)):
        _fill(ax, frame[frame["klass"] == number], outlines, sheet, facecolor=colour)
    _fill(ax, frame[frame["klass"].isna()], outlines, sheet, facecolor=WHITE, hatch=HATCH)


def ramp(count: int) -> tuple[str, ...]:
    """Give so many colours from light to dark, the ends of the ramp kept."""
    # rounds: a colour
    at = np.linspace(0, len(RAMP) - 1, count).round().astype(int) if count > 1 else [len(RAMP) // 2]
    return tuple(RAMP[place] for place in at)


def class_label(number: int, breaks: Sequence[float], words: Language) -> str:
    """Write a class as its limits: "under 3,5", "3,5 till under 4", "6,5 eller mer"."""
    limits = [words.number(limit) for limit in breaks]
    if not limits:
        return words.t("alla")
    if number == 0:
        return words.t("under {till}", till=limits[0])
    if number == len(limits):
        return words.t("{fran} eller mer", fran=limits[-1])
    return words.t("{fran} till under {till}", fran=limits[number - 1], till=limits[number])


def _fill(ax: Axes, rows: pd.DataFrame, outlines: Outlines, sheet: Sheet, **look: Any) -> None:
    """Draw all municipalities of one look as one path."""
    rings = [sheet.place(ring) for kod in rows["kommunkod"] for ring in outlines[kod]]
    paths = [Path(ring, closed=True) for ring in rings if len(ring) > 3]
    if paths:
        ax.add_artist(
            PathPatch(Path.make_compound_path(*paths), edgecolor=EDGE, linewidth=0.3, **look)
        )


def _swatches(frame: pd.DataFrame, breaks: Sequence[float], words: Language) -> list[Patch]:
    """One per class, the highest first as on the scale of a gauge, and one for the unknown."""
    swatches = []
    for number, colour in reversed(list(enumerate(ramp(len(breaks) + 1)))):
        label = _counted(
            class_label(number, breaks, words), int((frame["klass"] == number).sum()), words
        )
        swatches.append(Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.6, label=label))
    if unknown := int(frame["klass"].isna().sum()):
        look: Look = dict(facecolor=WHITE, edgecolor=MISSING, hatch=HATCH, linewidth=0.6)
        swatches.append(Patch(label=_counted(words.missing, unknown, words), **look))
    return swatches


def _counted(label: str, count: int, words: Language) -> str:
    known = words.t("{klass} (1 kommun)", klass=label) if count == 1 else ""
    return known or words.t("{klass} ({antal:kommuner})", klass=label, antal=words.number(count))


def _legend(ax: Axes, swatches: Sequence[Patch], words: Language, period: str) -> None:
    title = words.t("Mottagna per {antal} invånare", antal=words.number(1000))
    title += "\n" + words.t("{period} sammanlagt", period=period) if period else ""
    if not is_narrow(ax):
        legend_inside(ax, swatches, (0.0, 0.99), title)
        return
    legend_above(ax, swatches, 1)
    up = 2 * LIFT + ROW * len(swatches)
    words_of(ax).words.append(Word(title, (0, 1), "axes", (LIFT, up), va="bottom", size=TITLE))
