"""`mottagning releases`: which there are, and which one readers see."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.cli.options import Json
from helpers.cli.terminal import print, print_json
from helpers.make.plan import REPORTS
from helpers.releases.contents import faults, read_release
from helpers.releases.store import Releases, first_of, strange_in

Out = Annotated[
    Path | None, typer.Option("--out", help="Folder with the releases.", show_default="reports/")
]


def releases(out: Out = None, as_json: Json = False) -> None:
    """List the releases, the oldest first, and tell which one readers see."""
    here = Releases(out or REPORTS)
    rows = [_row(here, name) for name in here.order]
    warn(here)
    if as_json:
        print_json({"releases": rows})
        return
    for row in rows:
        mark = (
            "  ← published" if row["published"] else "  ← rolled back" if row["rolled_back"] else ""
        )
        failed = f", {row['failed']} failed" if row.get("failed") else ""
        told = (
            f"{row['edition']}: {row['reports']} reports{failed}"
            if "edition" in row
            else "not known"
        )
        print(
            f"{row['id']} "
            f" {told}{mark}{'  damaged: ' + first_of(row['faults']) if row['faults'] else ''}"
        )
    if any(row["faults"] for row in rows):
        print(
            "What is damaged is not published. mottagning reports --verify makes the newest edition"
            " whole again."
        )
    if strange := strange_in(here.out):
        print(f"Not made here, and left as it is: {', '.join(strange)}", file=sys.stderr)
    if not rows:
        print(f"{here.root}: there are no releases. Run mottagning reports.")


def _row(here: Releases, name: str) -> dict[str, Any]:
    """Return one release as a row; every file of it is compared with its record."""
    folder = here.folder(name)
    found = read_release(folder)
    said = found.model_dump(exclude={"files", "checksum"}) if found else {"id": name}
    marks = {"published": folder == here.current, "rolled_back": name in here.withdrawn}
    return {**said, **marks, "faults": faults(folder)}


def warn(here: Releases) -> None:
    """Say on standard error what of the folder's own state could not be read."""
    if here.fault:
        print(f"mottagning: {here.fault}", file=sys.stderr)
