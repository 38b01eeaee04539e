"""Publish a release elsewhere: first its files, each verified there, and last the pointer that
readers follow.

- releases/<id>/html/…: the pages; with notebooks also executed/…
- releases/<id>/files.json: which files were sent there; nothing else is removed when it goes.
- releases/state.json: which releases were published there, the newest last.
- current.json: what the pointer leads to, for programs.
- index.html: the pointer, the release's index, its links leading into it; put last, in one step.
"""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from helpers.contracts.files import bytes_in, checksum
from helpers.contracts.marks import MARK, listed, mark_for
from helpers.contracts.text import from_json, to_json
from helpers.errors import SetupError, WorkbookError
from helpers.releases import state
from helpers.releases.building import pointing_into
from helpers.releases.contents import File, Name, Release, record_of
from helpers.releases.folder import RELEASES, STATE
from helpers.releases.store import Note
from helpers.sending.address import WHOLE_PUT
from helpers.sending.targets import RemoteFile, Target

SMALL = 2 << 20  # bytes; where the target tells no checksum, files up to here are read back
GO_ON = "Run the same command again: it goes on where this one stopped."
UNTOUCHED = f"Readers there see what they saw before. {GO_ON}"
INDEX, CURRENT = "index.html", "current.json"
PLACES = (INDEX, CURRENT, RELEASES, MARK)
FILES = "files.json"
HALF = re.compile(r"\..+\.[0-9a-f]{8}", re.ASCII)  # as `Target` names a file until it is whole
HALF_OWN = re.compile(rf"\.({re.escape(INDEX)}|{re.escape(CURRENT)})\.[0-9a-f]{{8}}", re.ASCII)
DAY = datetime.timedelta(days=1)
AT_ONCE = 4
Item = TypeVar("Item")
Value = TypeVar("Value")
Listener = Callable[[str], None]
Begin = Callable[[int], Listener]
UNKNOWN = (
    f"It is not known whether readers there see the new release yet; both lie there whole. {GO_ON}"
)
SHOWN = f"Readers there see the new release, but what is older could not be removed. {GO_ON}"


@dataclass(frozen=True)
class Piece:
    """One file of a release: its place at the target, its path here, and its checksums."""

    name: str
    path: Path
    size: int
    md5: str
    sha256: str

    def content(self) -> bytes:
        """Return its bytes.

        Raises:
            SetupError: they are not what they were, or gone.
        """
        try:
            content = bytes_in(self.path)
        except OSError as error:
            raise SetupError(
                f"{self.path}: cannot be read ({error.strerror}). {UNTOUCHED}"
            ) from None
        if checksum(content) != self.sha256:
            raise SetupError(f"{self.path}: was changed while it was being sent. {UNTOUCHED}")
        return content


def pieces_of(folder: Path, identity: str, parts: tuple[str, ...]) -> list[Piece]:
    """Return every file of a release's parts that its record names; other files are not sent."""
    files = record_of(folder).files
    names = sorted(name for name in files if name.startswith(parts))
    return [_piece(f"{RELEASES}/{identity}/{name}", folder / name, files[name]) for name in names]


def _piece(name: str, path: Path, file: File) -> Piece:
    known = Piece(name, path, file.size, "", file.sha256)
    return replace(known, md5=hashlib.md5(known.content(), usedforsecurity=False).hexdigest())


def exists(target: Target, piece: Piece, found: RemoteFile | None) -> bool:
    """Return whether a piece exists at the target: by size, and by the target's checksum or by
    reading it back.
    """
    if found is None or found.size != piece.size:
        return False
    if found.md5 == piece.md5:
        return True
    if piece.size > SMALL and not found.says_md5:
        return True
    content = target.read(piece.name)
    return content is not None and checksum(content) == piece.sha256


@dataclass(frozen=True)
class Sent:
    """What was done at the target.

    Attributes:
        release: The release that readers there now see.
        sent, copied, stood: Files sent, copied there from an earlier release, and lying there
            already.
        removed: Releases removed there.
        left: Older ones of which no record tells what was sent: they stay, and are not counted any
            more.
    """

    release: Release
    sent: int
    copied: int
    stood: int
    removed: list[str]
    left: list[str]


class _Files(BaseModel):
    """What was sent of a release: the files' places in it."""

    model_config = state.FORM
    files: list[Name]


