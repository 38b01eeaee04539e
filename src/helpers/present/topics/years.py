"""What a place was to receive and what it received, year by year."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.present.figures.beside import Panel, draw_years, size_years
from helpers.present.measures import UNNAMED, measure_of_tables
from helpers.present.numerals import spans
from helpers.present.style import QUOTA, RECEIVED
from helpers.present.topics.known import Known
from helpers.present.topics.nation import tables_of
from helpers.present.views import (
    Column,
    Figure,
    Provenance,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

NOT_TOLD, NO_NUMBER = "nej", "inget tal"


def years(
    known: Known, received: pd.DataFrame, kommuntal: pd.DataFrame, catalogue: Provenance
) -> tuple[View, ...]:
    """Return what was to be received and what was, year by year, with the years that are known; a
    municipality's own kommuntal, a county's quota.

    Args:
        known: What is known of the place.
        received: `ar`, `antal` (persons; NA = unknown), `tabell`, one row per year.
        kommuntal: `kommunkod`, `ar`, `kommuntal` (persons), `tabell`, of its county.
        catalogue: The published tables, for what each counts.
    """
    quotas = _quotas_by_year(known, kommuntal)
    frame = quotas.merge(received, on="ar", how="outer").sort_values(
        "ar", kind="stable", ignore_index=True
    )
    frame = frame[frame[["quota", "antal"]].notna().any(axis=1)]
    if frame.empty:
        text = "Inga tal år för år är kända för {plats}."
        return (gap("ar_for_ar", text, **used_in(text, known.named)),)
    frame = frame.assign(
        ar_text=frame["ar"].astype(str),
        tabell=frame["tabell"].fillna(""),
        harledd=frame["harledd"].astype("boolean").fillna(False).astype(bool),
    )
    told = _told(frame, catalogue)
    frame = frame.assign(sags=told if NOT_TOLD in told else None)
    columns = _columns(known, frame, quotas)
    shown = [column for column in columns if frame[column.name].notna().any()]
    sources = tuple(dict.fromkeys(source for column in shown for source in column.sources))
    caption = "{plats} år för år, de år som är kända"
    table = Table(
        "ar_for_ar", caption, frame, shown, sources, used_in(caption, known.named), ("ar",)
    )
    return (*_unnamed_years(frame, catalogue, known.alone), _figure(known, frame, table, catalogue))


def _columns(known: Known, frame: pd.DataFrame, quotas: pd.DataFrame) -> list[Column]:
    return [
        Column("ar_text", "År"),
        Column(
            "quota",
            "Kommuntal" if known.alone else "Länstal",
            "personer",
            published=True,
            sources=tuple(dict.fromkeys(" ".join(quotas["quota_tabell"].dropna()).split())),
            measure="kommuntal" if known.alone else "lanstal",
            derived="harledd",
        ),
        Column("antal", "Alla mottagna", "personer", sources=tables_of(frame), measure="mottagna"),
        Column("sags", "Säger källan vilka den räknar?", sources=tables_of(frame)),
    ]


def _told(frame: pd.DataFrame, catalogue: Provenance) -> list[str]:
    """Whether the source says whom it counts, year by year, where any were counted."""
    return [
        (NOT_TOLD if measure_of_tables(tables, catalogue) == UNNAMED else "ja")
        if counted
        else NO_NUMBER
        for tables, counted in zip(frame["tabell"], frame["antal"].notna(), strict=True)
    ]


def _figure(known: Known, frame: pd.DataFrame, table: Table, catalogue: Provenance) -> Figure:
    """The known years drawn, with those between them that are not."""
    panels = [
        Panel("antal", "Alla mottagna, personer", RECEIVED),
        Panel("quota", "Kommuntal, personer" if known.alone else "Länstal, personer", QUOTA),
    ]
    panels = [panel for panel in panels if frame[panel.column].notna().any()]
    drawn = frame.set_index("ar").reindex(range(int(frame["ar"].min()), int(frame["ar"].max()) + 1))
    tables = drawn["tabell"].fillna("")
    measures = [measure_of_tables(tables_, catalogue) for tables_ in tables]
    drawn = drawn.assign(measure=measures).reset_index()
    caption = "Alla mottagna och länstalet i {plats}, år för år."
    if known.alone:
        caption = "Alla mottagna och kommuntalet i {plats}, år för år."
    alt = "En stapel för varje känt år från {first} till {last}. År som inte är kända är ett band."
    values = known.named | {"first": str(drawn["ar"].min()), "last": str(drawn["ar"].max())}
    return Figure(
        "ar_figur",
        caption,
        alt,
        lambda axes, language: draw_years(drawn, axes, language, panels),
        size_years(panels),
        table,
        used_in(caption + alt, values),
        panels=(1.0,) * len(panels),
    )


def _quotas_by_year(known: Known, kommuntal: pd.DataFrame) -> pd.DataFrame:
    """A municipality's kommuntal, a county's last quota, of each year: `ar`, `quota`, `harledd`."""
    if known.alone:
        own = known.of_place(kommuntal).dropna(subset=["kommuntal"])
        return own.rename(columns={"kommuntal": "quota", "tabell": "quota_tabell"})[
            ["ar", "quota", "harledd", "harledd_ur", "quota_tabell"]
        ]
    last = known.history.dropna(subset=["lanstal"]).drop_duplicates("ar", keep="last")
    return last.assign(quota=last["lanstal"], quota_tabell=last["tabell"])[
        ["ar", "quota", "harledd", "quota_tabell"]
    ]


def _unnamed_years(frame: pd.DataFrame, catalogue: Provenance, alone: bool) -> tuple[View, ...]:
    """Of which years the source does not say what it counts, and which may be compared."""
    known: Sequence[Any] = frame[frame["antal"].notna()].to_dict("records")
    named = {
        measured: [
            row["ar"]
            for row in known
            if (measure_of_tables(row["tabell"], catalogue) != UNNAMED) == measured
        ]
        for measured in (True, False)
    }
    if not named[False]:
        return ()
    text = "För {unnamed} säger källan inte vilka den räknar som mottagna."
    text += (
        " En streckad linje skiljer de åren från {named}: jämför dem inte."
        if named[True]
        else " Jämför inte de åren med andra."
    )
    if frame["quota"].notna().sum() > 1:
        text += " {Talen} är beslut och berörs inte."
    values: dict[str, Value] = {
        "unnamed": spans(named[False]),
        "named": spans(named[True]),
        "Talen": "Kommuntalen" if alone else "Länstalen",
    }
    return (Statement("ar_matt", text, used_in(text, values), "note"),)
