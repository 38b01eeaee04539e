"""Those received, as a place's report needs them: its own rows, and beside them what others come
to.
"""

from collections.abc import Sequence

import pandas as pd

from helpers.model import reception
from helpers.model.exact import rounded
from helpers.tables.places import Place
from helpers.tables.questions import ask, question
from helpers.tables.reads import NATION, Asked
from helpers.tables.workbook import Workbook

NEAR = {"kommun": 10, "lan": 7}  # the places that one is compared with


def per_capita(data: Workbook, place: Place, ar: int) -> pd.DataFrame:
    """Return reception per 1 000 inhabitants in a place's county: its municipalities, itself, and
    the nation.

    Returns:
        As `reception.per_capita`. The inhabitants are those of the place's own rows; they are NA
        for the places that it is compared with, of which a report states the rate and the persons
        received.
    """
    if place.kind == "riket":
        return _rates(data, place, (place,), ar)
    home = data.county(place.lanskod)
    if place.kind == "lan":
        return _joined(
            _rates(data, home, (*_within(data, home), home), ar), ask(data, "rates_of", NATION, ar)
        )
    others = ask(data, "rates_within", home.kod, ar)
    own = _rates(data, place, (place,), ar)
    table = _joined(others[others["kod"] != place.kod], own).sort_values(
        "kod", kind="stable", ignore_index=True
    )
    around = () if reception.is_single(home) else (ask(data, "rates_of", home.kod, ar),)
    return _joined(table, *around, ask(data, "rates_of", NATION, ar))


def composition(data: Workbook, place: Place, ar: int, within: bool = False) -> pd.DataFrame:
    """Return how the reception of a place divides on categories, beside its county's and the
    nation's.

    Args:
        within: Whether the municipalities of the place's county stand there too.

    Returns:
        As `reception.composition`.
    """
    home = data.county(place.lanskod)
    single = reception.is_single(home)
    if place.kind == "lan":
        areas = (*_within(data, home), home) if within and not single else (home,)
        return _joined(_parts(data, home, areas, ar), ask(data, "parts_of", NATION, ar))
    around = () if single else (ask(data, "parts_of", home.kod, ar),)
    own = _parts(data, place, (place,), ar)
    return _joined(own, *around, ask(data, "parts_of", NATION, ar))


@question
def rates_of(data: Workbook, asked: Asked) -> pd.DataFrame:
    """A county's or the nation's persons received and rate, without its inhabitants."""
    area = data.place(asked.kod)
    return _rates(data, area, (area,), asked.years[0]).assign(
        folkmangd=pd.array([pd.NA], dtype="Int64")
    )


def nearest(data: Workbook, place: Place, ar: int) -> pd.DataFrame:
    """Return the places of the same kind that are nearest in population at the year's end, with
    what they received: as `reception.per_capita`, without their inhabitants and the place itself;
    `times` is how many times the place's inhabitants they have, to one decimal.
    """
    found: pd.DataFrame = ask(data, "rates_near", place.kod, ar)
    return found


@question
def rates_near(data: Workbook, asked: Asked) -> pd.DataFrame:
    """The persons received and the rates of the places of one's kind that are nearest to it in
    population, without their inhabitants.
    """
    place, ar = data.place(asked.kod), asked.years[0]
    sizes = ask(data, f"sizes_{place.kind}", "", ar)
    own = sizes.get(place.kod)
    others = sizes.drop(index=place.kod, errors="ignore") if own is not None else sizes.iloc[:0]
    away = (others - own).abs().sort_values(kind="stable") if len(others) else others
    near = sorted(away.index[: NEAR[place.kind]])
    codes = {kod for one in near for kod in data.place(one).kommunkoder}
    every, totals, people = _every(data, place.kind, ar)
    return (
        every[every["kod"].isin(near)]
        .reset_index(drop=True)
        .assign(
            folkmangd=pd.array([pd.NA] * len(near), dtype="Int64"),
            times=[float(rounded(sizes[kod] / own, 1)) for kod in near],
            tabell=reception.table_of(totals[totals["kommunkod"].isin(codes)]),
            people_tabell=reception.table_of(people[people["kommunkod"].isin(codes)]),
        )
    )


def of_year(data: Workbook, ar: int) -> None:
    """Work out what the reports of a year set beside their place, whosever they are."""
    for name in ("rates_of", "parts_of"):
        ask(data, name, NATION, ar)
    for kind in NEAR:
        ask(data, f"sizes_{kind}", "", ar)
        _every(data, kind, ar)


def _every(data: Workbook, kind: str, ar: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return data.computed(f"rates of every {kind} {ar}", _rates_of_every, data, kind, ar)


def _rates_of_every(
    data: Workbook, kind: str, ar: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The rates of all places of a kind, by code, and the rows of persons received and of
    inhabitants that they are made of: worked out once for all whose neighbours are asked for.
    """
    mottagna, people = (data.rows(part, None, [ar]) for part in ("mottagna", "folkmangd"))
    totals = mottagna[mottagna["kategori"] == "totalt"]
    codes = data.lan["lanskod"] if kind == "lan" else data.kommuner["kommunkod"]
    areas = [data.place(kod) for kod in sorted(codes)]
    return reception.per_capita(totals, people, areas, ar), totals, people


@question
def sizes_kommun(data: Workbook, asked: Asked) -> pd.Series:
    """The inhabitants of every municipality in which they are known, by its code."""
    people = data.rows("folkmangd", None, asked.years).dropna(subset=["folkmangd"])
    return people.set_index("kommunkod")["folkmangd"].astype(int).sort_index()


@question
def sizes_lan(data: Workbook, asked: Asked) -> pd.Series:
    """The inhabitants of every county in which they are known, by its code."""
    people = ask(data, "sizes_kommun", "", *asked.years)
    counties = map(data.place, data.lan["lanskod"])
    known = {
        county.kod: int(people[list(county.kommunkoder)].sum())
        for county in counties
        if people.index.isin(county.kommunkoder).sum() == len(county.kommunkoder)
    }
    return pd.Series(known, dtype=int).sort_index()


@question
def rates_within(data: Workbook, asked: Asked) -> pd.DataFrame:
    """The persons received and the rate of each municipality of a county, without their
    inhabitants.
    """
    home = data.county(asked.kod)
    rates = _rates(data, home, _within(data, home), asked.years[0])
    return rates.assign(folkmangd=pd.array([pd.NA] * len(rates), dtype="Int64"))


@question
def parts_of(data: Workbook, asked: Asked) -> pd.DataFrame:
    """How a county's or the nation's reception divides on categories."""
    area = data.place(asked.kod)
    return _parts(data, area, (area,), asked.years[0])


def _within(data: Workbook, home: Place) -> tuple[Place, ...]:
    return tuple(data.municipality(kod) for kod in home.kommunkoder)


def _rates(data: Workbook, whole: Place, areas: Sequence[Place], ar: int) -> pd.DataFrame:
    return reception.per_capita(
        data.rows("mottagna", whole, [ar]), data.rows("folkmangd", whole, [ar]), areas, ar
    )


def _parts(data: Workbook, whole: Place, areas: Sequence[Place], ar: int) -> pd.DataFrame:
    return reception.composition(data.rows("mottagna", whole, [ar]), areas, ar)


def _joined(*frames: pd.DataFrame) -> pd.DataFrame:
    known = [frame for frame in frames if len(frame)]
    return pd.concat(known, ignore_index=True) if known else frames[0]
