"""The spreadsheet by which a municipality answers how things stand: one catalogue of its fields, by
which the template is written, read back and judged.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.contracts.files import bytes_in
from helpers.contracts.text import in_line
from helpers.errors import DataError
from helpers.model.own_words import READINESS
from helpers.sources.files.findings import RefusedFileError
from helpers.sources.files.preflight import MAX_FILE
from helpers.sources.files.xlsx import check_workbook
from helpers.tables.own_checks import ADDRESS, LONGEST, is_day, personal_data
from helpers.tables.own_schemas import DAY, RATINGS

KIND, VERSION = "mottagning-lagesbild", "1"
COVER, STATE, READY, CHOICES, NOTES = "Omslag", "Läget", "Beredskap", "Val", "Anteckningar"
AREAS = ("Socialtjänst och överförmyndare", "Skola och utbildning", "Bosättning")
THEMES = (
    "arbetsmarknad",
    "befolkning",
    "boende",
    "bostäder",
    "ekonomi",
    "fritid",
    "förebyggande arbete",
    "försörjningsstöd",
    "hedersrelaterade ärenden",
    "information",
    "jämställdhet",
    "kompetensförsörjning",
    "kvotflyktingar",
    "lokaler",
    "långsiktig planering",
    "modersmål",
    "mottagande",
    "avböjd anvisning eller utflyttning",
    "psykisk ohälsa",
    "samhällsorientering",
    "samverkan",
    "segregation",
    "sociala frågor",
    "språk",
    "utanförskap",
)
HEAD_ROW, EXTRA = 2, 3  # where the headings of a sheet stand (from 0); rows for areas of one's own


@dataclass(frozen=True)
class Field:
    """One field: its heading, what it asks for, which is also what an error says, and what may
    stand there.
    """

    name: str
    heading: str
    asks: str
    choices: tuple[str, ...] = ()
    longest: int = 120

    def fault(self, text: str) -> str:
        """Return what is wrong with a cell's text; "" where nothing is."""
        if self.choices:
            return "" if text in self.choices else self.asks
        if len(text) > self.longest or ADDRESS.search(text):
            return self.asks
        return ""


RATING = Field(
    "betyg",
    "Omdöme",
    f"Välj ett av: {', '.join(RATINGS)}. Lämna tomt om ni inte vill bedöma.",
    RATINGS,
)
TEXT = Field(
    "text",
    "Vad vill ni berätta?",
    f"Skriv högst {LONGEST['text']} tecken, utan webbadresser och utan namn på personer.",
    longest=LONGEST["text"],
)
AREA = Field("omrade", "Område", "Skriv ett område med högst 60 tecken.", longest=60)
THEME = [
    Field(f"tema_{n}", f"Tema {n}", "Välj ett tema ur listan på bladet Val.", THEMES)
    for n in (1, 2, 3)
]
SHEETS: dict[str, tuple[Field, ...]] = {
    STATE: (AREA, RATING, *THEME, TEXT),
    READY: (AREA, RATING, TEXT),
}
ROWS = {STATE: AREAS, READY: READINESS}
COVER_ROWS = ("Slag", "Version", "Runda", "Län", "Svarande", "Kommun", "Datum")
DATE_ASKS = "Skriv dagen då ni svarade, till exempel 2022-02-23."
SENT_ASKS = "Här ska det stå som när mallen skickades ut. Hämta mallen på nytt."
HEAD_ASKS = "Rubriken ska vara {heading}. Hämta mallen på nytt och flytta över svaren."
BESIDE_ASKS = "Utanför mallens kolumner läses inget. Flytta texten till en av dem."
TWICE_AREA = "Området står på två rader. Skriv ihop dem till en."
TWICE_THEME = "Temat står två gånger på raden. Ta bort det ena."
TO_CORRECT = "Att rätta"  # heads the column in which a file that comes back says what is wrong


