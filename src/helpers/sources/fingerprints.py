"""What lies in the data folder now, as checksums by id: small enough for a process that reads no
table.

An id is a file's path below the data folder ("published/lan.csv", "scenarios/prov.yaml"; an
absolute path where the file lies elsewhere); an entry of the catalogue, imported ones too, but for
its checksum ("sources.toml#lan"); or which tables of a kind there are, in order
("sources.toml#kind=kommuntal"; of any kind: "sources.toml#kind=*").
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.contracts.files import checksum
from helpers.contracts.opening import sha256_of
from helpers.sources.catalogue import ENTRIES, data_folder, entries_in, kind_id

KINDS = (  # there is a list of each of these, also while it is empty
    "andelstal",
    "folkmangd",
    "kommunmottagna",
    "kommunmottagna_manad",
    "kommunmottagna_manad_summor",
    "kommuntal",
    "prognoser",
)
RAW = "raw"
# what is dropped there and what is made of the tables: nothing that a report reads
LEFT_OUT = (RAW, "tidy")
ENTRY, KIND = f"{ENTRIES[0]}#", kind_id("")


def fingerprints(data_dir: Path | None = None, ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return the checksum (sha256) of each id as it is now.

    Args:
        data_dir: The data folder; by default as `data_folder` says.
        ids: What is asked for; by default every file, entry and kind there is.

    Returns:
        Id → 64 hexadecimal digits, in order of id. What is gone has no entry; of a kind there may
        be no table.

    Raises:
        DataError: the catalogue is not readable as TOML.
    """
    root = data_folder(data_dir)
    entries = {
        ENTRY + own: entry for name in ENTRIES for own, entry in entries_in(root, name).items()
    }
    found = {
        one: _fingerprint(root, one, entries)
        for one in sorted(set(_all(root, entries) if ids is None else ids))
    }
    return {one: known for one, known in found.items() if known}


def _all(root: Path, entries: dict[str, dict[str, Any]]) -> list[str]:
    files = (
        path.relative_to(root)
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    kinds = {"*", *KINDS, *(str(entry["kind"]) for entry in entries.values() if entry.get("kind"))}
    return [
        *entries,
        *map(kind_id, kinds),
        *(path.as_posix() for path in files if path.parts[0] not in LEFT_OUT),
    ]


def _fingerprint(root: Path, one: str, entries: dict[str, dict[str, Any]]) -> str:
    """One checksum; "" where there is no such thing."""
    if one.startswith(KIND):
        kind = one.removeprefix(KIND)
        return _of(
            [name for name, entry in entries.items() if kind in ("*", entry.get("kind", ""))]
        )
    if one.startswith(ENTRY):
        entry = entries.get(one)
        return (
            ""
            if entry is None
            else _of({name: value for name, value in entry.items() if name != "sha256"})
        )
    path = root / one
    return sha256_of(path) if path.is_file() else ""


def _of(value: object) -> str:
    return checksum(json.dumps(value, sort_keys=True, default=str))
