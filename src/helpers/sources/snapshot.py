"""Dated snapshots of what a service answered: pages as received and an index, never half a file.

A folder per service and day, such as `data/raw/kolada/2026-11-22/`, holds one file per page and
`index.json`: for each question (KPI and year) the base address, the time and each page's address
    and
sha256. A question stands in the index only when all its pages are on disk, so a run that was cut
off continues there.

Which answer is the newest is told by the number of its turn, not by the date: a clock may have been
wrong.
"""

import datetime
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.contracts.files import (
    alone,
    checksum,
    kind_of,
    put,
    refuse_other,
    remove_asides,
)
from helpers.contracts.json_text import from_json, to_json
from helpers.contracts.marks import (
    MARK,
    listed,
    mark_for,
    names_in,
    read_mark,
    refuse_in_the_way,
    remove_own,
    write_mark,
)
from helpers.contracts.opening import bytes_in
from helpers.errors import BusyError, ParameterError, SetupError, told

FOLDER, INDEX = "raw", "index.json"
DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
Question = tuple[str, int]  # a KPI and a year
# in the year's place: not figures, but what a service says of the table they are in
DESCRIPTION = 0


class AnotherFetchError(BusyError):
    """Another run is writing into the same folder."""


class Kept(BaseModel):
    """One page of an answer, as the index tells of it."""

    file: str
    url: str
    sha256: str
    bytes: int


class Answered(BaseModel):
    """An answer, as the index tells of it; `turn` counts the days on which a service was asked."""

    base_url: str
    received: str
    pages: list[Kept]
    turn: int = 0


class Index(BaseModel):
    """What a snapshot holds, and what was noted of it."""

    model_config = ConfigDict(extra="allow")
    format: int = 1
    answers: dict[Annotated[str, Field(pattern=r"^\w+/[0-9]{1,4}$")], Answered] = {}


@dataclass(frozen=True)
class Page:
    """One answer as received: the address that was asked and the bytes that came."""

    url: str
    content: bytes

    def json(self) -> Any:
        """Return the JSON it holds."""
        return from_json(self.content)