def claim_target(target: Target, adopt: bool) -> list[str]:
    """See to it that the target carries our mark: an empty or a new place gets it, and one where we
    have published.

    Args:
        target: The target.
        adopt: Whether to take over a place that holds other things.

    Returns:
        What lies there that was taken over.

    Raises:
        SetupError: it holds what we did not put there, or a link lies where we write; nothing was
            sent.
    """
    lying = _tried(target, UNTOUCHED, target.names)
    other = [
        name for name in lying if name.endswith("@") and name.split("/")[0].rstrip("@") in PLACES
    ]
    other += [name for name in lying if name in (f"{INDEX}/", f"{CURRENT}/", f"{MARK}/", RELEASES)]
    if other:
        told = f"{target}: {listed(other)}: a link or of another kind, where we write"
        raise SetupError(f"{told}. Nothing was sent. Move it elsewhere, or name another target.")
    if MARK in lying and _holds(target, MARK, product="mottagningsboken"):
        return []
    ours = not lying or _holds(target, CURRENT, release=None, edition=None, reports=None)
    if not ours and not adopt:
        needed = [name for name in lying if name.rstrip("/") in PLACES] or [
            "nothing of it where we write"
        ]
        raise SetupError(
            f"{target}: holds what was not published from here: {listed(lying)}; in the way:"
            f" {listed(needed)}. Nothing was sent. Name an empty or a new folder, or give --adopt"
            " to take this one over."
        )
    _tried(target, UNTOUCHED, partial(target.make_folders, [MARK]))
    _tried(
        target,
        UNTOUCHED,
        partial(_put_json, target, MARK, mark_for("target").model_dump(exclude_defaults=True)),
    )
    return [] if ours else lying


def _holds(target: Target, name: str, **fields: str | None) -> bool:
    """Return whether a file at the target is JSON with these fields, and with these values where
    given.
    """
    try:
        found = from_json(_tried(target, UNTOUCHED, partial(target.read, name)) or b"")
    except ValueError:
        return False
    return isinstance(found, dict) and all(
        name in found and value in (None, found[name]) for name, value in fields.items()
    )


def send(
    target: Target, folder: Path, release: Release, kept: int, notebooks: bool, begin: Begin
) -> Sent:
    """Publish a release at a target.

    Args:
        target: Where.
        folder: The release's folder here.
        release: What it is.
        kept: Releases that stay there, at least two: this one and the one before.
        notebooks: Whether the executed notebooks go along.
        begin: Called with how many files there are; gives the listener of their names as they are
            done.

    Raises:
        SetupError: it could not be done; the message says what readers there see, and how to go on.
    """
    pieces = pieces_of(folder, release.id, ("html/", "executed/") if notebooks else ("html/",))
    page = next(piece for piece in pieces if piece.path == folder / "html" / INDEX).content()
    index = pointing_into(page.decode(), f"{RELEASES}/{release.id}/html/")
    _refuse_strangers(target, f"{RELEASES}/{release.id}")
    done = _tried(target, UNTOUCHED, partial(_bring, target, pieces, begin(len(pieces))))
    _tried(target, UNTOUCHED, partial(_note_files, target, release.id, pieces))
    order = _tried(target, UNTOUCHED, partial(_order, target))
    order = [*(name for name in order if name != release.id), release.id]
    told = {
        "release": release.id,
        "edition": release.edition,
        "reports": release.reports,
        "failed": release.failed,
    }
    _tried(target, UNTOUCHED, partial(_put_json, target, f"{RELEASES}/{STATE}", {"order": order}))
    _tried(target, UNTOUCHED, partial(_put_json, target, CURRENT, told))
    _tried(target, UNKNOWN, partial(target.put, INDEX, index.encode(), lasting=False))
    removed, left = _tried(target, SHOWN, partial(_clear, target, order, max(2, kept)))
    _tried(target, SHOWN, partial(target.ask, partial(_sweep, target.protocol)))
    return Sent(release, done["sent"], done["copied"], done["stood"], removed, left)


def _refuse_strangers(target: Target, folder: str) -> None:
    """Refuse to write into a folder there that holds a link: it would be written through."""
    if found := _tried(target, UNTOUCHED, partial(target.strangers, folder)):
        raise SetupError(
            f"{target}: {listed(found)}: a link or of another kind, where we write. Nothing was"
            " sent. Move it elsewhere, or name another target."
        )


