"""A county's own table of andelstal, expected and placed children, one row per municipality,
perhaps a Summa row.
"""

import csv
import io
import re

from helpers.imports.andelstal_proof import (
    Row,
    Shares,
    check_expected,
    check_outcomes,
    check_sums,
    check_unit,
)
from helpers.imports.names import Gazetteer, UnknownPlaceError, key
from helpers.imports.recognise import Header
from helpers.imports.verdicts import (
    MOST,
    SPACES,
    ImportedTable,
    Report,
    blank,
    read_count,
    read_share,
    row_width,
    ungrouped,
)
from helpers.tables.check import CellError, read_interval

SUM_WORDS = {"summa", "totalt", "länet", "delsumma"}
COLUMNS = {
    "Kommun": "kommun",
    "Andelstal": "andelstal",
    "Förväntat": "forvantat",
    "Utfall": "utfall",
    # a later year's assumption stands in some tables; this layout has none
    "Antagande": "antagande",
}
INTERVAL_DASH = re.compile(r" *[-–—\u2212] *")
NATIONAL = "00"


def parse(
    header: Header,
    gazetteer: Gazetteer,
    lanskod: str | None,
    ar: int | None,
    population_share: float | None,
    accept_sum: bool,
    accept: bool,
    report: Report,
) -> list[ImportedTable]:
    """Return the county's table as printed; every fault and warning is reported. A blank cell is
    unknown.

    Args:
        header: Where the table stands.
        gazetteer: The known places.
        lanskod: The county the table must be about, as the caller says.
        ar: The year, as the caller says.
        population_share: The county's share of the nation's people in ‰, to tell ‰ from per cent;
            None if unknown.
        accept_sum: Whether the caller has seen that a printed sum is wrong and takes the table as
            printed.
        accept: Whether the caller has seen that figures are out of proportion and takes them.
        report: Where faults and warnings go.
    """
    if lanskod is None or ar is None:
        report.refuse(
            "lan_och_ar_saknas",
            "Tabellen säger inte vilket län och år den gäller. Ange --lan och --ar.",
        )
        return []
    report.years.add(ar)
    if _other_division(gazetteer, gazetteer.of_year(ar), lanskod):
        says = (
            f"{gazetteer.counties[lanskod]} hade {ar} en annan indelning än dagens; länets tabell"
            " kan inte läsas."
        )
        report.refuse("annan_indelning", says)
        return []
    sheet = Shares()
    for number, cells in enumerate(header.sheet.rows[header.row + 1 :], header.row + 1):
        if not blank(cells):
            _read(number, cells, header, sheet, gazetteer, lanskod, report)
    _check_places(sheet, gazetteer, lanskod, report)
    check_sums(header, sheet, accept_sum, report)
    check_unit(header, sheet, population_share, report)
    check_outcomes(header, sheet, gazetteer, accept, report)
    check_expected(header, sheet, gazetteer, accept, report)
    return [] if report.refused else [_table(header, sheet, gazetteer, lanskod, ar)]


def _other_division(today: Gazetteer, then: Gazetteer, lanskod: str) -> bool:
    """Whether a county had other municipalities than today's, by which its table is kept."""
    own, former = (
        {kod for kod in places.names if places.home(kod) == lanskod} for places in (today, then)
    )
    return own != former


def _read(
    number: int,
    cells: list[str],
    header: Header,
    sheet: Shares,
    gazetteer: Gazetteer,
    lanskod: str,
    report: Report,
) -> None:
    if header.repeated_by(cells):
        report.warn("upprepad_rubrik", "Rubriken upprepas; raden räknas inte.", number)
        return
    named = header.columns["kommun"]
    if sheet.total and sheet.rows and sum(bool(cell.strip()) for cell in cells) == 1:
        report.warn(
            "fotnot", f"Raden läses som en fotnot: ”{' '.join(cells).strip()[:60]}”.", number
        )
        return
    if not row_width(cells, header.width, report, number):
        return
    row = _row(number, cells, header, report)
    kod = cells[header.columns["kommunkod"]] if "kommunkod" in header.columns else ""
    whose = gazetteer.county_row(cells[named], kod)
    if key(cells[named]) in SUM_WORDS:
        whose, sheet.closed = lanskod, bool(sheet.rows)
    elif sheet.closed and whose != NATIONAL:
        report.refuse("rad_efter_totalt", "Det står siffror efter summaraden.", number)
        return
    if whose:
        if fault := gazetteer.code_of_sum_fault(cells[named], kod):
            report.refuse("kod_och_namn", fault, number, named)
        _enter_sum(number, cells[named], whose, row, sheet, lanskod, report)
        return
    found = _place(number, cells, header, gazetteer, lanskod, report)
    if found in sheet.rows:
        says = f"{cells[named]} står redan på rad {sheet.rows[found].number + 1}."
        report.refuse("dubblett", says, number)
    elif found:
        sheet.rows[found] = row


