"""Which year and county a file says it is about: read where they stand, and refused where they
disagree.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath

from helpers.contracts.text import cut
from helpers.imports.recognise import Header
from helpers.imports.verdicts import Report

MONTH = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-zåäö]*"
DATED = re.compile(  # a day, and when the file was made: neither is the year it is about
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} +[a-zåäö]{3,9} +[0-9]{4}"
    r"|(?:uppdatera|publicera|hämta|skapa|revidera|utskriv|beslut|framtag)[a-zåäö]*"
    rf"[^0-9a-zåäö]*(?:(?:den|i|år|på)\s+)*(?:{MONTH}\W*)?(?:20[0-9]{{2}})?"
    r"|20[0-9]{2} års (?:förordning|lag)[a-zåäö]*"
    r"|\b(?:dnr|diarie[a-zåäö]*|org[a-zåäö.]*|beteckning|ärende[a-zåäö]*)\W*(?:nr)?[^\s;,]*"
    r"[0-9][^\s;,]*",
    re.IGNORECASE,
)
# a year stands alone: no part of 2010:1122, 1.3.4-2024-1234 or 202100-4128
YEAR = re.compile(r"(?<![0-9])(?<![0-9][-./:])(20[0-9]{2})(?![0-9])(?![-./:][0-9])")
STATUTE = re.compile(r"[0-9]{4}_(?!20)[0-9]{3,4}(?![0-9])")  # 2010:1122 in a file's name
AHEAD = ("kommuntal", "andelstal")  # what is decided before its year


def years_in(text: str) -> set[int]:
    """Return the years that a text says it is about.

    >>> years_in("Kommunmottagna enligt ersättningsförordningen 2010:1122, år 2019")
    {2019}
    >>> years_in("Dnr 1.3.4-2024-1234. Publicerad mars 2027"), years_in("2010 års förordning")
    (set(), set())
    """
    return {int(year) for year in YEAR.findall(DATED.sub(" ", text))}


def title_of(header: Header) -> str:
    """Return the text above a table's header row."""
    return " ".join(cell for row in header.sheet.rows[: header.row] for cell in row if cell.strip())


def told_by(header: Header, name: str) -> dict[str, str]:
    """Return the texts in which a file may say what it is about, by what each is called."""
    return {
        "titeln": title_of(header),
        "bladets namn": header.sheet.name,
        "filens namn": plain_name(name),
    }


def plain_name(name: str) -> str:
    """Return what a file's name says, without its ending and the statutes in it.

    >>> plain_name("mottagna_2010_1122_2019.csv")
    'mottagna   2019'
    """
    return STATUTE.sub(" ", PurePath(name).stem).replace("_", " ")


def check_years(
    years: Collection[int], header: Header, name: str, asked: int | None, report: Report
) -> None:
    """Refuse a file whose title, sheet, name or `--ar` speaks of other years than its table.

    Args:
        years: Those that its table is read as being about.
        header: Where the table stands.
        name: The file's.
        asked: The year that the caller gave.
        report: Where faults go.
    """
    told = {where: years_in(text) for where, text in told_by(header, name).items()}
    told |= {"--ar": {asked} if asked else set()}
    ahead = datetime.date.today().year + (header.layout in AHEAD)
    for code, says in year_faults(set(years), told, ahead):
        report.refuse(code, says, *_title_cell(header, lambda text: years_in(text) - set(years)))


def _title_cell(header: Header, wrong: Callable[[str], object]) -> tuple[int, int] | tuple[()]:
    """Where above the header something else is said, row and column from 0; () if nowhere."""
    for number, row in enumerate(header.sheet.rows[: header.row]):
        for place, cell in enumerate(row):
            if wrong(cell):
                return number, place
    return ()


def year_faults(own: set[int], told: Mapping[str, set[int]], last: int) -> list[tuple[str, str]]:
    """Return what is wrong with the years that a file is said to be about, as code and words.

    Args:
        own: Those that its table is read as being about.
        told: Those that are said elsewhere, by where.
        last: The last year that there can be figures of.
    """
    faults = []
    if own and any(found and not (found <= own or own <= found) for found in told.values()):
        said = [f"{where} säger {_listed(found)}" for where, found in told.items() if found]
        says = f"Filen säger olika år: tabellen läses som {_listed(own)}, {', '.join(said)}."
        faults.append(("fel_ar", f"{says} Rätta det som är fel."))
    if own and max(own) > last:
        says = f"Filen gäller {max(own)}, som inte har varit. Kontrollera årtalet."
        faults.append(("framtid", says))
    return faults


def _listed(years: Collection[int]) -> str:
    return " och ".join(map(str, sorted(years)))


def check_county(
    lanskod: str,
    asked: str | None,
    header: Header,
    name: str,
    counties: Mapping[str, str],
    municipalities: Collection[str],
    report: Report,
) -> None:
    """Refuse a county's table whose title, sheet, file name or `--lan` speaks of another county.

    Args:
        lanskod: The county that it is read as being about.
        asked: The county that the caller gave.
        header: Where the table stands.
        name: The file's.
        counties: Code → name of every county.
        municipalities: Their names: "Örebro" alone need not be the county.
        report: Where faults go.
    """
    told = {
        f"{where} (”{cut(text, 60)}”)": {
            kod for kod, lan in counties.items() if _named(lan, text, municipalities)
        }
        for where, text in told_by(header, name).items()
    }
    told |= {"--lan": {asked} if asked else set()}
    if all(not found or lanskod in found for found in told.values()):
        return
    said = [
        f"{where} säger {' och '.join(counties[kod] for kod in sorted(found))}"
        for where, found in told.items()
        if found
    ]
    says = f"Filen säger olika län: tabellen läses som {counties[lanskod]}, {', '.join(said)}."
    others = {kod: lan for kod, lan in counties.items() if kod != lanskod}.values()
    place = _title_cell(
        header, lambda text: any(_named(lan, text, municipalities) for lan in others)
    )
    report.refuse("fel_lan", f"{says} Rätta det som är fel.", *place)


def _named(lan: str, text: str, municipalities: Collection[str]) -> bool:
    stem = re.sub("s? län$", "", lan)
    words = [lan] if stem in municipalities else [lan, stem]
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)