class Snapshot:
    """One day's answers in one folder; what is added is on disk, whole, before it is in the
    index.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = _read_index(folder / INDEX)
        self.turn = max((answer.turn for answer in self.index.answers.values()), default=0)
        self._mark = mark_for("answers")

    @property
    def day(self) -> str:
        """The date of the snapshot, YYYY-MM-DD."""
        return self.folder.name

    @property
    def shown_path(self) -> str:
        """The folder as a message names it, the same on every machine."""
        return f"data/{FOLDER}/{self.folder.parent.name}/{self.day}"

    def questions(self) -> list[Question]:
        """Return every question the index has an answer to, in order."""
        return sorted((name.split("/")[0], int(name.split("/")[1])) for name in self.index.answers)

    def order(self, question: Question) -> tuple[int, str]:
        """Return what tells which of several answers to a question is newer: the turn, then the
        day.
        """
        answer = self._answer(question)
        return (answer.turn if answer else 0), self.day

    def base_url(self, question: Question) -> str:
        """Return the base address a question was put to; empty if it is not answered here."""
        answer = self._answer(question)
        return answer.base_url if answer else ""

    def in_hand(self, question: Question, base_url: str) -> bool:
        """Tell whether a question was put to an address in this turn, and its pages are as they
        were received.
        """
        answer = self._answer(question)
        asked = answer is not None and (answer.base_url, answer.turn) == (base_url, self.turn)
        return asked and self.pages(question) is not None

    def pages(self, question: Question) -> list[Page] | None:
        """Return a question's pages, or None if it is not answered here or a file is not as
        recorded.
        """
        answer, pages = self._answer(question), []
        for entry in answer.pages if answer else []:
            path = self.folder / Path(entry.file).name
            content = _bytes(path)
            if checksum(content) != entry.sha256:
                return None
            pages.append(Page(entry.url, content))
        return pages or None

    def add(self, question: Question, base_url: str, pages: Sequence[Page]) -> None:
        """Keep a question's pages, then enter them in the index.

        Raises:
            SetupError: the folder cannot be written, or holds another's file under such a name;
                what was there before is untouched.
        """
        entries = []
        names = [f"{_name(question, '_')}_{number}.json" for number in range(1, len(pages) + 1)]
        self._take(INDEX, *names)
        for name, page in zip(names, pages, strict=True):
            write_whole(self.folder / name, page.content)
            digest = checksum(page.content)
            entries.append(Kept(file=name, url=page.url, sha256=digest, bytes=len(page.content)))
        received = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        answer = Answered(base_url=base_url, received=received, pages=entries, turn=self.turn)
        self.index.answers[_name(question)] = answer
        self._write_index()

    def note(self, name: str, value: object) -> None:
        """Write a finding about the snapshot, such as what was revised, into its index."""
        if getattr(self.index, name, None) != value:
            setattr(self.index, name, value)
            self._write_index()

    def _answer(self, question: Question) -> Answered | None:
        return self.index.answers.get(_name(question))

    def claim(self) -> None:
        """Take the folder for the day's answers: a new or an empty one, or one that a fetch made.

        One that an earlier version made carries no mark, and is known by its index.

        Raises:
            SetupError: it holds something, and no fetch has made it.
        """
        mark, names = read_mark(self.folder), names_in(self.folder)
        if mark and mark.holds == "answers":
            self._mark = mark
        elif self.index.answers:
            pages = [page.file for answer in self.index.answers.values() for page in answer.pages]
            self._note_own(INDEX, *pages)
        elif names:
            raise self._refused(names)

    def _take(self, *names: str) -> None:
        """Note in the mark which files are ours, before they are put there."""
        others = [name for name in names if name not in self._mark.states]
        if taken := [name for name in others if kind_of(self.folder / name)]:
            raise self._refused(taken)
        if others:
            self._note_own(*others)

    def _note_own(self, *names: str) -> None:
        states = tuple(sorted({*self._mark.states, *names}))
        self._mark = self._mark.model_copy(update={"states": states})
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_mark(self.folder, self._mark)
        except OSError as error:
            raise _unwritable(self.folder / MARK, error) from None

    def _refused(self, names: Sequence[str]) -> SetupError:
        return SetupError(
            f"{self.shown_path}: {listed(names)}: no fetch has put that there, and none writes over"
            " it. Nothing there was changed. Move it elsewhere."
        )

    def _write_index(self) -> None:
        self._take(INDEX)
        text = to_json(self.index.model_dump(), indent=1, sort_keys=True) + "\n"
        write_whole(self.folder / INDEX, text.encode("utf-8"))


def snapshots(data_dir: Path, service: str) -> list[Snapshot]:
    """Return all snapshots of a service ("kolada", "scb") in a data folder, the latest day
    first.
    """
    root = data_dir / FOLDER / service
    days = (
        [path for path in root.iterdir() if path.is_dir() and DAY.match(path.name)]
        if root.is_dir()
        else []
    )
    return [Snapshot(path) for path in sorted(days, reverse=True)]


def newest_answers(found: Sequence[Snapshot]) -> dict[Question, tuple[Snapshot, list[Page]]]:
    """Return, for every question of a year that some snapshot answers, the newest that does and its
    pages.
    """
    newest: dict[Question, tuple[Snapshot, list[Page]]] = {}
    answers = [
        (one.order(question), question, one) for one in found for question in one.questions()
    ]
    for _, question, snapshot in sorted(answers, key=lambda answer: answer[:2], reverse=True):
        wanted = question not in newest and question[1] != DESCRIPTION
        pages = snapshot.pages(question) if wanted else None
        if pages is not None:
            newest[question] = (snapshot, pages)
    return newest


@contextmanager
def open_snapshot(data_dir: Path, service: str, day: datetime.date) -> Iterator[Snapshot]:
    """Give a service's snapshot of the day, locked against a second run; leaves no empty folder
    behind.

    Raises:
        AnotherFetchError: another run holds it. SetupError: the folder cannot be written, or no
            fetch has made it.
    """
    root = data_dir / FOLDER / service
    folder = root / day.isoformat()

    def refuse() -> None:
        raise AnotherFetchError(
            f"data/{FOLDER}/{service}: another fetch is writing there. Wait until it is done."
        )

    folders = (FOLDER, f"{FOLDER}/{service}", f"{FOLDER}/{service}/{day}")
    refuse_in_the_way(
        data_dir,
        {**dict.fromkeys(folders, stat.S_IFDIR), f"{folders[-1]}/{INDEX}": stat.S_IFREG},
    )
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(root, error) from None
    with alone(root, refuse):
        snapshot = Snapshot(folder)
        snapshot.claim()
        # left by a run that was killed
        remove_asides(folder, r"index\.json|\w+_[0-9]+_[0-9]+\.json")
        try:
            yield _in_turn(snapshot, snapshots(data_dir, service))
        finally:
            if not names_in(folder):
                remove_own(folder, [MARK])


def _in_turn(snapshot: Snapshot, found: Sequence[Snapshot]) -> Snapshot:
    """Let a day continue its turn if that was the last one; else it has the next, and is asked
    everything anew.
    """
    last = max(((one.turn, one.day) for one in found if one.day != snapshot.day), default=(0, ""))
    if not snapshot.index.answers or (snapshot.turn, snapshot.day) < last:
        snapshot.turn = last[0] + 1
    return snapshot


def refuse_taken(path: Path, overwrite: bool, shown: str = "") -> None:
    """Refuse to write a file that a user has named where something lies already, unless it is to be
    replaced.

    Args:
        path: The file.
        overwrite: Whether --overwrite was given.
        shown: The file as a message names it; by default its path.

    Raises:
        ParameterError: something lies there.
    """
    if os.path.lexists(path) and not overwrite:
        raise ParameterError(
            f"{shown or path}: is there already. Give another name, or --overwrite to replace it."
        )


def write_whole(path: Path, content: bytes) -> None:
    """Put a file, on the disk before this returns; what lies there must be a file, or nothing.

    Raises:
        SetupError: it cannot be written; no part of it is left.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        refuse_other(path)
        put(path, content)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> SetupError:
    return SetupError(
        f"{path}: cannot be written. What was there before is untouched. {told(error, path)} "
        "Another data folder is given with --data."
    )


def _name(question: Question, between: str = "/") -> str:
    return f"{question[0]}{between}{question[1]}"


def _bytes(path: Path) -> bytes:
    """What a file holds; nothing where there is none, or something else is in its place."""
    try:
        return bytes_in(path)
    except OSError:
        return b""


def _read_index(path: Path) -> Index:
    """The index on disk; an unreadable one counts as none, so that everything is asked for
    again.
    """
    try:
        return Index.model_validate_json(bytes_in(path))
    except (OSError, ValidationError):
        return Index()
