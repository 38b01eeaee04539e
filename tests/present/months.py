"""Made-up month tables for tests: no figure in them is published."""

from collections.abc import Sequence

import pandas as pd

from helpers.tables.schemas import empty

HIDDEN = ".."  # as the source writes a cell of fewer than six
TABLE = "kommunmottagna_2018"  # an entry that can be cited, for want of a published month table
Cell = tuple[str | None, int, int, int | str | None]  # kommunkod, ar, manad, antal


def made_months(cells: Sequence[Cell]) -> pd.DataFrame:
    """Cells as `workbook.manader` holds them: HIDDEN is a hidden cell, None an unknown one."""
    rows = [
        (
            kod,
            ar,
            manad,
            None if antal == HIDDEN else antal,
            "ja" if antal == HIDDEN else None,
            TABLE,
        )
        for kod, ar, manad, antal in cells
    ]
    return _typed(rows, "kommunmottagna_manad")


def made_sums(sums: Sequence[tuple[str, int, int, int]]) -> pd.DataFrame:
    """Sums (lanskod, ar, manad, antal) as `workbook.manader_summor` holds them."""
    return _typed([(*row, TABLE) for row in sums], "kommunmottagna_manad_summor")


def _typed(rows: Sequence[tuple[object, ...]], kind: str) -> pd.DataFrame:
    shape = empty(kind)
    return pd.DataFrame(list(rows), columns=list(shape)).astype(shape.dtypes.to_dict())
