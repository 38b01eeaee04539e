"""Files as they come in when something is wrong with them; each with the verdict and words it must
get.
"""

import copy
import io
import pickle
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from .layouts import Rows, Sound, as_csv, as_xlsx, saved

Build = Callable[[Sound], bytes]
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
BIFF_LOCKED = bytes.fromhex("0908100000060500bb0dcc0700000000060000002f0036000100") + bytes(512)
FIRST = 6  # the synthetic table's first municipality, row counted from 0


@dataclass(frozen=True)
class Case:
    """One file: its name, how it is built, the finding it must get, words of that finding, and what
    was asked.
    """

    name: str
    build: Build
    code: str
    says: str
    lan: str | None = "24"
    ar: int | None = 2018
    title: str = ""

    @property
    def id(self) -> str:
        return self.title or f"{self.name}-{self.code}"


def mottagna(change: Callable[[Rows], object]) -> Build:
    """The kommunmottagna layout as CSV, changed."""
    return lambda sound: as_csv(_changed(sound.mottagna, change))


def kommuntal(change: Callable[[Rows], object]) -> Build:
    """The kommuntal layout as CSV, changed."""
    return lambda sound: as_csv(_changed(sound.kommuntal, change), ",")


def andelstal(change: Callable[[Rows], object]) -> Build:
    """The andelstal layout as CSV, changed."""
    return lambda sound: as_csv(_changed(sound.andelstal, change))


def _changed(rows: Rows, change: Callable[[Rows], object]) -> Rows:
    rows = copy.deepcopy(rows)
    change(rows)
    return rows


def cell(row: int, column: int, text: str) -> Callable[[Rows], object]:
    """Write a text into one cell."""
    return lambda rows: rows[row].__setitem__(column, text)


def drop(row: int) -> Callable[[Rows], object]:
    """Leave one row out."""
    return lambda rows: rows.pop(row)


def column_out(place: int) -> Callable[[Rows], object]:
    """Leave one column out."""
    return lambda rows: [row.pop(place) for row in rows]


def turned(row: Rows) -> None:
    """Another order of the columns."""
    for cells in row:
        cells[2], cells[4] = cells[4], cells[2]


def find(rows: Rows, name: str) -> int:
    """The row in which a name stands."""
    return next(number for number, row in enumerate(rows) if name in row)


def at(name: str, column: int, text: str) -> Callable[[Rows], object]:
    """Write a text into a named place's row."""
    return lambda rows: rows[find(rows, name)].__setitem__(column, text)


def book(spoil: Callable[..., object]) -> Build:
    """The kommunmottagna layout as a workbook, spoiled through openpyxl."""

    def build(sound: Sound) -> bytes:
        made = as_xlsx(sound.mottagna)
        spoil(made, made.active)
        return saved(made)

    return build


def parts(change: Callable[[dict[str, bytes]], object]) -> Build:
    """The kommunmottagna workbook with its zip parts changed."""

    def build(sound: Sound) -> bytes:
        with zipfile.ZipFile(io.BytesIO(saved(as_xlsx(sound.mottagna)))) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        change(held)
        return zipped(held)

    return build


