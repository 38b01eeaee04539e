"""What a county's own words are checked for: length, addresses, days that exist, the document they
are from; and what looks like a person's data, which is told by its cell and never repeated.
"""

import calendar
import re
from collections.abc import Iterator

import pandas as pd

from helpers.sources import SourceTable

OWN = "lan_"  # begins the kinds of tables of `data/lan/`
COLUMNS = {  # of `own_schemas`, by kind, for whoever has no use of pandera
    kind: ("id", "lanskod", *columns.split(), "datum", "roll", "kalla", "synlighet", "granskad")
    for kind, columns in {
        "lan_utsagor": "kommunkod avsnitt slag ordning rubrik text",
        "lan_rundor": "form tillfragade svarade ovriga",
        "lan_svar": "runda svarande omrade betyg tema text",
        "lan_handelser": "avsnitt slag ordning rubrik organ planerad_fran planerad_till ny_tid"
        " skedde text",
        "lan_indikatorer": "omrade ordning indikator definition enhet rapporterar riktning kon"
        " status beraknas",
        "lan_medel": "namn grund oppnar stanger far_soka text",
    }.items()
}
LONGEST = {"text": 500, "definition": 300}  # characters; other columns as ELSE
ELSE = 120
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
DATES = ["datum", "planerad_fran", "planerad_till", "ny_tid", "skedde", "oppnar", "stanger"]
FREE = ["text", "definition", "rubrik", "tema", "ovriga", "organ", "roll", "namn", "far_soka"]
WORD = "[A-ZÅÄÖÉ][a-zåäöé]+"
NAME = re.compile(rf"(?<!\w){WORD}(?: {WORD})+")
PERSONAL = {
    "a personnummer": re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+ ]?[0-9]{4}(?![0-9])"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a telephone number": re.compile(
        r"(?<![0-9])(?:\+46|0)[ -]?[0-9]{1,3}[ -]?(?:[0-9][ -]?){5,8}(?![0-9])"
    ),
}
# capitalised words beside each other that are no person's name
NO_NAME = re.compile(
    r"\b(?:Länsstyrelsen?|Regionen?|Region|Sveriges?|Kommuner|Kommun|Norra|Södra|Östra|Västra|"
    r"Migrationsverket|Arbetsförmedlingen|Landstinget|Den|Det|De|En|Ett|Från|Till|För|Och|Ny|"
    r"Nya|Röda|Korset|Rådda|Beslut|Mottagandet|Önskad|Timrå|Ånge)\b"
)


def own_faults(frame: pd.DataFrame, source: SourceTable) -> list[str]:
    """Return what is wrong in a table of a county's own words: file, row, column, what stands
    there, what may.

    Args:
        frame: The table as checked by its schema; index `rad` is the row in the file.
        source: Its entry: its county, and its documents.
    """
    found = [*_elsewhere(frame, source), *_too_long(frame, source), *_no_days(frame, source)]
    known = ", ".join(source.documents)
    found += [
        _told(source, row, "kalla", cell, f"write one of the entry's documents: {known}")
        for row, cell in frame["kalla"].items()
        if cell not in source.documents
    ]
    return found


def _told(source: SourceTable, row: object, column: str, cell: object, step: str) -> str:
    return f'{source.shown_path}, row {row}, "{column}": found {str(cell)[:60]!r}; {step}.'


def _elsewhere(frame: pd.DataFrame, source: SourceTable) -> Iterator[str]:
    for column in frame.columns.intersection(["lanskod", "kommunkod", "svarande"]):
        for row, cell in frame[column].dropna().items():
            if re.match("[0-9]", str(cell)) and not str(cell).startswith(str(source.lan)):
                yield _told(source, row, column, cell, f"the file is of the county {source.lan}")


def _too_long(frame: pd.DataFrame, source: SourceTable) -> Iterator[str]:
    for column in map(str, frame.select_dtypes("string").columns):
        most = LONGEST.get(column, ELSE)
        for row, cell in frame[column].dropna().items():
            if len(cell) > most:
                step = f"{len(cell)} characters stand there, at most {most} may"
                yield _told(source, row, column, cell, step)
            if ADDRESS.search(cell):
                step = "write no web address; the document is named in kalla"
                yield _told(source, row, column, cell, step)


def _no_days(frame: pd.DataFrame, source: SourceTable) -> Iterator[str]:
    for column in frame.columns.intersection(DATES):
        for row, cell in frame[column].dropna().items():
            if not is_day(cell):
                step = "write a day that exists, such as 2022-02-23, 2022-02 or 2022"
                yield _told(source, row, column, cell, step)


def is_day(text: str) -> bool:
    """Whether a day, a month or a year exists.

    >>> is_day("2022-02-28"), is_day("2022-02-30"), is_day("2022-13"), is_day("2022")
    (True, False, False, True)
    """
    year, month, day = (int(part) for part in [*text.split("-"), "1", "1"][:3])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def personal_data(text: str) -> list[str]:
    """Return which kinds of personal data a text seems to hold, never what stands there.

    >>> personal_data("Ring 070-123 45 67"), personal_data("Kommunen växer")
    (['a telephone number'], [])
    """
    found = [kind for kind, pattern in PERSONAL.items() if pattern.search(text)]
    names = any(not NO_NAME.search(match[0]) for match in NAME.finditer(text))
    return [*found, "a person's name"] if names else found


def personal_warnings(frame: pd.DataFrame, source: SourceTable) -> list[str]:
    """Return a warning for each cell of free text that seems to hold personal data.

    Args:
        frame: A table of a county's own words; index `rad` is the row in the file.
        source: Its entry.
    """
    return [
        f'{source.shown_path}, row {row}, "{column}": seems to hold {kind}. Write a role instead,'
        " or leave it out."
        for column in frame.columns.intersection(FREE)
        for row, cell in frame[column].dropna().items()
        for kind in personal_data(cell)
    ]
