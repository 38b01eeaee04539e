"""All published tables, checked and tidy, in one frozen bundle.

A tidy table is a `Part` of the `Workbook`, declared with what it is made of; what is taken is noted
as the room's own docstring says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

import pandas as pd

from helpers.errors import DataError
from helpers.model.redistribution import Rules
from helpers.sources import Catalogue, aside, load_catalogue
from helpers.sources.catalogue import of_one_generation
from helpers.sources.imported import file_faults
from helpers.sources.published import Measure, load_measures
from helpers.sources.rules import FILE as RULES
from helpers.tables import memory, parquet, places, tidy
from helpers.tables.check import checked_table, checksum_faults, dated_rules
from helpers.tables.places import Place
from helpers.tables.reads import NATION, Asked, Blocks, blocks_of, checksum_of
from helpers.tables.stacked import stacked

# Texts as Python's own. Tables here are small and taken apart thousands of times for one report,
# which then takes a sixth less processor time than with pyarrow's texts (`benchmarks.engine`).
pd.set_option("mode.string_storage", "python")

NAMED = ("fordelningstal", "sammanlagt")  # whose rows name their table
Given = ParamSpec("Given")
Found = TypeVar("Found")


class Part:
    """A tidy table of the `Workbook`; to take it is noted as reading what it is made of.

    Args:
        tables: The ids of published tables that it is made of.
        kinds: The kinds of tables that it is made of, however many of a kind there are.
    """

    def __init__(self, *tables: str, kinds: Sequence[str] = ()) -> None:
        self.tables, self.kinds = tables, kinds

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, book: "Workbook", owner: type) -> pd.DataFrame:
        """Note what the part is made of, and return it."""
        if self.name not in book.not_noted:
            for kind in self.kinds:
                book.catalogue.note_kind(kind)
            for table in self.tables:
                book.catalogue.note_table(table)
        return book.frames[self.name]


@dataclass(frozen=True)
class Workbook:
    """Tidy tables by name. Codes are text; unknown figures are NA; `tabell` names a row's source.

    Where two tables have the same figure, the one with lower `precedence` counts; `overlaps` keeps
    both.

    mottagna: kommunkod, ar, kategori → antal, varav_ensamkommande (persons).
    manader: kommunkod, ar, manad → antal (persons), sekretess ("ja" where the source hides fewer
        than 6). The kommunkod is NA for those received in a municipality that is not known.
    manader_summor: lanskod ("00" is the nation), ar, manad → antal, as printed; for checking only.
    asylsokande_manader: ar, manad → asylsokande, ensamkommande and more (persons), the nation.
    sammanlagt: kommunkod ("00" is the nation's mean), fran_ar, till_ar → per_1000 (persons received
        in all those years per 1 000 inhabitants); never mixed with the years of `mottagna`.
    andelstal: kommunkod, ar → andelstal (‰), utfall (children) and the intervals as printed;
        utfall_preliminart says when a part-year outcome was read, NA for a whole year's.
    kommuntal: kommunkod, ar → kommuntal (persons) in force, beslutad (its date); harledd is true
        where no source states it, harledd_ur says what it follows from: "lanstal", "ensam" or
        "skillnad".
    kommuntal_ersatta: kommunkod, ar, beslutad → kommuntal (persons) that was replaced.
    lanstal: lanskod, ar, beslut → lanstal (persons), slag, galler_fran; harledd as above.
    fordelningstal: lanskod, ar → fordelningstal (places for children).

    Attributes:
        catalogue: The published tables' entries; its `read` and `values` tell what has been taken.
        frames: The parts by name; whoever takes one here is not noted.
        checked: Every table as published and checked, by id; not noted either.
        not_noted: Parts that may be taken without being noted.
        found: What has been computed of these frames, by name.
    """

    catalogue: Catalogue
    frames: Mapping[str, pd.DataFrame]
    checked: Mapping[str, pd.DataFrame]
    not_noted: frozenset[str] = frozenset()
    found: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    lan = Part("lan")
    kommuner = Part("kommuner")
    folkmangd = Part(kinds=["folkmangd"])
    asylsokande = Part("asylsokande_riket")
    asylsokande_manader = Part("asylsokande_manad")
    mottagna = Part(kinds=["kommunmottagna"])
    sammanlagt = Part("mottagna_sammanlagt")
    manader = Part(kinds=["kommunmottagna_manad"])
    manader_summor = Part(kinds=["kommunmottagna_manad_summor"])
    kommuntal = Part("kommuner", kinds=["kommuntal", "lanstal"])  # for what is derived
    kommuntal_ersatta = Part(kinds=["kommuntal"])
    lanstal = Part(kinds=["lanstal"])
    fordelningstal = Part("fordelningstal_2016")
    anvisningar = Part("anvisningar_riket")
    prognoser = Part(kinds=["prognoser"])
    andelstal = Part("kommuner", kinds=["andelstal"])
    andelstal_summor = Part("kommuner", kinds=["andelstal"])
    uppgifter = Part("dokumentuppgifter")
    enskilda = Part("enskilda_uppgifter")
    overlaps = Part(kinds=["kommunmottagna", "kommuntal", "lanstal", "folkmangd", "prognoser"])

    @property
    def published(self) -> Mapping[str, pd.DataFrame]:
        """Every table as published and checked, by id; each is noted when it is taken."""
        return self.catalogue.noted(self.checked)

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
        return self.computed(f"rows of {asked}", asked.of, self.frames[part])

    def checksum(self, asked: Asked) -> str:
        """Return the checksum of the rows that are asked for, as they are now; nothing is noted."""
        name = asked.name
        return checksum_of(asked, self.computed(f"blocks of {name}", _blocks, self.frames, name))

    def with_own_record(self) -> "Workbook":
        """Return the same tables with a record of their own: what is taken of them is noted there
        and not here.
        """
        return replace(self, catalogue=self.catalogue.with_own_record())

    def without_noting(self, part: str) -> "Workbook":
        """Return the same tables and record, where a part may be taken without being noted: what
        matters of it has been noted more finely.
        """
        return replace(self, not_noted=self.not_noted | {part})

    def computed(
        self,
        name: str,
        compute: Callable[Given, Found],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Found:
        """Return what is computed of the tables; the first time it is computed, then kept by name.

        What it is computed of is handed in (`given`): whoever asks takes it, so that it is noted
        each time.
        """
        if name not in self.found:
            self.found[name] = compute(*given, **named)
        return cast(Found, memory.own(self.found[name]))

    def place(self, kod: str) -> Place:
        """Return the nation ("00"), a county (two digits) or a municipality (four) by its code."""
        if kod == NATION:
            return self.country
        return self.county(kod) if len(kod) == 2 else self.municipality(kod)

    @property
    def _places(self) -> Mapping[str, Place]:
        return self.computed("places", _gazetteer, self.lan, self.kommuner)

    def county(self, key: str) -> Place:
        """Return a county by letter ("AC") or code ("24"); ParameterError names the nearest."""
        known = self._places.get(key.strip().upper())
        return (
            known if known and known.kind == "lan" else places.county(self.lan, self.kommuner, key)
        )

    def municipality(self, kommunkod: str) -> Place:
        """Return a municipality by its code ("2480"); ParameterError names the nearest."""
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
    def rules(self) -> Rules:
        """The dated rules that computations follow, each from the year it begins."""
        self.catalogue.note_file(self.catalogue.root / RULES)
        return self.computed("rules", dated_rules, self.catalogue)

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
    dated_rules(catalogue)  # a faulty rule is told before any report is begun
    absent = [
        fault
        for entry in catalogue.tables.values()
        if entry.detailed
        for fault in file_faults(catalogue, entry)
    ]
    if absent:
        raise DataError(*absent)
    # what it took to load the tables is not what is shown of them
    unread = catalogue.with_own_record()
    if found := memory.taken(catalogue):
        return Workbook(aside.unread(unread, found["checked"]), **found)
    ready = parquet.read(catalogue)
    return (
        read_and_check(catalogue)
        if ready is None
        else Workbook(aside.unread(unread, ready[1]), *ready)
    )


def read_and_check(catalogue: Catalogue) -> Workbook:
    """Do what `load` does, from the published tables themselves."""
    from helpers.tables.schemas import SCHEMAS  # pandera, which tables read before have no use of

    checked: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    own = catalogue.tables.items()
    imported = [name for name, entry in own if name not in SCHEMAS and not entry.detailed]
    faulty: dict[str, str] = {}
    for table_id in (*SCHEMAS, *imported):
        try:
            checked[table_id] = checked_table(catalogue, table_id)
        except DataError as error:
            if aside.may_be(catalogue[table_id]):
                faulty[table_id] = error.problems[0]
            else:
                problems += error.problems
    problems = problems or tidy.strange_codes(checked, catalogue.tables)
    if problems:
        raise DataError(*problems)
    if faulty and load_catalogue(catalogue.root).written != catalogue.written:
        raise DataError(*faulty.values())  # others are in place by now, and are read instead
    catalogue = aside.set_aside(catalogue, faulty)
    workbook = bundle(checked, catalogue)
    changed = [fault for name in checked for fault in checksum_faults(catalogue, catalogue[name])]
    if changed:  # told last: a fault in the file itself says more than its checksum
        raise DataError(*changed)
    return workbook


def bundle(
    checked: dict[str, pd.DataFrame],
    catalogue: Catalogue,
    kept: Workbook | None = None,
    kinds: Collection[str] = (),
) -> Workbook:
    """Return checked tables as tidy ones.

    Args:
        checked: Every table as published and checked, by id.
        catalogue: Their entries.
        kept: The same tables but for those of some kinds: what is made of the others is taken
            from it.
        kinds: Those kinds.

    Raises:
        DataError: what they say of each other.
    """
    before = {} if kept is None else kept.checked
    plain = {
        name: frame if frame is before.get(name) else frame.reset_index(drop=True)
        for name, frame in checked.items()
    }
    earlier = None if kept is None else kept.frames
    parts = _as_published(plain) | stacked(checked, catalogue, earlier, kinds)
    return Workbook(catalogue.with_own_record(), parts, plain)


def _as_published(plain: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The parts that are one published table each, by name."""
    parts = {name: part for name, part in vars(Workbook).items() if isinstance(part, Part)}
    alone = {name: part.tables[0] for name, part in parts.items() if not part.kinds}
    return {
        name: plain[table].assign(tabell=table) if name in NAMED else plain[table]
        for name, table in alone.items()
    }


def _blocks(frames: Mapping[str, pd.DataFrame], name: str) -> Blocks:
    return MappingProxyType(blocks_of(name, frames[name]))  # read-only, so that all may have it


def _gazetteer(lan: pd.DataFrame, kommuner: pd.DataFrame) -> Mapping[str, Place]:
    return MappingProxyType(places.gazetteer(lan, kommuner))