@dataclass(frozen=True)
class Head:
    """Whose answers a workbook holds: the round, the county, the municipality, and the day."""

    runda: str
    lanskod: str
    svarande: str
    kommun: str
    datum: str = ""


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken: where, what stands there, and what to write instead."""

    sheet: str
    cell: str
    found: str
    step: str

    def __str__(self) -> str:
        return f'bladet {self.sheet}, cell {self.cell}: där står "{self.found}". {self.step}'


@dataclass(frozen=True)
class Survey:
    """One workbook as it was read.

    Attributes:
        head: Whose it is.
        cells: (sheet, row from 0, field) → text, as it stands.
        answers: Rows of `lan_svar`: svarande, omrade, betyg, tema, text.
        faults: Every cell that cannot be taken.
        warnings: Cells that seem to hold personal data, never with their content.
    """

    head: Head
    cells: Mapping[tuple[str, int, str], str]
    answers: Sequence[Mapping[str, str]]
    faults: Sequence[Fault] = ()
    warnings: Sequence[str] = field(default=())


def a1(row: int, column: int) -> str:
    """Return a cell's name.

    >>> a1(3, 1), a1(0, 26)
    ('B4', 'AA1')
    """
    left, letters = column + 1, ""
    while left:
        left, last = divmod(left - 1, 26)
        letters = chr(ord("A") + last) + letters
    return f"{letters}{row + 1}"


def read_survey(path: Path) -> Survey:
    """Read a filled template, .xlsx or .ods; every fault of its cells is in what is returned.

    Raises:
        DataError: the file is empty, is no workbook, or is another workbook, and which.
    """
    sheets = _sheets(path)
    head, faults = _head(path.name, sheets)
    cells: dict[tuple[str, int, str], str] = {}
    for sheet, fields in SHEETS.items():
        for at, row in enumerate(sheets.get(sheet, [])[HEAD_ROW + 1 :], start=HEAD_ROW + 1):
            texts = [*row, *[""] * len(fields)]
            found = {own.name: text for own, text in zip(fields, texts, strict=False)}
            if any(found.values()):
                cells |= {(sheet, at, name): text for name, text in found.items()}
    faults += [*_missing_sheets(sheets), *_shape_faults(sheets)]
    faults += [*_cell_faults(cells), *_twice(cells)]
    warnings = [
        f"bladet {sheet}, cell {a1(row, _column(sheet, name))}: verkar innehålla personuppgifter."
        " Skriv en roll i stället."
        for (sheet, row, name), text in cells.items()
        if personal_data(text)
    ]
    answers = list(_answers(cells, head))
    if not answers and not faults:
        raise DataError(f"{path.name}: inget är ifyllt. Fyll i minst ett omdöme, tema eller text.")
    return Survey(head, cells, answers, faults, warnings)


def _column(sheet: str, name: str) -> int:
    return [own.name for own in SHEETS[sheet]].index(name)


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """Every sheet's cells as trimmed text."""
    import python_calamine

    data = bytes_in(path)
    if not data.strip(b"\0 \t\r\n"):
        raise DataError(f"{path.name}: filen är tom. Skicka den ifyllda arbetsboken.")
    if not data.startswith(b"PK") or len(data) > MAX_FILE:
        raise DataError(f"{path.name}: är ingen arbetsbok. Spara mallen som .xlsx eller .ods.")
    try:
        if path.suffix.lower() == ".xlsx":
            check_workbook(data, path.name)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            name: [[_text(cell) for cell in row] for row in _rows(book, name)]
            for name in book.sheet_names
        }
    except (python_calamine.CalamineError, RefusedFileError, OSError, ValueError):
        step = "Öppna den, spara den på nytt som .xlsx eller .ods och försök igen."
        raise DataError(f"{path.name}: går inte att läsa som arbetsbok. {step}") from None


