"""Published tables become validated, tidy frames: text codes, known units, unknown kept blank."""

from helpers.tables.inventory import coverage, status
from helpers.tables.ledger import conflicts, ledger, printed_table
from helpers.tables.places import Place
from helpers.tables.workbook import Workbook, load

__all__ = ["Place", "Workbook", "conflicts", "coverage", "ledger", "load", "printed_table", "status"]
