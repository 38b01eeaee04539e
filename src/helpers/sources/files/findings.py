"""What is found in a file, and what a file holds, as plain values that cross a process border."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from helpers.contracts.text import LONGEST, cut

BREAKS = re.compile(r"[\n\r\t\v\f]+")
# what Excel, in English and Swedish, and LibreOffice show for a calculation that failed
ERROR = re.compile(
    r"#(?:[A-ZÅÄÖ_0-9]+(?:/[A-Z0-9]+)?[!?]|N/A|GETTING_DATA|#+)|Err:[0-9]{3}", re.IGNORECASE
)
Level = Literal["avvisas", "varning"]
REFUSED: Level = "avvisas"
WARNING: Level = "varning"


@dataclass(frozen=True)
class Finding:
    """One thing about a file: its code, a Swedish sentence for the analyst, and where it stands.

    `rad` counts from 1 as a spreadsheet does; `kolumn` is its letter.
    """

    code: str
    says: str
    level: Level = REFUSED
    blad: str | None = None
    rad: int | None = None
    kolumn: str | None = None

    def __post_init__(self) -> None:
        """Cut what it quotes of the file, and keep it on one line: a cell may hold a million
        characters, and line breaks among them.
        """
        object.__setattr__(self, "says", cut(BREAKS.sub(" ", self.says), LONGEST))

    @property
    def where(self) -> str:
        """The place in words: "blad 1, rad 14, kolumn C"; empty if it is the whole file.

        >>> Finding("tal", "", blad="1", rad=14, kolumn="C").where
        'blad 1, rad 14, kolumn C'
        """
        parts = {"blad": self.blad, "rad": self.rad, "kolumn": self.kolumn}
        return ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)


class RefusedFileError(Exception):
    """A file that is read no further; carries why."""

    def __init__(
        self, code: str, says: str, rad: int | None = None, kolumn: str | None = None
    ) -> None:
        super().__init__(code, says)
        self.finding = Finding(code, says, rad=rad, kolumn=kolumn)


@dataclass(frozen=True)
class Sheet:
    """One sheet as text: `rows[r][c]` is the cell in row r + 1, column c + 1; `merged` as (row,
    column) corners.

    `numbers_as_text` are the (row, column) of a workbook's cells that hold a number as text.
    """

    name: str
    rows: list[list[str]]
    visible: bool = True
    merged: list[list[int]] = field(default_factory=list)
    numbers_as_text: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A file as read: what kind it is, its checksum, its sheets, and what was found on the way."""

    kind: str
    sha256: str
    findings: list[Finding]
    sheets: list[Sheet]

    @property
    def refused(self) -> bool:
        """Whether anything found forbids the file."""
        return any(finding.level == REFUSED for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The reading as JSON takes it."""
        return asdict(self)

    @staticmethod
    def from_dict(told: dict[str, Any]) -> "Reading":
        """The reading that `as_dict` wrote."""
        findings = [Finding(**finding) for finding in told["findings"]]
        return Reading(
            told["kind"], told["sha256"], findings, [Sheet(**sheet) for sheet in told["sheets"]]
        )


def error_words(shown: str) -> str:
    """Return what is told of a cell that holds an error instead of a value.

    >>> error_words("#REF!")
    '”#REF!” är ett felvärde, inget tal. Rätta formeln i originalet och spara om filen.'
    """
    return (
        f"”{cut(shown or '#')}” är ett felvärde, inget tal. Rätta formeln i originalet och spara om"
        " filen."
    )


def column_letter(number: int) -> str:
    """Return a column's letter, counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
