"""The figures say what the frame says: names whole, unknown never zero, the same bytes every
time.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.textpath import text_to_path

from helpers.present import figures, style
from helpers.present.figures import placement
from helpers.present.figures.lettering import NARROW, WIDTH, words_of
from helpers.present.figures.paper import text_width
from helpers.present.figures.scales import TICKDOWN
from helpers.present.language import Language
from tests.present.reading import (
    SVG,
    boxes,
    clashes,
    dots,
    marks,
    names,
    outside,
    segments,
    words_in,
    written,
)

SV = Language("sv")

# Länsstyrelsen Västerbotten, "Andelstal EKB" 2018: kommun, andelstal ‰, förväntat low and high,
# utfall.
VASTERBOTTEN = [
    ("2401", "Nordmaling", 1.14, 1, 2, 0),
    ("2403", "Bjurholm", 1.0, 1, 2, 2),
    ("2404", "Vindeln", 1.0, 1, 2, 0),
    ("2409", "Robertsfors", 1.0, 1, 2, 2),
    ("2417", "Norsjö", 1.0, 1, 2, 3),
    ("2418", "Malå", 1.0, 1, 2, 3),
    ("2421", "Storuman", 1.0, 1, 2, 2),
    ("2422", "Sorsele", 1.0, 1, 2, 0),
    ("2425", "Dorotea", 1.0, 1, 2, 2),
    ("2460", "Vännäs", 1.0, 1, 2, 1),
    ("2462", "Vilhelmina", 1.0, 1, 2, 2),
    ("2463", "Åsele", 1.0, 1, 2, 2),
    ("2480", "Umeå", 11.97, 18, 18, 11),
    ("2481", "Lycksele", 1.16, 1, 2, 3),
    ("2482", "Skellefteå", 5.99, 9, 9, 4),
]
NAMES = (
    "Härryda,Partille,Öckerö,Stenungsund,Tjörn,Orust,Sotenäs,Munkedal,Tanum,Dals-Ed,Färgelanda,Ale,Lerum,Vårgårda,"
    "Bollebygd,Grästorp,Essunga,Karlsborg,Gullspång,Tranemo,Bengtsfors,Mellerud,Lilla Edet,Mark,Svenljunga,"
    "Herrljunga,Vara,Götene,Tibro,Töreboda,Göteborg,Mölndal,Kungälv,Lysekil,Uddevalla,Strömstad,Vänersborg,"
    "Trollhättan,Alingsås,Borås,Ulricehamn,Åmål,Mariestad,Lidköping,Skara,Skövde,Hjo,Tidaholm,Falköping"
)
VASTRA_GOTALAND = NAMES.split(",")
LABELS = {
    "kvotflykting": "Kvotflyktingar",
    "anlaggningsboende": "Från anläggningsboende",
    "eget_boende": "Från eget boende",
    "anhoriga": "Anhöriga",
    "ovriga": "Övriga",
}


def comparison(rows: list[tuple[Any, ...]] = VASTERBOTTEN) -> pd.DataFrame:
    columns = ["kommunkod", "kommun", "andelstal", "expected_low", "expected_high", "utfall"]
    frame = pd.DataFrame(rows, columns=columns)
    whole = {name: "Int64" for name in ("expected_low", "expected_high", "utfall")}
    return frame.assign(expected=1.5 * frame["andelstal"]).astype(whole)


def forty_nine() -> pd.DataFrame:
    return comparison(
        [(f"14{n:02}", name, 2.0, 3, 3, None) for n, name in enumerate(VASTRA_GOTALAND)]
    )


def scenarios(forecasts: tuple[int, ...]) -> pd.DataFrame:
    parts = [comparison().assign(prognos=forecast) for forecast in forecasts]
    return pd.concat(parts, ignore_index=True)


def split(outcome: float | None = 37.0) -> pd.DataFrame:
    labels = ["Förväntat", "Prognosens fel", "Andelen av dem som kom", "Avvikelse", "Utfall"]
    values = [46.89, -17.38, 29.51, None if outcome is None else outcome - 29.51, outcome]
    kinds = ["level", "step", "level", "step", "level"]
    return pd.DataFrame({"label": labels, "value": values, "kind": kinds})


def lanstal() -> pd.DataFrame:
    rows = [
        (2017, "SFS 2016:874", 987, 30600, 32.25),
        (2020, "SFS 2019:599", 279, 7100, 39.3),
        (2021, None, None, None, None),
        (2022, "SFS 2021:870", 261, 7500, 34.8),
    ]
    frame = pd.DataFrame(rows, columns=["ar", "beslut", "lanstal", "national", "share_promille"])
    return frame.astype({"lanstal": "Int64", "national": "Int64"}).assign(harledd=False)


def reception() -> tuple[pd.DataFrame, pd.DataFrame]:
    received = pd.DataFrame(
        {"ar": range(2014, 2019), "antal": pd.array([None, 1027, 1207, None, 1164], "Int64")}
    )
    received = received.assign(measure=["mottagna", "unnamed", "unnamed", "mottagna", "mottagna"])
    national = pd.DataFrame(
        {
            "ar": range(2014, 2019),
            "asylsokande": [81301, 162877, 28939, 25666, 21502],
            "ensamkommande": [7049, 35369, 2199, 1336, 944],
        }
    )
    return received, national


def composition() -> pd.DataFrame:
    shares = {
        "Umeå": [0.13, 0.32, 0.16, 0.30, 0.09],
        "Sorsele": [np.nan] * 5,
        "Riket": [0.11, 0.25, 0.18, 0.37, 0.09],
    }
    rows = [
        (unit, kategori, LABELS[kategori], 1000 * share, share)
        for unit, parts in shares.items()
        for kategori, share in zip(LABELS, parts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["unit", "kategori", "label", "antal", "share"])


def per_capita() -> pd.DataFrame:
    rows = [
        ("Dorotea", "2425", "kommun", 10.5),
        ("Umeå", "2480", "kommun", 3.2),
        ("Malå", "2418", "kommun", None),
        ("Västerbottens län", None, "lan", 4.3),
        ("Riket", None, "riket", 4.3),
    ]
    return pd.DataFrame(rows, columns=["unit", "kommunkod", "level", "per_1000"])


def coverage() -> pd.DataFrame:
    rows = [
        ("Folkmängd", 2017, 1.0),
        ("Folkmängd", 2018, 1.0),
        ("Länstal", 2018, 1.0),
        ("Länstal", 2020, 0.01),
    ]
    return pd.DataFrame(rows, columns=["label", "ar", "share"])


def kommuntal() -> pd.DataFrame:
    rows = [("2480", "Umeå", 187, 187), ("2421", "Storuman", 30, 25), ("2418", "Malå", None, None)]
    frame = pd.DataFrame(
        rows, columns=["kommunkod", "kommun", "kommuntal", "mottagna_efter_anvisning"]
    )
    return frame.astype({"kommuntal": "Int64", "mottagna_efter_anvisning": "Int64"}).assign(
        harledd=False
    )


def placed(high: int = 26) -> pd.DataFrame:
    """Västerbotten 2018 at 1 500 children, with intervals of the tests' own."""
    plan = {
        "andelstal_before": lambda frame: frame["andelstal"],
        "placed_low": 1,
        "placed_high": 2,
        "load": 2,
        "places": None,
    }
    return comparison().assign(
        low=0, half_low=2, half_high=3, high=high, overflow_forecast=None, **plan
    )


