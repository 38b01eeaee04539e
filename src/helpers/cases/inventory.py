"""What is in hand per kind of figure and year, from which tables, and what would fill the gaps."""

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

import pandas as pd

from helpers.model import reconciliation
from helpers.model.reconciliation import status_of
from helpers.tables.questions import ask, question
from helpers.tables.rows import Asked
from helpers.tables.workbook import Workbook

FETCH, IMPORT, HAND = "mottagning data fetch", "mottagning data import FILE", ""
_FILLED_BY = {"folkmangd": FETCH, "mottagna": FETCH} | dict.fromkeys(
    ("kategorier", "manader", "kommuntal", "andelstal"), IMPORT
)


def status(workbook: Workbook, years: Sequence[int]) -> pd.DataFrame:
    """Return, per kind of figure, what is in hand and which command fills what is missing.

    Returns:
        table, whole, partly, missing (lists of years), share (0–1), tables (ids), origins, trust
        (lists), read_on (the latest date, ISO), command ("" where nothing is missing or a table
        must be written by hand).
    """
    return cast(pd.DataFrame, ask(workbook, "in_hand", "", *years))


@question
def in_hand(workbook: Workbook, asked: Asked) -> pd.DataFrame:
    """What `status` returns."""
    rows = status_of(coverage(workbook, asked.years)).to_dict("records")
    return pd.DataFrame(
        [
            {**row, **_provenance(workbook, str(row["table"])), "command": _command(row)}
            for row in rows
        ]
    )


def _command(row: Mapping[Hashable, object]) -> str:
    return _FILLED_BY.get(str(row["table"]), HAND) if row["missing"] or row["partly"] else HAND


def _provenance(workbook: Workbook, name: str) -> dict[str, object]:
    entries = [workbook.catalogue[table] for table in _tables(workbook)[name]]
    return {
        "tables": [entry.id for entry in entries],
        "origins": list(dict.fromkeys(entry.origin for entry in entries)),
        "trust": list(dict.fromkeys(entry.trust for entry in entries)),
        "read_on": max(str(entry.read_on) for entry in entries),
    }


def _tables(workbook: Workbook) -> dict[str, list[str]]:
    """Each kind of figure's published tables, as the rows in use name them."""
    parts = workbook.mottagna[workbook.mottagna["kategori"] != "totalt"]
    return {
        "folkmangd": _named(workbook.folkmangd),
        "asylsokande": ["asylsokande_riket"],
        "mottagna": _named(workbook.mottagna),
        "kategorier": _named(parts),
        "manader": _named(workbook.manader),
        "kommuntal": _named(workbook.kommuntal),
        "lanstal": ["lanstal"],
        "anvisningar": ["anvisningar_riket"],
        "prognoser": _named(workbook.prognoser),
        "andelstal": _named(workbook.andelstal),
        "utfall": _named(workbook.andelstal),
    }


def _named(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame["tabell"]))


def coverage(workbook: Workbook, years: Sequence[int]) -> pd.DataFrame:
    """Return, per kind of figure and year, how much of the country is in hand; see
    `model.coverage`.
    """
    return cast(pd.DataFrame, ask(workbook, "covered", "", *years))


@question
def covered(workbook: Workbook, asked: Asked) -> pd.DataFrame:
    """What `coverage` returns."""
    kommuner, lan = len(workbook.kommuner), len(workbook.lan)
    totals = workbook.mottagna[workbook.mottagna["kategori"] == "totalt"].dropna(subset=["antal"])
    parts = workbook.mottagna[workbook.mottagna["kategori"] == "eget_boende"].dropna(
        subset=["antal"]
    )
    outcomes = workbook.andelstal.dropna(subset=["utfall"])
    ekb = workbook.prognoser[workbook.prognoser["matt"] == "ensamkommande"].rename(
        columns={"avser_ar": "ar"}
    )
    tables = {
        "folkmangd": (workbook.folkmangd, "kommunkod", kommuner),
        "asylsokande": (workbook.asylsokande.assign(riket="00"), "riket", 1),
        "mottagna": (totals, "kommunkod", kommuner),
        "kategorier": (parts, "kommunkod", kommuner),
        **_by_month(workbook, kommuner),
        "kommuntal": (workbook.kommuntal[~workbook.kommuntal["harledd"]], "kommunkod", kommuner),
        "lanstal": (workbook.lanstal, "lanskod", lan),
        "anvisningar": (workbook.anvisningar.assign(riket="00"), "riket", 1),
        "prognoser": (ekb.assign(riket="00"), "riket", 1),
        "andelstal": (workbook.andelstal, "kommunkod", kommuner),
        "utfall": (outcomes, "kommunkod", kommuner),
    }
    return reconciliation.coverage(tables, asked.years)


def _by_month(workbook: Workbook, kommuner: int) -> dict[str, tuple[pd.DataFrame, str, int]]:
    """The published cells, hidden ones too, of each municipality's twelve months; nothing where no
    file has come in.
    """
    said = workbook.manader["antal"].notna() | workbook.manader["sekretess"].notna()
    rows = workbook.manader[said].dropna(subset=["kommunkod"])
    if rows.empty:
        return {}
    return {
        "manader": (
            rows.assign(cell=rows["kommunkod"] + rows["manad"].astype("string")),
            "cell",
            12 * kommuner,
        )
    }
