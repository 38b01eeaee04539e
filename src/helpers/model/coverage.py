"""What is in hand: per table and year, how many units are known of how many there are."""

from collections.abc import Mapping, Sequence

import pandas as pd


def coverage(tables: Mapping[str, tuple[pd.DataFrame, str, int]], years: Sequence[int]) -> pd.DataFrame:
    """Return the coverage grid.

    Args:
        tables: Name → (frame with `ar` and a key column, the key column, the number of units there are).
        years: The years to show.

    Returns:
        table, ar, known (units with a figure), units (there are), share (0–1, known of units).
    """
    rows = []
    for name, (frame, key, units) in tables.items():
        counts = frame.groupby("ar")[key].nunique()
        rows += [(name, year, int(counts.get(year, 0)), units) for year in years]
    grid = pd.DataFrame(rows, columns=["table", "ar", "known", "units"])
    return grid.assign(share=grid["known"] / grid["units"])
