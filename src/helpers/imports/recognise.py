"""Which known layout a file has, told by its header row and not by its name; and the months a
heading names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from babel.dates import get_month_names

from helpers.contracts.text import cut
from helpers.imports.names import key
from helpers.imports.verdicts import Report, blank
from helpers.sources.files.findings import Reading, Sheet
from helpers.tables.detailed_layout import KEY, SWEDISH

NAMES = tuple(get_month_names("wide", locale="sv").values())
PLACES = {
    "kommun": "kommun",
    "kommuner": "kommun",
    "kommunnamn": "kommun",
    "län/kommun": "kommun",
    "kommunkod": "kommunkod",
    "län": "län",
    "länskod": "länskod",
}
NAMED = re.compile(r"([a-zåäö]{3,})\.?(?: ?([0-9]{4}|[0-9]{2}))?")
# a date of Excel's is the month it lies in
NUMBERED = re.compile(r"([0-9]{4})[ m]([0-9]{1,2})(?: [0-9]{1,2}(?:t[0-9:.]+)?)?")


def read_month(heading: str) -> tuple[int | None, int] | None:
    """Return (year or None, month) from a heading as `names.key` gives it; None if it names no
    month.

    A month in digits can be none that there is: "2026-13" is told as 13, for the caller to refuse.

    >>> (read_month("jan"), read_month("januari 2026"), read_month("sept. 26"),
    ...  read_month("2026 01 01t00:00:00"))
    ((None, 1), (2026, 1), (2026, 9), (2026, 1))
    >>> read_month("januar"), read_month("janne"), read_month("2026 13")
    ((None, 1), None, (2026, 13))
    """
    heading = heading.rstrip("*¹²³ ")
    if match := NUMBERED.fullmatch(heading):
        return int(match[1]), int(match[2])
    match = NAMED.fullmatch(heading)
    months = [number for number, name in enumerate(NAMES, 1) if match and name.startswith(match[1])]
    if not match or not months:
        return None
    year = int(match[2]) if match[2] else None
    return (2000 + year if year is not None and year < 100 else year), months[0]


def is_by_month(headings: list[str]) -> bool:
    """Whether headings, as `names.key` gives them, are those of a table with a column per month."""
    months = sum(read_month(heading) is not None for heading in headings)
    return months >= 3 or (
        months > 0 and any(PLACES.get(heading) == "kommun" for heading in headings)
    )


def month_name(ar: int, manad: int) -> str:
    """Return a month in Swedish words; 0 is the whole year.

    >>> month_name(2026, 3), month_name(2026, 0)
    ('mars 2026', 'hela 2026')
    """
    return f"{NAMES[manad - 1] if manad else 'hela'} {ar}"


Layout = Literal["kommunmottagna_2018", "kommuntal", "andelstal", "kommunmottagna_manad"]
COLUMNS: dict[Layout, tuple[str, ...]] = {
    "kommuntal": ("län", "kommun", "länskod", "kommunkod", "tal", "mottagna"),
    "andelstal": ("kommun", "kommunkod", "andelstal", "förväntat", "utfall"),
}
NEEDED: dict[Layout, tuple[str, ...]] = {
    "kommuntal": COLUMNS["kommuntal"],
    "andelstal": ("kommun", "andelstal", "utfall"),
}
UNACCOMPANIED = "varav ensamk barn"
SEARCHED = 60  # rows from the top


@dataclass(frozen=True)
class Header:
    """A recognised layout: the sheet, the header's row and width, and which column holds what (all
    from 0).

    `beside` is the text of the file's other sheets, such as Information.
    """

    layout: Layout
    number: int
    sheet: Sheet
    row: int
    width: int
    columns: dict[str, int]
    beside: str = ""

    @cached_property
    def words(self) -> list[str]:
        """The header's cells as `names.key` gives them."""
        return [key(cell) for cell in self.sheet.rows[self.row]]

    def repeated_by(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header once more."""
        return len(cells) == len(self.words) and all(
            key(cell) == word for cell, word in zip(cells, self.words, strict=True)
        )


def recognise(reading: Reading, report: Report) -> Header | None:
    """Return the one header of a known layout in a file; None, with the reason reported, if there
    is not one.
    """
    if hidden := _hidden(reading):
        says = f"Arbetsboken har dolda blad med innehåll: {hidden}. Ta fram eller ta bort dem."
        report.refuse("dolt_blad", says)
        return None
    found = [
        header
        for number, sheet in enumerate(reading.sheets, 1)
        if (header := _in_sheet(number, sheet))
    ]
    if len(found) > 1:  # beside it can stand the same by age or sex, which names no municipality
        found = [header for header in found if _names_municipalities(header)] or found
    if not found:
        _report_unknown(reading, report)
        return None
    if len(found) > 1:
        blad = ", ".join(str(header.number) for header in found)
        report.refuse(
            "flera_tabeller",
            f"Flera blad har en känd tabell: blad {blad}. Spara det du menar i en egen fil.",
        )
        return None
    report.blad = str(found[0].number)
    return (
        replace(found[0], beside=_beside(found[0], reading)) if _sound(found[0], report) else None
    )


def _names_municipalities(header: Header) -> bool:
    return header.layout != "kommunmottagna_manad" or any(
        PLACES.get(word) == "kommun" for word in header.columns
    )


def _hidden(reading: Reading) -> str:
    """The names of the sheets that nobody sees and that hold something."""
    names = [
        cut(sheet.name)
        for sheet in reading.sheets
        if not sheet.visible and any(not blank(row) for row in sheet.rows)
    ]
    return ", ".join(names)


def _beside(header: Header, reading: Reading) -> str:
    """The text of the sheets beside the table's own."""
    others = (sheet for sheet in reading.sheets if sheet is not header.sheet)
    return " ".join(cell for sheet in others for row in sheet.rows for cell in row if cell.strip())


def _in_sheet(number: int, sheet: Sheet) -> Header | None:
    for row, cells in enumerate(sheet.rows[:SEARCHED]):
        words = [key(cell.replace("\n", " ")) for cell in cells]
        while words and not words[-1]:
            words.pop()
        layout = _layout(words)
        if layout:
            columns = {word: place for place, word in reversed(list(enumerate(words))) if word}
            return Header(layout, number, sheet, row, len(words), columns)
    return None


def _layout(words: list[str]) -> Layout | None:
    if words.count(UNACCOMPANIED) >= 3 or any(word.startswith("kvotflykting (") for word in words):
        return "kommunmottagna_2018"
    if is_by_month(words):
        return "kommunmottagna_manad"
    for layout, needed in NEEDED.items():
        if set(needed) <= set(words):
            return layout
    return None


def _sound(header: Header, report: Report) -> bool:
    """Report what makes a recognised header unusable; in a layout read by name a column must stand
    once.
    """
    sheet, row = header.sheet, header.row
    for first, _, last, _ in sheet.merged:
        filled = sum(bool(cell.strip()) for cells in sheet.rows[first : last + 1] for cell in cells)
        # a note's one text may take the whole row
        if last >= row and not (first == last and filled <= 1):
            says = "Sammanfogade celler i tabellen; dela dem så att varje rad har sina egna värden."
            report.refuse("sammanfogad", says, max(first, row))
    if header.layout in COLUMNS:
        words = [key(cell) for cell in sheet.rows[row][: header.width]]
        _check_columns(words, header, report)
    return not report.refused


def _check_columns(words: list[str], header: Header, report: Report) -> None:
    row, known = header.row, COLUMNS[header.layout]
    for place, word in enumerate(words):
        if word in known and words.index(word) < place:
            report.refuse("dubbel_kolumn", f"Kolumnen ”{word}” står två gånger.", row, place)
        elif word not in known:
            report.refuse(
                "okand_kolumn",
                f"Kolumnen ”{word}” är okänd. Kända: {', '.join(known)}.",
                row,
                place,
            )
    ours = [word for word in known if word in words]
    if not report.refused and words != ours:
        report.warn(
            "kolumnordning",
            "Kolumnerna står i en annan ordning än väntat och lästes efter sina namn.",
            row,
        )
    if row:
        report.warn(
            "rubrik_langre_ned",
            f"Rubriken stod på rad {row + 1}; raderna ovanför lästes bara som titel.",
            row,
        )


def _report_unknown(reading: Reading, report: Report) -> None:
    if any(_is_detailed(row) for sheet in reading.sheets for row in sheet.rows[:SEARCHED]):
        says = (
            "Tabellen är den detaljerade, men filen är inte skriven så att den kan läsas. Spara den"
            " som CSV i UTF-8 med semikolon eller komma mellan cellerna, rubriken på första raden"
            " och inget skiljetecken sist på raderna."
        )
        report.refuse("detaljerad_form", says)
        return
    nearest = _nearest(reading.sheets)
    if nearest:
        layout, number, row, missing = nearest
        report.blad = str(number)
        says = (
            f"Tabellen liknar {layout} men saknar {', '.join(f'”{word}”' for word in missing)}."
            " Rätta rubriken."
        )
        report.refuse("kolumn_saknas", says, row)
        return
    first = next(
        (cells for sheet in reading.sheets for cells in sheet.rows if not blank(cells)), []
    )
    shown = "; ".join(cell for cell in first if cell.strip())[:80]
    report.refuse(
        "okand_layout",
        f"Ingen känd tabell i filen. Första raden: ”{shown}”. Kända: {', '.join(_known())}.",
    )


def _is_detailed(row: list[str]) -> bool:
    """Whether a row is the header of the detailed layout, whatever stands beside it."""
    words = [word for cell in row for word in re.split("[;\\t]", cell.strip())]
    names = {SWEDISH.get(word.casefold(), word.casefold()) for word in map(str.strip, words)}
    return names >= {*KEY, "antal"}


def _known() -> Sequence[str]:
    return (
        "kommunmottagna 2018",
        "kommunmottagna per månad",
        "kommuntal",
        "andelstal",
        "detaljerad tabell (Kommunkod;År;Månad;Åldersgrupp;Kön;Medborgarskap;Antal)",
    )


def _nearest(sheets: list[Sheet]) -> tuple[str, int, int, list[str]] | None:
    """A row that has all but one or two of a layout's columns, with what is missing."""
    for number, sheet in enumerate(sheets, 1):
        for row, cells in enumerate(sheet.rows[:SEARCHED]):
            words = {key(cell) for cell in cells}
            for layout, needed in NEEDED.items():
                missing = [word for word in needed if word not in words]
                if len(missing) <= min(2, len(needed) - 2):
                    return layout, number, row, missing
    return None
