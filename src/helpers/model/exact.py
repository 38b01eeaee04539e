"""Exact arithmetic of published decimals, and the one rounding of every number that a reader sees.

A published share has two decimals and a forecast none, so their products, sums and differences are
decimals of a few digits. They are computed as such: 0.1 + 0.2 in binary is not 0.3. A frame holds
each result as the nearest float, whose shortest decimal form is the exact number again (up to 15
digits).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Real
from typing import TYPE_CHECKING

# whoever has a frame has pandas; the page of changes rounds its numbers without it
if TYPE_CHECKING:
    import pandas as pd

NOISE = 9  # decimals of a figure as data; what is beyond is the noise of a division
# half up of the digits, whatever the sign: half away from zero
_ROOM = Context(prec=400, rounding=ROUND_HALF_UP)


def decimal_of(value: Real | float | Decimal) -> Decimal:
    """Return the decimal that a number stands for: the shortest that reads back as the same float.

    >>> decimal_of(0.1) + decimal_of(0.2)
    Decimal('0.3')
    """
    return value if isinstance(value, Decimal) else Decimal(str(value))


def decimals_of(value: float) -> int:
    """Return the number of decimals that a figure needs to be written out.

    >>> decimals_of(78.15), decimals_of(2.0)
    (2, 0)
    """
    exponent = decimal_of(value).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def rounded(value: Real | float | Decimal, decimals: int) -> Decimal:
    """Return a number rounded half away from zero, as the county rounds (A2), with so many
    decimals.

    A figure has nine decimals as data, and it is that figure which is rounded: a reader who rounds
    the JSON's number gets the page's.

    >>> rounded(2.675, 2), rounded(-46.25, 1), rounded(100 * 1.15, 0)
    (Decimal('2.68'), Decimal('-46.3'), Decimal('115'))
    """
    figure = decimal_of(value).quantize(Decimal(1).scaleb(-NOISE), context=_ROOM)
    return figure.quantize(Decimal(1).scaleb(-decimals), context=_ROOM)


def share_of(promille: float, children: int) -> float:
    """Return one share (‰) of a whole number of children: the nearest float of the exact
    product.
    """
    return float(decimal_of(promille) * children / 1000)


def exact_product(andelstal: pd.Series, children: int) -> pd.Series:
    """Return share × children: ‰ of a whole number, in children, each the nearest float of the
    exact product.

    >>> import pandas as pd
    >>> exact_product(pd.Series([1.15, 31.26]), 2500).tolist()
    [2.875, 78.15]
    """
    import pandas as pd

    products = [share_of(share, children) for share in andelstal.astype(float)]
    return pd.Series(products, index=andelstal.index, dtype="float64")


def exact_sum(values: Iterable[float]) -> float:
    """Return the nearest float of the exact sum of children or shares, all of them known.

    >>> exact_sum([2.85, 75.2, 0.1]), sum([2.85, 75.2, 0.1])
    (78.15, 78.14999999999999)
    """
    return float(sum(map(decimal_of, values), Decimal(0)))


def exact_difference(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return the first less the second, row by row (Float64), exact; NA where either number is
    unknown.

    >>> import pandas as pd
    >>> exact_difference(pd.Series([29]), pd.Series([17.955])).tolist()
    [11.045]
    """
    import pandas as pd

    pairs = zip(one, other, strict=True)
    found = [
        pd.NA if pd.isna(a) or pd.isna(b) else float(decimal_of(a) - decimal_of(b))
        for a, b in pairs
    ]
    return pd.Series(pd.array(found, dtype="Float64"), index=one.index)
