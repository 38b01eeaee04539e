"""A county's own table of andelstal, expected and placed children, one row per municipality,
perhaps a Summa row.
"""

import csv
import io
import re
from dataclasses import dataclass, field

from helpers.imports.names import Gazetteer, UnknownPlaceError, key
from helpers.imports.recognise import Header
from helpers.imports.verdicts import (
    MOST,
    SPACES,
    Count,
    ImportedTable,
    Report,
    blank,
    read_count,
    read_share,
    row_width,
    sum_problem,
    swedish,
    ungrouped,
)
from helpers.model.exact import exact_sum, rounded
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
TEN_TIMES = 10  # an outcome that is more than so many times the expectation is looked at
FACTOR = 4  # a county's shares lie near its share of the population; ten times off is another unit


@dataclass(frozen=True)
class _Row:
    number: int
    share: float | None
    share_text: str
    expected: tuple[int, int] | None
    expected_text: str
    outcome: Count


@dataclass
class _Sheet:
    rows: dict[str, _Row] = field(default_factory=dict)
    total: _Row | None = None
    differences: dict[str, float] = field(default_factory=dict)


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
    sheet = _Sheet()
    for number, cells in enumerate(header.sheet.rows[header.row + 1 :], header.row + 1):
        if not blank(cells):
            _read(number, cells, header, sheet, gazetteer, lanskod, report)
    _check_places(sheet, gazetteer, lanskod, report)
    _check_sums(header, sheet, accept_sum, report)
    _check_unit(sheet, population_share, report)
    _check_outcomes(header, sheet, gazetteer, accept, report)
    return [] if report.refused else [_table(sheet, gazetteer, lanskod, ar)]


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
    sheet: _Sheet,
    gazetteer: Gazetteer,
    lanskod: str,
    report: Report,
) -> None:
    if header.repeated_by(cells):
        report.warn("upprepad_rubrik", "Rubriken upprepas; raden räknas inte.", number)
        return
    named = header.columns["kommun"]
    if sheet.total and sum(bool(cell.strip()) for cell in cells) == 1:
        report.warn(
            "fotnot", f"Raden läses som en fotnot: ”{' '.join(cells).strip()[:60]}”.", number
        )
        return
    if not row_width(cells, header.width, report, number):
        return
    row = _row(number, cells, header, report)
    if sheet.total:
        report.refuse("rad_efter_totalt", "Det står siffror efter summaraden.", number)
    elif key(cells[named]) in SUM_WORDS:
        sheet.total = row
    else:
        kod = _place(number, cells, header, gazetteer, lanskod, report)
        if kod in sheet.rows:
            report.refuse(
                "dubblett",
                f"{cells[named]} står redan på rad {sheet.rows[kod].number + 1}.",
                number,
            )
        elif kod:
            sheet.rows[kod] = row


def _row(number: int, cells: list[str], header: Header, report: Report) -> _Row:
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
    return _Row(
        number,
        read_share(cells[share_at], report, number, share_at),
        ungrouped(cells[share_at]),
        expected,
        text,
        read_count(cells[outcome_at], report, number, outcome_at, None),
    )


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


def _check_places(sheet: _Sheet, gazetteer: Gazetteer, lanskod: str, report: Report) -> None:
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


def _check_sums(header: Header, sheet: _Sheet, accept_sum: bool, report: Report) -> None:
    total, rows = sheet.total, list(sheet.rows.values())
    if total is None:
        report.warn("utan_summa", "Tabellen har ingen summarad att stämma av mot.")
        return
    for column, problem, difference in (
        _outcome_problem(rows, total, report),
        _share_problem(rows, total, report),
    ):
        if problem and accept_sum and difference is not None:
            sheet.differences[column] = difference
            says = (
                f"Summa, {column}: {problem}. Tas in som den är tryckt; båda talen visas i"
                " avstämningen."
            )
            report.warn("summa_godtagen", says, total.number, header.columns[column])
        elif problem:
            step = (
                ""
                if difference is None
                else " Är originalet tryckt så, ta in det som det är med --accept-sum."
            )
            says = f"Summa, {column}: {problem}.{step}"
            report.refuse("summa_haller_inte", says, total.number, header.columns[column])
    if total.expected and all(row.expected for row in rows):
        low, high = (sum(row.expected[end] for row in rows if row.expected) for end in (0, 1))
        says = (
            f"Summa, förväntat: {total.expected_text} står tryckt, men delarna blir {low}-{high}."
        )
        report.compared(None if (low, high) == total.expected else says)
        if (low, high) != total.expected:
            report.refuse("summa_haller_inte", says, total.number, header.columns["förväntat"])


# the column; what is wrong; recomputed minus printed, if both are known
Problem = tuple[str, str | None, float | None]


def _outcome_problem(rows: list[_Row], total: _Row, report: Report) -> Problem:
    known = [row.outcome.value for row in rows if row.outcome.value is not None]
    told = len(known) == len(rows) and total.outcome.value is not None
    difference = float(sum(known) - (total.outcome.value or 0)) if told else None
    return "utfall", sum_problem([row.outcome for row in rows], total.outcome, report), difference


def _share_problem(rows: list[_Row], total: _Row, report: Report) -> Problem:
    if total.share is None:
        return "andelstal", None, None
    added = exact_sum(row.share or 0 for row in rows)
    # Each printed share may be half a unit off in its last decimal.
    missed = exact_sum([added, -total.share])
    holds = abs(missed) <= 0.005 * (len(rows) + 1)
    problem = (
        None if holds else f"{swedish(total.share)} står tryckt, men delarna blir {swedish(added)}"
    )
    report.compared(problem)
    if problem is None:
        return "andelstal", None, None
    known = all(row.share is not None for row in rows)
    return "andelstal", problem, missed if known else None


def _check_unit(sheet: _Sheet, population_share: float | None, report: Report) -> None:
    known = [row.share for row in sheet.rows.values() if row.share is not None]
    if not known or not population_share or report.refused:
        return
    added = exact_sum(known)
    if not population_share / FACTOR < added < population_share * FACTOR:
        says = (
            f"Andelstalen blir tillsammans {swedish(added)} ‰, men länet har "
            f"{swedish(float(rounded(population_share, 1)))} ‰ av folkmängden. Är de i procent?"
        )
        report.refuse("procent", says)


def _check_outcomes(
    header: Header, sheet: _Sheet, gazetteer: Gazetteer, accept: bool, report: Report
) -> None:
    """An outcome far over what was expected may be true; a slip of a digit looks the same."""
    tell = report.warn if accept else report.refuse
    for kod, row in sheet.rows.items():
        outcome, most = row.outcome.value, row.expected[1] if row.expected else None
        if outcome is not None and most is not None and outcome > TEN_TIMES * max(most, 1):
            says = (
                f"{gazetteer.names[kod]}: utfallet {swedish(outcome)} är mer än tio gånger det"
                f" förväntade ({row.expected_text}). Stämmer det, ange --accept."
            )
            tell("avvikande", says, row.number, header.columns["utfall"])


def _table(sheet: _Sheet, gazetteer: Gazetteer, lanskod: str, ar: int) -> ImportedTable:
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
    return ImportedTable(
        "andelstal", ar, out.getvalue(), title, published, figures, entry, sheet.differences
    )


def _printed(row: _Row) -> list[str]:
    outcome = "" if row.outcome.value is None else str(row.outcome.value)
    return [row.share_text, row.expected_text, outcome, ""]
