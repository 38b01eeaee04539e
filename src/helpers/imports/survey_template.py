"""Write the spreadsheet by which a municipality answers: empty, with its last answers, or with what
is to be corrected beside each row.
"""

import datetime
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.contracts.text import visible
from helpers.imports.survey import (
    CHOICES,
    COVER,
    DATE_ASKS,
    EXTRA,
    HEAD_ROW,
    KIND,
    NOTES,
    ROWS,
    SHEETS,
    TO_CORRECT,
    VERSION,
    Fault,
    Field,
    Head,
    Survey,
    a1,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime.datetime(2022, 1, 1)  # fixed, so that the same template is the same bytes
WIDTHS = {"omrade": 34, "text": 70}
GUIDE = (
    "Fyll i bladen Läget och Beredskap och skicka tillbaka filen, som .xlsx eller .ods.",
    "Gråa celler är låsta utan lösenord. Tre rader längst ner är till för egna områden.",
    "Tomt betyder att ni inte säger något om det; det tolkas aldrig som att det fungerar.",
    "Skriv inga namn, personnummer, adresser eller telefonnummer.",
)
Cells = Mapping[tuple[str, int, str], str]


def cells_of(answers: Sequence[Mapping[str, str]]) -> dict[tuple[str, int, str], str]:
    """Return the cells that answers fill, such as those of the last round: an area's texts as one,
    and a theme that has no room left as a word of it.

    Args:
        answers: omrade, betyg, tema, text, as `Survey` has them.
    """
    cells: dict[tuple[str, int, str], str] = {}
    places = {area: (sheet, HEAD_ROW + 1 + at) for sheet, areas in ROWS.items()
              for at, area in enumerate(areas)}  # fmt: skip
    free = HEAD_ROW + 1 + len(ROWS[next(iter(ROWS))])
    for answer in answers:
        area = answer["omrade"]
        if area not in places:
            places[area] = (next(iter(ROWS)), free)
            free += 1
        sheet, row = places[area]
        cells[sheet, row, "omrade"] = area
        if answer["betyg"]:
            cells[sheet, row, "betyg"] = answer["betyg"]
        told, theme = [cells.get((sheet, row, "text"), ""), answer["text"]], answer["tema"]
        themes = [cells[key] for n in (1, 2, 3) if (key := (sheet, row, f"tema_{n}")) in cells]
        if theme and theme not in themes:
            if len(themes) < 3:
                cells[sheet, row, f"tema_{len(themes) + 1}"] = theme
            else:
                told.append(f"({theme})")
        if text := " ".join(filter(None, told)):
            cells[sheet, row, "text"] = text
    return cells


def template(head: Head, cells: Cells | None = None, faults: Sequence[Fault] = ()) -> bytes:
    """Return a template as an .xlsx file's bytes, the same for the same answers.

    Args:
        head: Whose it is; it stands inside.
        cells: (sheet, row, field) → text that is filled in.
        faults: What is to be corrected, told in a column of its own.
    """
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": "Lägesbild", "created": CREATED})
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#dfe5e9", "text_wrap": True}),
            "key": book.add_format({"bg_color": "#f1f5f7", "text_wrap": True}),
            "open": book.add_format({"locked": False, "text_wrap": True, "valign": "top"}),
            "fault": book.add_format({"bold": True, "text_wrap": True}),
        }
        _cover(book.add_worksheet(COVER), head, looks, faults)
        for sheet in SHEETS:
            _sheet(book.add_worksheet(sheet), sheet, cells or {}, looks, faults)
        _notes(book.add_worksheet(NOTES), looks)
        _choices(book.add_worksheet(CHOICES), looks)
    return file.getvalue()


def returned(survey: Survey) -> bytes:
    """Return a respondent's own answers with what is to be corrected beside each row."""
    return template(survey.head, survey.cells, survey.faults)


