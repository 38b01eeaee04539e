"""What follows from published figures by law, without being published: a kommuntal of nobody."""

import pandas as pd

LANSTAL_KEY = ["ar", "lanskod"]


def with_derived_kommuntal(kommuntal: pd.DataFrame, lanstal: pd.DataFrame, kommuner: pd.DataFrame) -> pd.DataFrame:
    """Return the kommuntal with a derived 0 for whom the others leave nobody.

    The kommuntal of a county sum to its länstal. So where those listed for a year are all known and add up
    exactly to the länstal in force, the county's other municipalities have 0 (A5). One person off, and
    they stay unknown.

    Args:
        kommuntal: kommunkod, ar, kommuntal (persons), tabell; more columns are kept, unknown where derived.
        lanstal: lanskod, ar, galler_fran, lanstal (persons); the last to take effect in a year is in force.
        kommuner: kommunkod, lanskod.

    Returns:
        The rows, then the derived ones with the table of their county's listed rows in `tabell`; `harledd`
        says which are derived.

    Source: lag (2016:38) and förordning (2016:39): the länsstyrelse divides the whole länstal.
    """
    listed = kommuntal.merge(kommuner[["kommunkod", "lanskod"]], on="kommunkod", validate="m:1")
    whole = _whole_counties(listed, lanstal)
    asked = whole.merge(kommuner[["kommunkod", "lanskod"]], on="lanskod")
    there = pd.MultiIndex.from_frame(kommuntal[["kommunkod", "ar"]])
    missing = asked[~pd.MultiIndex.from_frame(asked[["kommunkod", "ar"]]).isin(there)]
    derived = missing[["kommunkod", "ar", "tabell"]].assign(kommuntal=0, harledd=True)
    rows = derived.reindex(columns=[*kommuntal.columns, "harledd"]).astype(kommuntal.dtypes)
    return pd.concat([kommuntal.assign(harledd=False), rows], ignore_index=True)


def _whole_counties(listed: pd.DataFrame, lanstal: pd.DataFrame) -> pd.DataFrame:
    """The years and counties whose listed kommuntal are the whole länstal in force: ar, lanskod, tabell."""
    in_force = lanstal.sort_values("galler_fran", kind="stable").drop_duplicates(LANSTAL_KEY, keep="last")
    sums = listed.groupby(LANSTAL_KEY, as_index=False).agg(
        summa=("kommuntal", lambda own: own.sum(skipna=False)), tabell=("tabell", "first")
    )
    both = sums.merge(in_force[[*LANSTAL_KEY, "lanstal"]], on=LANSTAL_KEY, validate="1:1")
    equal = (both["summa"] == both["lanstal"]).fillna(False).astype(bool)
    return both.loc[equal, [*LANSTAL_KEY, "tabell"]]
