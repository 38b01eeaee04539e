"""The next year's länstal divided in other ways than by decision: what the model needs of the workbook."""

import pandas as pd

from helpers.errors import DataError, ParameterError
from helpers.model.allocation import compare_methods, favours
from helpers.model.divided import Divided
from helpers.model.forecasts import Forecast, latest_forecast
from helpers.model.quotas import lanstal_history
from helpers.model.volumes import kommuntal_scenario, split_volume
from helpers.tables.places import Place
from helpers.tables.questions import ask, question
from helpers.tables.rows import Asked
from helpers.tables.scenarios import population_for
from helpers.tables.workbook import Workbook


def divide_next(data: Workbook, place: Place, ar: int) -> Divided:
    """Return the länstal of the year after `ar` divided by last decision and by population, and the whole volume."""
    home = data.county(str(place.lanskod))
    history = lanstal_history(data.rows("lanstal", home), data.anvisningar, home.kod)
    known = history[history["ar"] == ar + 1].dropna(subset=["lanstal"])
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
    )


def _people(data: Workbook, home: Place, ar: int) -> tuple[int, pd.Series]:
    """The latest year with everyone's population, and the county's own; what others have there does not matter."""
    year = int(ask(data, "people_year", "", ar))
    own = data.rows("folkmangd", home, [year]).set_index("kommunkod")["folkmangd"]
    return year, own.astype("int64")


@question
def people_year(data: Workbook, asked: Asked) -> int:
    """The latest year, in or before the one asked for, with every municipality's population."""
    return population_for(data, asked.years[0])[0]


def _by_keys(data: Workbook, place: Place, ar: int, lanstal: int, people: pd.Series) -> pd.DataFrame:
    """Whole persons by population, and by the kommuntal of `ar`, decided or derived, where all of them are known."""
    kommuner = data.kommuner.loc[data.kommuner["kommunkod"].isin(place.kommunkoder), ["kommunkod", "kommun"]]
    decided = data.rows("kommuntal", place, [ar])[["kommunkod", "kommuntal", "tabell", "harledd"]]
    table = kommuner.merge(decided, on="kommunkod", how="left", validate="1:1").rename(columns={"kommuntal": "before"})
    table = table.assign(harledd=table["harledd"].fillna(False).astype(bool))
    key = table.set_index("kommunkod")["before"]
    whole = key.notna().all() and key.sum() > 0
    unknown = pd.Series(pd.NA, index=table.index, dtype="Int64")
    by_decision = kommuntal_scenario(kommuner, key, lanstal, "hamilton")["kommuntal"] if whole else unknown
    by_people = kommuntal_scenario(kommuner, people, lanstal, "hamilton")["kommuntal"]
    return table.assign(by_decision=by_decision.array, by_people=by_people.array)


def _others(data: Workbook, table: pd.DataFrame, volume: Forecast, placed: int | None, ar: int) -> pd.Series:
    """Those of the volume who are not placed, as they settled in `ar`; NA where it is not known."""
    unknown = pd.Series(pd.NA, index=table.index, dtype="Float64")
    if volume.value is None or placed is None:
        return unknown
    try:
        split = split_volume(table.assign(kommuntal=table["by_people"]), data.mottagna, volume.value, placed, ar)
    except DataError:  # that year's categories are not known
        return unknown
    return split["andra"].set_axis(table.index)
