"""Received month by month: how many so far this year, against the same months of the year
before.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model.monthly import HIDDEN_HIGH, Monthly, difference
from helpers.present.figures.reception import draw_months, size_months
from helpers.present.language import MANADER
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap

FEWER_THAN_SIX = "färre än 6"


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
