"""The folder of reports: whether it is ours to write in, and one run at a time, by a lock that
names its holder.

What a message calls "in the way" lies where we keep something of our own, and is of another kind: a
link above all.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import helpers
from helpers.contracts import marks
from helpers.contracts.files import (
    AT_ONCE,
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    NO_LINK,
    bytes_in,
    flock,
    kind_of,
    sha256_of,
)
from helpers.contracts.marks import MARK, Mark, mark_for, names_in, read_mark, write_mark
from helpers.contracts.text import from_json, to_json
from helpers.errors import BusyError, ParameterError, SetupError, told
from helpers.releases import state

HISTORY, STATUS = "history.jsonl", "status.json"
OWN = Path(helpers.__file__).resolve().parents[2] / "reports"  # the project's own
LOCK, LOGS = ".lock", "logs"
BUILDING, JOURNAL, SINGLE = ".building", ".journal.jsonl", ".single"
CURRENT, RELEASES, STATE = "current", "releases", "state.json"
ENTRY = "door"  # of a release: the folder by which readers come in, its pages leading into it
SHOWN = {"html": f"{CURRENT}/{ENTRY}", "executed": f"{CURRENT}/executed"}
JOURNALS = (JOURNAL, f"{JOURNAL}.new", f"{SINGLE}.jsonl", f"{SINGLE}.jsonl.new")
STATES = {  # our state files, and what each says, first of all what it begins with
    LOCK: ("pid", "run"),
    HISTORY: ("started", "edition", "exit_code", "delivered"),
    STATUS: ("state", "since", "edition"),
    **dict.fromkeys(JOURNALS, ("id", "status", "failure")),
    f"{RELEASES}/{STATE}": ("order", "withdrawn"),
}
FILES = [MARK, *STATES, f"{RELEASES}/.{STATE}"]
FOLDERS = (RELEASES, BUILDING, SINGLE, LOGS)
KINDS = {**dict.fromkeys(FILES, stat.S_IFREG), **dict.fromkeys(FOLDERS, stat.S_IFDIR)}
IDENTITY = re.compile("[0-9a-f]{12}")
PAGE = (".html", ".json", ".ipynb", ".ics")
WAYS = "Name a folder with --out that is empty or not there yet, or move what lies there elsewhere."


def refuse_foreign(out: Path) -> None:
    """Refuse a folder that is not ours, and one where something else is in a place of ours; changes
    nothing.

    Raises:
        ParameterError: it is no folder for reports: the root, the home folder, or one within
            another's releases.
        SetupError: it holds what we did not make; told with what that is.
    """
    if out in (Path(out.anchor), Path.home()):
        raise ParameterError(
            f"--out: {out} is no folder for reports alone. Name a folder within it."
        )
    inside = next((parent for parent in out.parents if _is_part(out, parent)), None)
    if inside:
        raise ParameterError(
            f"--out: {out} lies among what is made in {inside}. Name a folder elsewhere."
        )
    if kind_of(out) not in (0, stat.S_IFDIR):
        raise SetupError(f"{out}: is no folder. {WAYS}")
    names, mark = names_in(out), read_mark(out)
    if names and not (out == OWN or mark or _earlier(out)):
        told = f"{out}: holds what was not made here: {marks.listed(names)}"
        raise SetupError(f"{told}. Nothing was made or changed. {WAYS}")
    if found := [
        *marks.in_the_way(out, KINDS),
        *_links_in_the_way(out),
        *_strange_states(out, mark),
    ]:
        raise SetupError(
            f"{out}: {marks.listed(found)}, in the way. Nothing was made or changed. {WAYS}"
        )


def claim(out: Path) -> None:
    """Make a folder for reports, or take up one of ours, and see to it that it carries our mark.

    Raises:
        ParameterError, SetupError: as `refuse_foreign`. OSError: it cannot be written.
    """
    refuse_foreign(out)
    out.mkdir(parents=True, exist_ok=True)
    if read_mark(out) is None:
        write_mark(out, mark_for("reports").model_copy(update={"files": dict(_single_pages(out))}))


def note_states(out: Path) -> None:
    """Note which state files exist in a folder that this process holds and has found to be ours.

    Raises:
        OSError: it cannot be written.
    """
    mark = read_mark(out)
    # a lock does not stay
    lying = {name for name in STATES if name != LOCK and kind_of(out / name) == stat.S_IFREG}
    if mark and not lying.issubset(mark.states):
        write_mark(out, mark.model_copy(update={"states": tuple(sorted(lying.union(mark.states)))}))


def release_claim(out: Path) -> None:
    """Take away a folder that was made for a run which has made nothing."""
    if not names_in(out):
        with suppress(OSError):
            (out / MARK).unlink()
            out.rmdir()


def links_ours(name: str, target: str) -> bool:
    """Return whether a link in a folder of ours points where we let it point.

    >>> links_ours("current", "releases/0123456789ab"), links_ours("html", "/srv/www")
    (True, False)
    """
    if name in SHOWN:
        return target == SHOWN[name]
    folder, _, identity = target.partition("/")
    return folder == RELEASES and IDENTITY.fullmatch(identity) is not None


def put_files(out: Path, files: Mapping[str, Path]) -> None:
    """Put files into a folder of ours, each in the place of the one we put there before.

    Args:
        out: The folder.
        files: What is moved there, by place; a file that is not there is taken away from its place.

    Raises:
        SetupError: what lies in a place is not what we put there; nothing was changed.
    """
    refuse_changed(out, files)
    mark = _mark(out)
    sums = {name: (sha256_of(path),) if path.exists() else () for name, path in files.items()}
    both = {name: (*mark.files.get(name, ()), *sums[name]) for name in files}
    write_mark(out, mark.model_copy(update={"files": {**mark.files, **both}}))
    for name, path in files.items():
        if path.exists():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, out / name)
        else:
            (out / name).unlink(missing_ok=True)
    kept = {name: found for name, found in {**mark.files, **sums}.items() if found}
    write_mark(out, mark.model_copy(update={"files": kept}))


def refuse_changed(out: Path, names: Iterable[str]) -> None:
    """Refuse to replace files that are not as we put them there.

    Raises:
        SetupError: each of them.
    """
    known = _mark(out).files
    found = [name for name in names if not _replaceable(out, name, known.get(name, ()))]
    if found:
        raise SetupError(
            f"{out}: {marks.listed(found)} was not made here, or was changed since. {WAYS}"
        )


def _links_in_the_way(out: Path) -> Iterator[str]:
    """Yield what is in place of the links that show a release, or of their temporary files."""
    for name in (*SHOWN, CURRENT):
        for path in (out / name, out / f".{name}"):
            kind = kind_of(path)
            if kind == stat.S_IFLNK and not links_ours(name, os.readlink(path)):
                yield f"{path.name} is a link to {os.readlink(path)}"
            elif kind not in (0, stat.S_IFLNK):
                yield f"{path.name} is {marks.KINDS.get(kind, 'no link')}"


def _strange_states(out: Path, mark: Mark | None) -> Iterator[str]:
    """Yield files that have the name of a state file, while neither the mark nor their content says
    that we made them.
    """
    for name, fields in STATES.items():
        known = mark is not None and name in mark.states
        if (
            not known
            and kind_of(out / name) == stat.S_IFREG
            and not (_torn(out / name, fields) or _says(out / name, *fields))
        ):
            yield f"{name} was not made here"


def _torn(path: Path, fields: tuple[str, ...]) -> bool:
    """Return whether a state file is what a crash left of one: empty, or part of its one line."""
    text = _content(path)
    begins = text.startswith(b'{"%b": ' % fields[0].encode()) and b"\n" not in text
    return not text.strip(b"\0\n ") or (begins and _json(text) is None)


def _is_part(out: Path, parent: Path) -> bool:
    """Return whether a folder is within the releases, the logs or the like of a folder of ours."""
    first = out.relative_to(parent).parts[0]
    return first in (*FOLDERS, *SHOWN, CURRENT) and kind_of(parent / MARK) == stat.S_IFREG


def _earlier(out: Path) -> bool:
    """Return whether a folder without a mark was made by an earlier version, by the content of its
    records.
    """
    return any(
        _says(path, "id", "edition", "fingerprint")
        for path in out.glob(f"{RELEASES}/*/release.json")
    ) or any(_says(out / name, *fields) for name, fields in STATES.items() if "/" not in name)


def _says(path: Path, *fields: str) -> bool:
    """Return whether a file is JSON, whole or in lines, with these fields."""
    if kind_of(path) != stat.S_IFREG or kind_of(path.parent) != stat.S_IFDIR:
        return False
    text = _content(path)
    return any(
        isinstance(found, dict) and found.keys() >= {*fields}
        for found in map(_json, (text, *text.split(b"\n")))
    )


def _content(path: Path) -> bytes:
    with suppress(FileNotFoundError):  # a lock that was given up just now
        return bytes_in(path)
    return b""


def _json(text: bytes) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return None


def _single_pages(out: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The pages of single reports that a version which set no mark has put there, with their
    checksums.
    """
    journal = out / f"{SINGLE}.jsonl"
    lines = map(_json, bytes_in(journal).split(b"\n")) if kind_of(journal) == stat.S_IFREG else ()
    last = {str(line.get("id")) for line in lines if isinstance(line, dict)}
    pages = (
        path
        for path in out.glob("*/*.json")
        if path.parent.name not in FOLDERS and path.parent.name not in SHOWN
    )
    ids = {
        path.relative_to(out).with_suffix("").as_posix()
        for path in pages
        if _says(path, "facts", "code_version")
    }
    for name in sorted(f"{one}{ending}" for one in ids | last for ending in PAGE):
        with suppress(OSError):
            if kind_of(out / name) == stat.S_IFREG:
                yield name, (sha256_of(out / name),)


