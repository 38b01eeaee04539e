"""Turn printed cells into typed values; every cell that cannot be read is named, none is guessed."""

import re
from collections.abc import Callable

import pandas as pd

from helpers.sources import SourceTable

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
INTERVAL = re.compile(r"^([0-9]+)(?:[-–]([0-9]+))?$")


class CellError(ValueError):
    """Why one printed cell cannot be read, and what to write instead."""


def parse_frame(frame: pd.DataFrame, source: SourceTable, kinds: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
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
    problems += [f'{source.shown_path}, row 1: the column "{column}" is missing.' for column in absent]
    return pd.DataFrame(parsed, index=frame.index), problems


def _parse_column(cells: pd.Series, source: SourceTable, kind: str, problems: list[str]) -> pd.Series:
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
        raise CellError("is not a whole number. Write digits only, or leave the cell blank if unknown.")
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
            f'Write {plain.replace(other, source.decimal)}, or set decimal = "{other}" in data/sources.toml.'
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