def _cover(
    sheet: "Worksheet", head: Head, looks: Mapping[str, Any], faults: Sequence[Fault]
) -> None:
    told = (
        ("Slag", KIND),
        ("Version", VERSION),
        ("Runda", head.runda),
        ("Län", head.lanskod),
        ("Svarande", head.svarande),
        ("Kommun", head.kommun),
        ("Datum", head.datum),
    )
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    for row, (label, text) in enumerate(told):
        sheet.write_string(row, 0, label, looks["head"])
        sheet.write_string(row, 1, visible(text), looks["open" if label == "Datum" else "key"])
    sheet.write_string(len(told), 1, DATE_ASKS, looks["key"])
    for row, line in enumerate(GUIDE, start=len(told) + 2):
        sheet.write_string(row, 1, line, looks["key"])
    for own in faults:
        if own.sheet == COVER:
            sheet.write_string(_row_of(own.cell), 2, str(own), looks["fault"])
    sheet.protect("")


def _sheet(
    sheet: "Worksheet",
    name: str,
    cells: Cells,
    looks: Mapping[str, Any],
    faults: Sequence[Fault],
) -> None:
    fields, areas = SHEETS[name], ROWS[name]
    sheet.write_string(0, 0, name, looks["head"])
    last = max([HEAD_ROW + len(areas) + EXTRA, *(row for own, row, _ in cells if own == name)])
    for column, own in enumerate(fields):
        sheet.set_column(column, column, WIDTHS.get(own.name, 22))
        sheet.write_string(HEAD_ROW - 1, column, own.asks, looks["key"])
        sheet.write_string(HEAD_ROW, column, own.heading, looks["head"])
        if own.choices:
            sheet.data_validation(HEAD_ROW + 1, column, last, column, _rule(own))
    for row in range(HEAD_ROW + 1, last + 1):
        fixed = areas[row - HEAD_ROW - 1] if row - HEAD_ROW <= len(areas) else ""
        for column, own in enumerate(fields):
            text = cells.get((name, row, own.name), fixed if own.name == "omrade" else "")
            key = own.name == "omrade" and text == fixed and bool(fixed)
            sheet.write_string(row, column, visible(text), looks["key" if key else "open"])
        told = " ".join(f"{own.cell}: {own.step}" for own in faults
                        if own.sheet == name and _row_of(own.cell) == row)  # fmt: skip
        if told:
            sheet.write_string(HEAD_ROW, len(fields), TO_CORRECT, looks["head"])
            sheet.write_string(row, len(fields), told, looks["fault"])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.protect("")


def _row_of(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")) - 1


def _rule(own: Field) -> dict[str, Any]:
    column = 0 if own.name == "betyg" else 1
    top, bottom = (a1(row, column) for row in (1, len(own.choices)))
    ends = ":".join(f"${end[0]}${end[1:]}" for end in (top, bottom))
    return {
        "validate": "list",
        "source": f"={CHOICES}!{ends}",
        "error_title": own.heading,
        "error_message": own.asks[:255],
        "input_message": own.asks[:255],
    }


def _notes(sheet: "Worksheet", looks: Mapping[str, Any]) -> None:
    """What each field asks for; nothing here is read."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    seen = {own.heading: own.asks for fields in SHEETS.values() for own in fields}
    for row, (heading, asks) in enumerate(seen.items()):
        sheet.write_string(row, 0, heading, looks["head"])
        sheet.write_string(row, 1, asks, looks["key"])


def _choices(sheet: "Worksheet", looks: Mapping[str, Any]) -> None:
    """The lists that the fields choose from, as ranges."""
    lists = {own.heading.rstrip(" 123"): own.choices for fields in SHEETS.values()
             for own in fields if own.choices}  # fmt: skip
    for column, (heading, choices) in enumerate(lists.items()):
        sheet.set_column(column, column, 28)
        sheet.write_string(0, column, heading, looks["head"])
        for row, choice in enumerate(choices, start=1):
            sheet.write_string(row, column, choice, looks["key"])
    sheet.protect("")
