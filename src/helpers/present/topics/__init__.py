"""What the pages say, topic by topic: results in; sentences, tables and figures out."""

from helpers.present.topics import (
    assumptions,
    difference,
    expectation,
    forecasts,
    months,
    nation,
    place,
    quotas,
    reception,
    scenarios,
    sources,
    spread,
    summary,
)

__all__ = [
    "assumptions",
    "difference",
    "expectation",
    "forecasts",
    "months",
    "nation",
    "place",
    "quotas",
    "reception",
    "scenarios",
    "sources",
    "spread",
    "summary",
]
