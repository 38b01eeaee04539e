"""How wide a text is: the advances of DejaVu Sans as matplotlib carries it, the same on every machine."""

from functools import cache

import matplotlib
from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags

ABOVE, BELOW = 0.76, 0.21  # em over and under the line: what "l" and "p" need
UNKNOWN = 1.0  # em for a letter that DejaVu Sans lacks
LINE = 1.2  # em from one line to the next


def _face(bold: bool) -> FT2Font:
    """The font, from matplotlib's own store: it is emptied at a fork, as forks would read one open file by turns."""
    return get_font(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf")


@cache
def _advance(letter: str, bold: bool) -> float:
    face = _face(bold)
    glyph = face.get_char_index(ord(letter))
    return face.load_glyph(glyph, flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM if glyph else UNKNOWN


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Give the width in points of one line of text, set in so many points.

    >>> round(text_width("Umeå", 10.0), 1)
    29.3
    """
    return size * sum(_advance(letter, bold) for letter in text)
