"""Make the tidy layer: the published tables read, checked, and put as Parquet beside them."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from helpers.contracts.files import alone
from helpers.errors import DataError, ParameterError, SetupError
from helpers.sources import Catalogue, load_catalogue
from helpers.sources.catalogue import data_folder
from helpers.tables import parquet
from helpers.tables.workbook import load, read_and_check

# Split from the printed intervals, so in no schema.
INTERVALS = {
    f"{name}_{end}": "barn" for name in ("forvantat", "antagande") for end in ("low", "high")
}


def write_tidy(data_dir: Path | None = None) -> list[Path]:
    """Write `data/tidy/` anew from the published tables, and return its files.

    Raises:
        DataError: a table is missing or faulty, or changed while it was read. SetupError: the
            folder cannot be written.
    """
    with alone(data_folder(data_dir)):
        catalogue = load_catalogue(data_dir)
        key = parquet.key_of(catalogue)
        workbook = read_and_check(catalogue)
        if parquet.key_of(load_catalogue(data_dir)) != key:
            raise DataError(
                "A table changed while it was read; data/tidy was left as it was. Run the command"
                " again."
            )
        return parquet.write(
            workbook.catalogue,
            key,
            workbook.frames,
            workbook.checked,
            lambda own: _units(catalogue, own),
        )


def refresh_tidy(data_dir: Path | None = None) -> None:
    """Write `data/tidy/` if it is not up to date and the folder can be written; it is a help, not a
    need.

    Raises:
        DataError: as `write_tidy`.
    """
    with suppress(SetupError), alone(data_folder(data_dir)):
        if parquet.read(load_catalogue(data_dir)) is None:
            write_tidy(data_dir)


def tidy_columns(name: str, columns: Sequence[str], data_dir: Path | None = None) -> pd.DataFrame:
    """Return some columns of one tidy table; from `data/tidy/`, where it is up to date, no other
    column is read.

    Args:
        name: A table of the `Workbook`, such as "mottagna".
        columns: Its columns, in the order wanted.
        data_dir: As for `load`.

    Raises:
        ParameterError: no such table or column. DataError: as `load`.
    """
    found = parquet.read_columns(load_catalogue(data_dir), name, columns)
    if found is not None:
        return found
    tables = load(data_dir).frames
    if name not in tables:
        raise ParameterError(f"There is no tidy table {name!r}. Known: {', '.join(tables)}.")
    known = list(map(str, tables[name]))
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise ParameterError(f"{name} has no column {unknown[0]!r}. Known: {', '.join(known)}.")
    return tables[name][list(columns)]


def _units(catalogue: Catalogue, table_id: str) -> dict[str, str]:
    from helpers.tables.schemas import schema_for

    columns = schema_for(table_id, catalogue[table_id].kind).columns
    return {
        name: str((column.metadata or {}).get("unit", "text")) for name, column in columns.items()
    } | INTERVALS
