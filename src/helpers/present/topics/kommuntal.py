"""Kommuntal as decided, and how many were received after placement."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.model.reception import is_single
from helpers.present.figures.reception import draw_kommuntal, size_kommuntal
from helpers.present.figures.rows import by_size
from helpers.present.views import (
    LANSTAL,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

ONLY_ONE = "{lan} har en enda kommun. Dess kommuntal är därför hela länstalet."


def kommuntal_views(place: Place, table: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return kommuntal beside those received after placement: a sentence and the figure; or the
    gap.

    Args:
        table: `kommunkod`, `kommun`, `kommuntal`, `mottagna_efter_anvisning`, `difference`
            (persons; NA = unknown), `harledd` (whether the kommuntal is derived), `harledd_ur`
            (from what), `tabell`; the county's rows.
    """
    if table.empty:
        return (
            gap(
                "kommuntal",
                "Kommuntalen för {plats} {ar} saknas här.",
                ar=str(ar),
                plats=place.namn,
            ),
        )
    sources, table = tuple(dict.fromkeys(table["tabell"].dropna())), by_size(table, "kommuntal")
    values: dict[str, Value] = {"plats": place.namn, "lan": place.lan, "ar": str(ar)}
    alone = place.kind == "kommun"
    own = table[table["kommunkod"] == place.kod] if alone else table
    derived = bool(table["harledd"].any())
    sources = tuple(dict.fromkeys((*sources, LANSTAL))) if derived else sources
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
    changed = table[table["harledd_ur"].fillna("") == "skillnad"]
    if not changed.empty:
        return (_changed_note(changed, values),)
    if (table["harledd_ur"] == "ensam").fillna(False).any():
        return (Statement("kommuntal_ensam", ONLY_ONE, {"lan": values["lan"]}, "note"),)
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


def _changed_note(changed: pd.DataFrame, values: Mapping[str, Value]) -> Statement:
    text = (
        "De kommuntal för {ar} som är märkta härledda ({antal:kommuner}) står inte i källan: de är"
        " räknade ur nästa års tal och hur mycket det ändrades."
    )
    sources = tuple(dict.fromkeys(changed["tabell"]))
    number = Fact(len(changed), "kommuner", sources)
    return Statement("kommuntal_skillnad", text, {"ar": values["ar"], "antal": number}, "note")


def replaced_note(
    place: Place, replaced: pd.DataFrame, table: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return what an earlier decision of the year's kommuntal was, where it differed from the one
    in force or that one is not known; nothing where none is known.

    Args:
        place: The county or municipality.
        replaced: `kommunkod`, `beslutad`, `kommuntal` (persons), `tabell`, of replaced decisions.
        table: `kommunkod`, `kommuntal` (in force; NA = unknown): what `kommuntal_outcome` returned.
        ar: The year.
    """
    own = replaced[replaced["kommunkod"].isin(place.kommunkoder)].rename(
        columns={"kommuntal": "first"}
    )
    held = own.merge(table[["kommunkod", "kommuntal"]], on="kommunkod", how="left")
    unknown = held["kommuntal"].isna()
    rows = held[unknown | (held["kommuntal"] != held["first"]).fillna(False)]
    if rows.empty:
        return ()
    sources, alone = tuple(dict.fromkeys(own["tabell"])), place.kind == "kommun"
    first = int(rows["first"].sum())
    values: dict[str, Value] = {
        "plats": place.namn,
        "ar": str(ar),
        "beslutad": str(own["beslutad"].iloc[0]),
        "first": Fact(first, "personer", sources, published=alone, measure="kommuntal"),
        "antal": Fact(len(rows), "kommuner", sources),
    }
    text = _REPLACED[alone, bool(unknown.any())]
    return (Statement("kommuntal_ersatta", text, used_in(text, values), "note"),)


_REPLACED = {  # a municipality or a county; whether the one in force is unknown
    (True, True): (
        "Kommuntalet för {plats} {ar} beslutades först ({beslutad}) till {first}. Beslutet"
        " ersattes, och det ändrade talet saknas här."
    ),
    (True, False): (
        "Kommuntalet för {plats} {ar} beslutades först ({beslutad}) till {first}. Beslutet"
        " ersattes; talet i figuren är det som gällde."
    ),
    (False, True): (
        "För {antal:kommuner} i {plats} är bara det första beslutet om kommuntal {ar} ({beslutad})"
        " känt: tillsammans {first:personer}. Beslutet ersattes, och de ändrade talen saknas här."
    ),
    (False, False): (
        "Ett tidigare beslut om kommuntal {ar} ({beslutad}) var ett annat för {antal:kommuner} i"
        " {plats}: tillsammans {first:personer}. Talen här är de som gällde."
    ),
}


def kommuntal_years(place: Place, years: pd.DataFrame) -> tuple[View, ...]:
    """Return kommuntal over the known years as a table, with the change from first to last; nothing
    for one year, or for a county of one municipality.

    Args:
        place: The county or municipality.
        years: `kommunkod`, `kommun`, `ar`, `kommuntal` (persons), `harledd`, `tabell`.
    """
    known = sorted(years["ar"].unique())
    if len(known) < 2 or is_single(place):  # its länstal, told by decision, are the same
        return ()
    wide = _wide(years, known)
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


def _wide(years: pd.DataFrame, known: list[int]) -> pd.DataFrame:
    """A row per municipality, a column per year, with which of them are derived and from what, and
    the change from first to last.
    """
    wide = years.pivot(
        index=["kommunkod", "kommun"], columns="ar", values="kommuntal"
    ).reset_index()
    wide = wide.assign(change=wide[known[-1]] - wide[known[0]]).rename(
        columns={ar: f"ar_{ar}" for ar in known}
    )
    derived = years.pivot(index="kommunkod", columns="ar", values="harledd").reindex(
        wide["kommunkod"]
    )
    reasons = years.pivot(index="kommunkod", columns="ar", values="harledd_ur").reindex(
        wide["kommunkod"]
    )
    return wide.assign(
        **{f"harledd_{ar}": derived[ar].to_numpy(bool) for ar in known},
        **{f"harledd_{ar}_ur": reasons[ar].array for ar in known},
    )


def _received(
    table: pd.DataFrame, sources: tuple[str, ...], values: Mapping[str, Value]
) -> Statement:
    both = table.dropna(subset=["kommuntal", "mottagna_efter_anvisning"])
    if len(table) == 1 and (table["harledd_ur"] == "lanstal").fillna(False).all():
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
        text = "Kommuntalet för {plats} {ar} saknas här: kommunen står inte i källan."
        return gap("kommuntal_utfall", text, plats=values["plats"], ar=values["ar"])
    if both.empty and len(table) == 1:
        return _decided_alone(table.to_dict("records")[0], sources, values)
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


def _decided_alone(
    row: Mapping[Any, Any], sources: tuple[str, ...], values: Mapping[str, Value]
) -> Statement:
    """A municipality's kommuntal, where it is not known how many were received after placement."""
    text = (
        "Kommuntalet för {plats} {ar} var {kommuntal}. Uppgift om hur många som togs emot"
        " efter anvisning saknas här."
    )
    derived = row["harledd"] is True
    quota = Fact(int(row["kommuntal"]), "personer", sources, published=not derived, derived=derived)
    return Statement(
        "kommuntal_utfall", text, {"plats": values["plats"], "ar": values["ar"], "kommuntal": quota}
    )


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
