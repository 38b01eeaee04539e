"""All published tables, checked and tidy, in one frozen bundle."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pandas as pd

from helpers.errors import DataError
from helpers.sources import Catalogue
from helpers.sources.catalogue import of_one_generation
from helpers.sources.imported import file_faults
from helpers.sources.published import Measure, load_measures
from helpers.tables import places, tidy, tidy_layer
from helpers.tables import tidy_layer as preloaded
from helpers.tables.check import checked_table, checksum_faults
from helpers.tables.places import Place
from helpers.tables.rows import NATION, Asked, blocks_of, checksum, checksum_of
from helpers.tables.schemas import SCHEMAS, empty
from helpers.tables.tidy import with_derived_kommuntal

MADE_OF = {  # of which kinds of tables, and else of which tables, each part is made
    "lan": ((), ("lan",)),
    "kommuner": ((), ("kommuner",)),
    "folkmangd": (("folkmangd",), ()),
    "asylsokande": ((), ("asylsokande_riket",)),
    "mottagna": (("kommunmottagna",), ()),
    "manader": (("kommunmottagna_manad",), ()),
    "manader_summor": (("kommunmottagna_manad_summor",), ()),
    "kommuntal": (("kommuntal",), ("lanstal", "kommuner")),  # for what is derived
    "lanstal": ((), ("lanstal",)),
    "anvisningar": ((), ("anvisningar_riket",)),
    "prognoser": (("prognoser",), ()),
    "andelstal": (("andelstal",), ("kommuner",)),
    "andelstal_summor": (("andelstal",), ("kommuner",)),
    "uppgifter": ((), ("dokumentuppgifter",)),
    "overlaps": (("kommunmottagna", "kommuntal", "folkmangd"), ()),
    "published": ((), ()),  # each of them is noted when it is taken
}

Found = TypeVar("Found")
Needed = tuple[frozenset[str], dict[str, str]]


@dataclass(frozen=True)
class Workbook:
    """Tidy tables by name. Codes are text; unknown figures are NA; `tabell` names a row's source.

    Where two tables have the same figure, the one with lower `precedence` counts; `overlaps` keeps
    both. `published` holds every checked table as published, by id. Which tables were taken,
    `catalogue.read` tells.

    mottagna: kommunkod, ar, kategori → antal, varav_ensamkommande (persons).
    manader: kommunkod, ar, manad → antal (persons), sekretess ("ja" where the source hides fewer
        than 6). The kommunkod is NA for those received in a municipality that is not known.
    manader_summor: lanskod ("00" is the nation), ar, manad → antal, as printed; for checking only.
    andelstal: kommunkod, ar → andelstal (‰), utfall (children) and the intervals as printed;
        utfall_preliminart says when a part-year outcome was read, NA for a whole year's.
    kommuntal: kommunkod, ar → kommuntal (persons); harledd is true where the 0 is derived and not
        listed.
    """

    catalogue: Catalogue
    lan: pd.DataFrame
    kommuner: pd.DataFrame
    folkmangd: pd.DataFrame
    asylsokande: pd.DataFrame
    mottagna: pd.DataFrame
    manader: pd.DataFrame
    manader_summor: pd.DataFrame
    kommuntal: pd.DataFrame
    lanstal: pd.DataFrame
    anvisningar: pd.DataFrame
    prognoser: pd.DataFrame
    andelstal: pd.DataFrame
    andelstal_summor: pd.DataFrame
    uppgifter: pd.DataFrame
    overlaps: pd.DataFrame
    published: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        """Begin with nothing read: what it took to load the tables is not what is shown of them."""
        object.__setattr__(self, "catalogue", replace(self.catalogue, read=set(), values={}))

    if not TYPE_CHECKING:  # a type checker shall know the parts by their own types

        def __getattribute__(self, name: str) -> Any:
            """Note which tables a part that is taken is made of."""
            value = super().__getattribute__(name)
            if name not in MADE_OF:
                return value
            catalogue, (kinds, tables) = super().__getattribute__("catalogue"), MADE_OF[name]
            for kind in kinds:
                catalogue.note_kind(kind)
            for table in tables:
                catalogue.note_table(table)
            return catalogue.noted(value) if name == "published" else value

    @cached_property
    def found(self) -> dict[str, tuple[Any, Needed]]:
        """What `once` and `derived` have computed, by name, and what was read for it: as a whole,
        and finely.
        """
        return {}

    def once(self, name: str, compute: Callable[[], Found]) -> Found:
        """Return what is computed from these tables and what the name says; the first time it is
        computed.

        What is read for it is noted each time.
        """
        read, values = self.catalogue.read, self.catalogue.values
        if name not in self.found:
            before = set(read), dict(values)
            read.clear()
            values.clear()
            try:
                self.found[name] = compute(), (frozenset(read), dict(values))
            finally:  # what was read for nothing has been read all the same
                read.update(before[0])
                values.update(before[1])
        value, (needed, finely) = self.found[name]
        read.update(needed)
        values.update(finely)
        return cast(Found, preloaded.own(value))

    def derived(self, asked: Asked, compute: Callable[[], Found]) -> Found:
        """Return a figure derived from tables, computed the first time; its value is noted, not
        what it is made of.
        """
        name = str(asked)
        if name not in self.found:
            with self.catalogue.unnoted():
                value = compute()
            self.found[name] = value, (frozenset(), {name: checksum(value)})
        return self.once(name, compute)

    def rows(
        self, part: str, place: Place | None = None, years: Iterable[int] = ()
    ) -> pd.DataFrame:
        """Return the rows of a part that concern a place and some years; only those are noted as
        read.

        Args:
            part: One of those in `rows.UNITS`.
            place: A county's rows are its municipalities' (or its own); None and the nation are all
                rows.
            years: None given is all years.
        """
        asked = Asked(part, "" if place is None else place.kod, tuple(sorted(set(map(int, years)))))
        self.catalogue.values[str(asked)] = self.checksum(asked)
        return asked.of(vars(self)[part])

    def checksum(self, asked: Asked) -> str:
        """Return the checksum of the rows that are asked for, as they are now; nothing is noted."""
        blocks = f"blocks of {asked.name}"
        if blocks not in self.found:
            self.found[blocks] = blocks_of(asked.name, vars(self)[asked.name]), (frozenset(), {})
        return checksum_of(asked, self.found[blocks][0])

    @contextmanager
    def covered(self, part: str) -> Iterator[None]:
        """While it lasts, a part may be taken without being noted: what matters of it has been
        noted more finely.
        """
        before = set(self.catalogue.read)
        with self.catalogue.unnoted():
            self.catalogue.read.clear()
            getattr(self, part)
            noted = set(self.catalogue.read) - before
        try:
            yield
        finally:
            self.catalogue.read.difference_update(noted)

    def place(self, kod: str) -> Place:
        """Return the nation ("00"), a county (two digits) or a municipality (four) by its code."""
        if kod == NATION:
            return self.country
        return self.county(kod) if len(kod) == 2 else self.municipality(kod)

    def _note_places(self) -> None:
        """Note the tables of places, also when they have been looked through before."""
        for table in ("lan", "kommuner"):
            self.catalogue.note_table(table)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return places.gazetteer(self.lan, self.kommuner)

    def county(self, key: str) -> Place:
        """Return a county by letter ("AC") or code ("24"); ParameterError names the nearest."""
        self._note_places()
        known = self._places.get(key.strip().upper())
        return (
            known if known and known.kind == "lan" else places.county(self.lan, self.kommuner, key)
        )

    def municipality(self, kommunkod: str) -> Place:
        """Return a municipality by its code ("2480"); ParameterError names the nearest."""
        self._note_places()
        known = self._places.get(str(kommunkod))
        return (
            known
            if known and known.kind == "kommun"
            else places.municipality(self.lan, self.kommuner, kommunkod)
        )

    @property
    def country(self) -> Place:
        """The nation: all municipalities."""
        return places.country(self.kommuner)

    def documents_of(self, place: Place) -> pd.DataFrame:
        """What the county's own documents state in figures; for a municipality only what concerns
        it.

        Each row says which `kommun` it is about (NA where none): a figure quoted never loses its
        place.
        """
        said = self.rows("uppgifter", self.county(place.lanskod))
        said = said.merge(
            self.kommuner[["kommunkod", "kommun"]], on="kommunkod", how="left", validate="m:1"
        )
        return said if place.kind == "lan" else said[said["kommunkod"] == place.kod]

    @property
    def county_names(self) -> dict[str, str]:
        """County letter → name, in code order."""
        return dict(zip(self.lan["lansbokstav"], self.lan["lan"], strict=True))

    @property
    def document_titles(self) -> dict[str, str]:
        """Document id → its title and producer."""
        return self.catalogue["dokumentuppgifter"].documents

    @property
    def measures(self) -> dict[str, Measure]:
        """What the figures count, by id."""
        return load_measures(self.catalogue)

    def around(self, place: Place) -> tuple[Place, ...]:
        """The municipalities of a place's county, the county and the nation, for comparing."""
        home = self.county(place.lanskod)
        return (*(self.municipality(kod) for kod in home.kommunkoder), home, self.country)

    def above(self, place: Place) -> tuple[Place, ...]:
        """A place, its county (if it is a municipality) and the nation, for comparing."""
        home = self.county(place.lanskod)
        return (home, self.country) if place.kind == "lan" else (place, home, self.country)


