"""Take a release away: the files that its own record names, and nothing that someone has put beside them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.contracts.json_text import from_json
from helpers.contracts.marks import MARK, kind_of, remove_own
from helpers.publish.building import PARTS, SHARED
from helpers.publish.door import PAGES

RECORD = ("reports.jsonl", "times.json", MARK, "release.json")


def remove_release(folder: Path) -> None:
    """Remove a release that readers no longer see. It is hidden first; a removal that is cut off is gone on with.

    Args:
        folder: The release's folder; where its record cannot be read, nothing is removed.
    """
    names = sorted(set(_recorded(folder)))
    if not names or folder.is_symlink():
        return
    hidden = folder.with_name(f".{folder.name}")
    if not folder.name.startswith(".") and not os.path.lexists(hidden):
        folder = folder.rename(hidden)
    remove_own(folder, [*names, *SHARED, *_door(folder), *RECORD], (*PARTS, "door"))


def _recorded(folder: Path) -> Iterator[str]:
    """Every file that the record names, as this version or an earlier one has written it."""
    for name in ("release.json", "reports.jsonl"):
        with suppress(OSError):
            text = (folder / name).read_bytes()
            for part in [text] if name == "release.json" else text.split(b"\n"):
                yield from filter(_inside, _files(part))


def _files(text: bytes) -> list[str]:
    try:
        found: Any = from_json(text)
        found = found.get("report", found)
        return [*found.get("files", {})]
    except (ValueError, AttributeError, TypeError):
        return []


def _inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] in ("html", "executed", "door") and ".." not in parts


def _door(folder: Path) -> list[str]:
    """What the door holds of ours: its pages, and links to what lies in html/."""
    found = [f"door/{name}" for name in PAGES]
    if kind_of(folder / "door") and not (folder / "door").is_symlink():
        for path in (folder / "door").iterdir():
            if path.is_symlink() and os.readlink(path) == f"../html/{path.name}":
                found.append(f"door/{path.name}")
    return found
