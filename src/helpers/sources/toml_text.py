"""Entries of tables as TOML, written so that what stands there already keeps its lines."""

from typing import Any

import tomlkit

from helpers.sources.catalogue import LAST, WRITTEN


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
