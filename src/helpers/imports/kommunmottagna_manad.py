"""Migrationsverket's kommunmottagna with a column per month, as published from 2022.

The layout is known only from descriptions: no real file has been at hand. So what they say is
required (municipalities as rows, Totalt among them, a mark for what is hidden), and what they leave
out is read in every likely form, as long as the printed sums prove it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from helpers.imports.months import (
    UNKNOWN_PLACE,
    WHOLE_YEAR,
    Columns,
    Month,
    place_of,
    published_on,
    read_columns,
    sums_by_county,
)
from helpers.imports.names import Gazetteer, UnknownPlaceError, key
from helpers.imports.recognise import NAMES, Header, month_name
from helpers.imports.verdicts import (
    Count,
    ImportedTable,
    Report,
    blank,
    enter,
    read_count,
    row_width,
    sum_problem,
    swedish,
)
from helpers.model.monthly import year_figure
from helpers.sources.files.findings import column_letter

NATION = "00"
# after a file of the whole year, which has categories too; before the project's own
YEAR_PRECEDENCE = 15
CELL = "ar,manad,antal"
Figures = dict[tuple[str, int, str], float | None]
Counts = dict[Month, Count]
Rows = dict[str, tuple[int, Counts]]


@dataclass
class _Sheet:
    """The rows of the table as they are read: municipalities (and those of unknown place) and
    printed sums by code.
    """

    columns: Columns
    gazetteer: Gazetteer
    cells: Report
    by_county: bool  # whether a sum that names no county is that of the municipalities above it
    units: Rows = field(default_factory=dict)
    sums: Rows = field(default_factory=dict)
    lanskod: str = ""

    @cached_property
    def published(self) -> list[Month]:
        """The months of which anything stands in a municipality's row, in order; asked for once
        all rows are read.
        """
        said = {
            month
            for _, counts in self.units.values()
            for month, count in counts.items()
            if not _empty(count)
        }
        return sorted(month for month in said if month[1] != WHOLE_YEAR)


def parse(
    header: Header, gazetteer: Gazetteer, ar: int | None, report: Report
) -> list[ImportedTable]:
    """Return, per year, the months, their printed sums and, of a whole year, its figures; all
    faults are reported.

    A hidden cell is unknown and said to be hidden. A month in which no municipality has anything is
    not yet published. A blank cell in a published month is unknown: a zero and a lost figure look
    the same there.
    """
    columns = read_columns(header, ar, report)
    if columns is None:
        return []
    sheet = _Sheet(
        columns,
        gazetteer.of_year(columns.years[-1]),
        Report(report.blad),
        sums_by_county(header, columns.places),
    )
    for number, cells in enumerate(header.sheet.rows[header.row + 1 :], header.row + 1):
        _read_row(number, cells, header, sheet, report)
    _gather(sheet, report)
    _check_places(sheet, report)
    if sheet.units:
        _check_months(sheet, header, report)
        _check_sums(sheet, report)
        _check_missing(sheet, report)
    published = published_on(header)
    after = [month for month in sheet.published if f"{month[0]}-{month[1]:02}" > published[:7]]
    if after and published[0] in "0123456789":
        says = (
            f"{month_name(*after[0]).capitalize()} har tal, men filen är uppdaterad {published}."
            " Kontrollera årtalet."
        )
        report.refuse("framtid", says, header.row, columns.months[after[0]])
    if report.refused:
        return []
    return [
        table
        for year in sorted({ar for ar, _ in sheet.published})
        for table in _tables(sheet, year, published)
    ]


def _empty(count: Count) -> bool:
    return count.value is None and not count.suppressed and not count.unreadable


def _read_row(number: int, cells: list[str], header: Header, sheet: _Sheet, report: Report) -> None:
    if blank(cells):
        return
    if header.repeated_by(cells):
        report.warn("upprepad_rubrik", "Rubriken upprepas; raden räknas inte.", number)
        return
    figures = any(
        cells[place].strip() for place in sheet.columns.months.values() if place < len(cells)
    )
    told = {
        word: cells[place].strip()
        for word, place in sheet.columns.places.items()
        if place < len(cells)
    }
    nameless = key(told.get("kommun", "")) == "delsumma" or sheet.by_county
    try:
        found = place_of(told, sheet.gazetteer, sheet.lanskod if nameless else "")
    except UnknownPlaceError as error:
        _placeless(number, cells, error, figures, sheet, report)
        return
    is_sum = len(found.kod) == 2
    # a county's heading
    if (is_sum and not figures) or not row_width(cells, header.width, report, number):
        return
    if found.note:
        report.warn("lagat_namn", found.note, number, sheet.columns.places["kommun"])
    if is_sum:
        sheet.lanskod = ""
    elif found.kod != UNKNOWN_PLACE:
        sheet.lanskod = sheet.gazetteer.home(found.kod)
    counts = {
        month: read_count(cells[place], sheet.cells, number, place, None)
        for month, place in sheet.columns.months.items()
    }
    kept = sheet.sums if is_sum else sheet.units
    enter(number, found.kod, counts, kept, told.get("kommun") or "Summan", report)


def _placeless(
    number: int,
    cells: list[str],
    error: UnknownPlaceError,
    figures: bool,
    sheet: _Sheet,
    report: Report,
) -> None:
    """A row of no known place: a fault where it has figures, else a footnote."""
    if figures:
        report.refuse(error.code, str(error), number, sheet.columns.places["kommun"])
    else:
        says = f"Raden läses som en fotnot: ”{' '.join(cells).strip()[:60]}”."
        report.warn("fotnot", says, number)


def _gather(sheet: _Sheet, report: Report) -> None:
    """Tell of the cells: each fault, but hidden and blank cells once with their number, for there
    can be thousands.
    """
    told = [one for one in sheet.cells.findings if one.code == "ej_redovisat"]
    report.findings += [one for one in sheet.cells.findings if one.code != "ej_redovisat"]
    if told:
        says = (
            f"Celler som inte redovisas (färre än 6): {swedish(len(told))}, den första här. De är"
            " okända, inte noll."
        )
        report.findings.append(replace(told[0], says=says))
    published = sheet.published
    blanks = [
        (number, sheet.columns.months[month])
        for number, counts in sheet.units.values()
        for month in published
        if _empty(counts[month])
    ]
    if blanks:
        says = (
            f"Tomma celler i publicerade månader: {swedish(len(blanks))}, den första här. De är"
            " okända, inte noll."
        )
        report.warn("tom_cell", says, *min(blanks))


def _check_places(sheet: _Sheet, report: Report) -> None:
    if not set(sheet.units) - {UNKNOWN_PLACE}:
        report.refuse(
            "bara_rubrik", "Tabellen har inga kommuner under rubriken. Är filen avklippt?"
        )
        return
    if NATION not in sheet.sums and not set(sheet.gazetteer.counties) <= set(sheet.sums):
        report.refuse("totalt_saknas", "Raden Totalt saknas. Är filen avklippt?")


def _check_missing(sheet: _Sheet, report: Report) -> None:
    """A municipality without a row is unknown, if the printed sums hold without it; else the file
    lacks it.
    """
    missing = [kod for kod in sheet.gazetteer.names if kod not in sheet.units]
    if not missing:
        return
    names = [sheet.gazetteer.names[kod] for kod in missing]
    shown = ", ".join(names[:10]) + (f" och {len(names) - 10} till" if len(names) > 10 else "")
    many = f"{len(names)} kommuner" if len(names) > 1 else "1 kommun"
    summed = all(_sum_known({NATION, sheet.gazetteer.home(kod)}, sheet) for kod in missing)
    if report.refused or not summed:
        report.refuse("kommun_saknas", f"{many} saknas: {shown}.")
    else:
        says = (
            f"{many} har ingen rad: {shown}. De tryckta summorna håller utan; talen är okända,"
            " inte noll."
        )
        report.warn("kommun_utan_rad", says)


def _sum_known(codes: set[str], sheet: _Sheet) -> bool:
    """Whether one of these sums is told for every published month."""
    return any(
        all(counts[month].value is not None for month in sheet.published)
        for kod, (_, counts) in sheet.sums.items()
        if kod in codes
    )


def _check_months(sheet: _Sheet, header: Header, report: Report) -> None:
    """The published months follow each other from January on; a file of two years may begin within
    the first.
    """
    published = sheet.published
    if not published:
        report.refuse("inga_tal", "Ingen kommun har någon siffra. Är filen avklippt?")
        return
    (first, begins), (last, ends) = published[0], published[-1]
    begins = begins if first < last else 1
    run = [divmod(month, 12) for month in range(first * 12 + begins - 1, last * 12 + ends)]
    missing = [month_name(ar, month + 1) for ar, month in run if (ar, month + 1) not in published]
    if missing:
        says = f"{', '.join(missing).capitalize()} saknas, men senare månader är publicerade."
        report.refuse("manad_saknas", says, header.row)
    for ar in sheet.columns.years:
        told = [manad for year, manad in published if year == ar]
        if 0 < len(told) < 12:
            says = (
                f"Filen har {_span(told)} {ar}; året får inget tal förrän alla tolv månader finns."
            )
            report.warn("ofullstandigt_ar", says)


def _check_sums(sheet: _Sheet, report: Report) -> None:
    """Every printed sum against its parts: down each column, and for every row its year against its
    months.
    """
    for kod, (number, counts) in sheet.sums.items():
        within = [
            own for unit, (_, own) in sheet.units.items() if _within(unit, kod, sheet.gazetteer)
        ]
        for month, place in sheet.columns.months.items():
            parts = [own[month] for own in within]
            _check_sum(
                f"{_named(kod, sheet)}, {month_name(*month)}",
                parts,
                counts[month],
                (number, place),
                report,
            )
            if kod == NATION and month in sheet.published and counts[month].value is None:
                says = (
                    f"Raden Totalt säger inget om {month_name(*month)}, som då inte kan stämmas av."
                )
                report.refuse("totalt_ej_angivet", says, number, place)
    for kod, (number, counts) in [*sheet.units.items(), *sheet.sums.items()]:
        for (ar, manad), place in sheet.columns.months.items():
            if manad == WHOLE_YEAR:
                parts = [
                    count
                    for (year, month), count in counts.items()
                    if year == ar and month != WHOLE_YEAR
                ]
                what = f"{_named(kod, sheet)}, {month_name(ar, manad)}"
                _check_sum(what, parts, counts[ar, manad], (number, place), report)


def _check_sum(
    what: str, parts: list[Count], printed: Count, at: tuple[int, int], report: Report
) -> None:
    problem = sum_problem(parts, printed, report)
    if problem:
        number, place = at
        report.refuse(
            "summa_haller_inte", f"{what}, kolumn {column_letter(place)}: {problem}.", number, place
        )


def _within(unit: str, kod: str, gazetteer: Gazetteer) -> bool:
    return kod == NATION or (unit != UNKNOWN_PLACE and gazetteer.home(unit) == kod)


def _named(kod: str, sheet: _Sheet) -> str:
    if kod in (UNKNOWN_PLACE, NATION):
        return "Totalt" if kod == NATION else "Okänd kommun"
    return (sheet.gazetteer.names if len(kod) == 4 else sheet.gazetteer.counties)[kod]


def _tables(sheet: _Sheet, ar: int, published: str) -> list[ImportedTable]:
    """One year's tables; what the months are, and their sums, are never mixed."""
    months = [month for month in sheet.published if month[0] == ar]
    title = f"Kommunmottagna {ar} per månad, {_span([manad for _, manad in months])}"
    summed = f"{title}, raden Totalt och länens summor"
    figures: Figures = {
        (kod, ar, NAMES[month[1] - 1]): counts[month].value
        for kod, (_, counts) in sheet.units.items()
        for month in months
    }
    told = [f"{cell},{'ja' * count.suppressed}" for cell, count in _cells(sheet.units, months)]
    sums = [cell for cell, _ in _cells(sheet.sums, months)]
    tables = [
        ImportedTable(
            "kommunmottagna_manad",
            ar,
            _csv(f"kommunkod,{CELL},sekretess", told),
            title,
            published,
            figures,
            rows={kod: number for kod, (number, _) in sheet.units.items()},
            columns={str(month[1]): sheet.columns.months[month] for month in months},
        ),
        ImportedTable(
            "kommunmottagna_manad_summor", ar, _csv(f"lanskod,{CELL}", sums), summed, published, {}
        ),
    ]
    return tables if len(months) < 12 else [*tables, _year(sheet, ar, published)]