def _row(number: int, cells: list[str], header: Header, report: Report) -> Row:
    if not SPACES.sub("", cells[header.columns["andelstal"]]):
        says = "Raden har inget andelstal. Fyll i det; ett okänt tal kan inte läsas in."
        report.refuse("andelstal_saknas", says, number, header.columns["andelstal"])
    share_at, outcome_at = header.columns["andelstal"], header.columns["utfall"]
    expected_at = header.columns.get("förväntat")
    # Written "1-2" in the tables, with any dash and spacing in print.
    text = "" if expected_at is None else INTERVAL_DASH.sub("-", cells[expected_at].strip())
    expected = None
    try:
        expected = read_interval(text) if text else None
        if expected and expected[1] > MOST:
            raise CellError(text)
    except CellError:
        report.refuse(
            "ej_intervall",
            f"”{text[:40]}” är inget intervall av antal. Skriv ”1-2” eller ett heltal.",
            number,
            expected_at,
        )
    return Row(
        number,
        read_share(cells[share_at], report, number, share_at),
        ungrouped(cells[share_at]),
        expected,
        text,
        read_count(cells[outcome_at], report, number, outcome_at, None),
    )


def _enter_sum(
    number: int, name: str, whose: str, row: Row, sheet: Shares, lanskod: str, report: Report
) -> None:
    """Keep the county's row and the nation's, each once, apart from the municipalities."""
    if whose not in (lanskod, NATIONAL):
        report.refuse("fel_lan", f"{name} är en rad för ett annat län.", number)
    elif (sheet.nation if whose == NATIONAL else sheet.total) is not None:
        report.refuse("dubblett", f"{name}: summan står redan på en annan rad.", number)
    elif whose == NATIONAL:
        sheet.nation = row
        report.warn("riksrad", "Raden gäller riket; den stämdes av men räknas inte.", number)
    else:
        sheet.total = row


def _place(
    number: int,
    cells: list[str],
    header: Header,
    gazetteer: Gazetteer,
    lanskod: str,
    report: Report,
) -> str | None:
    named, coded = header.columns["kommun"], header.columns.get("kommunkod")
    if not cells[named].strip() and (coded is None or not cells[coded].strip()):
        report.refuse("rad_utan_namn", "Raden har siffror men ingen kommun.", number, named)
        return None
    try:
        found = gazetteer.municipality(cells[named], cells[coded] if coded is not None else "")
    except UnknownPlaceError as error:
        report.refuse(error.code, str(error), number, named)
        return None
    if found.note:
        report.warn("lagat_namn", found.note, number, named)
    if found.kod[:2] != lanskod:
        own = gazetteer.counties[found.kod[:2]]
        says = f"{cells[named]} ligger i {own}, men --lan säger {gazetteer.counties[lanskod]}."
        report.refuse("fel_lan", says, number, named)
    return found.kod


def _check_places(sheet: Shares, gazetteer: Gazetteer, lanskod: str, report: Report) -> None:
    if not sheet.rows:
        report.refuse(
            "bara_rubrik", "Tabellen har inga kommuner under rubriken. Är filen avklippt?"
        )
        return
    missing = [
        name
        for kod, name in gazetteer.names.items()
        if kod[:2] == lanskod and kod not in sheet.rows
    ]
    if missing:
        report.refuse(
            "kommun_saknas",
            f"{gazetteer.counties[lanskod]} saknar {', '.join(missing[:10])} i tabellen.",
        )


def _table(
    header: Header, sheet: Shares, gazetteer: Gazetteer, lanskod: str, ar: int
) -> ImportedTable:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    figures: dict[tuple[str, int, str], float | None] = {}
    for kod, row in sorted(sheet.rows.items()):
        writer.writerow([gazetteer.names[kod], *_printed(row)])
        figures |= {(kod, ar, "andelstal"): row.share, (kod, ar, "utfall"): row.outcome.value}
    if sheet.total:
        writer.writerow(["Summa", *_printed(sheet.total)])
    entry: dict[str, object] = {
        "lan": lanskod,
        "delimiter": ";",
        "decimal": ",",
        "columns": COLUMNS,
    }
    entry |= {"ar": ar, "sum_row": "Summa" if sheet.total else None}
    title, published = (
        f"Andelstal och utfall, {gazetteer.counties[lanskod]} {ar}",
        "ej angivet i filen",
    )
    rows = {kod: row.number for kod, row in sheet.rows.items()}
    return ImportedTable(
        "andelstal",
        ar,
        out.getvalue(),
        title,
        published,
        figures,
        entry,
        sheet.differences,
        rows=rows | {gazetteer.names[kod]: number for kod, number in rows.items()},
        columns={
            own: header.columns[word]
            for head, own in COLUMNS.items()
            if (word := head.lower()) in header.columns
        },
    )


def _printed(row: Row) -> list[str]:
    outcome = "" if row.outcome.value is None else str(row.outcome.value)
    return [row.share_text, row.expected_text, outcome, ""]
