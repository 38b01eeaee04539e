"""Write imported and fetched tables beside the project's own: all of a table, or nothing of it."""

import hashlib
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.errors import DataError, SetupError
from helpers.sources.atomic import alone, replace
from helpers.sources.catalogue import Catalogue, SourceTable, sha256_of

FOLDER, ENTRIES = "imported", "entries.toml"
ASIDE = ".new-"
TABLE_ID = re.compile(r"[a-z0-9_]+")


Content = str | Path  # a table as CSV text, or a finished file that is moved into place


def write_table(data_dir: Path, entry: SourceTable, csv_text: str) -> None:
    """Write one table and its entry; see `write_tables`."""
    write_tables(data_dir, [(entry, csv_text)])


def write_tables(data_dir: Path, tables: Sequence[tuple[SourceTable, Content]]) -> None:
    """Write tables in published form into `imported/`, then their entries, in one step each.

    A Parquet file is moved from where it was written, on the same disk (`workplace`). An older table
    of the same id is superseded. The checksum is taken from the content here. If the
    process dies, the entries name either all the old tables or all the new, as long as a new
    version has a path of its own.

    Raises:
        DataError: an id or a path is not allowed, or the present entries cannot be read.
        SetupError: the folder cannot be written.
    """
    problems = [problem for entry, _ in tables for problem in _entry_faults(entry)]
    if problems:
        raise DataError(*problems)
    try:
        with alone(data_dir / FOLDER):
            _write(data_dir, tables)
    except OSError as error:
        raise SetupError(f"{data_dir / FOLDER}: cannot be written ({error.strerror}). Check the folder.") from None


@contextmanager
def workplace(data_dir: Path) -> Iterator[Path]:
    """Give an empty folder on the disk of `imported/`, gone afterwards with all that was not moved out of it.

    What a killed process left behind is removed first: a folder that no one has locked.

    Raises:
        SetupError: the folder cannot be made.
    """
    import fcntl  # not on Windows, where tables are read all the same

    try:
        with alone(data_dir / FOLDER):
            for left in (data_dir / FOLDER).glob(f"{ASIDE}*"):
                _remove_if_left(left)
            folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=data_dir / FOLDER))
            held = os.open(folder, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
    except OSError as error:
        raise SetupError(f"{data_dir / FOLDER}: cannot be written ({error.strerror}). Check the folder.") from None
    try:
        yield folder
    finally:
        os.close(held)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass  # its process is at work
    finally:
        os.close(descriptor)


def _write(data_dir: Path, tables: Sequence[tuple[SourceTable, Content]]) -> None:
    entries = _present(data_dir)
    old = [str(entries[entry.id].get("path", "")) for entry, _ in tables if entry.id in entries]
    for entry, content in tables:
        entries[entry.id] = _fields(_remembering(entry, entries.get(entry.id, {})), content)
        if isinstance(content, Path):
            content.replace(data_dir / entry.path)
        else:
            replace(data_dir / entry.path, content)
    path = data_dir / FOLDER / ENTRIES
    replace(path, _toml(path.read_text("utf-8") if path.is_file() else "", entries))
    _remove_superseded(data_dir, old, {str(fields["path"]) for fields in entries.values()})


def _remembering(entry: SourceTable, old: dict[str, Any]) -> SourceTable:
    """Keep the checksums of the files it replaces: they must not be taken for new ones and come back."""
    files = dict.fromkeys([*old.get("superseded", []), old.get("original_sha256", "")])
    replaced = tuple(file for file in files if file not in ("", entry.original_sha256))
    return entry.model_copy(update={"superseded": replaced})


def _entry_faults(entry: SourceTable) -> list[str]:
    faults = []
    if not TABLE_ID.fullmatch(entry.id):
        faults.append(f"{entry.id!r}: a table's id has only a–z, 0–9 and _. Choose another.")
    path = Path(entry.path)
    if path.is_absolute() or ".." in path.parts or path.parts[:1] != (FOLDER,) or len(path.parts) != 2:
        faults.append(f"{entry.id}: the path {entry.path!r} is not a file in {FOLDER}/. Write {FOLDER}/{entry.id}.csv.")
    return faults


def _present(data_dir: Path) -> dict[str, dict[str, object]]:
    path = data_dir / FOLDER / ENTRIES
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"data/{FOLDER}/{ENTRIES}: not readable as TOML ({error}). Mend or remove it.") from None


def _fields(entry: SourceTable, content: Content) -> dict[str, object]:
    if isinstance(content, Path):
        told: dict[str, object] = {"sha256": sha256_of(content), "size": content.stat().st_size}
    else:
        told = {"sha256": hashlib.sha256(content.encode("utf-8")).hexdigest()}
    return entry.model_copy(update=told).model_dump(exclude={"id"}, exclude_defaults=True)


def file_faults(catalogue: Catalogue, entry: SourceTable) -> list[str]:
    """Return a message if a detailed table's file is gone or has another size than when it was imported.

    It is what can be told without reading the file: its checksum is taken when its rows are. The time of
    change is not looked at; a copied data folder has new ones.
    """
    path = catalogue.file(entry.id)
    if not path.is_file():
        return [f"{entry.shown_path}: the table is missing. Import {entry.original} anew."]
    size = path.stat().st_size
    if size == entry.size:
        return []
    return [f"{entry.shown_path}: found {size} bytes, recorded {entry.size}. Import {entry.original} anew."]


def _remove_superseded(data_dir: Path, old: list[str], kept: set[str]) -> None:
    for path in old:
        if path not in kept and re.fullmatch(rf"{FOLDER}/[\w.-]+\.(csv|parquet)", path):
            (data_dir / path).unlink(missing_ok=True)


def _toml(before: str, entries: dict[str, dict[str, object]]) -> str:
    from helpers.sources import toml_text  # slow to import, and who only reads has no use of it

    return toml_text.with_entries(before, entries)
