"""A release's record: what it was made from, every file with its checksum, and the key of every
report.

    release.json   the release, the files that are no report's own, and a checksum over all of that
    reports.jsonl  a line for each report, with a checksum over it
    times.json     when each file was last changed that was found whole: no record, and made anew
    where it is gone

A record is believed only if it is whole: one damaged line costs one report, which is made again.
The door is the part of a release whose addresses stay: an index whose links lead into the release
itself.
"""

import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.contracts.files import bytes_in, checksum, sha256_of
from helpers.contracts.text import visible
from helpers.releases import state
from helpers.releases.building import PARTS, make_entry
from helpers.releases.folder import ENTRY
from helpers.report.job import Failure, Result

RELEASE, REPORTS, TIMES = "release.json", "reports.jsonl", "times.json"
HELD = (*PARTS, ENTRY)
LINE = re.compile(rb'\{"sha256":"([0-9a-f]{64})","report":(.*)\}')
EARLIER = "it was written by an earlier version, which did not note every file"


def _inside(name: str) -> str:
    parts = PurePosixPath(name).parts
    if "\0" in name or ".." in parts or len(parts) < 2 or parts[0] not in HELD:
        raise ValueError("names no file of a release")
    return name


Name = Annotated[str, AfterValidator(_inside)]  # a file's place in the release


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Strict):
    """One file of a release: its checksum and its size in bytes; of a link, those of where it
    leads.
    """

    sha256: str
    size: int


class Report(_Strict):
    """One report as it was made, or why it was not.

    Attributes:
        id: The report.
        key: What it rests on, part by part, as checksums; `reuse.py` says which parts.
        read: What it read of the inputs as a whole, each with its checksum at that time.
        values: What it read more finely, such as some rows of a table, each with its checksum at
            that time.
        files: Its files by their place in the release.
        failure: Why it failed, if it did.
        parameters: Its parameters, so that a difference can be told.
        title, question, answer, status: As in `jobs.Result`.
    """

    id: str
    key: dict[str, str]
    parameters: dict[str, Any]
    read: dict[str, str] = {}
    values: dict[str, str] = {}
    files: dict[Name, File] = {}
    failure: Failure | None = None
    title: str = ""
    question: str = ""
    answer: str = ""
    status: dict[str, bool] = {}

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files.values())

    def sum(self) -> str:
        """The checksum over all of it."""
        return checksum(self.model_dump_json().encode())

    def journalled(self) -> dict[str, object]:
        """Return it as a line of the journal holds it."""
        return {"report": self.model_dump(), "sha256": self.sum()}

    def result(self) -> Result:
        """Return what the index needs of it."""
        return Result(
            self.id,
            self.failure,
            self.title,
            self.question,
            self.answer,
            self.status,
            files={name: (file.sha256, file.size) for name, file in self.files.items()},
        )


class Finished(BaseModel):
    """A line of a run's journal: a report that was made, how long it took in seconds, its record
    and the checksum.
    """

    model_config = state.FORM
    id: str
    seconds: float | None = None
    report: Report | None = None
    sha256: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "Finished":
        if self.report and self.sha256 != self.report.sum():
            raise ValueError("it is not what its checksum says")
        return self


class Release(_Strict):
    """One release.

    Attributes:
        id: Twelve characters of a checksum over all its reports.
        edition: The edition's title.
        fingerprint: A checksum over everything the run was given: inputs, code, notebooks,
            packages, choices.
        reports, failed: How many.
        files: Those that are no report's own, such as the index, by their place.
        checksum: Over all of the above.
    """

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    edition: str
    fingerprint: str
    reports: int
    failed: int
    files: dict[Name, File] = {}
    checksum: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "Release":
        if self.checksum != self.sum():
            raise ValueError("it is not what its checksum says" if self.checksum else EARLIER)
        return self

    def sum(self) -> str:
        """The checksum over all but itself."""
        return checksum(self.model_dump_json(exclude={"checksum"}).encode())

    def saying(self, **fields: object) -> "Release":
        """Return a release that says something else, with the checksum over it."""
        said = Release.model_construct(**{**dict(self), **fields})
        return Release.model_validate({**said.model_dump(), "checksum": said.sum()})


class _Times(BaseModel):
    model_config = state.FORM
    times: dict[str, int]


def write_record(
    folder: Path, edition: str, fingerprint: str, reports: Iterable[Report]
) -> Release:
    """Make the folder by which readers come into a release, write the record of all that is in it,
    and return it.
    """
    made = list(reports)
    identity = _identity(made, file_of(folder / "html" / "manifest.json"))
    make_entry(folder, identity)
    known = {name for report in made for name in report.files}
    failed = sum(report.failure is not None for report in made)
    blank = Release.model_construct(
        id=identity, edition=edition, fingerprint=fingerprint, reports=len(made), failed=failed
    )
    release = blank.saying(
        files={name: file_of(folder / name) for name in _held(folder) if name not in known}
    )
    (folder / REPORTS).write_bytes(b"".join(map(_line, made)))
    state.write(folder / RELEASE, _text(release))
    return release


def renew(folder: Path, built: Path) -> None:
    """Give an existing release the record of one with the same id that was built elsewhere; its
    files are kept.

    Each of the two steps leaves a record that is whole.
    """
    stands, new = read_release(folder), read_release(built)
    assert stands
    assert new
    os.replace(built / REPORTS, folder / REPORTS)
    state.write(folder / RELEASE, _text(new.saying(files=stands.files)))


def read_release(folder: Path) -> Release | None:
    """Return the release in a folder; None if it has no valid record."""
    return state.read(folder / RELEASE, Release).value


