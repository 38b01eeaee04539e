"""Tables kept in memory for forks of this process, whose `load` then reads nothing: those of a run;
and those that a resident process holds, believed only while their folder stands as it did.
"""

import io
import os
import pickle
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from helpers.sources import Catalogue
from helpers.tables.parquet import FOLDER, key_of

Key = tuple[str, str]  # the folder that tables were read from, and `key_of` them then
# of each file: place, bytes, times of its content and of its entry, number
States = frozenset[tuple[str, int, int, int, int]]

_kept: dict[Key, dict[str, Any]] = {}
_held: dict[Key, States] = {}  # what of it is not yet known to stand as it did
_sure: set[Key] = set()  # what was held, and does


def keep(catalogue: Catalogue, tables: dict[str, Any]) -> None:
    """Keep tables under the folder they were read from and `key_of` as it is now."""
    key = str(catalogue.root), key_of(catalogue)
    if key not in _sure:
        _kept[key] = tables


def hold(before: States) -> None:
    """Let all that is kept be believed by forks of this process only while the folder's files are
    as `states_of` said before they were read.
    """
    _held.update(dict.fromkeys(_kept, before))


def states_of(root: Path) -> States:
    """Return how the files of a data folder stand, but for the tidy tables; never the same twice
    where a folder in it is a link, as what lies behind that is not looked at, or where a file is
    gone before it is.
    """
    found: set[tuple[str, int, int, int, int]] = set()
    for folder, folders, files in os.walk(root):
        if folder == str(root):
            folders[:] = [name for name in folders if name != FOLDER]
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        found |= {(name, time.monotonic_ns(), 0, 0, 0) for name in links}
        for name in files:
            path = os.path.join(folder, name)
            try:
                own = os.stat(path)
            except OSError:
                found.add((path, time.monotonic_ns(), 0, 0, 0))
                continue
            found.add((path, own.st_size, own.st_mtime_ns, own.st_ctime_ns, own.st_ino))
    return frozenset(found)


class _Pickler(pickle.Pickler):
    """Pickles views that may not be written to as well."""

    def reducer_override(self, found: Any) -> Any:
        """Return how a view is made anew; for the rest, what pickle knows itself."""
        if isinstance(found, MappingProxyType):
            return _view, (dict(found),)
        return NotImplemented


def _view(items: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(items)


def all_kept() -> bytes:
    """Return all that is kept, for `take_over` in another process; what was held is only named, as
    a fork of the same process has it.
    """
    content = io.BytesIO()
    own = {key: tables for key, tables in _kept.items() if key not in (_held.keys() | _sure)}
    _Pickler(content, pickle.HIGHEST_PROTOCOL).dump((own, _sure))
    return content.getvalue()


def take_over(content: bytes) -> None:
    """Keep what another process of ours has kept, and of what is held what that has found to stand
    as it did.
    """
    own, sure = pickle.loads(content)
    for key in sure:
        _held.pop(key, None)
    _sure.update(sure)
    _kept.update(own)


def taken(catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the kept tables, if any, of this folder with these very bytes; None if they must be
    read.

    Each frame is the caller's own: pandas copies it when it is written to.
    """
    if not _kept:
        return None
    key = str(catalogue.root), key_of(catalogue)
    if before := _held.pop(key, None):
        if states_of(catalogue.root) == before:
            _sure.add(key)
        else:
            del _kept[key]
    found = _kept.get(key)
    return found and own(found)


def own(kept: Any) -> Any:
    """Return what a caller may write to unseen by others; frames, also within a dict or tuple, are
    copied then.
    """
    if isinstance(kept, dict):
        return {name: own(inner) for name, inner in kept.items()}
    if isinstance(kept, tuple):
        return tuple(own(inner) for inner in kept)
    return kept.copy(deep=False) if isinstance(kept, pd.DataFrame | pd.Series) else kept
