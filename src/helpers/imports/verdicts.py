"""The findings of one file, gathered in one pass, and the verdict they add up to."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from helpers.sources.files.findings import REFUSED, WARNING, Finding, Level, column_letter

T = TypeVar("T")
NOT_THE_SUM = "Tabellens tryckta summarad är inte summan av dess rader."  # as in sources.toml
ACCEPTED, ACCEPTED_WITH_WARNING, NOT_ACCEPTED = "Godtas", "Godtas med varning", "Avvisas"


@dataclass
class Report:
    """Collects findings in one sheet of a file; rows and columns are counted from 0 here, from 1
    and A when told.
    """

    blad: str = "1"
    findings: list[Finding] = field(default_factory=list)
    sums: int = 0  # printed sums that were recomputed
    held: int = 0  # those of them that are the sum of their parts

    def compared(self, problem: str | None) -> None:
        """Note that a printed sum was recomputed, and whether it holds."""
        self.sums += 1
        self.held += problem is None

    def refuse(
        self, code: str, says: str, row: int | None = None, column: int | None = None
    ) -> None:
        """Note a fault that forbids the file."""
        self.findings.append(self._finding(code, says, REFUSED, row, column))

    def warn(self, code: str, says: str, row: int | None = None, column: int | None = None) -> None:
        """Note what was done, or what to look at; the file may still come in."""
        self.findings.append(self._finding(code, says, WARNING, row, column))

    def _finding(
        self, code: str, says: str, level: Level, row: int | None, column: int | None
    ) -> Finding:
        letter = None if column is None else column_letter(column)
        if row is None:  # the whole file
            return Finding(code, says, level)
        return Finding(code, says, level, self.blad, row + 1, letter)

    @property
    def refused(self) -> bool:
        """Whether anything so far forbids the file."""
        return any(finding.level == REFUSED for finding in self.findings)


def enter(
    number: int, kod: str, counts: T, into: dict[str, tuple[int, T]], what: str, report: Report
) -> None:
    """Put a row's counts under its code, or refuse the file: a code stands once. Rows are counted
    from 0.
    """
    if kod in into:
        report.refuse("dubblett", f"{what} står redan på rad {into[kod][0] + 1}.", number)
        return
    into[kod] = (number, counts)


@dataclass(frozen=True)
class ImportedTable:
    """One table as it will lie in `imported/`, in published form, with what its entry says.

    figures: key (kommunkod, ar, field) → the figure, None where unknown; for comparing with what is
        in hand.
    file: a table of millions of rows as a finished Parquet file, to be moved into place instead of
        csv_text.
    differences: column with a wrong printed sum that the caller accepts → recomputed minus printed.
    """

    kind: str
    ar: int
    csv_text: str
    title: str
    published: str
    figures: dict[tuple[str, int, str], float | None]
    entry: dict[str, object] = field(default_factory=dict)
    differences: dict[str, float] = field(default_factory=dict)
    file: Path | None = None

    def discrepancies(self, table_id: str) -> list[dict[str, object]]:
        """The accepted differences as the table's entry names them, for the ledger."""
        return [
            {"check": f"{table_id}.{column}_sum", "difference": difference, "says": NOT_THE_SUM}
            for column, difference in self.differences.items()
        ]


def verdict(findings: list[Finding]) -> str:
    """Return the verdict in the analyst's words.

    >>> verdict([]), verdict([Finding("nul", "…")])
    ('Godtas', 'Avvisas')
    """
    if any(finding.level == REFUSED for finding in findings):
        return NOT_ACCEPTED
    return ACCEPTED_WITH_WARNING if findings else ACCEPTED
