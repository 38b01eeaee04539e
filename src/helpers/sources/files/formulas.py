"""Formulas that fetch their value from elsewhere: what a workbook shows of them is what it last was
on another machine.
"""

import re

from helpers.contracts.text import cut

LONGEST = 10_000  # characters that are looked at
QUOTED = re.compile(r'"[^"]*"')  # a formula's texts
ELSEWHERE = re.compile(
    r"[\w.']\|[^!]*!|\[[0-9]+\][\w .']*!|\[[^\]]+\.\w{2,5}\][^!]*!"
    r"|\b(?:WEBSERVICE|RTD|DDE|CALL|REGISTER(?:\.ID)?|IMPORTDATA)\s*\(",
    re.IGNORECASE,
)
FOREIGN = (
    "Cellen hämtar sitt värde ur en annan fil eller ett annat program (”{}”). Spara en kopia med"
    " bara värden."
)


def fetches(formula: str) -> bool:
    """Whether a formula fetches its value from another file or programme, whatever it showed last.

    >>> fetches("cmd|'/c calc'!B2"), fetches("[1]Blad1!B2"), fetches("'/x/[b.xlsx]B'!C3")
    (True, True, True)
    >>> fetches('SUM(Tabell1[2019])&"a|b!c"'), fetches("SUM(B2:B9)")
    (False, False)
    """
    return ELSEWHERE.search(QUOTED.sub("", formula)) is not None


def foreign_words(formula: str) -> str:
    """Return what is said of a cell with such a formula."""
    return FOREIGN.format(cut(formula, 60))
