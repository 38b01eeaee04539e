"""Read a delimited text file block by block: memory does not grow with the number of rows."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc

from helpers.contracts.files import opened

FIRST_LINE = 4096  # bytes in which the header must end
BLOCK = 8 << 20  # bytes of text held at a time
ODD_ROWS = 1000  # rows of a wrong width that are told; with more the file is read no further


class EncodingError(Exception):
    """A line that is not UTF-8; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class TooManyOddRowsError(Exception):
    """So many rows have another width than the header that the file is another kind of file."""


def first_line(path: Path) -> tuple[str, list[str]] | None:
    """Return the delimiter (";" or ",") and the cells of a file's first line; None if it is no such
    text.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "x.csv").write_text("kommunkod;År;antal\\n0114;2018;7\\n", "utf-8")
    ...     first_line(Path(folder, "x.csv"))
    (';', ['kommunkod', 'År', 'antal'])
    """
    with opened(path) as file:
        start = file.read(FIRST_LINE)
    line = start.splitlines()[0] if start.strip() else b""
    if not line or b"\0" in line or (line == start and len(start) == FIRST_LINE):
        return None
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        # recognised all the same; its rows say where it is not UTF-8
        text = line.decode("cp1252", "replace")
    delimiter = ";" if ";" in text else ","
    return delimiter, next(csv.reader([text], delimiter=delimiter))


@dataclass
class Stream:
    """A file's rows below its header as text, in blocks of columns with a dictionary each.

    `odd` holds the rows of another width than the header as (line, cells); they are left out of the
    blocks.
    """

    path: Path
    delimiter: str
    columns: Sequence[str]
    odd: list[tuple[int, int]] = field(default_factory=list)

    def blocks(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows in the file's order; a blank line is a row of blank cells.

        Raises:
            EncodingError: a cell is not UTF-8. TooManyOddRowsError: the rows have no width of their
                own.
        """
        with opened(self.path) as file:
            file.readline()
            if not file.read(1):  # the reader takes a lone header for a fault
                return
        try:
            # One thread: as fast as two here, and only then are odd rows told by their line.
            reader = pc.open_csv(
                self.path,
                pc.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK,
                    column_names=list(self.columns),
                    skip_rows=1,
                ),
                pc.ParseOptions(
                    delimiter=self.delimiter,
                    invalid_row_handler=self._note,
                    ignore_empty_lines=False,
                ),
                pc.ConvertOptions(
                    column_types=dict.fromkeys(
                        self.columns, pa.dictionary(pa.int32(), pa.string())
                    ),
                    strings_can_be_null=False,
                ),
            )
            yield from reader
        except pa.ArrowInvalid:
            self._explain()
            raise

    def _note(self, row: pc.InvalidRow) -> str:
        self.odd.append((row.number, row.actual_columns))
        return "skip" if len(self.odd) <= ODD_ROWS else "error"

    def _explain(self) -> None:
        """The reader does not say where: look again, line by line."""
        if len(self.odd) > ODD_ROWS:
            raise TooManyOddRowsError from None
        with opened(self.path) as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    raise EncodingError(number) from None

    def line(self, position: int) -> int:
        """Return the line in the file, from 1, of the row at a position among those read, from
        0.
        """
        line = position + 2
        for odd, _ in self.odd:
            line += odd <= line
        return line
