"""What is in hand when files are imported: all tables, but a damaged one does not forbid what makes it again."""

import dataclasses
from collections.abc import Collection
from pathlib import Path

from helpers.errors import DataError
from helpers.sources import Catalogue, SourceTable, load_catalogue
from helpers.sources.catalogue import sha256_of
from helpers.tables.workbook import Workbook, load, loaded


def load_for(files: Collection[Path], data_dir: Path | None = None) -> Workbook:
    """Return the tables in hand, without those that are lost or altered and were made of one of these files.

    Raises:
        DataError: as `load`, of any other table.
    """
    try:
        return load(data_dir)
    except DataError:
        catalogue = load_catalogue(data_dir)
        damaged = {one.original_sha256 for one in catalogue.tables.values() if one.remade and _damaged(catalogue, one)}
        again = damaged & {sha256_of(file) for file in files}
        if not again:
            raise
        rest = {name: one for name, one in catalogue.tables.items() if one.original_sha256 not in again}
        return loaded(dataclasses.replace(catalogue, entries=rest))


def _damaged(catalogue: Catalogue, entry: SourceTable) -> bool:
    path = catalogue.file(entry.id)
    return not path.is_file() or sha256_of(path) != entry.sha256
