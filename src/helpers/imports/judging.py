"""One file judged whole: its reading, its layout, its figures against themselves and those in
hand.
"""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import MappingProxyType

import pandas as pd

from helpers.contracts.files import bytes_in, sha256_of
from helpers.errors import DataError
from helpers.imports import andelstal, kommunmottagna, kommunmottagna_manad, kommuntal
from helpers.imports.effect import figures_in_hand, lost, months_lost, repeated_year
from helpers.imports.names import Gazetteer
from helpers.imports.origin import check_county, check_years
from helpers.imports.recognise import Header, recognise
from helpers.imports.verdicts import (
    ImportedTable,
    Report,
    blank,
    swedish,
    verdict,
    warn_of_numbers_as_text,
)
from helpers.sources import Catalogue, SourceTable, load_catalogue
from helpers.sources.catalogue import ENTRIES
from helpers.sources.files.findings import REFUSED, WARNING, Finding, Reading
from helpers.tables.workbook import Workbook, load, loaded


def load_for(files: Collection[Path], data_dir: Path | None = None) -> Workbook:
    """Return the tables in hand, without those that are lost or altered and were made of one of
    these files.

    Raises:
        DataError: as `load`, of any other table.
    """
    try:
        return load(data_dir)
    except DataError:
        catalogue = load_catalogue(data_dir)
        damaged = {
            one.original_sha256
            for one in catalogue.tables.values()
            if one.remade and _damaged(catalogue, one)
        }
        again = damaged & {sha256_of(file) for file in files}
        if not again:
            raise
        rest = {
            name: one for name, one in catalogue.tables.items() if one.original_sha256 not in again
        }
        return loaded(dataclasses.replace(catalogue, entries=rest))


def _damaged(catalogue: Catalogue, entry: SourceTable) -> bool:
    path = catalogue.file(entry.id)
    return not path.is_file() or sha256_of(path) != entry.sha256


PRECEDENCE = 10  # an agency's own file, imported by the user, goes before our transcription
PRODUCERS = {
    "andelstal": "Länsstyrelsen",
    "kommunmottagna_2018": "Migrationsverket",
    "kommunmottagna_detalj": "Beställt uttag",
    "kommunmottagna_manad": "Migrationsverket",
    "kommuntal": "Migrationsverket",
}
# of the inhabitants
COUNTED, UNHEARD_OF = ("totalt", "kommuntal", "mottagna_efter_anvisning", "utfall"), 0.05
UNPROVEN = ("utan_summa", "summa_godtagen")  # of a table with these no sum proves the rows
LISTED = 200  # findings told of one file; a file with more is told about as well by fewer


@dataclass(frozen=True)
class Asked:
    """What the caller says of the files: county code and year, None where not said; a wrong sum
    seen and taken; figures out of proportion taken; figures in hand given up.
    """

    lanskod: str | None = None
    ar: int | None = None
    accept_sum: bool = False
    accept: bool = False
    replace: bool = False


@dataclass(frozen=True)
class Judged:
    """A file's verdict in words, its layout, all findings, and its tables (none if refused).

    rows: rows with anything in them below the header. sums: printed sums recomputed; held: those
        that hold.
    """

    verdict: str
    layout: str
    findings: list[Finding]
    tables: list[ImportedTable] = field(default_factory=list)
    sha256: str = ""
    rows: int = 0
    sums: int = 0
    held: int = 0

    @property
    def refused(self) -> bool:
        """Whether the file may not come in."""
        return any(finding.level == REFUSED for finding in self.findings)


def judge(reading: Reading, workbook: Workbook, asked: Asked, name: str = "") -> Judged:
    """Judge a file as read, and as it is called, against the tables in hand; all its faults come
    out at once.
    """
    report = Report()
    layout, rows = "", 0
    tables: list[ImportedTable] = []
    if not reading.refused:
        _check_known(reading.sha256, workbook, report)
        header = recognise(reading, report)
        if header:
            layout = header.layout
            rows = sum(not blank(cells) for cells in header.sheet.rows[header.row + 1 :])
            codes = {
                header.columns[word] for word in ("kommunkod", "länskod") if word in header.columns
            }
            warn_of_numbers_as_text(header.sheet, header.row, codes, report)
            tables = _parsed(header, workbook, asked, report)
            _check_origin(tables, header, workbook, asked, name, report)
    if tables and not report.refused:
        _check_told(tables, report)
        _check_repeated(tables, workbook, report)
        report.findings += what_is_lost(tables, workbook, asked)
        _check_counties(tables, workbook, asked, report)
        _tell_outliers(tables, workbook, asked.accept, report)
    findings = _sorted([*reading.findings, *report.findings])
    kept = [] if any(finding.level == REFUSED for finding in findings) else tables
    return Judged(
        verdict(findings), layout, findings, kept, reading.sha256, rows, report.sums, report.held
    )


