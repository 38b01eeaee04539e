"""`mottagning data imports`, which lists what was imported, and `data import --undo`, which takes
it back.
"""

from typing import Any

from helpers import tables
from helpers.cli.terminal import print, print_json, print_table
from helpers.sources.catalogue import ENTRIES, data_folder, entries_in
from helpers.sources.imported import undo


def take_back(table_id: str, as_json: bool) -> None:
    """Take an import back, and say of each of its tables what lies there now."""
    found = undo(data_folder(), table_id)
    tables.refresh_tidy()
    if as_json:
        print_json({"undone": [{"table": name, "now": now} for name, now in found.items()]})
        return
    for name, now in found.items():
        print(f"{name}: {f'as it was imported from {now}' if now else 'removed'}")


def list_imports(as_json: bool) -> None:
    """List imported tables by when they came in. No table is read, so that it works whatever state
    they are in.
    """
    entries = entries_in(data_folder(), ENTRIES[1])
    imported = {name: one for name, one in entries.items() if one.get("imported")}
    rows = [_row(name, one) for name, one in imported.items()]
    rows.sort(key=lambda row: (row["imported"], row["table"]))
    if as_json:
        print_json({"imports": rows})
    elif rows:
        shown = [{name: value for name, value in row.items() if name != "held"} for row in rows]
        print_table("Imported tables", shown)
        print("Take one back with `mottagning data import --undo TABLE`.")
    else:
        print("Nothing is imported.")


def _row(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    before = entry.get("before", {})
    replaced = f"{before['original']} ({before['imported'][:10]})" if before else ""
    return {
        "table": name,
        "imported": entry["imported"],
        "file": entry.get("original", ""),
        "replaced": replaced,
        "held": entry.get("held", ""),
    }
