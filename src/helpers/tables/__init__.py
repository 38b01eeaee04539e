"""Published tables become validated, tidy frames: text codes, known units, unknown kept blank.

Takes text frames, gives one frozen `Workbook` of typed frames, or every fault at once; never holds
a formula.

What a report reads is noted where it is taken: a whole table (`data.prognoser`) notes the published
tables that it is declared to be made of, `data.rows(...)` only the rows that are asked for, and
`ask(data, ...)` only its answer. The notes lie in `data.catalogue` and are the report's record, by
which it is made again or kept. `data.with_own_record()` gives the same tables with notes of their
own, `data.without_noting(part)` the same where a part is not noted.
"""

from helpers.sources.freshness import fingerprints
from helpers.tables.detailed import detail
from helpers.tables.export import refresh_tidy, tidy_columns, write_tidy
from helpers.tables.places import Place
from helpers.tables.questions import values_of
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
