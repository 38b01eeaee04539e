"""A figure's legend: what its marks and colours mean, in columns."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform

from helpers.present.figures.letters import LINE, text_width
from helpers.present.figures.words import Word, words_of

SIZE, TITLE = 10.0, 10.5  # points
HANDLE, GAP, APART = 14.0, 6.0, 14.0  # points: a mark's width, to its word, from one column to the next
ROW = 14.0  # points from one line of the legend to the next
MARGIN = 3.0  # points under the legend and left of it


class Keys(Artist):
    """The marks of a legend; their words are the Axes' own."""

    zorder = 5

    def __init__(self, marks: Sequence[tuple[Artist, float, float]], corner: tuple[float, float]) -> None:
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

    A wide legend is lifted (points) over the headings of the columns to the right.
    """
    parts = _divided(handles, columns)
    tall = max(sum(map(_height, part)) for part in parts)
    _legend(ax, parts, (0.0, 1.0), lift + MARGIN + tall)


def legend_inside(
    ax: Axes, handles: Sequence[Artist], corner: tuple[float, float] = (0.0, 1.0), title: str = ""
) -> None:
    """Hang a legend of one column from a point of the Axes (0–1 both ways), under its title if it has one."""
    if title:
        words_of(ax).words.append(Word(title, corner, "axes", (MARGIN, -MARGIN), va="top", size=TITLE))
    _legend(ax, [handles], corner, -MARGIN - (ROW if title else 0.0))


def _legend(ax: Axes, parts: Sequence[Sequence[Artist]], corner: tuple[float, float], top: float) -> None:
    """Write and draw columns of handles; their upper edge lies so many points over a point of the Axes."""
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
        right += HANDLE + GAP + max(map(_width, part)) + APART
    ax.add_artist(Keys(marks, corner))


def _divided(handles: Sequence[Artist], columns: int) -> list[Sequence[Artist]]:
    """Give the handles of each column; the first ones have one more where they do not come out even."""
    number, more = divmod(len(handles), columns)
    ends = [column * number + min(column, more) for column in range(columns + 1)]
    return [handles[start:end] for start, end in pairwise(ends) if end > start]


def _height(handle: Artist) -> float:
    return ROW + LINE * SIZE * str(handle.get_label()).count("\n")


def _width(handle: Artist) -> float:
    return max(text_width(line, SIZE) for line in str(handle.get_label()).split("\n"))


def _mark(handle: Artist) -> Artist:
    """Give what is drawn for a handle: the line itself with one mark in its middle, or a box for a patch."""
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
