"""What is worked out from the tables for a place and a year: scenarios, divisions, the ledger, what
is in hand.

Takes a `Workbook`, gives frames and the model's results; never words anything.
"""

from helpers.cases.division import divide_next, quota_history
from helpers.cases.estimates import (
    checked,
    estimate_basis,
    latest_shares,
    shares_counted,
)
from helpers.cases.ledger import conflicts, coverage, ledger, newest_year, printed_table, status
from helpers.cases.overview import (
    Received,
    counties_outcome,
    counties_placed,
    counties_received,
)
from helpers.cases.own_words import own_indicators, own_words, questions_to_all
from helpers.cases.preload import hold, preload
from helpers.cases.received import composition, nearest, per_capita
from helpers.cases.report_scenario import held_before, suppose
from helpers.cases.scenarios import brings

__all__ = [
    "Received",
    "brings",
    "checked",
    "composition",
    "conflicts",
    "counties_outcome",
    "counties_placed",
    "counties_received",
    "coverage",
    "divide_next",
    "estimate_basis",
    "held_before",
    "hold",
    "latest_shares",
    "ledger",
    "nearest",
    "newest_year",
    "own_indicators",
    "own_words",
    "per_capita",
    "preload",
    "printed_table",
    "questions_to_all",
    "quota_history",
    "shares_counted",
    "status",
    "suppose",
]
