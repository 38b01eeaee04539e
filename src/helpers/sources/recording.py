"""Record that a published table was changed on purpose: its present checksum, and nothing else of `sources.toml`."""

from pathlib import Path

import tomlkit

from helpers.errors import DataError, ParameterError, SetupError, told
from helpers.sources.atomic import alone, replace
from helpers.sources.catalogue import ENTRIES, entries_in, load_catalogue, sha256_of


def record(table_id: str, data_dir: Path | None = None) -> tuple[str, str]:
    """Write a table's present checksum into `sources.toml`; return the old and the new one.

    For an intended change of a published table. All else in the file stays as it is written, comments too;
    it is replaced in one step, and two who record at once lose nothing.

    Raises:
        ParameterError: no such table, or it was imported or fetched. DataError: the table's file is missing.
        SetupError: the file cannot be written.
    """
    catalogue = load_catalogue(data_dir)
    if table_id not in catalogue.tables:
        raise ParameterError(f"There is no table {table_id!r}. Known: {', '.join(catalogue.tables)}.")
    if table_id not in entries_in(catalogue.root, ENTRIES[0]):
        raise ParameterError(
            f"{table_id} was imported or fetched, and is made again from its source: "
            "mottagning data import, or mottagning data fetch. Only the project's own tables are recorded."
        )
    file, path = catalogue.file(table_id), catalogue.root / ENTRIES[0]
    if not file.is_file():
        raise DataError(f"{catalogue[table_id].shown_path}: the file is missing. Put it back first.")
    try:
        with alone(catalogue.root):
            new = sha256_of(file)
            text = path.read_bytes().decode("utf-8")  # line ends as they are
            old, changed = _changed(text, table_id, new)
            if old != new:
                replace(path, changed)
    except OSError as error:
        raise SetupError(told(error, path)) from None
    return old, new


def _changed(text: str, table_id: str, sha256: str) -> tuple[str, str]:
    """Return the checksum that stands there, and the text with another in its place."""
    document = tomlkit.parse(text)
    entry = document[table_id]
    old, document[table_id]["sha256"] = str(entry["sha256"]), sha256
    return old, tomlkit.dumps(document)
