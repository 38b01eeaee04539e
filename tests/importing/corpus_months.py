"""More of the corpus: the table by month, spoiled. It is synthetic, for no real file has been at
hand.
"""

import copy
from collections.abc import Callable

from .corpus import Build, Case, cell
from .layouts import Rows, as_csv, as_xlsx, hidden, saved, with_information

HEADER, JAN, FEB, MAR, NOV, DEC, YEAR = 1, 2, 3, 4, 12, 13, 14
ENDED = "Totalt, mars 2026, kolumn E: 1\u00a0931 står tryckt, men delarna blir 1\u00a0930"


def by_month(*changes: Callable[[Rows], object]) -> Build:
    """The table by month as CSV, changed."""
    return lambda sound: as_csv(changed(sound.manad, *changes))


def dark(*changes: Callable[[Rows], object]) -> Build:
    """The same with its small numbers hidden, changed."""
    return lambda sound: as_csv(changed(hidden(sound.manad), *changes))


def changed(rows: Rows, *changes: Callable[[Rows], object]) -> Rows:
    """A copy of the rows, changed."""
    rows = copy.deepcopy(rows)
    for change in changes:
        change(rows)
    return rows


def row_of(rows: Rows, name: str) -> int:
    """The row of a place; the last heading is "Totalt" too."""
    return next(number for number, row in enumerate(rows) if row[1] == name)


def at(name: str, column: int, text: str) -> Callable[[Rows], object]:
    """Write a text into a place's row."""
    return lambda rows: rows[row_of(rows, name)].__setitem__(column, text)


def _blank_for_none(rows: Rows) -> None:
    """A blank cell where a municipality received nobody."""
    row = next(row for row in rows[2:] if row[DEC] == "0")
    row[DEC] = ""


def head(place: int, text: str) -> Callable[[Rows], object]:
    """Write another heading."""
    return cell(HEADER, place, text)


def out(*places: int) -> Callable[[Rows], object]:
    """Leave columns out of the table, the last first."""
    return lambda rows: [row.pop(place) for row in rows[HEADER:] for place in places]


def headings(*names: str) -> Callable[[Rows], object]:
    """Write all months' headings."""
    return lambda rows: rows[HEADER].__setitem__(slice(JAN, JAN + len(names)), names)


def empty(*places: int) -> Callable[[Rows], object]:
    """Blank a month in every row, with its heading left."""
    return lambda rows: [
        row.__setitem__(place, "") for row in rows[HEADER + 1 :] for place in places
    ]


def _merged(sound) -> bytes:
    made = as_xlsx(sound.manad)
    made.active.merge_cells("A10:A14")
    return saved(made)


def _two_sheets(sound) -> bytes:
    made = with_information(sound.manad)
    other = made.create_sheet("Annan tabell")
    for row in sound.manad:
        other.append(row)
    return saved(made)


def _hidden_sheet(sound) -> bytes:
    made = with_information(sound.manad)
    made["Information"].sheet_state = "hidden"
    return saved(made)


def _untitled(rows: Rows) -> None:
    """No year anywhere."""
    rows[0][0] = "Kommunmottagna"
    rows[HEADER] = [heading.removesuffix(" 2026") for heading in rows[HEADER]]


def _county(rows: Rows) -> None:
    """A county's sum that is one too high."""
    own = [row for row in rows if row[0] == "Blekinge län"]
    sums = [sum(int(row[place]) for row in own) for place in range(JAN, YEAR + 1)]
    rows.append(["Blekinge län", "Delsumma", str(sums[0] + 1), *map(str, sums[1:])])


def _one(*given: object, **more: object) -> Case:
    return Case(*given, **{"lan": None, "ar": None, **more})  # type: ignore[arg-type]


