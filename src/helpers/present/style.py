"""Every colour by what it means, in the light, in the dark and on paper, measured by a test.

One concept has one colour wherever it is drawn; a colour never says good or bad. A drawing names a
colour by its hex code in the light; a page's style sheet gives each its name (`style_sheet`).
"""

from typing import NamedTuple

# matplotlib's dotted name for workbook.mplstyle beside this file
STYLE = "helpers.present.workbook"


class Ink(NamedTuple):
    """One colour: what it means, and its hex code (#rrggbb) in the light, as on paper, and in the
    dark.
    """

    name: str
    light: str
    dark: str


PALETTE = (
    Ink("paper", "#ffffff", "#12181e"),
    Ink("ink", "#17212b", "#e8edf1"),  # text, and the nation where it is a line
    Ink("soft", "#4d5b68", "#a9b6c1"),  # text and lines that accompany
    Ink("grid", "#dfe5e9", "#2a353f"),  # never a mark
    Ink("tint", "#f1f5f7", "#1a222a"),  # a band behind, never a mark
    Ink("saknas", "#65717c", "#93a0ab"),  # the dashed edge and the word where nothing is known
    Ink("vantat", "#4a88bf", "#5b97cf"),
    Ink("utfall", "#b3400c", "#f28f5b"),
    Ink("kommuntal", "#6a5aa5", "#a697e3"),
    Ink("mottagna", "#0f7a66", "#3fb79a"),
    Ink("riket", "#36424d", "#cfd8df"),  # where the nation is a bar
    Ink("annan", "#828c97", "#7f8b96"),  # other places' bars, and steps between two numbers
    Ink("annan-punkt", "#5d6873", "#a3aeb8"),  # other places' dots
    Ink("kvotflykting", "#267d69", "#86d9c3"),
    Ink("anlaggning", "#0a5648", "#37a98d"),
    Ink("eget-boende", "#976300", "#dca63d"),
    Ink("anhoriga", "#a1497b", "#d888b4"),
    Ink("ovriga", "#5f6a75", "#98a4ae"),
    # scenarios, each with its own marker: distinct in grey and in print
    Ink("s1", "#bd7a00", "#a87a2e"),
    Ink("s2", "#2a7cad", "#4f9bcc"),
    Ink("s3", "#006b56", "#5fc7ab"),
    Ink("s4", "#742c6b", "#e0a9d8"),
    Ink("s5", "#4a2309", "#f3d3b8"),
    Ink("s6", "#111111", "#fdfdfd"),
    # a map's classes, from few to many
    Ink("k1", "#e2f3ee", "#1c3a34"),
    Ink("k2", "#9fd3c2", "#2b6254"),
    Ink("k3", "#66b8a2", "#3f9680"),
    Ink("k4", "#24836e", "#77cfb6"),
    Ink("k5", "#07463a", "#d2f4e9"),
    Ink("grans", "#6e6e6f", "#8e9aa4"),  # a border between two municipalities
)
_LIGHT = {ink.name: ink.light for ink in PALETTE}


def short(colour: str) -> str:
    """Write a colour as briefly as it can be.

    >>> short("#ffffff"), short("#17212b")
    ('#fff', '#17212b')
    """
    return f"#{colour[1::2]}" if colour[1::2] == colour[2::2] else colour


def style_sheet(dark: bool = True) -> str:
    """Return the colours as variables of a page: the dark ones on a screen alone, since paper is
    white.
    """
    lit = "".join(f"--{ink.name}:{short(ink.light)};" for ink in PALETTE)
    unlit = "".join(f"--{ink.name}:{short(ink.dark)};" for ink in PALETTE)
    by_night = f"\n@media screen and (prefers-color-scheme:dark){{:root{{{unlit}}}}}\n"
    return f":root{{{lit}}}" + by_night * dark


WHITE, TEXT, QUIET = _LIGHT["paper"], _LIGHT["ink"], _LIGHT["soft"]
GRID, HIGHLIGHT, MISSING = _LIGHT["grid"], _LIGHT["tint"], _LIGHT["saknas"]
EXPECTED = _LIGHT["vantat"]  # an interval
OUTCOME = _LIGHT["utfall"]  # a dot
QUOTA = _LIGHT["kommuntal"]  # länstal and kommuntal: what is to be received
RECEIVED = _LIGHT["mottagna"]
NATION = _LIGHT["riket"]
MUTED = _LIGHT["annan"]  # another municipality's bar
MUTED_OUTCOME = _LIGHT["annan-punkt"]  # another municipality's dot
STEP = _LIGHT["annan"]  # from one number to the next: neither good nor bad
SCENARIOS = tuple(_LIGHT[f"s{number}"] for number in range(1, 7))
SCENARIO_MARKERS = ("o", "s", "^", "D", "v", "P")
CATEGORIES = tuple(
    _LIGHT[name] for name in ("kvotflykting", "anlaggning", "eget-boende", "anhoriga", "ovriga")
)
RAMP = tuple(_LIGHT[f"k{number}"] for number in range(1, 6))
EDGE = _LIGHT["grans"]
AVAILABLE = RECEIVED  # a table that is in hand

MARKS = (
    *("saknas", "vantat", "utfall", "kommuntal", "mottagna", "riket", "annan", "annan-punkt"),
    *("kvotflykting", "anlaggning", "eget-boende", "anhoriga", "ovriga", "grans"),
    *(f"s{number}" for number in range(1, 7)),
)
INKS = ("ink", "soft", "saknas", "utfall", "mottagna", "kommuntal")

DASHES = (0, (3, 2))
HATCH = "/////"  # what is not known exactly
SMALL = 9.5  # points: values and the word in an empty slot


def luminance(colour: str) -> float:
    """Give the relative luminance (0–1) of a colour written #rrggbb, as WCAG 2.1 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio (1–21) of two colours written #rrggbb, as WCAG 2.1 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
