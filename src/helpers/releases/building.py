"""The folder an edition is built in, what an interrupted run has made of reports staying there for
the next; and the last step before it becomes a release: the folder by which readers come in.

It carries a mark that names the reports which were begun there. What is no file of theirs is not
ours, and is neither removed nor published: it is named, and the run ends. One that is told to stop
leaves it in order.
"""

import os
import re
import shutil
import signal
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import FrameType

from helpers.contracts.files import bytes_in, kind_of
from helpers.contracts.marks import MARK, listed, mark_for, read_mark, remove_own, write_mark
from helpers.errors import SetupError
from helpers.releases.folder import ENTRY, PAGE
from helpers.report.job import TRAIL, pages_of, report_of

PARTS = ("html", "executed")
ENDINGS = (*PAGE, TRAIL)
SHARED = {
    f"html/{name}" for name in ("index.html", "andringar.html", "andringar.json", "manifest.json")
}
RECORD = re.compile(
    rf"(release\.json|reports\.jsonl|times\.json|{re.escape(MARK)})(\.[0-9]+\.new)?|\.[a-z]+\.json\.[0-9]+(\.new)?"
)
# whole folders that runs make and throw away
SCRATCH = re.compile(rf"inputs|{ENTRY}|\.jupyter|\.warm-\w+")
PAGES = ("index.html", "andringar.html")
RELATIVE = re.compile(r'(<a\b[^>]*? href=")(?!#|/|\.\./|[A-Za-z][A-Za-z0-9+.-]*:)')


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C unwind the run, so that nothing is left behind; exit codes 143 and
    130.
    """

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def sweep(building: Path) -> None:
    """Make the folder to build in, with nothing in it but what a run before has made of reports.

    Raises:
        SetupError: something lies in it that is not ours; nothing was removed.
    """
    refuse_strange(building)
    for part in PARTS:
        (building / part).mkdir(parents=True, exist_ok=True)
    if read_mark(building) is None:  # new, or of a version that set no mark
        found = (
            report_of(os.path.splitext(name)[0].partition("/")[2]) for name in _files(building)
        )
        write_mark(
            building,
            mark_for("building").model_copy(update={"reports": tuple(dict.fromkeys(found))}),
        )
    for entry in list(os.scandir(building)):
        if SCRATCH.fullmatch(entry.name):
            shutil.rmtree(entry.path)
        elif entry.name not in PARTS and entry.name != MARK:
            os.unlink(entry.path)


def begin(building: Path, ids: Iterable[str]) -> None:
    """Note the reports that are about to be made there, besides those that have been begun
    before.
    """
    mark = read_mark(building) or mark_for("building")
    write_mark(
        building, mark.model_copy(update={"reports": tuple(dict.fromkeys([*mark.reports, *ids]))})
    )


def drop_unwanted(building: Path, known: Collection[str]) -> None:
    """Delete files in the build folder that belong to no report of the edition.

    Raises:
        SetupError: something lies there that is not ours and would be published along.
    """
    refuse_strange(building)
    remove_own(
        building,
        [name for name in _files(building) if name.split("/")[0] in PARTS and name not in known],
    )
    for part in PARTS:
        (building / part).mkdir(parents=True, exist_ok=True)


def leave(building: Path) -> None:
    """Remove what interrupted reports left, and the folder if it holds nothing worth resuming."""
    names = _files(building)
    remove_own(building, [name for name in names if name.endswith(TRAIL)])
    if not any(name.split("/")[0] in PARTS and not name.endswith(TRAIL) for name in names):
        clear(building)


def clear(building: Path) -> None:
    """Remove all that is ours from a folder to build in, and the folder if it is empty then."""
    if kind_of(building) != stat.S_IFDIR:
        return
    ids = _begun(building)
    for entry in list(os.scandir(building)):
        if SCRATCH.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
    ours = sorted(
        (name for name in _files(building) if _ours(name, ids)), key=lambda name: name == MARK
    )
    remove_own(building, ours, [*PARTS, *_folders(ids or ())])


def _folders(ids: Iterable[str]) -> set[str]:
    """Return the folders that the files of these reports are in."""
    return {
        parent.as_posix()
        for one in ids
        for part in PARTS
        for page in pages_of(one)
        for parent in list(PurePosixPath(part, page).parents)[:-1]
    }


def refuse_strange(building: Path) -> None:
    """Refuse to build in a folder that holds something that is not ours.

    Raises:
        SetupError: all of it.
    """
    if kind_of(building) == 0:
        return
    ids = _begun(building)
    strange = [name for name in _files(building) if not _ours(name, ids)]
    for entry in os.scandir(building):
        if (entry.name in PARTS or SCRATCH.fullmatch(entry.name)) and not entry.is_dir(
            follow_symlinks=False
        ):
            strange.append(entry.name)
    if strange:
        raise SetupError(
            f"{building}: {listed(strange)} was not made here. Nothing was changed or removed. Move"
            " it elsewhere, then run again: what is made already stands."
        )


def _begun(building: Path) -> tuple[str, ...] | None:
    """Return the reports that were begun in the folder; None if it was made by a version that did
    not note them.
    """
    mark = read_mark(building)
    return mark.reports if mark else None


def _ours(name: str, ids: Collection[str] | None) -> bool:
    """Return whether a file's place is one that we write to."""
    part, _, rest = name.partition("/")
    if part not in PARTS:
        return RECORD.fullmatch(name) is not None
    stem, ending = os.path.splitext(rest)
    report = report_of(stem) if ending == ".html" else stem
    return name in SHARED or (ending in ENDINGS and (ids is None or report in ids))


def _files(building: Path) -> list[str]:
    """The place of every file and link in the folder, but those in folders that are thrown away
    whole.
    """
    found: list[str] = []
    for folder, folders, names in os.walk(building):
        top = Path(folder) == building
        links = [name for name in folders if kind_of(Path(folder, name)) != stat.S_IFDIR]
        if top:
            folders[:] = [name for name in folders if not SCRATCH.fullmatch(name)]
            links = [name for name in links if name not in PARTS and not SCRATCH.fullmatch(name)]
        found += [Path(folder, name).relative_to(building).as_posix() for name in [*names, *links]]
    return found


def pointing_into(page: str, prefix: str) -> str:
    """Return a page whose relative links begin with `prefix`; the rest is unchanged.

    >>> pointing_into('<a href="a/24.html">AC</a> <a class="skip" href="#om">Om</a>',
    ...     "../releases/4f/html/")
    '<a href="../releases/4f/html/a/24.html">AC</a> <a class="skip" href="#om">Om</a>'
    """
    return RELATIVE.sub(lambda link: link[1] + prefix, page)


def make_entry(release: Path, identity: str) -> None:
    """Make the folder by which readers come into a release: its index links into the release, the
    rest are links to html/.

    Args:
        release: The folder with html/, which may still have another name.
        identity: The release's id, which its folder will have.
    """
    entry = release / ENTRY
    entry.mkdir()
    for found in sorted((release / "html").iterdir()):
        if found.name in PAGES:
            page = pointing_into(bytes_in(found).decode("utf-8"), f"../releases/{identity}/html/")
            (entry / found.name).write_text(page, "utf-8")
        else:
            os.symlink(f"../html/{found.name}", entry / found.name)
