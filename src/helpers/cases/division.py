"""A county's länstal divided in other ways than by decision: by weighted factors, in hand or from a
file.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.cases.estimates import population_for
from helpers.contracts.files import refuse_no_file
from helpers.contracts.numbers import LIMITS, Unread, in_english, read_number
from helpers.errors import DataError, ParameterError, told
from helpers.model.allocation import (
    FACTORS,
    Divided,
    Method,
    compare_methods,
    favours,
    kommuntal_scenario,
    split_volume,
    unplaced_parts,
    weighted_key,
)
from helpers.model.forecasts import Forecast, latest_forecast
from helpers.model.quotas import lanstal_history
from helpers.sources.files.child import read_apart
from helpers.tables.places import Place
from helpers.tables.questions import ask, question
from helpers.tables.reads import Asked
from helpers.tables.workbook import Workbook

IN_HAND = ("folkmangd", "mottagande")


POINT_OF_THREE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")


def factors_of(data: Workbook, place: Place, ar: int, file: Path | None = None) -> pd.DataFrame:
    """Return what is known of the law's factors for a county's municipalities.

    Args:
        data: The published tables: inhabitants of the nearest known year, persons received in `ar`.
        place: The county. ar: the year.
        file: A table with kommunkod and a column for each of the other factors, .csv, .xlsx or
            .xls.

    Returns:
        Indexed by kommunkod; folkmangd, mottagande, and what the file holds. Unknown is NA.

    Raises:
        ParameterError: the file cannot be read, or a cell of it; every fault.
    """
    codes = list(place.kommunkoder)
    totals = data.mottagna[(data.mottagna["ar"] == ar) & (data.mottagna["kategori"] == "totalt")]
    received = totals.set_index("kommunkod")["antal"].reindex(codes)
    frame = pd.DataFrame(
        {"folkmangd": population_for(data, ar)[1].reindex(codes), "mottagande": received}
    )
    return frame if file is None else frame.join(_from_file(file, codes))


def _from_file(file: Path, codes: list[str]) -> pd.DataFrame:
    try:
        refuse_no_file(file)
    except FileNotFoundError:
        raise ParameterError(f"--factors: {file}: there is no such file. Check the name.") from None
    except OSError as error:
        raise ParameterError(f"--factors: {told(error, file)}") from None
    reading = read_apart(file)
    if reading.refused:
        raise ParameterError(
            *(f"--factors: {file}: {finding.says}" for finding in reading.findings)
        )
    sheet = reading.sheets[0].rows if reading.sheets else []
    rows = [
        (number, row) for number, row in enumerate(sheet, 1) if any(cell.strip() for cell in row)
    ]
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    wanted = [name for name in FACTORS if name in header and name not in IN_HAND]
    if "kommunkod" not in header or not wanted:
        named = ", ".join(name for name in FACTORS if name not in IN_HAND)
        raise ParameterError(
            f"--factors: {file}: the first row must hold kommunkod and {named}; found {header}."
        )
    problems: list[str] = []
    found: dict[str, dict[str, float]] = {}
    for number, row in rows[1:]:
        kod, cells = row[header.index("kommunkod")].strip(), dict(zip(header, row, strict=False))
        if kod in found:
            problems.append(f"row {number}: {kod} stands twice.")
        found[kod] = {
            name: _number(cells.get(name, ""), f"row {number}, {name}", problems) for name in wanted
        }
    for kod in (own for own in found if own not in codes):
        lost = f" Has {kod.zfill(4)} lost its zero?" if kod.zfill(4) in codes else ""
        problems.append(f"{kod} is not in the county.{lost}")
    if problems:
        raise ParameterError(*(f"--factors: {file}: {problem}" for problem in problems))
    return pd.DataFrame.from_dict(found, orient="index", columns=wanted).reindex(codes)


def _number(text: str, where: str, problems: list[str]) -> float:
    """A cell as a number of 0 or more; blank is unknown."""
    if not text.strip():
        return math.nan
    if POINT_OF_THREE.fullmatch(text.strip()):
        problems.append(
            f"{where}: {text.strip()} may be a decimal or thousands with a point between. Write a"
            " decimal comma, or no point."
        )
        return math.nan
    read = read_number(text, LIMITS["factor"])
    if isinstance(read, Unread):
        problems.append(f"{where}: {in_english(read)}.")
        return math.nan
    return float(read)


def divide(
    data: Workbook,
    place: Place,
    lanstal: int,
    ar: int,
    weights: Mapping[str, float],
    method: Method,
    factors: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a länstal divided by weighted factors (A18), and whom each way to make whole persons
    favours.

    Returns:
        kommunkod, kommun, before (the kommuntal of `ar`, NA where unknown), harledd (it is a
        derived 0), key (0–1), quota (persons, unrounded), kommuntal (whole persons that sum to the
        länstal); and what `allocation.favours` returns.

    Raises:
        ParameterError: a weight cannot be used: no such factor, negative, all 0, or the factor is
            not known.
    """
    try:
        key = weighted_key(factors, weights)
    except DataError as error:
        step = (
            "Known are "
            + ", ".join(str(name) for name in factors if factors[name].notna().all())
            + "."
        )
        raise ParameterError(
            *(f"--weight: {problem} {step}" for problem in error.problems)
        ) from None
    kommuner = data.kommuner.loc[
        data.kommuner["kommunkod"].isin(place.kommunkoder), ["kommunkod", "kommun"]
    ]
    table = kommuntal_scenario(kommuner, key, lanstal, method)
    columns = ["kommunkod", "kommuntal", "harledd", "harledd_ur"]
    decided = data.kommuntal.loc[data.kommuntal["ar"] == ar, columns]
    table = table.merge(
        decided.rename(columns={"kommuntal": "before"}), on="kommunkod", how="left", validate="1:1"
    )
    table = table.assign(harledd=table["harledd"].fillna(False).astype(bool))
    return table, favours(compare_methods(key, lanstal))


