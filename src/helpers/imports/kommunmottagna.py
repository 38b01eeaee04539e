"""Migrationsverket's kommunmottagna of 2018: read by position, reconciled against every printed
sum.
"""

import re
from dataclasses import dataclass, field

from helpers.imports.names import Gazetteer, UnknownPlaceError, key
from helpers.imports.origin import title_of, years_in
from helpers.imports.recognise import UNACCOMPANIED, Header
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
from helpers.sources.files.findings import column_letter
from helpers.tables.places import YEARS

STARTS = {
    "kvotflykting": "kvotflykting",
    "anlaggningsboende": "person från anläggningsboende",
    "eget_boende": "person från eget boende",
    "ovriga": "övriga",
    "anhoriga": "anhöriga",
    "totalt": "totalt",
}
PARTS = tuple(name for name in STARTS if name != "totalt")
FIELDS = tuple((name, of_whom) for name in STARTS for of_whom in (False, True))
Counts = dict[tuple[str, bool], Count]


@dataclass
class _Sheet:
    """The rows of the table as they are read."""

    columns: dict[tuple[str, bool], int]
    municipalities: dict[str, tuple[int, Counts]] = field(default_factory=dict)
    subtotals: dict[str, tuple[int, Counts]] = field(default_factory=dict)
    total: tuple[int, Counts] | None = None
    lanskod: str | None = None
    named: int = 2


def parse(
    header: Header, gazetteer: Gazetteer, ar: int | None, report: Report
) -> list[ImportedTable]:
    """Return the municipalities' table and the printed sums' table; every fault and warning is
    reported.

    A blank cell is 0 in this layout where a printed sum proves it.
    """
    columns = _columns(header, report)
    ar, published = _year(header, ar, report), _updated(header)
    if columns is None or ar is None:
        return []
    _check_whole_year(ar, published, report)
    gazetteer = gazetteer.of_year(ar)
    sheet = _Sheet(columns, named=min(columns.values()) - 1)
    for number, cells in enumerate(header.sheet.rows[header.row + 1 :], header.row + 1):
        _read_row(number, cells, header, sheet, gazetteer, report)
    _check_sums(sheet, gazetteer, report)
    _check_blanks(sheet, gazetteer, report)
    return [] if report.refused else _tables(sheet, ar, published)


def _columns(header: Header, report: Report) -> dict[tuple[str, bool], int] | None:
    """Each category by how its heading begins, and the column after it, named the same for all."""
    words = [key(cell.replace("\n", " ")) for cell in header.sheet.rows[header.row][: header.width]]
    found: dict[tuple[str, bool], int] = {}
    for name, start in STARTS.items():
        places = [place for place, word in enumerate(words) if word.startswith(start)]
        if len(places) != 1:
            code, says = (
                ("dubbel_kolumn", "står två gånger") if places else ("kolumn_saknas", "saknas")
            )
            report.refuse(
                code,
                f"Kolumnen ”{start}” {says} i rubriken.",
                header.row,
                places[-1] if places else None,
            )
        elif words[places[0] + 1 : places[0] + 2] != [UNACCOMPANIED]:
            says = f"Efter ”{start}” skulle ”{UNACCOMPANIED}” stå."
            report.refuse("kolumn_saknas", says, header.row, places[0] + 1)
        else:
            found |= {(name, False): places[0], (name, True): places[0] + 1}
    if not report.refused and min(found.values()) < 2:
        report.refuse(
            "kolumn_saknas", "Kolumnerna för län och kommun saknas före siffrorna.", header.row
        )
    return None if report.refused else found


def _year(header: Header, asked: int | None, report: Report) -> int | None:
    title = title_of(header)
    match = re.search(r"ersättningsförordningen\s+([0-9]{4})(?![0-9]*:)", title)
    told = {int(match[1])} if match else years_in(title)
    printed = told.pop() if len(told) == 1 else None
    ar = printed or asked
    if ar is None:
        report.refuse("ar_saknas", "Året står inte i filens rubrik. Ange det med --ar.")
    elif ar not in YEARS:
        report.refuse("ar_utanfor", f"Året {ar} ligger utanför {YEARS[0]}–{YEARS[-1]}.")
        return None
    else:
        report.years.add(ar)
    return ar


def _updated(header: Header) -> str:
    match = re.search(r"Uppdaterad\s+([0-9]{4}-[0-9]{2}-[0-9]{2})", title_of(header))
    return match[1] if match else "ej angivet i filen"