def _year(sheet: _Sheet, ar: int, published: str) -> ImportedTable:
    """The year of each municipality; those of unknown place have none, for reception is told by
    municipality.
    """
    months = [month for month in sheet.published if month[0] == ar]
    figures: Figures = {}
    for kod, (_, counts) in sorted(sheet.units.items()):
        if kod != UNKNOWN_PLACE:
            printed = counts[ar, WHOLE_YEAR].value if (ar, WHOLE_YEAR) in counts else None
            figures[kod, ar, "totalt"] = year_figure(
                [counts[month].value for month in months], printed
            )
    lines = [f"{kod},{ar},totalt,{_text(antal)}," for (kod, _, _), antal in figures.items()]
    text = _csv("kommunkod,ar,kategori,antal,varav_ensamkommande", lines)
    title = f"Kommunmottagna {ar}, ur tabellen per månad"
    entry: dict[str, object] = {"id": f"kommunmottagna_{ar}_manader", "precedence": YEAR_PRECEDENCE}
    return ImportedTable("kommunmottagna", ar, text, title, published, figures, entry)


def _cells(rows: Rows, months: list[Month]) -> Iterator[tuple[str, Count]]:
    """Each cell's code, year, month and number as its line begins, and what was read there."""
    for kod, (_, counts) in sorted(rows.items()):
        for month in months:
            yield f"{kod},{month[0]},{month[1]},{_text(counts[month].value)}", counts[month]


def _span(months: list[int]) -> str:
    first, last = NAMES[months[0] - 1], NAMES[months[-1] - 1]
    return first if first == last else f"{first}–{last}"


def _csv(header: str, lines: list[str]) -> str:
    return "\n".join([header, *lines]) + "\n"


def _text(value: float | None) -> str:
    return "" if value is None else str(value)
