"""State files: small JSON files of ours, and journals, a line for each task. One reader, which
accepts only what is valid.

Whatever lies in a file's place, it is either read whole and of its type, or told in words; never an
error.
"""

import datetime
import errno
import os
import re
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import psutil  # type: ignore[import-untyped]
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from helpers.contracts.files import NO_LINK, bytes_in, kind_of, put
from helpers.contracts.text import to_json, visible
from helpers.errors import told

Model = TypeVar("Model", bound=BaseModel)
NO_FILE = "Something else lies where a file of the workbook's is to lie"


def _moment(text: str) -> str:
    if datetime.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("has no time zone")
    return text


Moment = Annotated[str, AfterValidator(_moment)]  # ISO 8601, with its zone
# what a later version has added is left out; a number is one
FORM = ConfigDict(frozen=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Found(Generic[Model]):
    """What a state file was read as.

    Attributes:
        value: What it holds; None where there is none that can be used.
        fault: Which file, and why it cannot be used; "" where it can, or there is none.
    """

    value: Model | None
    fault: str = ""


def read(path: Path, model: type[Model]) -> Found[Model]:
    """Return what a file of JSON holds, or why that cannot be used."""
    try:
        return parsed(bytes_in(path), model, str(path))
    except FileNotFoundError:
        return Found(None)
    except OSError as error:
        return Found(None, _told(error, path))


def parsed(text: bytes, model: type[Model], where: str) -> Found[Model]:
    """Return the content of JSON text, or why it cannot be used; `where` names it in messages."""
    try:
        return Found(model.model_validate_json(text))
    except ValidationError as error:
        return Found(
            None, f"{where}: is damaged ({_why(error, model) if text.strip() else 'it is empty'})."
        )


def lines(path: Path, model: type[Model]) -> tuple[list[Model], int]:
    """Return what the lines of a file hold, and how many lines cannot be used; nothing where there
    is no file.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        found = [
            parsed(line, model, "").value for line in bytes_in(path).split(b"\n") if line.strip()
        ]
    except FileNotFoundError:
        return [], 0
    known = [value for value in found if value is not None]
    return known, len(found) - len(known)


def write(path: Path, text: str) -> None:
    """Replace a file of JSON in one step, on disk before this returns: a reader sees the old one or
    the new.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    refuse_folder(path)
    put(path, visible(text, layout=True).encode())


def refuse_folder(path: Path) -> None:
    """Raise IsADirectoryError if a folder is in the place of a file of ours."""
    if path.is_dir() and not path.is_symlink():
        raise IsADirectoryError(errno.EISDIR, NO_FILE, str(path))


def sweep(folder: Path, names: Collection[str]) -> None:
    """Take away what writers of these files have left beside them that were killed."""
    own = re.compile(
        rf"\.(?:{'|'.join(map(re.escape, names))})\.([0-9]{{1,7}})(?:\.new)?", re.ASCII
    )
    for path in folder.glob(".*"):
        match = own.fullmatch(path.name)
        if match and kind_of(path) == stat.S_IFREG and not psutil.pid_exists(int(match[1])):
            path.unlink(missing_ok=True)


def _told(error: OSError, path: Path) -> str:
    return (
        f"{path}: {NO_FILE}. Move it away."
        if isinstance(error, IsADirectoryError)
        else told(error, path)
    )


def _why(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first fault, quoting nothing of the file: it may be anything."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = next((str(part) for part in first["loc"][:1] if part in model.model_fields), "")
    return f"{field}: {first['msg']}" if field else first["msg"]


class Journal:
    """A file of JSON lines, replaced in one step when it is opened.

    Args:
        path: The file; what it held before is gone.
        kept: Records it begins with.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, kept: Iterable[dict[str, Any]] = ()) -> None:
        self.path = path
        put(path, b"".join(map(_line, kept)), path.with_name(f"{path.name}.new"))

    def add(self, record: dict[str, Any]) -> None:
        """Write one record in one piece, and wait until the disk has it."""
        append(self.path, record)


def append(path: Path, record: dict[str, Any]) -> None:
    """Add one record to a file of JSON lines in one piece, and wait until the disk has it.

    A last line that a crash cut off is ended first, so that it does not spoil the new one.

    Raises:
        OSError: the file cannot be written.
    """
    line = _line(record)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | NO_LINK, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" + line if torn else line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(record: dict[str, Any]) -> bytes:
    return to_json(record).encode() + b"\n"
