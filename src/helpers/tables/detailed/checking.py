"""Check a detailed table block by block: every fault in one pass, each key once, no row kept as text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from helpers.sources.files.findings import REFUSED, WARNING, Finding, column_letter
from helpers.sources.stream import EncodingError, Stream, TooManyOddRowsError
from helpers.tables.detailed import KEY
from helpers.tables.detailed.coding import BITS, HIDDEN, UNKNOWN, CellError, Coder, Numbers, shift, unpack

TOLD = 200  # faults told one by one
LEFT_OUT = -1  # with every bit set, so that whatever is added it stays what it is
AT_ONCE = 1 << 20  # rows looked at together
_NOTHING: Numbers = np.empty(0, np.int64)
Fault = tuple[int, str, str, str | None]  # line, code, words, column's letter


@dataclass
class Faults:
    """The faults of a file in the order of its lines; the first are kept, all are counted."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, faults: Sequence[Fault], count: int | None = None) -> None:
        """Note some faults; `count` is how many there are, if not all of them are given."""
        self.kept = sorted([*self.kept, *faults], key=lambda fault: fault[0])[:TOLD]
        self.count += len(faults) if count is None else count

    def findings(self) -> list[Finding]:
        """What is told: each kept fault at its cell, and how many more there are."""
        told = [Finding(code, says, REFUSED, "1", line, column) for line, code, says, column in self.kept]
        rest = self.count - len(told)
        return [*told, Finding("fler", f"… och {rest} fel till.", REFUSED)] if rest else told


@dataclass(frozen=True)
class Checked:
    """A table as read: its rows packed and sorted (empty if refused), what was found, and how to read the codes."""

    packed: Numbers
    findings: list[Finding]
    coder: Coder


def check(path: Path, delimiter: str, columns: Sequence[str], coder: Coder) -> Checked:
    """Read and check a detailed table.

    Args:
        path: A text file whose first line is a header of this layout.
        delimiter: What stands between its cells.
        columns: Our name of each of its columns, in the file's order.
        coder: How its cells are read.

    Returns:
        The rows, 8 bytes each, sorted by year, municipality, month and the rest of the key.
    """
    stream, faults = Stream(path, delimiter, columns), Faults()
    chunks: list[Numbers] = []
    position = 0
    try:
        for block in stream.blocks():
            chunks.append(_packed(block, coder, faults, stream, position))
            position += block.num_rows
    except (EncodingError, TooManyOddRowsError, pa.ArrowInvalid) as error:
        return Checked(_NOTHING, [*faults.findings(), _broken(error)], coder)
    faults.add([_odd(line, cells, len(columns)) for line, cells in stream.odd])
    arrived = np.concatenate([_NOTHING, *chunks])
    del chunks
    rows = np.sort(arrived)
    rows = rows[np.searchsorted(rows, 0) :]
    faults.add(*_doubled(arrived, rows, stream))
    findings = faults.findings() or _marks(rows) if len(rows) or faults.count else [_empty()]
    refused = any(finding.level == REFUSED for finding in findings)
    return Checked(_NOTHING if refused else rows, findings, coder)


def _packed(block: pa.RecordBatch, coder: Coder, faults: Faults, stream: Stream, position: int) -> Numbers:
    """One block's rows as numbers; a row that is blank or faulty is LEFT_OUT."""
    columns = {name: block.column(name) for name in stream.columns}
    indices = {name: column.indices.to_numpy() for name, column in columns.items()}
    blank = np.logical_and.reduce([_blanks(column)[indices[name]] for name, column in columns.items()])
    packed = np.where(blank, LEFT_OUT, 0)
    found: list[Fault] = []
    count = 0
    for place, (name, column) in enumerate(columns.items()):
        codes, wrong = _coded(name, column.dictionary.to_pylist(), coder)
        values = codes[indices[name]]
        for number, (code, says) in wrong.items():
            rows = np.flatnonzero((indices[name] == number) & ~blank)
            count += len(rows)
            letter = column_letter(place)
            found += [(stream.line(position + int(row)), code, says, letter) for row in rows[:TOLD]]
        packed |= np.where(values < 0, LEFT_OUT, values << shift(name))
    faults.add(found, count)
    return packed


def _blanks(column: pa.DictionaryArray) -> NDArray[np.bool_]:
    return np.array([not text.strip() for text in column.dictionary.to_pylist()], dtype=bool)


def _coded(name: str, texts: list[str], coder: Coder) -> tuple[Numbers, dict[int, tuple[str, str]]]:
    """The code of each of a block's different cells, LEFT_OUT where it cannot be read, and then why."""
    codes = np.full(len(texts), LEFT_OUT, np.int64)
    wrong = {}
    for number, text in enumerate(texts):
        try:
            codes[number] = coder.code(name, text)
        except CellError as error:
            wrong[number] = (error.code, error.says)
    return codes, wrong


def _doubled(arrived: Numbers, rows: Numbers, stream: Stream) -> tuple[list[Fault], int]:
    """Rows whose key stands on an earlier row too: the first of them, and how many there are."""
    doubled = [
        part[1:][part[1:] == part[:-1]]
        for start in range(0, len(rows), AT_ONCE)
        if len(part := rows[start : start + AT_ONCE + 1] >> BITS["antal"])
    ]
    keys = np.concatenate([_NOTHING, *doubled])
    seen: dict[int, int] = {}
    faults: list[Fault] = []
    for start in range(0, len(arrived) if len(keys) else 0, AT_ONCE):
        part = arrived[start : start + AT_ONCE] >> BITS["antal"]
        for row in np.flatnonzero(np.isin(part, np.unique(keys)[:TOLD])):
            line = stream.line(start + int(row))
            first = seen.setdefault(int(part[row]), line)
            if first < line and len(faults) < TOLD:
                faults.append((line, "dubblett", f"Samma nyckel ({', '.join(KEY)}) står redan på rad {first}.", None))
    return faults, len(keys)


def _marks(rows: Numbers) -> list[Finding]:
    """How many counts are not told, and that they are not zero."""
    says = {
        HIDDEN: ("ej_redovisat", "rader har ”..” eller ett streck: talet är sekretessbelagt, okänt och inte noll."),
        UNKNOWN: ("tomt_antal", "rader har inget antal: okänt, inte noll."),
    }
    numbers = dict.fromkeys(says, 0)
    for start in range(0, len(rows), AT_ONCE):
        counts = unpack(rows[start : start + AT_ONCE], "antal")
        for mark in numbers:
            numbers[mark] += int((counts == mark).sum())
    return [Finding(says[mark][0], f"{number} {says[mark][1]}", WARNING) for mark, number in numbers.items() if number]


def _odd(line: int, cells: int, width: int) -> Fault:
    what = "kort_rad" if cells < width else "lang_rad"
    return line, what, f"Raden har {cells} celler, rubriken {width}.", None


def _empty() -> Finding:
    return Finding("utan_rader", "Tabellen har en rubrik men inga rader.", REFUSED)


def _broken(error: Exception) -> Finding:
    if isinstance(error, EncodingError):
        says = f"Rad {error.line} är inte UTF-8. Spara om filen som UTF-8."
        return Finding("teckenkodning", says, REFUSED, "1", error.line)
    if isinstance(error, TooManyOddRowsError):
        return Finding("radbredd", "Filen läses inte längre: raderna har inte rubrikens antal celler.", REFUSED)
    says = "Filen går inte att läsa som tabell: en rad är orimligt lång, eller så saknar ett citattecken sitt par."
    return Finding("olaslig", says, REFUSED)
