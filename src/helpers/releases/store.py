"""The releases of a folder of reports: publish, show, roll back, repair and remove them. Only files
that a release's own record names are removed.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, Field

from helpers.contracts.files import bytes_in, kind_of
from helpers.contracts.marks import MARK, remove_own
from helpers.contracts.text import from_json
from helpers.errors import ParameterError, SetupError, told
from helpers.releases import state
from helpers.releases.building import PAGES, PARTS, SHARED, clear
from helpers.releases.contents import (
    HELD,
    RELEASE,
    TIMES,
    Release,
    faults,
    file_faults,
    read_release,
    read_reports,
    record_of,
    renew,
    verify,
)
from helpers.releases.folder import CURRENT, ENTRY, IDENTITY, RELEASES, SHOWN, STATE, links_ours

RECORD = ("reports.jsonl", "times.json", MARK, "release.json")


def remove_release(folder: Path) -> None:
    """Remove a release that readers no longer see. It is hidden first; a removal that is cut off is
    gone on with.

    Args:
        folder: The release's folder; where its record cannot be read, nothing is removed.
    """
    names = sorted(set(_recorded(folder)))
    if not names or folder.is_symlink():
        return
    hidden = folder.with_name(f".{folder.name}")
    if not folder.name.startswith(".") and not os.path.lexists(hidden):
        folder = folder.rename(hidden)
    remove_own(folder, [*names, *SHARED, *_entry(folder), *RECORD], (*PARTS, ENTRY))


def _recorded(folder: Path) -> Iterator[str]:
    """Every file that the record names, as this version or an earlier one has written it."""
    for name in ("release.json", "reports.jsonl"):
        with suppress(OSError):
            text = bytes_in(folder / name)
            for part in [text] if name == "release.json" else text.split(b"\n"):
                yield from filter(_inside, _files(part))


def _files(text: bytes) -> list[str]:
    try:
        found: Any = from_json(text)
        found = found.get("report", found)
        return [*found.get("files", {})]
    except (ValueError, AttributeError, TypeError):
        return []


def _inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] in HELD and ".." not in parts


def _entry(folder: Path) -> list[str]:
    """What of ours is in the folder by which readers come in: its pages, and links to html/."""
    found = [f"{ENTRY}/{name}" for name in PAGES]
    if kind_of(folder / ENTRY) and not (folder / ENTRY).is_symlink():
        for path in (folder / ENTRY).iterdir():
            if path.is_symlink() and os.readlink(path) == f"../html/{path.name}":
                found.append(f"{ENTRY}/{path.name}")
    return found


def strange_in(out: Path) -> list[str]:
    """Return what is among the releases and is not ours: it is left there."""
    with suppress(OSError):
        return sorted(
            f"{RELEASES}/{entry.name}"
            for entry in os.scandir(out / RELEASES)
            if not _kept(Path(entry.path))
        )
    return []


def _kept(path: Path) -> bool:
    return path.name.lstrip(".").startswith(STATE) or (IDENTITY.fullmatch(path.name) is not None)


KEPT = 5  # releases that stay, the published one included
Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z]+$")]
ANOTHER = "Choose another: mottagning releases lists them."


class Note(BaseModel):
    """What is noted of the releases in `state.json`: the ids in the order they were published, and
    those left again.
    """

    model_config = state.FORM
    order: list[Id] = []
    withdrawn: list[Id] = []


class Releases:
    """The releases in a folder of reports.

    Args:
        out: The folder that holds releases/, current, html and executed.
    """

    def __init__(self, out: Path) -> None:
        self.out, self.root = out, out / RELEASES

    @property
    def current(self) -> Path | None:
        """The published release's folder; None where nothing is published."""
        link = self.out / CURRENT
        return (
            self.root / os.readlink(link).rpartition("/")[2]
            if link.is_symlink() and link.exists()
            else None
        )

    @property
    def order(self) -> list[str]:
        """The ids of all releases that are kept, in the order they were published."""
        there = {
            path.name
            for path in self.root.glob("*")
            if (path / RELEASE).is_file() and path.name[0] != "."
        }
        noted = [name for name in self._note_now().order if name in there]
        return sorted(there.difference(noted)) + noted

    @property
    def withdrawn(self) -> set[str]:
        """The ids that were rolled back from."""
        return set(self._note_now().withdrawn)

    def folder(self, identity: str) -> Path:
        """Return the folder of a release, whether it exists or not."""
        return self.root / identity

    def publish(self, built: Path, release: Release, kept: int = KEPT, shown: bool = True) -> None:
        """Put a built release beside the others and let readers see it; the oldest over `kept` go.

        Args:
            built: The folder with html/, executed/ and the record; it is moved.
            release: What it is.
            kept: Releases to keep, this one included.
            shown: Whether readers are to see it; if not, it is only put in its place, whole.

        Raises:
            SetupError: a file is not what its record says, or it cannot be put in place; nothing
                changed.
        """
        if wrong := verify(record_of(built)):
            raise SetupError(f"{built}: {first_of(wrong)}. Nothing was published; run again.")
        try:
            self._put(built, release)
            if shown:
                self.show(release.id)
        except OSError as error:
            raise SetupError(
                f"{release.id} could not be put in place; nothing changed. {told(error, self.out)}"
            ) from None
        if shown:
            self._note(self.order, self.withdrawn - {release.id})
            self._clear(kept)

    def show(self, identity: str) -> None:
        """Let readers see a release of this folder, by one rename."""
        for name, target in SHOWN.items():
            self._point(name, target)
        self._point(CURRENT, f"{RELEASES}/{identity}")
        self._note([*(name for name in self.order if name != identity), identity], self.withdrawn)

    def rollback(self, identity: str | None = None) -> str:
        """Show the release before the published one, or the one that is named; return its id.

        Raises:
            ParameterError: there is no such release. SetupError: a file in it is not what it was.
        """
        now, order = self.current, self.order
        if now is None:
            raise ParameterError(f"{self.out}: nothing is published here. Run mottagning reports.")
        wrong = {name: record_of(self.folder(name)).wrong for name in order}
        whole = [name for name in order if not wrong[name]]
        before = self._before(now.name, whole)
        chosen = identity or (before[-1] if before else None)
        if chosen is None or chosen not in whole:
            named = (
                f"there is no release {identity!r}"
                if identity
                else f"there is none before {now.name}"
            )
            unfit = [
                f"{self.folder(name)}: {first_of(wrong[name])}." for name in order if wrong[name]
            ]
            raise ParameterError(
                f"{self.out}: {named}. Here are: {', '.join(whole) or 'none'}.", *unfit
            )
        if changed := faults(self.folder(chosen)):
            raise SetupError(
                f"{self.folder(chosen)}: {first_of(changed)}. The published release stays."
                f" {ANOTHER}"
            )
        state.refuse_folder(self.root / STATE)
        self._point(CURRENT, f"{RELEASES}/{chosen}")
        self._note(order, (self.withdrawn | set(order[order.index(chosen) + 1 :])) - {chosen})
        return chosen

    def _before(self, name: str, order: list[str]) -> list[str]:
        """The releases before one: before its place as it was noted, also when its own record is
        damaged or gone.
        """
        noted = order if name in order else self._note_now().order
        if name not in noted:
            return order
        later = {*noted[noted.index(name) :]}
        return [own for own in order if own not in later]

    @property
    def damaged(self) -> list[str]:
        """What is not as it was made of the published release, its reports' own files left out, or
        of what is noted.
        """
        noted = [self.fault] if self.fault else []
        return noted + (self.damaged_of(self.current.name) if self.current else [])

    def damaged_of(self, identity: str) -> list[str]:
        """What is not as it was made of a release, its reports' own files left out."""
        record = record_of(self.folder(identity))
        own = record.release.files if record.release else {}
        return record.wrong + [f"{record.folder / one}" for one in file_faults(record.folder, own)]

    def mend(self) -> None:
        """Repair what a killed run left: releases half removed, half-written records, and the
        links.

        Raises:
            OSError: a folder lies where the note of the releases is to lie.
        """
        state.refuse_folder(self.root / STATE)
        for path in self.root.glob("*"):
            if IDENTITY.fullmatch(path.name) and not path.is_symlink():
                state.sweep(path, (RELEASE, TIMES))
            elif IDENTITY.fullmatch(path.name[1:]):
                remove_release(path)
        state.sweep(self.root, (STATE,))
        if self.current is not None:
            for name, target in SHOWN.items():
                self._point(name, target)

    def _put(self, built: Path, release: Release) -> None:
        """Move a built release to its folder; if a whole one of that id exists, only its record is
        renewed.
        """
        target = self.folder(release.id)
        self.root.mkdir(exist_ok=True)
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise FileExistsError(errno.EEXIST, "is no folder of ours", str(target))
        if target.exists() and not verify(record_of(target)):
            renew(target, built)
            clear(built)
            return
        if hasattr(os, "sync"):
            os.sync()
        if target.exists():
            # damaged; `mend` of the next run takes away what is ours
            target.rename(self.root / f".{release.id}")
        built.rename(target)
        (target / MARK).unlink(missing_ok=True)  # it is no folder to build in any more

    def _point(self, name: str, target: str) -> None:
        """Point a link of ours elsewhere, in one step; a link that is not ours is left."""
        path, aside = self.out / name, self.out / f".{name}"
        if path.is_symlink() and os.readlink(path) == target:
            return
        for link in (path, aside):
            if os.path.lexists(link) and not (
                link.is_symlink() and links_ours(name, os.readlink(link))
            ):
                raise FileExistsError(errno.EEXIST, "is no link of ours", str(link))
        aside.unlink(missing_ok=True)
        os.symlink(target, aside)
        os.replace(aside, path)

    def _clear(self, kept: int) -> None:
        order = self.order
        for name in order[: max(0, len(order) - kept)]:
            if self.current != self.folder(name):
                remove_release(self.folder(name))

    @property
    def fault(self) -> str:
        """Why what was noted of the releases cannot be used, and what is done instead; "" where it
        can, or is gone.
        """
        found = state.read(self.root / STATE, Note).fault
        return found and f"{found} The order of the releases is told by when they were made."

    def _note_now(self) -> Note:
        """Return what is noted of the releases; where that cannot be used, the order by date.

        A release made after the one that is shown was rolled back from, as far as anyone can tell:
        it is not published again unasked.
        """
        if noted := state.read(self.root / STATE, Note).value:
            return noted
        made = sorted(
            (path.stat().st_mtime_ns, path.parent.name)
            for path in self.root.glob(f"[!.]*/{RELEASE}")
        )
        order = [name for _, name in made]
        now = self.current
        later = order[order.index(now.name) + 1 :] if now and now.name in order else []
        return Note(order=order, withdrawn=later)

    def _note(self, order: list[str], withdrawn: set[str]) -> None:
        note = Note(order=order, withdrawn=[name for name in order if name in withdrawn])
        state.write(self.root / STATE, note.model_dump_json(indent=1) + "\n")


def first_of(wrong: list[str]) -> str:
    """Return the first of some faults, and how many more there are.

    >>> first_of(["a.html is missing", "b.html is missing"])
    'a.html is missing, and 1 more'
    """
    return wrong[0].rstrip(".") + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else "")


def published(out: Path) -> tuple[Path, Release] | None:
    """Return the published release's folder and record; None where none can be read."""
    folder = Releases(out).current
    release = folder and read_release(folder)
    return (folder, release) if folder and release else None


def size(folder: Path) -> int:
    """Return how many bytes the reports of a release have."""
    return sum(report.size for report in read_reports(folder))
