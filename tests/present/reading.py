"""Reads a drawing: its words and their boxes as they stand in the SVG, and what an Axes was asked
to draw.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree as ET

import matplotlib.colors
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from helpers.present.figures.lettering import words_of
from helpers.present.figures.paper import ABOVE, BELOW, UNIT
from helpers.present.figures.scales import TICKDOWN

SVG = "{http://www.w3.org/2000/svg}"
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Read(NamedTuple):
    """A text of an SVG: the words, and its box in points, y downwards."""

    text: str
    box: Bbox


class Drawn(NamedTuple):
    """A box as it was asked for: in the data's units, its colour, and whether it is hatched."""

    x: float
    y: float
    wide: float
    tall: float
    colour: str
    hatched: bool


def words_in(svg: str) -> list[Read]:
    """Every text of a drawing, with the box that it may not leave: as wide as it says it is."""
    return list(_texts(ET.fromstring(svg), {}))


def _texts(element: ET.Element, inherited: dict[str, str]) -> Iterator[Read]:
    told = inherited | element.attrib
    if element.tag == f"{SVG}text":
        size, wide = float(told["font-size"]), float(told["textLength"])
        x, y = float(told["x"]), float(told["y"])
        if "transform" in told:
            assert told["transform"] == f"rotate(-90 {told['x']} {told['y']})"
            box = Bbox.from_extents(x - ABOVE * size, y - wide, x + BELOW * size, y)
        else:
            left = x - BEFORE[told.get("text-anchor", "start")] * wide
            box = Bbox.from_extents(left, y - ABOVE * size, left + wide, y + BELOW * size)
        yield Read(element.text or "", Bbox(box.get_points() / UNIT))
    for child in element:
        yield from _texts(
            child,
            {name: text for name, text in told.items() if name not in ("x", "y", "transform")},
        )


def outside(svg: str) -> list[Read]:
    """The words that do not lie whole inside the drawing."""
    _, _, wide, tall = (
        float(number) / UNIT for number in ET.fromstring(svg).attrib["viewBox"].split()
    )
    boxes = ((word, word.box) for word in words_in(svg))
    return [
        word for word, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > wide or box.y1 > tall
    ]


def clashes(svg: str) -> list[tuple[str, str]]:
    """The pairs of words that cover one another by more than half a point."""
    boxes = [(word.text, word.box.padded(-0.5)) for word in words_in(svg)]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)]


def written(drawing: Figure | Axes) -> list[str]:
    """Every word that was asked for, each whole."""
    axes = drawing.axes if isinstance(drawing, Figure) else [drawing]
    return [word.text for ax in axes for word in words_of(ax).words]


def names(ax: Axes) -> list[str]:
    """The names of the rows, from the top."""
    rows = [
        word
        for word in words_of(ax).words
        if (word.place, word.at[0], word.ha) == ("row", 0, "right")
    ]
    return [word.text for word in sorted(rows, key=lambda word: word.at[1])]


def numbers_below(ax: Axes) -> list[float]:
    """Where the numbers under the Axes stand."""
    return [
        word.at[0]
        for word in words_of(ax).words
        if (word.place, word.at[1], word.va) == ("column", 0, "top")
    ]


def marks(ax: Axes) -> list[np.ndarray]:
    """The points of every set of marks, in the order in which they were drawn."""
    sets = [line for line in ax.lines if isinstance(line, Line2D) and line.get_marker() != TICKDOWN]
    return [np.column_stack([line.get_xdata(), line.get_ydata()]) for line in sets]


def dots(ax: Axes) -> np.ndarray:
    """The points of all marks."""
    return np.concatenate(marks(ax))


def boxes(ax: Axes, gid: str = "boxes") -> list[Drawn]:
    """Every box of a kind."""
    return [
        Drawn(
            *box.min(axis=0),
            *np.ptp(box, axis=0),
            matplotlib.colors.to_hex(patch.get_facecolor()),
            hatched,
        )
        for patch in ax.patches
        if patch.get_gid() == gid
        for hatched in [bool(patch.get_hatch())]
        for box in np.split(patch.get_path().vertices, len(patch.get_path().vertices) // 5)
    ]


def segments(ax: Axes) -> np.ndarray:
    """Every straight line that was asked for, in its own frame: n × 2 ends × (x, y)."""
    paths = [patch.get_path().vertices for patch in ax.patches if patch.get_gid() == "strokes"]
    return np.concatenate(paths).reshape(-1, 2, 2)
