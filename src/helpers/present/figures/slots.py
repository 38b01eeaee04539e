"""What the figures share: rows, value columns, empty slots, legends and number axes."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from helpers.present.language import Language
from helpers.present.style import DASHES, HIGHLIGHT, MISSING, QUIET, SMALL, TEXT

WIDTH = 6.4  # inches; a page shows it at 614 CSS pixels
Floats = npt.NDArray[np.float64]
Look = dict[str, Any]  # keyword arguments of an artist
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
    return WIDTH, round(around + pitch * max(rows, 2), 2)


def name_rows(ax: Axes, names: Iterable[str], bold: int | None = None) -> None:
    """Write one name per row, the first on top; one of them in bold on a band."""
    labels = list(names)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    if bold is not None:
        ax.get_yticklabels()[bold].set_fontweight("bold")
        ax.axhspan(bold - 0.5, bold + 0.5, color=HIGHLIGHT, linewidth=0, zorder=0)


def part_rows(ax: Axes, rows: int) -> None:
    """Draw a thin line between neighbours, so that no lane is read as the next kommun's."""
    ax.hlines(np.arange(rows - 1) + 0.5, 0, 1, transform=ax.get_yaxis_transform(), color="#dedede", linewidth=0.8)


def row_of(frame: pd.DataFrame, kommunkod: str | None) -> int | None:
    """Give the row of a kommunkod, or None where it is not asked for or not there."""
    return next((row for row, code in enumerate(frame["kommunkod"]) if kommunkod and code == kommunkod), None)


def count_axis(ax: Axes, words: Language, label: str, top: float, room: float = 0.0) -> None:
    """Number the x axis from zero in whole steps; room is the part kept free right of the highest value."""
    top = top if top > 0 else 1.0
    ax.set_xlim(-0.02 * top, top * 1.04 / (1 - room))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=2))
    ax.xaxis.set_major_formatter(number_format(words))
    ax.set_xlabel(label)


def number_format(words: Language, decimals: int = 0) -> FuncFormatter:
    """Write an axis' numbers in the report's language."""
    return FuncFormatter(lambda value, _: words.number(float(value), decimals))


def highest(*series: Floats) -> float:
    """Give the highest known value, or zero where none is known."""
    known = np.concatenate([values[np.isfinite(values)] for values in series])
    return float(known.max()) if known.size else 0.0


def legend_above(ax: Axes, handles: Sequence[Artist], columns: int, lift: float = 0.0) -> None:
    """Put the legend outside, over the left edge: it never covers a row.

    A wide legend is lifted (points) over the headings of the columns to the right.
    """
    raised = ax.transAxes + ScaledTranslation(0, lift / 72, ax.figure.dpi_scale_trans)
    anchor: Look = dict(bbox_to_anchor=(0, 1), bbox_transform=raised)
    ax.legend(handles=list(handles), loc="lower left", ncols=columns, **anchor)


def columns_right(ax: Axes, columns: Sequence[Column], words: Language, bold: int | None = None) -> None:
    """Write values in columns right of the Axes, one row in bold; the canvas measures and makes the room."""
    edge = 4.0
    for column in columns:
        texts = [words.missing if cell is None else cell for cell in column.cells]
        edge += 12 + max(text_width(text) for text in [*texts, column.header])
        header: Look = dict(xy=(1, 1), xycoords="axes fraction", xytext=(edge, 5), textcoords="offset points")
        ax.annotate(column.header, **header, ha="right", va="bottom", fontsize=SMALL, color=QUIET)
        for row, (text, cell) in enumerate(zip(texts, column.cells, strict=True)):
            at: Look = dict(xy=(1, row), xycoords=ax.get_yaxis_transform(), xytext=(edge, 0))
            look = slot_look() if cell is None else value_look(column.colour, bold, row)
            ax.annotate(text, **at, textcoords="offset points", ha="right", va="center", **look)


def value_look(colour: str, bold: int | None, row: int) -> Look:
    """Give the look of a value in a column: the bold row stands out, the others step back."""
    weight = "bold" if row == bold else "normal"
    return {"color": colour if bold in (None, row) else QUIET, "fontsize": SMALL, "fontweight": weight}


def text_width(text: str) -> float:
    """Guess a width in points, for the distance between columns only; nothing is cut off by it."""
    return 0.58 * SMALL * len(text)


def slot_look() -> Look:
    """Give the look of a word in an empty slot: a dashed, open frame around it."""
    frame: Look = dict(boxstyle="square,pad=0.18", fill=False, edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    return {"color": MISSING, "fontsize": SMALL - 1, "bbox": frame}


def empty_slots(ax: Axes, boxes: Sequence[Box]) -> None:
    """Draw open, dashed frames where values would have stood; the caller adds the word."""
    look: Look = dict(facecolor="none", edgecolor=MISSING, linestyle=DASHES, linewidth=0.9)
    _boxes(ax, boxes, gid="slots", **look)


def upright_slots(
    ax: Axes, at: Iterable[int], tall: float, words: Language, shift: float = 0.0, width: float = 0.7
) -> None:
    """Draw empty slots among bars, the word upright in each; they are all as tall, and that means nothing."""
    middles = [x + shift for x in at]
    empty_slots(ax, [(x - width / 2, 0, width, tall) for x in middles])
    for x in middles:
        middle: Look = dict(ha="center", va="center", rotation=90)
        ax.text(x, tall / 2, words.t("saknas"), **middle, color=MISSING, fontsize=SMALL)


def filled(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw filled boxes of one colour."""
    _boxes(ax, boxes, gid="boxes", facecolor=colour, linewidth=0)


def opened(ax: Axes, boxes: Sequence[Box], colour: str) -> None:
    """Draw open boxes of one colour."""
    _boxes(ax, boxes, gid="boxes", facecolor="none", edgecolor=colour, linewidth=1.6)


def _boxes(ax: Axes, boxes: Sequence[Box], **look: Any) -> None:
    """Draw all boxes as one path: a grid of a hundred cells stays one element in the file."""
    if boxes:
        corners = [[(x, y), (x, y + h), (x + w, y + h), (x + w, y), (x, y)] for x, y, w, h in boxes]
        path = Path.make_compound_path(*[Path(box, closed=True) for box in corners])
        ax.add_patch(PathPatch(path, **look))


def word_at(ax: Axes, x: float, y: float, words: Language) -> None:
    """Write the word for an unknown value in its own dashed frame, starting at a point of the data."""
    at: Look = dict(xy=(x, y), xytext=(6, 0), textcoords="offset points", va="center")
    ax.annotate(words.missing, **at, **slot_look())


def value_at(ax: Axes, x: float, y: float, text: str, gap: float = 5, **look: Any) -> None:
    """Write a value right of a mark, so many points from it."""
    ax.annotate(text, (x, y), xytext=(gap, 0), textcoords="offset points", va="center", **({"fontsize": SMALL} | look))


def blank(ax: Axes, words: Language) -> Axes:
    """Draw the empty slot of a whole figure that has no rows."""
    ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    ax.spines["bottom"].set_visible(False)
    empty_slots(ax, [(0.005, 0.02, 0.99, 0.96)])
    ax.text(0.5, 0.5, words.missing, ha="center", va="center", color=MISSING)
    return ax
