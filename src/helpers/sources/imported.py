"""Write imported and fetched tables beside the project's own: all of a table, or nothing of it.

A table's file is named by its content and never written over. What one writing put out of use, and
what a killed one had begun to put there, is noted in `.left`, and removed by the next who holds the
folder.
"""

import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from helpers.contracts.files import (
    alone,
    bytes_in,
    checksum,
    kind_of,
    opened,
    refuse_other,
    remove_asides,
    replace,
    sha256_of,
)
from helpers.contracts.marks import refuse_in_the_way
from helpers.errors import DataError, ParameterError, SetupError, told
from helpers.sources.catalogue import (
    ENTRIES,
    IMPORTED,
    Catalogue,
    SourceTable,
    entries_in,
    load_catalogue,
)

FOLDER, LEFT = "imported", ".left"
ASIDE = ".new-"
KEPT = 5  # earlier imports of a table that can be taken back to, one after another
TABLE_ID = re.compile(r"[a-z0-9_]+")
KINDS = {FOLDER: stat.S_IFDIR, ENTRIES[1]: stat.S_IFREG, f"{FOLDER}/{LEFT}": stat.S_IFREG}
TABLE_FILE = r"([a-z0-9_]+)[-_]([0-9a-f]{8})\.(csv|parquet)"


Content = str | Path  # a table as CSV text, or a finished file that is moved into place