def compared(*names: str) -> pd.DataFrame:
    """Scenarios of Västerbotten, each with a child more than the one before."""
    return pd.concat(
        [placed(26 + n).assign(scenario=name, placed_high=2 + n) for n, name in enumerate(names)]
    )


def forecasts() -> pd.DataFrame:
    rows = [
        (2015, None, 29000, 40000, 35369, "2015-10-22", "official"),
        (2016, 18000, 12000, 27000, 2199, "2016-02-04", "press"),
        (2018, 1500, None, None, 944, "2018-07", "official"),
        (2018, 2900, None, None, 944, "2016", "derived"),
        (2021, 700, None, None, None, "2020-10", "press"),
    ]
    columns = ["ar", "prognos", "low", "high", "actual", "prognosdatum", "stated"]
    return pd.DataFrame(rows, columns=columns)


Drawing = tuple[Callable[[Any, Language], object], tuple[float, float], tuple[float, ...]]


def gallery() -> dict[str, Drawing]:
    received, national = reception()
    simple: dict[str, tuple[Callable[..., Any], Callable[..., Any], pd.DataFrame]] = {
        "outcome": (figures.draw_outcome, figures.size_outcome, comparison()),
        "outcome of 49": (figures.draw_outcome, figures.size_outcome, forty_nine()),
        "outcome of one": (
            figures.draw_outcome,
            figures.size_outcome,
            comparison(VASTERBOTTEN[12:13]),
        ),
        "two scenarios": (figures.draw_scenarios, figures.size_scenarios, scenarios((1500, 2300))),
        "six scenarios": (
            figures.draw_scenarios,
            figures.size_scenarios,
            scenarios((500, 1000, 1500, 2300, 2900, 8000)),
        ),
        "split": (figures.draw_split, figures.size_split, split()),
        "lanstal": (figures.draw_lanstal, figures.size_lanstal, lanstal()),
        "composition": (figures.draw_composition, figures.size_composition, composition()),
        "per capita": (figures.draw_per_capita, figures.size_per_capita, per_capita()),
        "coverage": (figures.draw_coverage, figures.size_coverage, coverage()),
        "kommuntal": (figures.draw_kommuntal, figures.size_kommuntal, kommuntal()),
        "placement": (figures.draw_placement, figures.size_placement, placed()),
        "wide placement": (figures.draw_placement, figures.size_placement, placed(4000)),
        "placement without draws": (
            figures.draw_placement,
            figures.size_placement,
            placed().assign(low=None),
        ),
        "plan": (figures.draw_plan, figures.size_plan, placed()),
        "capacity": (figures.draw_capacity, figures.size_capacity, placed()),
        "two compared": (figures.draw_compared, figures.size_compared, compared("1", "2")),
        "six compared": (
            figures.draw_compared,
            figures.size_compared,
            compared("12 " * 20, *"34567"),
        ),
        "forecasts": (figures.draw_record, figures.size_record, forecasts()),
    }
    drawings: dict[str, Drawing] = {
        name: (
            lambda ax, words, draw=draw, frame=frame: draw(frame, ax, words),
            size(frame),
            (1.0,),
        )
        for name, (draw, size, frame) in simple.items()
    }
    drawings["reception"] = (
        lambda axes, words: figures.draw_reception(received, national, axes, words),
        figures.size_reception(received),
        figures.PANELS_RECEPTION,
    )
    return drawings


