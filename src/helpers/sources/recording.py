"""Write entries of the catalogue as TOML, so that what is there already keeps its lines; and record
that a published table was changed on purpose: its present checksum, and nothing else.
"""

from pathlib import Path
from typing import Any

import tomlkit

from helpers.contracts.files import alone, bytes_in, replace, sha256_of
from helpers.errors import DataError, ParameterError, SetupError, told
from helpers.sources.catalogue import (
    ENTRIES,
    LAST,
    WRITTEN,
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


def with_entries(before: str, entries: dict[str, dict[str, object]]) -> str:
    """Return the entries as a file: those that stand in the text of before keep their lines and
    comments.
    """
    kept = "".join(line for line in before.splitlines(keepends=True) if line.strip() != LAST)
    old, made = tomlkit.parse(kept), tomlkit.document()
    made.add(tomlkit.comment(WRITTEN.removeprefix("# ")))
    for table_id in sorted(entries):
        same = table_id in old and old[table_id].unwrap() == entries[table_id]
        made.add(tomlkit.nl())
        made.add(table_id, old[table_id] if same else _table(entries[table_id]))
    return f"{tomlkit.dumps(made).rstrip()}\n\n{LAST}\n"


def _table(fields: dict[str, object]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name, value in fields.items():
        if value is not None:
            table.add(name, _value(value))
    return table


def _value(value: object) -> Any:
    """Return a value as TOML holds it, on one line; text that cannot be written as UTF-8 has "?"
    for what cannot.

    >>> _value({"a b": ["x", 1]}).as_string(), _value("Förväntat").as_string()
    ('{"a b" = ["x", 1]}', '"Förväntat"')
    """
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update({name: _value(item) for name, item in value.items() if item is not None})
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend(_value(item) for item in value)
        return array
    if isinstance(value, str):
        # a file's name need not be text
        return tomlkit.item(value.encode("utf-8", "replace").decode("utf-8"))
    return tomlkit.item(value)