@contextmanager
def held(data_dir: Path, when_taken: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the data folder for one who loads, judges and writes tables, in that order, as `alone`
    does.

    Raises:
        SetupError: it cannot be held or written, or a link lies in its place.
        DataError: the present entries are not sound.
    """
    with alone(data_dir, when_taken) as first:
        if first:
            refuse_in_the_way(data_dir, KINDS)
            _sweep(data_dir)
        yield


def write_tables(data_dir: Path, tables: Sequence[tuple[SourceTable, Content]]) -> None:
    """Write tables in published form into `imported/`, then their entries, in one step each.

    A Parquet file is moved from where it was written, on the same disk (`workplace`). An older
    table of the same id is superseded. The checksum is taken from the content here, and stands in
    the file's name. If the process dies, the entries name either all the old tables or all the new.

    Args:
        data_dir: The data folder; `held` by who judged the tables by what lies there.
        tables: Entries, with the path that each file is to have but for the content's mark, and
            contents.

    Raises:
        DataError: an id or a path is not allowed, or the present entries cannot be read.
        SetupError: the folder cannot be written; what was there is in force.
    """
    problems = [problem for entry, _ in tables for problem in _entry_faults(entry)]
    if problems:
        raise DataError(*problems)
    with held(data_dir):
        try:
            _write(data_dir, tables)
        except OSError as error:
            raise SetupError(told(error, data_dir / FOLDER)) from None


@contextmanager
def workplace(data_dir: Path) -> Iterator[Path]:
    """Give an empty folder on the disk of `imported/` to who holds the data folder; gone afterwards
    with what is in it.

    Raises:
        SetupError: the folder cannot be made.
    """
    try:
        (data_dir / FOLDER).mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=data_dir / FOLDER))
    except OSError as error:
        raise SetupError(told(error, data_dir / FOLDER)) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(data_dir: Path, tables: Sequence[tuple[SourceTable, Content]]) -> None:
    before = entries_in(data_dir, ENTRIES[1])
    entries: dict[str, dict[str, object]] = dict(before)
    for entry, content in tables:
        earlier = before.get(entry.id, {})
        entries[entry.id] = _fields(_remembering(entry, earlier), content)
        if entry.imported and earlier.get("imported"):  # what was fetched can be fetched again
            entries[entry.id]["before"] = _shortened(earlier, KEPT)
    new, old = (
        _named({entry.id: one.get(entry.id, {}) for entry, _ in tables})
        for one in (entries, before)
    )
    left = _left(data_dir)
    _note_left(data_dir, left | new | old)
    try:
        for entry, content in tables:
            _put(content, data_dir / str(entries[entry.id]["path"]))
        path = data_dir / ENTRIES[1]
        replace(path, _toml(bytes_in(path).decode("utf-8") if path.is_file() else "", entries))
    except BaseException:
        with suppress(OSError):  # what is not removed here, the next who holds the folder removes
            for name in new - _named(before):
                (data_dir / name).unlink(missing_ok=True)
            _note_left(data_dir, left)
        raise
    _note_left(data_dir, (left | old) - _named(entries))


def _put(content: Content, path: Path) -> None:
    if isinstance(content, Path):
        refuse_other(path)
        content.replace(path)
    else:
        replace(path, content)


def _named(entries: dict[str, dict[str, Any]]) -> set[str]:
    return {name for fields in entries.values() for name in _paths(fields)}


def _paths(fields: dict[str, Any]) -> Iterator[str]:
    """The file of a table, and those of the tables that it can be taken back to."""
    while fields:
        if "path" in fields:
            yield str(fields["path"])
        fields = fields.get("before", {})


def _shortened(fields: dict[str, Any], most: int) -> dict[str, Any]:
    """An entry with at most so many of those before it, itself among them."""
    rest = fields.get("before", {})
    kept = {name: value for name, value in fields.items() if name != "before"}
    return kept | ({"before": _shortened(rest, most - 1)} if rest and most > 1 else {})


def undo(data_dir: Path, table_id: str) -> dict[str, str]:
    """Take back the import that a table came with: all tables of that file lie as they did before,
    byte for byte, or are gone if there was nothing before.

    Returns:
        Each table's id, and the file (as it was called) that it is taken back to; "" where it is
        gone.

    Raises:
        ParameterError: no such table was imported. SetupError: the folder cannot be written.
    """
    with held(data_dir):
        before = entries_in(data_dir, ENTRIES[1])
        own = before.get(table_id, {})
        if not own.get("imported"):
            known = [name for name, fields in before.items() if fields.get("imported")]
            listed = f"Imported are: {', '.join(known)}." if known else "Nothing is imported."
            raise ParameterError(f"{table_id!r} is no table that was imported. {listed}")
        same = ("imported", "original_sha256")
        group = [
            name
            for name, fields in before.items()
            if all(fields.get(word) == own.get(word) for word in same)
        ]
        entries: dict[str, dict[str, object]] = {**before}
        for name in group:
            earlier = entries.pop(name).get("before", {})
            entries |= {name: dict(earlier)} if isinstance(earlier, dict) and earlier else {}
        try:
            _note_left(data_dir, _left(data_dir) | (_named(before) - _named(entries)))
            path = data_dir / ENTRIES[1]
            replace(path, _toml(bytes_in(path).decode("utf-8"), entries))
        except OSError as error:
            raise SetupError(told(error, data_dir / FOLDER)) from None
    return {name: str(entries.get(name, {}).get("original", "")) for name in group}


def _remembering(entry: SourceTable, old: dict[str, Any]) -> SourceTable:
    """Keep the checksums of the files it replaces: they must not be taken for new ones and come
    back.
    """
    files = dict.fromkeys([*old.get("superseded", []), old.get("original_sha256", "")])
    replaced = tuple(file for file in files if file not in ("", entry.original_sha256))
    return entry.model_copy(update={"superseded": replaced})


def _entry_faults(entry: SourceTable) -> list[str]:
    faults = []
    if not TABLE_ID.fullmatch(entry.id):
        faults.append(f"{entry.id!r}: a table's id has only a–z, 0–9 and _. Choose another.")
    path = Path(entry.path)
    if (
        path.is_absolute()
        or ".." in path.parts
        or path.parts[:1] != (FOLDER,)
        or len(path.parts) != 2
    ):
        faults.append(
            f"{entry.id}: the path {entry.path!r} is not a file in {FOLDER}/. Write"
            f" {FOLDER}/{entry.id}.csv."
        )
    return faults


def _fields(entry: SourceTable, content: Content) -> dict[str, object]:
    """What is written of an entry, with the content's checksum, also in the file's name."""
    size = content.stat().st_size if isinstance(content, Path) else None
    found = sha256_of(content) if isinstance(content, Path) else checksum(content)
    path = Path(entry.path)
    name = path.with_name(f"{path.stem}-{found[:8]}{path.suffix}").as_posix()
    whole = entry.model_copy(update={"sha256": found, "path": name, "size": size})
    return whole.model_dump(exclude={"id"}, exclude_defaults=True)


def file_faults(catalogue: Catalogue, entry: SourceTable) -> list[str]:
    """Return a message if a detailed table's file is gone or has another size than when it was
    imported.

    It is what can be told without reading the file: its checksum is taken when its rows are. The
    time of change is not looked at; a copied data folder has new ones.
    """
    path = catalogue.file(entry.id)
    if not path.is_file():
        return [f"{entry.shown_path}: the table is missing. Run `{entry.remade}`."]
    size = path.stat().st_size
    if size == entry.size:
        return []
    return [f"{entry.shown_path}: found {size} bytes, recorded {entry.size}. Run `{entry.remade}`."]


def _sweep(data_dir: Path) -> None:
    """Remove what those before left: files of tables out of use, and what killed ones were at;
    nothing of another's.
    """
    folder, entries = data_dir / FOLDER, load_catalogue(data_dir).entries
    in_use = {
        name
        for one in entries.values()
        for name in _paths({"path": one.path, "before": one.before})
    }
    if not folder.is_dir():
        return
    try:
        remove_asides(folder, rf"entries\.toml|{re.escape(LEFT)}|{TABLE_FILE}")
        for workplace in folder.glob(f"{ASIDE}*"):
            if workplace.is_dir() and not workplace.is_symlink():
                shutil.rmtree(workplace)
        # else the entries have been moved away, and may come back
        if (data_dir / ENTRIES[1]).is_file():
            for name in (_left(data_dir) | _unnoted(folder, entries, in_use)) - in_use:
                (data_dir / name).unlink(missing_ok=True)
            _note_left(data_dir, set())
    except OSError as error:
        raise SetupError(told(error, folder)) from None


def _unnoted(folder: Path, entries: Mapping[str, SourceTable], in_use: set[str]) -> set[str]:
    """The files of tables that versions which noted nothing have put there, as far as it can be
    told that they are.

    A name ends with part of a checksum, of what the file holds or of one that a table on record was
    made from; or it is a table's id alone, and the file has the columns of the table that is now on
    record.
    """
    known = {
        (own, file[:8])
        for own, one in entries.items()
        for file in (one.original_sha256, *one.superseded)
    }
    found = set()
    for path in folder.iterdir():
        if kind_of(path) != stat.S_IFREG or f"{FOLDER}/{path.name}" in in_use:
            continue
        if match := re.fullmatch(TABLE_FILE, path.name):
            ours = match.groups()[:2] in known or sha256_of(path).startswith(match[2])
        else:
            entry = entries.get(path.stem) if path.suffix == ".csv" else None
            ours = entry is not None and _header(path) == _header(folder.parent / entry.path)
        if ours:
            found.add(f"{FOLDER}/{path.name}")
    return found


def _header(path: Path) -> bytes:
    with opened(path) as file:
        return file.readline(1 << 16)


def _left(data_dir: Path) -> set[str]:
    """The files that the one before noted as out of use, or was about to put there."""
    note = data_dir / FOLDER / LEFT
    lines = bytes_in(note).decode("utf-8", "replace").splitlines() if note.is_file() else []
    return {line for line in lines if IMPORTED.fullmatch(line)}


def _note_left(data_dir: Path, names: set[str]) -> None:
    note = data_dir / FOLDER / LEFT
    if names:
        replace(note, "\n".join(sorted(names)) + "\n")
    else:
        note.unlink(missing_ok=True)


def _toml(before: str, entries: dict[str, dict[str, object]]) -> str:
    from helpers.sources import recording  # slow to import, and who only reads has no use of it

    return recording.with_entries(before, entries)