GALLERY = gallery()


def composed(name: str, words: Language = SV) -> Figure:
    draw, size, panels = GALLERY[name]
    return figures.compose(lambda axes: draw(axes, words), *size, panels=panels)


def rendered(name: str, words: Language = SV, width: float | None = None) -> str:
    draw, size, panels = GALLERY[name]
    wide = min(width or size[0], size[0])
    return figures.render_svg(lambda axes: draw(axes, words), wide, size[1], panels=panels)


SHEETS = {"wide": WIDTH, "narrow": NARROW}
SHOWN = {"wide": 704 - 56, "narrow": 320 - 32}  # CSS pixels at least


def drawn(draw: Callable[..., Axes], frame: pd.DataFrame, **options: object) -> Axes:
    return figures.compose(lambda ax: draw(frame, ax, SV, **options), 6.4, 5).axes[0]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", GALLERY)
def test_words_lie_inside_the_canvas_apart_and_no_smaller_than_12_pixels_as_shown(name, sheet):
    svg = rendered(name, width=SHEETS[sheet])
    assert (outside(svg), clashes(svg)) == ([], [])
    wide = float(ET.fromstring(svg).attrib["viewBox"].split()[2])
    sizes = [float(size) for size in re.findall(r"font-size='(\d+)'", svg)]
    assert min(sizes) * SHOWN[sheet] / wide >= 12


def test_the_49_names_of_vastra_gotaland_stand_whole_and_apart():
    found = [word for word in words_in(rendered("outcome of 49")) if word.text in VASTRA_GOTALAND]
    assert len(found) == 49
    assert not any(one.box.overlaps(other.box) for one, other in combinations(found, 2))


def test_a_missing_outcome_draws_no_dot_and_says_so():
    rows = [(*row[:-1], None if row[1] == "Umeå" else row[-1]) for row in VASTERBOTTEN]
    ax = drawn(figures.draw_outcome, comparison(rows))
    assert sorted(dots(ax)[:, 1]) == [row for row in range(15) if row != 12]
    assert written(ax).count("uppgift saknas") == 1


