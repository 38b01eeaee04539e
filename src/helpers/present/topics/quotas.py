"""Länstal and kommuntal as decided: how many persons were to be received."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.model.quotas import QuotaChange
from helpers.present.figures.reception import (
    draw_kommuntal,
    draw_lanstal,
    size_kommuntal,
    size_lanstal,
)
from helpers.present.views import (
    LANSTAL,
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
    direction = (
        "höjdes" if change.change > 0 else "sänktes" if change.change < 0 else "var oförändrat"
    )
    text = (
        "Länstalet för {lan} "
        + direction
        + " från {from_lanstal} år {from_ar} till {to_lanstal} år {to_ar} ({change_percent}). I"
        " riket var ändringen {national_change_percent}. Med samma ändring som i riket hade"
        " länstalet blivit {proportional}."
    )
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
        "change_percent": Fact(
            change.change_percent, "%", own, decimals=1, sign=True, of=change.from_lanstal
        ),
        "national_change_percent": Fact(
            change.national_change_percent,
            "%",
            (NATIONAL,),
            decimals=1,
            sign=True,
            of=change.national_from,
        ),
        "proportional": Fact(change.proportional, "personer", (*own, NATIONAL), decimals=0),
    }
    return Statement("lanstal_andring", text, values)


def _only_this_year(place: Place, history: pd.DataFrame, ar: int) -> Statement:
    last = _in_force(history, ar)
    if is_unknown(last["lanstal"]):
        return gap(
            "lanstal_andring",
            "Länstalet för {lan} {ar} är inte känt här.",
            lan=place.lan,
            ar=str(ar),
        )
    quota = _quota_fact(last)
    text = "Länstalet för {lan} {ar} är {lanstal}; året efter är inte känt här."
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


def lanstal_views(place: Place, history: pd.DataFrame) -> tuple[View, ...]:
    """Return the county's quota decision by decision: the figure with its numbers; or the gap.

    Args:
        history: `ar`, `beslut`, `galler_fran`, `lanstal`, `national` (persons; NA = unknown),
            `share_promille` (‰ of the nation), `harledd`, `tabell`: what `lanstal_history`
            returned.
    """
    if history["lanstal"].isna().all():
        return (gap("lanstal", "Inget länstal är känt här för {lan}.", lan=place.lan),)
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
    return (figure,)


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
    own, whole = (rows[rows["lanskod"] == kod] for kod in (place.lanskod, "00"))
    if own.empty or whole.empty:
        return ()
    places, nation = int(own["fordelningstal"].iloc[0]), int(whole["fordelningstal"].iloc[0])
    sources = (str(own["tabell"].iloc[0]),)
    values: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(own["ar"].iloc[0]),
        "fordelningstal": Fact(places, "platser", sources, published=True),
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


def kommuntal_views(place: Place, table: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return kommuntal beside those received after placement: a sentence and the figure; or the
    gap.

    Args:
        table: `kommunkod`, `kommun`, `kommuntal`, `mottagna_efter_anvisning`, `difference`
            (persons; NA = unknown), `harledd` (whether the kommuntal is derived), `tabell`; the
            county's rows.
    """
    if table.empty:
        return (
            gap(
                "kommuntal",
                "Inga kommuntal för {ar} är kända här för {plats}.",
                ar=str(ar),
                plats=place.namn,
            ),
        )
    sources = tuple(dict.fromkeys(table["tabell"].dropna()))
    values: dict[str, Value] = {"plats": place.namn, "lan": place.lan, "ar": str(ar)}
    alone = place.kind == "kommun"
    own = table[table["kommunkod"] == place.kod] if alone else table
    derived = bool(table["harledd"].any())
    sources = (*sources, LANSTAL) if derived else sources
    alt = (
        "Diagram med en rad per kommun i {lan}: kommuntalet som en öppen stapel och antalet"
        " mottagna efter anvisning som en punkt."
    )
    alt += (
        " Kommuner utan känt kommuntal visas som tomma platser."
        if table["kommuntal"].isna().any()
        else ""
    )
    alt += " Ett härlett kommuntal är märkt." if derived else ""
    figure = Figure(
        "kommuntal_figur",
        "Kommuntal och mottagna efter anvisning per kommun, {lan} {ar}.",
        alt,
        lambda ax, language: draw_kommuntal(table, ax, language, place.kod if alone else None),
        size_kommuntal(table),
        _kommuntal_table(table, sources, values),
        values,
        reading="En punkt i stapelns ände betyder att alla togs emot.",
    )
    return (_received(own, sources, values), *_derived_note(table, alone, sources, values), figure)


def _derived_note(
    table: pd.DataFrame, alone: bool, sources: tuple[str, ...], values: Mapping[str, Value]
) -> tuple[View, ...]:
    """Why a kommuntal that no list has is 0, where the figure shows one; a municipality's own
    sentence says it too.
    """
    derived = table[table["harledd"]]
    if derived.empty:
        return ()
    listed = table[~table["harledd"]]
    text = (
        "Kommuntalet 0 är härlett för {harledda}, som inte står i källan: de kommuner som gör det"
        " har tillsammans {summa}, hela länstalet för {lan} {ar}."
    )
    facts: dict[str, Value] = {
        "harledda": list(derived["kommun"]),
        "summa": Fact(int(listed["kommuntal"].sum()), "personer", sources),
    }
    return (
        Statement(
            "kommuntal_harlett", text, {"lan": values["lan"], "ar": values["ar"], **facts}, "note"
        ),
    )


