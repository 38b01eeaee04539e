"""What a release says of itself: what it was made from, and for every report its key, its files and what it read."""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.publish.jobs import Failure, Result

RELEASE, REPORTS = "release.json", "reports.jsonl"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Strict):
    """One file of a report: its checksum and its size in bytes."""

    sha256: str
    size: int


class Report(_Strict):
    """One report as it was made, or why it was not.

    Attributes:
        id: The report.
        key: What it rests on, part by part, as checksums; `keys.py` says which parts.
        read: What it read of the inputs as a whole, each with its checksum at that time.
        values: What it read more finely, such as some rows of a table, each with its checksum at that time.
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
    files: dict[str, File] = {}
    failure: Failure | None = None
    title: str = ""
    question: str = ""
    answer: str = ""
    status: dict[str, bool] = {}

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files.values())

    def result(self) -> Result:
        """Return what the index needs of it."""
        return Result(self.id, self.failure, self.title, self.question, self.answer, self.status)


class Release(_Strict):
    """One release.

    Attributes:
        id: Twelve characters of a checksum over all its reports.
        edition: The edition's title.
        fingerprint: A checksum over everything the run was given: inputs, code, notebooks, packages, choices.
        reports, failed: How many.
    """

    id: str
    edition: str
    fingerprint: str
    reports: int
    failed: int


def write_record(folder: Path, edition: str, fingerprint: str, reports: Iterable[Report]) -> Release:
    """Write a release's record into its folder and return the release."""
    lines = [report.model_dump_json() for report in reports]
    whole = "\n".join([*lines, ""])
    made = [json.loads(line) for line in lines]
    identity = hashlib.sha256(_telling(made, folder).encode()).hexdigest()[:12]
    failed = sum(report["failure"] is not None for report in made)
    release = Release(id=identity, edition=edition, fingerprint=fingerprint, reports=len(made), failed=failed)
    (folder / REPORTS).write_text(whole, "utf-8")
    (folder / RELEASE).write_text(release.model_dump_json(indent=1) + "\n", "utf-8")
    return release


def read_release(folder: Path) -> Release | None:
    """Return what a folder's release is; None if there is none that can be read."""
    try:
        return Release.model_validate_json((folder / RELEASE).read_bytes())
    except (OSError, ValidationError):
        return None


def read_reports(folder: Path) -> Iterator[Report]:
    """Give the records of a release's reports; a line that cannot be read is left out."""
    try:
        lines = (folder / REPORTS).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield Report.model_validate_json(line)
        except ValidationError:
            continue


def file_of(path: Path) -> File:
    """Return a file's checksum and size."""
    with path.open("rb") as opened:
        return File(sha256=hashlib.file_digest(opened, "sha256").hexdigest(), size=path.stat().st_size)


def whole(report: Report, folder: Path) -> bool:
    """Tell whether all files of a report lie in a folder as they were made."""
    return bool(report.files) and all(_is(folder / name, file) for name, file in report.files.items())


def file_faults(folder: Path, ids: Collection[str] | None = None) -> list[str]:
    """Return every file of a release, or of some of its reports, that is gone or of other content than recorded."""
    return [
        f"{name} is {'of other content than recorded' if (folder / name).is_file() else 'missing'}"
        for report in read_reports(folder)
        if ids is None or report.id in ids
        for name, file in report.files.items()
        if not _is(folder / name, file)
    ]


def link(report: Report, source: Path, target: Path) -> None:
    """Let a report's files stand in another folder too; they share their bytes on disk."""
    for name in report.files:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        try:
            os.link(source / name, place)
        except OSError:  # a disk without such links
            shutil.copyfile(source / name, place)


def _is(path: Path, file: File) -> bool:
    try:
        return path.stat().st_size == file.size and file_of(path) == file
    except OSError:
        return False


def _telling(reports: list[dict[str, Any]], folder: Path) -> str:
    """Return what tells one release from another: the reports' files, and what the edition was made from."""
    files = {name: file["sha256"] for report in reports for name, file in report["files"].items()}
    failures = {report["id"]: report["failure"] for report in reports if report["failure"]}
    manifest = hashlib.sha256((folder / "html" / "manifest.json").read_bytes()).hexdigest()
    return json.dumps([manifest, sorted(files.items()), sorted(failures.items())], ensure_ascii=False)