def test_an_outcome_of_zero_is_a_dot_at_zero():
    ax = drawn(figures.draw_outcome, comparison())
    assert [row for x, row in dots(ax) if x == 0] == [0, 2, 7]
    assert "uppgift saknas" not in written(ax)


def test_the_dots_stand_at_the_published_outcomes():
    assert dots(drawn(figures.draw_outcome, comparison()))[:, 0].sum() == 37


def test_an_interval_of_one_number_is_widened_by_a_quarter():
    ax = drawn(figures.draw_outcome, comparison(VASTERBOTTEN[12:13]))
    assert [(box.x, box.wide) for box in boxes(ax)] == [(17.75, 0.5)]


def test_a_drawing_of_very_many_cases_has_their_middle_half_and_reaches_their_ends(monkeypatch):
    cases = pd.DataFrame({"Umeå": np.arange(40_001) % 4001 // 100, "Malå": np.arange(40_001) // 3})
    inner, ends = {"Umeå": (10, 30), "Malå": (3333, 10_000)}, cases.agg(["min", "max"])
    for most in (101, len(cases)):
        monkeypatch.setattr(placement, "MOST_CASES", most)
        ax = drawn(placement.draw_draws, cases)
        for name, boxed in zip(cases, ax.collections, strict=True):
            found = sorted(path.get_extents().intervalx.tolist() for path in boxed.get_paths())
            assert [found[0][0], max(end for _, end in found)] == ends[name].tolist()
            low, high = inner[name]
            near = 0.02 * float(ends[name]["max"])
            assert [box for box in found if box == pytest.approx([low, high], abs=near)]


def test_highlight_mutes_the_other_municipalities():
    ax = drawn(figures.draw_outcome, comparison(), highlight="2480")
    assert [word.text for word in words_of(ax).words if word.bold] == ["Umeå", "18", "11"]
    assert {box.colour for box in boxes(ax)} == {style.EXPECTED, style.MUTED}


def test_the_split_writes_levels_plainly_and_steps_with_their_sign():
    words = written(composed("split"))
    assert {"46,9", "−17,4", "29,5", "+7,5", "37"} <= set(words)


def test_a_split_without_outcome_leaves_two_empty_slots():
    ax = drawn(figures.draw_split, split(None))
    assert written(ax).count("uppgift saknas") == 2
    assert len(boxes(ax)) == 3


def test_every_forecast_has_its_own_marker_and_lightness():
    ax = drawn(figures.draw_scenarios, scenarios((500, 1000, 1500, 2300, 2900, 8000)))
    lines = [line for line in ax.lines if line.get_marker() != TICKDOWN]
    assert len({line.get_marker() for line in lines}) == 6
    ladder = [style.luminance(str(line.get_color())) for line in lines]
    assert all(high > 1.25 * low + 0.005 for high, low in pairwise(ladder))
    assert "Prognos 2\u00a0300 barn" in written(ax)


def test_compared_scenarios_have_a_lane_each_and_mark_the_rule_beside_the_estimate():
    frame = compared("1", "2")
    ax = drawn(figures.draw_compared, frame)
    least, most, second_least, second_most = marks(ax)
    assert [set(found[:, 0]) for found in (least, most, second_least, second_most)] == [
        {1},
        {2},
        {1},
        {3},
    ]
    assert (least[:, 1] == most[:, 1]).all()
    assert (most[:, 1] < second_most[:, 1]).all()
    lines = segments(ax)
    assert {(0, 26), (0, 27)} <= {tuple(line[:, 0]) for line in lines}
    assert sorted(frame["expected"])[-1] in lines[:, :, 0]


def test_a_municipality_that_one_of_the_compared_scenarios_lacks_says_so():
    ax = drawn(figures.draw_compared, compared("1", "2").iloc[:-1])
    assert written(ax).count("uppgift saknas") == 1
    # the rule's least and most of each
    assert [len(found) for found in marks(ax)] == [15, 15, 14, 14]


def test_a_year_without_a_county_list_is_an_empty_slot():
    ax = drawn(figures.draw_lanstal, lanstal())
    assert written(ax).count("uppgift saknas") == 1
    assert sorted(box.wide for box in boxes(ax)) == [261, 279, 987]
    assert names(ax)[2] == "2021"


def test_missing_years_in_a_row_are_one_band_with_a_word_and_never_a_bar():
    received, national = reception()
    received.loc[len(received)] = [2019, None, "mottagna"]
    received.loc[len(received)] = [2020, None, "mottagna"]
    _, size, panels = GALLERY["reception"]
    figure = figures.compose(
        lambda axes: figures.draw_reception(received, national, axes, SV), *size, panels=panels
    )
    assert sorted(bar.tall for bar in boxes(figure.axes[0])) == [1027, 1164, 1207]
    assert written(figure.axes[0]).count("saknas") == 3
    assert {"2014", "2017", "2018", "2019–20"} <= set(written(figure.axes[0]))


def test_years_of_a_measure_that_is_not_named_are_open_and_parted_by_a_line_and_a_word():
    figure = composed("reception")
    assert [box.tall for box in boxes(figure.axes[0]) if box.colour != style.RECEIVED] == [
        1027,
        1207,
    ]
    assert {"2015\nokänt\nmått", "2016\nokänt\nmått", "2018"} <= set(written(figure.axes[0]))
    assert [[2.5, 0.0], [2.5, 1.0]] in segments(figure.axes[0]).tolist()


def test_years_of_one_measure_are_not_parted():
    received, national = reception()
    of_one = received.assign(measure="mottagna")
    _, size, panels = GALLERY["reception"]
    figure = figures.compose(
        lambda axes: figures.draw_reception(of_one, national, axes, SV), *size, panels=panels
    )
    assert {box.colour for box in boxes(figure.axes[0])} == {style.RECEIVED}
    assert not any(line[0][0] == line[1][0] == 2.5 for line in segments(figure.axes[0]).tolist())


def test_what_a_panel_knows_is_told_though_another_does_not():
    figure = composed("reception")
    assert {"162\u00a0877", "35\u00a0369", "944"} <= set(written(figure))


def test_a_unit_without_data_is_an_empty_slot_over_its_row():
    ax = drawn(figures.draw_composition, composition())
    assert [slot.y + slot.tall / 2 for slot in boxes(ax, "slots")] == [1]
    assert "uppgift saknas" in written(ax)


def test_a_number_that_has_no_room_in_its_segment_stands_beside_the_bar():
    frame = composition()
    frame.loc[frame["unit"] == "Umeå", "share"] = [0.02, 0.11, 0.27, 0.30, 0.30]
    ax = drawn(figures.draw_composition, frame)
    beside = [word for word in words_of(ax).words if word.text.startswith("■")]
    assert "11\u00a0%" in written(ax)
    assert next((word.text, word.at[1]) for word in beside) == ("■ 2\u00a0%", 0)
    assert {"Umeå (1\u00a0000)", "Sorsele"} <= set(written(ax))


def test_county_and_nation_are_lines_with_their_names():
    assert "Västerbottens län och riket 4,3" in written(composed("per capita"))
    apart = per_capita().assign(per_1000=[10.5, 3.2, None, 4.3, 5.0])
    words = written(drawn(figures.draw_per_capita, apart))
    assert {"Västerbottens län 4,3", "Riket 5,0"} <= set(words)


def test_coverage_leaves_a_slot_for_a_year_no_row_speaks_of():
    ax = drawn(figures.draw_coverage, coverage())
    assert (len(boxes(ax)), len(boxes(ax, "slots"))) == (4, 5)


def test_a_little_known_is_seen_but_is_not_a_whole_square():
    tall = sorted({round(box.tall, 3) for box in boxes(drawn(figures.draw_coverage, coverage()))})
    assert len(tall) == 2
    assert 0.05 < tall[0] < tall[1] / 2


def test_a_derived_kommuntal_says_so_beside_its_bar():
    frame = kommuntal()
    frame = frame.assign(harledd=frame.index == 0)
    marked = [word for word in written(drawn(figures.draw_kommuntal, frame)) if "(härlett)" in word]
    assert len(marked) == 1


def test_a_preliminary_outcome_says_so_in_the_key_and_over_the_numbers():
    for told in (False, True):
        words = written(drawn(figures.draw_outcome, comparison(), preliminary=told))
        assert ("Utfall, preliminärt" in words, "Utfall (prel.)" in words) == (told, told)


def test_an_unknown_kommuntal_has_neither_bar_nor_dot():
    ax = drawn(figures.draw_kommuntal, kommuntal())
    assert (len(boxes(ax)), len(dots(ax))) == (2, 2)
    assert written(ax).count("uppgift saknas") == 2


def test_what_came_stands_beside_each_year_that_was_forecast_and_unknown_is_a_word():
    words = written(composed("forecasts"))
    assert [words.count(came) for came in ("35\u00a0369", "2\u00a0199", "944")] == [1, 1, 1]
    assert words.count("saknas") == 1


def test_each_forecast_is_a_line_from_its_number_to_what_came_at_the_years_end():
    """1 500 of July 2018 begins in the middle of July, and ends at 944 where the year does; an
    interval alone and a year whose outcome is not known have no line.
    """
    ax = drawn(figures.draw_record, forecasts())
    lines = sorted(line for artist in ax.get_children() for line in ends_of(artist))
    assert [line[::2] for line in lines] == [(1500, 944), (2900, 944), (18000, 2199)]
    begins = [2018 + 6.5 / 12, 2016.5, 2016 + (1 + 3 / 31) / 12]
    assert [line[1] for line in lines] == pytest.approx([at - 2015.5 for at in begins])
    assert [line[3] for line in lines] == [3.5, 3.5, 1.5]


def ends_of(artist: object) -> list[tuple[float, float, float, float]]:
    """The lines from a forecast to an outcome that an artist draws: those that are not level."""
    if not isinstance(artist, PathPatch) or artist.get_gid() != "strokes":
        return []
    corners = artist.get_path().vertices.reshape(-1, 4).tolist()
    return [tuple(line) for line in corners if line[0] != line[2] and line[1] != line[3]]


@pytest.mark.parametrize(
    "draw",
    [
        figures.draw_compared,
        figures.draw_outcome,
        figures.draw_scenarios,
        figures.draw_lanstal,
        figures.draw_record,
    ],
)
def test_a_frame_without_rows_becomes_one_empty_slot(draw):
    empty = pd.concat([comparison(), lanstal(), forecasts(), scenarios((1,))]).iloc[:0]
    assert written(drawn(draw, empty)) == ["uppgift saknas"]


class Marked(Language):
    """English in whose texts every translated word can be seen."""

    def __init__(self) -> None:
        super().__init__("en")

    def t(self, text: str, **values: str) -> str:
        return f"<{text}>".format(**values)


@pytest.mark.parametrize("name", GALLERY)
def test_english_words_give_english_labels(name):
    ours = {value for frame in (split(), composition()) for value in frame["label"]} | set(
        VASTRA_GOTALAND
    )
    ours |= {"Folkmängd", "Västerbottens län and Riket 4.3"} | {row[1] for row in VASTERBOTTEN}
    given = {" ".join(text.split()) for text in written(composed(name, Marked()))}
    untranslated = {
        text
        for text in given
        if re.search("[a-zåäö]{3}", text.replace("SFS", "")) and "<" not in text
    }
    assert untranslated - ours - {"Umeå", "Sorsele", "Riket", "Länstal"} == set()
    assert not any(re.search(r"\d,\d\b", text) for text in given)


def test_numbers_follow_the_language():
    assert "162,877" in written(composed("reception", Marked()))


SCRIPT = """
from helpers.present.language import Language
from helpers.present import figures
import pandas as pd, sys
frame = pd.DataFrame({"kommunkod": ["2480", "2418"], "kommun": ["Umeå", "Malå"], "expected_low": [18, 1],
                      "expected_high": [18, 2], "utfall": pd.array([11, None], "Int64")})
svg = figures.render_svg(lambda ax: figures.draw_outcome(frame, ax, Language("sv")), 6.4, 2)
assert "matplotlib.pyplot" not in sys.modules
sys.stdout.buffer.write(svg.encode())
"""


def test_the_same_frame_gives_the_same_bytes_under_another_seed_rc_file_and_locale(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\nsvg.hashsalt: other\naxes.facecolor: red\n"
    )
    worlds = [
        {"PYTHONHASHSEED": "1"},
        {
            "PYTHONHASHSEED": "2",
            "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
            "LC_ALL": "C",
            "TZ": "Asia/Tokyo",
        },
    ]
    pages = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env=os.environ | world, capture_output=True, check=True
        ).stdout
        for world in worlds
    ]
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"<svg ")


