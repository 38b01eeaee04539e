"""Provenance as data: one typed entry per published table, read from `data/sources.toml`."""

import datetime
import os
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.contracts.files import bytes_in, checksum, resolved
from helpers.errors import DataError, SetupError, told
from helpers.sources.noted import Noted

# lower wins: 10 an agency's imported file, 20 the project's own, 25 SCB, 30 Kolada
BY_ORDER = "Två källor har olika tal; det första används enligt den angivna ordningen."
PROJECT_PRECEDENCE = 20
ENTRIES = ("sources.toml", "imported/entries.toml")
WRITTEN = (
    "# Written by `mottagning data`; one entry per imported or fetched table, and a last line that"
    " says so."
)
# a file that was cut off lacks it, whatever else of it can be read
LAST = "# That was the last entry."
IMPORTED = re.compile(r"imported/[^/\\\0]+\.(csv|parquet)")
AGAIN = (
    "Put the file back from a copy; or move it away, and import or fetch its tables again. "
    "The tables themselves lie untouched beside it."
)
FRESHNESS = "freshness"  # the part of sources.toml that is no table
T = TypeVar("T")
# what a person writes of a table: a name, and a note
Word = Annotated[str, Field(max_length=500)]
Note = Annotated[str, Field(max_length=5000)]
PROJECT = Path(__file__).resolve().parents[3]


class Discrepancy(BaseModel):
    """A contradiction inside a source that we know of.

    `check` finds it, `difference` is what it found then (another difference is a new
    contradiction), and `says` tells why, without numbers: both stand beside it. `follows_from`
    names the assumption (A3) that it follows from, if it is no fault of the source's.
    """

    model_config = ConfigDict(extra="forbid")
    check: Word
    difference: float
    says: Note
    follows_from: Word = ""


class SourceTable(BaseModel):
    """One published table: who published it, when we read it, how it is written, how far it is
    trusted.

    `kind` names what the table holds, where others hold the same; else it is known by its id.
    `precedence` settles which of two tables counts where both have a figure: the lower.
    `measure` is set where the table does not count what others of its kind do: "unnamed" where it
    does not say. `superseded` has the checksums of the files that an imported table was made from
    before this one, and `before` the entry that it replaced, whose file is kept for taking the
    import back; `held` says what the file held. `utfall_preliminart` says when the outcomes of a
    share table were read, if the year was not over: then they are preliminary wherever they are
    shown, and `utfall_tidigast_manad` the month after which they were read at the earliest.
    `incomplete` says that units are missing that the source does not say have none: its sums can
    only be too low. A table of millions of rows lies as Parquet; the number of `rows` and the
    `size` in bytes are noted.
    """

    model_config = ConfigDict(extra="forbid")
    id: Word
    path: Word
    producer: Word
    title: Word
    published: Word
    read_on: datetime.date
    licence: Word
    sha256: Word
    origin: Literal["official", "county", "press", "estimated"]
    trust: Literal["high", "medium", "low"]
    delimiter: Word = ","
    decimal: Literal[",", "."] = "."
    missing: tuple[Word, ...] = ()
    columns: dict[Word, Word] = {}
    sum_row: Word | None = None
    lan: Word | None = None
    ar: int | None = None
    antagande_ar: int | None = None
    utfall_preliminart: Word = ""
    utfall_tidigast_manad: int | None = None
    documents: dict[Word, Note] = {}
    notes: Note = ""
    warning: Note = ""
    kind: Word = ""
    measure: Word = ""
    precedence: int = PROJECT_PRECEDENCE
    incomplete: bool = False
    layout: Word = ""
    imported: Word = ""
    original: str = ""  # a file's name need not be text
    original_sha256: Word = ""
    superseded: tuple[Word, ...] = ()
    before: dict[str, Any] = {}
    held: Note = ""
    rows: int | None = None
    size: int | None = None
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def shown_path(self) -> str:
        """The path as a message names it, the same on every machine."""
        return f"data/{self.path}"

    @property
    def entry_id(self) -> str:
        """What `fingerprints` calls this entry, whichever of the two files it stands in."""
        return f"{ENTRIES[0]}#{self.id}"

    @property
    def entry_file(self) -> str:
        """The file, below the data folder, with this entry."""
        return ENTRIES[self.path.startswith("imported/")]

    @property
    def remade(self) -> str:
        """The command that makes an imported or fetched table again; "" for one of the project's
        own.
        """
        if self.original.startswith(("https://", "http://")):
            return "mottagning data fetch"
        return f"mottagning data import {shlex.quote(self.original)}" if self.original else ""

    @property
    def detailed(self) -> bool:
        """Whether the table is Parquet, read by column when it is asked for and not with the
        rest.
        """
        return self.path.endswith(".parquet")


