"""Sound files changed by chance: cells, digits, rows, columns, titles, and what else a file has
about it, such as its name, its encoding or the format of a cell.
"""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from helpers.sources.files.findings import column_letter

from .layouts import Rows, as_csv

CELLS = (
    "", "..", "-", "0", "7", "11 12", "1 2 3", "11)", "3 1)", "#N/A", "1,5", "1.200", "99999999",
    "2019", "2018-03-06", "Totalt", "Umeå", "x", "١", "5*", "1 000", "Summa", "Västerbottens län",
    "Hela riket", "=1+1", "\u00a0", "12%",
)  # fmt: skip
TITLES = ("Kommunmottagna 2019", "Dnr 1.2-2024-17", "Norrbottens län", "En not", "Uppdaterad 2017")
NAMES = ("m", "tabell 2019", "Norrbottens län", "2010_1122", "uttag_2018-03-06")


@dataclass
class Changed:
    """A file's rows, and what is about them. `percent`, `text` and `hidden` are of a workbook,
    `encoding`, `mark`, `end` and `cut` of a text.
    """

    rows: Rows
    name: str = "m"
    sheet: str = "Tabell"
    percent: set[tuple[int, int]] = field(default_factory=set)
    text: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    encoding: str = "utf-8"
    mark: str = ";"
    end: str = "\r\n"
    cut: int = 0

    def as_text(self) -> bytes:
        """The file as text."""
        text = as_csv(self.rows, self.mark).decode("utf-8").replace("\r\n", self.end)
        text = text[: len(text) - self.cut]
        return text.encode(self.encoding, "replace" if self.encoding == "cp1252" else "strict")

    def as_workbook(self) -> bytes:
        """The file as a workbook: digits are numbers."""
        lines = "".join(self._row(number, row) for number, row in enumerate(self.rows))
        sheet = f'<sheets><sheet name="{escape(self.sheet)}" sheetId="1" r:id="rId1"/></sheets>'
        parts = {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format(f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"'),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheet}</workbook>',
            "xl/_rels/workbook.xml.rels": WITH_STYLES,
            "xl/styles.xml": STYLES,
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>',
        }  # fmt: skip
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return out.getvalue()

    def _row(self, number: int, row: list[str]) -> str:
        hidden = ' hidden="1"' if number in self.hidden else ""
        cells = (self._cell(number, place, cell) for place, cell in enumerate(row) if cell)
        return f'<row r="{number + 1}"{hidden}>{"".join(cells)}</row>'

    def _cell(self, number: int, place: int, cell: str) -> str:
        at = f'r="{column_letter(place)}{number + 1}"'
        bare = cell.replace(" ", "").replace("\u00a0", "").replace(",", ".")
        plain = bare.isascii() and bare.replace(".", "", 1).isdigit() and bare[0] not in ".0"
        if bare == "0" or (plain and cell.count(".") == 0 and (number, place) not in self.text):
            style = ' s="1"' if (number, place) in self.percent else ""
            return f"<c {at}{style}><v>{bare}</v></c>"
        return f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" {{}}/></Relationships>'
)
WITH_STYLES = RELATIONS.format(
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"'
)
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEETML}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEETML}.styles+xml"/></Types>'
)
PLAIN = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"/>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    f'<borders count="1"><border/></borders><cellStyleXfs count="1">{PLAIN.format(0)}</cellStyleXfs>'
    f'<cellXfs count="2">{PLAIN.format(0)}{PLAIN.format(10)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _cell(rng: random.Random, file: Changed) -> None:
    row = rng.choice([row for row in file.rows if len(row) > 1])
    row[rng.randrange(len(row))] = rng.choice(CELLS)


def _digit(rng: random.Random, file: Changed) -> None:
    rows = [row for row in file.rows if any(cell.isdigit() for cell in row)]
    if not rows:
        return
    row = rng.choice(rows)
    place = rng.choice([place for place, cell in enumerate(row) if cell.isdigit()])
    row[place] = str(int(row[place]) + rng.choice([1, 10, 100]))


def _row(rng: random.Random, file: Changed) -> None:
    rows, place = file.rows, rng.randrange(len(file.rows))
    rng.choice([lambda: rows.pop(place), lambda: rows.insert(place, list(rows[place]))])()


def _blank_row(rng: random.Random, file: Changed) -> None:
    file.rows.insert(rng.randrange(len(file.rows)), [""] * len(file.rows[0]))


def _swapped(rng: random.Random, file: Changed) -> None:
    rows = file.rows
    one, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]


def _cells_swapped(rng: random.Random, file: Changed) -> None:
    place = rng.randrange(max(map(len, file.rows)))
    rows = [row for row in file.rows if len(row) > place]
    one, other = rng.choice(rows), rng.choice(rows)
    one[place], other[place] = other[place], one[place]


def _column(rng: random.Random, file: Changed) -> None:
    place = rng.randrange(max(map(len, file.rows)))
    for row in file.rows:
        if len(row) > place:
            row.pop(place)


def _columns_swapped(rng: random.Random, file: Changed) -> None:
    width = min(map(len, file.rows))
    one, other = rng.randrange(width), rng.randrange(width)
    for row in file.rows:
        row[one], row[other] = row[other], row[one]


def _title(rng: random.Random, file: Changed) -> None:
    file.rows.insert(0, [rng.choice(TITLES), *[""] * (len(file.rows[0]) - 1)])


def _about(rng: random.Random, file: Changed) -> None:
    at = rng.randrange(len(file.rows)), rng.randrange(len(file.rows[-1]))
    ways: list[Callable[[], object]] = [
        lambda: setattr(file, "name", rng.choice(NAMES)),
        lambda: setattr(file, "sheet", rng.choice(TITLES)[:30]),
        lambda: setattr(file, "encoding", rng.choice(["cp1252", "utf-8-sig", "utf-16"])),
        lambda: setattr(file, "mark", rng.choice(";\t,")),
        lambda: setattr(file, "end", rng.choice(["\n", "\r\n", "\r"])),
        lambda: setattr(file, "cut", rng.randrange(1, 40)),
        lambda: file.percent.add(at),
        lambda: file.text.add(at),
        lambda: file.hidden.add(at[0]),
    ]
    rng.choice(ways)()


CHANGES: tuple[Callable[[random.Random, Changed], None], ...] = (
    _cell, _cell, _cell, _digit, _digit, _row, _blank_row, _swapped, _cells_swapped, _column,
    _columns_swapped, _title, _about, _about,
)  # fmt: skip


def changed(sound: Rows, seed: str, mark: str = ";") -> Changed:
    """A sound file with one to three things changed, the same for the same seed."""
    rng = random.Random(seed)
    file = Changed([list(row) for row in sound], mark=mark)
    for _ in range(rng.randint(1, 3)):
        rng.choice(CHANGES)(rng, file)
    return file
