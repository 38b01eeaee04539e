"""Paths in the letters of an SVG: whole numbers, each corner told from the last one."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Transform

UNIT = 10  # of a drawing's numbers in a point
CIRCLE = np.asarray(Path.unit_circle().codes)
FEW = 4  # steps of a box

Points = list[list[int]]  # x and y of every corner, y downwards


def whole(points: Any) -> Points:
    """Give corners in points (n × 2) in the drawing's numbers."""
    numbers: Points = np.rint(np.asarray(points) * UNIT).astype(int).tolist()  # rounds: a place on the map
    return numbers


def outline(points: Points, codes: Any) -> str:
    """Write a path as steps from corner to corner, each as briefly as it can be.

    >>> outline([[10, 20], [10, 50], [60, 50], [60, 20], [10, 20]], np.array([1, 2, 2, 2, 79]))
    'M10 20v30h50v-30z'
    """
    kinds = [1] + [2] * (len(points) - 1) if codes is None else codes.tolist()
    parts: list[str] = []
    x = y = start_x = start_y = at = 0
    while at < len(points):
        kind, (to_x, to_y) = kinds[at], points[at]
        if kind == Path.MOVETO:
            parts.append(f"M{to_x} {to_y}")
            start_x, start_y = to_x, to_y
        elif kind == Path.CLOSEPOLY:
            parts.append("z")
            to_x, to_y = start_x, start_y
        elif kind == Path.LINETO:
            end = at + 1
            while end < len(points) and kinds[end] == Path.LINETO:
                end += 1
            parts.append(_steps(points[at - 1 : end]))
            (to_x, to_y), at = points[end - 1], end - 1
        else:  # a curve: its control points, then where it ends
            ends = points[at : at + kind - 1]
            parts.append("?qc"[kind - 2] + _pairs(n - o for end in ends for n, o in zip(end, (x, y), strict=True)))
            to_x, to_y = ends[-1]
            at += kind - 2
        x, y, at = to_x, to_y, at + 1
    return "".join(parts)


def _steps(points: Points) -> str:
    """Write straight steps: level and upright ones by their letters, where they are few."""
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points)]
    if len(steps) <= FEW and not all(x and y for x, y in steps):
        return "".join(
            (f"h{x}" if x else "") if not y else f"v{y}" if not x else f"l{_pairs((x, y))}" for x, y in steps
        )
    return "l" + _pairs(n for step in steps for n in step)


def _pairs(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers)).replace(" -", "-")


def mark(path: Path, transform: Transform) -> tuple[int, int, str]:
    """Give where a mark begins, beside its middle, and its outline from there; a circle is two arcs."""
    corners = whole(np.asarray(transform.transform(path.vertices)) * (1, -1))
    if path.codes is not None and np.array_equal(path.codes, CIRCLE):
        r = max(x for x, _ in corners)
        return -r, 0, f"a{r} {r} 0 1 0 {2 * r} 0 {r} {r} 0 1 0-{2 * r} 0z"
    x, y = corners[0]
    return x, y, outline(corners, path.codes).removeprefix(f"M{x} {y}")
