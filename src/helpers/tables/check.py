"""Read, parse and check one published table: every cell that cannot be read is named, all faults in
one pass.
"""

import re
from collections.abc import Callable

import pandas as pd

from helpers.contracts.files import sha256_of
from helpers.errors import DataError
from helpers.model.redistribution import Rules
from helpers.sources import Catalogue, SourceTable, read_published
from helpers.sources.catalogue import ENTRIES
from helpers.sources.rules import load_rules
from helpers.tables.own_checks import OWN, own_faults

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
INTERVAL = re.compile(r"^([0-9]+)(?:[-–]([0-9]+))?$")


class CellError(ValueError):
    """Why one printed cell cannot be read, and what to write instead."""


def parse_frame(
    frame: pd.DataFrame, source: SourceTable, kinds: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Parse each column by its kind; return the typed frame and every cell that could not be read.

    Args:
        frame: Text cells as read, index `rad` = the row in the file.
        source: The table's entry: decimal mark and the marks that mean missing.
        kinds: Column → "text", "count" (whole, Int64) or "number" (float). Blank is missing.

    Returns:
        The typed frame (cells that failed are missing) and one message per failed cell.
    """
    problems: list[str] = []
    parsed = {
        column: _parse_column(frame[column], source, kind, problems)
        for column, kind in kinds.items()
        if column in frame
    }
    absent = [column for column in kinds if column not in frame]
    problems += [
        f'{source.shown_path}, row 1: the column "{column}" is missing.' for column in absent
    ]
    return pd.DataFrame(parsed, index=frame.index), problems


def _parse_column(
    cells: pd.Series, source: SourceTable, kind: str, problems: list[str]
) -> pd.Series:
    parse = _PARSERS[kind]
    values: list[object] = []
    for row, cell in cells.items():
        text = str(cell).strip()
        try:
            values.append(pd.NA if text == "" or text in source.missing else parse(text, source))
        except CellError as error:
            problems.append(f'{source.shown_path}, row {row}, "{cells.name}": "{text}" {error}')
            values.append(pd.NA)
    return pd.Series(values, index=cells.index, dtype=_DTYPES[kind])


def read_count(text: str, source: SourceTable) -> int:
    """Read a whole number; thousands may be set apart by any kind of space.

    Raises:
        CellError: it is not whole, or not a number.
    """
    digits = SPACES.sub("", text).replace("\u2212", "-")
    if not re.fullmatch(r"-?[0-9]+", digits):
        raise CellError(
            "is not a whole number. Write digits only, or leave the cell blank if unknown."
        )
    return int(digits)


def read_number(text: str, source: SourceTable) -> float:
    """Read a decimal number by the source's own decimal mark.

    Raises:
        CellError: the other decimal mark stands there, or it is not a number.
    """
    plain = SPACES.sub("", text).replace("\u2212", "-")
    other = "." if source.decimal == "," else ","
    if re.fullmatch(rf"-?[0-9]+\{other}[0-9]+", plain):
        marks = {",": "comma", ".": "point"}
        raise CellError(
            f"has a decimal {marks[other]};\nthis source uses a {marks[source.decimal]}. "
            f'Write {plain.replace(other, source.decimal)}, or set decimal = "{other}" in'
            " data/sources.toml."
        )
    if not re.fullmatch(rf"-?[0-9]+(\{source.decimal}[0-9]+)?", plain):
        raise CellError("is not a number. Write digits, or leave the cell blank if unknown.")
    return float(plain.replace(",", "."))


def read_interval(text: str) -> tuple[int, int]:
    """Read a printed whole-person interval: "1-2" is (1, 2), "18" is (18, 18).

    Raises:
        CellError: it is neither, or its ends stand the wrong way round.

    >>> read_interval("40-53"), read_interval("2")
    ((40, 53), (2, 2))
    """
    match = INTERVAL.match(text.strip())
    if not match:
        raise CellError('is not an interval. Write "1-2" or a whole number.')
    low, high = int(match[1]), int(match[2] or match[1])
    if low > high:
        raise CellError("runs backwards. Write the lower number first.")
    return low, high


def _read_text(text: str, source: SourceTable) -> str:
    return text


_PARSERS: dict[str, Callable[[str, SourceTable], object]] = {
    "text": _read_text,
    "count": read_count,
    "number": read_number,
}
_DTYPES = {"text": "string", "count": "Int64", "number": "Float64"}


def dated_rules(catalogue: Catalogue) -> Rules:
    """Return the dated rules as the model takes them: each from the year it begins.

    Raises:
        DataError: the file of rules is missing or faulty; every fault.
    """
    file = load_rules(catalogue)
    return Rules(
        counted_from=file.fulfilment[0].start.year,
        redistribution=tuple((one.start.year, one.value) for one in file.redistribution),
        least_share=tuple((one.start.year, one.value) for one in file.least_share),
        least_unknown_share=tuple((one.start.year, one.value) for one in file.least_unknown_share),
    )


def checked_table(catalogue: Catalogue, table_id: str) -> pd.DataFrame:
    """Return one published table, typed and checked; index `rad` is the row in the file.

    Raises:
        DataError: cells that cannot be read, values out of range, or doubled keys.
    """
    from helpers.tables.schemas import kinds, schema_for

    text = read_published(catalogue, table_id)
    source = catalogue[table_id]
    schema = schema_for(table_id, source.kind, source.entry_file)
    frame, problems = parse_frame(text, source, kinds(schema))
    unknown = [name for name in text if name not in schema.columns]
    problems += [f'{source.shown_path}, row 1: the column "{name}" is unknown.' for name in unknown]
    problems = problems or _schema_faults(frame, source)
    if source.kind.startswith(OWN):
        problems = problems or own_faults(frame, source)
    if problems:
        raise DataError(*problems)
    return frame


def faulty_cells(catalogue: Catalogue, table_id: str) -> list[tuple[dict[str, str], str | None]]:
    """Return what `checked_table` stops at, for whoever tells of it in words of their own: the row
    as text by column, and the column; None where the columns of a row contradict each other.

    What is at fault with the table as a whole, as a missing column, is no cell.
    """
    from helpers.tables.schemas import SchemaErrors, kinds, schema_for

    text = read_published(catalogue, table_id)
    source = catalogue[table_id]
    schema = schema_for(table_id, source.kind, source.entry_file)
    frame, _ = parse_frame(text, source, kinds(schema))
    written = text[frame.columns].apply(lambda cells: cells.str.strip())
    unread = frame.isna() & (written != "") & ~written.isin(list(source.missing))
    found = [(row, str(column)) for column in frame for row in frame.index[unread[column]]]
    if not found:
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases.dropna(subset=["index"]).to_dict("records")
            found = [(one["index"], str(one["column"])) for one in cases]
    names = [str(name) for name in text]
    rows = {
        row: dict(zip(names, map(str, cells), strict=True)) for row, *cells in text.itertuples()
    }
    return [
        (rows[row], column if column in frame else None)
        for row, column in dict.fromkeys(found)
        if row in rows
    ]


def _schema_faults(frame: pd.DataFrame, source: SourceTable) -> list[str]:
    from helpers.tables.schemas import SchemaErrors, schema_for

    schema = schema_for(source.id, source.kind, source.entry_file)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return _told(error.failure_cases, source)
    return []


def _told(cases: pd.DataFrame, source: SourceTable) -> list[str]:
    """Word pandera's failure cases; a whole row that fails a check between columns is told once."""
    told: dict[tuple[object, ...], str] = {}
    for case in cases.to_dict("records"):
        row = "" if pd.isna(case["index"]) else f", row {case['index']}"
        between = (
            case["schema_context"] == "DataFrameSchema"
            and case["check"] != "multiple_fields_uniqueness"
        )
        column = "" if between else f', "{case["column"]}"'
        found = "" if between else f": found {str(case['failure_case'])!r}"
        key = (
            (case["index"], case["check"])
            if between
            else (case["index"], case["column"], case["check"])
        )
        rule = _rule(str(case["check"]))
        told.setdefault(
            key, f"{source.shown_path}{row}{column}{found}; {rule}. Compare with the source."
        )
    return list(told.values())


def _rule(check: str) -> str:
    words = {
        "not_nullable": "the cell must not be blank",
        "multiple_fields_uniqueness": "the key stands on more than one row",
    }
    return words.get(check, f"the rule is {check}")


def checksum_faults(catalogue: Catalogue, source: SourceTable) -> list[str]:
    """Return a message if a table's file is not the one recorded in `data/sources.toml`."""
    found = sha256_of(catalogue.file(source.id))
    if found == source.sha256:
        return []
    step = (
        f"If the change is intended, run `mottagning sources --record {source.id}`; if not, put the"
    )
    if source.remade:
        step = f"Run `{source.remade}` to make it again, or put the"
    return [
        f"{source.shown_path}: the file is not the one recorded in"
        f" data/{ENTRIES[bool(source.remade)]} (sha256 {found[:12]}…, recorded"
        f" {source.sha256[:12]}…). {step} recorded file back."
    ]
