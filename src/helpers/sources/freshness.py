"""How new the data folder is: checksums of what is in it now, by id; how old each source is against
what was agreed; and whether one of them is another under a new name.

An id is a file's path below the data folder ("published/lan.csv", "scenarios/prov.yaml"; an
absolute path where the file lies elsewhere); an entry of the catalogue, imported ones too, but for
its checksum ("sources.toml#lan"); or which tables of a kind there are, in order
("sources.toml#kind=kommuntal"; of any kind: "sources.toml#kind=*"). Checksums are taken by a
process that reads no table.
"""

import calendar
import datetime
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.contracts.files import checksum, sha256_of
from helpers.errors import DataError
from helpers.sources.catalogue import (
    ENTRIES,
    Catalogue,
    Limit,
    SourceTable,
    data_folder,
    entries_in,
    kind_id,
)

KINDS = (  # there is a list of each of these, also while it is empty
    "andelstal",
    "folkmangd",
    "kommunmottagna",
    "kommunmottagna_manad",
    "kommunmottagna_manad_summor",
    "kommuntal",
    "lanstal",
    "prognoser",
)
RAW = "raw"
# what is dropped there and what is made of the tables: nothing that a report reads
LEFT_OUT = (RAW, "tidy")
ENTRY, KIND = f"{ENTRIES[0]}#", kind_id("")


def fingerprints(data_dir: Path | None = None, ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return the checksum (sha256) of each id as it is now.

    Args:
        data_dir: The data folder; by default as `data_folder` says.
        ids: What is asked for; by default every file, entry and kind there is.

    Returns:
        Id → 64 hexadecimal digits, in order of id. What is gone has no entry; of a kind there may
        be no table.

    Raises:
        DataError: the catalogue is not readable as TOML.
    """
    root = data_folder(data_dir)
    entries = {
        ENTRY + own: entry for name in ENTRIES for own, entry in entries_in(root, name).items()
    }
    found = {
        one: _fingerprint(root, one, entries)
        for one in sorted(set(_all(root, entries) if ids is None else ids))
    }
    return {one: known for one, known in found.items() if known}


def _all(root: Path, entries: dict[str, dict[str, Any]]) -> list[str]:
    files = (
        path.relative_to(root)
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    kinds = {"*", *KINDS, *(str(entry["kind"]) for entry in entries.values() if entry.get("kind"))}
    return [
        *entries,
        *map(kind_id, kinds),
        *(path.as_posix() for path in files if path.parts[0] not in LEFT_OUT),
    ]


def _fingerprint(root: Path, one: str, entries: dict[str, dict[str, Any]]) -> str:
    """One checksum; "" where there is no such thing."""
    if one.startswith(KIND):
        kind = one.removeprefix(KIND)
        return _of(
            [name for name, entry in entries.items() if kind in ("*", entry.get("kind", ""))]
        )
    if one.startswith(ENTRY):
        entry = entries.get(one)
        return (
            ""
            if entry is None
            else _of({name: value for name, value in entry.items() if name != "sha256"})
        )
    path = root / one
    return sha256_of(path) if path.is_file() else ""


def _of(value: object) -> str:
    return checksum(json.dumps(value, sort_keys=True, default=str))


SOURCES = "data/sources.toml, [freshness]"
DAY = re.compile(r"(?<![0-9])([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")


@dataclass(frozen=True)
class Age:
    """How old a kind of source is, told by its newest table.

    Attributes:
        source: The kind, or the table, that the limit names.
        table: The newest table of it.
        date: The date that counts, and which field it stands in.
        days: From then to today.
        limit: Days agreed.
    """

    source: str
    table: str
    date: datetime.date
    field: str
    days: int
    limit: int

    @property
    def stale(self) -> bool:
        return self.days > self.limit

    def __str__(self) -> str:
        said = {"read_on": "was read", "published": "was published"}[self.field]
        return (
            f"{self.source}: the newest table, {self.table}, {said} {self.date}, {self.days} days"
            f" ago; at most {self.limit} are agreed."
        )


def ages(catalogue: Catalogue, today: datetime.date) -> list[Age]:
    """Return the age of every source with a limit in the catalogue.

    Raises:
        DataError: a limit names no table, or counts from a `published` without a date; all at once.
    """
    found: list[Age] = []
    problems: list[str] = []
    for source, limit in catalogue.limits.items():
        tables = [table for table in catalogue.tables.values() if source in (table.id, table.kind)]
        if not tables:
            known = ", ".join(
                sorted({table.kind or table.id for table in catalogue.tables.values()})
            )
            problems.append(f"{SOURCES}, {source}: there is no such table or kind. Known: {known}.")
            continue
        try:
            found.append(_age(source, limit, tables, today))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(*problems)
    return found


def _age(source: str, limit: Limit, tables: Sequence[SourceTable], today: datetime.date) -> Age:
    days = [
        (table.read_on if limit.by == "read_on" else last_day(table.published), table.id)
        for table in tables
    ]
    dated = [(day, name) for day, name in days if day]
    if not dated:
        texts = ", ".join(f"{table.id} has {table.published!r}" for table in tables)
        raise DataError(
            f"{SOURCES}, {source}: no date can be read in published; {texts}. "
            'Write the date there as 2026-10-31, or leave out by = "published".'
        )
    day, newest = max(dated)
    return Age(source, newest, day, limit.by, (today - day).days, limit.days)


def last_day(text: str) -> datetime.date | None:
    """Return the last day that a text names, where a year or a month stands for its own last day;
    None if none.

    >>> last_day("2014-11–2022-02"), last_day("2022-02-23"), last_day("gällande indelning")
    (datetime.date(2022, 2, 28), datetime.date(2022, 2, 23), None)
    """
    found: list[datetime.date] = []
    for year, month, day in DAY.findall(text):
        y, m = int(year), int(month or 12)
        try:
            found.append(datetime.date(y, m, int(day) if day else calendar.monthrange(y, m)[1]))
        except (ValueError, calendar.IllegalMonthError):
            continue
    return max(found, default=None)


def refuse_stale(found: Sequence[Age]) -> None:
    """Refuse sources older than agreed.

    Raises:
        DataError: with every source, its date and its limit.
    """
    problems = [
        f"{age} Fetch or import a newer one, or give --stale-ok." for age in found if age.stale
    ]
    if problems:
        raise DataError(*problems)


def refuse_repeated(catalogue: Catalogue) -> None:
    """Refuse a table that has the same bytes as another: last year's file under a new name.

    Raises:
        DataError: every such pair.
    """
    first: dict[str, SourceTable] = {}
    problems: list[str] = []
    for table in catalogue.tables.values():
        known = first.setdefault(table.sha256, table)
        if table.sha256 and known is not table:
            problems.append(
                f"{table.shown_path}: same sha256 as {known.shown_path} ({table.sha256[:12]}…): one"
                " of them is the other under a new name. Put the right file in place of"
                f" {table.id}, or take its entry out."
            )
    if problems:
        raise DataError(*problems)