def quota_history(data: Workbook, home: Place) -> pd.DataFrame:
    """Return what `lanstal_history` returns of a county, found once for all who ask."""
    rows, name = data.rows("lanstal", home), f"quotas of {home.kod}"
    return data.computed(name, lanstal_history, rows, data.anvisningar, home.kod)


def divide_next(data: Workbook, place: Place, ar: int) -> Divided:
    """Return the länstal of the year after `ar` divided by last decision and by population, and the
    whole volume.
    """
    home = data.county(str(place.lanskod))
    history = quota_history(data, home)
    known = history[history["ar"] == ar + 1].tail(1).dropna(subset=["lanstal"])
    if known.empty:
        return Divided(ar, ar + 1)
    try:
        people_ar, people = _people(data, home, ar)
    except ParameterError:
        return Divided(ar, ar + 1)
    lanstal, national = int(known["lanstal"].iloc[-1]), known["national"].iloc[-1]
    counted = data.rows("folkmangd", place, [people_ar])
    received = data.mottagna[data.mottagna["ar"] == ar]  # of the nation: its others are divided
    table = _by_keys(data, place, ar, lanstal, people)
    volume = latest_forecast(data.prognoser, ar + 1, "nyanlanda_bosatta")
    placed = None if pd.isna(national) else int(national)
    table = table.assign(others=_others(data, table, volume, placed, ar))
    favoured = favours(compare_methods(people[list(table["kommunkod"])], lanstal))
    return Divided(
        ar,
        ar + 1,
        people_ar,
        lanstal,
        table,
        favoured,
        volume.value,
        placed,
        volume.tabell,
        tuple(counted["tabell"].unique()),
        tuple(received["tabell"].unique()),
        str(known["tabell"].iloc[-1]),
        bool(known["harledd"].iloc[-1]),
    )


def _people(data: Workbook, home: Place, ar: int) -> tuple[int, pd.Series]:
    """The latest year with everyone's population, and the county's own; what others have there does
    not matter.
    """
    year = int(ask(data, "people_year", "", ar))
    own = data.rows("folkmangd", home, [year]).set_index("kommunkod")["folkmangd"]
    return year, own.astype("int64")


@question
def people_year(data: Workbook, asked: Asked) -> int:
    """The latest year, in or before the one asked for, with every municipality's population."""
    return population_for(data, asked.years[0])[0]


def _by_keys(
    data: Workbook, place: Place, ar: int, lanstal: int, people: pd.Series
) -> pd.DataFrame:
    """Whole persons by population, and by the kommuntal of `ar`, decided or derived, where all of
    them are known.
    """
    kommuner = data.kommuner.loc[
        data.kommuner["kommunkod"].isin(place.kommunkoder), ["kommunkod", "kommun"]
    ]
    columns = ["kommunkod", "kommuntal", "tabell", "harledd", "harledd_ur"]
    decided = data.rows("kommuntal", place, [ar])[columns]
    table = kommuner.merge(decided, on="kommunkod", how="left", validate="1:1").rename(
        columns={"kommuntal": "before"}
    )
    table = table.assign(harledd=table["harledd"].fillna(False).astype(bool))
    key = table.set_index("kommunkod")["before"]
    whole = key.notna().all() and key.sum() > 0
    unknown = pd.Series(pd.NA, index=table.index, dtype="Int64")
    by_decision = (
        kommuntal_scenario(kommuner, key, lanstal, "hamilton")["kommuntal"] if whole else unknown
    )
    by_people = kommuntal_scenario(kommuner, people, lanstal, "hamilton")["kommuntal"]
    return table.assign(by_decision=by_decision.array, by_people=by_people.array)


def _others(
    data: Workbook, table: pd.DataFrame, volume: Forecast, placed: int | None, ar: int
) -> pd.Series:
    """Those of the volume who are not placed, as they settled in `ar`; NA where it is not known."""
    unknown = pd.Series(pd.NA, index=table.index, dtype="Float64")
    parts = unplaced(data, ar)
    if volume.value is None or placed is None or parts is None:
        return unknown
    try:
        split = split_volume(
            table.assign(kommuntal=table["by_people"]), parts, volume.value, placed
        )
    except DataError:  # more are placed than come
        return unknown
    return split["andra"].set_axis(table.index)


def unplaced(data: Workbook, ar: int) -> pd.Series | None:
    """Return what `unplaced_parts` does of a year, worked out once for all places; None where its
    categories are not known.
    """
    return data.computed(f"unplaced parts {ar}", _unplaced, data.mottagna, ar)


def _unplaced(mottagna: pd.DataFrame, ar: int) -> pd.Series | None:
    try:
        return unplaced_parts(mottagna, ar)
    except DataError:
        return None