def load(data_dir: Path | None = None) -> Workbook:
    """Read, check and tidy every published table, or take them as they were, where nothing has
    changed since.

    The rows of detailed tables are not read here; `detail` reads those that are asked for. Tables
    that are imported meanwhile are either all there or not at all.

    Args:
        data_dir: The data folder; by default MOTTAGNING_DATA, else the project's `data/`.

    Raises:
        DataError: a table is missing or faulty; the faults of all tables are told in one pass.
    """
    return of_one_generation(data_dir, loaded)


def loaded(catalogue: Catalogue) -> Workbook:
    """Do what `load` does, with the tables that a catalogue names."""
    absent = [
        fault
        for entry in catalogue.tables.values()
        if entry.detailed
        for fault in file_faults(catalogue, entry)
    ]
    if absent:
        raise DataError(*absent)
    if kept := preloaded.taken(catalogue):
        found = kept.pop("found")
        workbook = Workbook(catalogue, **kept)
        workbook.found.update(found)
        return workbook
    ready = tidy_layer.read(catalogue)
    return read_and_check(catalogue) if ready is None else Workbook(catalogue, **ready)


def read_and_check(catalogue: Catalogue) -> Workbook:
    """Do what `load` does, from the published tables themselves."""
    checked: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    imported = [
        name
        for name, entry in catalogue.tables.items()
        if name not in SCHEMAS and not entry.detailed
    ]
    for table_id in (*SCHEMAS, *imported):
        try:
            checked[table_id] = checked_table(catalogue, table_id)
        except DataError as error:
            problems += error.problems
    problems = problems or _strange_codes(checked, catalogue)
    if problems:
        raise DataError(*problems)
    workbook = _bundle(checked, catalogue)
    changed = [fault for name in checked for fault in checksum_faults(catalogue, catalogue[name])]
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
    def of_kind(kind: str) -> dict[str, pd.DataFrame]:
        return {name: frame for name, frame in checked.items() if catalogue[name].kind == kind}

    rank = {name: catalogue[name].precedence for name in checked}
    shares, sums = _shares(of_kind("andelstal"), checked["kommuner"], catalogue)
    mottagna, received_twice = tidy.stack(
        of_kind("kommunmottagna"), ["kommunkod", "ar", "kategori"], rank, "antal"
    )
    kommuntal, quotas_twice = tidy.stack(
        of_kind("kommuntal"), ["kommunkod", "ar"], rank, "kommuntal"
    )
    people, people_twice = tidy.stack(of_kind("folkmangd"), ["kommunkod", "ar"], rank, "folkmangd")
    prognoser, _ = tidy.stack(
        of_kind("prognoser"), ["prognosdatum", "avser_ar", "matt", "kalla"], rank, "alternativ"
    )
    andelstal, _ = tidy.stack(shares, ["kommunkod", "ar"], rank, "andelstal")
    plain = {name: frame.reset_index(drop=True) for name, frame in checked.items()}
    return Workbook(
        catalogue=catalogue,
        lan=plain["lan"],
        kommuner=plain["kommuner"],
        folkmangd=people,
        asylsokande=plain["asylsokande_riket"],
        mottagna=mottagna,
        manader=_months(of_kind("kommunmottagna_manad"), "kommunkod", rank),
        manader_summor=_months(of_kind("kommunmottagna_manad_summor"), "lanskod", rank),
        kommuntal=with_derived_kommuntal(kommuntal, checked["lanstal"], checked["kommuner"]),
        lanstal=plain["lanstal"],
        anvisningar=plain["anvisningar_riket"],
        prognoser=prognoser,
        andelstal=andelstal,
        andelstal_summor=sums,
        uppgifter=plain["dokumentuppgifter"],
        overlaps=pd.concat([received_twice, quotas_twice, people_twice], ignore_index=True),
        published=plain,
    )


