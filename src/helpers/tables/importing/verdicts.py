"""The findings of one file, gathered in one pass, and the verdict they add up to."""

from dataclasses import dataclass, field
from typing import TypeVar

from helpers.sources.files.findings import REFUSED, WARNING, Finding, Level, column_letter

T = TypeVar("T")
ACCEPTED, ACCEPTED_WITH_WARNING, NOT_ACCEPTED = "Godtas", "Godtas med varning", "Avvisas"


@dataclass
class Report:
    """Collects findings in one sheet of a file; rows and columns are counted from 0 here, from 1 and A when told."""

    blad: str = "1"
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, says: str, row: int | None = None, column: int | None = None) -> None:
        """Note a fault that forbids the file."""
        self.findings.append(self._finding(code, says, REFUSED, row, column))

    def warn(self, code: str, says: str, row: int | None = None, column: int | None = None) -> None:
        """Note what was done, or what to look at; the file may still come in."""
        self.findings.append(self._finding(code, says, WARNING, row, column))

    def _finding(self, code: str, says: str, level: Level, row: int | None, column: int | None) -> Finding:
        letter = None if column is None else column_letter(column)
        if row is None:  # the whole file
            return Finding(code, says, level)
        return Finding(code, says, level, self.blad, row + 1, letter)

    @property
    def refused(self) -> bool:
        """Whether anything so far forbids the file."""
        return any(finding.level == REFUSED for finding in self.findings)


def enter(number: int, kod: str, counts: T, into: dict[str, tuple[int, T]], what: str, report: Report) -> None:
    """Put a row's counts under its code, or refuse the file: a code stands once. Rows are counted from 0."""
    if kod in into:
        report.refuse("dubblett", f"{what} står redan på rad {into[kod][0] + 1}.", number)
        return
    into[kod] = (number, counts)


@dataclass(frozen=True)
class ImportedTable:
    """One table as it will lie in `imported/`, in published form, with what its entry says.

    figures: key (kommunkod, ar, field) → the figure, None where unknown; for comparing with what is in hand.
    """

    kind: str
    ar: int
    csv_text: str
    title: str
    published: str
    figures: dict[tuple[str, int, str], float | None]
    entry: dict[str, object] = field(default_factory=dict)


def verdict(findings: list[Finding]) -> str:
    """Return the verdict in the analyst's words.

    >>> verdict([]), verdict([Finding("nul", "…")])
    ('Godtas', 'Avvisas')
    """
    if any(finding.level == REFUSED for finding in findings):
        return NOT_ACCEPTED
    return ACCEPTED_WITH_WARNING if findings else ACCEPTED