def _check_whole_year(ar: int, published: str, report: Report) -> None:
    updated = int(published[:4]) if re.match("[0-9]{4}", published) else ar + 1
    if updated < ar:
        report.refuse("framtid", f"Filen är uppdaterad {published}, före {ar} som den gäller.")
    elif updated == ar:
        report.warn("ofullstandigt_ar", f"Filen är uppdaterad {published}, innan {ar} var slut.")


def _read_row(
    number: int,
    cells: list[str],
    header: Header,
    sheet: _Sheet,
    gazetteer: Gazetteer,
    report: Report,
) -> None:
    if blank(cells):
        return
    if header.repeated_by(cells):
        report.warn("upprepad_rubrik", "Rubriken upprepas; raden räknas inte.", number)
        return
    figures = any(cell.strip() for cell in cells[sheet.named + 1 : header.width])
    name = cells[sheet.named].strip() if len(cells) > sheet.named else ""
    if not figures and (not name or sheet.total):
        report.warn(
            "fotnot", f"Raden läses som en fotnot: ”{' '.join(cells).strip()[:60]}”.", number
        )
        return
    if not row_width(cells, header.width, report, number):
        return
    counts = {
        which: read_count(cells[place], report, number, place, 0)
        for which, place in sheet.columns.items()
    }
    _check_row(number, name, counts, sheet, report)
    if sheet.total:
        report.refuse("rad_efter_totalt", "Det står siffror efter raden Totalt.", number)
    _place_row(number, cells, name, counts, sheet, gazetteer, report)


def _place_row(
    number: int,
    cells: list[str],
    name: str,
    counts: Counts,
    sheet: _Sheet,
    gazetteer: Gazetteer,
    report: Report,
) -> None:
    kind = key(name)
    if kind == "totalt":
        sheet.total = (number, counts)
        return
    label = cells[0].strip()
    if label and not _enter_county(number, label, kind == "delsumma", sheet, gazetteer, report):
        return
    if not name:
        report.refuse("rad_utan_namn", "Raden har siffror men ingen kommun.", number, sheet.named)
    elif sheet.lanskod is None:
        report.refuse("lan_saknas", "Raden står före det första länet.", number, 0)
    elif kind == "delsumma":
        enter(number, sheet.lanskod, counts, sheet.subtotals, "Delsumma för länet", report)
    else:
        _municipality(number, name, counts, sheet, gazetteer, report)


def _enter_county(
    number: int, label: str, subtotal: bool, sheet: _Sheet, gazetteer: Gazetteer, report: Report
) -> bool:
    try:
        lanskod = gazetteer.county(label)
    except UnknownPlaceError as error:
        report.refuse("okant_lan", str(error), number, 0)
        return False
    if subtotal and lanskod != sheet.lanskod:
        report.refuse("fel_lan", f"Delsumma för {label} står under ett annat län.", number, 0)
    elif not subtotal and any(gazetteer.home(kod) == lanskod for kod in sheet.municipalities):
        report.refuse("fel_lan", f"{label} börjar en gång till.", number, 0)
    sheet.lanskod = lanskod
    return True


def _municipality(
    number: int, name: str, counts: Counts, sheet: _Sheet, gazetteer: Gazetteer, report: Report
) -> None:
    try:
        found = gazetteer.municipality(name)
    except UnknownPlaceError as error:
        report.refuse("okand_kommun", str(error), number, sheet.named)
        return
    if found.note:
        report.warn("alias", found.note, number, sheet.named)
    home = gazetteer.home(found.kod)
    if home != sheet.lanskod:
        own = gazetteer.counties[home]
        report.refuse(
            "fel_lan", f"{name} ligger i {own}, inte i det län den står under.", number, sheet.named
        )
    enter(number, found.kod, counts, sheet.municipalities, name, report)


def _check_row(number: int, name: str, counts: Counts, sheet: _Sheet, report: Report) -> None:
    for of_whom in (False, True):
        problem = sum_problem(
            [counts[part, of_whom] for part in PARTS], counts["totalt", of_whom], report
        )
        if problem:
            report.refuse(
                "kategorisumma", f"{name}: {problem}.", number, sheet.columns["totalt", of_whom]
            )
    for part in STARTS:
        whole, some = counts[part, False].value, counts[part, True].value
        if whole is not None and some is not None and some > whole:
            says = f"{name}: {some} ensamkommande barn av {whole} personer."
            report.refuse("fler_an_alla", says, number, sheet.columns[part, True])


