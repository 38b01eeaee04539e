"""Record that a published table was changed on purpose: its present checksum, and nothing else of
`sources.toml`.
"""

from pathlib import Path

import tomlkit

from helpers.contracts.files import alone, replace
from helpers.contracts.opening import bytes_in, sha256_of
from helpers.errors import DataError, ParameterError, SetupError, told
from helpers.sources.catalogue import (
    ENTRIES,
    SourceTable,
    data_folder,
    entries_in,
    load_catalogue,
)


def record(table_id: str, data_dir: Path | None = None) -> tuple[str, str]:
    """Write a table's present checksum into `sources.toml`; return the old and the new one.

    For an intended change of a published table. All else in the file stays as it is written,
    comments too; it is replaced in one step, and two who record at once lose nothing.

    Raises:
        ParameterError: no such table, or it was imported or fetched. DataError: the table's file is
            missing.
        SetupError: the file cannot be written.
    """
    root = data_folder(data_dir)
    with alone(root):
        catalogue = load_catalogue(root)
        if table_id not in catalogue.tables:
            raise ParameterError(
                f"There is no table {table_id!r}. Known: {', '.join(catalogue.tables)}."
            )
        entry = catalogue[table_id]
        if table_id not in entries_in(root, ENTRIES[0]):
            again = (
                f"Put its file back, or make it again: {entry.remade or 'mottagning data import'}."
            )
            raise ParameterError(
                f"{table_id} was imported or fetched; only the project's own are recorded. {again}"
            )
        if not (root / entry.path).exists():
            raise DataError(f"{entry.shown_path}: the file is missing. Put it back first.")
        try:
            return _recorded(root, entry)
        except OSError as error:
            raise SetupError(told(error, root / ENTRIES[0])) from None


def _recorded(root: Path, entry: SourceTable) -> tuple[str, str]:
    path, new = root / ENTRIES[0], sha256_of(root / entry.path)
    # line ends as they are
    old, changed = _changed(bytes_in(path).decode("utf-8"), entry.id, new)
    if old != new:
        replace(path, changed, through_link=True)
    return old, new


def _changed(text: str, table_id: str, sha256: str) -> tuple[str, str]:
    """Return the checksum that stands there, and the text with another in its place."""
    document = tomlkit.parse(text)
    entry = document[table_id]
    old, document[table_id]["sha256"] = str(entry["sha256"]), sha256
    return old, tomlkit.dumps(document)
