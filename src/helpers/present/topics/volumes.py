"""Newly arrived persons if the länstal were divided otherwise: by last decision or population; the whole volume."""

import pandas as pd

from helpers.model.divided import Divided
from helpers.present.language import placeholders
from helpers.present.topics.quotas import LANSTAL, NATIONAL
from helpers.present.views import Column, Fact, Place, Statement, Table, Value, View, gap


def divided_views(place: Place, divided: Divided) -> tuple[View, ...]:
    """Return the next year's länstal divided by stated keys, a sentence per key and one table; or the gap.

    Args:
        place: The county.
        divided: Persons per municipality under each key.
    """
    if divided.lanstal is None or divided.table is None:
        text = "Länstalet för {lan} {to_ar} är inte känt här, så det finns inget att dela."
        return (gap("delat", text, lan=place.lan, to_ar=str(divided.to_ar)),)
    table = divided.table
    values: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(divided.ar),
        "to_ar": str(divided.to_ar),
        "people_ar": str(divided.people_ar),
        "lanstal": Fact(divided.lanstal, "personer", (LANSTAL,), published=True),
    }
    views: list[View] = [_by_key(table, values), *_rounding(divided), *_volume(table, divided, values)]
    return (*views, _table(table, divided, values))


def _by_key(table: pd.DataFrame, values: dict[str, Value]) -> Statement:
    text = (
        "Länstalet {lanstal} för {lan} {to_ar} är här delat efter folkmängden {people_ar}. Talen är våra beräkningar, "
        "inga beslut: kommuntal beslutas av länsstyrelsen."
    )
    if table["by_decision"].notna().all():
        text = (
            "Länstalet {lanstal} för {lan} {to_ar} är här delat på två sätt: som kommuntalen för {ar} och efter "
            "folkmängden {people_ar}. Talen är våra beräkningar, inga beslut: kommuntal beslutas av länsstyrelsen."
        )
    return Statement("delat_mening", text, _used(text, values))


def _used(text: str, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in placeholders(text)}


def _rounding(divided: Divided) -> tuple[View, ...]:
    """What the way to make whole persons favours; nothing for a county of one municipality."""
    if divided.favoured is None or divided.table is None or len(divided.table) == 1:
        return ()
    smaller = divided.favoured.set_index("method")["smaller"]
    text = (
        "Hela personer blir det med största rest. Efter folkmängden får den mindre hälften av kommunerna då "
        "{hamilton:personer} jämfört med sin exakta del; avrundas alltid uppåt (Adams) blir det {adams} och alltid "
        "nedåt (Jefferson) {jefferson}."
    )
    sources = (LANSTAL, *divided.people_tables)
    values: dict[str, Value] = {
        method: Fact(float(smaller[method]), "personer", sources, decimals=1, sign=True)
        for method in ("hamilton", "adams", "jefferson")
    }
    return (Statement("delat_avrundning", text, values),)


def _volume(table: pd.DataFrame, divided: Divided, values: dict[str, Value]) -> tuple[View, ...]:
    if table["others"].isna().any():
        return ()
    text = (
        "Av de {volume} nyanlända som {to_ar} beräknas bosätta sig i Sverige ska {placed} anvisas. Fördelar sig resten "
        "som de mottagna {ar} som varken var kvotflyktingar eller kom från anläggningsboende, kommer {others} av dem "
        "till {lan}, utöver länstalet."
    )
    sources = (divided.volume_table, NATIONAL, *divided.received_tables)
    more: dict[str, Value] = {
        "volume": Fact(divided.volume, "personer", (divided.volume_table,), published=True),
        "placed": Fact(divided.placed, "personer", (NATIONAL,), published=True),
        "others": Fact(float(table["others"].sum()), "personer", sources, decimals=0),
    }
    return (Statement("delat_volym", text, _used(text, {**values, **more})),)


def _table(table: pd.DataFrame, divided: Divided, values: dict[str, Value]) -> Table:
    decided = tuple(table["tabell"].dropna().unique())
    years = {"ar": str(divided.ar), "to_ar": str(divided.to_ar)}
    columns = [Column("kommun", "Kommun")]
    if table["before"].notna().any():
        columns.append(
            Column(
                "before",
                "Kommuntal {ar}",
                "personer",
                published=True,
                sources=decided,
                values={"ar": years["ar"]},
                derived="harledd",
                measure="kommuntal",
            )
        )
    if table["by_decision"].notna().all():
        columns.append(Column("by_decision", "Delat som {ar}", "personer", values={"ar": years["ar"]}))
    columns.append(Column("by_people", "Delat efter folkmängd", "personer"))
    sources: tuple[str, ...] = (LANSTAL, *divided.people_tables, *decided)
    if table["others"].notna().all():
        columns.append(Column("others", "Utöver länstalet", "personer", 0))
        sources = (*sources, divided.volume_table, NATIONAL, *divided.received_tables)
    total: dict[str, object] = {"kommun": "Summa"}
    total |= {column.name: table[column.name].sum(skipna=False) for column in columns[1:]}
    caption = "Länstalet {to_ar} delat per kommun, {lan}: beräknat av oss, inte beslutat"
    shown = {"to_ar": years["to_ar"], "lan": values["lan"]}
    return Table("delat", caption, table, columns, sources, shown, ("kommunkod",), total)