def _replaceable(out: Path, name: str, sums: tuple[str, ...]) -> bool:
    above = [parent for parent in (out / name).parents if out in parent.parents]
    if any(kind_of(parent) not in (0, stat.S_IFDIR) for parent in above):
        return False
    kind = kind_of(out / name)
    return kind == 0 or (kind == stat.S_IFREG and sha256_of(out / name) in sums)


def _mark(folder: Path) -> Mark:
    return read_mark(folder) or mark_for("reports")


class _Holder(BaseModel):
    model_config = state.FORM
    pid: int
    run: str


class LockedError(BusyError):
    """Another run writes to the same folder."""


@contextmanager
def held(out: Path, holder: str) -> Iterator[None]:
    """Hold a folder, which is made if it does not exist.

    Args:
        out: The folder.
        holder: What a second run is told that this one does.

    Raises:
        LockedError: another run holds the folder. SetupError: it cannot be written, or the system
            refused something that the run did; told as what it is.
    """
    new = not out.exists()
    try:
        claim(out)
        lock = _lock(out / LOCK, holder)
    except OSError as error:
        where = f"{error.filename or out / LOCK}: cannot be written ({error.strerror})."
        raise SetupError(f"{where} Choose another folder with --out.") from None
    try:
        yield
    except OSError as error:
        raise SetupError(told(error, out)) from None
    finally:
        with suppress(OSError):  # on a disk that has become read-only it stays, and holds no one up
            note_states(out)
        with suppress(OSError):
            (out / LOCK).unlink(missing_ok=True)
        os.close(lock)
        if new:
            release_claim(out)