def _check_sums(sheet: _Sheet, gazetteer: Gazetteer, report: Report) -> None:
    if not sheet.municipalities:
        report.refuse(
            "bara_rubrik", "Tabellen har inga kommuner under rubriken. Är filen avklippt?"
        )
        return
    missing = [name for kod, name in gazetteer.names.items() if kod not in sheet.municipalities]
    if missing:
        more = f" och {len(missing) - 10} till" if len(missing) > 10 else ""
        many = f"{len(missing)} kommun{'' if len(missing) == 1 else 'er'}"
        report.refuse("kommun_saknas", f"{many} saknas: {', '.join(missing[:10])}{more}.")
    by_county: dict[str, list[Counts]] = {kod: [] for kod in gazetteer.counties}
    for kod, (_, counts) in sheet.municipalities.items():
        by_county[gazetteer.home(kod)].append(counts)
    for lanskod, name in gazetteer.counties.items():
        rows = by_county[lanskod]
        if lanskod in sheet.subtotals:
            _check_sum(f"Delsumma för {name}", rows, *sheet.subtotals[lanskod], sheet, report)
        else:
            report.refuse("delsumma_saknas", f"Raden Delsumma för {name} saknas.")
    if sheet.total is None:
        report.refuse("totalt_saknas", "Raden Totalt saknas. Är filen avklippt?")
    else:
        rows = [counts for _, counts in sheet.municipalities.values()]
        _check_sum("Totalt", rows, *sheet.total, sheet, report)


def _check_blanks(sheet: _Sheet, gazetteer: Gazetteer, report: Report) -> None:
    """A blank cell is 0 only where a sum that is printed, of its row or its column, says so."""
    if sheet.total is None or report.refused:
        return
    unproven: list[tuple[int, int]] = []
    rows = [
        *(
            (one, sheet.subtotals.get(gazetteer.home(kod)))
            for kod, one in sheet.municipalities.items()
        ),
        *((one, None) for one in sheet.subtotals.values()),
        (sheet.total, None),
    ]
    for (number, counts), subtotal in rows:
        for (part, of_whom), count in counts.items():
            over = [counts["totalt", of_whom]] if part != "totalt" else []
            sums = [one[1][part, of_whom] for one in (subtotal, sheet.total) if one]
            if count.blank and all(one.blank or one.value is None for one in [*over, *sums]):
                unproven.append((number, sheet.columns[part, of_whom]))
    if unproven:
        says = (
            f"{swedish(len(unproven))} celler är tomma, den första här, och ingen tryckt summa"
            " visar att de är noll. Är tabellen ifylld?"
        )
        report.refuse("tom_utan_summa", says, *min(unproven))


def _check_sum(
    what: str, rows: list[Counts], number: int, printed: Counts, sheet: _Sheet, report: Report
) -> None:
    for which, place in sheet.columns.items():
        problem = sum_problem([counts[which] for counts in rows], printed[which], report)
        if problem:
            says = f"{what}, kolumn {column_letter(place)}: {problem}."
            report.refuse("summa_haller_inte", says, number, place)


def _tables(sheet: _Sheet, ar: int, published: str) -> list[ImportedTable]:
    title = f"Kommunmottagna enligt ersättningsförordningen {ar}"
    own = {kod: counts for kod, (_, counts) in sheet.municipalities.items()}
    sums = {kod: counts for kod, (_, counts) in sheet.subtotals.items()}
    if sheet.total:
        sums["00"] = sheet.total[1]
    figures = {
        (kod, ar, f"{name}{', varav ensamkommande' if of_whom else ''}"): count.value
        for kod, counts in sorted(own.items())
        for (name, of_whom), count in counts.items()
    }
    listed = ImportedTable(
        "kommunmottagna",
        ar,
        _csv("kommunkod", ar, own),
        title,
        published,
        dict(figures),
        rows={kod: number for kod, (number, _) in sheet.municipalities.items()},
        columns={name: place for (name, of_whom), place in sheet.columns.items() if not of_whom},
    )
    summed = f"{title}, raderna Delsumma och Totalt"
    return [
        listed,
        ImportedTable(
            "kommunmottagna_summor", ar, _csv("lanskod", ar, sums), summed, published, {}
        ),
    ]


def _csv(unit: str, ar: int, rows: dict[str, Counts]) -> str:
    lines = [f"{unit},ar,kategori,antal,varav_ensamkommande"]
    for kod in sorted(rows):
        for name in sorted(STARTS):
            both = rows[kod][name, False].value, rows[kod][name, True].value
            antal, of_whom = ("" if value is None else value for value in both)
            lines.append(f"{kod},{ar},{name},{antal},{of_whom}")
    return "\n".join(lines) + "\n"
