"""What is in hand, and whether it adds up: the reconciliation ledger of all published tables."""

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

import pandas as pd

from helpers.model import reconciliation as rec
from helpers.model.exact import exact_sum, share_of
from helpers.model.forecasts import latest_forecast
from helpers.model.monthly import check_asylum_months, check_mean, check_months, check_year
from helpers.model.reconciliation import status_of
from helpers.sources import SourceTable
from helpers.sources.catalogue import BY_ORDER, PROJECT_PRECEDENCE
from helpers.tables.places import Place, home_counties
from helpers.tables.questions import ask, partly, question
from helpers.tables.reads import Asked
from helpers.tables.tidy import FROM_QUOTA
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
    checks = [check for part in CHECKS for check in partly(workbook, part)]
    return rec.ledger_of(checks, known, follows_from, BY_ORDER)


def _entries(workbook: Workbook, *kinds: str) -> dict[str, SourceTable]:
    """The entries of some kinds of tables, by id, as they stand; it is noted which there are."""
    for kind in kinds:
        workbook.catalogue.note_kind(kind)
    entries = workbook.catalogue.entries.items()
    kept = workbook.checked  # a table of millions of rows is not among them
    return {name: entry for name, entry in entries if entry.kind in kinds and name in kept}


def _lanstal_checks(workbook: Workbook) -> list[rec.Check]:
    return rec.check_lanstal(workbook.lanstal, workbook.anvisningar)


def _listed_kommuntal(workbook: Workbook) -> pd.DataFrame:
    """The kommuntal without those that follow from a länstal, which prove nothing of it."""
    return workbook.kommuntal[~workbook.kommuntal["harledd_ur"].isin(FROM_QUOTA)]


def _kommuntal_checks(workbook: Workbook) -> list[rec.Check]:
    kommuntal = _listed_kommuntal(workbook)
    entries = _entries(workbook, "kommuntal", "lanstal")
    incomplete = [name for name, own in entries.items() if own.incomplete]
    return rec.check_kommuntal(kommuntal, workbook.lanstal, incomplete)


def _replaced_checks(workbook: Workbook) -> list[rec.Check]:
    return rec.check_replaced(workbook.kommuntal_ersatta, workbook.lanstal, workbook.kommuner)


def _asylum_checks(workbook: Workbook) -> list[rec.Check]:
    """The asylum seekers' sexes, and their months, against their years."""
    return [
        *rec.check_sexes(workbook.asylsokande),
        *check_asylum_months(workbook.asylsokande_manader, workbook.asylsokande),
    ]


def _mean_checks(workbook: Workbook) -> list[rec.Check]:
    return check_mean(workbook.sammanlagt, workbook.folkmangd)


def _overlap_checks(workbook: Workbook) -> list[rec.Check]:
    return rec.check_overlaps(workbook.overlaps)


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
    names = _entries(workbook, "kommunmottagna", "kommunmottagna_summor")
    return [check for name in names for check in partly(workbook, _reception_of, name)]


def _reception_of(workbook: Workbook, name: str) -> list[rec.Check]:
    """One table's checks: printed sums against rows, or rows against their categories."""
    frame, rows = workbook.published[name], name.replace("_summor", "")
    if workbook.catalogue[name].kind == "kommunmottagna":
        return rec.check_categories(name, frame)
    own = workbook.published.get(rows)
    if own is None:
        return []
    changes = workbook.published["indelningsandringar"]
    return rec.check_reception(rows, own.assign(lanskod=home_counties(own, changes)), frame)


def _month_checks(workbook: Workbook) -> list[rec.Check]:
    """Each table of months against its own printed sums, and against the years that came in the
    same file.

    Another source's years are compared with those, as any two sources are; see `check_overlaps`.
    """
    checks = []
    by_month = set(_entries(workbook, "kommunmottagna_manad"))
    kinds = ("kommunmottagna_manad", "kommunmottagna_manad_summor", "kommunmottagna")
    entries = _entries(workbook, *kinds)
    for name, entry in entries.items():
        kind, own = entry.kind, name.replace("_summor", "")
        frame = workbook.published[name]
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
        for entry in _entries(workbook, "andelstal").values()
        if entry.lan == lanskod and entry.precedence == PROJECT_PRECEDENCE
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


CHECKS = (
    _share_checks,
    _statement_checks,
    _lanstal_checks,
    _kommuntal_checks,
    _replaced_checks,
    _national_checks,
    _reception_checks,
    _month_checks,
    _asylum_checks,
    _single_checks,
    _mean_checks,
    _overlap_checks,
)

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


def newest_year(workbook: Workbook) -> int:
    """Return the last year of which some count or quota is in hand; a forecast is none."""
    return cast(int, ask(workbook, "newest", ""))


@question
def newest(workbook: Workbook, _: Asked) -> int:
    """What `newest_year` returns."""
    counted = (workbook.folkmangd, workbook.asylsokande, workbook.mottagna)
    return max(int(rows["ar"].max()) for rows in (*counted, workbook.kommuntal, workbook.lanstal))


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
        "kommuntal": (_listed_kommuntal(workbook), "kommunkod", kommuner),
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
