"""What the warm process makes ready that only one report of many needs, and that must be made elsewhere."""

from helpers.sources import borders
from helpers.warm.apart import apart


def outlines() -> None:
    """Keep the municipalities' outlines; they are read in a process apart, whose threads and libraries end with it."""
    for tolerance, found in apart(_outlines).items():
        borders.keep(tolerance, found)


def _outlines() -> dict[float, borders.Rings]:
    return {tolerance: borders.rings(tolerance) for tolerance in (borders.TOLERANCE, borders.FINE)}
