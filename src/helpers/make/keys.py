"""What a report rests on, as checksums: its key, known before it is made, and what it read, known
after.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.contracts.files import bytes_in, checksum
from helpers.make.plan import Options, Request
from helpers.releases.contents import (
    Report,
)
from helpers.report.job import Job
from helpers.report.manifest import code_version, own_files

ALL = "*"  # the name of all inputs together


@dataclass(frozen=True)
class World:
    """What all reports of a run have in common.

    Attributes:
        edition: The title on every page.
        inputs: Each file or part of the inputs by name, with the checksum of its content.
        code, packages: Checksums.
        values: What earlier reports have read more finely than as a whole, by name, likewise.
    """

    edition: str
    inputs: Mapping[str, str]
    code: str
    packages: str
    values: Mapping[str, str] = field(default_factory=dict)


def world(
    edition: str, inputs: Mapping[str, str], values: Mapping[str, str] | None = None
) -> World:
    """Return the world as it is now; the inputs all together have a name too, for what may have
    read any of them.
    """
    named = {**inputs, ALL: checksum(_text(dict(inputs)))}
    return World(edition, named, code_version(None), installed(), values or {})


def key_of(job: Job, around: World) -> dict[str, str]:
    """Return the parts of a report's key that are known before it is made; what it reads is known
    after.
    """
    return {
        "notebook": checksum(bytes_in(job.notebook)),
        "parameters": checksum(_text(job.parameters)),
        "code": around.code,
        "packages": around.packages,
        "edition": around.edition,
        "variant": job.variant,
        "links": " ".join(job.links),
    }


def differing(report: Report, key: Mapping[str, str]) -> list[str]:
    """Return the parts of the key, but what was read, that are other than when the report was
    made.
    """
    return [part for part in key if report.key.get(part) != key[part]]


def changed_reads(report: Report, around: World) -> list[str]:
    """Return what the report read that now is of other content, or gone."""
    found = [name for name, known in report.read.items() if around.inputs.get(name) != known]
    return found + [
        name for name, known in report.values.items() if around.values.get(name) != known
    ]


def fingerprint(choices: Mapping[str, Any], around: World, notebooks: Path) -> str:
    """Return one checksum over everything a run is given."""
    found = {
        file.relative_to(notebooks).as_posix(): checksum(file.read_bytes())
        for file in own_files(notebooks)
    }
    given = [
        dict(choices),
        found,
        around.code,
        around.packages,
        around.edition,
        dict(around.inputs),
    ]
    return checksum(_text(given))


def fingerprint_of(
    request: Request, options: Options, inputs: Mapping[str, str], notebooks: Path
) -> str:
    """Return one checksum over everything that decides what comes out of a run."""
    return fingerprint(request.choices, world(request.name, inputs), notebooks)


@lru_cache
def installed() -> str:
    """Return a checksum over Python's version and every installed package's name and version."""
    folders = [
        Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))
    ]
    names = sorted({found.name for folder in folders for found in folder.glob("*.dist-info")})
    return checksum("\n".join([sys.version, *names]))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
