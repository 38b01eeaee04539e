"""A county's länstal divided by weighted factors: population and reception in hand, the others from a file."""

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.contracts.limits import LIMITS
from helpers.contracts.numbers import Unread, in_english, read_number
from helpers.errors import DataError, ParameterError
from helpers.model.allocation import Method, compare_methods, favours
from helpers.model.volumes import FACTORS, kommuntal_scenario, weighted_key
from helpers.sources.files.child import read_apart
from helpers.tables.places import Place
from helpers.tables.scenarios import population_for
from helpers.tables.workbook import Workbook

IN_HAND = ("folkmangd", "mottagande")


def factors_of(data: Workbook, place: Place, ar: int, file: Path | None = None) -> pd.DataFrame:
    """Return what is known of the law's factors for a county's municipalities.

    Args:
        data: The published tables: inhabitants of the nearest known year, persons received in `ar`.
        place: The county. ar: the year.
        file: A table with kommunkod and a column for each of the other factors, .csv, .xlsx or .xls.

    Returns:
        Indexed by kommunkod; folkmangd, mottagande, and what the file holds. Unknown is NA.

    Raises:
        ParameterError: the file cannot be read, or a cell of it; every fault.
    """
    codes = list(place.kommunkoder)
    totals = data.mottagna[(data.mottagna["ar"] == ar) & (data.mottagna["kategori"] == "totalt")]
    received = totals.set_index("kommunkod")["antal"].reindex(codes)
    frame = pd.DataFrame({"folkmangd": population_for(data, ar)[1].reindex(codes), "mottagande": received})
    return frame if file is None else frame.join(_from_file(file, codes))


def _from_file(file: Path, codes: list[str]) -> pd.DataFrame:
    if not file.is_file():
        raise ParameterError(f"--factors: {file}: there is no such file. Check the name.")
    reading = read_apart(file)
    if reading.refused:
        raise ParameterError(*(f"--factors: {file}: {finding.says}" for finding in reading.findings))
    sheet = reading.sheets[0].rows if reading.sheets else []
    rows = [(number, row) for number, row in enumerate(sheet, 1) if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    wanted = [name for name in FACTORS if name in header and name not in IN_HAND]
    if "kommunkod" not in header or not wanted:
        named = ", ".join(name for name in FACTORS if name not in IN_HAND)
        raise ParameterError(f"--factors: {file}: the first row must hold kommunkod and {named}; found {header}.")
    problems: list[str] = []
    found: dict[str, dict[str, float]] = {}
    for number, row in rows[1:]:
        kod, cells = row[header.index("kommunkod")].strip(), dict(zip(header, row, strict=False))
        if kod in found:
            problems.append(f"row {number}: {kod} stands twice.")
        found[kod] = {name: _number(cells.get(name, ""), f"row {number}, {name}", problems) for name in wanted}
    problems += [f"{kod} is not in the county." for kod in found if kod not in codes]
    if problems:
        raise ParameterError(*(f"--factors: {file}: {problem}" for problem in problems))
    return pd.DataFrame.from_dict(found, orient="index", columns=wanted).reindex(codes)


def _number(text: str, where: str, problems: list[str]) -> float:
    """A cell as a number of 0 or more; blank is unknown."""
    if not text.strip():
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
    """Return a länstal divided by weighted factors (A18), and whom each way to make whole persons favours.

    Returns:
        kommunkod, kommun, before (the kommuntal of `ar`, NA where unknown), harledd (it is a derived 0), key
        (0–1), quota (persons, unrounded), kommuntal (whole persons that sum to the länstal); and what
        `allocation.favours` returns.

    Raises:
        ParameterError: a weight cannot be used: no such factor, negative, all 0, or the factor is not known.
    """
    try:
        key = weighted_key(factors, weights)
    except DataError as error:
        step = "Known are " + ", ".join(str(name) for name in factors if factors[name].notna().all()) + "."
        raise ParameterError(*(f"--weight: {problem} {step}" for problem in error.problems)) from None
    kommuner = data.kommuner.loc[data.kommuner["kommunkod"].isin(place.kommunkoder), ["kommunkod", "kommun"]]
    table = kommuntal_scenario(kommuner, key, lanstal, method)
    decided = data.kommuntal.loc[data.kommuntal["ar"] == ar, ["kommunkod", "kommuntal", "harledd"]]
    table = table.merge(decided.rename(columns={"kommuntal": "before"}), on="kommunkod", how="left", validate="1:1")
    table = table.assign(harledd=table["harledd"].fillna(False).astype(bool))
    return table, favours(compare_methods(key, lanstal))
