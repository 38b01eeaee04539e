"""A file's cells read as figures, what is found on the way, and the verdict it adds up to."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from helpers.model.exact import NOISE, rounded
from helpers.sources.files.findings import REFUSED, WARNING, Finding, Level, Sheet, column_letter

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
    whole: bool = False  # whether a printed sum of the whole nation holds the rows together
    years: set[int] = field(default_factory=set)  # those that the table is read as being about

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
    rows, columns: kommunkod, or the name that the table has instead, and field (a column, a
        category, a month) → where they stand in the file, counted from 0.
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
    # where it stood in the file is not what it says
    rows: dict[str, int] = field(default_factory=dict, compare=False)
    columns: dict[str, int] = field(default_factory=dict, compare=False)

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


SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
SUPPRESSED = {"..", "-", "–", "—", "…", "...", "−"}
# as sources print a mark: set high, a star, or a digit and a bracket after a space
FOOTNOTE = re.compile(r"(?<=[0-9])(?:\*+| [0-9]\)|[¹²³⁴-⁹]+)$")
GROUPED = re.compile(r"-?[0-9]{1,3}(?: [0-9]{3})+")  # 44 216: a space before each three digits
PLAIN = re.compile(r"[0-9]{1,6}")  # under a million: nothing more to say of it
DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}|[0-9]{1,2}"
    r"[- ](jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)"
)
MOST = 1_000_000  # more people than Sweden has received in any year


@dataclass(frozen=True)
class Count:
    """A printed count: its value, None where unknown; why it is unknown; whether the cell is
    blank, whatever that means there.
    """

    value: int | None
    suppressed: bool = False
    unreadable: bool = False
    blank: bool = False


@lru_cache(1 << 14)
def _at_once(text: str, blank: int | None) -> Count | None:
    """A cell of which there is nothing to say: a plain number, or nothing; None for any other."""
    if PLAIN.fullmatch(text):
        return Count(int(text))
    return None if SPACES.sub("", text) else Count(blank, blank=True)


def read_count(text: str, report: Report, row: int, column: int, blank: int | None) -> Count:
    """Read one printed count of people; a fault is reported at its cell.

    Args:
        text: The cell.
        report: Where faults and warnings go.
        row: Counted from 0.
        column: Counted from 0.
        blank: What an empty cell means in this layout: 0, or None for unknown.
    """
    if found := _at_once(text, blank):
        return found
    plain = SPACES.sub("", text)
    if plain in SUPPRESSED:
        report.warn(
            "ej_redovisat",
            f"”{plain}” betyder att talet inte redovisas; det är okänt, inte noll.",
            row,
            column,
        )
        return Count(None, suppressed=True)
    marked = FOOTNOTE.sub("", text.strip())
    if marked != text.strip():
        report.warn("fotnotstecken", f"Fotnotstecknet i ”{text.strip()}” togs bort.", row, column)
    plain = ungrouped(marked)
    problem = _count_problem(plain, text.strip())
    if problem:
        report.refuse(*problem, row, column)
        return Count(None, unreadable=True)
    return Count(int(plain))


def ungrouped(text: str) -> str:
    """Return a printed number without the spaces that part its thousands, and with a plain minus;
    any other space is left, and so the text is no number.

    >>> ungrouped(" 44 216 "), ungrouped("1 2 3"), ungrouped("11 12"), ungrouped("1\\n8")
    ('44216', '1 2 3', '11 12', '1\\n8')
    """
    plain = text.strip().replace("\u2212", "-")
    for space in ("\u00a0", "\u2007", "\u2009", "\u202f"):
        plain = plain.replace(space, " ")
    return plain.replace(" ", "") if GROUPED.fullmatch(plain) else plain


def warn_of_numbers_as_text(sheet: Sheet, header: int, codes: set[int], report: Report) -> None:
    """Tell once of the numbers that a workbook holds as text, which Excel itself leaves out of its
    sums.

    Args:
        sheet: The sheet.
        header: The header's row, counted from 0.
        codes: Columns of codes, which are text by right, counted from 0.
        report: Where the warning goes.
    """
    found = [
        (row, column)
        for row, column in sheet.numbers_as_text
        if row > header and column not in codes
    ]
    if found:
        report.warn(
            "tal_som_text",
            f"{len(found)} tal är sparade som text i arbetsboken; de lästes som tal.",
            *found[0],
        )


def _count_problem(plain: str, shown: str) -> tuple[str, str] | None:
    if re.fullmatch(r"[0-9]+", plain, re.ASCII):
        return (
            None
            if int(plain[:12]) <= MOST
            else ("orimligt", f"{shown} personer är orimligt många.")
        )
    if re.fullmatch(r"-[0-9]+", plain, re.ASCII):
        return "negativt", f"{shown} är negativt; ett antal personer är noll eller mer."
    if DATE.search(shown.lower()):
        return (
            "datum",
            f"”{shown}” är ett datum där ett antal skulle stå. Excel kan ha gjort om talet.",
        )
    if re.fullmatch(r"-?[0-9]+[.,][0-9]+", plain, re.ASCII):
        return "decimaltal", f"{shown} är inget heltal; antal personer skrivs utan decimaler."
    if re.fullmatch(r"[0-9][0-9\s]*\s[0-9\s]*[0-9]", plain, re.ASCII):
        return (
            "flera_tal",
            f"”{shown[:40]}” är inte ett tal: ett mellanslag skiljer bara grupper om tre siffror.",
        )
    return "ej_tal", f"”{shown[:40]}” är inget tal."


def read_share(text: str, report: Report, row: int, column: int) -> float | None:
    """Read one printed share in ‰ with a decimal comma; None if blank or faulty (then reported)."""
    plain = ungrouped(text)
    if not plain:
        return None
    if plain.endswith("%"):
        report.refuse(
            "procent", f"{text.strip()} är i procent; andelstal skrivs i promille.", row, column
        )
    elif re.fullmatch(r"[0-9]+(,[0-9]+)?", plain, re.ASCII) and math.isfinite(
        value := float(plain.replace(",", "."))
    ):
        if value <= 1000:
            return value
        report.refuse("orimligt", f"{text.strip()} ‰ är mer än hela riket.", row, column)
    elif re.fullmatch(r"[0-9]+\.[0-9]+", plain, re.ASCII):
        report.refuse(
            "decimalpunkt",
            f"{text.strip()} har decimalpunkt; tabellen skrivs med decimalkomma.",
            row,
            column,
        )
    else:
        report.refuse("ej_tal", f"”{text.strip()[:40]}” är inget andelstal.", row, column)
    return None


def sum_problem(parts: Sequence[Count], printed: Count, report: Report) -> str | None:
    """Return what is wrong between parts and their printed sum, in words; None if they agree or
    nothing can be said.

    The report counts the sums that could be compared.

    A part that is not told is between 0 and 5 (the agency hides fewer than 6).
    """
    if printed.value is None or printed.unreadable:
        return None
    known = hidden = 0
    for part in parts:
        if part.unreadable:
            return None
        known += part.value or 0
        hidden += part.suppressed
    holds = known <= printed.value <= known + 5 * hidden
    problem = (
        None
        if holds
        else f"{swedish(printed.value)} står tryckt, men delarna blir {swedish(known)}"
    )
    if problem or not printed.blank:
        report.compared(problem)
    return problem


def swedish(number: float) -> str:
    """Return a number as Swedish prints it.

    >>> swedish(44216).replace("\\u00a0", " "), swedish(3.5)
    ('44 216', '3,5')
    """
    if float(number).is_integer():
        return f"{int(number):,}".replace(",", "\u00a0")
    return f"{rounded(number, NOISE).normalize():f}".replace(".", ",")


def row_width(cells: Sequence[str], width: int, report: Report, row: int) -> bool:
    """Report a row with another number of cells than the header; return whether it can be read."""
    extra = any(cell.strip() for cell in cells[width:])
    if len(cells) < width:
        report.refuse(
            "kort_rad", f"Raden har {len(cells)} celler, rubriken {width}. Är filen avklippt?", row
        )
    elif extra:
        says = (
            f"Raden har {len(cells)} celler, rubriken {width}. Står kommatecken både som"
            " skiljetecken och decimal?"
        )
        report.refuse("lang_rad", says, row)
    return len(cells) >= width and not extra


def blank(cells: Sequence[str]) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell.strip() for cell in cells)