def _rows(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _text(value: Any) -> str:
    """A cell as text; blanks of any kind around it are none of it."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split()) if value is not None else ""


def _head(name: str, sheets: Mapping[str, list[list[str]]]) -> tuple[Head, list[Fault]]:
    """What the cover says; another workbook is named as what it is."""
    cover = {row[0]: (at, row[1]) for at, row in enumerate(sheets.get(COVER, [])) if len(row) > 1}
    kind = cover.get("Slag", (0, ""))[1]
    if kind != KIND:
        what = f"slaget {in_line(kind)}" if kind else f"bladen {in_line(', '.join(sheets))}"
        raise DataError(
            f"{name}: är en annan arbetsbok, med {what}. Använd mallen för lägesbilden."
        )
    version = cover.get("Version", (0, ""))[1]
    if version != VERSION:
        raise DataError(
            f"{name}: är version {in_line(version)} av mallen, här läses {VERSION}. Hämta mallen"
            " på nytt."
        )
    told = {row: cover.get(row, (0, ""))[1] for row in COVER_ROWS}
    head = Head(told["Runda"], told["Län"], told["Svarande"], told["Kommun"], told["Datum"])
    return head, list(_head_faults(cover, head))


def _head_faults(cover: Mapping[str, tuple[int, str]], head: Head) -> Iterator[Fault]:
    """What of the cover cannot be taken: the day, and what was there when it was sent out."""
    if head.datum and not (re.fullmatch(DAY, head.datum) and is_day(head.datum)):
        yield Fault(COVER, a1(cover["Datum"][0], 1), in_line(head.datum), DATE_ASKS)
    sent = {
        "Runda": bool(head.runda),
        "Län": bool(re.fullmatch("[0-9]{2}", head.lanskod)),
        "Svarande": bool(re.fullmatch(f"{re.escape(head.lanskod)}[0-9]{{2}}", head.svarande)),
    }
    for row, right in sent.items():
        at, text = cover.get(row, (COVER_ROWS.index(row), ""))
        if not right:
            yield Fault(COVER, a1(at, 1), in_line(text), SENT_ASKS)


def _missing_sheets(sheets: Mapping[str, object]) -> list[Fault]:
    step = "Bladet saknas. Hämta mallen på nytt och flytta över svaren."
    return [Fault(name, "A1", "", step) for name in SHEETS if name not in sheets]


def _shape_faults(sheets: Mapping[str, list[list[str]]]) -> Iterator[Fault]:
    """Headings that are others than the template's, and what stands beside its columns."""
    for sheet, fields in SHEETS.items():
        rows = sheets.get(sheet, [])
        heads = [*(rows[HEAD_ROW] if len(rows) > HEAD_ROW else []), *[""] * (len(fields) + 1)]
        if sheet not in sheets:
            continue
        for column, own in enumerate(fields):
            if heads[column] != own.heading:
                step = HEAD_ASKS.format(heading=own.heading)
                yield Fault(sheet, a1(HEAD_ROW, column), in_line(heads[column]), step)
        first = len(fields) + (heads[len(fields)] == TO_CORRECT)
        for at, row in enumerate(rows[HEAD_ROW:], start=HEAD_ROW):
            for column, text in enumerate(row[first:], start=first):
                if text:
                    shown = "…" if personal_data(text) else in_line(text)
                    yield Fault(sheet, a1(at, column), shown, BESIDE_ASKS)


def _twice(cells: Mapping[tuple[str, int, str], str]) -> Iterator[Fault]:
    """An area on two rows of a sheet, and a theme two times on a row."""
    seen = set[tuple[object, ...]]()
    for (sheet, row, name), text in cells.items():
        theme = name.startswith("tema_")
        if not text or not (theme or name == "omrade"):
            continue
        key = (sheet, row, text) if theme else (sheet, text)
        if key in seen:
            step = TWICE_THEME if theme else TWICE_AREA
            yield Fault(sheet, a1(row, _column(sheet, name)), in_line(text), step)
        seen.add(key)


def _cell_faults(cells: Mapping[tuple[str, int, str], str]) -> Iterator[Fault]:
    for (sheet, row, name), text in cells.items():
        own = SHEETS[sheet][_column(sheet, name)]
        step = own.fault(text) if text else ""
        if name == "omrade" and not text:
            step = own.asks
        if sheet == READY and name == "omrade" and text not in READINESS:
            step = f"Här kan bara stå ett av: {', '.join(READINESS)}."
        if step:
            # what seems to be someone's is never repeated
            shown = "…" if personal_data(text) else in_line(text)
            yield Fault(sheet, a1(row, _column(sheet, name)), shown, step)


def _answers(cells: Mapping[tuple[str, int, str], str], head: Head) -> Iterator[dict[str, str]]:
    """One answer for each theme; one for a row without a theme that says something else."""
    for sheet, row in dict.fromkeys((sheet, row) for sheet, row, _ in cells):
        own = {name: cells.get((sheet, row, name), "") for name in _names(sheet)}
        themes = [own[name] for name in own if name.startswith("tema_") and own[name]]
        if not (themes or own["betyg"] or own["text"]):
            continue
        for at, theme in enumerate(themes or [""]):
            yield {
                "svarande": head.svarande,
                "omrade": own["omrade"],
                "betyg": own["betyg"],
                "tema": theme,
                "text": own["text"] if at == 0 else "",
            }


def _names(sheet: str) -> list[str]:
    return [own.name for own in SHEETS[sheet]]
