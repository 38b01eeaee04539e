"""An .xlsx looked through as a stream: neither the memory nor the time of a bomb is ever needed."""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from typing import IO
from xml.parsers import expat

from helpers.contracts.text import cut
from helpers.sources.files.findings import (
    WARNING,
    Finding,
    RefusedFileError,
    column_letter,
    error_words,
)
from helpers.sources.files.formulas import LONGEST, fetches, foreign_words

MAX_TOTAL, MAX_RATIO, MAX_PARTS, MAX_CELLS = 60 << 20, 200, 500, 500_000
CHUNK = 1 << 16
TOLD = 20  # findings of one kind that are told of a sheet
CONTENTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
REFERENCE = re.compile(r"\$?([A-Za-z]{0,9})\$?([0-9]{1,12})")
IN_PERCENT = "Cellen visas i procent. Skriv andelen i promille, som ett vanligt tal."
UNSAFE = {
    "vbaproject": ("makron", "Arbetsboken innehåller makron. Spara den som .xlsx utan makron."),
    "/embeddings/": (
        "inbaddat",
        "Arbetsboken innehåller inbäddade objekt. Spara en kopia med bara tabellen.",
    ),
    "/macrosheets/": ("makroblad", "Arbetsboken har ett makroblad. Spara en kopia utan."),
    "/ddelinks/": ("externa_lankar", "Arbetsboken hämtar värden ur andra program (DDE)."),
    "xl/connections.xml": (
        "externa_lankar",
        "Arbetsboken hämtar värden ur en datakälla. Spara en kopia med bara värden.",
    ),
    "/activex/": ("inbaddat", "Arbetsboken har ActiveX-kontroller. Spara en kopia utan."),
    "/externallinks/": (
        "externa_lankar",
        "Arbetsboken hämtar värden ur andra filer. Spara en kopia med bara värden.",
    ),
}


def check_workbook(data: bytes, name: str) -> list[Finding]:
    """Stream every part of a zip archive that claims to be a workbook; return the warnings.

    Raises:
        RefusedFileError: it is cut off, is no workbook, has macros, unpacks to too much, declares
            entities, or spans more cells than any table of this kind.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive.infolist(), name)
            return _stream(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise RefusedFileError(
            "avklippt", f"Arbetsboken är avklippt eller skadad ({error}). Hämta den på nytt."
        ) from None
    except (RuntimeError, NotImplementedError):
        raise RefusedFileError(
            "losenord", "Arkivet är krypterat eller packat på ett okänt sätt. Spara om det."
        ) from None


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = [part.filename for part in parts]
    lowered = [part.lower() for part in names]
    for word, (code, says) in UNSAFE.items():
        if any(word in part for part in lowered):
            raise RefusedFileError(code, says)
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise RefusedFileError(*UNSAFE["vbaproject"])
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise RefusedFileError(
            "ingen_arbetsbok",
            "Zip-arkivet är ingen arbetsbok i formatet .xlsx. Packa upp det eller spara om"
            " tabellen.",
        )
    if len(parts) > MAX_PARTS or len(set(lowered)) != len(lowered):
        raise RefusedFileError("konstig_zip", "Zip-arkivet har för många eller dubbla delar.")
    if any(part.startswith("/") or ".." in part or "\\" in part for part in names):
        raise RefusedFileError("konstig_zip", "Zip-arkivet har ett otillåtet filnamn.")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedFileError(
            "losenord", "Zip-arkivet är krypterat. Spara en kopia utan lösenord."
        )
    if sum(part.file_size for part in parts) > MAX_TOTAL:
        raise RefusedFileError("bomb", f"Arbetsboken packar upp till mer än {MAX_TOTAL >> 20} MB.")


def _stream(archive: zipfile.ZipFile) -> list[Finding]:
    kinds = _kinds(archive)
    total, sheets, contents, styles = 0, dict[str, _SheetWatch](), _ContentsWatch(), _StylesWatch()
    for part in archive.infolist():
        parser = _parser() if part.filename.endswith((".xml", ".rels", ".vml")) else None
        if parser and part.filename in kinds["worksheet"]:
            sheets[part.filename] = _SheetWatch()
            sheets[part.filename].watch(parser)
        elif parser and part.filename in CONTENTS:
            parser.StartElementHandler = contents.start
        elif parser and part.filename in kinds["styles"]:
            parser.StartElementHandler = styles.start
            parser.EndElementHandler = styles.end
        with archive.open(part) as stream:
            total += _feed(stream, part, parser, total)
    return [
        found
        for name, sheet in sheets.items()
        for found in sheet.findings(*contents.place_of(name), styles.percent)
    ]


def _kinds(archive: zipfile.ZipFile) -> dict[str, set[str]]:
    """The parts that the workbook's relations call worksheets and styles, whatever they are named.

    Raises:
        RefusedFileError: they name a macro sheet, another file, or a part outside the workbook.
    """
    found = {
        "worksheet": {
            part.filename
            for part in archive.infolist()
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename)
        },
        "styles": {"xl/styles.xml"},
    }
    relations = _Relations()
    for part in archive.infolist():
        if part.filename == CONTENTS[1]:
            parser = _parser()
            parser.StartElementHandler = relations.start
            with archive.open(part) as stream:
                _feed(stream, part, parser, 0)
    for kind, target in relations.found:
        if "macrosheet" in kind or "dialogsheet" in kind:
            raise RefusedFileError(
                "makroblad", "Arbetsboken har ett makroblad. Spara en kopia utan."
            )
        if "externallink" in kind:
            raise RefusedFileError(*UNSAFE["/externallinks/"])
        if kind in found:
            found[kind].add(target)
    return found


class _Relations:
    """What a workbook's relations lead to: the kind of part, and its name."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag.rsplit(":", 1)[-1] == "Relationship":
            kind = given.get("Type", "").rsplit("/", 1)[-1].lower()
            self.found.append((kind, _part(given.get("Target", ""))))