@pytest.mark.parametrize("name", GALLERY)
def test_the_file_is_lean_well_formed_and_carries_nothing_but_the_drawing(name):
    svg = rendered(name)
    assert len(svg.encode()) <= (22_000 if name in ("outcome of 49", "six compared") else 16_000)
    assert not re.search(r"<script|<\?xml|<!DOCTYPE|<!--|<metadata|<style|xlink|href|\n", svg)
    root = ET.fromstring(svg)
    defined = [element.get("id") for element in root.iter() if element.get("id")]
    pointed = {hit for hit in re.findall(r"url\(#([A-Za-z]+)", svg)}
    assert len(defined) == len(set(defined))
    assert pointed <= set(defined)


def test_a_name_that_holds_markup_is_drawn_as_text():
    name = "<script>alert('1')</script> $x$ --> & \"7\""
    frame = comparison([("2480", name, 1.0, 1, 2, None)])
    svg = figures.render_svg(lambda ax: figures.draw_outcome(frame, ax, SV), 9, 2)
    assert "<script" not in svg
    assert name in [word.text for word in words_in(svg)]


@pytest.mark.parametrize(("name", "seen"), [("Ume\x0bå", "Ume\\u000bå"), ("漢字😀", "漢字😀")])
def test_a_name_in_letters_that_the_font_or_xml_lacks_leaves_the_drawing_whole(name, seen):
    frame = comparison([("2480", name, 1.0, 1, 2, None)])
    svg = figures.render_svg(lambda ax: figures.draw_outcome(frame, ax, SV), 6.4, 2)
    assert seen in [word.text for word in words_in(svg)]


