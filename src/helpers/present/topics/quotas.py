"""Länstal as decided: how many persons a county was to receive."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.model.quotas import QuotaChange
from helpers.present.figures.reception import draw_lanstal, size_lanstal
from helpers.present.language import FEW
from helpers.present.views import (
    NATIONAL,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
    used_in,
)


def change_sentence(
    place: Place, change: QuotaChange | None, history: pd.DataFrame, ar: int
) -> Statement:
    """Return how the county's quota changed to the next year, beside a proportional cut; or what is
    known.

    Args:
        place: The county, or a municipality in it.
        change: What `quota_change` returned for the year and the next; None if one is unknown.
        history: `ar`, `lanstal` (persons; NA = unknown): what `lanstal_history` returned.
        ar: The year.
    """
    if change is None:
        return _only_this_year(place, history, ar)
    text = _change_told(change)
    from_table, to_table = (
        _in_force(history, year)["tabell"] for year in (change.from_ar, change.to_ar)
    )
    own = tuple(dict.fromkeys((from_table, to_table)))
    values: dict[str, Value] = {
        "lan": place.lan,
        "from_ar": str(change.from_ar),
        "to_ar": str(change.to_ar),
        "from_lanstal": Fact(change.from_lanstal, "personer", (from_table,), published=True),
        "to_lanstal": Fact(change.to_lanstal, "personer", (to_table,), published=True),
        "andrades": _moved(change.change),
        "riket_andrades": _moved(change.national_to - change.national_from),
        "change_percent": Fact(
            abs(change.change_percent), "procent", own, decimals=0, of=change.from_lanstal
        ),
        "national_from": Fact(change.national_from, "personer", (NATIONAL,), published=True),
        "national_to": Fact(change.national_to, "personer", (NATIONAL,), published=True),
        "national_change_percent": Fact(
            abs(change.national_change_percent),
            "procent",
            (NATIONAL,),
            decimals=0,
            of=change.national_from,
        ),
        "proportional": Fact(change.proportional, "personer", (*own, NATIONAL), decimals=0),
    }
    return Statement("lanstal_andring", text, used_in(text, values))


def _change_told(change: QuotaChange) -> str:
    """The sentence of a change; without per cent of few persons, or where nothing changed."""
    text = (
        "Länstalet för {lan} {andrades} från {from_lanstal} år {from_ar} till {to_lanstal} år"
        " {to_ar}, med {change_percent} procent. I riket {riket_andrades} talet från"
        " {national_from} till {national_to}, med {national_change_percent} procent. Med samma"
        " ändring som i riket hade länstalet blivit {proportional}."
    )
    if change.from_lanstal < FEW or not change.change:
        text = (
            "Länstalet för {lan} var {from_lanstal} år {from_ar} och {to_lanstal} år {to_ar}. I"
            " riket {riket_andrades} talet från {national_from} till {national_to}, med"
            " {national_change_percent} procent. Med samma ändring som i riket hade länstalet"
            " blivit {proportional}."
        )
    return text


def _moved(step: int) -> str:
    return "höjdes" if step > 0 else "sänktes"


def _only_this_year(place: Place, history: pd.DataFrame, ar: int) -> Statement:
    last = _in_force(history, ar)
    if is_unknown(last["lanstal"]):
        return gap(
            "lanstal_andring",
            "Länstalet för {lan} {ar} saknas här.",
            lan=place.lan,
            ar=str(ar),
        )
    quota = _quota_fact(last)
    text = "Länstalet för {lan} {ar} är {lanstal}; länstalet för året efter saknas här."
    return Statement("lanstal_andring", text, {"lan": place.lan, "ar": str(ar), "lanstal": quota})


def _in_force(history: pd.DataFrame, ar: int) -> Mapping[Any, Any]:
    """The last decision of a year; what is not known of it is None."""
    rows = history[history["ar"] == ar].tail(1).to_dict("records")
    return rows[0] if rows else {"lanstal": None}


def _quota_fact(row: Mapping[Any, Any]) -> Fact:
    derived = row["harledd"] is True
    return Fact(
        int(row["lanstal"]), "personer", (row["tabell"],), published=not derived, derived=derived
    )


def lanstal_views(
    place: Place, history: pd.DataFrame, places: pd.DataFrame | None = None
) -> tuple[View, ...]:
    """Return the county's quota decision by decision: the figure with its numbers; or the gap.

    Args:
        history: `ar`, `beslut`, `galler_fran`, `lanstal`, `national` (persons; NA = unknown),
            `share_promille` (‰ of the nation), `harledd`, `tabell`: what `lanstal_history`
            returned.
        places: `lanskod`, `ar`, `fordelningstal` of a county, told after it.
    """
    told = () if places is None else fordelningstal_note(place, places)
    if history["lanstal"].isna().all():
        return (gap("lanstal", "Inget länstal är känt här för {lan}.", lan=place.lan), *told)
    known = history.dropna(subset=["lanstal"]).to_dict("records")
    values: dict[str, Value] = {
        "lan": place.lan,
        "first": str(known[0]["ar"]),
        "last": str(known[-1]["ar"]),
        "first_lanstal": _quota_fact(known[0]),
        "last_lanstal": _quota_fact(known[-1]),
    }
    figure = Figure(
        "lanstal_figur",
        "Länstal för {lan} efter beslut {first}–{last}.",
        "Stapeldiagram över länstalet för {lan}, beslut för beslut, från {first_lanstal} ({first})"
        " till {last_lanstal} ({last}). År utan känd lista visas som tomma platser.",
        lambda ax, language: draw_lanstal(_drawn(history), ax, language),
        size_lanstal(history),
        _lanstal_table(place, history),
        values,
    )
    return (figure, *told)


def _lanstal_table(place: Place, history: pd.DataFrame) -> Table:
    own = tuple(dict.fromkeys(history["tabell"].dropna()))
    columns = [
        Column("ar_text", "År"),
        Column("beslut", "Beslut", published=True, sources=(NATIONAL,)),
        Column("galler_fran", "Gäller från", published=True, sources=own),
        Column("lanstal", "Länstal", "personer", published=True, sources=own, derived="harledd"),
        Column("national", "Riket", "personer", published=True, sources=(NATIONAL,)),
        Column("share_promille", "Länets andel", "‰", 1),
    ]
    caption = "Länstal för {lan} efter beslut, med antalet anvisningar i riket"
    rows, key = history.assign(ar_text=history["ar"].astype(str)), ("ar", "beslut")
    return Table("lanstal", caption, rows, columns, (*own, NATIONAL), {"lan": place.lan}, key)


def fordelningstal_note(place: Place, rows: pd.DataFrame) -> tuple[Statement, ...]:
    """Return the places for children seeking asylum that the county was to have, of the nation's;
    nothing where it is not known.

    Args:
        place: The county.
        rows: `lanskod` ("00" is the nation), `ar`, `fordelningstal` (places), `tabell`.
    """
    own, whole = (rows[rows["lanskod"] == kod] for kod in (place.kod, "00"))
    if own.empty or whole.empty:
        return ()
    places, nation = int(own["fordelningstal"].iloc[0]), int(whole["fordelningstal"].iloc[0])
    sources = (str(own["tabell"].iloc[0]),)
    values: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(own["ar"].iloc[0]),
        "fordelningstal": Fact(
            places, "platser", sources, published=True, measure="fordelningstal"
        ),
        "riket": Fact(nation, "platser", sources, published=True, measure="fordelningstal"),
        "andel": Fact(1000 * places / nation, "‰", sources, decimals=1),
    }
    text = (
        "Inför {ar} skulle {lan} ha {fordelningstal:platser} för asylsökande ensamkommande barn, av"
        " {riket} i riket ({andel} ‰). Talet heter fördelningstal och är inget andelstal."
    )
    return (Statement("fordelningstal", text, values, "note"),)


def _drawn(history: pd.DataFrame) -> pd.DataFrame:
    """A year without a county list is drawn without naming a decision that holds none."""
    return history.assign(beslut=history["beslut"].where(history["lanstal"].notna()))
