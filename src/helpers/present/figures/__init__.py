"""Figures: a tidy frame and an Axes in, the Axes out; the canvas makes one SVG of it.

A figure is `draw_…` here, with `size_…` for how high it is; a `Figure` view of the topic that it
is about (`present/topics`) shows it, and a notebook's cell gives that to `page.show`. The cell's
tags say on which of a report's documents it stands (docs/architecture.md, "A section"). Topics
take figures from their own files; those named below may be drawn from anywhere.
"""

from helpers.present.figures.canvas import compose, render_svg
from helpers.present.figures.expectation import (
    draw_compared,
    draw_outcome,
    draw_scenarios,
    draw_split,
    size_compared,
    size_outcome,
    size_scenarios,
    size_split,
)
from helpers.present.figures.placement import (
    draw_capacity,
    draw_placement,
    draw_plan,
    size_capacity,
    size_placement,
    size_plan,
)
from helpers.present.figures.rates import draw_per_capita, size_per_capita
from helpers.present.figures.reception import (
    PANELS_RECEPTION,
    draw_kommuntal,
    draw_lanstal,
    draw_months,
    draw_reception,
    size_kommuntal,
    size_lanstal,
    size_months,
    size_reception,
)
from helpers.present.figures.sources import (
    draw_coverage,
    draw_record,
    size_coverage,
    size_record,
)
from helpers.present.figures.spread import draw_composition, size_composition

__all__ = [
    "PANELS_RECEPTION",
    "compose",
    "draw_capacity",
    "draw_compared",
    "draw_composition",
    "draw_coverage",
    "draw_kommuntal",
    "draw_lanstal",
    "draw_months",
    "draw_outcome",
    "draw_per_capita",
    "draw_placement",
    "draw_plan",
    "draw_reception",
    "draw_record",
    "draw_scenarios",
    "draw_split",
    "render_svg",
    "size_capacity",
    "size_compared",
    "size_composition",
    "size_coverage",
    "size_kommuntal",
    "size_lanstal",
    "size_months",
    "size_outcome",
    "size_per_capita",
    "size_placement",
    "size_plan",
    "size_reception",
    "size_record",
    "size_scenarios",
    "size_split",
]
