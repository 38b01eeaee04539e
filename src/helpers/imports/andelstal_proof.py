"""What a county's table of shares says of itself: its sums, its unit, and what was expected of each
share.
"""

from dataclasses import dataclass, field

from helpers.imports.names import Gazetteer
from helpers.imports.recognise import Header
from helpers.imports.verdicts import Count, Report, sum_problem, swedish
from helpers.model.exact import exact_sum, rounded

PAIRS = 5  # of rows that are told of
TEN_TIMES = 10  # an outcome that is more than so many times the expectation is looked at
FACTOR = 4  # a county's shares lie near its share of the population; ten times off is another unit


@dataclass(frozen=True)
class Row:
    """One row as read and as printed: the share in ‰, the expectation and the outcome in children;
    its number in the file is counted from 0.
    """

    number: int
    share: float | None
    share_text: str
    expected: tuple[int, int] | None
    expected_text: str
    outcome: Count


@dataclass
class Shares:
    """The municipalities' rows by code, the county's and the nation's apart, and the wrong sums
    that the caller takes.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    total: Row | None = None
    closed: bool = False  # whether the total stands below the municipalities, and ends the table
    nation: Row | None = None
    differences: dict[str, float] = field(default_factory=dict)


def check_sums(header: Header, sheet: Shares, accept_sum: bool, report: Report) -> None:
    """Refuse printed sums that are not those of their parts, unless the caller takes them."""
    total, rows = sheet.total, list(sheet.rows.values())
    _check_nation(header, sheet, report)
    if total is None:
        report.warn("utan_summa", "Tabellen har ingen summarad att stämma av mot.")
        return
    for column, problem, difference in (
        _outcome_problem(rows, total, report),
        _share_problem(rows, total, report),
    ):
        if problem and accept_sum and difference is not None:
            sheet.differences[column] = difference
            says = (
                f"Summa, {column}: {problem}. Tas in som den är tryckt; båda talen visas i"
                " avstämningen."
            )
            report.warn("summa_godtagen", says, total.number, header.columns[column])
        elif problem:
            step = (
                ""
                if difference is None
                else " Är originalet tryckt så, ta in det som det är med --accept-sum."
            )
            says = f"Summa, {column}: {problem}.{step}"
            report.refuse("summa_haller_inte", says, total.number, header.columns[column])
    if total.expected and all(row.expected for row in rows):
        low, high = (sum(row.expected[end] for row in rows if row.expected) for end in (0, 1))
        says = (
            f"Summa, förväntat: {total.expected_text} står tryckt, men delarna blir {low}-{high}."
        )
        report.compared(None if (low, high) == total.expected else says)
        if (low, high) != total.expected:
            report.refuse("summa_haller_inte", says, total.number, header.columns["förväntat"])


def _check_nation(header: Header, sheet: Shares, report: Report) -> None:
    """The nation's shares are 1 000 ‰, and no part of it has more children."""
    row = sheet.nation
    if row is None:
        return
    if row.share is not None:
        wrong = abs(row.share - 1000) > 1
        says = f"Riket: andelstalet {swedish(row.share)} ‰ står tryckt, men hela riket är 1 000 ‰."
        report.compared(says if wrong else None)
        if wrong:
            report.refuse("summa_haller_inte", says, row.number, header.columns["andelstal"])
    placed = sum(own.outcome.value or 0 for own in sheet.rows.values())
    if row.outcome.value is not None and row.outcome.value < placed:
        says = f"Riket: {swedish(row.outcome.value)} barn står tryckt, men länet har {placed}."
        report.refuse("summa_haller_inte", says, row.number, header.columns["utfall"])


# the column; what is wrong; recomputed minus printed, if both are known
Problem = tuple[str, str | None, float | None]


def _outcome_problem(rows: list[Row], total: Row, report: Report) -> Problem:
    known = [row.outcome.value for row in rows if row.outcome.value is not None]
    told = len(known) == len(rows) and total.outcome.value is not None
    difference = float(sum(known) - (total.outcome.value or 0)) if told else None
    return "utfall", sum_problem([row.outcome for row in rows], total.outcome, report), difference


def _share_problem(rows: list[Row], total: Row, report: Report) -> Problem:
    if total.share is None:
        return "andelstal", None, None
    added = exact_sum(row.share or 0 for row in rows)
    # Each printed share may be half a unit off in its last decimal.
    missed = exact_sum([added, -total.share])
    holds = abs(missed) <= 0.005 * (len(rows) + 1)
    problem = (
        None if holds else f"{swedish(total.share)} står tryckt, men delarna blir {swedish(added)}"
    )
    report.compared(problem)
    if problem is None:
        return "andelstal", None, None
    known = all(row.share is not None for row in rows)
    return "andelstal", problem, missed if known else None


def check_unit(
    header: Header, sheet: Shares, population_share: float | None, report: Report
) -> None:
    """Refuse shares that together are far from the county's part of the people (‰): per cent. It
    is told of the first of them, from where the column is read.
    """
    known = [row.share for row in sheet.rows.values() if row.share is not None]
    if not known or not population_share or report.refused:
        return
    added = exact_sum(known)
    if not population_share / FACTOR < added < population_share * FACTOR:
        says = (
            f"Andelstalen blir tillsammans {swedish(added)} ‰, men länet har "
            f"{swedish(float(rounded(population_share, 1)))} ‰ av folkmängden. Är de i procent?"
        )
        first = min(row.number for row in sheet.rows.values() if row.share is not None)
        report.refuse("procent", says, first, header.columns["andelstal"])


def check_outcomes(
    header: Header, sheet: Shares, gazetteer: Gazetteer, accept: bool, report: Report
) -> None:
    """An outcome far over what was expected may be true; a slip of a digit looks the same."""
    tell = report.warn if accept else report.refuse
    for kod, row in sheet.rows.items():
        outcome, most = row.outcome.value, row.expected[1] if row.expected else None
        if outcome is not None and most is not None and outcome > TEN_TIMES * max(most, 1):
            says = (
                f"{gazetteer.names[kod]}: utfallet {swedish(outcome)} är mer än tio gånger det"
                f" förväntade ({row.expected_text}). Stämmer det, ange --accept."
            )
            tell("avvikande", says, row.number, header.columns["utfall"])


def check_expected(
    header: Header, sheet: Shares, gazetteer: Gazetteer, accept: bool, report: Report
) -> None:
    """A larger share has no smaller expectation: else figures have changed rows."""
    known = sorted(
        (
            (row.share, row.expected, kod)
            for kod, row in sheet.rows.items()
            if row.share is not None
        ),
        key=lambda one: -one[0],
    )
    pairs = [
        (large, small)
        for place, large in enumerate(known)
        for small in known[place + 1 :]
        if large[0] > small[0] and _below(large[1], small[1])
    ]
    for (_, _, kod), (_, _, other) in pairs[:PAIRS]:
        one, two = sheet.rows[kod], sheet.rows[other]
        says = (
            f"{gazetteer.names[kod]} har andelstal {one.share_text} och förväntat"
            f" {one.expected_text}, {gazetteer.names[other]} {two.share_text} och"
            f" {two.expected_text}: större andel men färre barn. Har de bytt rad? Är källan"
            " tryckt så, ange --accept."
        )
        tell = report.warn if accept else report.refuse
        tell("andel_mot_forvantat", says, one.number, header.columns["andelstal"])


def _below(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Whether an interval lies below another: neither end above it, and one end below."""
    return (
        one is not None
        and other is not None
        and one != other
        and one[0] <= other[0]
        and one[1] <= other[1]
    )