def _part(target: str) -> str:
    """The part that a workbook's relation leads to."""
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _feed(stream: IO[bytes], part: zipfile.ZipInfo, parser: object, before: int) -> int:
    """Return how many bytes came out: the true size, not the one that the header claims."""
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if before + size > MAX_TOTAL:
                raise RefusedFileError(
                    "bomb", f"Arbetsboken packar upp till mer än {MAX_TOTAL >> 20} MB."
                )
            if size > 1 << 20 and size > MAX_RATIO * max(part.compress_size, 1):
                raise RefusedFileError(
                    "bomb", f"Misstänkt packning i {part.filename}: mer än {MAX_RATIO} gånger."
                )
            if parser:
                parser.Parse(chunk, False)  # type: ignore[attr-defined]
        if parser:
            parser.Parse(b"", True)  # type: ignore[attr-defined]
    except expat.ExpatError as error:
        raise RefusedFileError(
            "trasig_xml", f"Arbetsbokens del {part.filename} är trasig ({error})."
        ) from None
    return size


def _parser() -> "expat.XMLParserType":
    """A real XML parser: a search in the bytes is fooled by `&#88;FD1048576`."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.EntityDeclHandler = _no_doctype
    parser.ExternalEntityRefHandler = _no_doctype
    return parser


def _no_doctype(*_: object) -> int:
    raise RefusedFileError(
        "doctype", "Arbetsboken har en DOCTYPE med entiteter, vilket ett kalkylblad aldrig har."
    )


class _ContentsWatch:
    """What a workbook says of its sheets: their names in order, and in which part each lies."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # relation → the sheet's name
        self.parts: dict[str, str] = {}  # relation → the part
        self.worksheets: set[str] = set()  # the relations that lead to one

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag == "sheet":
            relation = next((value for name, value in given.items() if name.endswith(":id")), "")
            self.names[relation] = given.get("name", "")
        elif tag == "Relationship":
            self.parts[given.get("Id", "")] = _part(given.get("Target", ""))
            if given.get("Type", "").endswith("/worksheet"):
                self.worksheets.add(given.get("Id", ""))

    def place_of(self, part: str) -> tuple[str | None, str]:
        """Return a worksheet's number among the worksheets, None if it is in no list, and its
        name.
        """
        worksheets = [one for one in self.names if one in self.worksheets]
        for number, relation in enumerate(worksheets, 1):
            if self.parts[relation] == part:
                return str(number), self.names[relation]
        return None, ""


class _StylesWatch:
    """Which styles of cells show a number as per cent."""

    def __init__(self) -> None:
        self.formats = {"9", "10"}  # Excel's own: 0% and 0.00%
        self.percent: set[str] = set()
        self.inside, self.count = False, 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag == "numFmt" and "%" in given.get("formatCode", ""):
            self.formats.add(given.get("numFmtId", ""))
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            if given.get("numFmtId") in self.formats:
                self.percent.add(str(self.count))
            self.count += 1

    def end(self, tag: str) -> None:
        self.inside = self.inside and tag.rsplit(":", 1)[-1] != "cellXfs"


