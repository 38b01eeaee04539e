"""Counties and municipalities: codes are keys, names labels compared NFC-normalised; the division
by year.
"""

import difflib
import unicodedata
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.contracts.numbers import LIMITS
from helpers.errors import DataError, ParameterError


@dataclass(frozen=True)
class Place:
    """A county, a municipality or the nation, with the municipalities it holds."""

    kind: Literal["lan", "kommun", "riket"]
    kod: str
    namn: str
    lanskod: str
    lansbokstav: str
    lan: str
    kommunkoder: tuple[str, ...]


def fold(name: str) -> str:
    """Return a name as names are compared: NFC, no outer blanks, no capitals.

    >>> fold("A\\u030asele ") == fold("ÅSELE")
    True
    """
    return unicodedata.normalize("NFC", name).strip().casefold()


def nearest(found: str, known: list[str], count: int = 3) -> str:
    """Return the known words most like the one found, worded as a next step."""
    folded = {fold(word): word for word in known}
    matches = difflib.get_close_matches(fold(found), list(folded), n=count, cutoff=0.5)
    names = [folded[match] for match in matches] or known[:count]
    return "Nearest known: " + ", ".join(names) + "."


def gazetteer(lan: pd.DataFrame, kommuner: pd.DataFrame) -> dict[str, Place]:
    """Return every county by its letter and by its code, and every municipality by its code."""
    known: dict[str, Place] = {}
    homes = list(zip(kommuner["kommunkod"], kommuner["kommun"], kommuner["lanskod"], strict=True))
    for kod, letter, name in zip(lan["lanskod"], lan["lansbokstav"], lan["lan"], strict=True):
        own = {kommunkod: kommun for kommunkod, kommun, home in homes if home == kod}
        known[letter] = known[kod] = Place("lan", kod, name, kod, letter, name, tuple(own))
        for kommunkod, kommun in own.items():
            known[kommunkod] = Place("kommun", kommunkod, kommun, kod, letter, name, (kommunkod,))
    return known


def county(lan: pd.DataFrame, kommuner: pd.DataFrame, key: str) -> Place:
    """Return the county with this letter ("AC") or two-digit code ("24").

    Raises:
        ParameterError: no such county; the nearest are named.
    """
    found = lan[(lan["lansbokstav"] == key.strip().upper()) | (lan["lanskod"] == key.strip())]
    if found.empty:
        known = [f"{row.lansbokstav} ({row.lan})" for row in lan.itertuples()]
        near = nearest(key, list(lan["lansbokstav"]) + list(lan["lan"]))
        raise ParameterError(f"lan: there is no county {key!r}. {near} All: {', '.join(known)}.")
    row = found.iloc[0]
    koder = tuple(kommuner.loc[kommuner["lanskod"] == row["lanskod"], "kommunkod"])
    return Place(
        "lan", row["lanskod"], row["lan"], row["lanskod"], row["lansbokstav"], row["lan"], koder
    )


def municipality(lan: pd.DataFrame, kommuner: pd.DataFrame, kommunkod: str) -> Place:
    """Return the municipality with this four-digit code ("2480").

    Raises:
        ParameterError: no such municipality; the nearest codes are named.
    """
    found = kommuner[kommuner["kommunkod"] == str(kommunkod)]
    if found.empty:
        by_name = {fold(row["kommun"]): row["kommunkod"] for row in kommuner.to_dict("records")}
        near = by_name.get(fold(str(kommunkod)))
        step = (
            f"Did you mean {near!r}?"
            if near
            else nearest(str(kommunkod), list(kommuner["kommunkod"]))
        )
        raise ParameterError(f"kommunkod: there is no municipality {kommunkod!r}. {step}")
    row = found.iloc[0]
    home = county(lan, kommuner, row["lanskod"])
    kod = row["kommunkod"]
    return Place("kommun", kod, row["kommun"], home.kod, home.lansbokstav, home.lan, (kod,))


def country(kommuner: pd.DataFrame) -> Place:
    """Return the nation with all its municipalities."""
    return Place("riket", "00", "Riket", "00", "", "", tuple(kommuner["kommunkod"]))


def add_kommunkod(
    frame: pd.DataFrame, kommuner: pd.DataFrame, lanskod: str, shown_path: str
) -> pd.DataFrame:
    """Return a frame keyed by name with its `kommunkod` looked up inside one county, never guessed.

    Raises:
        DataError: a name that the county does not have; every such row is named with suggestions.
    """
    home = kommuner[kommuner["lanskod"] == lanskod]
    codes = {fold(row["kommun"]): row["kommunkod"] for row in home.to_dict("records")}
    problems = [
        f'{shown_path}, row {row}, "kommun": {name!r} is not a municipality of county {lanskod}. '
        + nearest(name, list(home["kommun"]))
        for row, name in frame["kommun"].items()
        if fold(name) not in codes
    ]
    if problems:
        raise DataError(*problems)
    koder = frame["kommun"].map(lambda name: codes[fold(name)]).astype("string")
    return frame.assign(kommunkod=koder).drop(columns="kommun")


# From 2000 on the counties are today's (Skåne 1997, Västra Götaland 1998) and so are all
# municipalities but those in the table of changes; for earlier years most codes in the west and
# south are others.
YEARS = range(int(LIMITS["import_year"].least), int(LIMITS["import_year"].most) + 1)


@dataclass(frozen=True)
class Change:
    """One change of the division; every one took effect on 1 January.

    kommunkod: Today's code.
    since: The first year of the new division.
    handelse: "bildad", "bytt_lan" or "bytt_namn".
    tidigare_kod, tidigare_namn, ur_kommun: The earlier code, the earlier name, the code of the
        municipality it was formed out of; "" where the change has none.
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
        Change(
            row["kommunkod"],
            int(row["galler_fran"][:4]),
            *(row[name] for name in list(Change.__annotations__)[2:]),
        )
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
