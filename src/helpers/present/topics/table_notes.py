"""What stands below a county's table of its municipalities: what a range means, what is estimated,
which sums there are none of.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model.shares import ESTIMATED
from helpers.present.topics.known import FEW, Known


def note_of_ranges(table: pd.DataFrame) -> str:
    """Return what a range of children means; "" where there is none.

    Args:
        table: `expected_low`, `expected_high` (children; NA = unknown), a row per municipality.
    """
    if not _is_lower(table, "expected_low", "expected_high").any():
        return ""
    if len(table) == 1:
        return (
            "Ett intervall betyder att det väntade antalet ligger mellan de två hela talen. Det är"
            " avrundning och säger inget om osäkerheten."
        )
    return (
        "För en kommun betyder ett intervall att det väntade antalet ligger mellan de två hela"
        " talen. Länets intervall är kommunernas tillsammans. Det är avrundning och säger inget om"
        " osäkerheten."
    )


def note_of_estimates(known: Known, table: pd.DataFrame) -> str:
    """Return that the expected rest on shares of our own, where they do; "" where none is expected.

    Args:
        known: What is known of the county.
        table: `expected_low` (children; NA = unknown), a row per municipality.
    """
    own = ESTIMATED in known.shares and bool(known.shares[ESTIMATED].any())
    if not own or table["expected_low"].isna().all():
        return ""
    return (
        "Uppskattat: beslutade andelstal saknas här, så Mottagningsboken räknar med egna."
        " Metodsidan visar hur."
    )


def note_of_scope(table: pd.DataFrame) -> str:
    """Return that more are counted against some municipality's kommuntal than it received in all;
    "" where none is so: the sources do not say why.

    Args:
        table: `mottagna_efter_anvisning`, `antal` (persons; NA = unknown), a row per municipality.
    """
    if not _is_lower(table, "antal", "mottagna_efter_anvisning").any():
        return ""
    return (
        "I någon kommun räknas fler som mottagna efter anvisning än som alla mottagna. Källorna"
        " räknar olika, och säger inte varför."
    )


def left_out(table: pd.DataFrame, total: Mapping[str, object]) -> list[str]:
    """Return the municipalities of which it is not known how many were received after placement,
    where the key number above is of the others: the county then has no sum.

    Args:
        table: `kommun`, `kommuntal`, `mottagna_efter_anvisning` (persons; NA = unknown).
        total: The county's own row of the same.
    """
    both = table[["kommuntal", "mottagna_efter_anvisning"]].notna().all(axis=1)
    if total["mottagna_efter_anvisning"] is not None or not both.any():
        return []
    return table.loc[~both, "kommun"].tolist()


def note_of_sums(without: list[str]) -> str:
    """Return why the county has no sum of those received after placement; "" where it has one.

    Args:
        without: The names that `left_out` returned.
    """
    if not without:
        return ""
    if len(without) > FEW:
        return (
            "Länet har ingen summa där uppgift saknas om en kommun. Summan under rubriken I"
            " korthet gäller de kommuner som är kända."
        )
    return (
        "Länet har ingen summa av mottagna efter anvisning, eftersom uppgift saknas för {utan}."
        " Summan under rubriken I korthet gäller de andra kommunerna."
    )


def _is_lower(table: pd.DataFrame, low: str, high: str) -> pd.Series:
    """Whether one column is below another, row by row; never where either is unknown."""
    one, other = (pd.to_numeric(table[name]).astype(float) for name in (low, high))
    return one < other
