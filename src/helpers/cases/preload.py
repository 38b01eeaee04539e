"""What is the same for every report of a run: made once, before the processes that make them are
forked.
"""

from collections.abc import Iterable
from contextlib import suppress

from helpers.cases.division import unplaced
from helpers.cases.estimates import basis_of_year, checked, nation_estimated
from helpers.cases.ledger import ledger
from helpers.cases.own_words import questions_to_all
from helpers.cases.received import of_year
from helpers.cases.report_scenario import nation_held_before
from helpers.errors import WorkbookError
from helpers.sources.catalogue import data_folder
from helpers.tables import memory
from helpers.tables.reads import UNITS
from helpers.tables.workbook import Workbook, load


def preload(workbook: Workbook | None = None, years: Iterable[int] = ()) -> None:
    """Keep all tables, and what follows from all, for processes forked from this one: their `load`
    reads nothing.

    Args:
        workbook: The tables, where they have been read.
        years: Those that reports are of.
    """
    workbook = workbook or load()
    for found in (ledger, nation_held_before, checked):
        found(workbook)
    for ar in range(workbook.rules.counted_from, int(workbook.folkmangd["ar"].max()) + 1):
        nation_estimated(workbook.with_own_record(), ar)
    for ar in years:
        with suppress(WorkbookError):  # whose report it is tells of it
            of_year(workbook.with_own_record(), ar)
        with suppress(WorkbookError, LookupError):  # nothing published that a key is held against
            basis_of_year(workbook.with_own_record(), ar)
        unplaced(workbook.with_own_record(), ar)
        questions_to_all(workbook.with_own_record(), ar)
    for part in UNITS:
        workbook.rows(part)  # so that the checksums of its rows are known
    tables = {"frames": workbook.frames, "checked": workbook.checked, "found": workbook.found}
    memory.keep(workbook.catalogue, tables)


def hold() -> None:
    """Do what `preload` does, for forks that may come long after: they believe it only if no file
    of the data folder has changed since. Nothing is held of tables that cannot be read.
    """
    root = data_folder()
    before = memory.states_of(root)
    with suppress(WorkbookError):
        workbook = load()
        preload(workbook, sorted({*workbook.mottagna["ar"].dropna()}))
        memory.hold(before)