def _check_origin(
    tables: list[ImportedTable],
    header: Header,
    workbook: Workbook,
    asked: Asked,
    name: str,
    report: Report,
) -> None:
    """Whatever says a year or a county must say the same."""
    check_years(report.years, header, name, asked.ar, report)
    own = {kod[:2] for table in tables for kod, _, _ in table.figures if kod}
    if header.layout == "andelstal" and asked.lanskod:
        own.add(asked.lanskod)
    if len(own) == 1:  # a table of the whole nation may well name a county in its title
        counties = dict(zip(workbook.lan["lanskod"], workbook.lan["lan"], strict=True))
        known = set(workbook.kommuner["kommun"])
        check_county(own.pop(), asked.lanskod, header, name, counties, known, report)


def _parsed(
    header: Header, workbook: Workbook, asked: Asked, report: Report
) -> list[ImportedTable]:
    gazetteer = _gazetteer(workbook)
    if header.layout == "kommunmottagna_2018":
        return kommunmottagna.parse(header, gazetteer, asked.ar, report)
    if header.layout == "kommunmottagna_manad":
        return kommunmottagna_manad.parse(header, gazetteer, asked.ar, report)
    if header.layout == "kommuntal":
        return kommuntal.parse(header, gazetteer, asked.ar, report)
    share = _population_share(workbook, asked)
    return andelstal.parse(
        header, gazetteer, asked.lanskod, asked.ar, share, asked.accept_sum, asked.accept, report
    )


def _gazetteer(workbook: Workbook) -> Gazetteer:
    changes = workbook.published["indelningsandringar"]
    return workbook.computed("gazetteer", Gazetteer, workbook.kommuner, workbook.lan, changes)


def _population_share(workbook: Workbook, asked: Asked) -> float | None:
    """The county's share in ‰ of the people of the nearest known year."""
    people = workbook.folkmangd
    if asked.lanskod is None or asked.ar is None or people.empty:
        return None
    name = f"share of people: {asked.lanskod} {asked.ar}"
    return workbook.computed(name, _share_of, people, asked.lanskod, asked.ar)


def _share_of(people: pd.DataFrame, lanskod: str, ar: int) -> float:
    year = min(people["ar"].unique(), key=lambda known: abs(int(known) - ar))
    people = people[people["ar"] == year]
    own = people[people["kommunkod"].str[:2] == lanskod]
    return float(1000 * own["folkmangd"].sum() / people["folkmangd"].sum())


def _check_known(sha256: str, workbook: Workbook, report: Report) -> None:
    """The same bytes once more say nothing new; under another year they would say something
    false.
    """
    if table := imported_from(sha256, workbook):
        report.refuse(
            "samma_fil",
            f"Samma innehåll som {table.id}, som redan är importerad ur {table.original}.",
        )


def imported_from(sha256: str, workbook: Workbook) -> SourceTable | None:
    """Return a table that came of a file of this checksum; None where there is none, or where one
    of them is set aside, since the file then makes it again.
    """
    written = workbook.catalogue.root / ENTRIES[1]
    if not sha256 or not written.is_file() or sha256.encode() not in bytes_in(written):
        return None  # as for nearly every file
    entries = load_catalogue(workbook.catalogue.root).tables
    same = [table for table in entries.values() if table.original_sha256 == sha256]
    whole = all(table.id in workbook.catalogue.tables for table in same)
    return same[0] if same and whole else None


def _check_told(tables: list[ImportedTable], report: Report) -> None:
    for table in tables:
        if table.figures and all(value is None for value in table.figures.values()):
            report.refuse("inga_tal", "Tabellen har inga siffror alls. Är den ifylld?")


def _check_repeated(tables: list[ImportedTable], workbook: Workbook, report: Report) -> None:
    for table in tables:
        year = repeated_year(table, figures_in_hand(workbook, table.kind))
        if year is not None:
            report.refuse(
                "samma_siffror",
                f"Samma innehåll som {table.kind} för {year}, men filen sägs gälla {table.ar}.",
            )


def _check_counties(
    tables: list[ImportedTable], workbook: Workbook, asked: Asked, report: Report
) -> None:
    """A kommuntal of several counties but not of all is whole only if a sum of the nation, or the
    caller, says so; one of a single county is that county's own.
    """
    if report.whole or report.refused or tables[0].kind != "kommuntal":
        return
    gazetteer = _gazetteer(workbook)
    missing = kommuntal.counties_without_row(tables[0], gazetteer)
    if 0 < len(missing) < len(gazetteer.counties) - 1:
        more = f" och {len(missing) - 10} till" if len(missing) > 10 else ""
        says = (
            f"{len(missing)} av {len(gazetteer.counties)} län har ingen rad, och ingen summa för"
            f" riket visar att filen är hel: {', '.join(missing[:10])}{more}. Är den det, ange"
            " --accept."
        )
        tell = report.warn if asked.accept or asked.replace else report.refuse
        tell("lan_utan_rad", says)