def _bring(target: Target, pieces: list[Piece], listener: Listener) -> Counter[str]:
    """Make sure that every piece exists at the target; return how many were sent, copied there, or
    existed.

    Raises:
        SetupError: a piece does not lie there as it was sent.
    """
    there = target.files()
    alike = {(file.md5, file.size): name for name, file in there.items() if file.md5}
    target.make_folders(piece.name for piece in pieces if piece.name not in there)

    def bring(piece: Piece) -> str:
        source = alike.get((piece.md5, piece.size))
        if exists(target, piece, there.get(piece.name)):
            how = "stood"
        elif source:
            target.copy(source, piece.name)
            how = "copied"
        else:
            target.put(piece.name, piece.content(), lasting=True)
            how = "sent"
        listener(piece.name)
        return how

    how = dict(zip(pieces, _at_once(bring, pieces), strict=True))
    brought = [piece for piece in pieces if how[piece] != "stood"]
    there = target.files() if brought else there
    whole = _at_once(lambda piece: exists(target, piece, there.get(piece.name)), brought)
    for piece, there_whole in zip(brought, whole, strict=True):
        if not there_whole:
            raise SetupError(
                f"{target}: {piece.name} does not lie there as it was sent. {UNTOUCHED}"
            )
    return Counter(how.values())


def _at_once(work: Callable[[Item], Value], items: Sequence[Item]) -> list[Value]:
    """Return the result of some work for each item, a few at once; after the first error no other
    is begun.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sending") as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            pool.shutdown(cancel_futures=True)
    return [future.result() for future in futures]  # they begin in order: an error comes first


def _order(target: Target) -> list[str]:
    """Return the releases published at the target, the newest last; none if that cannot be read."""
    noted = state.parsed(target.read(f"{RELEASES}/{STATE}") or b"{}", Note, STATE).value
    return noted.order if noted else []


def _put_json(target: Target, name: str, value: object) -> None:
    target.put(name, to_json(value, indent=1).encode() + b"\n", lasting=False)


def _note_files(target: Target, identity: str, pieces: list[Piece]) -> None:
    """Put a record of what was sent of a release beside it; what an earlier sending put there stays
    on it.
    """
    place = f"{RELEASES}/{identity}/"
    before = _recorded(target, identity)
    now = sorted({*before, *(piece.name.removeprefix(place) for piece in pieces)})
    if now != before:
        _put_json(target, f"{place}{FILES}", {"files": now})


def _recorded(target: Target, identity: str) -> list[str]:
    """Return the files that were sent of a release, by their place in it; none if there is no
    record.
    """
    noted = state.parsed(
        target.read(f"{RELEASES}/{identity}/{FILES}") or b"{}", _Files, FILES
    ).value
    return noted.files if noted else []


def _clear(target: Target, order: list[str], kept: int) -> tuple[list[str], list[str]]:
    """Remove the oldest releases at the target; return them, and those that are left because no
    record names their files.

    One that another is sending just now has no order.
    """
    old, stay = order[:-kept], order[-kept:]
    files = {name: _recorded(target, name) for name in old}
    for name in old:
        for names in (files[name], [FILES]) if files[name] else ():
            target.remove(f"{RELEASES}/{name}", names)
    lying = {name.split("/")[1] for name in target.files()} if not all(files.values()) else set()
    left = [name for name in old if not files[name] and name in lying]
    if old:
        _put_json(target, f"{RELEASES}/{STATE}", {"order": stay})
    return [name for name in old if name not in left], left


def _sweep(protocol: str, fs: Any, root: str) -> None:
    """Take away what senders that were killed have left half-sent, a day after, by the clock of the
    target.
    """
    if protocol in WHOLE_PUT:
        return
    names = [
        name for name in fs.find(f"{root}/{RELEASES}") if HALF.fullmatch(name.rpartition("/")[2])
    ]
    names += [
        name for name in fs.ls(root, detail=False) if HALF_OWN.fullmatch(name.rpartition("/")[2])
    ]
    for name in names:
        with suppress(FileNotFoundError):  # its sender was alive
            if fs.modified(f"{root}/{CURRENT}") - fs.modified(name) > DAY:
                fs.rm_file(name)


def _tried(target: Target, state: str, work: Callable[[], Value]) -> Value:
    """Return the result of some work; an error of the target's library becomes a message with the
    state of the target.
    """
    try:
        return work()
    except WorkbookError:
        raise
    except Exception as error:
        raise SetupError(f"{target.in_words(error)}. {state}") from None
