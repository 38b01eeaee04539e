"""What the figures share: value columns, empty slots, boxes, dots and levels."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.present.figures.letters import text_width
from helpers.present.figures.scales import NAME, strokes
from helpers.present.figures.words import Word, words_of
from helpers.present.language import Language
from helpers.present.style import DASHES, MISSING, QUIET, SMALL, TEXT, WHITE

WIDTH = 6.4  # inches; a page shows it at 614 CSS pixels
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[Any]  # rows, or heights between them
Look = dict[str, Any]  # keyword arguments of an artist
BOX = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
DOT = 7.2  # points
SLOT: Look = dict(colour=MISSING, size=SMALL - 1, frame="slot")  # a word where a value is unknown
Box = tuple[float, float, float, float]  # x, y, width, height in data units


class Column(NamedTuple):
    """A column of values right of the rows; None is an empty slot."""

    header: str
    cells: Sequence[str | None]
    colour: str = TEXT


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Give a column as floats, NaN where it is unknown."""
    return pd.to_numeric(frame[column]).to_numpy(dtype=float, na_value=np.nan)


def known_texts(cells: Iterable[Any]) -> list[str]:
    """Give the texts that are known."""
    return [str(cell) for cell in cells if not pd.isna(cell)]


def whole(words: Language, values: Floats, decimals: int = 0) -> list[str | None]:
    """Write every known value; an unknown one is None, so that it becomes an empty slot."""
    return [None if np.isnan(value) else words.number(float(value), decimals) for value in values]


def row_height(rows: int, pitch: float, around: float) -> tuple[float, float]:
    """Give the size in inches of a figure with so many rows, at least two."""
    return WIDTH, round(around + pitch * max(rows, 2), 2)  # rounds: inches


def row_of(frame: pd.DataFrame, kommunkod: str | None) -> int | None:
    """Give the row of a kommunkod, or None where it is not asked for or not there."""
    return next((row for row, code in enumerate(frame["kommunkod"]) if kommunkod and code == kommunkod), None)


def highest(*series: Floats) -> float:
    """Give the highest known value, or zero where none is known."""
    known = np.concatenate([values[np.isfinite(values)] for values in series])
    return float(known.max()) if known.size else 0.0


def columns_right(ax: Axes, columns: Sequence[Column], words: Language, bold: int | None = None) -> None:
    """Write values in columns right of the Axes, one row in bold; the canvas measures and makes the room."""
    edge, written = 4.0, words_of(ax).words
    for column in columns:
        texts = [words.missing if cell is None else cell for cell in column.cells]
        edge += 12 + max(text_width(text, SMALL) for text in [*texts, column.header])
        written.append(Word(column.header, (1, 1), "axes", (edge, 5), "right", "bottom", SMALL, QUIET))
        for row, (text, cell) in enumerate(zip(texts, column.cells, strict=True)):
            at: Look = dict(at=(1, row), place="row", shift=(edge, 0), ha="right")
            look = SLOT if cell is None else value_look(column.colour, bold, row)
            written.append(Word(text, **at, **look))


def value_look(colour: str, bold: int | None, row: int) -> Look:
    """Give the look of a value in a column: the bold row stands out, the others step back."""
    return {"colour": colour if bold in (None, row) else QUIET, "bold": row == bold}


def empty_slots(ax: Axes, boxes: Sequence[Box]) -> None:
    """Draw open, dashed frames where values would have stood; the caller adds the word."""
    look: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    draw_boxes(ax, boxes, gid="slots", **look)


def upright_slots(
    ax: Axes, at: Iterable[int], tall: float, words: Language, shift: float = 0.0, width: float = 0.7
) -> None:
    """Draw empty slots among bars, the word upright in each; they are all as tall, and that means nothing."""
    middles = [x + shift for x in at]
    empty_slots(ax, [(x - width / 2, 0, width, tall) for x in middles])
    word = words.t("saknas")
    words_of(ax).words += [Word(word, (x, tall / 2), ha="center", colour=MISSING, upright=True) for x in middles]


def filled(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw filled boxes of one colour."""
    draw_boxes(ax, boxes, facecolor=colour, linewidth=0)


def opened(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw open boxes of one colour."""
    draw_boxes(ax, boxes, facecolor="none", edgecolor=colour, linewidth=1.6)


def draw_boxes(ax: Axes, boxes: Sequence[Box], gid: str = "boxes", **look: Any) -> None:
    """Draw all boxes as one path: a grid of a hundred cells stays one element in the file."""
    if len(boxes):
        corners = [at for x, y, w, h in boxes for at in ((x, y), (x, y + h), (x + w, y + h), (x + w, y), (x, y))]
        ax.add_artist(PathPatch(Path(corners, BOX * len(boxes)), gid=gid, **look))


def word_at(ax: Axes, x: float, y: float, words: Language) -> None:
    """Write the word for an unknown value in its own dashed frame, starting at a point of the data."""
    words_of(ax).words.append(Word(words.missing, (x, y), shift=(6, 0), **SLOT))


def value_at(ax: Axes, x: float, y: float, text: str, gap: float = 5, up: float = 0, **look: Any) -> None:
    """Write a value right of a mark, so many points from it."""
    words_of(ax).words.append(Word(text, (x, y), shift=(gap, up), **look))


def dots(ax: Axes, x: Floats, y: Places, colours: Sequence[str], size: float = DOT, **look: Any) -> None:
    """Draw a mark at each point, one set for every colour; the size is its width in points."""
    for colour in sorted(set(colours)):
        own = [at for at, one in enumerate(colours) if one == colour]
        marks: Look = dict(marker="o", linestyle="", color=colour, markeredgecolor=WHITE, markeredgewidth=1.2) | look
        ax.add_artist(Line2D(x[own], y[own], markersize=size, zorder=3, clip_on=False, **marks))


def spans(ax: Axes, low: Floats, high: Floats, at: Places, colour: str, width: float) -> None:
    """Draw a level line from low to high at each height."""
    strokes(ax, [((left, y), (right, y)) for left, right, y in zip(low, high, at, strict=True)], colour, width)


def blank(ax: Axes, words: Language) -> Axes:
    """Draw the empty slot of a whole figure that has no rows."""
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    empty_slots(ax, [(0.005, 0.02, 0.99, 0.96)])
    words_of(ax).words.append(Word(words.missing, (0.5, 0.5), ha="center", colour=MISSING, size=NAME))
    return ax
