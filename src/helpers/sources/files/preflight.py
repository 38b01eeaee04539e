"""What a file is, judged by its content before any parser of tables sees it."""

import re
import struct
from pathlib import PurePath

from helpers.sources.files.findings import (
    WARNING,
    Finding,
    RefusedFileError,
    column_letter,
    error_words,
)
from helpers.sources.files.xlsx import UNSAFE, check_workbook

MAX_FILE = 25 << 20  # bytes
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
# .xls: its first record says locked
FILEPASS = re.compile(rb"\x09\x08\x10\x00\x00\x06.{14}\x2f\x00", re.DOTALL)
CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
CODE = rb"(?P<code>[\x00\x07\x0f\x17\x1d\x24\x2a])"
# .xls: a cell's record is its kind and length, row, column and format, then the value
ERROR_CELL = re.compile(rb"\x05\x02\x08\x00(?P<at>.{4})..%b\x01" % CODE, re.DOTALL)
ERROR_FORMULA = re.compile(rb"\x06\x00..(?P<at>.{4})..\x02.%b...\xff\xff" % CODE, re.DOTALL)
# .xls: a record of where other values come from; its length, the sheets it names, the length of the
# address, whether its letters are of two bytes, and the address: 1 begins a file's, 3 parts a
# programme from what is asked of it (DDE)
OUTWARD = re.compile(
    rb"\xae\x01(?P<size>..)..(?P<letters>[\x01-\xff]\x00)(?P<wide>[\x00\x01])", re.DOTALL
)
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
STRANGERS = {
    b"%PDF": "en pdf",
    b"\x1f\x8b": "ett gzip-arkiv",
    b"\x89PNG": "en bild",
    b"\xff\xd8\xff": "en bild",
    b"PAR1": "en Parquet-fil",
    b"SQLite format 3": "en databas",
    b"7z\xbc\xaf": "ett 7z-arkiv",
    b"Rar!": "ett rar-arkiv",
    b"{\\rtf": "ett textdokument (rtf)",
}
ENDINGS = {".csv": "text", ".txt": "text", ".tsv": "text", ".xlsx": "xlsx", ".xls": "xls"}
KINDS = {
    "text": "text",
    "xlsx": "en arbetsbok i formatet .xlsx",
    "xls": "en arbetsbok i det äldre formatet .xls",
}


