"""What is in hand, and whether it adds up: the reconciliation ledger of all published tables."""

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

import pandas as pd

from helpers.model import reconciliation as rec
from helpers.model.exact import exact_sum, share_of
from helpers.model.forecasts import latest_forecast
from helpers.model.monthly import check_asylum_months, check_mean, check_months, check_year
from helpers.model.reconciliation import status_of
from helpers.sources.catalogue import BY_ORDER, PROJECT_PRECEDENCE
from helpers.tables.places import Place, home_counties
from helpers.tables.questions import ask, question
from helpers.tables.reads import Asked
from helpers.tables.workbook import Workbook


def ledger(workbook: Workbook) -> pd.DataFrame:
    """Return every published total beside the recomputed one; see `reconciliation.ledger_of`."""
    return cast(pd.DataFrame, ask(workbook, "all_checks"))


@question
def all_checks(workbook: Workbook, _: Asked) -> pd.DataFrame:
    """The ledger itself."""
    discrepancies = [
        one for table in workbook.catalogue.tables.values() for one in table.discrepancies
    ]
    known = {one.check: (one.difference, one.says) for one in discrepancies}
    follows_from = {one.check: one.follows_from for one in discrepancies if one.follows_from}
    # a 0 that follows from the sum proves nothing of it
    kommuntal = workbook.kommuntal[workbook.kommuntal["harledd_ur"].fillna("") != "lanstal"]
    incomplete = [own.id for own in workbook.catalogue.tables.values() if own.incomplete]
    checks = [
        *_share_checks(workbook),
        *_statement_checks(workbook),
        *rec.check_lanstal(workbook.lanstal, workbook.anvisningar),
        *rec.check_kommuntal(kommuntal, workbook.lanstal, incomplete),
        *rec.check_replaced(workbook.kommuntal_ersatta, workbook.lanstal, workbook.kommuner),
        *_national_checks(workbook),
        *_reception_checks(workbook),
        *_month_checks(workbook),
        *rec.check_sexes(workbook.asylsokande),
        *check_asylum_months(workbook.asylsokande_manader, workbook.asylsokande),
        *_single_checks(workbook),
        *check_mean(workbook.sammanlagt, workbook.folkmangd),
        *rec.check_overlaps(workbook.overlaps),
    ]
    return rec.ledger_of(checks, known, follows_from, BY_ORDER)


def _single_checks(workbook: Workbook) -> list[rec.Check]:
    """The children whom one agency says sought asylum in a year against the other's number."""
    said = workbook.enskilda[workbook.enskilda["matt"] == "ekb_sokt_asyl"]
    both = said.assign(ar=said["avser"].astype("Int64")).merge(workbook.asylsokande, on="ar")
    pair = both.rename(columns={"ensamkommande": "kept", "varde": "other"})
    return rec.check_overlaps(
        pair.assign(kommunkod="00", winner="asylsokande_riket", loser="enskilda_uppgifter")
    )


def _national_checks(workbook: Workbook) -> list[rec.Check]:
    """The kommuntal of each year in which every municipality has one, against the national."""
    known = workbook.kommuntal.groupby("ar")["kommunkod"].nunique()
    whole = known.index[known == len(workbook.kommuner)]
    return [
        check
        for ar in whole
        for check in rec.check_national_kommuntal(workbook.kommuntal, workbook.anvisningar, int(ar))
    ]


def _reception_checks(workbook: Workbook) -> list[rec.Check]:
    """Each table of printed sums against the rows of its own source, and the categories of each
    table.
    """
    checks = []
    for name, frame in workbook.published.items():
        kind = workbook.catalogue[name].kind
        own = workbook.published.get(name.replace("_summor", ""))
        if kind == "kommunmottagna_summor" and own is not None:
            home = own.assign(lanskod=home_counties(own, workbook.published["indelningsandringar"]))
            checks += rec.check_reception(name.replace("_summor", ""), home, frame)
        if kind == "kommunmottagna":
            checks += rec.check_categories(name, frame)
    return checks


def _month_checks(workbook: Workbook) -> list[rec.Check]:
    """Each table of months against its own printed sums, and against the years that came in the
    same file.

    Another source's years are compared with those, as any two sources are; see `check_overlaps`.
    """
    checks = []
    entries = workbook.catalogue.tables
    by_month = {name for name in workbook.published if entries[name].kind == "kommunmottagna_manad"}
    for name, frame in workbook.published.items():
        kind, own = entries[name].kind, name.replace("_summor", "")
        if kind == "kommunmottagna_manad_summor" and own in by_month:
            months = workbook.published[own]
            home = months.assign(
                lanskod=home_counties(months, workbook.published["indelningsandringar"])
            )
            checks += check_months(own, home, frame)
        if kind == "kommunmottagna":
            same_file = [
                month
                for month in by_month
                if entries[month].original_sha256 == entries[name].original_sha256
            ]
            checks += [
                check
                for month in same_file
                for check in check_year(month, workbook.published[month], frame)
            ]
    return checks


