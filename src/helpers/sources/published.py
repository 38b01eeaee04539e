"""Read one published table as text, cell by cell, with the file's own row numbers."""

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from helpers.contracts.opening import bytes_in
from helpers.errors import DataError
from helpers.sources.catalogue import Catalogue, SourceTable

if TYPE_CHECKING:  # a run that has nothing to do reads no table, and says so at once
    import pandas as pd


def read_published(catalogue: Catalogue, table_id: str) -> "pd.DataFrame":
    """Return a published table exactly as published: every cell text, nothing parsed.

    Args:
        catalogue: Where the table's entry says which file, delimiter and columns.
        table_id: Its id in `data/sources.toml`.

    Returns:
        One row per printed row (the Summa row too). The index `rad` is the row's number in the
        file, so that a message can point at it; columns carry our names (`columns` of the entry).

    Raises:
        DataError: the table is not catalogued, its file is missing, empty, not UTF-8, or a row has
            another number of cells than the header; every faulty row is named at once.
    """
    if table_id not in catalogue.tables:
        raise DataError(f"data/sources.toml: the table {table_id!r} is not listed. Add its entry.")
    source = catalogue[table_id]
    rows = _rows(catalogue, source)
    header = [source.columns.get(name, name) for name in rows[0][1]]
    faults = [
        f"{source.shown_path}, row {number}: expected {len(header)} cells, found {len(cells)}. "
        f"Is the delimiter {source.delimiter!r}?"
        for number, cells in rows[1:]
        if len(cells) != len(header)
    ]
    faults += _header_faults(source, header)
    if faults:
        raise DataError(*faults)
    import pandas as pd

    index = pd.Index([number for number, _ in rows[1:]], name="rad")
    return pd.DataFrame([cells for _, cells in rows[1:]], index=index, columns=header, dtype="str")


def _rows(catalogue: Catalogue, source: SourceTable) -> list[tuple[int, list[str]]]:
    again = f" or run `{source.remade}`" if source.remade else ", for instance from version control"
    try:
        text = unicodedata.normalize("NFC", bytes_in(catalogue.file(source.id)).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(
            f"{source.shown_path}: the table is missing. Put the file back{again}."
        ) from None
    except IsADirectoryError as error:
        raise DataError(
            f"{source.shown_path}: {error.strerror}. Move it elsewhere, and put the file"
            f" back{again}."
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{source.shown_path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter)
    rows, line = list[tuple[int, list[str]]](), 1
    try:
        # a row is told by the line it begins on: a cell in quotes may run over several
        for cells in reader:
            rows += [(line, cells)] if cells else []
            line = reader.line_num + 1
    except csv.Error as error:  # a cell of more than 131 072 characters, too
        raise DataError(
            f"{source.shown_path}, row {line}: is not readable as CSV ({error}). Is a quotation"
            " mark without its pair?"
        ) from None
    if len(rows) < 2:
        raise DataError(f"{source.shown_path}: no rows under the header. Is the file cut off?")
    return rows


def _header_faults(source: SourceTable, header: list[str]) -> list[str]:
    missing = sorted(set(source.columns.values()) - set(header))
    doubled = sorted({name for name in header if header.count(name) > 1})
    faults = [f"{source.shown_path}, row 1: the column {name!r} is missing." for name in missing]
    return faults + [
        f"{source.shown_path}, row 1: the column {name!r} stands twice." for name in doubled
    ]