REFUSED = [
    _one("manad_kommun.csv", by_month(lambda rows: rows.pop(row_of(rows, "Umeå"))), "kommun_saknas", "Umeå"),
    _one("manad_dubbel.csv", by_month(head(MAR, "februari 2026")), "dubbel_manad", "februari 2026 finns redan"),
    _one("manad_annat_ar.csv", by_month(head(MAR, "mars 2024")), "manadsordning", "Mars 2024 står efter februari 2026"),
    _one("manad_13.csv", by_month(head(DEC, "2026-13")), "manad_finns_inte", "Månad 13 finns inte"),
    _one("manad_stavning.csv", by_month(head(DEC, "decmber")), "okand_kolumn", "decmber"),
    _one("manad_lucka.csv", by_month(out(MAR)), "manad_saknas", "Mars 2026 saknas"),
    _one("manad_tom_lucka.csv", by_month(empty(FEB, MAR)), "manad_saknas", "Februari 2026, mars 2026 saknas"),
    _one("manad_borjan.csv", by_month(out(JAN)), "manad_saknas", "Januari 2026 saknas"),
    _one("manad_summa.csv", by_month(at("Totalt", MAR, "1931")), "summa_haller_inte", ENDED, title="the nation's sum"),
    _one("manad_cell.csv", by_month(at("Umeå", MAR, "99")), "summa_haller_inte", "Totalt, mars 2026", title="a cell"),
    _one("manad_ar.csv", by_month(at("Umeå", YEAR, "999")), "summa_haller_inte", "Umeå, hela 2026", title="the year"),
    _one("manad_lan.csv", by_month(_county), "summa_haller_inte", "Blekinge län, januari 2026", title="a county's sum"),
    _one("manad_okand.csv", by_month(at("Okänd kommun", JAN, "2")), "summa_haller_inte", "Totalt", title="no place"),
    _one("manad_dolda.csv", dark(at("Umeå", MAR, "999")), "summa_haller_inte", "Totalt, mars 2026", title="hidden"),
    _one("manad_bokstav.csv", by_month(at("Umeå", MAR, "tolv")), "ej_tal", "tolv"),
    _one("manad_negativ.csv", by_month(at("Umeå", MAR, "-3")), "negativt", "negativt"),
    _one("manad_decimal.csv", by_month(at("Umeå", MAR, "12,5")), "decimaltal", "inget heltal"),
    _one("manad_totalt.csv", by_month(at("Totalt", MAR, "..")), "totalt_ej_angivet", "säger inget om mars 2026"),
    _one("manad_totalt_tom.csv", by_month(at("Totalt", MAR, "")), "totalt_ej_angivet", "säger inget om mars 2026"),
    _one("manad_utan_totalt.csv", by_month(lambda rows: rows.pop(row_of(rows, "Totalt"))), "totalt_saknas", "Totalt"),
    _one("manad_bara_totalt.csv", by_month(empty(*range(JAN, YEAR + 1))), "inga_tal", "Ingen kommun har någon siffra"),
    _one("manad_rubrik.csv", by_month(lambda rows: rows.__delitem__(slice(2, None))), "bara_rubrik", "inga kommuner"),
    _one("manad_namn.csv", by_month(at("Umeå", 1, "Umea")), "okand_kommun", "Närmast: Umeå"),
    _one("manad_namnlos.csv", by_month(at("Umeå", 0, ""), at("Umeå", 1, "")), "okand_kommun", "ingen kommun"),
    _one("manad_fel_lan.csv", by_month(at("Umeå", 0, "Skåne län")), "kod_och_namn", "ligger i Västerbottens län"),
    _one("manad_dubblett.csv", by_month(lambda rows: rows.append(rows[5])), "dubblett", "står redan på rad 6"),
    _one("manad_kort.csv", by_month(lambda rows: rows[5].pop()), "kort_rad", "14 celler"),
    _one("manad_lang.csv", by_month(lambda rows: rows[5].append("7")), "lang_rad", "16 celler"),
    _one("manad_utan_ar.csv", by_month(_untitled), "ar_saknas", "--ar"),
    _one("manad_fel_ar.csv", by_month(), "fel_ar", "läses som 2026, titeln säger 2026, --ar säger 2025", ar=2025),
    _one("manad_1926.csv", by_month(headings("januari 1926"), out(*range(DEC, JAN, -1))), "ar_utanfor", "1926"),
    _one("manad_totalt_ar.csv", by_month(head(YEAR, "Totalt 2025")), "totalt_oklart", "Totalt gäller 2025"),
    _one("manad_tva_ar.csv", by_month(head(DEC, "december 2025")), "manadsordning", "December 2025 står efter"),
    _one("manad_utan_kommun.csv", by_month(out(1)), "kolumn_saknas", "kommunernas namn"),
    _one("manad_utan_rubrik.csv", by_month(head(YEAR, ""), lambda rows: [row.append("") for row in rows[:2]],
         lambda rows: [row.append("1") for row in rows[2:]], head(15, "december 2026")), "kolumn_utan_rubrik",
         "ingen rubrik"),
    _one("manad_dolt.xlsx", _hidden_sheet, "dolt_blad", "Information"),
    _one("manad_tva.xlsx", _two_sheets, "flera_tabeller", "blad 2, 3"),
    _one("manad_sammanfogad.xlsx", _merged, "sammanfogad", "Sammanfogade"),
]  # fmt: skip

WARNED = [
    _one("manad_dold.csv", dark(), "ej_redovisat", "okända, inte noll"),
    _one("manad_tom.csv", by_month(_blank_for_none), "tom_cell", "okända, inte noll"),
    _one(
        "manad_delar.csv", by_month(empty(DEC, YEAR)), "ofullstandigt_ar", "januari–november 2026"
    ),
    _one(
        "manad_upprepad.csv",
        by_month(lambda rows: rows.insert(9, rows[HEADER])),
        "upprepad_rubrik",
        "räknas inte",
    ),
    _one(
        "manad_not.csv",
        by_month(lambda rows: rows.append(["1) Uppgifterna är preliminära."])),
        "fotnot",
        "1)",
    ),
    _one("sedan_2020.xlsx", lambda sound: sound.since_2020, "kommun_utan_rad", "Bjurholm"),
    _one("manad_fotnot.csv", by_month(at("Umeå", YEAR, "203*")), "fotnotstecken", "203*"),
]
