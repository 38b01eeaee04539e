"""The tidy tables as Parquet in `data/tidy/`, for other tools and for `load`."""

import hashlib
import io
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ValidationError

import helpers
from helpers.contracts.files import bytes_in, kind_of, put, refuse_no_file, remove_asides
from helpers.contracts.marks import listed, mark_for, names_in, read_mark, remove_own, write_mark
from helpers.contracts.text import from_json, to_json
from helpers.errors import SetupError
from helpers.sources import Catalogue

FOLDER, INDEX, PUBLISHED = "tidy", "index.json", "published"
META = b"mottagning"
NAME = re.compile(r"(\w+/)?\w+", re.ASCII)
CODE = ("errors.py", "sources", "tables")
Frames = Mapping[str, pd.DataFrame]
Units = Callable[[str], Mapping[str, str]]


def key_of(catalogue: Catalogue) -> str:
    """Return what the tidy tables follow from, as one checksum: every source's bytes, the code and
    its libraries.
    """
    digest = hashlib.sha256(f"{_code()}\0{catalogue.written}".encode())
    for path in (entry.path for entry in catalogue.tables.values() if not entry.detailed):
        file = catalogue.root / path
        digest.update(f"\0{path}\0".encode() + (bytes_in(file) if file.is_file() else b"missing"))
    return digest.hexdigest()


@lru_cache
def _code() -> str:
    package = Path(helpers.__file__).parent
    files = sorted(
        file for name in CODE for file in [package / name, *(package / name).rglob("*.py")]
    )
    digest = hashlib.sha256(f"pandas {pd.__version__}, pyarrow {pa.__version__}".encode())
    for file in filter(Path.is_file, files):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{helpers.__version__}+{digest.hexdigest()[:12]}"


def read(catalogue: Catalogue) -> tuple[Frames, Frames] | None:
    """Return the tidy tables by name and the checked ones by id; None if they must be made anew.

    They must if there are none, if a source or the code has changed since, or if a file is damaged.
    """
    folder, key = catalogue.root / FOLDER, key_of(catalogue)
    try:
        index = _index(folder)
        if index.key != key:
            return None
        frames = {name: _frame(folder / f"{name}.parquet", key) for name in index.tables}
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
    tidy = {name: frame for name, frame in frames.items() if "/" not in name}
    return tidy, {name.split("/")[1]: frame for name, frame in frames.items() if "/" in name}


class _Index(BaseModel):
    """What the last writing put in the folder: its key and the tables' names."""

    key: str = ""
    tables: list[str] = []


def _index(folder: Path) -> _Index:
    """The index on disk; one that cannot be used counts as none."""
    try:
        return _Index.model_validate_json(bytes_in(folder / INDEX))
    except (OSError, ValidationError):
        return _Index()


def read_columns(catalogue: Catalogue, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
    """Return some columns of one tidy table, no other being read; None as in `read`."""
    try:
        return _frame(catalogue.root / FOLDER / f"{name}.parquet", key_of(catalogue), columns)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


def _frame(path: Path, key: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """One file's rows; no threads, as a process that reads this may fork."""
    refuse_no_file(path)
    with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
        if about(file.schema_arrow)["key"] != key:
            raise ValueError(path)
        table = file.read(columns=None if columns is None else list(columns), use_threads=False)
    if columns is not None and table.column_names != list(columns):
        raise KeyError(*(set(columns) - set(table.column_names)))
    frame: pd.DataFrame = table.to_pandas(use_threads=False)
    return frame


def about(schema: pa.Schema) -> dict[str, Any]:
    """Return what a tidy file says of itself: key, code, sources (table id → sha256)."""
    return dict(from_json((schema.metadata or {})[META]))


def write(
    catalogue: Catalogue, key: str, tidy: Frames, published: Frames, units: Units
) -> list[Path]:
    """Write every table, each in one step, then the index that names them; tables of before are
    removed.

    Only for who holds the data folder.

    Args:
        catalogue: The sources, and the folder that `tidy/` lies in.
        key: `key_of` the sources as they were when the tables were made from them.
        tidy: The tidy tables by name.
        published: The checked tables by id.
        units: A published table's id → column → unit.

    Returns:
        The files, in the tables' order.

    Raises:
        SetupError: the folder is not ours, or cannot be written.
    """
    folder = catalogue.root / FOLDER
    frames = {**tidy, **{f"{PUBLISHED}/{name}": frame for name, frame in published.items()}}
    files, before = (
        [folder / f"{name}.parquet" for name in names] for names in (frames, _named(folder))
    )
    _refuse_foreign(folder, [*files, folder / INDEX])
    try:
        for place in (folder / PUBLISHED, folder):
            place.mkdir(parents=True, exist_ok=True)
            remove_asides(place, r"\w+\.parquet|index\.json")
        if read_mark(folder) is None:
            write_mark(folder, mark_for("tables"))
        for path, (name, frame) in zip(files, frames.items(), strict=True):
            ids = _made_of(name, frame, published)
            told = {
                "key": key,
                "code": _code(),
                "sources": {own: catalogue[own].sha256 for own in ids},
            }
            put(
                path,
                _parquet(
                    frame,
                    told,
                    {column: unit for own in ids for column, unit in units(own).items()},
                ),
            )
        put(folder / INDEX, to_json({"key": key, "tables": list(frames)}, indent=1).encode())
        remove_own(
            folder, [path.relative_to(folder).as_posix() for path in set(before) - set(files)]
        )
    except OSError as error:
        raise SetupError(
            f"{folder}: cannot be written ({error.strerror}). Check the folder."
        ) from None
    return files


def _named(folder: Path) -> list[str]:
    """The tables that the last writing put in the folder; a name that is none of a table's is left
    out.
    """
    return [name for name in _index(folder).tables if NAME.fullmatch(name)]


def _refuse_foreign(folder: Path, files: list[Path]) -> None:
    """Refuse a folder, or a file in it, that is not ours.

    Raises:
        SetupError: what is in the way.
    """
    kinds = {
        folder: stat.S_IFDIR,
        folder / PUBLISHED: stat.S_IFDIR,
        **dict.fromkeys(files, stat.S_IFREG),
    }
    found = [path for path, kind in kinds.items() if kind_of(path) not in (0, kind)]
    if not found and names_in(folder) and read_mark(folder) is None and not _named(folder):
        found = [folder / name for name in names_in(folder)]
    if found:
        raise SetupError(
            f"{folder}: {listed([path.name for path in found])} was not made here; nothing was"
            " written. Move it elsewhere, and the tidy tables are written by mottagning data tidy."
        )


def _made_of(name: str, frame: pd.DataFrame, published: Frames) -> list[str]:
    """The tables a tidy one is made of: those its rows name, else the one it is."""
    if "tabell" in frame:
        return list(dict.fromkeys(frame["tabell"]))
    return [
        own
        for own, other in published.items()
        if name in (f"{PUBLISHED}/{own}", own) or frame is other
    ]


def _parquet(frame: pd.DataFrame, told: Mapping[str, object], units: Mapping[str, str]) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    fields = [
        field.with_metadata({"unit": units.get(field.name, "text")}) for field in table.schema
    ]
    metadata = {**(table.schema.metadata or {}), META: to_json(told).encode()}
    content = io.BytesIO()
    pq.write_table(
        table.cast(pa.schema(fields, metadata)),
        content,
        compression="zstd",
        write_page_checksum=True,
    )
    return content.getvalue()