def conflicts(workbook: Workbook, place: Place) -> pd.DataFrame:
    """Return the ledger's disagreements that concern a place's county or the place itself."""
    return cast(pd.DataFrame, ask(workbook, "disagreements", place.kod))


@question
def disagreements(workbook: Workbook, asked: Asked) -> pd.DataFrame:
    """The rows of the ledger that disagree and concern a place."""
    rows, place = ledger(workbook), workbook.place(asked.kod)
    concerned = [place.lanskod, place.kod, *place.kommunkoder]
    return rows[~rows["agrees"] & rows["subject"].isin(concerned)].reset_index(drop=True)


def printed_table(workbook: Workbook, place: Place) -> pd.DataFrame:
    """Return a place's latest share table as printed beside the recomputed; see
    `reconciliation.printed_beside`.
    """
    own = workbook.rows("andelstal", place)
    if own.empty:
        return pd.DataFrame()
    rows = own[own["ar"] == own["ar"].max()]
    return rec.printed_beside(rows, workbook.kommuner, _forecasts_of(workbook, rows))


def _forecasts_of(workbook: Workbook, rows: pd.DataFrame) -> dict[str, int]:
    """The forecast behind each printed interval column, for the years that have one."""
    years = {"forvantat": rows["ar"].iloc[0], "antagande": rows["antagande_ar"].iloc[0]}
    found = {
        name: latest_forecast(workbook.prognoser, year)
        for name, year in years.items()
        if pd.notna(year)
    }
    return {name: forecast.value for name, forecast in found.items() if forecast.value is not None}


def _share_checks(workbook: Workbook) -> list[rec.Check]:
    checks = []
    for table_id, rows in workbook.andelstal.groupby("tabell"):
        summa = workbook.andelstal_summor[workbook.andelstal_summor["tabell"] == table_id]
        checks += rec.check_andelstal(rows, summa, _forecasts_of(workbook, rows))
    return checks


def _statement_checks(workbook: Workbook) -> list[rec.Check]:
    """The documents' own products and quotas beside what the tables give."""
    said = workbook.uppgifter
    checks = []
    for matt, recompute in _RECOMPUTE.items():
        for row in said[said["matt"] == matt].to_dict("records"):
            lanskod, ar = row["lanskod"], int(row["avser_ar"])
            value = recompute(workbook, lanskod, ar)
            if value is not None:
                name = f"dokumentuppgifter.{matt}"
                checks.append(
                    rec.Check(
                        name, lanskod, ar, row["enhet"], row["varde"], value, tolerance=0.0005
                    )
                )
    return checks


def _product(workbook: Workbook, lanskod: str, ar: int) -> float | None:
    """The county's printed shares times the year's forecast; its own document rests on no table
    imported since.
    """
    forecast = latest_forecast(workbook.prognoser, ar)
    own = [
        exact_sum(workbook.published[entry.id].query("kommun != @entry.sum_row")["andelstal"])
        for entry in workbook.catalogue.tables.values()
        if entry.kind == "andelstal"
        and entry.lan == lanskod
        and entry.precedence == PROJECT_PRECEDENCE
    ]
    return share_of(own[0], forecast.value) if own and forecast.value else None


def _quota(workbook: Workbook, lanskod: str, ar: int) -> float | None:
    rows = workbook.lanstal[
        (workbook.lanstal["lanskod"] == lanskod) & (workbook.lanstal["ar"] == ar)
    ]
    return (
        None
        if rows.empty
        else float(rows.sort_values("galler_fran", kind="stable")["lanstal"].iloc[-1])
    )


def _municipalities(workbook: Workbook, lanskod: str, ar: int) -> float | None:
    return float((workbook.kommuner["lanskod"] == lanskod).sum())


_RECOMPUTE = {
    "forvantat_ekb": _product,
    "antagande_ekb": _product,
    "lanstal": _quota,
    "lanstal_forslag": _quota,
    "kommuner_i_lanet": _municipalities,
}


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
        "lanstal": _named(workbook.lanstal),
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
        "kommuntal": (
            workbook.kommuntal[workbook.kommuntal["harledd_ur"].fillna("") != "lanstal"],
            "kommunkod",
            kommuner,
        ),
        "lanstal": (workbook.lanstal, "lanskod", lan),
        "anvisningar": (workbook.anvisningar.assign(riket="00"), "riket", 1),
        "prognoser": (ekb.assign(riket="00"), "riket", 1),
        "andelstal": (workbook.andelstal, "kommunkod", kommuner),
        "utfall": (outcomes, "kommunkod", kommuner),
    }
    return rec.coverage(tables, asked.years)


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
