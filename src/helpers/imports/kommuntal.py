"""Migrationsverket's kommuntal, one row per municipality with a county's total where Kommun is
blank.
"""

from dataclasses import dataclass, field

from helpers.imports.names import NATION, Gazetteer, UnknownPlaceError, key
from helpers.imports.recognise import Header
from helpers.imports.verdicts import (
    Count,
    ImportedTable,
    Report,
    blank,
    enter,
    read_count,
    row_width,
    sum_problem,
)

FIGURES = {"tal": "kommuntal", "mottagna": "mottagna_efter_anvisning"}
NATION_OR_SUM = NATION | {"totalt", "summa"}
SUM_WORDS = {"totalt", "summa", "delsumma"}
NATIONAL = "00"
Counts = dict[str, Count]


@dataclass
class _Sheet:
    municipalities: dict[str, tuple[int, Counts]] = field(default_factory=dict)
    sums: dict[str, tuple[int, Counts]] = field(default_factory=dict)


def parse(
    header: Header, gazetteer: Gazetteer, ar: int | None, report: Report
) -> list[ImportedTable]:
    """Return the municipalities' table; every fault and warning is reported. A blank cell is
    unknown.
    """
    if ar is None:
        report.refuse("ar_saknas", "Året står inte i filen. Ange det med --ar.")
        return []
    report.years.add(ar)
    sheet, gazetteer = _Sheet(), gazetteer.of_year(ar)
    for number, cells in enumerate(header.sheet.rows[header.row + 1 :], header.row + 1):
        if blank(cells):
            continue
        if header.repeated_by(cells):
            report.warn("upprepad_rubrik", "Rubriken upprepas; raden räknas inte.", number)
        elif (
            sum(bool(cell.strip()) for cell in cells) == 1
            and cells[0].strip()
            and len(cells[0].strip()) > 25
        ):
            report.warn("fotnot", f"Raden läses som en fotnot: ”{cells[0].strip()[:60]}”.", number)
        elif row_width(cells, header.width, report, number):
            _read_row(number, cells, header, sheet, gazetteer, report)
    _check_sums(header, sheet, gazetteer, report)
    report.whole = NATIONAL in sheet.sums
    return [] if report.refused else [_table(sheet, header, ar)]


def _read_row(
    number: int,
    cells: list[str],
    header: Header,
    sheet: _Sheet,
    gazetteer: Gazetteer,
    report: Report,
) -> None:
    own = {word: cells[place].strip() for word, place in header.columns.items()}
    counts = {
        name: read_count(own[word], report, number, header.columns[word], None)
        for word, name in FIGURES.items()
    }
    try:
        lanskod = _county(own, gazetteer)
    except UnknownPlaceError as error:
        report.refuse(error.code, str(error), number, header.columns["län"])
        return
    row_of = gazetteer.county_row(own["kommun"], own["kommunkod"])
    if row_of and row_of != lanskod:
        says = f"{own['kommun']} står i en rad för {own['län'] or 'riket'}."
        report.refuse("fel_lan", says, number, header.columns["kommun"])
        return
    nameless = not own["kommun"] and not own["kommunkod"]
    if row_of or lanskod == NATIONAL or nameless or key(own["kommun"]) in SUM_WORDS:
        named = own["kommun"] or own["län"]
        if fault := gazetteer.code_of_sum_fault(named, own["kommunkod"]):
            report.refuse("kod_och_namn", fault, number, header.columns["kommunkod"])
        enter(number, lanskod, counts, sheet.sums, f"Summan för {own['län']}", report)
        return
    _enter(number, lanskod, own, counts, header, sheet, gazetteer, report)


def _enter(
    number: int,
    lanskod: str,
    own: dict[str, str],
    counts: Counts,
    header: Header,
    sheet: _Sheet,
    gazetteer: Gazetteer,
    report: Report,
) -> None:
    """Keep a municipality's row under its code, if it is one of the county that the row names."""
    try:
        found = gazetteer.municipality(own["kommun"], own["kommunkod"])
    except UnknownPlaceError as error:
        report.refuse(error.code, str(error), number, header.columns["kommun"])
        return
    _refuse_unknown(number, own, counts, header, report)
    if found.note:
        report.warn("lagat_namn", found.note, number, header.columns["kommun"])
    home = gazetteer.home(found.kod)
    if home != lanskod:
        says = (
            f"{gazetteer.names[found.kod]} ({found.kod}) ligger i {gazetteer.counties[home]}, inte"
            f" i {own['län']}."
        )
        report.refuse("fel_lan", says, number, header.columns["län"])
    enter(number, found.kod, counts, sheet.municipalities, own["kommun"], report)