def kommuntal_years(place: Place, years: pd.DataFrame) -> tuple[View, ...]:
    """Return kommuntal over the known years as a table, with the change from first to last; nothing
    for one year.

    Args:
        place: The county or municipality.
        years: `kommunkod`, `kommun`, `ar`, `kommuntal` (persons), `harledd`, `tabell`.
    """
    known = sorted(years["ar"].unique())
    if len(known) < 2:
        return ()
    wide = years.pivot(
        index=["kommunkod", "kommun"], columns="ar", values="kommuntal"
    ).reset_index()
    wide = wide.assign(change=wide[known[-1]] - wide[known[0]]).rename(
        columns={ar: f"ar_{ar}" for ar in known}
    )
    derived = years.pivot(index="kommunkod", columns="ar", values="harledd").reindex(
        wide["kommunkod"]
    )
    wide = wide.assign(**{f"harledd_{ar}": derived[ar].to_numpy(bool) for ar in known})
    columns = [
        Column(
            f"ar_{ar}",
            str(ar),
            "personer",
            published=True,
            measure="kommuntal",
            derived=f"harledd_{ar}",
        )
        for ar in known
    ]
    change: dict[str, Value] = {"first": str(known[0]), "last": str(known[-1])}
    table = Table(
        "kommuntal_ar",
        "Kommuntal år för år i {plats}",
        wide,
        [
            Column("kommun", "Kommun"),
            *columns,
            Column("change", "Ändring {first}–{last}", "personer", sign=True, values=change),
        ],
        tuple(dict.fromkeys(years["tabell"].dropna())),
        {"plats": place.namn},
        ("kommunkod",),
    )
    return (table,)


def _received(
    table: pd.DataFrame, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Statement:
    both = table.dropna(subset=["kommuntal", "mottagna_efter_anvisning"])
    if len(table) == 1 and table["harledd"].all():
        quota = Fact(0, "personer", sources, derived=True)
        text = (
            "Kommuntalet för {plats} {ar} är {kommuntal}: det följer av länstalet och de andra"
            " kommunernas kommuntal."
        )
        return Statement(
            "kommuntal_utfall",
            text,
            {"plats": values["plats"], "ar": values["ar"], "kommuntal": quota},
        )
    if table["kommuntal"].isna().all():
        text = "Kommuntalet för {plats} {ar} är inte känt här: kommunen står inte i källan."
        return gap("kommuntal_utfall", text, plats=values["plats"], ar=values["ar"])
    if both.empty:
        known: dict[str, Value] = {
            "kanda": Fact(int(table["kommuntal"].notna().sum()), "kommuner", sources),
            "alla": Fact(len(table), "kommuner", sources),
        }
        text = (
            "Kommuntalet {ar} är känt för {kanda} av {alla:kommuner} ({plats}), men inte hur många"
            " som togs emot efter anvisning."
        )
        return gap("kommuntal_utfall", text, plats=values["plats"], ar=values["ar"], **known)
    if len(table) == 1:
        return _received_alone(both.to_dict("records")[0], sources, values)
    return _received_together(table, both, sources, values)


def _received_together(
    table: pd.DataFrame, both: pd.DataFrame, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Statement:
    """The county's sum of both, over the municipalities whose two figures are known."""
    text = (
        "Av kommuntalens {kommuntal:personer} {ar} togs {mottagna} emot efter anvisning ({andel})"
    )
    unknown = int(table["kommuntal"].isna().sum())
    text += "; {okanda} av {alla:kommuner} står inte i källan." if unknown else "."
    quota, received = int(both["kommuntal"].sum()), int(both["mottagna_efter_anvisning"].sum())
    share = 100 * received / quota if quota else None
    facts: dict[str, Value] = {
        "kommuntal": Fact(quota, "personer", sources),
        "mottagna": Fact(received, "personer", sources, measure="mottagna_efter_anvisning"),
        "andel": Fact(share, "%", sources, decimals=1, of=quota),
        "okanda": Fact(unknown, "kommuner", sources),
        "alla": Fact(len(table), "kommuner", sources),
    }
    return Statement("kommuntal_utfall", text, {"ar": values["ar"], **used_in(text, facts)})


def _received_alone(
    row: Mapping[Any, Any], sources: tuple[str, ...], values: Mapping[str, Value]
) -> Statement:
    facts: dict[str, Value] = {
        "kommuntal": Fact(int(row["kommuntal"]), "personer", sources, published=True),
        "mottagna": Fact(
            int(row["mottagna_efter_anvisning"]),
            "personer",
            sources,
            published=True,
            measure="mottagna_efter_anvisning",
        ),
    }
    text = "Kommuntalet för {plats} {ar} var {kommuntal}, och {mottagna} togs emot efter anvisning."
    return Statement(
        "kommuntal_utfall", text, {"plats": values["plats"], "ar": values["ar"], **facts}
    )


def _kommuntal_table(
    table: pd.DataFrame, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Table:
    columns = [
        Column("kommun", "Kommun"),
        Column("kommuntal", "Kommuntal", "personer", published=True, derived="harledd"),
        Column("mottagna_efter_anvisning", "Mottagna efter anvisning", "personer", published=True),
        Column("difference", "Skillnad", "personer", sign=True),
    ]
    caption = "Kommuntal och mottagna efter anvisning, {lan} {ar}"
    return Table("kommuntal", caption, table, columns, sources, values, ("kommunkod",))