def _months(frames: dict[str, pd.DataFrame], unit: str, rank: dict[str, int]) -> pd.DataFrame:
    """All month tables of a kind as one; a hidden cell is told, so nothing that is blank displaces
    it.
    """
    if not frames:
        return empty(
            "kommunmottagna_manad" if unit == "kommunkod" else "kommunmottagna_manad_summor"
        )
    told = {name: frame.assign(told=_told(frame)) for name, frame in frames.items()}
    return tidy.stack(told, [unit, "ar", "manad"], rank, "told")[0].drop(columns="told")


def _told(frame: pd.DataFrame) -> pd.Series:
    """True where a number or a statement of secrecy stands, NA where nothing does."""
    said = frame[frame.columns.intersection(["antal", "sekretess"])].notna().any(axis=1)
    return said.astype("boolean").where(said)


def _shares(
    printed: dict[str, pd.DataFrame], kommuner: pd.DataFrame, catalogue: Catalogue
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Every county's share table split in its rows, by table id, and all printed sum rows."""
    split = {
        name: tidy.split_andelstal(frame, kommuner, catalogue[name])
        for name, frame in printed.items()
    }
    rows = {name: own.drop(columns="tabell") for name, (own, _) in split.items()}
    return rows, pd.concat([summa for _, summa in split.values()], ignore_index=True)
