"""Which month, of which year, each column holds, and whose figures each row holds."""

import re
from dataclasses import dataclass

from helpers.contracts.text import cut
from helpers.imports.names import (
    COUNTY,
    NATION,
    ConflictingPlaceError,
    Found,
    Gazetteer,
    UnknownPlaceError,
    key,
)
from helpers.imports.origin import title_of, years_in
from helpers.imports.recognise import PLACES, Header, month_name, read_month
from helpers.imports.verdicts import Report
from helpers.tables.places import YEARS

UNKNOWN_PLACE = ""
UNKNOWN_WORDS = {"okänd kommun", "okänd", "kommun okänd", "okända kommuner"}
SUM_WORDS = {"totalt", "total", "summa", "delsumma"}


def place_of(told: dict[str, str], gazetteer: Gazetteer, lanskod: str) -> Found:
    """Return whose row it is: four digits, two for a county's sum, "00" for the nation's, or
    UNKNOWN_PLACE.

    Args:
        told: What the row says under kommun, kommunkod, län and länskod, where there are such
            columns.
        gazetteer: The places of the table's year.
        lanskod: The county code of the municipality last read, for a sum that does not name its
            own; "" where it is the nation's.

    Raises:
        UnknownPlaceError: the row names no place. ConflictingPlaceError: its name and codes say
            different ones.
    """
    kommun, lan = told.get("kommun", ""), told.get("län", "")
    word, home = key(kommun).rstrip("*:¹²³ "), key(lan)
    is_sum = word in SUM_WORDS | NATION or COUNTY.fullmatch(word)
    if is_sum and (fault := gazetteer.code_of_sum_fault(kommun, told.get("kommunkod", ""))):
        raise ConflictingPlaceError(fault)
    if word in UNKNOWN_WORDS:
        return Found(UNKNOWN_PLACE)
    if word in SUM_WORDS and not lan and lanskod:
        return Found(lanskod)
    if (
        word in NATION
        or home in NATION | SUM_WORDS
        or (word in SUM_WORDS - {"delsumma"} and not lan)
    ):
        return Found("00")
    if not word and not lan:
        raise UnknownPlaceError("Raden har siffror men ingen kommun.")
    if word in SUM_WORDS or not word:
        return Found(gazetteer.county(lan))
    if county := COUNTY.fullmatch(word):
        return Found(gazetteer.county(county[1]))
    found = gazetteer.municipality(kommun, told.get("kommunkod", ""))
    _check_county(found.kod, kommun, lan, told.get("länskod", ""), gazetteer)
    return found


def sums_by_county(header: Header, places: dict[str, int]) -> bool:
    """Whether several rows are called Totalt and name no county: then each is its county's, below
    that county's municipalities, and the one that follows another sum is the nation's.
    """
    nameless = 0
    for row in header.sheet.rows[header.row + 1 :]:
        told = {word: key(row[place]) for word, place in places.items() if place < len(row)}
        nameless += told.get("kommun") in SUM_WORDS - {"delsumma"} and not told.get("län")
    return nameless > 1


def _check_county(kod: str, kommun: str, lan: str, lanskod: str, gazetteer: Gazetteer) -> None:
    home = gazetteer.home(kod)
    if (lan and gazetteer.county(lan) != home) or (lanskod and lanskod.zfill(2) != home):
        says = (
            f"Län och kommun säger olika: {cut(kommun)} ({kod}) ligger i"
            f" {gazetteer.counties[home]}, inte i "
        )
        raise ConflictingPlaceError(f"{says}{cut(lan or lanskod)}.")


WHOLE_YEAR = 0  # the "month" of a printed column with the year's total
TOTAL = re.compile(r"(?:totalt|total|summa|helår|hela året)(?: ([0-9]{4}))?")
DAY = re.compile(r"[0-9]{4} [0-9]{1,2} (?!0?1(?:t|$))[0-9]{1,2}(?:t[0-9:.]+)?")
UPDATED = re.compile(
    r"(?:uppdaterad|publicerad)[^0-9]{0,20}([0-9]{4}-[0-9]{2}-[0-9]{2})", re.IGNORECASE
)
Month = tuple[int, int]  # year, month 1–12 or WHOLE_YEAR


@dataclass(frozen=True)
class Columns:
    """Column of each month and printed year total, and of each word that names a place, counted
    from 0.
    """

    months: dict[Month, int]
    places: dict[str, int]

    @property
    def years(self) -> list[int]:
        """The years that have a month, in order."""
        return sorted({ar for ar, _ in self.months})


@dataclass(frozen=True)
class _Heading:
    place: int
    ar: int | None
    manad: int


def read_columns(header: Header, asked: int | None, report: Report) -> Columns | None:
    """Return what each column holds; None, with every fault reported, if that cannot be told for
    certain.

    A year is told by the month's own heading, the row above it, the sheet's name or title, the
    file's other sheets, or `asked`, in that order.
    """
    words = [key(cell.replace("\n", " ")) for cell in header.sheet.rows[header.row][: header.width]]
    above = _years_above(header)
    found = [_heading(place, word, above) for place, word in enumerate(words)]
    headings = [heading for heading in found if heading]
    places = _places(words, headings, header, report)
    for place, word in enumerate(words):
        if DAY.fullmatch(word):
            says = (
                f"Rubriken är datumet {word[:10].replace(' ', '-')}, ingen månad. Excel kan ha"
                " gjort om den: ”jan-26” blir den 26 januari. Skriv ut månad och år."
            )
            report.refuse("datumrubrik", says, header.row, place)
    dated = _dated(headings, header, asked, report)
    _check_order(dated, header, report)
    if not report.refused:
        dated += _totals(
            [heading for heading in headings if not heading.manad], dated, header, report
        )
    if report.refused:
        return None
    return Columns({(heading.ar or 0, heading.manad): heading.place for heading in dated}, places)


