"""Published tables become validated, tidy frames: text codes, known units, unknown kept blank."""

from helpers.sources.fingerprints import fingerprints
from helpers.tables.detailed.reading import detail
from helpers.tables.dividing import divide_next
from helpers.tables.inventory import coverage, status
from helpers.tables.ledger import conflicts, ledger, printed_table
from helpers.tables.places import Place
from helpers.tables.preloading import preload
from helpers.tables.questions import values_of
from helpers.tables.received import composition, per_capita
from helpers.tables.supposing import held_before, suppose
from helpers.tables.tidying import refresh_tidy, tidy_columns, write_tidy
from helpers.tables.workbook import Workbook, load

__all__ = [
    "Place",
    "Workbook",
    "composition",
    "conflicts",
    "coverage",
    "detail",
    "divide_next",
    "fingerprints",
    "held_before",
    "ledger",
    "load",
    "per_capita",
    "preload",
    "printed_table",
    "refresh_tidy",
    "status",
    "suppose",
    "tidy_columns",
    "values_of",
    "write_tidy",
]
