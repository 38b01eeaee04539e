"""Received month by month: how many so far this year, against the same months of the year
before.
"""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from helpers.model.monthly import HIDDEN_HIGH, Monthly, difference
from helpers.present.figures.reception import draw_months, size_months
from helpers.present.figures.spread import draw_season, size_season
from helpers.present.language import MANADER
from helpers.present.views import (
    CAME,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
)

MONTHS = "asylsokande_manad"
MIDDLE = 7  # month: by its end the county's part-year outcomes were read at the earliest
TOLD = (3, 6, 7, 9)  # months, of which the table has a column each
FEWER_THAN_SIX = "färre än 6"


class Read(Protocol):
    """What the topic must know of a table: the month after which it was read at the earliest."""

    @property
    def utfall_tidigast_manad(self) -> int | None: ...


def month_views(place: Place, monthly: Monthly | None) -> tuple[View, ...]:
    """Return the year so far in a sentence, the months as a figure with their numbers; nothing
    where none is known.

    Args:
        place: The municipality, the county or the nation.
        monthly: Its latest year with months, from `latest_year`.
    """
    if monthly is None:
        return ()
    return (_so_far(place, monthly), *_unplaced(monthly), _figure(place, monthly))


def assumptions(monthly: Monthly | None) -> tuple[str, ...]:
    """Return the assumption that months rest on, for a page that shows any."""
    return () if monthly is None else ("A14",)


def _so_far(place: Place, monthly: Monthly) -> Statement:
    values = _when(place, monthly)
    now, key = monthly.now, {"ar": str(monthly.now.ar)}
    if now.missing:
        text = (
            "Hur många nyanlända som har tagits emot i {plats} till och med {manad} {ar} är inte"
            " känt: uppgift saknas för {saknas}."
        )
        return gap("manader_hittills", text, **values, saknas=_names(now.missing))
    text = "Till och med {manad} {ar} har {antal:nyanlända} tagits emot i {plats}"
    if now.exact is None:
        text = (
            "Till och med {manad} {ar} har minst {low} och högst {high:nyanlända} tagits emot i"
            " {plats}"
        )
        values |= {"low": _persons(now.low, monthly, key), "high": _persons(now.high, monthly, key)}
        text += "; källan döljer tal under sex (A14)"
    else:
        values["antal"] = _persons(now.exact, monthly, key)
    change = difference(now, monthly.before)
    if change is not None:
        values["fore"] = str(monthly.before.ar)
        text += (
            ", {skillnad} färre än"
            if change < 0
            else ", {skillnad} fler än"
            if change
            else ", lika många som"
        )
        text += " samma månader {fore}"
        values |= {"skillnad": _persons(abs(change), monthly, key)} if change else {}
    return Statement("manader_hittills", text + ".", values)


def _when(place: Place, monthly: Monthly) -> dict[str, Value]:
    name = "riket" if place.kind == "riket" else place.namn
    return {"plats": name, "ar": str(monthly.now.ar), "manad": MANADER[monthly.now.manad - 1]}


def _persons(value: int | None, monthly: Monthly, key: Mapping[str, str]) -> Fact:
    return Fact(value, "personer", monthly.tables, key=key, measure="mottagna")


def _names(months: tuple[int, ...]) -> list[str]:
    return [MANADER[month - 1] for month in months] or ["ingen"]


def _unplaced(monthly: Monthly) -> tuple[Statement, ...]:
    """What the nation's figures hold that belongs to no municipality; nothing where the source does
    not say.
    """
    found = monthly.unplaced
    if found is None or found.low is None:
        return ()
    key = {"ar": str(found.ar)}
    values: dict[str, Value] = {"ar": str(found.ar), "manad": MANADER[found.manad - 1]}
    if found.exact is None:
        count = "minst {low} och högst {high:personer}"
        values |= {
            "low": _persons(found.low, monthly, key),
            "high": _persons(found.high, monthly, key),
        }
    else:
        count = "{antal:personer}"
        values["antal"] = _persons(found.exact, monthly, key)
    text = (
        "I rikets tal till och med {manad} {ar} ingår "
        + count
        + " i okänd kommun; de är inte fördelade på län och kommuner."
    )
    return (Statement("manader_okand_kommun", text, values, "note"),)


def _figure(place: Place, monthly: Monthly) -> Figure:
    frame, now, before = _named(monthly.months), monthly.now, monthly.before
    compared = bool(frame["before_low"].notna().any())
    values: dict[str, Value] = {
        **_when(place, monthly),
        **({"fore": str(before.ar)} if compared else {}),
        "dolda": _names(tuple(int(month) for month in frame.loc[frame["hidden"] > 0, "manad"])),
        "saknas": _names(now.missing),
    }
    caption = "Mottagna i {plats} månad för månad {ar}, till och med {manad}"
    alt = "En stapel per månad {ar} för {plats}, till och med {manad}"
    hidden = bool((frame[["hidden", "before_hidden"]] > 0).any(axis=None))
    return Figure(
        "manader_figur",
        caption + (", och {fore}." if compared else "."),
        alt
        + (", bredvid en smalare för samma månad {fore}" if compared else "")
        + ". Månader med dolda uppgifter: {dolda}. Månader utan uppgift: {saknas}.",
        lambda ax, language: draw_months(frame, ax, language, now.ar, now.manad),
        size_months(frame),
        _table(frame, monthly, values, compared),
        values,
        reading=(
            "En dold uppgift är färre än sex personer och räknas som noll till fem (A14): den"
            " randiga delen av en stapel rymmer allt som kan vara dolt."
            if hidden
            else ""
        ),
    )


