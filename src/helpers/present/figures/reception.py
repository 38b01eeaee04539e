"""How many were received, year by year and month by month; and what was decided: the county's
number and the municipalities'.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.model.monthly import HIDDEN_HIGH
from helpers.present.figures.lettering import (
    WIDTH,
    Word,
    is_narrow,
    legend_above,
    sheet_width,
    text_size,
    words_of,
    wrapped,
)
from helpers.present.figures.rows import (
    Column,
    columns_right,
    name_rows,
    row_height,
    row_of,
)
from helpers.present.figures.scales import (
    NAME,
    Floats,
    Look,
    across,
    bands,
    blank,
    count_axis,
    dots,
    draw_boxes,
    filled,
    highest,
    known_texts,
    number_upward,
    numbers,
    opened,
    over_bars,
    strokes,
    upright_slots,
    value_at,
    whole,
    word_at,
)
from helpers.present.language import Language
from helpers.present.style import (
    HATCH,
    MISSING,
    MUTED,
    MUTED_OUTCOME,
    NATION,
    QUIET,
    QUOTA,
    RECEIVED,
    SMALL,
    TEXT,
    WHITE,
)

Flags = npt.NDArray[np.bool_]
# Asylum seekers and children differ by a factor of twenty: one panel each, so that no reader must
# see through a logarithm or two scales in one frame.
PANELS_RECEPTION = (1.5, 1.0, 1.0)
# The place of a bar in its month, and its width.
ALONE, NOW, BEFORE = (0.0, 0.7), (0.135, 0.57), (-0.325, 0.25)
ALONE_AT = 4.0  # times the next highest: a bar that is cut
CUT = (0.9, 0.94)  # of a cut bar: where it is
AXIS = 50.0  # points beside the bars of a narrow sheet: the numbers of the axis
LEVEL = 4  # characters that have room side by side over the bars
FULL: Look = dict(facecolor=RECEIVED, linewidth=0)
OPEN: Look = dict(facecolor=WHITE, edgecolor=QUIET, linewidth=1.1)
HATCHED: Look = dict(facecolor=WHITE, edgecolor=MISSING, hatch=HATCH, linewidth=0.9)


def size_reception(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_reception."""
    return WIDTH, 6.6


def draw_reception(
    frame: pd.DataFrame, national: pd.DataFrame, axes: tuple[Axes, Axes, Axes], words: Language
) -> tuple[Axes, Axes, Axes]:
    """Draw the received as bars, and below them the nation's unaccompanied children and asylum
    seekers.

    Args:
        frame: ar, antal (persons received; NA = unknown), measure ("unnamed" where the source does
            not say what it counts), one row per year. Those years are open, and a dashed line parts
            them from the others.
        national: ar, ensamkommande, asylsokande (persons; NA = unknown), any years; those of frame
            are shown.
        axes: Three panels from the top, PANELS_RECEPTION in height.
        words: The report's language.
    """
    years = [int(year) for year in frame["ar"]]
    if not years:
        return axes[0], axes[1], blank(axes[2], words)
    series = national.set_index("ar").reindex(years)
    titles = (
        words.t("Mottagna i kommunerna"),
        words.t("Ensamkommande barn som sökte asyl i Sverige"),
        words.t("Asylsökande i Sverige, barn och vuxna"),
    )
    received, unnamed = numbers(frame, "antal"), (frame["measure"] == "unnamed").to_numpy()
    runs = runs_of(received)
    own, apart = received[[run[0] for run in runs]], unnamed[[run[0] for run in runs]]
    year_bars(axes[0], own, words, RECEIVED, apart)
    breaks(axes[0], own, apart)
    year_bars(axes[1], numbers(series, "ensamkommande"), words, NATION)
    year_bars(axes[2], numbers(series, "asylsokande"), words, NATION)
    plain = [str(year) for year in years]
    told = [run_name([years[at] for at in run], unnamed[run[0]], words) for run in runs]
    for ax, title, labels in zip(axes, titles, (told, plain, plain), strict=True):
        year_axis(ax, labels, title, words)
    return axes


