"""Read a stranger's file as text, cell by cell, with nothing decided about what the cells mean; in
a process of its own, with limits on memory, time and what it may write.
"""

import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO, Any

from helpers.contracts.files import bytes_in, checksum, resolved
from helpers.contracts.text import from_json
from helpers.sources.files.findings import (
    ERROR,
    REFUSED,
    WARNING,
    Finding,
    Level,
    Reading,
    RefusedFileError,
    Sheet,
    column_letter,
    error_words,
)
from helpers.sources.files.preflight import MAX_FILE, decode, preflight
from helpers.sources.files.superscripts import superscripts

MAX_CELLS = 500_000
SAMPLED = 2000  # rows by which the delimiter is told
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
MOJIBAKE = re.compile("Ã[\u0080-\u00bf\u2013-\u203a\u20ac…†‡ˆ‰ŠŒŽšœžŸ]|â€|Â[\u00a0-\u00bf]")
SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
MINUS = re.compile(r"\u2212(?=\s*[0-9])")
NUMBER = re.compile(r"[-\u2212]?[0-9][0-9\s\u00a0\u2007\u2009\u202f]*(,[0-9]+)?")
FIRST = "\ufffd"
MORE = "här och eventuellt i fler celler."
MADE_PLAIN = {  # what is read as something else, and as what
    "osynligt": f"Osynliga tecken togs bort, {MORE}",
    "nfd": f"Bokstäver skrivna som två tecken (NFD) sattes ihop, {MORE}",
    "mellanslag": f"Hårda eller smala mellanslag lästes som vanliga, {MORE}",
    "minustecken": f"Minustecken (U+2212) lästes som ”-”, {MORE}",
}


def read(path: Path) -> Reading:
    """Look a file over and read its sheets, in this process; never raises on what the file holds.

    Untrusted files are read by `child.read_apart`, which does this within limits.
    """
    size = path.stat().st_size
    if size > MAX_FILE:
        says = f"Filen är {size >> 20} MB; gränsen är {MAX_FILE >> 20} MB."
        return Reading("okänd", "", [Finding("for_stor", says)], [])
    return read_bytes(path.name, bytes_in(path))


def read_bytes(name: str, data: bytes) -> Reading:
    """Look over and read a file's content; a refusal is a finding."""
    found = checksum(data)
    kind = "okänd"
    try:
        kind, findings = preflight(name, data)
        sheets, more = _text_sheet(data) if kind == "text" else (_workbook_sheets(data), [])
        sheets, dirt = _clean(sheets)
    except RefusedFileError as refused:
        return Reading(kind, found, [refused.finding], [])
    return Reading(kind, found, [*findings, *more, *dirt], sheets)


def _text_sheet(data: bytes) -> tuple[list[Sheet], list[Finding]]:
    text, findings = decode(data)
    delimiter = _delimiter(text)
    try:
        rows = _rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise RefusedFileError(
            "citattecken", f"Citattecknen går inte ihop ({error}). Är filen avklippt?"
        ) from None
    return [Sheet("1", rows)], [*findings, *_cut_off(text, rows)]


def _cut_off(text: str, rows: list[list[str]]) -> list[Finding]:
    """A file that ends within its last row has been cut; a line end alone may be left out."""
    if text.endswith(("\n", "\r")) or len(rows) < 2:
        return []
    last, width = rows[-1], max(Counter(map(len, rows)).items(), key=lambda one: one[1])[0]
    if len(last) < width or not last[-1].strip():
        says = "Filen slutar mitt i sin sista rad. Hämta den på nytt."
        return [Finding("avklippt_rad", says, rad=len(rows), blad="1")]
    says = "Sista raden saknar radslut. Är filen hel?"
    return [Finding("utan_radslut", says, WARNING, rad=len(rows), blad="1")]


def _rows(reader: Iterable[list[str]]) -> list[list[str]]:
    """All rows, as long as they are no more than a table of this kind can have."""
    rows, cells = [], 0
    for row in reader:
        cells += max(len(row), 1)
        _limit(cells)
        rows.append(row)
    return rows


def _delimiter(text: str) -> str:
    """The mark that gives most rows of one width; `;` and tab before the comma, which is also a
    decimal mark.
    """
    found = {mark: _evenness(text, mark) for mark in (";", "\t", ",")}
    best = max(found.values())
    return next(mark for mark, evenness in found.items() if evenness >= 0.8 * best)