def preflight(name: str, data: bytes) -> tuple[str, list[Finding]]:
    """Return what kind of file it is ("text", "xlsx", "xls") and the warnings so far.

    Raises:
        RefusedFileError: the content is none of these, is dangerous, cut off or locked.
    """
    if PurePath(name).name.startswith("~$"):
        raise RefusedFileError(
            "lasfil",
            "Det här är Excels låsfil, inte arbetsboken. Stäng Excel och välj filen utan ~$.",
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise RefusedFileError("tom_fil", "Filen är tom. Hämta den på nytt.")
    if len(data) > MAX_FILE:
        raise RefusedFileError(
            "for_stor", f"Filen är {len(data) >> 20} MB; gränsen är {MAX_FILE >> 20} MB."
        )
    kind, findings = _kind(name, data)
    _check_ending(name, kind)
    return kind, findings


def _kind(name: str, data: bytes) -> tuple[str, list[Finding]]:
    if data.startswith(OLE2):
        _check_ole(data)
        return "xls", errors_in(data)
    if data.startswith(b"PK"):
        return "xlsx", check_workbook(data, name)
    _check_text(data)
    return "text", []


def _check_ending(name: str, kind: str) -> None:
    """Excel itself stops at such a file: a wrong ending is often a wrong download."""
    ending = PurePath(name).suffix.lower()
    if ENDINGS.get(ending, kind) != kind:
        raise RefusedFileError(
            "fel_andelse",
            f"Filen heter {ending} men innehåller {KINDS[kind]}. Kontrollera att det är rätt fil"
            " och rätta ändelsen.",
        )


def _check_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data or FILEPASS.search(data):
        raise RefusedFileError(
            "losenord", "Arbetsboken är skyddad med lösenord. Spara en kopia utan lösenord."
        )
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise RefusedFileError(
            "makron", "Arbetsboken innehåller makron. Spara den som .xlsx utan makron."
        )
    if any(_leads_out(data, match) for match in OUTWARD.finditer(data)):
        raise RefusedFileError(*UNSAFE["/externallinks/"])


def _leads_out(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether a record of an .xls names another file or programme: its parts must agree, as the
    same bytes may stand in a number.
    """
    (size,) = struct.unpack("<H", match["size"])
    (letters,) = struct.unpack("<H", match["letters"])
    length = letters * (2 if match["wide"] == b"\x01" else 1)
    address = data[match.end() : match.end() + length]
    text = address.decode("utf-16-le" if match["wide"] == b"\x01" else "latin-1", "replace")
    return size >= 5 + length and (text.startswith("\x01") or "\x03" in text)


def errors_in(data: bytes) -> list[Finding]:
    """The cells of an .xls that hold an error, as a value or as a formula's; a reader gives them
    as blank.
    """
    found: dict[tuple[int, int], str] = {}
    for record in (ERROR_CELL, ERROR_FORMULA):
        for match in record.finditer(data):
            row, column = struct.unpack("<HH", match["at"])
            found[row, column] = CODES[match["code"][0]]
    return [
        Finding("felvarde", error_words(said), rad=row + 1, kolumn=column_letter(column))
        for (row, column), said in sorted(found.items())[:20]
    ]


def _check_text(data: bytes) -> None:
    if re.match(rb"\x80[\x02-\x05]", data) and data.rstrip().endswith(b"."):
        raise RefusedFileError(
            "pickle", "Filen är en pickle, som kan köra program när den läses. Den öppnas inte."
        )
    for start, what in STRANGERS.items():
        if data.startswith(start):
            raise RefusedFileError(
                "okant_format",
                f"Filen är {what}, inte en tabell. Spara tabellen som .csv eller .xlsx.",
            )
    if data.startswith(b"version https://git-lfs"):
        raise RefusedFileError(
            "git_lfs",
            "Filen är en pekare från git-lfs, inte tabellen. Hämta den med `git lfs pull`.",
        )
    _check_markup(data)


def _check_markup(data: bytes) -> None:
    start = re.sub(rb"\x00", b"", data[:4096]).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<?xml"):
        raise RefusedFileError(
            "xml", "Filen är XML, inte en tabell. Öppna den i Excel och spara som .xlsx."
        )
    if start.startswith(b"<"):
        raise RefusedFileError(
            "html",
            "Filen är en webbsida, kanske en felsida i stället för tabellen. Hämta den på nytt.",
        )
    if re.match(rb"[{\[]\s*[\"{\[]", start):
        raise RefusedFileError(
            "json", "Filen är JSON, kanske ett felsvar i stället för tabellen. Hämta den på nytt."
        )


def decode(data: bytes) -> tuple[str, list[Finding]]:
    """Return a text file's text and what had to be assumed of its encoding.

    Raises:
        RefusedFileError: NUL bytes, two encodings in one file, or bytes that are no text.
    """
    for bom, encoding in BOMS.items():
        if data.startswith(bom):
            return _with_bom(data[len(bom) :], encoding)
    bare = _utf16_without_bom(data)
    if bare:
        return _with_bom(data, bare)
    if b"\x00" in data:
        raise RefusedFileError(
            "nul",
            f"Filen har ett NUL-tecken vid byte {data.index(0) + 1}; den är skadad eller ingen"
            " text.",
        )
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _cp1252(data, error.start)


def _with_bom(data: bytes, encoding: str) -> tuple[str, list[Finding]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            "blandad_kodning",
            f"Byte {error.start + 1} är inte {encoding.upper()}, som filen säger sig vara.",
        ) from None
    if "\x00" in text:
        raise RefusedFileError("nul", "Filen har NUL-tecken; den är skadad eller ingen text.")
    if encoding == "utf-8":
        return text, [Finding("bom", "Filen börjar med ett BOM-tecken, som togs bort.", WARNING)]
    return text, [Finding("utf16", "Filen var kodad i UTF-16 och lästes så.", WARNING)]


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 gives itself away: every other byte of western text is NUL."""
    even, odd = data[:4096:2], data[1:4096:2]
    if len(data) >= 16 and odd.count(0) > 0.9 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if len(data) >= 16 and even.count(0) > 0.9 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def _cp1252(data: bytes, start: int) -> tuple[str, list[Finding]]:
    if re.search(rb"\xc3[\x80-\xbf]", data):  # an å, ä or ö in UTF-8 beside bytes that are not
        raise RefusedFileError(
            "blandad_kodning",
            f"Filen blandar teckenkodningar: byte {start + 1} är inte UTF-8 men andra är det. Spara"
            " om den som UTF-8.",
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            "okand_kodning",
            f"Byte {error.start + 1} är varken UTF-8 eller Windows-1252. Spara om filen som UTF-8.",
        ) from None
    return text, [
        Finding("cp1252", "Filen var kodad i Windows-1252 (cp1252) och lästes så.", WARNING)
    ]
