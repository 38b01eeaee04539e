"""What a figure counts: its measure, by the column it stands in and the table it is of."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.present.views import Column, Fact, Figure, Provenance, Statement, Table

# Figures that keep a published column's own name, and what that column counts.
OF_COLUMN = {
    "utfall": "ekb_anvisade",
    "utfall_computed": "ekb_anvisade",
    "varav_ensamkommande": "ekb_mottagna",
    "ensamkommande": "ekb_asylsokande",
    "actual": "ekb_asylsokande",
    "asylsokande": "asylsokande",
    "mottagna_efter_anvisning": "mottagna_efter_anvisning",
    "kommuntal": "kommuntal",
    "lanstal": "lanstal",
}
UNNAMED = "unnamed"


def fact_measure(name: str, fact: Fact, catalogue: Provenance) -> str:
    """Return what a sentence's figure counts; "" where it is no such count (a share, a forecast, a
    difference).
    """
    return _of_tables(fact.measure or OF_COLUMN.get(name, ""), fact.sources, catalogue)


def cell_measure(
    table: Table, column: Column, row: Mapping[Any, Any], catalogue: Provenance
) -> str:
    """Return what a cell counts: as `fact_measure`, by the row's own published table where the
    frame names it.
    """
    own = row.get("tabell")
    sources = tuple(own.split()) if isinstance(own, str) else column.sources or table.sources
    return _of_tables(column.measure or OF_COLUMN.get(column.name, ""), sources, catalogue)


def measure_of_tables(tables: str, catalogue: Provenance) -> str:
    """Return what reception from published tables (ids joined by blanks) counts: "mottagna", or
    "unnamed".
    """
    return _of_tables("mottagna", tables.split(), catalogue)


def _of_tables(measure: str, sources: Iterable[str], catalogue: Provenance) -> str:
    """A table that does not count what others of its kind do says so itself."""
    if measure not in ("mottagna", "mottagna_kategori", "ekb_mottagna"):
        return measure
    return next(
        (catalogue[source].measure for source in sources if catalogue[source].measure), measure
    )


def measures_in(view: Statement | Table | Figure, catalogue: Provenance) -> list[str]:
    """Return the measures of a view's figures, each once, in their order."""
    if isinstance(view, Statement):
        found = [fact_measure(name, fact, catalogue) for name, fact in view.facts.items()]
    else:
        table = view.table if isinstance(view, Figure) else view
        counting = _counting(table)
        found = [cell_measure(table, one, row, catalogue) for one in counting for row in table.rows]
    return [measure for measure in dict.fromkeys(found) if measure]


def _counting(table: Table) -> list[Column]:
    columns = [column for column in table.columns[1:] if column.name in table.frame]
    return [column for column in columns if column.measure or column.name in OF_COLUMN]
