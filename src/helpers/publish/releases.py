"""Releases: complete editions side by side, of which readers are shown one, by one atomic step.

    releases/<id>/   html (pages, links relative), executed (notebooks), door, release.json, reports.jsonl
    current          a link to releases/<id>: the only thing that publishing changes
    html, executed   links through `current`; html shows the release's door

The id follows from what the release holds: the same reports have the same id, whenever they are made.
"""

import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path

from helpers.errors import ParameterError, SetupError, told
from helpers.publish.door import make_door
from helpers.publish.record import RELEASE, REPORTS, Release, file_faults, read_release, read_reports

CURRENT, RELEASES, STATE = "current", "releases", "state.json"
SHOWN = {"html": f"{CURRENT}/door", "executed": f"{CURRENT}/executed"}
KEPT = 5  # releases that stay, the published one included


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
        return self.root / os.readlink(link).rpartition("/")[2] if link.is_symlink() and link.exists() else None

    @property
    def order(self) -> list[str]:
        """The ids of all releases that are kept, in the order they were published."""
        there = {path.name for path in self.root.glob("*") if (path / RELEASE).is_file() and path.name[0] != "."}
        noted = [name for name in self._state()["order"] if name in there]
        return sorted(there.difference(noted)) + noted

    @property
    def withdrawn(self) -> set[str]:
        """The ids that were rolled back from."""
        return set(self._state()["withdrawn"])

    def folder(self, identity: str) -> Path:
        """Return where a release lies, or will lie."""
        return self.root / identity

    def publish(
        self, built: Path, release: Release, kept: int = KEPT, unverified: Collection[str] | None = None
    ) -> None:
        """Put a built release beside the others and let readers see it; the oldest over `kept` go.

        Args:
            built: The folder with html/, executed/ and the record; it is moved.
            release: What it is.
            kept: Releases to keep, this one included.
            unverified: Ids of the reports whose files are to be compared with the record; None compares all.

        Raises:
            SetupError: a file is not what its record says, or it cannot be put in place; nothing changed.
        """
        if faults := file_faults(built, unverified):
            raise SetupError(f"{built}: {faults[0]}. Nothing was published; run again.")
        try:
            self._put(built, release)
            self.show(release.id)
        except OSError as error:
            raise SetupError(
                f"{release.id} could not be put in place; nothing changed. {told(error, self.out)}"
            ) from None
        self._note(self.order, self.withdrawn - {release.id})
        self._clear(kept)

    def show(self, identity: str) -> None:
        """Let readers see a release that lies here, by one rename."""
        for name, target in SHOWN.items():
            self._link(name, target)
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
        whole = [name for name in order if read_release(self.folder(name))]
        before = self._before(now.name, whole)
        chosen = identity or (before[-1] if before else None)
        if chosen is None or chosen not in whole:
            named = f"there is no release {identity!r}" if identity else f"there is none before {now.name}"
            raise ParameterError(f"{self.out}: {named}. Here are: {', '.join(whole) or 'none'}.")
        if faults := file_faults(self.folder(chosen)):
            raise SetupError(f"{self.folder(chosen)}: {faults[0]}. The published release stays.")
        self._point(CURRENT, f"{RELEASES}/{chosen}")
        self._note(order, (self.withdrawn | set(order[order.index(chosen) + 1 :])) - {chosen})
        return chosen

    def _before(self, name: str, order: list[str]) -> list[str]:
        """The releases before one: before its place as it was noted, also when its own record is damaged or gone."""
        noted = order if name in order else self._state()["order"]
        if name not in noted:
            return order
        later = {*noted[noted.index(name) :]}
        return [own for own in order if own not in later]

    @property
    def damaged(self) -> str:
        """The id of the published release if its record is damaged or gone; "" if it is whole, or none is published."""
        now = self.current
        return now.name if now and read_release(now) is None else ""

    def mend(self) -> None:
        """Put right what a run left that was killed: half-made releases, links and folders of older forms."""
        for path in self.root.glob("*"):
            if path.is_dir() and (path.name.startswith(".") or not (path / RELEASE).is_file()):
                shutil.rmtree(path)
        for name, target in SHOWN.items():
            aside = self.out / f".previous-{name}"
            if aside.exists() and not (self.out / name).exists() and self.current is None:
                aside.rename(self.out / name)
            elif self.current is not None:
                self._link(name, target)
            shutil.rmtree(aside, ignore_errors=True)

    def _put(self, built: Path, release: Release) -> None:
        """Move a built release to where it will stay; where one of that id lies whole, only its record is renewed."""
        target = self.folder(release.id)
        self.root.mkdir(exist_ok=True)
        if target.exists() and not file_faults(target):
            for name in (REPORTS, RELEASE):
                os.replace(built / name, target / name)
            shutil.rmtree(built)
            return
        make_door(built, release.id)
        if hasattr(os, "sync"):
            os.sync()
        if target.exists():
            target.rename(self.root / f".{release.id}")  # damaged; `mend` of the next run takes it away
        built.rename(target)

    def _link(self, name: str, target: str) -> None:
        """Make one of the two links that stay; a folder of that name, from an older form, is put aside first."""
        path = self.out / name
        if path.is_symlink() and os.readlink(path) == target:
            return
        if path.exists() and not path.is_symlink():
            path.rename(self.out / f".previous-{name}")
        self._point(name, target)
        shutil.rmtree(self.out / f".previous-{name}", ignore_errors=True)

    def _point(self, name: str, target: str) -> None:
        """Let a link lead elsewhere, in one step."""
        aside = self.out / f".{name}"
        aside.unlink(missing_ok=True)
        os.symlink(target, aside)
        os.replace(aside, self.out / name)

    def _clear(self, kept: int) -> None:
        order = self.order
        for name in order[: max(0, len(order) - kept)]:
            if self.current != self.folder(name):
                shutil.rmtree(self.folder(name), ignore_errors=True)

    def _state(self) -> dict[str, list[str]]:
        """What is noted of the releases; a note that is damaged, or of another form, is as good as none."""
        try:
            found = json.loads((self.root / STATE).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            found = None
        lists = {name: found.get(name) for name in ("order", "withdrawn")} if isinstance(found, dict) else {}
        return {
            name: [own for own in lists.get(name) or () if isinstance(own, str)]
            if isinstance(lists.get(name), list)
            else []
            for name in ("order", "withdrawn")
        }

    def _note(self, order: list[str], withdrawn: set[str]) -> None:
        note = {"order": order, "withdrawn": [name for name in order if name in withdrawn]}
        aside = self.root / f".{STATE}"
        aside.write_text(json.dumps(note, indent=1) + "\n", "utf-8")
        os.replace(aside, self.root / STATE)


def published(out: Path) -> tuple[Path, Release] | None:
    """Return the published release's folder and what it is; None where there is none that can be read."""
    folder = Releases(out).current
    release = folder and read_release(folder)
    return (folder, release) if folder and release else None


def size(folder: Path) -> int:
    """Return how many bytes the reports of a release have."""
    return sum(report.size for report in read_reports(folder))
