"""Check a detailed table block by block: every fault in one pass, each row kept as one whole number
of eight bytes.

Eight bytes hold a row's key and its count, so that ten million rows fit in memory and no row is
kept as text.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from helpers.imports.labels import folded, is_sum
from helpers.imports.verdicts import MOST, SPACES, SUPPRESSED, ungrouped
from helpers.sources.files.child import CONTROL, INVISIBLE, MOJIBAKE
from helpers.sources.files.findings import (
    ERROR,
    REFUSED,
    WARNING,
    Finding,
    column_letter,
    error_words,
)
from helpers.sources.stream import EncodingError, Stream, TooManyOddRowsError
from helpers.tables.detailed_layout import KEY

Numbers = NDArray[np.int64]
BITS = {
    "ar": 8,
    "kommunkod": 9,
    "manad": 4,
    "aldersgrupp": 9,
    "kon": 2,
    "medborgarskap": 10,
    "antal": 21,
}
# ".." and blank: neither is a number
HIDDEN, UNKNOWN = (1 << BITS["antal"]) - 1, (1 << BITS["antal"]) - 2
SEXES = ("kvinna", "man", "okänt")
SEX_SHORT = {"k": "kvinna", "m": "man"}
LONGEST_LABEL = 100  # characters


def shift(column: str) -> int:
    """Return how many bits stand below a column's.

    >>> shift("antal"), shift("medborgarskap")
    (0, 21)
    """
    names = list(BITS)
    return sum(BITS[name] for name in names[names.index(column) + 1 :])


def unpack(packed: Numbers, column: str) -> Numbers:
    """Return one column's codes from packed rows."""
    return (packed >> shift(column)) & ((1 << BITS[column]) - 1)


class CellError(ValueError):
    """Why a cell cannot be read: a finding's code and its words."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(code, says)
        self.code, self.says = code, says


@dataclass
class Coder:
    """Turns printed cells into codes; the labels that a file brings are numbered as they come.

    Args:
        kommunkoder: Every known municipality's code, at most 512.
        years: The first and the last year that a table can be about, at most 256 years apart.
    """

    kommunkoder: Sequence[str]
    years: tuple[int, int]
    labels: dict[str, dict[str, int]] = field(
        default_factory=lambda: {"aldersgrupp": {}, "medborgarskap": {}}
    )

    spelt: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"aldersgrupp": {}, "medborgarskap": {}}
    )

    def __post_init__(self) -> None:
        self._places = {kod: number for number, kod in enumerate(self.kommunkoder)}
        self._read: dict[str, Callable[[str], int]] = {
            "ar": self._year,
            "kommunkod": self._place,
            "manad": self._month,
            "aldersgrupp": lambda text: self._label("aldersgrupp", text),
            "kon": self._sex,
            "medborgarskap": lambda text: self._label("medborgarskap", text),
            "antal": self._count,
        }

    def code(self, column: str, text: str) -> int:
        """Return a printed cell's code in its column.

        Raises:
            CellError: it cannot be read.
        """
        return self._read[column](_composed(text))

    def words(self, column: str) -> list[str]:
        """Return a text column's labels, by code."""
        if column == "kommunkod":
            return list(self.kommunkoder)
        return list(SEXES) if column == "kon" else list(self.labels[column])

    def _year(self, text: str) -> int:
        first, last = self.years
        if not re.fullmatch(r"[0-9]{4}", text, re.ASCII) or not first <= int(text) <= last:
            raise CellError("ar", f"”{_shown(text)}” är inget år mellan {first} och {last}.")
        return int(text) - first

    def _place(self, text: str) -> int:
        if text not in self._places:
            padded = text.zfill(4)
            lost = (
                f" Har {padded} tappat sin nolla?"
                if len(text) == 3 and padded in self._places
                else ""
            )
            raise CellError("okand_kommun", f"”{_shown(text)}” är ingen kommunkod.{lost}")
        return self._places[text]

    def _month(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) or not 1 <= int(text) <= 12:
            raise CellError("manad", f"”{_shown(text)}” är ingen månad; skriv 1–12.")
        return int(text)

    def _sex(self, text: str) -> int:
        folded = SEX_SHORT.get(text.casefold(), text.casefold())
        if folded not in SEXES:
            raise CellError("kon", f"”{_shown(text)}” är inget kön; skriv kvinna, man eller okänt.")
        return SEXES.index(folded)

    def _label(self, column: str, text: str) -> int:
        if ERROR.fullmatch(text):
            raise CellError("felvarde", error_words(text))
        if not text:
            raise CellError("tom_cell", "Cellen är tom. Skriv okänt om uppgiften saknas.")
        if is_sum(text):
            raise CellError(
                "summa_bland_delar",
                f"”{text}” är en summa; den skulle räknas två gånger. Ta bort raden.",
            )
        if (
            CONTROL.search(text)
            or "\n" in text
            or "\r" in text
            or "\ufffd" in text
            or MOJIBAKE.search(text)
        ):
            raise CellError(
                "teckenfel",
                f"{_shown(text)!r} har tecken som inte hör hemma i en text. Spara om filen.",
            )
        if len(text) > LONGEST_LABEL:
            raise CellError("for_lang", f"”{_shown(text)}…” är längre än {LONGEST_LABEL} tecken.")
        known, same = self.labels[column], folded(text)
        text = self.spelt[column].setdefault(same, text)
        if text not in known and len(known) == 1 << BITS[column]:
            raise CellError("for_manga_varden", f"Kolumnen har fler än {len(known)} olika värden.")
        return known.setdefault(text, len(known))

    def _count(self, text: str) -> int:
        if ERROR.fullmatch(text):
            raise CellError("felvarde", error_words(text))
        plain = ungrouped(text)
        if not plain or SPACES.sub("", plain) in SUPPRESSED:
            return HIDDEN if plain else UNKNOWN
        if not re.fullmatch(r"[0-9]+", plain, re.ASCII):
            raise CellError(
                "ej_antal",
                f"”{_shown(text)}” är inget antal; skriv ett heltal, noll eller mer, eller ”..”.",
            )
        if len(plain) > 12 or int(plain) > MOST:
            raise CellError("orimligt", f"{_shown(text)} personer är orimligt många.")
        return int(plain)