def _refuse_unknown(
    number: int, own: dict[str, str], counts: Counts, header: Header, report: Report
) -> None:
    """The table is of those that have a kommuntal: an unknown one has no row."""
    if counts["kommuntal"].value is None and not counts["kommuntal"].unreadable:
        says = (
            f"{own['kommun']} har inget kommuntal. Fyll i det, eller ta bort raden om det är okänt."
        )
        report.refuse("kommuntal_saknas", says, number, header.columns["tal"])


def _county(own: dict[str, str], gazetteer: Gazetteer) -> str:
    """The row's county, its name and code agreeing; "00" for the nation. The code's zero is lost in
    the original.
    """
    if key(own["län"]) in NATION_OR_SUM or (not own["län"] and key(own["kommun"]) in NATION_OR_SUM):
        return NATIONAL
    lanskod = gazetteer.county(own["län"])
    if own["länskod"] and own["länskod"].zfill(2) != lanskod:
        says = f"Länskod och län säger olika: {own['länskod']} och {own['län']} ({lanskod})."
        raise UnknownPlaceError(says, "okant_lan")
    return lanskod


def _check_sums(header: Header, sheet: _Sheet, gazetteer: Gazetteer, report: Report) -> None:
    if not sheet.municipalities:
        report.refuse(
            "bara_rubrik", "Tabellen har inga kommuner under rubriken. Är filen avklippt?"
        )
        return
    counties = sorted({gazetteer.home(kod) for kod in sheet.municipalities})
    without = [gazetteer.counties[kod] for kod in counties if kod not in sheet.sums]
    if len(without) == len(counties):
        report.warn("utan_summa", "Filen har inga summor per län att stämma av mot.")
    elif without:
        report.refuse(
            "summa_saknas", f"Länets summa saknas för {', '.join(without)}. Är filen avklippt?"
        )
    for kod, (number, printed) in sheet.sums.items():
        rows = [
            counts
            for own, (_, counts) in sheet.municipalities.items()
            if kod in (gazetteer.home(own), NATIONAL)
        ]
        for word, name in FIGURES.items():
            problem = sum_problem([counts[name] for counts in rows], printed[name], report)
            if problem:
                where = "riket" if kod == NATIONAL else gazetteer.counties[kod]
                says = f"Summan för {where}, {word}: {problem}."
                report.refuse("summa_haller_inte", says, number, header.columns[word])


def counties_without_row(table: ImportedTable, gazetteer: Gazetteer) -> list[str]:
    """Return the names of the counties of which a table has no municipality.

    Every county has a kommuntal: a table without one may have been cut off between two rows, which
    only the nation's printed sum can tell.
    """
    told = {gazetteer.of_year(table.ar).home(kod) for kod, _, _ in table.figures}
    return [name for kod, name in gazetteer.counties.items() if kod not in told]


def _table(sheet: _Sheet, header: Header, ar: int) -> ImportedTable:
    lines = ["kommunkod,ar,kommuntal,mottagna_efter_anvisning"]
    figures: dict[tuple[str, int, str], float | None] = {}
    for kod, (_, counts) in sorted(sheet.municipalities.items()):
        values = [counts[name].value for name in FIGURES.values()]
        lines.append(
            ",".join([kod, str(ar), *("" if value is None else str(value) for value in values)])
        )
        figures |= {
            (kod, ar, name): value for name, value in zip(FIGURES.values(), values, strict=True)
        }
    title = f"Kommuntal {ar} och mottagna efter anvisning"
    return ImportedTable(
        "kommuntal",
        ar,
        "\n".join(lines) + "\n",
        title,
        "ej angivet i filen",
        figures,
        rows={kod: number for kod, (number, _) in sheet.municipalities.items()},
        columns={name: header.columns[word] for word, name in FIGURES.items()},
    )
