"""Files that can be read and are not true: error values, blanks that nothing proves, several
numbers in one cell, years that disagree, totals among parts.
"""

import re
from collections.abc import Callable

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from .corpus import (
    FIRST,
    Build,
    Case,
    andelstal,
    at,
    cell,
    find,
    kommuntal,
    mottagna,
    outlier,
    parts,
    raw,
)
from .layouts import Rows, Sound, as_csv, as_xlsx, saved


def _book(rows: Callable[[Sound], Rows], spoil: Callable[..., object]) -> Build:
    """A layout as a workbook, spoiled through openpyxl."""

    def build(sound: Sound) -> bytes:
        made = as_xlsx([list(row) for row in rows(sound)])
        spoil(made.active)
        return saved(made)

    return build


def _set(cell: str, value: object, number_format: str = "General") -> Callable[..., object]:
    def spoil(sheet) -> None:
        sheet[cell] = value
        sheet[cell].number_format = number_format

    return spoil


def _raised(sheet) -> None:
    high = TextBlock(InlineFont(vertAlign="superscript"), "1")
    sheet["E2"] = CellRichText([TextBlock(InlineFont(), str(sheet["E2"].value)), high])


def _raised_and_not(sheet) -> None:
    sheet["E3"] = f"{sheet['E2'].value}1"
    _raised(sheet)


def _error_in_xls(sound: Sound) -> bytes:
    """What of an .xls tells of an error: the record of row 3, column E, holding #N/A."""
    return (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + bytes.fromhex("0502080002000400000f2a01")
    )


def _blanks(rows: Rows) -> None:
    """Every figure gone, as in an empty form."""
    for row in rows[6:]:
        row[3:] = [""] * len(row[3:])


def _of_whom(rows: Rows) -> None:
    """No figure of children, sums neither."""
    for row in rows[6:]:
        row[4::2] = [""] * len(row[4::2])


def _titled(title: str) -> Callable[[Rows], object]:
    return lambda rows: rows.insert(0, [title, *[""] * (len(rows[0]) - 1)])


def _moved(held: dict[str, bytes]) -> None:
    """The sheet's part lies where no other workbook has it, and hides a formula without a value."""
    sheet = held.pop("xl/worksheets/sheet1.xml").replace(
        b"<sheetData>", b'<sheetData><row r="1"><c r="A1"><f>1/0</f></c></row>'
    )
    held["xl/blad.xml"] = sheet
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        held[name] = held[name].replace(b"/xl/worksheets/sheet1.xml", b"/xl/blad.xml")