def refuse_if_held(out: Path) -> None:
    """Raise LockedError at once if another run holds `out`; writes nothing."""
    try:
        descriptor = os.open(out / LOCK, os.O_RDONLY | NO_LINK | AT_ONCE)
    except OSError:
        return
    try:
        _take(descriptor, out / LOCK, LOCK_SH)
    finally:
        os.close(descriptor)


def _lock(path: Path, holder: str) -> int:
    """Return the descriptor of a lock that this process holds and whose file is still the one on
    disk.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o644)
        try:
            if _taken(descriptor, path) and _is_on_disk(descriptor, path):
                break
        except LockedError:
            os.close(descriptor)
            raise
        # someone looked just then, or the last holder removed the file before we locked it
        os.close(descriptor)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, to_json({"pid": os.getpid(), "run": holder}).encode())
    return descriptor


def _taken(descriptor: int, path: Path) -> bool:
    """Take a lock for this process alone; False if only a reader of the lock was in the way, who is
    soon gone.
    """
    with suppress(BlockingIOError):
        flock(descriptor, LOCK_EX | LOCK_NB)
        return True
    _take(descriptor, path, LOCK_SH)  # refused if a run holds it; one who looks shares it
    return False


def _is_on_disk(descriptor: int, path: Path) -> bool:
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _take(descriptor: int, path: Path, kind: int) -> None:
    try:
        flock(descriptor, kind | LOCK_NB)
    except BlockingIOError:
        raise LockedError(
            f"{path.parent}: {_holder(path)} is writing here. Wait until it has ended."
        ) from None


def _holder(path: Path) -> str:
    found = state.read(path, _Holder).value
    return f"process {found.pid} ({found.run})" if found else "another run"
