"""The commands about releases: list them, go back to an earlier one, and explain why a report would
be made again.
"""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.cli import options
from helpers.cli.options import Data, Json
from helpers.cli.terminal import print, print_json
from helpers.make.plan import REPORTS
from helpers.releases.contents import faults, read_release, record_of
from helpers.releases.folder import held
from helpers.releases.store import Releases, first_of, strange_in

Out = Annotated[
    Path | None, typer.Option("--out", help="Folder with the releases.", show_default="reports/")
]


def releases(out: Out = None, as_json: Json = False) -> None:
    """List the releases, the oldest first, and tell which one readers see."""
    here = Releases(out or REPORTS)
    rows = [_row(here, name) for name in here.order]
    _warn(here)
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


def _warn(here: Releases) -> None:
    if here.fault:
        print(f"mottagning: {here.fault}", file=sys.stderr)


def rollback(
    release: Annotated[
        str | None,
        typer.Argument(
            metavar="[RELEASE]", help="The release to show.", show_default="the one before"
        ),
    ] = None,
    out: Out = None,
) -> None:
    """Let readers see an earlier release again, in one step; the one left is not published again
    but by --force.
    """
    folder = options.folder_for_reports(out) if out is not None else REPORTS
    with held(folder, "rollback"):
        left = (here := Releases(folder)).current
        _warn(here)
        chosen = here.rollback(release)
    if left and (wrong := record_of(left).wrong):
        print(f"Release {left.name}, which readers saw, is not whole: {first_of(wrong)}.")
    print(f"Readers see release {chosen} again. Open {folder / 'html' / 'index.html'}")


def explain(
    report: Annotated[
        str, typer.Argument(metavar="REPORT", help="A report's id, such as lan/24 or kommun/2480.")
    ],
    edition: Annotated[
        str, typer.Option(help="The edition it belongs to, by name or by path.")
    ] = "standard",
    out: Out = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell whether a report would be made again by the next run, and why; nothing is written."""
    from helpers.cli.request import edition_file, requested
    from helpers.make.explain import explain as find

    options.use_data(data)
    run = options.run_options(out, 1, 120, None)
    # the other engine writes data/tidy
    found = find(
        requested(edition_file(edition), replace(run, engine="warm")),
        replace(run, workers=1),
        report,
    )
    if as_json:
        print_json(asdict(found))
        return
    verdict = "would be made again" if found.again else "would stay as it is"
    print(f"{found.id} {verdict}" + (f" (release {found.release})." if found.release else "."))
    for reason in found.reasons:
        print(f"– {reason}")
