"""What is in hand of each kind of figure: which years whole, in part, not at all."""

import pandas as pd


def status_of(grid: pd.DataFrame) -> pd.DataFrame:
    """Return one row per kind of figure: the years known for all units, for some, and for none.

    Args:
        grid: The coverage grid: table, ar, known, units, share (0–1 of the units known).

    Returns:
        table, whole, partly, missing (lists of years), known and units (a unit's years with a figure, and all
        of them), share (known of units, 0–1), in grid order. Kinds differ in what a unit is, so there is no
        sum of them all.
    """
    rows = []
    for table, cells in grid.groupby("table", sort=False):
        years, share = cells["ar"], cells["share"]
        rows.append(
            {
                "table": table,
                "whole": years[share >= 1].tolist(),
                "partly": years[(share > 0) & (share < 1)].tolist(),
                "missing": years[share == 0].tolist(),
                "known": int(cells["known"].sum()),
                "units": int(cells["units"].sum()),
                "share": float(cells["known"].sum() / cells["units"].sum()),
            }
        )
    return pd.DataFrame(rows)
