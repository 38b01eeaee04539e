"""The words of a figure and its legend, measured and drawn without detours; how large they are on
a sheet of its width.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox, IdentityTransform, Transform

from helpers.present.figures.paper import ABOVE, BELOW, LINE, Paper, text_width
from helpers.present.style import DASHES, MISSING, SMALL, TEXT, WHITE

ALONG = {"left": 0.0, "center": 0.5, "right": 1.0}
ACROSS = {"bottom": 0.0, "center": 0.5, "top": 1.0}
# em: what is centred are figures and capitals, not the room for "g"
DROP = (ABOVE + BELOW) / 2 - BELOW - 0.365
FRAMES = {"slot": 0.18, "paper": 0.1}  # em around a word: a dashed frame or none, white under both
SIZE, TITLE = 10.0, 10.5  # points
# points: a mark's width, to its word, from one column to the next
HANDLE, GAP, APART = 14.0, 6.0, 14.0
ROW = 14.0  # points from one line of the legend to the next
MARGIN = 3.0  # points under the legend and left of it
PAD = 4.0  # points kept free along every edge
# A page shows the wide drawing at 614 CSS pixels or more, the narrow one at 288 or more; so
# nothing is ever read smaller than 12 pixels.
WIDTH, NARROW = 6.4, 10 / 3  # inches
BETWEEN = 4.5  # inches: a sheet is narrow up to here
LEAST, ONLY = 9.0, 10.5  # points: the smallest text of a wide sheet, the only size of a narrow one


def is_narrow(ax: Axes) -> bool:
    """Whether an Axes stands on the sheet for a phone: names above the rows, numbers beside them,
    all text of one size.
    """
    return bool(ax.figure.bbox.width < BETWEEN * 72)


def text_size(ax: Axes, size: float) -> float:
    """Give the size in points in which a text of so many points is written on this sheet."""
    return ONLY if is_narrow(ax) else max(size, LEAST)


def sheet_width(ax: Axes) -> float:
    """Give how many points wide the sheet is within its edges."""
    return float(ax.figure.bbox.width) - 2 * PAD


def wrapped(text: str, size: float, width: float, bold: bool = False) -> str:
    """Break a text at its blanks into lines of at most so many points, where that can be done.

    >>> wrapped("Lägst–högst vid kända prognosfel", 10.0, 90.0)
    'Lägst–högst vid\\nkända prognosfel'
    """
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size, bold) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)


class Word(NamedTuple):
    """One text of a figure, on one or several lines, and how it is written.

    Attributes:
        text: As the reader sees it.
        at: A point of the frame that `place` names: "data"; "row" (x of the Axes, y of the data);
            "column" (x of the data, y of the Axes); "axes" (0–1 both ways).
        shift: Points from there, right and up.
        ha, va: Which part of the text is at that point.
        frame: "slot" for white under it and a dashed frame, "paper" for white alone.
    """

    text: str
    at: tuple[float, float]
    place: str = "data"
    shift: tuple[float, float] = (0.0, 0.0)
    ha: str = "left"
    va: str = "center"
    size: float = SMALL
    colour: str = TEXT
    bold: bool = False
    upright: bool = False
    frame: str = ""


class Box(NamedTuple):
    """The box around a line, in points; matplotlib's own takes ten times as long to make."""

    x0: float
    y0: float
    x1: float
    y1: float


class Line(NamedTuple):
    """One line of a word where it is drawn: its box, upright or not."""

    word: Word
    text: str
    box: Box

    @property
    def padded(self) -> Box:
        """The box with its frame."""
        around, box = FRAMES.get(self.word.frame, 0.0) * self.word.size, self.box
        return Box(box.x0 - around, box.y0 - around, box.x1 + around, box.y1 + around)


class Words(Artist):
    """All words of one Axes; `placed` gives their places."""

    zorder = 6

    def __init__(self) -> None:
        super().__init__()
        self.words: list[Word] = []
        self.names: list[Word] = []  # of the rows, where they stand above them
        self.tall = 0.0  # points: how high the Axes is to be, where its rows decide it

    def placed(self) -> Iterator[tuple[Word, float, float]]:
        """Give every word in the size in which it is written, and the point it hangs from."""
        ax = cast(Axes, self.axes)
        own = (*self.names, *self.words)
        sizes = {size: text_size(ax, size) for size in {word.size for word in own}}
        written = [
            word if sizes[word.size] == word.size else word._replace(size=sizes[word.size])
            for word in own
        ]
        for place, frame in transforms(ax).items():
            words = [word for word in written if word.place == place]
            spots = frame.transform([word.at for word in words]).tolist() if words else []
            for word, (x, y) in zip(words, spots, strict=True):
                yield word, x + word.shift[0], y + word.shift[1]

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Give the box around every word, in points on the canvas."""
        boxes = []
        for word, x, y in self.placed():
            left, low, right, high = _reach(word)
            boxes.append((x + left, y + low, x + right, y + high))
        if not boxes:
            return Bbox.null()
        lefts, lows, rights, highs = zip(*boxes, strict=True)
        return Bbox.from_extents(min(lefts), min(lows), max(rights), max(highs))

    def draw(self, renderer: RendererBase) -> None:
        """Write every word; the frames under them are drawn first."""
        assert isinstance(renderer, Paper), "our words are written on paper"
        lines = [line for placed in self.placed() for line in _lines(*placed)]
        for kind in FRAMES:
            _frames(renderer, lines, kind)
        for line in lines:
            _write(renderer, line)


def words_of(ax: Axes) -> Words:
    """Give the artist that writes an Axes' words, made when it is first asked for."""
    for artist in ax.artists:
        if isinstance(artist, Words):
            return artist
    words = Words()
    ax.add_artist(words)
    return words