def _twice(held: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    held[name] = re.sub(rb"(<c r=\"D8\".*?</c>)", rb"\1\1", held[name], count=1)


def _connected(held: dict[str, bytes]) -> None:
    held["xl/connections.xml"] = b"<connections/>"


def _active_x(held: dict[str, bytes]) -> None:
    held["xl/activeX/activeX1.xml"] = b"<ocx/>"


def _macro_sheet(held: dict[str, bytes]) -> None:
    held["xl/macrosheets/sheet1.xml"] = b"<xm:macrosheet xmlns:xm='x'/>"


def _without_end(layout: Callable[[Sound], Rows], lost: int) -> Build:
    return lambda sound: as_csv(layout(sound)).rstrip(b"\r\n")[: -lost or None]


def _months(change: Callable[[Rows], object]) -> Build:
    def build(sound: Sound) -> bytes:
        rows = [list(row) for row in sound.manad]
        change(rows)
        return as_csv(rows)

    return build


def _headings(ar: str, title: str) -> Callable[[Rows], object]:
    def change(rows: Rows) -> None:
        rows[0][0] = title
        rows[1] = [cell.replace("2026", ar).strip() for cell in rows[1]]

    return change


def _formula(formula: str) -> Callable[[dict[str, bytes]], object]:
    """A change that gives the cell D8 a formula beside the value that it last had."""

    def change(held: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        held[name] = re.sub(rb'(<c r="D8"[^>]*>)', rb"\1<f>%b</f>" % formula.encode(), held[name])

    return change


def _expected(*changes: Callable[[Rows], object]) -> Callable[[Rows], object]:
    """The county's table with Umeå's and Skellefteå's expectations as they were printed in 2018,
    changed.
    """

    def change(rows: Rows) -> None:
        for name, children in (("Umeå", "18"), ("Skellefteå", "9")):
            rows[find(rows, name)][3] = children
        rows[-1][3] = f"{len(rows) - 4 + 27}-{2 * (len(rows) - 4) + 27}"
        for one in changes:
            one(rows)

    return change


def _shares_swapped(rows: Rows) -> None:
    one, other = rows[find(rows, "Umeå")], rows[find(rows, "Skellefteå")]
    one[2], other[2] = other[2], one[2]


def _row_of(*cells: str) -> Callable[[Rows], object]:
    """A change that puts a row below the header."""
    return lambda rows: rows.insert(1, list(cells))


def _county_as_sum(rows: Rows) -> None:
    """The county's row, by name and code, above its municipalities."""
    total = rows.pop()
    rows.insert(1, ["Västerbottens län", "24", *total[2:4], "34"])


DETAIL = "Kommunkod;År;Månad;Åldersgrupp;Kön;Medborgarskap;Antal\n2480;2019;1;18–24;man;Syrien;4\n"
NEAR = "inte skriven så att den kan läsas"


def _cut_off(name: str):
    """A change that leaves out all rows from the first with a name."""
    return lambda rows: rows.__delitem__(slice(find(rows, name), None))


REFUSED = [
    Case("fler.csv", mottagna(at("UMEÅ", 4, "9999")), "fler_an_alla", "ensamkommande barn av"),
    Case("lan.csv", mottagna(cell(FIRST, 0, "")), "lan_saknas", "före det första länet"),
    Case("oklar.xlsx", _book(lambda s: s.kommuntal, _raised_and_not), "upphojd_oklar", "upphöjd"),
    Case("ref.xlsx", _book(lambda s: s.mottagna, _set("F9", "#REF!")), "felvarde", "#REF!"),
    Case("na.xlsx", _book(lambda s: s.kommuntal, _set("E3", "#N/A")), "felvarde", "#N/A"),
    Case("div.xlsx", _book(lambda s: s.andelstal, _set("C4", "#DIV/0!")), "felvarde", "#DIV/0!"),
    Case("namn.xlsx", _book(lambda s: s.andelstal, _set("A4", "#NAME?")), "felvarde", "#NAME?"),
    Case("manad.xlsx", _book(lambda s: s.manad, _set("C5", "#VALUE!")), "felvarde", "#VALUE!"),
    Case("fel.xls", _error_in_xls, "olaslig", "går inte att läsa", title="error in an .xls"),
    Case("ref.csv", andelstal(at("Umeå", 4, "#REFERENS!")), "felvarde", "#REFERENS!"),
    Case("tom.csv", mottagna(_blanks), "tom_utan_summa", "ingen tryckt summa"),
    Case("barn.csv", mottagna(_of_whom), "tom_utan_summa", "ingen tryckt summa", title="varav"),
    Case("tal.csv", andelstal(at("Umeå", 4, "1 2 3")), "flera_tal", "grupper om tre"),
    Case("tva.csv", andelstal(at("Umeå", 4, "11 12")), "flera_tal", "11 12"),
    Case("rad.csv", andelstal(at("Umeå", 4, "11\n12")), "flera_tal", "11 12", title="two lines"),
    Case("not.csv", andelstal(at("Umeå", 4, "11)")), "ej_tal", "11)"),
    Case("skrift.csv", andelstal(at("Umeå", 4, "١١")), "ej_tal", "inget tal"),
    Case("intervall.csv", andelstal(at("Umeå", 3, "1\n8")), "ej_intervall", "inget intervall"),
    Case("stort.csv", andelstal(at("Umeå", 3, "1-" + "9" * 20)), "ej_intervall", "inget intervall"),
    Case("andel.csv", andelstal(at("Summa", 2, "")), "andelstal_saknas", "inget andelstal"),
    Case("kt.csv", kommuntal(at("UMEÅ", 4, "-")), "kommuntal_saknas", "inget kommuntal"),
    Case("avvikande.csv", kommuntal(outlier), "avvikande", "Bjurholm: kommuntal 1\u00a00"),
    Case("utfall.csv", andelstal(at("Umeå", 4, "900")), "avvikande", "--accept"),
    Case(
        "proc.xlsx", _book(lambda s: s.andelstal, _set("C2", 0.0114, "0.00%")), "procent", "procent"
    ),
    Case("kapad.csv", _without_end(lambda s: s.andelstal, 2), "avklippt_rad", "sista rad"),
    Case("lan.csv", kommuntal(_cut_off("VÄRMLANDS LÄN")), "lan_utan_rad", "län har ingen rad"),
    Case("ar.csv", andelstal(_titled("Andelstal 2019")), "fel_ar", "titeln säger 2019"),
    Case("lan.csv", andelstal(_titled("Andelstal Norrbottens län")), "fel_lan", "Norrbotten"),
    Case(
        "m.csv",
        _months(_headings("2025", "Kommunmottagna 2026")),
        "fel_ar",
        "titeln säger 2026",
        ar=None,
    ),
    Case(
        "dnr.csv",
        _months(_headings("", "Kommunmottagna. Dnr 1.3.4-2024-1234")),
        "ar_saknas",
        "--ar",
        ar=None,
    ),
    Case(
        "lag.csv",
        _months(_headings("", "Mottagna enligt lag 2016:38 och förordning (2010:1122)")),
        "ar_saknas",
        "--ar",
        ar=None,
    ),
    Case(
        "kapad_rad.csv",
        _without_end(lambda s: s.kommuntal, 4),
        "avklippt_rad",
        "sista rad",
        ar=2018,
    ),
    Case(
        "framtid.csv",
        _months(_headings("2030", "Kommunmottagna 2030")),
        "framtid",
        "inte har varit",
        ar=None,
    ),
    Case(
        "uppd.csv",
        _months(_headings("2026", "Uppdaterad 2026-03-15")),
        "framtid",
        "uppdaterad 2026-03-15",
        ar=None,
    ),
    Case(
        "dag.csv",
        _months(lambda rows: rows[1].__setitem__(2, "2026-01-26")),
        "datumrubrik",
        "26 januari",
        ar=None,
    ),
    Case("dde.xlsx", parts(_formula("cmd|'/c calc'!A0")), "externa_lankar", "hämtar sitt värde"),
    Case("lank.xlsx", parts(_formula("[1]Blad1!D8")), "externa_lankar", "[1]Blad1!D8"),
    Case("data.xlsx", parts(_connected), "externa_lankar", "datakälla"),
    Case("activex.xlsx", parts(_active_x), "inbaddat", "ActiveX"),
    Case(
        "bytta.csv",
        andelstal(_expected(_shares_swapped)),
        "andel_mot_forvantat",
        "Umeå 5,99 och 18: större andel men färre barn",
    ),
    Case("lanet.csv", andelstal(_county_as_sum), "summa_haller_inte", "34 står tryckt"),
    Case(
        "tva_summor.csv",
        andelstal(_row_of("Västerbottens län", "24", "31,26", "15-30", "35")),
        "dubblett",
        "står redan",
    ),
    Case("summakod.csv", andelstal(at("Summa", 1, "2421")), "kod_och_namn", "2421 är Storuman"),
    Case(
        "fel_lansrad.csv",
        andelstal(_row_of("Norrbottens län", "25", "25,0", "", "9")),
        "fel_lan",
        "rad för ett annat län",
    ),
    Case(
        "riket_500.csv",
        andelstal(_row_of("Hela riket", "00", "500", "", "99")),
        "summa_haller_inte",
        "hela riket är 1 000 ‰",
    ),
    Case(
        "lansrad.csv",
        kommuntal(at("UMEÅ", 1, "Norrbottens län")),
        "fel_lan",
        "står i en rad för",
    ),
    Case("flyttad.xlsx", parts(_moved), "formel_utan_varde", "utan beräknat värde"),
    Case("dubbel.xlsx", parts(_twice), "dubbel_cell", "två gånger"),
    Case("makroblad.xlsx", parts(_macro_sheet), "makroblad", "makroblad"),
    Case("d_sep.csv", raw(("sep=;\n" + DETAIL).encode()), "detaljerad_form", NEAR),
    Case("d_tab.csv", raw(("x\n" + DETAIL).replace(";", "\t").encode()), "detaljerad_form", NEAR),
    Case("d_16.csv", raw(DETAIL.encode("utf-16")), "detaljerad_form", NEAR),
    Case("d_slut.csv", raw(DETAIL.replace("\n", ";\n").encode()), "detaljerad_form", NEAR),
]

WARNED = [
    Case(
        "riket.csv",
        andelstal(_row_of("Hela riket", "00", "1 000", "", "99")),
        "riksrad",
        "räknas inte",
    ),
    Case("riket2.csv", andelstal(_row_of("Riket", "", "1000", "", "")), "riksrad", "riket"),
    Case("namn.csv", andelstal(at("Umeå", 0, "Umeå 1)")), "lagat_namn", "Fotnotstecknet"),
    Case("mark.xlsx", _book(lambda s: s.kommuntal, _raised), "fotnotstecken", "¹”"),
    Case("mark.csv", andelstal(at("Malå", 4, "3 1)")), "fotnotstecken", "3 1)"),
    Case("slut.csv", _without_end(lambda s: s.andelstal, 0), "utan_radslut", "radslut"),
]