class _SheetWatch:
    """What a sheet's XML says while it streams past: its extent, hidden rows, formulas without a
    value.
    """

    def __init__(self) -> None:
        self.cells = self.rows = self.columns = 0
        self.hidden: list[int] = []
        self.in_row: set[str] = set()  # the cells of the row at hand
        self.hidden_columns: list[int] = []
        self.formula = self.value = self.inside = False
        self.cell, self.unvalued = "", ""
        self.error = False
        self.said = ""
        self.style = ""  # of the cell that holds a number; "" of any other
        self.styled: dict[str, list[str]] = {}  # style → the first cells of numbers that have it
        self.errors: list[tuple[str, str]] = []  # the cell, and what it shows
        self.in_formula, self.formula_said = False, ""
        self.foreign: list[tuple[str, str]] = []  # the cell, and a formula that fetches its value

    def watch(self, parser: "expat.XMLParserType") -> None:
        """Follow a parser through the sheet."""
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag in ("c", "row"):
            self._extend(tag, given)
        elif tag == "col" and given.get("hidden") in ("1", "true"):
            self.hidden_columns.append(int(given.get("min", "1")) - 1)
        elif tag == "f":
            self.formula = self.in_formula = True
            self.formula_said = ""
        elif tag == "v":
            self.inside = True
        elif tag == "is":
            self.value = True

    def text(self, said: str) -> None:
        """A value is what stands in <v>; an empty one is no value."""
        self.value = self.value or self.inside
        if self.inside and self.error:
            self.said += said
        if self.in_formula and len(self.formula_said) < LONGEST:
            self.formula_said += said

    def end(self, tag: str) -> None:
        tag = tag.rsplit(":", 1)[-1]
        self.inside = self.inside and tag != "v"
        self.in_formula = self.in_formula and tag != "f"
        if tag == "f" and len(self.foreign) < TOLD and fetches(self.formula_said):
            self.foreign.append((self.cell, self.formula_said))
        if tag == "c" and self.style and self.value:
            cells = self.styled.setdefault(self.style, [])
            cells += [self.cell] if len(cells) < TOLD else []
        if tag == "c" and self.error and len(self.errors) < TOLD:
            self.errors.append((self.cell, self.said))
        if tag == "c" and self.formula and not self.value:
            self.unvalued = self.unvalued or self.cell or "?"

    def _extend(self, tag: str, given: dict[str, str]) -> None:
        match = REFERENCE.fullmatch(given.get("r", "").strip())
        if match:
            self.rows = max(self.rows, int(match[2]))
            self.columns = max(self.columns, _column(match[1].upper()) if match[1] else 1)
        if tag == "row":
            self.in_row.clear()
        if tag == "c":
            self.cells += 1
            self._refuse_double(given.get("r", ""))
            # A formula may give an empty text, which then is its value.
            self.cell, self.formula, self.value = given.get("r", ""), False, given.get("t") == "str"
            self.style = given.get("s", "0") if given.get("t", "n") == "n" else ""
            self.error, self.said = given.get("t") == "e", ""
        elif given.get("hidden") in ("1", "true") or _no_height(given):
            self.hidden.append(self.rows)
        if max(self.cells, self.rows * self.columns) > MAX_CELLS:
            raise RefusedFileError(
                "jattelik",
                f"Ett blad spänner över fler än {MAX_CELLS} celler. Spara om bara tabellen.",
            )

    def _refuse_double(self, cell: str) -> None:
        """A cell that stands twice in its row has two values, and which is read is chance."""
        if cell and cell in self.in_row:
            says = f"Cellen {cut(cell)} står två gånger i arbetsboken."
            at = _at("dubbel_cell", says, cell, None)
            raise RefusedFileError(at.code, says, at.rad, at.kolumn)
        self.in_row.add(cell)

    def findings(self, blad: str | None, name: str, percent: set[str]) -> list[Finding]:
        """Return what was seen, told with the sheet's number and name; `percent` are the styles
        that show a number as per cent.
        """
        found = [_at("felvarde", error_words(said), cell, blad) for cell, said in self.errors]
        found += [
            _at("procent", IN_PERCENT, cell, blad)
            for style in sorted(percent & set(self.styled))
            for cell in self.styled[style]
        ]
        if self.unvalued:
            says = (
                f"Cellen {self.unvalued} är en formel utan beräknat värde. Öppna filen i Excel och"
                " spara den."
            )
            found.append(_at("formel_utan_varde", says, self.unvalued, blad))
        found += [
            _at("externa_lankar", foreign_words(said), cell, blad) for cell, said in self.foreign
        ]
        hidden = f"är dold i bladet ”{cut(name)}” men läses som de andra."
        found += [
            Finding("dold_rad", f"Raden {hidden}", WARNING, blad, rad=row)
            for row in self.hidden[:TOLD]
        ]
        return found + [
            Finding("dold_kolumn", f"Kolumnen {hidden}", WARNING, blad, kolumn=column_letter(place))
            for place in self.hidden_columns[:TOLD]
        ]


def _at(code: str, says: str, cell: str, blad: str | None) -> Finding:
    place = REFERENCE.fullmatch(cell)
    if not place:
        return Finding(code, says, blad=blad)
    return Finding(code, says, blad=blad, rad=int(place[2]), kolumn=place[1])


def _no_height(given: dict[str, str]) -> bool:
    try:
        return float(given.get("ht", "1")) == 0
    except ValueError:
        return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
