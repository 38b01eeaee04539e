"""Colours by role, safe for the colour-blind and measured against white by a test."""

# matplotlib's dotted name for workbook.mplstyle beside this file
STYLE = "helpers.present.workbook"

WHITE = "#ffffff"
BLACK = "#000000"
TEXT = "#1a1a1a"
QUIET = "#595959"  # text and lines that accompany

EXPECTED = "#3d87c4"  # an interval
OUTCOME = "#a33100"  # a dot
MUTED = "#929292"  # another municipality's interval
MUTED_OUTCOME = "#595959"  # another municipality's dot
MISSING = "#6b6b6b"  # the dashed edge and the word of an empty slot
AVAILABLE = "#1f6f8b"  # a table that is in hand
STEP_DOWN = "#6b4c9a"
STEP_UP = "#946300"
PARTLY = "#bcd5dc"  # in a legend only, beside its word
GRID = "#dedede"  # never a mark
HIGHLIGHT = "#fff1cc"  # a band behind, never a mark

# From light to dark, each with its own marker: distinct in grey and in print.
SCENARIOS = ("#c98200", "#2a7cad", "#006b56", "#742c6b", "#4a2309", "#111111")
SCENARIO_MARKERS = ("o", "s", "^", "D", "v", "P")

# Neighbours in a stack differ in lightness as well as in hue.
CATEGORIES = ("#00456b", "#c98200", "#007a5a", "#c97aa6", "#4d4d4d")

MARKS = (
    EXPECTED,
    OUTCOME,
    MUTED,
    MUTED_OUTCOME,
    MISSING,
    AVAILABLE,
    STEP_DOWN,
    STEP_UP,
    *SCENARIOS,
    *CATEGORIES,
)
INKS = (TEXT, QUIET, OUTCOME, MISSING)

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


def ink_on(fill: str) -> str:
    """Give black or white, whichever reads better on the fill; the lesser of the two is never below
    4.58.
    """
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, fill))
