"""Imported tables that cannot be read: set aside, so that all the others can be worked with, and
told once in a process.
"""

import dataclasses
from collections.abc import Callable, Mapping

from helpers.sources.catalogue import ENTRIES, Catalogue, SourceTable

listeners: list[Callable[[str], None]] = []  # who is told; the command line says it to its user
_told: set[str] = set()


def may_be(entry: SourceTable) -> bool:
    """Whether a table may be set aside: one that was imported or fetched, none of the project's
    own.
    """
    return entry.entry_file == ENTRIES[1]


def set_aside(catalogue: Catalogue, faults: Mapping[str, str]) -> Catalogue:
    """Return the catalogue without the tables that cannot be read; whoever listens is told.

    Args:
        catalogue: The tables.
        faults: The id of each that cannot be read, and why.
    """
    if not faults:
        return catalogue
    for own, fault in faults.items():
        words = _words(catalogue.entries[own], fault)
        if listeners and words not in _told:
            _told.add(words)
            for listen in listeners:
                listen(words)
    kept = {own: entry for own, entry in catalogue.entries.items() if own not in faults}
    return dataclasses.replace(catalogue, entries=kept)


def unread(catalogue: Catalogue, checked: Mapping[str, object]) -> Catalogue:
    """Return the catalogue without the tables that were set aside when the checked ones were
    read.
    """
    missing = [
        own
        for own, entry in catalogue.entries.items()
        if own not in checked and not entry.detailed and may_be(entry)
    ]
    return set_aside(catalogue, dict.fromkeys(missing, "it could not be read"))


def _words(entry: SourceTable, fault: str) -> str:
    fault = fault.rstrip(".")
    step = (
        f"Take it back or remove it with `mottagning data import --undo {entry.id}`"
        if entry.imported and not entry.original.startswith("http")
        else f"Run `{entry.remade}`"
    )
    return f"{entry.id} is set aside, and nothing is computed from it: {fault}. {step}."
