"""Capacity (beredskap och kapacitet) against a scenario's load: shortfall, slack, the forecast that
overflows.
"""

import pandas as pd

from helpers.model.placement import hundredths
from helpers.model.shares import WHOLE

KINDS = ("platser_hem", "platser_familjehem", "bostader", "skolplatser", "personal")
PLACES = ("platser_hem", "platser_familjehem")  # what a placed child needs: one or the other
SCHOOL = "skolplatser"  # and one of these


def places_known(capacity: pd.DataFrame) -> pd.Series:
    """Return each municipality's places for children, homes and family homes together.

    A municipality with one of the two unknown is unknown (NA), never the known one alone.

    Args:
        capacity: kommunkod, slag (see `KINDS`), antal (NA = unknown), one row per municipality and
            kind.

    Returns:
        Places (Int64, NA = unknown) indexed by kommunkod.
    """
    wide = capacity[capacity["slag"].isin(PLACES)].pivot(
        index="kommunkod", columns="slag", values="antal"
    )
    return wide.reindex(columns=list(PLACES)).sum(axis=1, skipna=False).astype("Int64")


def school_places(capacity: pd.DataFrame) -> pd.Series:
    """Return how many children each municipality has school places for.

    Args:
        capacity: As `places_known`.

    Returns:
        Places (Int64, NA = unknown) indexed by kommunkod.
    """
    told = capacity[capacity["slag"] == SCHOOL].set_index("kommunkod")["antal"]
    return told.astype("Int64")


def against_load(shares: pd.DataFrame, load: pd.Series, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return places beside the children a scenario brings.

    Args:
        shares: kommunkod, kommun, andelstal (‰).
        load: Children per kommunkod, of the planning estimate, the rule or an interval's end.
        capacity: As `places_known`.

    Returns:
        kommunkod, kommun, load, places, shortfall (load − places where above 0), slack (places −
        load where above 0), overflow_forecast: the lowest national forecast whose planning estimate
        exceeds the places, and school_places and school_shortfall, since every child needs a school
        place too. Unknown places give unknown answers; a share of 0 never overflows (NA).
    """
    table = shares[["kommunkod", "kommun"]].reset_index(drop=True)
    table = table.assign(
        load=table["kommunkod"].map(load).astype("Float64"),
        places=places_known(capacity).reindex(table["kommunkod"]).array,
        school_places=school_places(capacity).reindex(table["kommunkod"]).array,
    )
    difference = table["load"] - table["places"]
    share = pd.Series(hundredths(shares["andelstal"].to_numpy(float)), dtype="Int64")
    return table.assign(
        shortfall=difference.clip(lower=0),
        slack=(-difference).clip(lower=0),
        overflow_forecast=table["places"] * WHOLE // share.where(share > 0) + 1,
        school_shortfall=(table["load"] - table["school_places"]).clip(lower=0),
    )
