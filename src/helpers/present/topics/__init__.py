"""What the pages say, topic by topic: results in; sentences, tables and figures out."""

from helpers.present.topics import (
    assumptions,
    difference,
    estimates,
    expectation,
    forecasts,
    kommuntal,
    months,
    nation,
    quotas,
    reception,
    record,
    scenarios,
    sources,
    spread,
    together,
)

__all__ = [
    "assumptions",
    "difference",
    "estimates",
    "expectation",
    "forecasts",
    "kommuntal",
    "months",
    "nation",
    "quotas",
    "reception",
    "record",
    "scenarios",
    "sources",
    "spread",
    "together",
]
