"""What is the same for every report of a run: made once, before the processes that make them are
forked.
"""

from helpers.cases.ledger import ledger
from helpers.cases.supposing import nation_held_before
from helpers.tables import tidy_layer
from helpers.tables.rows import UNITS
from helpers.tables.workbook import load


def preload() -> None:
    """Keep all tables, and what follows from all, for processes forked from this one: their `load`
    reads nothing.
    """
    workbook = load()
    for found in (ledger, nation_held_before):
        found(workbook)
    for part in UNITS:
        workbook.rows(part)  # so that the checksums of its rows are known
    kept = {"frames": workbook.frames, "checked": workbook.checked, "found": workbook.found}
    tidy_layer.keep(workbook.catalogue, kept)