def what_is_lost(tables: list[ImportedTable], workbook: Workbook, asked: Asked) -> list[Finding]:
    """A file takes the place of the earlier one of its year, so what it does not tell is gone:
    refused, unless the caller gives it up.
    """
    found = [lost(table, table_id_of(table, workbook), workbook) for table in tables]
    gone = dict.fromkeys(
        f"{table.ar}: {one.words}" for table, one in zip(tables, found, strict=True) if one.words
    )
    if gone and asked.replace:
        return [Finding("uppgifter_ersatts", f"{words}, som begärt.", WARNING) for words in gone]
    missing = _months_lost(tables, workbook)
    says = "{}. Är filen hel och den senaste? Ska den gälla ändå, ange --replace."
    return missing or [Finding("uppgifter_forsvinner", says.format(words)) for words in gone]


def _months_lost(tables: list[ImportedTable], workbook: Workbook) -> list[Finding]:
    lost = [
        (table.ar, months_lost(table, figures_in_hand(workbook, table.kind))) for table in tables
    ]
    says = (
        "Filen saknar {} {}, som redan är importerade och skulle försvinna. Importera den senaste"
        " filen för hela året, eller ange --replace."
    )
    return [
        Finding("manader_forsvinner", says.format(", ".join(months), ar))
        for ar, months in lost
        if months
    ]


def _tell_outliers(
    tables: list[ImportedTable], workbook: Workbook, accept: bool, report: Report
) -> None:
    """A place that received an unheard-of share of its people: perhaps true, perhaps a slip that no
    sum shows.
    """
    tell = report.warn if accept else report.refuse
    people = workbook.computed("most people", _most_people, workbook.folkmangd)
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    for table in tables:
        for (kod, _, what), value in table.figures.items():
            if (
                what in COUNTED
                and value is not None
                and value > UNHEARD_OF * people.get(kod, float("inf"))
            ):
                says = (
                    f"{names[kod]}: {what} {swedish(value)} är mer än var tjugonde invånare."
                    " Stämmer det, ange --accept."
                )
                tell("avvikande", says, table.rows.get(kod), table.columns.get(what))


def _most_people(people: pd.DataFrame) -> Mapping[str, float]:
    most = people.groupby("kommunkod")["folkmangd"].max()
    return MappingProxyType({str(kod): float(number) for kod, number in most.items()})


def _sorted(findings: list[Finding]) -> list[Finding]:
    """Findings by place, faults of the whole file first, a flood cut off with a word."""
    found = sorted(
        findings,
        key=lambda one: (one.level != REFUSED, one.blad or "", one.rad or 0, one.kolumn or ""),
    )
    if len(found) <= LISTED:
        return found
    rest = Finding(
        "fler", f"Ytterligare {len(found) - LISTED} anmärkningar visas inte.", found[LISTED].level
    )
    return [*found[:LISTED], rest]


def _free_id(table_id: str, workbook: Workbook) -> str:
    """The id, or one beside it where the project has a transcription of its own under that id."""
    taken = workbook.catalogue.tables.get(table_id)
    return table_id if taken is None or taken.path.startswith("imported/") else f"{table_id}_fil"


def table_id_of(table: ImportedTable, workbook: Workbook) -> str:
    """Return the id under which a file's table is to lie."""
    lanskod = str(table.entry.get("lan", ""))
    letter = workbook.county(lanskod).lansbokstav.lower() if lanskod else "fil"
    return _free_id(str(table.entry.get("id", f"{table.kind}_{table.ar}_{letter}")), workbook)


def entry_of(
    table: ImportedTable, judged: Judged, original: str, workbook: Workbook, stamp: str
) -> SourceTable:
    """Return the table's entry for `imported/entries.toml`.

    Args:
        table: An accepted table.
        judged: The file it came from.
        original: The file's name.
        workbook: For the county's name and letter.
        stamp: When it was imported, UTC, ISO 8601.
    """
    lanskod = str(table.entry.get("lan", ""))
    place = workbook.county(lanskod) if lanskod else None
    table_id = table_id_of(table, workbook)
    producer = PRODUCERS[judged.layout] + (f" i {place.namn}" if place else "")
    told = {
        "id": table_id,
        "path": f"imported/{table_id}.csv",
        "producer": producer,
        "title": table.title,
        "published": table.published,
        "read_on": stamp[:10],
        "licence": "Uppgifter återgivna med källa",
        "origin": "county" if place else "official",
        "trust": (
            "medium" if any(finding.code in UNPROVEN for finding in judged.findings) else "high"
        ),
        "notes": " ".join(
            dict.fromkeys(one.says for one in judged.findings if one.code == "ofullstandigt_ar")
        ),
        "kind": table.kind,
        "discrepancies": table.discrepancies(table_id),
        "precedence": PRECEDENCE,
        "layout": judged.layout,
        "imported": stamp,
        "original": PurePath(original).name,
        "original_sha256": judged.sha256,
        "sha256": "",
    }
    return SourceTable.model_validate(told | table.entry | {"id": table_id})