def test_a_text_says_how_wide_it_was_measured_so_that_another_font_cannot_cut_it():
    svg = rendered("outcome")
    (umea,) = (text for text in ET.fromstring(svg).iter(f"{SVG}text") if text.text == "Umeå")
    assert umea.get("textLength") == "308"
    assert svg.count("<text") == svg.count("textLength=")


def test_matplotlibs_own_words_are_as_wide_as_ours():
    font = FontProperties(family="DejaVu Sans", size=100)
    for text in ("Umeå", "1\u00a0164", "−17,4 ‰", "Västra Götalands län"):
        own, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
        assert text_width(text, 100) == pytest.approx(own, rel=0.02)


THEMES = ("light", "dark")


def inks(theme: str) -> dict[str, str]:
    return {ink.name: getattr(ink, theme) for ink in style.PALETTE}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_every_mark_and_every_ink_stands_out_from_what_it_stands_on(ground, theme):
    inked = inks(theme)
    least = [(name, 3.0) for name in style.MARKS] + [(name, 4.5) for name in style.INKS]
    assert [
        name for name, ratio in least if style.contrast(inked[name], inked[ground]) < ratio
    ] == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_number_on_a_category_is_read_as_well_as_text_on_paper(theme):
    inked = inks(theme)
    fills = [ink.name for ink in style.PALETTE if ink.light in style.CATEGORIES]
    assert min(style.contrast(inked[name], inked["paper"]) for name in fills) >= 4.5


def test_a_colour_is_one_concept_and_a_page_knows_each_by_its_name():
    names, codes = zip(*((ink.name, ink.light) for ink in style.PALETTE), strict=True)
    assert len(set(names)) == len(set(codes)) == len(names)
    sheet = style.style_sheet()
    assert [name for name in names if sheet.count(f"--{name}:") != 2] == []
    assert "screen and (prefers-color-scheme:dark)" in sheet  # paper is white, whatever the screen


@pytest.mark.parametrize("theme", THEMES)
def test_neighbours_in_the_ramp_of_a_map_differ_in_lightness(theme):
    ladder = [style.luminance(inks(theme)[f"k{number}"]) for number in range(1, 6)]
    assert all(max(pair) > 1.4 * min(pair) for pair in pairwise(ladder))


def test_contrast_is_measured_as_wcag_does():
    assert style.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert style.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_a_figure_neither_reads_nor_saves_nor_needs_a_display():
    for file in resources.files("helpers.present.figures").iterdir():
        if not file.name.endswith(".py"):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {"matplotlib.pyplot", "pathlib", "os"} & names, file.name
