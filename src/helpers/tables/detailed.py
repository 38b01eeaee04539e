"""Read detailed tables by column: only the columns, the years and the municipalities that are asked
for.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.contracts.files import refuse_no_file, sha256_of
from helpers.errors import DataError, ParameterError
from helpers.sources import Catalogue, SourceTable, load_catalogue
from helpers.sources.imported import file_faults
from helpers.tables.detailed_layout import COLUMNS, KIND
from helpers.tables.places import nearest
from helpers.tables.workbook import Workbook


def detail(
    workbook: Workbook,
    columns: Sequence[str] | None = None,
    kommunkoder: Collection[str] | None = None,
    years: Collection[int] | None = None,
) -> pd.DataFrame:
    """Return the rows of the detailed tables in hand.

    Args:
        workbook: Says which tables there are.
        columns: Among kommunkod, ar, manad, aldersgrupp, kon, medborgarskap, antal (persons, NA
            where unknown) and sekretess (whether the source hides the count); all by default.
        kommunkoder: The municipalities; all by default.
        years: The years; all in hand by default.

    Returns:
        One row per municipality, month, age group, sex and citizenship, in that order; text as
        categories. No row where no detailed table is in hand.

    Raises:
        ParameterError: no such column or municipality. DataError: a file is not the one that was
            imported.
    """
    columns = list(COLUMNS if columns is None else columns)
    _check_call(workbook, columns, kommunkoder)
    entries = [entry for entry in workbook.catalogue.tables.values() if entry.kind == KIND]
    wanted = [entry for entry in entries if years is None or _year(entry) in years]
    tables = [
        _read(workbook.catalogue, entry, columns, kommunkoder)
        for entry in sorted(wanted, key=_year)
    ]
    if not tables:
        return pd.DataFrame(columns=columns)
    whole = pa.concat_tables(tables).unify_dictionaries()
    counts = {pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = whole.to_pandas(
        types_mapper=counts.get, ignore_metadata=True, use_threads=False
    )
    return frame


def _check_call(
    workbook: Workbook, columns: Sequence[str], kommunkoder: Collection[str] | None
) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise ParameterError(f"columns: {unknown[0]!r} is not one of {', '.join(COLUMNS)}.")
    known = list(workbook.kommuner["kommunkod"])
    strange = sorted(set(kommunkoder or ()) - set(known))
    if strange:
        raise ParameterError(
            f"kommunkoder: there is no municipality {strange[0]!r}. {nearest(strange[0], known)}"
        )


def _year(entry: SourceTable) -> int:
    return int(entry.id.removeprefix(f"{KIND}_")[:4])


def _read(
    catalogue: Catalogue,
    entry: SourceTable,
    columns: list[str],
    kommunkoder: Collection[str] | None,
) -> pa.Table:
    path = catalogue.file(entry.id)
    try:
        if faults := file_faults(catalogue, entry):
            raise DataError(*faults)
        status = path.stat()
        if _checksum(path, status.st_size, status.st_mtime_ns) != entry.sha256:
            raise DataError(
                f"{entry.shown_path}: the file is not the one that was imported. Run"
                f" `{entry.remade}`."
            )
        chosen = None if kommunkoder is None else [("kommunkod", "in", list(kommunkoder))]
        refuse_no_file(path)
        return pq.read_table(path, columns=columns, filters=chosen, use_threads=False)
    except (DataError, FileNotFoundError):  # its turn may be over, even between two looks at it
        if load_catalogue(catalogue.root).written == catalogue.written:
            raise
        told = (
            f"{entry.shown_path}: other tables have been imported since these were loaded. Load"
            " them anew."
        )
        raise DataError(told) from None


@lru_cache
def _checksum(path: Path, size: int, changed: int) -> str:
    """A file's checksum, taken once as long as the file is not touched."""
    return sha256_of(path)
