"""What is published: one table as text, cell by cell, with the file's own row numbers; and what its
figures count, one typed entry per measure of `data/measures.toml`.

Which tables there are stands in `data/sources.toml`; data/README.md has every step of a new one.
"""

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.contracts.files import bytes_in
from helpers.errors import DataError
from helpers.sources.catalogue import Catalogue, SourceTable, toml_beside

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


FILE = "measures.toml"


class Name(BaseModel):
    """A measure's name in Swedish and English."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    sv: str
    en: str


class Measure(BaseModel):
    """One measure: what is counted, when, by whom, what it is not, and the source that says so, in
    Swedish.

    Measures with the same `word` look alike to a reader.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    id: str
    name: Name
    word: str
    counted: str
    when: str
    by: str
    is_not: str
    source: str


def load_measures(catalogue: Catalogue) -> dict[str, Measure]:
    """Read `measures.toml` beside the catalogue and return its measures by id, in the file's order.

    The file is noted as read.

    Raises:
        DataError: it is missing, is not TOML, an entry lacks or misspells a field, or a table of
            the catalogue names a measure that is not in it; every fault is named at once.
        SetupError: it cannot be read.
    """
    entries = toml_beside(catalogue, FILE, "it says what the figures count")
    measures: dict[str, Measure] = {}
    problems: list[str] = []
    for own, entry in entries.items():
        try:
            measures[own] = Measure(id=own, **entry)
        except (ValidationError, TypeError) as error:
            problems += _problems(own, error)
    problems += _unknown(catalogue, measures) if not problems else []
    if problems:
        raise DataError(*problems)
    return measures


def _unknown(catalogue: Catalogue, measures: dict[str, Measure]) -> list[str]:
    """The tables that name a measure which is not there; which tables exist is not what a report
    rests on.
    """
    return [
        f"data/sources.toml, [{own}], measure: {entry.measure!r} is not in data/{FILE}. Known:"
        f" {', '.join(measures)}."
        for own, entry in catalogue.entries.items()
        if entry.measure and entry.measure not in measures
    ]


def _problems(own: str, error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return [f"data/{FILE}, [{own}]: expected a table of fields, found something else."]
    return [
        f"data/{FILE}, [{own}], {'.'.join(map(str, fault['loc']))}: {fault['msg']}; found"
        f" {str(fault['input'])[:60]!r}."
        for fault in error.errors()
    ]