def published_on(header: Header) -> str:
    """Return the day the file says it was updated, ISO, or that it does not say."""
    match = UPDATED.search(f"{title_of(header)} {header.beside}")
    return match[1] if match else "ej angivet i filen"


def _heading(place: int, word: str, above: dict[int, int]) -> _Heading | None:
    total, month = TOTAL.fullmatch(word), read_month(word)
    if total:
        return _Heading(place, int(total[1]) if total[1] else None, WHOLE_YEAR)
    return _Heading(place, month[0] or above.get(place), month[1]) if month else None


def _years_above(header: Header) -> dict[int, int]:
    """Column → the year that stands over it, in the row above, or over a column to its left."""
    cells = header.sheet.rows[header.row - 1][: header.width] if header.row else []
    years: dict[int, int] = {}
    for place, cell in enumerate(cells):
        if re.fullmatch("20[0-9]{2}", cell.strip(), re.ASCII):
            years |= dict.fromkeys(range(place, header.width), int(cell))
    return years


def _places(
    words: list[str], headings: list[_Heading], header: Header, report: Report
) -> dict[str, int]:
    taken, places = {heading.place for heading in headings}, dict[str, int]()
    for place, word in enumerate(words):
        if word in PLACES and PLACES[word] in places:
            report.refuse(
                "dubbel_kolumn", f"Kolumnen ”{cut(word)}” står två gånger.", header.row, place
            )
        elif word in PLACES:
            places[PLACES[word]] = place
        elif word and place not in taken:
            says = (
                f"Kolumnen ”{cut(word)}” är okänd. Kända: {', '.join(PLACES)}, månader och Totalt."
            )
            report.refuse("okand_kolumn", says, header.row, place)
    unnamed = [place for place, word in enumerate(words) if not word and _filled(header, place)]
    if "kommun" not in places and unnamed:
        places["kommun"] = unnamed.pop()
    elif "kommun" not in places:
        report.refuse(
            "kolumn_saknas", "Ingen kolumn med kommunernas namn. Skriv Kommun över den.", header.row
        )
    for place in unnamed:
        report.refuse(
            "kolumn_utan_rubrik", "Kolumnen har innehåll men ingen rubrik.", header.row, place
        )
    return places


def _filled(header: Header, place: int) -> bool:
    return any(
        len(row) > place and row[place].strip() for row in header.sheet.rows[header.row + 1 :]
    )


def _dated(
    headings: list[_Heading], header: Header, asked: int | None, report: Report
) -> list[_Heading]:
    """The months' headings with a year each."""
    own = {heading.ar for heading in headings if heading.manad and heading.ar}
    stated = min(own) if len(own) == 1 else _stated_year(header)
    default = stated or asked
    years: set[int | None] = set(own) or {default}
    if not default and any(not heading.ar for heading in headings if heading.manad):
        report.refuse(
            "ar_saknas",
            "Året står varken i månadernas rubriker eller i filens titel. Ange det med --ar.",
        )
        return []
    report.years |= set(filter(None, years))
    for ar in filter(None, years):
        if ar not in YEARS:
            report.refuse("ar_utanfor", f"Året {ar} ligger utanför {YEARS[0]}–{YEARS[-1]}.")
    return [_Heading(one.place, one.ar or default, one.manad) for one in headings if one.manad]


def _totals(
    totals: list[_Heading], months: list[_Heading], header: Header, report: Report
) -> list[_Heading]:
    """The totals' headings with a year each: its own, the only one, or that of the months before
    it.
    """
    years = {month.ar for month in months}
    found: dict[int | None, _Heading] = {}
    for total in totals:
        before = (
            [month.ar for month in months if month.place < total.place]
            if len(years) == len(totals)
            else []
        )
        ar = total.ar or (
            min(filter(None, years)) if len(years) == 1 else before[-1] if before else None
        )
        if ar not in years:
            told = (
                f"Totalt gäller {ar}, men ingen månad gör det"
                if ar
                else "Det framgår inte vilket år Totalt gäller"
            )
            report.refuse(
                "totalt_oklart", f"{told}. Skriv året i kolumnens rubrik.", header.row, total.place
            )
        elif ar in found:
            report.refuse(
                "dubbel_kolumn", f"Totalt för {ar} står två gånger.", header.row, total.place
            )
        else:
            found[ar] = _Heading(total.place, ar, WHOLE_YEAR)
    return list(found.values())


def _check_order(months: list[_Heading], header: Header, report: Report) -> None:
    """Each month stands once, and later months stand to the right: a wrong year would break
    that.
    """
    seen: list[Month] = []
    for heading in months:
        month = (heading.ar or 0, heading.manad)
        if not 1 <= heading.manad <= 12:
            report.refuse(
                "manad_finns_inte", f"Månad {heading.manad} finns inte.", header.row, heading.place
            )
            continue
        if month in seen:
            report.refuse(
                "dubbel_manad",
                f"Kolumnen för {month_name(*month)} finns redan.",
                header.row,
                heading.place,
            )
        elif seen and month < seen[-1]:
            says = (
                f"{month_name(*month)} står efter {month_name(*seen[-1])}; månaderna ska stå i"
                " tidsordning."
            )
            report.refuse("manadsordning", says.capitalize(), header.row, heading.place)
        seen.append(month)


def _stated_year(header: Header) -> int | None:
    """The one year that the sheet's name, its title or the other sheets tell, dates aside."""
    for text in (header.sheet.name, title_of(header), header.beside):
        years = years_in(text)
        if len(years) == 1:
            return years.pop()
    return None