def _evenness(text: str, mark: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        widths = Counter(len(row) for row in islice(reader, SAMPLED) if len(row) > 1)
    except csv.Error:
        return 0
    return max(widths.values(), default=0)


def _workbook_sheets(data: bytes) -> list[Sheet]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        raised = superscripts(data) if data.startswith(b"PK") else {}
        metas = [meta for meta in book.sheets_metadata if "WorkSheet" in str(meta.typ)]
        return [_sheet(book, meta, raised) for meta in metas]
    except python_calamine.PasswordError:
        raise RefusedFileError(
            "losenord", "Arbetsboken är skyddad med lösenord. Spara en kopia utan lösenord."
        ) from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedFileError(
            "olaslig", f"Arbetsboken går inte att läsa ({error}). Spara om den i Excel."
        ) from None


def _sheet(book: Any, meta: Any, raised: dict[str, str] | None = None) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    raised = raised or {}
    _limit(sheet.total_height * sheet.total_width)
    values = [
        [raised.get(value, value) if isinstance(value, str) else value for value in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    rows = [[cell_text(value) for value in row] for row in values]
    as_text = [
        [r, c]
        for r, row in enumerate(values)
        for c, value in enumerate(row)
        if _number_as_text(value)
    ]
    merged = getattr(sheet, "merged_cell_ranges", None) or []
    corners = [[*first, *last] for first, last in merged]
    return Sheet(meta.name, rows, str(meta.visible).endswith("Visible"), corners, as_text)


def _number_as_text(value: object) -> bool:
    return isinstance(value, str) and NUMBER.fullmatch(value.strip()) is not None


def _limit(cells: int) -> None:
    if cells > MAX_CELLS:
        raise RefusedFileError(
            "jattelik", f"Ett blad har fler än {MAX_CELLS} celler. Spara om bara tabellen."
        )


def cell_text(value: object) -> str:
    """Return a workbook's cell as Swedish text: whole numbers without decimals, a decimal comma.

    >>> cell_text(41.0), cell_text(1.14), cell_text(None), cell_text(True)
    ('41', '1,14', '', 'SANT')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, float):
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else f"{value:.12g}".replace(".", ",")
        )
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _clean(sheets: list[Sheet]) -> tuple[list[Sheet], list[Finding]]:
    """Compose letters and take away what cannot be seen, each said once; a damaged letter is
    refused.
    """
    findings: list[Finding] = []
    seen: set[str] = set()
    for number, sheet in enumerate(sheets, 1):
        for r, row in enumerate(sheet.rows):
            for c, text in enumerate(row):
                if text.isascii() and text.isprintable() and "#" not in text and "Err" not in text:
                    continue
                plain = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
                row[c] = MINUS.sub("-", SPACES.sub(" ", plain))
                for code, level, says in _dirt(text):
                    if level == REFUSED or code not in seen:
                        seen.add(code)
                        findings.append(
                            Finding(code, says, level, str(number), r + 1, column_letter(c))
                        )
    return sheets, findings


def _dirt(text: str) -> list[tuple[str, Level, str]]:
    """What is wrong with a cell's letters: the finding's code, level and words."""
    shown = re.sub(r"\s+", " ", text)[:40]
    damaged = {
        "felvarde": (ERROR.fullmatch(text.strip()), error_words(shown)),
        "ersattningstecken": (
            FIRST in text,
            f"”{shown}” har tappat en bokstav (U+FFFD). Hämta filen på nytt.",
        ),
        "teckenfel": (
            MOJIBAKE.search(text),
            f"”{shown}” är läst i fel teckenkodning. Spara om filen som UTF-8.",
        ),
        "styrtecken": (
            CONTROL.search(text),
            f"Cellen har ett styrtecken: {shown!r}. Filen är skadad.",
        ),
    }
    found: list[tuple[str, Level, str]] = [
        (code, REFUSED, says) for code, (there, says) in damaged.items() if there
    ]
    plain = {
        "osynligt": INVISIBLE.search(text),
        "nfd": unicodedata.normalize("NFC", text) != text,
        "mellanslag": SPACES.search(text),
        "minustecken": MINUS.search(text),
    }
    return found + [(code, WARNING, MADE_PLAIN[code]) for code, there in plain.items() if there]


MEMORY, ANSWER = 512 << 20, 64 << 20  # bytes of address space; bytes on standard output
SECONDS = 60.0  # from start to end: on a busy machine a sound file waits for its turn
COMPUTING = 5  # seconds of processor time
MODULE = "helpers.sources.files.child"


def read_apart(path: Path, seconds: float = SECONDS) -> Reading:
    """Read a file in a limited child; whatever happens to the child becomes a finding.

    Args:
        path: The file; it need not be what its name says.
        seconds: Wall-clock limit for the child, its start included.
    """
    with tempfile.TemporaryFile() as answer:
        # -P: nothing beside the file, such as a csv.py in the same folder, is taken for ours.
        command = [sys.executable, "-P", "-m", MODULE, str(resolved(path))]
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            return _failed(
                "for_langsam", f"Filen tog mer än {seconds:g} s att läsa. Spara om bara tabellen."
            )
        finally:
            child.kill()
            child.wait()
        return _answered(code, answer)


def _answered(code: int, answer: IO[bytes]) -> Reading:
    answer.seek(0)
    try:
        if code == 0:
            return Reading.from_dict(from_json(answer.read()))
    except (ValueError, KeyError, TypeError):
        pass  # half an answer is no answer
    return _failed(
        "olaslig",
        f"Filen fick läsaren att avbryta (kod {code}). Spara om den i Excel och försök igen.",
    )


def _failed(code: str, says: str) -> Reading:
    return Reading("okänd", "", [Finding(code, says)], [])


def limit() -> None:
    """Bind this process to its limits, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the wall limit still holds
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, COMPUTING),
        (resource.RLIMIT_FSIZE, ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read the file named on the command line and answer in JSON; the parent judges the exit."""
    limit()
    try:
        reading = read(Path(sys.argv[-1]))
    except MemoryError:
        reading = _failed(
            "for_stor",
            f"Filen kräver mer än {MEMORY >> 20} MiB minne att läsa. Spara om bara tabellen.",
        )
    except OSError as error:
        reading = _failed("olasbar", f"Filen går inte att öppna ({error.strerror}).")
    except Exception as error:
        reading = _failed(
            "olaslig", f"Filen går inte att läsa ({type(error).__name__}). Spara om den i Excel."
        )
    json.dump(reading.as_dict(), sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
