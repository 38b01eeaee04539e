"""Published tables become validated, tidy frames: text codes, known units, unknown kept blank.

Takes text frames, gives one frozen `Workbook` of typed frames, or every fault at once; never holds
a formula.
"""

from helpers.sources.fingerprints import fingerprints
from helpers.tables.detailed import detail
from helpers.tables.places import Place
from helpers.tables.questions import values_of
from helpers.tables.tidying import refresh_tidy, tidy_columns, write_tidy
from helpers.tables.workbook import Workbook, load

__all__ = [
    "Place",
    "Workbook",
    "detail",
    "fingerprints",
    "load",
    "refresh_tidy",
    "tidy_columns",
    "values_of",
    "write_tidy",
]