def read_reports(folder: Path) -> Iterator[Report]:
    """Give the records of a release's reports; a line that is not whole is left out."""
    try:
        lines = bytes_in(folder / REPORTS).splitlines()
    except OSError:
        return
    for line in lines:
        match = LINE.fullmatch(line)
        if match and checksum(match[2]).encode() == match[1]:
            with suppress(ValidationError):  # whole, and of another version
                yield Report.model_validate_json(match[2])


@dataclass(frozen=True)
class Record:
    """A release's record as it is on disk.

    Attributes:
        folder: The release's folder.
        release: What it is; None where that is not whole.
        reports: Those of its reports whose records are whole.
        wrong: What of the record is not as it was made.
    """

    folder: Path
    release: Release | None
    reports: list[Report]
    wrong: list[str]

    @property
    def files(self) -> dict[str, File]:
        """Every file of the release by its place."""
        own = self.release.files if self.release else {}
        return {
            **{name: file for report in self.reports for name, file in report.files.items()},
            **own,
        }


def record_of(folder: Path) -> Record:
    """Return a release's record, with what is wrong with it."""
    found, reports = state.read(folder / RELEASE, Release), list(read_reports(folder))
    wrong = (
        _wrong(found.value, reports)
        if found.value
        else [found.fault or f"{folder / RELEASE}: is missing."]
    )
    return Record(folder, found.value, reports, wrong)


def faults(folder: Path) -> list[str]:
    """Return what of a release is not as it was made: its record, or each file that is gone or of
    other content.
    """
    record = record_of(folder)
    return record.wrong or file_faults(folder, record.files)


def verify(record: Record, glance: bool = False) -> list[str]:
    """Return what of a release is not as it was made; if nothing, note when its files were changed,
    for the next time.

    Args:
        record: Its record.
        glance: Compare the content only of files that have been changed since they were last found
            whole.
    """
    known, now = _times(record.folder), _changed(record)
    wrong = record.wrong or file_faults(record.folder, record.files, known if glance else None)
    if not wrong and now != known:
        with suppress(OSError):  # a disk that takes no note costs the next run its time
            state.write(record.folder / TIMES, _Times(times=now).model_dump_json() + "\n")
    return wrong


def file_faults(
    folder: Path, files: Mapping[str, File], times: Mapping[str, int] | None = None
) -> list[str]:
    """Return which of some files are gone, or of other content than recorded.

    Args:
        folder: The release's folder.
        files: The files by their place in it.
        times: When files were changed that have been found whole, in nanoseconds; those are not
            read again.
    """
    return [
        f"{name} is"
        f" {'of other content than recorded' if os.path.lexists(folder / name) else 'missing'}"
        for name, file in files.items()
        if not _is(folder / name, file, (times or {}).get(name))
    ]


def file_of(path: Path) -> File:
    """Return a file's checksum and size; of a link, those of where it leads."""
    if path.is_symlink():
        target = b"-> " + os.fsencode(os.readlink(path))
        return File(sha256=checksum(target), size=len(target) - 3)
    return File(sha256=sha256_of(path), size=path.stat().st_size)


def link(report: Report, source: Path, target: Path) -> None:
    """Link a report's files into another folder; they share their bytes on disk."""
    for name in report.files:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        try:
            os.link(source / name, place)
        except OSError:  # a disk without such links
            shutil.copyfile(source / name, place)


def _is(path: Path, file: File, time: int | None) -> bool:
    """Return whether a file is as recorded: by its size and the time of its last change, else by
    its content.
    """
    try:
        seen = os.lstat(path)
        if seen.st_size != file.size or not (
            stat.S_ISREG(seen.st_mode) or stat.S_ISLNK(seen.st_mode)
        ):
            return False
        return seen.st_mtime_ns == time or file_of(path) == file
    except OSError:
        return False


def _wrong(release: Release, reports: list[Report]) -> list[str]:
    if len(reports) != release.reports:
        return [f"{REPORTS} holds {len(reports)} whole records of {release.reports}"]
    manifest = release.files.get("html/manifest.json")
    same = manifest and _identity(reports, manifest) == release.id
    return [] if same else [f"{REPORTS} is of another release"]


def _changed(record: Record) -> dict[str, int]:
    """When each file was last changed, in nanoseconds; those that are gone left out."""
    found: dict[str, int] = {}
    for name in record.files:
        with suppress(OSError):
            found[name] = os.lstat(record.folder / name).st_mtime_ns
    return found


def _times(folder: Path) -> dict[str, int]:
    found = state.read(folder / TIMES, _Times).value
    return found.times if found else {}


def _held(folder: Path) -> Iterator[str]:
    """Give the place of every file and link in a release's folders, in a fixed order."""
    for part in HELD:
        for place, folders, names in os.walk(folder / part):
            folders.sort()
            links = [name for name in folders if Path(place, name).is_symlink()]
            yield from (
                Path(place, name).relative_to(folder).as_posix()
                for name in sorted([*names, *links])
            )


def _line(report: Report) -> bytes:
    text = visible(report.model_dump_json()).encode()
    return b'{"sha256":"%b","report":%b}\n' % (checksum(text).encode(), text)


def _text(release: Release) -> str:
    return release.model_dump_json(indent=1) + "\n"


def _identity(reports: Iterable[Report], manifest: File) -> str:
    """Return the hash of the reports' files and of what the edition was made from: the release's
    id.
    """
    found = list(reports)
    files = {name: file.sha256 for report in found for name, file in report.files.items()}
    failures = {report.id: vars(report.failure) for report in found if report.failure}
    telling = json.dumps(
        [manifest.sha256, sorted(files.items()), sorted(failures.items())], ensure_ascii=False
    )
    return checksum(telling.encode())[:12]
