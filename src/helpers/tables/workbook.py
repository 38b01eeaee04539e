"""All published tables, checked and tidy, in one frozen bundle."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.errors import DataError
from helpers.sources import Catalogue, load_catalogue
from helpers.tables import places, tidy
from helpers.tables.check import checked_table, checksum_faults
from helpers.tables.places import Place
from helpers.tables.schemas import SCHEMAS


@dataclass(frozen=True)
class Workbook:
    """Tidy tables by name. Codes are text; unknown figures are NA; `tabell` names a row's source.

    mottagna: kommunkod, ar, kategori → antal, varav_ensamkommande (persons).
    andelstal: kommunkod, ar → andelstal (‰), utfall (children) and the intervals as printed.
    """

    catalogue: Catalogue
    lan: pd.DataFrame
    kommuner: pd.DataFrame
    folkmangd: pd.DataFrame
    asylsokande: pd.DataFrame
    mottagna: pd.DataFrame
    mottagna_summor: pd.DataFrame
    kommuntal: pd.DataFrame
    lanstal: pd.DataFrame
    anvisningar: pd.DataFrame
    prognoser: pd.DataFrame
    andelstal: pd.DataFrame
    andelstal_summor: pd.DataFrame
    uppgifter: pd.DataFrame

    def county(self, key: str) -> Place:
        """Return a county by letter ("AC") or code ("24"); ParameterError names the nearest."""
        return places.county(self.lan, self.kommuner, key)

    def municipality(self, kommunkod: str) -> Place:
        """Return a municipality by its code ("2480"); ParameterError names the nearest."""
        return places.municipality(self.lan, self.kommuner, kommunkod)

    @property
    def country(self) -> Place:
        """The nation: all municipalities."""
        return places.country(self.kommuner)

    def documents_of(self, place: Place) -> pd.DataFrame:
        """What the county's own documents state in figures; for a municipality only what concerns it."""
        said = self.uppgifter[self.uppgifter["lanskod"] == place.lanskod]
        return said if place.kind == "lan" else said[said["kommunkod"] == place.kod]

    @property
    def county_names(self) -> dict[str, str]:
        """County letter → name, in code order."""
        return dict(zip(self.lan["lansbokstav"], self.lan["lan"], strict=True))

    @property
    def document_titles(self) -> dict[str, str]:
        """Document id → its title and producer."""
        return self.catalogue["dokumentuppgifter"].documents

    def around(self, place: Place) -> tuple[Place, ...]:
        """The municipalities of a place's county, the county and the nation, for comparing."""
        home = self.county(place.lanskod)
        return (*(self.municipality(kod) for kod in home.kommunkoder), home, self.country)

    def above(self, place: Place) -> tuple[Place, ...]:
        """A place, its county (if it is a municipality) and the nation, for comparing."""
        home = self.county(place.lanskod)
        return (home, self.country) if place.kind == "lan" else (place, home, self.country)


def load(data_dir: Path | None = None) -> Workbook:
    """Read, check and tidy every published table.

    Args:
        data_dir: The data folder; by default MOTTAGNING_DATA, else the project's `data/`.

    Raises:
        DataError: a table is missing or faulty; the faults of all tables are told in one pass.
    """
    catalogue = load_catalogue(data_dir)
    checked: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for table_id in SCHEMAS:
        try:
            checked[table_id] = checked_table(catalogue, table_id)
        except DataError as error:
            problems += error.problems
    problems = problems or _strange_codes(checked, catalogue)
    if problems:
        raise DataError(*problems)
    workbook = _bundle(checked, catalogue)
    changed = [fault for name in SCHEMAS for fault in checksum_faults(catalogue, catalogue[name])]
    if changed:  # told last: a fault in the file itself says more than its checksum
        raise DataError(*changed)
    return workbook


def _strange_codes(checked: dict[str, pd.DataFrame], catalogue: Catalogue) -> list[str]:
    known = {"kommunkod": checked["kommuner"]["kommunkod"], "lanskod": checked["lan"]["lanskod"]}
    return [
        problem
        for table_id, frame in checked.items()
        for column, codes in known.items()
        if column in frame
        for problem in tidy.known_codes(frame, column, codes, catalogue[table_id], also="00")
    ]


def _bundle(checked: dict[str, pd.DataFrame], catalogue: Catalogue) -> Workbook:
    def stacked(prefix: str, key: list[str]) -> pd.DataFrame:
        return tidy.stack({name: frame for name, frame in checked.items() if name.startswith(prefix)}, key)

    summor = checked.pop("kommunmottagna_2018_summor").reset_index(drop=True)
    andelstal, andelstal_summor = tidy.split_andelstal(
        checked["andelstal_2018_ac"], checked["kommuner"], catalogue["andelstal_2018_ac"]
    )
    plain = {name: frame.reset_index(drop=True) for name, frame in checked.items()}
    return Workbook(
        catalogue=catalogue,
        lan=plain["lan"],
        kommuner=plain["kommuner"],
        folkmangd=plain["folkmangd"],
        asylsokande=plain["asylsokande_riket"],
        mottagna=stacked("kommunmottagna", ["kommunkod", "ar", "kategori"]),
        mottagna_summor=summor,
        kommuntal=stacked("kommuntal", ["kommunkod", "ar"]),
        lanstal=plain["lanstal"],
        anvisningar=plain["anvisningar_riket"],
        prognoser=stacked("prognoser", ["prognosdatum", "avser_ar", "matt", "kalla"]),
        andelstal=andelstal,
        andelstal_summor=andelstal_summor,
        uppgifter=plain["dokumentuppgifter"],
    )


def frames(workbook: Workbook) -> dict[str, pd.DataFrame]:
    """Return the tidy tables by name, without the catalogue."""
    fields = [field.name for field in dataclasses.fields(workbook) if field.name != "catalogue"]
    return {name: getattr(workbook, name) for name in fields}