def runs_of(values: Floats) -> list[list[int]]:
    """The places of the years, those that are unknown in a row together: a gap is told once."""
    runs: list[list[int]] = []
    for at, unknown in enumerate(np.isnan(values).tolist()):
        if unknown and runs and np.isnan(values[at - 1]):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def run_name(years: list[int], unnamed: bool, words: Language) -> str:
    """Name a year, or a run of unknown ones; below it that its measure is not known."""
    if len(years) > 1:
        return f"{years[0]}–{years[-1] % 100:02}"
    return "\n".join([str(years[0]), *(words.t("okänt mått").split(" ") if unnamed else [])])


def year_bars(
    ax: Axes, values: Floats, words: Language, colour: str, unnamed: Flags | None = None
) -> None:
    """A bar per known year, open where its measure is not named; one band for years in a row that
    are unknown.
    """
    known = np.flatnonzero(np.isfinite(values))
    open_ones = np.zeros(len(values), dtype=bool) if unnamed is None else unnamed
    filled(ax, [(x - 0.35, 0, 0.7, values[x]) for x in known if not open_ones[x]], colour)
    opened(ax, [(x - 0.35, 0, 0.7, values[x]) for x in known if open_ones[x]], colour)
    texts = {x: words.number(int(values[x])) for x in known.tolist()}
    over_bars(ax, {x: values[x] for x in texts}, texts, len(values))
    bands(ax, np.flatnonzero(np.isnan(values)), words)


def breaks(ax: Axes, values: Floats, unnamed: Flags) -> None:
    """Draw a dashed line after each known year whose neighbour in time is of another measure."""
    known = np.flatnonzero(np.isfinite(values))
    parted = [one for one, other in pairwise(known.tolist()) if unnamed[one] != unnamed[other]]
    strokes(
        ax, [((x + 0.5, 0), (x + 0.5, 1)) for x in parted], TEXT, 1.2, "column", dashes=(0, (4, 2))
    )


def year_axis(ax: Axes, labels: list[str], title: str, words: Language) -> None:
    """Write the years below their bars, the title above, and number the bars' height."""
    told = wrapped(title, text_size(ax, NAME), sheet_width(ax) - AXIS * is_narrow(ax))
    words_of(ax).words.append(Word(told, (0, 1), "axes", (0, 7), va="bottom", size=NAME))
    ax.set_xlim(-0.6, len(labels) - 0.4)
    across(ax, range(len(labels)), labels, grid=False)
    number_upward(ax, words)


