"""What the tables would be with those of a file among them: the last step of judging it."""

import dataclasses
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from helpers.errors import WorkbookError
from helpers.imports.judging import Judged, entry_of
from helpers.imports.verdicts import ImportedTable, verdict
from helpers.sources import Catalogue, SourceTable
from helpers.sources.catalogue import kind_id
from helpers.sources.files.findings import Finding, column_letter
from helpers.tables.check import checked_table, faulty_cells
from helpers.tables.questions import unchanged
from helpers.tables.tidy import strange_codes
from helpers.tables.workbook import Workbook, bundle

STAMP = "2000-01-01T00:00:00Z"  # of an entry that is only tried
TOLD = 20  # cells of a file that are named


def tried(
    judged: Judged, original: str, workbook: Workbook, use: Callable[[Workbook], object]
) -> Judged:
    """Return the verdict once its tables have been loaded with all others; a file that could not
    be loaded is refused.

    Args:
        judged: A file's verdict so far.
        original: The file's name.
        workbook: The tables in hand.
        use: What is computed of all tables whenever they are checked, as the ledger.
    """
    if judged.refused or not judged.tables:
        return judged
    entries = [entry_of(table, judged, original, workbook, STAMP) for table in judged.tables]
    with tempfile.TemporaryDirectory() as folder:
        catalogue = _among(workbook, entries, judged.tables, Path(folder))
        try:
            use(_with(workbook, entries, catalogue))
        except (WorkbookError, ValueError, TypeError, KeyError, ArithmeticError) as error:
            refusals = _refusals(error, judged.tables, entries, catalogue)
            findings = [*judged.findings, *refusals]
            return dataclasses.replace(
                judged, verdict=verdict(findings), findings=findings, tables=[]
            )
    return judged


def _refusals(
    error: Exception,
    tables: Sequence[ImportedTable],
    entries: Sequence[SourceTable],
    catalogue: Catalogue,
) -> list[Finding]:
    """Each cell that the tables cannot be loaded for, where the file has it; else the first table,
    where no single cell is at fault.
    """
    found = []
    for table, entry in zip(tables, entries, strict=True):
        if not table.csv_text:
            continue
        with suppress(WorkbookError):  # it is not even read: then no cell is to blame
            cells = faulty_cells(catalogue, entry.id)
            found += [_at(table, text, column) for text, column in cells]
    if found:
        return found[:TOLD]
    says = (
        f"Tabellen {entries[0].id} går inte att läsa in tillsammans med de andra"
        f" ({type(error).__name__}). Jämför filen med källan."
    )
    return [Finding("laddas_inte", says)]


def _at(table: ImportedTable, row: Mapping[str, str], column: str | None) -> Finding:
    """What stands in a row of the table as it would lie, told by where the file has it."""
    place = row.get("kommunkod") or row.get("kommun", "")
    if column is None:
        says = "Raden går inte att läsa in: dess tal motsäger varandra. Jämför med källan."
    else:
        says = f"Värdet ”{row[column]}” ({column}) går inte att läsa in. Jämför med källan."
    if place not in table.rows:
        return Finding("laddas_inte", f"{says} Raden: {', '.join(filter(None, row.values()))}.")
    # A table of one number in a row has it in the file's column of a category or a month.
    field = column if column != "antal" else row.get("kategori") or row.get("manad")
    stands = table.columns.get(field or "")
    letter = None if stands is None else column_letter(stands)
    return Finding("laddas_inte", says, rad=table.rows[place] + 1, kolumn=letter)


def _among(
    workbook: Workbook,
    entries: Sequence[SourceTable],
    tables: Sequence[ImportedTable],
    folder: Path,
) -> Catalogue:
    """The catalogue with tables among its own, written to a folder."""
    new = {}
    for entry, table in zip(entries, tables, strict=True):
        if table.csv_text:
            path = folder / f"{entry.id}.csv"
            path.write_text(table.csv_text, "utf-8")
            new[entry.id] = entry.model_copy(update={"path": str(path)})
    own = workbook.catalogue.with_own_record()
    return dataclasses.replace(own, entries={**own.entries, **new})


def _with(workbook: Workbook, entries: Sequence[SourceTable], catalogue: Catalogue) -> Workbook:
    """The tables with others among them, or in the place of those of the same id.

    Raises:
        WorkbookError: they cannot be.
    """
    own = workbook.catalogue.entries
    new = [one.id for one in entries if catalogue.entries.get(one.id) != own.get(one.id)]
    checked = dict(workbook.checked) | {name: checked_table(catalogue, name) for name in new}
    strange = strange_codes(
        {name: checked[name] for name in (*new, "kommuner", "lan")}, catalogue.tables
    )
    if strange:
        raise WorkbookError(*strange)
    kinds = {entry.kind for entry in entries}
    changed = {kind_id("*"), *map(kind_id, kinds), *(entry.entry_id for entry in entries)}
    made = bundle(checked, catalogue, workbook, kinds)
    return dataclasses.replace(made, found=unchanged(workbook, changed))
