"""What the pages say, topic by topic: results in; sentences, tables and figures out."""

from helpers.present.topics import (
    assumptions,
    difference,
    evenness,
    expectation,
    forecasts,
    maps,
    nation,
    printed,
    quotas,
    reception,
    scenarios,
    sources,
)

__all__ = [
    "assumptions",
    "difference",
    "evenness",
    "expectation",
    "forecasts",
    "maps",
    "nation",
    "printed",
    "quotas",
    "reception",
    "scenarios",
    "sources",
]
