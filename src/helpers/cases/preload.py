"""What is the same for every report of a run: made once, before the processes that make them are
forked.
"""

from helpers.cases.estimates import checked, nation_estimated
from helpers.cases.ledger import ledger
from helpers.cases.report_scenario import nation_held_before
from helpers.tables import parquet
from helpers.tables.reads import UNITS
from helpers.tables.workbook import Workbook, load


def preload(workbook: Workbook | None = None) -> None:
    """Keep all tables, and what follows from all, for processes forked from this one: their `load`
    reads nothing.

    Args:
        workbook: The tables, where they have been read.
    """
    workbook = workbook or load()
    for found in (ledger, nation_held_before, checked):
        found(workbook)
    for ar in range(workbook.rules.counted_from, int(workbook.folkmangd["ar"].max()) + 1):
        nation_estimated(workbook.with_own_record(), ar)
    for part in UNITS:
        workbook.rows(part)  # so that the checksums of its rows are known
    kept = {"frames": workbook.frames, "checked": workbook.checked, "found": workbook.found}
    parquet.keep(workbook.catalogue, kept)
