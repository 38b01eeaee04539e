"""Sweden's division into municipalities by year, from the published table of its changes."""

from dataclasses import dataclass

import pandas as pd

from helpers.contracts.limits import LIMITS

# From 2000 on the counties are today's (Skåne 1997, Västra Götaland 1998) and so are all municipalities but those in
# the table of changes; for earlier years most codes in the west and south are others.
YEARS = range(int(LIMITS["import_year"].least), int(LIMITS["import_year"].most) + 1)


@dataclass(frozen=True)
class Change:
    """One change of the division; every one took effect on 1 January.

    kommunkod: Today's code.
    since: The first year of the new division.
    handelse: "bildad", "bytt_lan" or "bytt_namn".
    tidigare_kod, tidigare_namn, ur_kommun: The earlier code, the earlier name, the code of the municipality it was
        formed out of; "" where the change has none.
    """

    kommunkod: str
    since: int
    handelse: str
    tidigare_kod: str
    tidigare_namn: str
    ur_kommun: str


def read_changes(published: pd.DataFrame) -> list[Change]:
    """Return the rows of the published table `indelningsandringar` as changes."""
    return [
        Change(row["kommunkod"], int(row["galler_fran"][:4]), *(row[name] for name in list(Change.__annotations__)[2:]))
        for row in published.fillna("").to_dict("records")
    ]


def home_counties(frame: pd.DataFrame, published: pd.DataFrame) -> pd.Series:
    """Return each row's county code (lanskod) by the division of the row's own year.

    Args:
        frame: kommunkod (today's), ar.
        published: The table `indelningsandringar`.
    """
    homes = frame["kommunkod"].str[:2]
    for change in read_changes(published):
        if change.handelse == "bytt_lan":
            earlier = (frame["kommunkod"] == change.kommunkod) & (frame["ar"] < change.since)
            homes = homes.mask(earlier, change.tidigare_kod[:2])
    return homes
