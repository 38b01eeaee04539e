"""The mark that a folder of ours has: nothing is written, renamed or removed in a folder without
one.

A folder is marked when we make it, or when it is empty. What lies in any other is somebody's.
"""

import os
import re
import stat
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.contracts.files import kind_of, opened, put
from helpers.contracts.text import visible
from helpers.errors import SetupError

MARK, LAYOUT = ".mottagningsboken", 1
SHOWN = 5  # names a message holds
KINDS = {stat.S_IFREG: "a file", stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link", 0: "nothing"}

Holding = Literal["reports", "building", "tables", "target", "answers"]


class Mark(BaseModel):
    """What the mark says.

    Attributes:
        product: Ours.
        layout: The version of what we put into such a folder, and how.
        holds: What the folder is for.
        reports: Of a folder that reports are built in: the ids of all that were begun there.
        files: Single files that we put there, by place: the checksums they had, or are about to
            have.
        states: State files that we have put there: they are ours, whatever they hold by now.
    """

    model_config = ConfigDict(frozen=True)
    product: Literal["mottagningsboken"]
    layout: int
    holds: Holding
    reports: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = {}
    states: tuple[str, ...] = ()


def mark_for(holds: Holding) -> Mark:
    """Return the mark of a folder that is made now."""
    return Mark(product="mottagningsboken", layout=LAYOUT, holds=holds)


def read_mark(folder: Path) -> Mark | None:
    """Return a folder's mark; None if it has none of ours.

    Raises:
        SetupError: it is one of a later version's, which may keep there what this one does not
            know.
    """
    try:
        with opened(folder / MARK, follow=False) as file:
            mark = Mark.model_validate_json(file.read())
    except (OSError, ValidationError):
        return None
    if mark.layout > LAYOUT:
        raise SetupError(
            f"{folder}: was made by a later version. Use that one, or name another folder."
        )
    return mark


def write_mark(folder: Path, mark: Mark) -> None:
    """Put a mark into a folder of ours, in one step.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    put(folder / MARK, visible(mark.model_dump_json(exclude_defaults=True)).encode() + b"\n")


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, without our mark and the temporary file of one."""
    with suppress(FileNotFoundError, NotADirectoryError):
        ours = re.compile(rf"{re.escape(MARK)}(\.[0-9]+\.new{'|' if read_mark(folder) else ''})")
        return sorted(name for name in os.listdir(folder) if not ours.fullmatch(name))
    return []


def in_the_way(folder: Path, kinds: Mapping[str, int]) -> list[str]:
    """Return, in words, what is in places of ours and is of another kind than ours: above all
    links.

    Args:
        folder: The folder.
        kinds: The kind of what we keep at each place, as `stat` tells kinds.
    """
    found = {name: kind_of(folder / name) for name in kinds}
    return [
        f"{name} is {KINDS.get(kind, 'no file')}"
        for name, kind in found.items()
        if kind not in (0, kinds[name])
    ]


def refuse_in_the_way(folder: Path, kinds: Mapping[str, int]) -> None:
    """Refuse to write where something of another kind is in a place of ours: above all a link.

    Args:
        folder: The folder, which whoever names it may reach by a link.
        kinds: The kind of what we keep at each place in it, as `stat` tells kinds.

    Raises:
        SetupError: what lies there; nothing was changed.
    """
    if found := in_the_way(folder, kinds):
        raise SetupError(
            f"{folder}: {listed(found)}, in the way. Nothing was made or changed. Move it"
            " elsewhere."
        )


def listed(names: Collection[str]) -> str:
    """Return a few names as a message says them.

    >>> listed(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    few = ", ".join(list(names)[:SHOWN])
    return few + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def remove_own(folder: Path, names: Iterable[str], folders: Iterable[str] = ()) -> None:
    """Remove files of ours from a folder, then the folders among theirs that are empty, then itself
    if it is.

    Args:
        folder: The folder.
        names: The files' places; one that is gone, that is a folder, or that a link leads to, is
            left alone.
        folders: Folders of ours that may have had no file.
    """
    if kind_of(folder) != stat.S_IFDIR:
        return
    parents = {folder / name for name in folders if kind_of(folder / name) == stat.S_IFDIR}
    for name in names:
        path = folder / name
        above = [parent for parent in path.parents if folder in parent.parents]
        if any(kind_of(parent) != stat.S_IFDIR for parent in above):
            continue
        parents.update(above)
        if kind_of(path) not in (0, stat.S_IFDIR):
            path.unlink()
    for parent in [*sorted(parents, key=lambda path: -len(path.parts)), folder]:
        with suppress(OSError):  # something else lies in it
            parent.rmdir()
