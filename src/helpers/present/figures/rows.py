"""The rows of a figure: their names beside them or, on a narrow sheet, above; and values in
columns.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.present.figures.lettering import (
    WIDTH,
    Word,
    is_narrow,
    sheet_width,
    text_size,
    words_of,
    wrapped,
)
from helpers.present.figures.paper import LINE, text_width
from helpers.present.figures.scales import BESIDE, NAME, SLOT, THIN, Floats, Look, strokes
from helpers.present.language import Language
from helpers.present.style import GRID, HIGHLIGHT, QUIET, SMALL, TEXT

# A narrow sheet's rows: points around its names and between two of its columns of values; how
# high a lane under a name is at least, and what of a wide figure's height is around its rows.
CLEAR, BETWEEN, LANE, AROUND = 3.0, 10.0, 13.0, 65.0
HEAD = 36.0  # points: a longer heading of a narrow sheet's column is broken
PRESSED = 0.75  # of a wide row: how high it is under its name
NAMED_UP = 1.5  # points from a row to the words over it
NAMED = 96.0  # points: less room than this beside the values, and they have a line of their own
UNDERNEATH = 1e-6  # of a row: just under the line to the one before


class Column(NamedTuple):
    """A column of values right of the rows; None is an empty slot."""

    header: str
    cells: Sequence[str | None]
    colour: str = TEXT


def row_height(rows: int, pitch: float, around: float) -> tuple[float, float]:
    """Give the size in inches of a figure with so many rows, at least two."""
    return WIDTH, round(around + pitch * max(rows, 2), 2)  # rounds: inches


def row_of(frame: pd.DataFrame, kommunkod: str | None) -> int | None:
    """Give the row of a kommunkod, or None where it is not asked for or not there."""
    return next(
        (row for row, code in enumerate(frame["kommunkod"]) if kommunkod and code == kommunkod),
        None,
    )


def over(row: int) -> float:
    """Give the y of what stands over a row of a narrow sheet, beside its name: a row ends where the
    words over the next one begin.
    """
    return row - 0.5 + UNDERNEATH


def name_rows(ax: Axes, names: Iterable[str], bold: int | None = None) -> None:
    """Write one name per row, the first on top; one of them in bold on a band.

    On a narrow sheet a name stands over its row, which has the whole width.
    """
    ax.set_axis_off()
    labels = list(names)
    if is_narrow(ax):
        _names_above(ax, labels, bold, sheet_width(ax))
    else:
        ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
        words_of(ax).words += [
            Word(name, (0, row), "row", (-BESIDE, 0), "right", "center", NAME, bold=row == bold)
            for row, name in enumerate(labels)
        ]
    if bold is not None:
        ax.axhspan(bold - 0.5, bold + 0.5, color=HIGHLIGHT, linewidth=0, zorder=0)


def _names_above(
    ax: Axes, labels: Sequence[str], bold: int | None, width: float, under: int = 0
) -> None:
    """Write the names over their rows, in so many points; `under` lines are kept free below each.

    The scale of y leaves room over each row, so that what is drawn in a row need not know of it.
    """
    size, words = text_size(ax, NAME), words_of(ax)
    told = [
        wrapped(" ".join(label.split("\n")), size, width, row == bold)
        for row, label in enumerate(labels)
    ]
    room = [LINE * size * (text.count("\n") + 1 + under) + CLEAR for text in told]
    lane = max(LANE, PRESSED * (ax.figure.bbox.height - AROUND) / max(len(labels), 2))
    above = np.concatenate([[0.0], np.cumsum(room)]) / lane

    def placed(rows: Floats) -> Floats:
        at: Floats = np.nan_to_num(np.asarray(rows, dtype=np.float64))
        lanes = np.clip(np.ceil(at + 0.5).astype(int), 0, len(labels))
        at += above[lanes]
        return at

    ax.set_yscale("function", functions=(placed, placed))
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    up = NAMED_UP + under * LINE * size
    words.tall = lane * max(len(labels), 1) + sum(room)
    words.names = [
        Word(
            text,
            (0, over(row)),
            "row",
            (0, up),
            "left",
            "bottom",
            NAME,
            bold=row == bold,
            frame="paper",
        )
        for row, text in enumerate(told)
    ]


def part_rows(ax: Axes, rows: int) -> None:
    """Draw a thin line between neighbours, so that no lane is read as the next kommun's."""
    strokes(ax, [((0, row + 0.5), (1, row + 0.5)) for row in range(rows - 1)], GRID, THIN, "row")


def columns_right(
    ax: Axes, columns: Sequence[Column], words: Language, bold: int | None = None
) -> None:
    """Write values in columns right of the Axes, one row in bold; the canvas measures and makes the
    room.

    On a narrow sheet they stand beside the names, which are to be written before.
    """
    narrow, size, written = is_narrow(ax), text_size(ax, SMALL), words_of(ax).words
    texts = [[words.missing if cell is None else cell for cell in one.cells] for one in columns]
    heads = [wrapped(one.header, size, HEAD if narrow else WIDTH * 72) for one in columns]
    wide = [
        max(text_width(line, size) for line in [*cells, *head.split("\n")])
        for cells, head in zip(texts, heads, strict=True)
    ]
    edge = 4.0
    if narrow:
        edge = -sum(wide) - BETWEEN * len(wide)
        make_room(ax, bold, -edge)
    for column, cells, head, width in zip(columns, texts, heads, wide, strict=True):
        edge += width + (BETWEEN if narrow else 12)
        written.append(Word(head, (1, 1), "axes", (edge, 5), "right", "bottom", SMALL, QUIET))
        for row, (text, cell) in enumerate(zip(cells, column.cells, strict=True)):
            at: Look = dict(at=(1, row), place="row", shift=(edge, 0), ha="right")
            if narrow:
                at |= dict(at=(1, over(row)), shift=(edge, NAMED_UP), va="bottom", frame="paper")
            look = SLOT if cell is None else value_look(column.colour, bold, row)
            written.append(Word(text, **(look | at)))


def make_room(ax: Axes, bold: int | None, taken: float) -> None:
    """Write the names of a narrow sheet again, beside or over values that take so many points."""
    labels = [word.text.replace("\n", " ") for word in words_of(ax).names]
    left = sheet_width(ax) - taken
    if all(text_width(label, text_size(ax, NAME)) <= left for label in labels) or left > NAMED:
        _names_above(ax, labels, bold, left)
    else:
        _names_above(ax, labels, bold, sheet_width(ax), under=1)


def value_look(colour: str, bold: int | None, row: int) -> Look:
    """Give the look of a value in a column: the bold row is brought out, the others are muted."""
    return {"colour": colour if bold in (None, row) else QUIET, "bold": row == bold}


def by_size(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return rows as figures and their tables show them: municipalities with the highest first and
    what is unknown last, then the county and the nation as they stood.
    """
    size = -pd.to_numeric(frame[column]).to_numpy(dtype=float, na_value=np.nan)
    around = np.zeros(len(frame), dtype=bool)
    if "level" in frame:
        around = (frame["level"] != "kommun").to_numpy(dtype=bool)
    own, others = np.flatnonzero(~around), np.flatnonzero(around)
    order = own[np.argsort(size[own], kind="stable")]  # what is no number comes last
    return frame.iloc[np.concatenate([order, others])].reset_index(drop=True)


def in_words(frame: pd.DataFrame, columns: Sequence[str], language: Language) -> pd.DataFrame:
    """Return a frame whose Swedish labels are in the reader's language, for drawing."""
    return frame.assign(
        **{column: [language.t(label) for label in frame[column]] for column in columns}
    )
