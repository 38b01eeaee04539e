"""The project itself under the drill: copies of it, and the command run in them, here or
elsewhere.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.drill.machine import as_nobody
from tests.drill.process import ROOT, command
from tests.drill.scene import demand

PARTS = ("src", "notebooks", "data", "reports/parameters")
LEFT_OUT = shutil.ignore_patterns("raw", "tidy", "__pycache__", ".ipynb_checkpoints", "*.egg-info")
SHOWN = ("html", "executed", "door", "release.json", "reports.jsonl")


def copy_to(folder: Path, project: Path = ROOT) -> Path:
    """Copy what a run needs of a project, and return the copy."""
    for part in PARTS:
        shutil.copytree(project / part, folder / part, ignore=LEFT_OUT)
    return folder


def edition(path: Path, **choices: object) -> Path:
    """Write an edition's file: 2018, the forecasts of the standard edition, and what else is
    chosen.
    """
    given = {"ar": 2018, "prognos_ekb": 1500, "prognoser_ekb": [1500, 2300], **choices}
    path.write_text(
        "".join(f"{name}: {json.dumps(value)}\n" for name, value in given.items()), "utf-8"
    )
    return path


def reports(path: Path, out: Path, *options: object, **how: Any) -> dict[str, Any]:
    """Make an edition by the command and return what it told; exit codes 0 and 3 are both an
    answer.
    """
    ran = command(
        ["reports", "--edition", path, "--out", out, "--workers", 2, "--json", *options], **how
    )
    demand(ran.returncode in {0, 3}, f"exit {ran.returncode}: {ran.stderr.strip()[-400:]}")
    return json.loads(ran.stdout)


def elsewhere(
    path: Path, copy: Path, out: Path, environment: Mapping[str, str] | None = None
) -> tuple[dict, str]:
    """Make an edition in a copy with all that may be other than here other; return what it told,
    and whose it was.
    """
    wrap = as_nobody()
    changed = {
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parent / "elsewhere"), str(copy / "src")]
        ),
        "DRILL_CLOCK": str(3 * 366 * 86400),
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "sv_SE.UTF-8",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "4711",
        "HOME": str(copy),
        "USER": "annan",
        "LOGNAME": "annan",
        "COLUMNS": "43",
        **(environment or {}),
    }
    told = reports(path, out, project=copy, wrap=wrap, umask=0o077, environment=changed)
    whose = "another user" if wrap else "the same user, as no other may be taken on here"
    return told, whose


def release(out: Path) -> dict[str, bytes]:
    """Return every byte of the release that readers see, by its place in it."""
    now = out / "current"
    places = [now / name for name in SHOWN]
    files = [
        path
        for place in places
        for path in (place.rglob("*") if place.is_dir() else [place])
        if path.is_file()
    ]
    return {path.relative_to(now).as_posix(): path.read_bytes() for path in files}


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return what is not the same bytes in two releases."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def pages_in(found: Sequence[str] | Mapping[str, bytes]) -> int:
    """Return how many reports' pages are among some files."""
    return sum(
        name.startswith("html/") and name.endswith(".html") and name.count("/") == 2
        for name in found
    )