def transforms(ax: Axes) -> dict[str, Transform]:
    """Give the frames a word can be placed in, by their names."""
    return {
        "data": ax.transData,
        "row": ax.get_yaxis_transform(which="grid"),
        "column": ax.get_xaxis_transform(which="grid"),
        "axes": ax.transAxes,
    }


@lru_cache(maxsize=4096)  # measured again each time the Axes are placed
def _reach(word: Word) -> tuple[float, float, float, float]:
    """How far a word with its frame reaches left, down, right and up of the point it hangs from."""
    x0, y0, x1, y1 = zip(*(line.padded for line in _lines(word, 0.0, 0.0)), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _lines(word: Word, x: float, y: float) -> Iterator[Line]:
    texts = word.text.split("\n")
    wide = [text_width(text, word.size, word.bold) for text in texts]
    step, tall = LINE * word.size, (ABOVE + BELOW) * word.size
    whole = (max(wide), tall + step * (len(texts) - 1))
    width, height = whole[::-1] if word.upright else whole
    left, low = x - ALONG[word.ha] * width, y - ACROSS[word.va] * height
    if word.va == "center" and not word.upright:
        low += DROP * word.size
    if word.ha == "center" and word.upright:
        left -= DROP * word.size
    for number, (text, length) in enumerate(zip(texts, wide, strict=True)):
        if word.upright:
            corner, end = left + number * step, low + (height - length) / 2
            box = Box(corner, end, corner + tall, end + length)
        else:
            corner = low + (len(texts) - 1 - number) * step
            end = left + ALONG[word.ha] * (width - length)
            box = Box(end, corner, end + length, corner + tall)
        yield Line(word, text, box)


def _write(paper: Paper, line: Line) -> None:
    """Write a line from its start, its middle or its end, whichever its neighbours above and below
    share.
    """
    word, box = line.word, line.box
    below, how = BELOW * word.size, (word.size, word.colour, word.bold)
    if word.upright:
        paper.write(line.text, box.x1 - below, box.y0, *how, upright=True)
    else:
        paper.write(
            line.text,
            box.x0 + ALONG[word.ha] * (box.x1 - box.x0),
            box.y0 + below,
            *how,
            anchor=word.ha,
        )


def _frames(paper: Paper, lines: Sequence[Line], kind: str) -> None:
    """Draw the frames of one kind as one path."""
    boxes = [line.padded for line in lines if line.word.frame == kind]
    corners = [
        np.array([(x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)]) for x0, y0, x1, y1 in boxes
    ]
    if not corners:
        return
    gc = paper.new_gc()
    gc.set_linewidth(0.9 if kind == "slot" else 0.0)
    gc.set_foreground(MISSING)
    gc.set_dashes(DASHES[0], [0.9 * dash for dash in DASHES[1]])
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(corners)
    paper.draw_path(gc, Path(np.concatenate(corners), codes), IdentityTransform(), to_rgb(WHITE))


class Keys(Artist):
    """The marks of a legend; their words are the Axes' own."""

    zorder = 5

    def __init__(
        self, marks: Sequence[tuple[Artist, float, float]], corner: tuple[float, float]
    ) -> None:
        super().__init__()
        self.marks, self.corner = marks, corner

    def draw(self, renderer: RendererBase) -> None:
        """Draw every mark in its place."""
        assert self.axes is not None
        x, y = self.axes.transAxes.transform(self.corner)
        for mark, right, up in self.marks:
            _placed(mark, x + right, y + up).draw(renderer)


def legend_above(ax: Axes, handles: Sequence[Artist], columns: int, lift: float = 0.0) -> None:
    """Put the legend outside, over the left edge: it never covers a row.

    One that would meet the headings of the columns to the right is lifted over them, as is every
    one on a narrow sheet, where it has as many columns as have room; `lift` (points) asks for more.
    """
    room = sheet_width(ax) - MARGIN - HANDLE - GAP
    for handle in handles:
        handle.set_label(wrapped(str(handle.get_label()), text_size(ax, SIZE), room))
    while columns > 1 and _wide(ax, _divided(handles, columns)) > sheet_width(ax):
        columns -= 1
    parts = _divided(handles, columns)
    tall = max(sum(map(_height, part)) for part in parts)
    meets = is_narrow(ax) or _wide(ax, parts) > sheet_width(ax) - _beside(ax)
    lift = max(lift, _over(ax)) if meets else lift
    _legend(ax, parts, (0.0, 1.0), lift + MARGIN + tall)


def _wide(ax: Axes, parts: Sequence[Sequence[Artist]]) -> float:
    """How many points wide a legend of such columns is."""
    widths = [max(_width(ax, handle) for handle in part) for part in parts]
    return MARGIN + sum(widths) + len(parts) * (HANDLE + GAP + APART) - APART


def _beside(ax: Axes) -> float:
    """How many points the words left and right of an Axes take, with the headings over them."""
    left = right = 0.0
    for word in words_of(ax).words:
        wide = text_width(word.text.split("\n")[0], text_size(ax, word.size), word.bold)
        if word.place == "row" and word.ha == "right" and word.at[0] == 0:
            left = max(left, wide - word.shift[0])
        if word.at == (1, 1) and word.ha == "right":
            right = max(right, word.shift[0])
    return left + right


def _over(ax: Axes) -> float:
    """How many points the words that hang from the upper edge of an Axes reach over it."""
    hung = [word for word in words_of(ax).words if word.place in ("axes", "column")]
    over = [word for word in hung if word.at[1] == 1 and word.va == "bottom"]
    size = text_size(ax, SIZE)
    return max(
        (word.shift[1] + size * (ABOVE + BELOW + LINE * word.text.count("\n")) for word in over),
        default=0.0,
    )


def legend_inside(
    ax: Axes, handles: Sequence[Artist], corner: tuple[float, float] = (0.0, 1.0), title: str = ""
) -> None:
    """Hang a legend of one column from a point of the Axes (0–1 both ways), under its title if it
    has one.
    """
    if title:
        words_of(ax).words.append(
            Word(title, corner, "axes", (MARGIN, -MARGIN), va="top", size=TITLE)
        )
    under = ROW + LINE * TITLE * title.count("\n") if title else 0.0
    _legend(ax, [handles], corner, -MARGIN - under)


def _legend(
    ax: Axes, parts: Sequence[Sequence[Artist]], corner: tuple[float, float], top: float
) -> None:
    """Write and draw columns of handles; their upper edge is so many points over a point of the
    Axes.
    """
    marks: list[tuple[Artist, float, float]] = []
    words, right = words_of(ax).words, MARGIN
    for part in parts:
        middle = top
        for handle in part:
            middle -= _height(handle) / 2
            shift = (right + HANDLE + GAP, middle)
            words.append(Word(str(handle.get_label()), corner, "axes", shift, size=SIZE))
            marks.append((_mark(handle), right, middle))
            middle -= _height(handle) / 2
        right += HANDLE + GAP + max(_width(ax, handle) for handle in part) + APART
    ax.add_artist(Keys(marks, corner))


def _divided(handles: Sequence[Artist], columns: int) -> list[Sequence[Artist]]:
    """Give the handles of each column; the first ones have one more where they do not come out
    even.
    """
    number, more = divmod(len(handles), columns)
    ends = [column * number + min(column, more) for column in range(columns + 1)]
    return [handles[start:end] for start, end in pairwise(ends) if end > start]


def _height(handle: Artist) -> float:
    return ROW + LINE * SIZE * str(handle.get_label()).count("\n")


def _width(ax: Axes, handle: Artist) -> float:
    size = text_size(ax, SIZE)
    return max(text_width(line, size) for line in str(handle.get_label()).split("\n"))


def _mark(handle: Artist) -> Artist:
    """Give what is drawn for a handle: the line itself with one mark in its middle, or a box for a
    patch.
    """
    mark = Line2D([], []) if isinstance(handle, Line2D) else Rectangle((0, 0), HANDLE, 0.7 * SIZE)
    mark.update_from(handle)
    mark.set_transform(IdentityTransform())
    if isinstance(mark, Line2D):
        mark.set_markevery([1])
    return mark


def _placed(mark: Artist, x: float, y: float) -> Artist:
    if isinstance(mark, Line2D):
        mark.set_data([x, x + HANDLE / 2, x + HANDLE], [y, y, y])
    elif isinstance(mark, Rectangle):
        mark.set_bounds(x, y - 0.35 * SIZE, HANDLE, 0.7 * SIZE)
    return mark