def zipped(held: dict[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(xml: str) -> Build:
    """A workbook whose only sheet is this XML."""
    return parts(lambda held: held.__setitem__("xl/worksheets/sheet1.xml", xml.encode("utf-8")))


def raw(data: bytes) -> Build:
    """These bytes, whatever is sound."""
    return lambda sound: data


def in_bytes(change: Callable[[bytes], bytes]) -> Build:
    """The kommunmottagna layout with its bytes changed."""
    return lambda sound: change(as_csv(sound.mottagna))


SHEET = '<?xml version="1.0"?>{}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
GIANT = SHEET.format(
    "", '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{}"><v>1</v></c></row>'
)
LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]>"
XXE = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'

STRANGERS = [
    Case("tom.csv", raw(b""), "tom_fil", "tom"),
    Case("blank.xlsx", raw(b" \r\n\r\n"), "tom_fil", "tom", title="only line breaks"),
    Case(
        "las.xls",
        raw(OLE2 + bytes(512) + "EncryptedPackage".encode("utf-16-le")),
        "losenord",
        "lösenord",
    ),
    Case("las97.xls", raw(OLE2 + bytes(504) + BIFF_LOCKED), "losenord", "lösenord"),
    Case(
        "ole.xls",
        raw(OLE2 + bytes(4096)),
        "olaslig",
        "går inte att läsa",
        title="OLE2 that is no workbook",
    ),
    Case(
        "makro.xls", raw(OLE2 + bytes(512) + "_VBA_PROJECT".encode("utf-16-le")), "makron", "makron"
    ),
    Case("fel.xls", raw(b"<html><body>404</body></html>"), "html", "webbsida"),
    Case("fel.csv", raw(b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>Fel</title>"), "html", "webbsida"),
    Case("xml.xls", raw(b'<?xml version="1.0"?><Workbook/>'), "xml", "XML"),
    Case("fel.json.csv", raw(b'{"error": "not found"}'), "json", "felsvar"),
    Case("bok.csv", lambda sound: saved(as_xlsx(sound.mottagna)), "fel_andelse", "heter .csv"),
    Case("text.xlsx", lambda sound: as_csv(sound.mottagna), "fel_andelse", "innehåller text"),
    Case("~$bok.xlsx", raw(b"\x05Anna" + bytes(160)), "lasfil", "låsfil"),
    Case("arkiv.xlsx", raw(zipped({"readme.txt": b"hej"})), "ingen_arbetsbok", "ingen arbetsbok"),
    Case(
        "brev.docx",
        raw(zipped({"[Content_Types].xml": b"<T/>", "word/document.xml": b"<w/>"})),
        "ingen_arbetsbok",
        "ingen",
    ),
    Case(
        "kalk.ods",
        raw(zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
        "ingen_arbetsbok",
        "ingen",
    ),
    Case(
        "lfs.csv",
        raw(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
        "git_lfs",
        "git-lfs",
    ),
    Case("data.csv", raw(pickle.dumps({"a": 1})), "pickle", "pickle"),
    Case("blankett.csv", raw(b"%PDF-1.7\n"), "okant_format", "pdf"),
    Case("packad.csv", raw(b"\x1f\x8b\x08\x00" + bytes(40)), "okant_format", "gzip"),
    Case("tabell.csv", raw(b"PAR1" + bytes(40)), "okant_format", "Parquet"),
    Case("lang.csv", raw(b"a;b\r\n" * (4 << 20)), "jattelik", "celler"),
    Case("stor.csv", raw(b"a;b\r\n" * (6 << 20)), "for_stor", "gränsen är 25 MB"),
]

WORKBOOKS = [
    Case(
        "avklippt.xlsx",
        lambda sound: saved(as_xlsx(sound.mottagna))[:-2000],
        "avklippt",
        "avklippt",
    ),
    Case("trasig.xlsx", sheet(SHEET.format("", CELLS.format("x"))[:-20]), "trasig_xml", "trasig"),
    Case("jatte.xlsx", sheet(GIANT.format("XFD1048576")), "jattelik", "celler"),
    Case(
        "forkladd.xlsx",
        sheet(GIANT.format("&#88;FD1048576")),
        "jattelik",
        "celler",
        title="a giant in disguise",
    ),
    Case("rader.xlsx", lambda sound: _many_cells(sound), "jattelik", "celler"),
    Case(
        "bomb.xlsx",
        parts(lambda held: held.__setitem__("xl/media/a.bin", bytes(50 << 20))),
        "bomb",
        "packning",
    ),
    Case(
        "bomb2.xlsx",
        parts(lambda held: held.__setitem__("xl/media/a.bin", bytes(70 << 20))),
        "bomb",
        "60 MB",
    ),
    Case(
        "skratt.xlsx",
        sheet(SHEET.format(LAUGHS, CELLS.format("&c;"))),
        "doctype",
        "DOCTYPE",
        title="billion laughs",
    ),
    Case(
        "xxe.xlsx", sheet(SHEET.format(XXE, CELLS.format("&x;"))), "doctype", "DOCTYPE", title="XXE"
    ),
    Case(
        "makro.xlsm",
        parts(lambda held: held.__setitem__("xl/vbaProject.bin", b"x")),
        "makron",
        "makron",
    ),
    Case(
        "makro.xlsx",
        parts(lambda held: held.__setitem__("xl/vbaProject.bin", b"x")),
        "makron",
        "makron",
    ),
    Case(
        "lank.xlsx",
        parts(lambda held: held.__setitem__("xl/externalLinks/e.xml", b"<x/>")),
        "externa_lankar",
        "andra filer",
    ),
    Case(
        "inbaddat.xlsx",
        parts(lambda held: held.__setitem__("xl/embeddings/o.bin", b"x")),
        "inbaddat",
        "inbäddade",
    ),
    Case(
        "vag.xlsx",
        parts(lambda held: held.__setitem__("../../x", b"x")),
        "konstig_zip",
        "otillåtet",
    ),
    Case(
        "dolt.xlsx",
        book(lambda made, own: setattr(_sheet(made, [["x", "1"]]), "sheet_state", "hidden")),
        "dolt_blad",
        "dolda blad",
    ),
    Case(
        "tva.xlsx",
        book(lambda made, own: _sheet(made, [[c.value for c in r] for r in own.iter_rows()])),
        "flera_tabeller",
        "Flera blad",
    ),
    Case(
        "sammanfogad.xlsx",
        book(lambda made, own: own.merge_cells("A7:A11")),
        "sammanfogad",
        "Sammanfogade",
    ),
    Case(
        "formel.xlsx",
        book(lambda made, own: own.__setitem__("D7", "=1+5")),
        "formel_utan_varde",
        "D7",
    ),
    Case("datum.xlsx", book(lambda made, own: own.__setitem__("D8", _date())), "datum", "datum"),
    Case(
        "brak.xlsx",
        book(lambda made, own: own.__setitem__("D8", 16.5)),
        "decimaltal",
        "inget heltal",
    ),
    Case("sant.xlsx", book(lambda made, own: own.__setitem__("D8", True)), "ej_tal", "SANT"),
]


def _sheet(made, rows):
    added = made.create_sheet("Annat")
    for row in rows:
        added.append(row)
    return added


def _many_cells(sound):
    return sheet(
        SHEET.format("", "".join(f"<c><v>{number * 7919}</v></c>" for number in range(500_001)))
    )(sound)


def _date():
    import datetime

    return datetime.datetime(2018, 3, 1)


BYTES = [
    Case(
        "mojibake.csv",
        in_bytes(lambda data: data.decode().encode().decode("cp1252", "replace").encode()),
        "teckenfel",
        "fel teckenkodning",
    ),
    Case(
        "blandad.csv",
        in_bytes(lambda data: data.replace("UMEÅ".encode(), "UMEÅ".encode("cp1252"))),
        "blandad_kodning",
        "blandar",
    ),
    Case(
        "nul.csv", in_bytes(lambda data: data.replace(b"KARLSHAMN", b"KARLS\x00HAMN")), "nul", "NUL"
    ),
    Case(
        "fffd.csv",
        in_bytes(lambda data: data.replace("UMEÅ".encode(), "UME\ufffd".encode())),
        "ersattningstecken",
        "U+FFFD",
    ),
    Case(
        "styr.csv",
        in_bytes(lambda data: data.replace(b"KARLSHAMN", b"KARLS\x07HAMN")),
        "styrtecken",
        "styrtecken",
    ),
    Case(
        "udda.csv",
        in_bytes(lambda data: data.decode().encode("utf-16-le")[:-1].join([b"\xff\xfe", b""])),
        "blandad_kodning",
        "UTF-16",
    ),
    Case(
        "okand.csv",
        in_bytes(lambda data: data.decode().encode("cp1252").replace(b"KARLSHAMN", b"\x81")),
        "okand_kodning",
        "varken",
    ),
    Case("citat.csv", in_bytes(lambda data: data + b'"oavslutad'), "citattecken", "avklippt"),
    Case("kapad.csv", in_bytes(lambda data: data[: len(data) // 2]), "avklippt_rad", "sista rad"),
]

MOTTAGNA = [
    Case(
        "rubrik.csv",
        mottagna(lambda rows: rows.__delitem__(slice(FIRST, None))),
        "bara_rubrik",
        "inga kommuner",
    ),
    Case("kort.csv", mottagna(lambda rows: rows[FIRST].pop()), "kort_rad", "14 celler"),
    Case("lang.csv", mottagna(lambda rows: rows[FIRST].append("7")), "lang_rad", "16 celler"),
    Case("sista.csv", mottagna(lambda rows: rows.pop()), "totalt_saknas", "avklippt"),
    Case(
        "delsumma.csv",
        mottagna(lambda rows: rows.pop(find(rows, "Delsumma"))),
        "delsumma_saknas",
        "Blekinge",
    ),
    Case(
        "kommun.csv", mottagna(lambda rows: rows.pop(find(rows, "UMEÅ"))), "kommun_saknas", "Umeå"
    ),
    Case(
        "dubbel.csv",
        mottagna(cell(5, 5, "Kvotflykting (Kategori 1)")),
        "dubbel_kolumn",
        "två gånger",
    ),
    Case(
        "omdopt.csv", mottagna(cell(5, 5, "Från anläggning")), "kolumn_saknas", "anläggningsboende"
    ),
    Case("flyttad.csv", mottagna(column_out(4)), "kolumn_saknas", "varav ensamk barn"),
    Case("stavning.csv", mottagna(at("UMEÅ", 2, "UMEA")), "okand_kommun", "Närmast: Umeå"),
    Case("okand.csv", mottagna(at("UMEÅ", 2, "ATLANTIS")), "okand_kommun", "ATLANTIS"),
    Case("lan.csv", mottagna(at("BLEKINGE LÄN", 0, "BLEKLAND LÄN")), "okant_lan", "inget känt län"),
    Case(
        "fel_lan.csv",
        mottagna(lambda rows: rows.insert(FIRST + 1, rows.pop(find(rows, "UMEÅ")))),
        "fel_lan",
        "Västerbottens län",
    ),
    Case(
        "dubblett.csv",
        mottagna(lambda rows: rows.insert(FIRST + 2, [*rows[FIRST + 1][:-1], "9"])),
        "dubblett",
        "står redan på rad 8",
    ),
    Case("negativ.csv", mottagna(cell(FIRST, 3, "-6")), "negativt", "negativt"),
    Case(
        "minus.csv",
        mottagna(cell(FIRST, 3, "\u22126")),
        "negativt",
        "negativt",
        title="a real minus sign",
    ),
    Case("brak.csv", mottagna(cell(FIRST, 3, "6,5")), "decimaltal", "inget heltal"),
    Case("nan.csv", mottagna(cell(FIRST, 3, "NaN")), "ej_tal", "NaN"),
    Case("inf.csv", mottagna(cell(FIRST, 3, "inf")), "ej_tal", "inf"),
    Case("fel.csv", mottagna(cell(FIRST, 3, "#REFERENS!")), "felvarde", "#REFERENS!"),
    Case("datum.csv", mottagna(cell(FIRST, 3, "2018-03-06")), "datum", "datum"),
    Case("manga.csv", mottagna(cell(FIRST, 3, "99999999")), "orimligt", "orimligt"),
    Case(
        "delar.csv", mottagna(cell(FIRST, 3, "7")), "kategorisumma", "står tryckt, men delarna blir"
    ),
    Case(
        "summa.csv",
        mottagna(at("Delsumma", 3, "29")),
        "summa_haller_inte",
        "29 står tryckt, men delarna blir 28",
    ),
    Case(
        "riket.csv", mottagna(cell(-1, 14, "6 636")), "summa_haller_inte", "6\u00a0636 står tryckt"
    ),
    Case(
        "ar.csv",
        mottagna(cell(1, 1, "Kommunmottagna enligt ersättningsförordningen 1918")),
        "ar_utanfor",
        "2000–2030",
        ar=None,
    ),
    Case("annat_ar.csv", mottagna(lambda rows: None), "fel_ar", "--ar säger 2017", ar=2017),
    Case("inget_ar.csv", mottagna(cell(1, 1, "Kommunmottagna")), "ar_saknas", "--ar", ar=None),
    Case("namnlos.csv", mottagna(cell(FIRST + 1, 2, "")), "rad_utan_namn", "ingen kommun"),
    Case(
        "efter.csv",
        mottagna(lambda rows: rows.append(rows[FIRST + 1])),
        "rad_efter_totalt",
        "efter raden Totalt",
    ),
    Case(
        "nytt.csv",
        raw("Kommun;jan;feb;mar;apr\r\nUmeå;..;1;2;3\r\n".encode()),
        "totalt_saknas",
        "Totalt saknas",
    ),
    Case("frammande.csv", raw(b"a;b;c\r\n1;2;3\r\n"), "okand_layout", "a; b; c"),
]

OTHERS = [
    Case(
        "kod.csv",
        kommuntal(at("UMEÅ", 3, "2482")),
        "kod_och_namn",
        "2482 är Skellefteå, men namnet är UMEÅ",
    ),
    Case("okand_kod.csv", kommuntal(at("UMEÅ", 3, "2499")), "okand_kommun", "2499 är ingen kommun"),
    Case("heby.csv", kommuntal(at("HEBY", 3, "1917")), "okand_kommun", "sedan dess 0331"),
    Case("lanskod.csv", kommuntal(at("UMEÅ", 2, "23")), "okant_lan", "Länskod och län säger olika"),
    Case(
        "summa.csv",
        kommuntal(at("UMEÅ", 4, "999")),
        "summa_haller_inte",
        "Summan för Västerbottens län, tal",
    ),
    Case("avklippt.csv", kommuntal(lambda rows: rows.pop()), "summa_saknas", "Norrbottens län"),
    Case("utan_ar.csv", kommuntal(lambda rows: None), "ar_saknas", "--ar", ar=None),
    Case("utan_tal.csv", kommuntal(cell(0, 4, "Antal")), "kolumn_saknas", "”tal”"),
    Case(
        "tal_tal.csv",
        kommuntal(lambda rows: [row.append(row[4]) for row in rows]),
        "dubbel_kolumn",
        "två gånger",
    ),
    Case(
        "kommatecken.csv",
        lambda sound: as_csv(sound.andelstal, ",").replace(b'"', b""),
        "lang_rad",
        "kommatecken",
    ),
    Case("procent.csv", andelstal(cell(1, 2, "0,1%")), "procent", "i procent"),
    Case("tiondel.csv", andelstal(lambda rows: _tenth(rows)), "procent", "Är de i procent?"),
    Case("punkt.csv", andelstal(cell(1, 2, "1.14")), "decimalpunkt", "decimalkomma"),
    Case("intervall.csv", andelstal(cell(1, 3, "2018-01-02")), "ej_intervall", "inget intervall"),
    Case(
        "forvantat.csv", andelstal(at("Summa", 3, "15-29")), "summa_haller_inte", "Summa, förväntat"
    ),
    Case(
        "utfall.csv",
        andelstal(at("Summa", 4, "35")),
        "summa_haller_inte",
        "35 står tryckt, men delarna blir 37",
    ),
    Case(
        "andelar.csv", andelstal(at("Summa", 2, "41,26")), "summa_haller_inte", "41,26 står tryckt"
    ),
    Case(
        "annat_lan.csv",
        andelstal(lambda rows: None),
        "fel_lan",
        "--lan säger Västernorrlands län",
        lan="22",
    ),
    Case(
        "utan_lan.csv",
        andelstal(lambda rows: None),
        "lan_och_ar_saknas",
        "--lan och --ar",
        lan=None,
    ),
    Case(
        "saknas.csv",
        andelstal(lambda rows: rows.pop(find(rows, "Umeå"))),
        "kommun_saknas",
        "saknar Umeå",
    ),
    Case(
        "i_fjol.csv",
        andelstal(lambda rows: None),
        "samma_siffror",
        "Samma innehåll som andelstal för 2018",
        ar=2019,
    ),
]


def _tenth(rows: Rows) -> None:
    for row in rows[1:]:
        row[2] = f"{float(row[2].replace(',', '.')) / 10:.3f}".replace(".", ",")


REFUSED = [*STRANGERS, *WORKBOOKS, *BYTES, *MOTTAGNA, *OTHERS]

WARNED = [
    Case(
        "cp1252.csv",
        in_bytes(lambda data: data.decode().encode("cp1252")),
        "cp1252",
        "Windows-1252",
    ),
    Case("utf16.csv", in_bytes(lambda data: data.decode().encode("utf-16")), "utf16", "UTF-16"),
    Case(
        "utf16be.csv",
        in_bytes(lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be")),
        "utf16",
        "UTF-16",
    ),
    Case(
        "utan_bom.csv", in_bytes(lambda data: data.decode().encode("utf-16-le")), "utf16", "UTF-16"
    ),
    Case("bom.csv", in_bytes(lambda data: b"\xef\xbb\xbf" + data), "bom", "BOM"),
    Case(
        "nfd.csv",
        in_bytes(lambda data: unicodedata.normalize("NFD", data.decode()).encode()),
        "nfd",
        "NFD",
    ),
    Case(
        "osynlig.csv",
        in_bytes(lambda data: data.replace(b"KARLSHAMN", "KARLS\u200bHAMN".encode())),
        "osynligt",
        "Osynliga",
    ),
    Case(
        "rubrik.csv",
        mottagna(lambda rows: rows.insert(FIRST + 3, rows[5])),
        "upprepad_rubrik",
        "räknas inte",
    ),
    Case(
        "fotnot.csv",
        mottagna(lambda rows: rows.append(["Källa: Migrationsverket", *[""] * 14])),
        "fotnot",
        "fotnot",
    ),
    Case("stjarna.csv", mottagna(cell(FIRST, 13, "93*")), "fotnotstecken", "93*"),
    Case("prickar.csv", kommuntal(lambda rows: _hidden(rows)), "ej_redovisat", "okänt, inte noll"),
    Case(
        "tidig.csv",
        mottagna(cell(2, 1, "2018-06-30 10.00")),
        "ofullstandigt_ar",
        "innan 2018 var slut",
    ),
    Case(
        "dold.xlsx",
        book(lambda made, own: setattr(own.row_dimensions[9], "hidden", True)),
        "dold_rad",
        "dold",
    ),
    Case(
        "dold_kolumn.xlsx",
        book(lambda made, own: setattr(own.column_dimensions["E"], "hidden", True)),
        "dold_kolumn",
        "Kolumnen är dold",
    ),
    Case("ordning.csv", andelstal(turned), "kolumnordning", "annan ordning"),
    Case(
        "rad3.csv",
        andelstal(lambda rows: rows.insert(0, [""] * 5) or rows.insert(0, ["Länet", *[""] * 4])),
        "rubrik_langre_ned",
        "rad 3",
    ),
    Case("utan_summa.csv", andelstal(lambda rows: rows.pop()), "utan_summa", "ingen summarad"),
    Case("nolla.csv", kommuntal(at("UPPLANDS VÄSBY", 3, "114")), "lagat_namn", "tappat sin nolla"),
    Case(
        "malung.csv",
        kommuntal(at("MALUNG-SÄLEN", 1, "MALUNG")),
        "lagat_namn",
        "lästes som Malung-Sälen",
    ),
    Case("dalsed.csv", kommuntal(at("DALS-ED", 1, "DALSED")), "lagat_namn", "lästes som Dals-Ed"),
    Case(
        "avkortad.csv",
        kommuntal(at("UPPLANDS VÄSBY", 1, "UPPLANDS VÄS")),
        "lagat_namn",
        "genom koden",
    ),
]


def outlier(rows: Rows) -> None:
    """One municipality's kommuntal a thousand too high, and the county's total with it."""
    own = rows[find(rows, "BJURHOLM")]
    total = next(row for row in rows if row[0] == own[0] and not row[1])
    for row in (own, total):
        row[4] = str(int(row[4]) + 1000)


def _hidden(rows: Rows) -> None:
    """A small number hidden by the agency, its county's total as printed."""
    row = next(row for row in rows[1:] if row[1] and row[5].isdigit() and 1 <= int(row[5]) <= 5)
    row[5] = ".."
