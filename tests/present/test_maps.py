"""The map and the figures of spread: right for a reader, small, and the same bytes every time."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from helpers.model import nation
from helpers.present import figures, open_page, style, topics
from helpers.present.figures import rates as rates_drawn
from helpers.present.figures import spread
from helpers.present.figures.scales import TICKDOWN
from helpers.present.language import Language
from helpers.sources import borders
from tests.present.reading import clashes, dots, names, outside, written

SV = Language("sv")
LARGEST = 60_000  # bytes of the map's SVG
YEARS = range(2008, 2019)


@pytest.fixture(scope="module")
def rates(workbook) -> pd.DataFrame:
    frame = nation.municipal_rates(workbook.mottagna, workbook.folkmangd, workbook.kommuner, 2018)
    breaks = nation.class_breaks(frame["per_1000"])
    return frame.assign(klass=nation.classed(frame["per_1000"], breaks)).merge(
        workbook.lan, on="lanskod"
    )


@pytest.fixture(scope="module")
def outlines(workbook) -> borders.Outlines:
    return borders.municipality_outlines(workbook.kommuner["kommunkod"])


@pytest.fixture(scope="module")
def details(workbook) -> borders.Outlines:
    return borders.municipality_outlines(workbook.kommuner["kommunkod"], borders.FINE)


@pytest.fixture(scope="module")
def drawings(workbook, rates, outlines, details):
    breaks = nation.class_breaks(rates["per_1000"])
    counties = nation.county_rates(rates, workbook.lan)
    shares = nation.share_against_population(counties)
    percents = {
        "received_percent": "received_share",
        "people_percent": "people_share",
        "points": "difference",
    }
    shares = shares.assign(**{name: shares[share] * 100 for name, share in percents.items()})
    quotas = nation.quota_rates(workbook.lanstal, counties, 2018)
    curves = nation.lorenz_by_year(workbook.mottagna, workbook.folkmangd, workbook.kommuner, YEARS)
    curves = curves.assign(unnamed=curves["tabell"] == "kommunmottagna_2015_2016")
    partly = rates.assign(klass=rates["klass"].mask(rates["kommunkod"] == "2463"))
    return {
        "map": (
            lambda ax: rates_drawn.draw_map(rates, outlines, details, breaks, ax, SV),
            rates_drawn.size_map(rates),
        ),
        "partly": (
            lambda ax: rates_drawn.draw_map(partly, outlines, details, breaks, ax, SV),
            rates_drawn.size_map(partly),
        ),
        "spread": (lambda ax: spread.draw_spread(rates, ax, SV), spread.size_spread(rates)),
        "rates": (
            lambda ax: rates_drawn.draw_rates(quotas, ax, SV, "Länstal"),
            rates_drawn.size_rates(quotas),
        ),
        "shares": (lambda ax: spread.draw_shares(shares, ax, SV), spread.size_shares(shares)),
        "lorenz": (lambda ax: spread.draw_lorenz(curves, ax, SV), spread.size_lorenz(curves)),
    }


NAMES = ("map", "partly", "spread", "rates", "shares", "lorenz")


def composed(drawings, name: str) -> Figure:
    draw, size = drawings[name]
    return figures.compose(draw, *size)


def looks(figure: Figure) -> dict[str, int]:
    """How many closed rings are drawn in each colour; the hatched stand under "hatched"."""
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    found: dict[str, int] = {}
    for patch in patches:
        name = "hatched" if patch.get_hatch() else matplotlib.colors.to_hex(patch.get_facecolor())
        found[name] = found.get(name, 0) + int((patch.get_path().codes == 1).sum())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_word_lies_inside_the_canvas_and_covers_no_other(drawings, name):
    draw, size = drawings[name]
    svg = figures.render_svg(draw, *size)
    assert (outside(svg), clashes(svg)) == ([], [])


def test_the_map_is_small_enough_to_send(drawings):
    draw, size = drawings["map"]
    svg = figures.render_svg(draw, *size)
    assert len(svg.encode()) <= LARGEST
    assert ET.fromstring(svg).tag.endswith("svg")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_figures_give_the_same_bytes(drawings, name):
    draw, size = drawings[name]
    np.random.seed(1)
    first = figures.render_svg(draw, *size)
    np.random.seed(2)
    assert figures.render_svg(draw, *size) == first


def test_every_municipality_is_drawn_in_the_colour_of_its_class(drawings, rates, outlines):
    drawn = looks(composed(drawings, "map"))
    inset = {lanskod for lanskod, _ in rates_drawn.INSETS}
    for number, colour in enumerate(rates_drawn.RAMP):
        rows = rates[rates["klass"] == number]
        again = rows[rows["lanskod"].isin(inset)]
        least = len(rows) + len(again)  # a municipality has one ring at least, and its islets more
        most = sum(len(outlines[kod]) for kod in (*rows["kommunkod"], *again["kommunkod"])) + 8
        assert least <= drawn[colour] <= most
    assert "hatched" not in drawn


def test_a_municipality_without_data_is_hatched_and_the_legend_says_so(drawings):
    figure = composed(drawings, "partly")
    assert looks(figure)["hatched"] == 1
    assert "uppgift saknas (1 kommun)" in written(figure)


def test_the_legend_says_each_class_in_words_and_numbers(drawings):
    said = [text for text in written(composed(drawings, "map")) if "kommuner" in text]
    assert said == [
        "6,5 eller mer (51 kommuner)",
        "5 till under 6,5 (56 kommuner)",
        "4 till under 5 (91 kommuner)",
        "3,5 till under 4 (52 kommuner)",
        "under 3,5 (40 kommuner)",
    ]


def test_neighbours_in_the_ramp_differ_in_lightness():
    ladder = [style.luminance(colour) for colour in rates_drawn.RAMP]
    assert all(light > 1.4 * dark for light, dark in pairwise(ladder))
    assert style.contrast(rates_drawn.EDGE, style.WHITE) >= 3
    assert all(len(set(rates_drawn.ramp(count))) == count for count in range(1, 6))


def test_corners_snap_to_the_same_grid_for_both_neighbours():
    sheet = rates_drawn.Sheet(np.array([100.0, 200.0]), (4.0, 4.0), rates_drawn.DESK.scale)
    border = np.array(
        [[1000.0, 5000.0], [1001.0, 5001.0], [90_000.0, 5000.0], [90_000.0, 80_000.0]]
    )
    placed, mirrored = sheet.place(border), sheet.place(border[::-1])
    assert len(placed) == 3
    assert {tuple(point) for point in placed} == {tuple(point) for point in mirrored}


def test_the_map_is_undistorted_and_has_north_up(drawings, outlines):
    (west, south), (east, north) = rates_drawn.bounds(outlines, outlines)
    figure = composed(drawings, "map")
    box = figure.axes[0].get_window_extent()
    left, right = figure.axes[0].get_xlim()
    assert box.width / (right - left) == pytest.approx(
        box.height / np.ptp(figure.axes[0].get_ylim())
    )
    assert (north - south) / rates_drawn.DESK.scale < box.height
    assert (east - west) / rates_drawn.DESK.scale < box.width / 2 + 30


def test_every_county_has_a_dot_per_municipality(drawings, rates):
    ax = composed(drawings, "spread").axes[0]
    assert len(dots(ax)) == 290
    assert sorted(dots(ax)[:, 0]) == pytest.approx(sorted(rates["per_1000"].astype(float)))
    assert names(ax) == list(rates["lan"].unique())


def test_the_curves_end_in_the_corners_and_the_evenest_is_straight(drawings):
    lines = [
        line for line in composed(drawings, "lorenz").axes[0].lines if line.get_marker() != TICKDOWN
    ]
    assert [line.get_label() for line in lines] == [
        "Helt jämnt",
        "2015, okänt mått",
        "2016, okänt mått",
        "2018",
    ]
    assert all((line.get_xdata()[-1], line.get_ydata()[-1]) == (1, 1) for line in lines)


def test_the_maps_table_has_every_municipality(workbook, rates, outlines, details):
    page = open_page("riket", workbook.country, 2018, "sv", workbook.catalogue)
    frame = rates.drop(columns=["klass", "lan", "lansbokstav"])
    html = page.show(*topics.spread.map_views(frame, workbook.lan, outlines, details, 2018)).html
    assert html.count('<th scope="row">') == 290


@pytest.mark.parametrize("ar", [2017, 2021])
def test_a_year_without_figures_is_told_as_a_gap_and_never_drawn(workbook, outlines, details, ar):
    rates = nation.municipal_rates(workbook.mottagna, workbook.folkmangd, workbook.kommuner, ar)
    counties = nation.county_rates(rates, workbook.lan)
    gini = nation.gini_by_year(workbook.mottagna, workbook.folkmangd, workbook.kommuner, [ar])
    views = [
        topics.nation.answer(counties, ar),
        *topics.nation.county_views(counties, ar),
        *topics.nation.municipality_views(rates, counties, ar),
        *topics.spread.map_views(rates, workbook.lan, outlines, details, ar),
        *topics.nation.share_views(nation.share_against_population(counties), ar),
        *topics.spread.evenness_views(gini, pd.DataFrame(), workbook.catalogue.tables),
    ]
    assert {view.tone for view in views} == {"gap"}
