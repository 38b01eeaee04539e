"""What the tables would be with those of a file among them: the last step of judging it."""

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.errors import WorkbookError
from helpers.imports.judging import Judged, entry_of
from helpers.imports.verdicts import verdict
from helpers.sources import SourceTable
from helpers.sources.catalogue import kind_id
from helpers.sources.files.findings import Finding
from helpers.tables.check import checked_table
from helpers.tables.questions import unchanged
from helpers.tables.tidy import strange_codes
from helpers.tables.workbook import Workbook, bundle

STAMP = "2000-01-01T00:00:00Z"  # of an entry that is only tried


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
    texts = [table.csv_text for table in judged.tables]
    try:
        with tempfile.TemporaryDirectory() as folder:
            use(_with(workbook, entries, texts, Path(folder)))
    except (WorkbookError, ValueError, TypeError, KeyError, ArithmeticError) as error:
        says = (
            f"Tabellen {entries[0].id} går inte att läsa in tillsammans med de andra"
            f" ({type(error).__name__}). Jämför filen med källan."
        )
        findings = [*judged.findings, Finding("laddas_inte", says)]
        return dataclasses.replace(judged, verdict=verdict(findings), findings=findings, tables=[])
    return judged


def _with(
    workbook: Workbook, entries: Sequence[SourceTable], texts: Sequence[str], folder: Path
) -> Workbook:
    """The tables with others among them, or in the place of those of the same id.

    Raises:
        WorkbookError: they cannot be.
    """
    new = {}
    for entry, text in zip(entries, texts, strict=True):
        if text:
            path = folder / f"{entry.id}.csv"
            path.write_text(text, "utf-8")
            new[entry.id] = entry.model_copy(update={"path": str(path)})
    own = workbook.catalogue.with_own_record()
    catalogue = dataclasses.replace(own, entries={**own.entries, **new})
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