class Limit(BaseModel):
    """How old a source may be, in days since it was read, or since the date in its `published`."""

    model_config = ConfigDict(extra="forbid", strict=True)
    days: Annotated[int, Field(ge=1)]
    by: Literal["read_on", "published"] = "read_on"


@dataclass(frozen=True)
class Catalogue:
    """Every published table by id, the folder they lie in, and what has been read through it.

    `limits` tells how old they may be, by kind or table. `written` is the checksum of both files
    that say all this. `read` holds the ids that `fingerprints` knows; the catalogue adds those of
    the entries that are taken of it. `values` holds what was read more finely: rows of a table by
    place and year, and figures derived once a run, by name, each with the checksum of what it held.
    """

    root: Path
    entries: dict[str, SourceTable]
    limits: dict[str, Limit] = field(default_factory=dict)
    written: str = ""
    read: set[str] = field(default_factory=set, compare=False, repr=False)
    values: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def with_own_record(self) -> "Catalogue":
        """Return the same tables with a record of their own, in which nothing is noted yet."""
        return replace(self, read=set(), values={})

    @property
    def tables(self) -> Mapping[str, SourceTable]:
        """Every table's entry by id."""
        return Noted(
            self.entries, lambda own: self.read.add(self.entries[own].entry_id), self._note_which
        )

    def __getitem__(self, table_id: str) -> SourceTable:
        return self.tables[table_id]

    def file(self, table_id: str) -> Path:
        """Return the path of a table's file on this machine."""
        self.note_table(table_id)
        return self.root / self.entries[table_id].path

    def note_table(self, table_id: str) -> None:
        """Note that a table is read: its file, and the entry that says how."""
        entry = self.entries[table_id]
        self.read.update((entry.path, entry.entry_id))

    def note_kind(self, kind: str) -> None:
        """Note that all tables of a kind are read, and that it matters which there are."""
        self.read.add(kind_id(kind))
        for own, entry in self.entries.items():
            if entry.kind == kind:
                self.note_table(own)

    def note_file(self, path: Path) -> None:
        """Note that a file is read that is no table."""
        whole, root = resolved(path), resolved(self.root)
        self.read.add((whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix())

    def noted(self, tables: Mapping[str, T]) -> Mapping[str, T]:
        """Return tables by id such that each is noted when it is taken."""
        return Noted(tables, self.note_table, self._note_which)

    def _note_which(self) -> None:
        self.read.add(kind_id("*"))


def kind_id(kind: str) -> str:
    """Return what `fingerprints` calls the list of the tables of a kind; "*" is any kind."""
    return f"{ENTRIES[0]}#kind={kind}"


def data_folder(data_dir: Path | None = None) -> Path:
    """Return the data folder: the one given, else MOTTAGNING_DATA, else the project's own."""
    return data_dir or Path(os.environ.get("MOTTAGNING_DATA") or PROJECT / "data")


def load_catalogue(data_dir: Path | None = None) -> Catalogue:
    """Read `sources.toml`, and `imported/entries.toml` where there is one, and return all tables in
    them.

    Raises:
        DataError: the file is missing, is not TOML, or an entry lacks or misspells a field, or an
            imported table takes the id of one of the project's own; every faulty entry is named at
            once.
        SetupError: a file cannot be read.
    """
    root = data_folder(data_dir)
    if not (root / ENTRIES[0]).exists():
        raise DataError(
            f"{root / ENTRIES[0]}: there is no catalogue of sources. Point MOTTAGNING_DATA at a"
            " data folder."
        )
    problems: list[str] = []
    texts = {name: _text(root, name) for name in ENTRIES}
    found = {name: _toml(name, text) for name, text in texts.items()}
    limits = _limits(found[ENTRIES[0]], problems)
    tables = _tables(found, problems)
    if problems:
        raise DataError(*problems)
    written = "\0".join(text or "" for text in texts.values())
    return Catalogue(root, tables, limits, checksum(written))


def of_one_generation(data_dir: Path | None, read: Callable[[Catalogue], T]) -> T:
    """Read tables as one catalogue names them; anew, if that failed and others have been put in
    place meanwhile.

    Raises:
        DataError, SetupError: as `load_catalogue`, and what `read` raises of the tables that are in
            force.
    """
    catalogue = load_catalogue(data_dir)
    while True:
        try:
            return read(catalogue)
        # a file may go between a look at it and its reading
        except (DataError, SetupError, FileNotFoundError):
            now = load_catalogue(data_dir)
            if now.written == catalogue.written:
                raise
            catalogue = now


def _tables(found: Mapping[str, dict[str, Any]], problems: list[str]) -> dict[str, SourceTable]:
    tables: dict[str, SourceTable] = {}
    for name, entries in found.items():
        before = len(problems)
        for table_id, entry in entries.items():
            if table_id == FRESHNESS:
                continue
            if table_id in tables:
                problems.append(
                    f"data/{name}, [{table_id}]: the id is taken by {ENTRIES[0]}. Choose another."
                )
                continue
            try:
                tables[table_id] = SourceTable(id=table_id, **entry)
            except (ValidationError, TypeError) as error:
                problems += _entry_problems(name, table_id, error)
                continue
            path = tables[table_id].path
            if name == ENTRIES[1] and not IMPORTED.fullmatch(path):
                problems.append(
                    f"data/{name}, [{table_id}], path: found {path[:60]!r}, no table in imported/."
                )
        if name == ENTRIES[1] and len(problems) > before:
            problems.append(f"data/{name}: {AGAIN}")
    return tables


def _limits(found: Mapping[str, Any], problems: list[str]) -> dict[str, Limit]:
    """The agreed limits; `source = 400` is short for `source = { days = 400 }`."""
    given = found.get(FRESHNESS, {})
    limits: dict[str, Limit] = {}
    for source, limit in (given if isinstance(given, dict) else {"": given}).items():
        try:
            limits[source] = Limit.model_validate(
                {"days": limit} if isinstance(limit, int) else limit
            )
        except ValidationError as error:
            faults = _entry_problems(ENTRIES[0], f"{FRESHNESS}.{source}", error)
            problems += [f"{fault} Write a whole number of days." for fault in faults]
    return limits


def entries_in(root: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return one file's entries by table id, as they stand; none where there is no file.

    Raises:
        DataError: it is not readable as TOML, or was cut off. SetupError: it cannot be read at all.
    """
    return {own: entry for own, entry in _toml(name, _text(root, name)).items() if own != FRESHNESS}


def _text(root: Path, name: str) -> str | None:
    """What stands in a file; None where there is none."""
    path = root / name
    if not os.path.lexists(path):
        return None
    try:
        return bytes_in(path).decode("utf-8")
    except OSError as error:
        raise SetupError(told(error, path)) from None
    except UnicodeDecodeError as error:
        raise DataError(f"data/{name}: not readable as TOML ({error}). {_mend(name)}") from None


def _toml(name: str, text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"data/{name}: not readable as TOML ({str(error)[:200]}). {_mend(name)}"
        ) from None
    lines = text.splitlines()
    # other hands write no last line
    if name == ENTRIES[1] and LAST not in lines and (WRITTEN in lines or not found):
        raise DataError(f"data/{name}: was emptied or cut off. {AGAIN}")
    return found


def _mend(name: str) -> str:
    return "Mend that line." if name == ENTRIES[0] else AGAIN


def _entry_problems(name: str, table_id: str, error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return [f"data/{name}, [{table_id}]: expected a table of fields, none of them called id."]
    return [
        f"data/{name}, [{table_id}], {'.'.join(map(str, fault['loc']))}: {fault['msg']}; "
        f"found {str(fault['input'])[:60]!r}."
        for fault in error.errors()
    ]


def toml_beside(catalogue: Catalogue, name: str, why: str) -> dict[str, Any]:
    """Return what a TOML file beside the catalogue says. The file is noted as read.

    Args:
        catalogue: The catalogue.
        name: The file's name.
        why: What it is needed for, for the message that it is missing.

    Raises:
        DataError: it is missing, or is not TOML.
        SetupError: it cannot be read.
    """
    path = catalogue.root / name
    catalogue.note_file(path)
    try:
        return tomllib.loads(bytes_in(path).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"data/{name}: the file is missing. Put it back: {why}.") from None
    except OSError as error:
        raise SetupError(told(error, path)) from None
    except (ValueError, RecursionError) as error:
        problem = f"not readable as TOML ({error}). Correct that line."
        raise DataError(f"data/{name}: {problem}") from None
