"""Which national forecast holds for a year, and how forecasts and outcomes compare."""

from dataclasses import dataclass

import pandas as pd

OFFICIAL = "prognoser_officiella"


@dataclass(frozen=True)
class Forecast:
    """One national forecast for a year: children (None if there is none), when it was made, and the table
    it stands in ("" when it was given by hand)."""

    ar: int
    value: int | None
    prognosdatum: str = ""
    tabell: str = ""
    kalla: str = ""


def latest_forecast(prognoser: pd.DataFrame, ar: int, matt: str = "ensamkommande") -> Forecast:
    """Return the last single-valued forecast known for a year; an official one before the press (A7).

    Args:
        prognoser: prognosdatum (text, ISO), avser_ar, matt, varde, kalla, tabell.
        ar: The year forecast.
        matt: The measure; unaccompanied children by default.

    Returns:
        The forecast; its value is None when the year has none (an interval alone is none).
    """
    rows = prognoser[(prognoser["avser_ar"] == ar) & (prognoser["matt"] == matt) & prognoser["varde"].notna()]
    official = rows[rows["tabell"] == OFFICIAL]
    rows = rows if official.empty else official
    if rows.empty:
        return Forecast(ar, None)
    last = rows.sort_values(["prognosdatum", "kalla", "varde"]).iloc[-1]  # of one date, no order of rows decides
    return Forecast(ar, int(last["varde"]), last["prognosdatum"], last["tabell"], last["kalla"])


def forecast_for(prognoser: pd.DataFrame, ar: int, given: int | None) -> Forecast:
    """Return the forecast to use: the one given by hand, else the latest known for the year."""
    known = latest_forecast(prognoser, ar)
    return known if given is None or known.value == given else Forecast(ar, given)


def actual_children(asylsokande: pd.DataFrame, ar: int) -> int | None:
    """Return the unaccompanied children who sought asylum in a year; None when not known.

    Source: SCB, Asylsökande 2002–2022.
    """
    found = asylsokande.loc[asylsokande["ar"] == ar, "ensamkommande"].dropna()
    return None if found.empty else int(found.iloc[0])


def forecast_record(prognoser: pd.DataFrame, asylsokande: pd.DataFrame) -> pd.DataFrame:
    """Return every forecast of unaccompanied children beside what came.

    Returns:
        ar, prognosdatum, prognos, low, high, actual (children), ratio (actual ÷ forecast), tabell;
        ordered by year and date, unknown kept as NA.
    """
    rows = prognoser[prognoser["matt"] == "ensamkommande"].rename(
        columns={"avser_ar": "ar", "varde": "prognos", "lag": "low", "hog": "high"}
    )
    came = asylsokande[["ar", "ensamkommande"]].rename(columns={"ensamkommande": "actual"})
    record = rows.merge(came, on="ar", how="left", validate="m:1")
    record = record.sort_values(["ar", "prognosdatum", "kalla", "prognos"])
    ratio = record["actual"].astype("Float64") / record["prognos"].astype("Float64")
    columns = ["ar", "prognosdatum", "prognos", "low", "high", "actual", "ratio", "tabell"]
    return record.assign(ratio=ratio)[columns].reset_index(drop=True)