def _composed(text: str) -> str:
    """Text as it is compared: composed letters, nothing invisible, no outer blanks."""
    return (
        text.strip()
        if text.isascii()
        else INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()
    )


def _shown(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:40]


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
        told = [
            Finding(code, says, REFUSED, "1", line, column)
            for line, code, says, column in self.kept
        ]
        rest = self.count - len(told)
        return [*told, Finding("fler", f"… och {rest} fel till.", REFUSED)] if rest else told


@dataclass(frozen=True)
class Checked:
    """A table as read: its rows packed and sorted (empty if refused), what was found, and how to
    read the codes.
    """

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


def _packed(
    block: pa.RecordBatch, coder: Coder, faults: Faults, stream: Stream, position: int
) -> Numbers:
    """One block's rows as numbers; a row that is blank or faulty is LEFT_OUT."""
    columns = {name: block.column(name) for name in stream.columns}
    indices = {name: column.indices.to_numpy() for name, column in columns.items()}
    blank = np.logical_and.reduce(
        [_blanks(column)[indices[name]] for name, column in columns.items()]
    )
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
    """The code of each of a block's different cells, LEFT_OUT where it cannot be read, and then
    why.
    """
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
                faults.append(
                    (
                        line,
                        "dubblett",
                        f"Samma nyckel ({', '.join(KEY)}) står redan på rad {first}.",
                        None,
                    )
                )
    return faults, len(keys)


def _marks(rows: Numbers) -> list[Finding]:
    """How many counts are not told, and that they are not zero."""
    says = {
        HIDDEN: (
            "ej_redovisat",
            "rader har ”..” eller ett streck: talet är sekretessbelagt, okänt och inte noll.",
        ),
        UNKNOWN: ("tomt_antal", "rader har inget antal: okänt, inte noll."),
    }
    numbers = dict.fromkeys(says, 0)
    for start in range(0, len(rows), AT_ONCE):
        counts = unpack(rows[start : start + AT_ONCE], "antal")
        for mark in numbers:
            numbers[mark] += int((counts == mark).sum())
    return [
        Finding(says[mark][0], f"{number} {says[mark][1]}", WARNING)
        for mark, number in numbers.items()
        if number
    ]


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
        return Finding(
            "radbredd", "Filen läses inte längre: raderna har inte rubrikens antal celler.", REFUSED
        )
    says = (
        "Filen går inte att läsa som tabell: en rad är orimligt lång, eller så saknar ett"
        " citattecken sitt par."
    )
    return Finding("olaslig", says, REFUSED)