def _named(months: pd.DataFrame) -> pd.DataFrame:
    """The months with their names, and beside each year's numbers the words for those that are
    hidden.
    """
    named = months.assign(name=[MANADER[month - 1] for month in months["manad"]])
    for shown, low, high in (("antal", "low", "high"), ("antal_fore", "before_low", "before_high")):
        hidden = ((months[low] == 0) & (months[high] == HIDDEN_HIGH)).fillna(False).astype(bool)
        named[shown] = months[low].astype(object).mask(hidden, FEWER_THAN_SIX)
    return named


def _table(
    frame: pd.DataFrame, monthly: Monthly, values: Mapping[str, Value], compared: bool
) -> Table:
    """One row per month: the source's own numbers, or the ends of their sums."""

    def received(column: str, year: int, high: str) -> Column:
        stated, shown = monthly.printed, {"ar": str(year)}
        ends = None if stated else high
        return Column(
            column,
            "Mottagna {ar}",
            "personer",
            high=ends,
            published=stated,
            values=shown,
            measure="mottagna",
        )

    columns = [Column("name", "Månad"), received("antal", monthly.now.ar, "high")]
    if compared:
        columns.append(received("antal_fore", monthly.before.ar, "before_high"))
    shown = {name: values[name] for name in ("plats", "ar")}
    caption = "Mottagna i {plats} månad för månad {ar}"
    rows = frame.assign(ar=monthly.now.ar)
    return Table("manader", caption, rows, columns, monthly.tables, shown, ("ar", "manad"))


def _extremes(season: pd.DataFrame, manad: int) -> dict[str, Value]:
    """The least and the most that had come by the end of a month, and in which years."""
    by_then = season[season["manad"] == manad].sort_values("part", kind="stable")
    values: dict[str, Value] = {
        "manad": MANADER[manad - 1],
        "first": str(season["ar"].min()),
        "last": str(season["ar"].max()),
    }
    year = season.groupby("ar")["ensamkommande"].sum()
    for name, row in (("low", by_then.iloc[0]), ("high", by_then.iloc[-1])):
        ar = int(row["ar"])
        values[f"{name}_ar"] = str(ar)
        values[name] = Fact(100 * float(row["part"]), "%", (MONTHS,), decimals=0, of=int(year[ar]))
    return values


def season_views(season: pd.DataFrame) -> tuple[View, ...]:
    """Return when in the year unaccompanied children seek asylum: a sentence, and a curve per year
    with its table; nothing where no year is known.

    Args:
        season: `ar`, `manad`, `ensamkommande` (children), `part` (0–1, of the year's children by
            the end of the month): what `model.monthly.season` returned.
    """
    if season.empty:
        return ()
    values = _extremes(season, MIDDLE)
    text = (
        "Av årets ensamkommande barn hade mellan {low} ({low_ar}) och {high} ({high_ar}) sökt asyl"
        " till och med {manad}, åren {first}–{last}. När på året barnen kommer skiljer sig alltså"
        " mycket från år till år."
    )
    ends = {values["low_ar"]: 0, values["high_ar"]: 1}
    extreme = season["ar"].astype(str).map(ends).astype("Int64")
    shown = season.assign(extreme=extreme)
    figure = Figure(
        "sasong_figur",
        "Så stor del av årets ensamkommande barn hade sökt asyl vid varje månads slut, riket"
        " {first}–{last}.",
        "En kurva per år från januari till december. Till och med {manad} hade minst {low}"
        " ({low_ar}) och mest {high} ({high_ar}) av årets barn sökt asyl.",
        lambda ax, language: draw_season(shown, ax, language),
        size_season(shown),
        _season_table(season),
        values,
    )
    return (Statement("sasong", text, values), figure)


def _season_table(season: pd.DataFrame) -> Table:
    parts = season.pivot(index="ar", columns="manad", values="part")[list(TOLD)] * 100
    wide = parts.rename(columns={manad: f"del_{manad}" for manad in TOLD}).reset_index()
    children = season.groupby("ar")["ensamkommande"].sum()
    wide = wide.assign(ar_text=wide["ar"].astype(str), barn=wide["ar"].map(children))
    columns = [Column("ar_text", "År"), Column("barn", "Hela året", "barn", measure=CAME)]
    for manad in TOLD:
        label, month = "Till och med {manad}", {"manad": MANADER[manad - 1]}
        columns.append(Column(f"del_{manad}", label, "%", 0, of="barn", values=month))
    caption = "Ensamkommande barn som sökt asyl, del av årets"
    return Table("sasong_tal", caption, wide, columns, (MONTHS,), {}, ("ar",))


def season_note(
    place: Place, shares: pd.DataFrame, season: pd.DataFrame, catalogue: Mapping[str, Read]
) -> tuple[Statement, ...]:
    """Return what part of a year's children had come to Sweden by when a part-year outcome was read
    at the earliest; nothing where the outcome is of a whole year. It corrects nothing.

    Args:
        place: The county or municipality.
        shares: The place's shares: `tabell`.
        season: `ar`, `manad`, `ensamkommande` (children), `part` (0–1), as for `season_views`.
        catalogue: The published tables, for when the outcome was read.
    """
    shown = shares if shares.empty else shares.dropna(subset=["utfall"])
    tables = dict.fromkeys(shown["tabell"]) if len(shown) else {}
    months = [catalogue[table].utfall_tidigast_manad for table in tables]
    if season.empty or not months or months[0] is None:
        return ()
    text = (
        "Utfallet lästes tidigast efter {manad}. Till Sverige hade då, {first}–{last}, mellan {low}"
        " ({low_ar}) och {high} ({high_ar}) av årets ensamkommande barn kommit. Det gäller riket;"
        " utfallet för {plats} är inte uppräknat."
    )
    values = _extremes(season, months[0]) | {"plats": place.namn}
    return (Statement("sasong_utfall", text, values, "note"),)