def size_months(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_months."""
    return WIDTH, 3.2


def draw_months(frame: pd.DataFrame, ax: Axes, words: Language, ar: int, manad: int) -> Axes:
    """Draw a bar per month up to the latest, each beside an open, narrower one for the year before.

    What a hidden cell may hold is hatched. A month unknown this year is an empty slot; after the
    latest month and for a month unknown the year before nothing is drawn.

    Args:
        frame: name (of the month), low, high, before_low, before_high (persons; NA = unknown).
        ax: Where to draw.
        words: The report's language.
        ar: The year of the bars.
        manad: The latest month (1–12).
    """
    if frame.empty:
        return blank(ax, words)
    low, high = numbers(frame, "low")[:manad], numbers(frame, "high")[:manad]
    before = numbers(frame, "before_low"), numbers(frame, "before_high")
    top = highest(high, before[1]) or 1.0
    compared = bool(np.isfinite(before[0]).any())
    at = NOW if compared else ALONE
    hidden = _month_bars(ax, low, high, *at, FULL) | _month_bars(ax, *before, *BEFORE, OPEN)
    upright_slots(ax, np.flatnonzero(np.isnan(low)), 0.6 * top, words, *at)
    _month_values(ax, low, high, top, words, at[0])
    _month_axis(ax, [words.t(name)[:3] for name in frame["name"]], words)
    legend_above(ax, _month_keys(words, ar, hidden, compared), 3)
    return ax


def _month_bars(
    ax: Axes, low: Floats, high: Floats, shift: float, width: float, look: Look
) -> bool:
    """Draw every known month, hatched where something is hidden; return whether anything is."""
    known = np.flatnonzero(np.isfinite(low))
    draw_boxes(ax, [(x + shift - width / 2, 0, width, low[x]) for x in known], **look)
    hidden = known[high[known] > low[known]]
    draw_boxes(
        ax, [(x + shift - width / 2, low[x], width, high[x] - low[x]) for x in hidden], **HATCHED
    )
    return len(hidden) > 0


def _month_values(
    ax: Axes, low: Floats, high: Floats, top: float, words: Language, shift: float
) -> None:
    """Write every month's number above its bar, on white where it meets the year before.

    All are upright where the longest has no room beside its neighbours.
    """
    texts = {
        x: _month_text(int(low[x]), int(high[x]), words)
        for x in map(int, np.flatnonzero(np.isfinite(low)))
    }
    upright = max(map(len, texts.values()), default=0) > LEVEL
    ax.set_ylim(0, (1.5 if upright else 1.18) * top)
    above: Look = dict(
        gap=0, up=3, ha="center", va="bottom", size=SMALL - 1, upright=upright, frame="paper"
    )
    for x, text in texts.items():
        value_at(
            ax, x + shift, high[x], text, colour=MISSING if high[x] > low[x] else TEXT, **above
        )


def _month_text(low: int, high: int, words: Language) -> str:
    return words.t("dold") if (low, high) == (0, HIDDEN_HIGH) else words.range(low, high)


def _month_axis(ax: Axes, names: list[str], words: Language) -> None:
    ax.set_xlim(-0.6, len(names) - 0.4)
    across(ax, range(len(names)), names, grid=False)
    number_upward(ax, words)


def _month_keys(words: Language, ar: int, hidden: bool, before: bool) -> list[Patch]:
    keys = [Patch(**FULL, label=str(ar))]
    keys += [Patch(**OPEN, label=str(ar - 1))] if before else []
    return keys + ([Patch(**HATCHED, label=words.t("dolda uppgifter"))] if hidden else [])


def size_lanstal(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_lanstal."""
    return row_height(len(frame), 0.46, 0.85)


def draw_lanstal(frame: pd.DataFrame, ax: Axes, words: Language) -> Axes:
    """Draw one bar per decision in order; a year without a county list is an empty slot.

    Args:
        frame: ar, beslut (NA = none in hand), lanstal and national (persons; NA = unknown),
            share_promille (NA = unknown), harledd (the number is derived, and says so), top row
            first.
        ax: Where to draw.
        words: The report's language.
    """
    if frame.empty:
        return blank(ax, words)
    lanstal = numbers(frame, "lanstal")
    name_rows(
        ax, map(partial(_decision, words), frame["ar"], frame["beslut"], numbers(frame, "national"))
    )
    count_axis(ax, words, words.t("Länstal, personer"), highest(lanstal), room=0.13)
    said = _marked(words, whole(words, lanstal), frame["harledd"])
    for row, (value, number) in enumerate(zip(lanstal, said, strict=True)):
        if np.isnan(value):
            word_at(ax, 0, row, words)
            continue
        value_at(ax, value, row, number or "", size=NAME)
    known = np.flatnonzero(np.isfinite(lanstal))
    filled(ax, [(0, row - 0.28, lanstal[row], 0.56) for row in known], QUOTA)
    share = [cell or "" for cell in whole(words, numbers(frame, "share_promille"), 1)]
    columns_right(ax, [Column(words.t("‰ av riket"), share)], words)
    return ax


def _decision(words: Language, ar: int, beslut: str | None, national: float) -> str:
    """Write year and decision, and below them the national number where it is known."""
    lines = [", ".join([str(ar), *known_texts([beslut])])]
    if not np.isnan(national):
        lines.append(words.t("riket {antal}", antal=words.number(int(national))))
    return ",\n".join(lines)


def size_kommuntal(frame: pd.DataFrame) -> tuple[float, float]:
    """Give width and height in inches for draw_kommuntal."""
    return row_height(len(frame), 0.27, 1.15)


def draw_kommuntal(
    frame: pd.DataFrame, ax: Axes, words: Language, highlight: str | None = None
) -> Axes:
    """Draw one row per kommun: the number decided as an open bar, those received as a dot, both as
    numbers.

    Args:
        frame: kommunkod, kommun, kommuntal, mottagna_efter_anvisning (persons; NA = unknown),
            harledd (the kommuntal is derived, and its number says so), top row first.
        ax: Where to draw.
        words: The report's language.
        highlight: A kommunkod to bring out on a band.
    """
    if frame.empty:
        return blank(ax, words)
    decided, received = numbers(frame, "kommuntal"), numbers(frame, "mottagna_efter_anvisning")
    bold = row_of(frame, highlight)
    name_rows(ax, frame["kommun"], bold)
    top = _broken(decided)
    title = _counted(words, frame["kommun"], decided > top)
    count_axis(ax, words, title, min(top, highest(decided, received)))
    _decided(ax, decided, bold, top)
    there = np.flatnonzero(np.isfinite(received))
    colours = [RECEIVED if bold is None or row == bold else MUTED_OUTCOME for row in there]
    dots(ax, np.minimum(received[there], top), there, colours, 7.0, markeredgewidth=1.0)
    columns = [
        Column(words.t("Kommuntal"), _marked(words, whole(words, decided), frame["harledd"])),
        Column(words.t("Mottagna"), whole(words, received), RECEIVED),
    ]
    columns_right(ax, columns, words, bold)
    legend_above(ax, _kommuntal_keys(words), 2, lift=14)
    return ax


def _decided(ax: Axes, decided: Floats, bold: int | None, top: float) -> None:
    """Draw the numbers decided as open bars; a longer one than the axis is cut."""
    rows = np.flatnonzero(np.isfinite(decided)).tolist()
    own = [row for row in rows if bold is None or row == bold]
    for colour, part in ((MUTED, [row for row in rows if row not in own]), (QUOTA, own)):
        opened(ax, [(0, row - 0.28, min(decided[row], top), 0.56) for row in part], colour)
    cut = [(row, top * x) for row in rows if decided[row] > top for x in CUT]
    lines = [((x, row + 0.4), (x + 0.02 * top, row - 0.4)) for row, x in cut]
    strokes(ax, lines, WHITE, 2.5, zorder=2.5)


def _broken(values: Floats) -> float:
    """Where a bar is cut that would leave the others a sliver of the axis; infinite where none
    is.
    """
    known = np.sort(values[np.isfinite(values)])
    alone = len(known) > 1 and known[-1] > ALONE_AT * known[-2] > 0
    return 1.15 * float(known[-2]) if alone else float("inf")


def _counted(words: Language, names: pd.Series, cut: Flags) -> str:
    """The axis' title: which bar is cut, if one is."""
    if not cut.any():
        return words.t("Personer")
    return words.t("Personer (stapeln för {kommun} är avbruten)", kommun=str(names[cut].iloc[0]))


def _marked(words: Language, told: Sequence[str | None], derived: pd.Series) -> list[str | None]:
    """The numbers, each derived one marked as such."""
    pairs = zip(told, derived, strict=True)
    return [words.t("{tal} (härlett)", tal=text) if mark and text else text for text, mark in pairs]


def _kommuntal_keys(words: Language) -> list[Patch | Line2D]:
    bar = Patch(facecolor="none", edgecolor=QUOTA, linewidth=1.6, label=words.t("Kommuntal"))
    label = words.t("Mottagna efter anvisning")
    return [
        bar,
        Line2D([], [], color=RECEIVED, marker="o", markersize=7, linestyle="", label=label),
    ]
