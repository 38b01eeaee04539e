"""How precisely a figure is told: percentages by the persons they rest on, and whether rounded
parts add up.

A percentage of fewer than a hundred persons has no decimals, since one person is more than its
first. Of fewer than twenty it is not told at all: the persons are.
"""

import math
from collections.abc import Iterable

from helpers.model.exact import decimal_of, rounded
from helpers.present.language import Language

FEW, HUNDRED = 20, 100  # persons
# a percentage of something else: of draws, of figures in hand, of a scale, or an assumption
NO_PERSONS = math.inf

PARTS = "Delarna är avrundade var för sig och ger därför inte exakt summan."


def adds_up(whole: float, parts: Iterable[float], decimals: int) -> bool:
    """Whether parts that each are shown with so many decimals add up to their whole as it is shown.

    >>> (adds_up(-9.89, [-17.38056, 7.49056], 1), adds_up(0.3, [0.14, 0.16], 1),
    ...  adds_up(0.28, [0.14, 0.14], 1))
    (True, True, False)
    """
    return sum(rounded(part, decimals) for part in parts) == rounded(whole, decimals)


def percent_text(
    value: float,
    of: float,
    language: Language,
    decimals: int | None = 1,
    sign: bool = False,
    mark: bool = True,
) -> str:
    """Return a percentage as the reader sees it.

    Args:
        value: Per cent. of: The persons that are a hundred per cent of it, or `NO_PERSONS`.
        language: The reader's language.
        decimals: At most so many.
        sign: Whether a rise is marked by "+".
        mark: Whether it carries its %; not where a heading does.

    >>> sv = Language("sv")
    >>> [percent_text(20, of, sv).replace("\\u00a0", " ") for of in (15, 20, 100)]
    ['3 av 15', '20 %', '20,0 %']
    """
    if of < FEW:
        part = language.number(rounded(decimal_of(value) * decimal_of(of) / 100, 0), sign=sign)
        return language.t("{antal} av {alla}", antal=part, alla=language.number(of))
    text = language.number(value, 0 if of < HUNDRED else decimals, sign)
    return language.t("{antal}\u00a0%", antal=text) if mark else text
