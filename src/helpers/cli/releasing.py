"""The commands about releases: which there are, back to an earlier one, and why a report would be made again."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli import options
from helpers.cli.options import Data, Json
from helpers.cli.saying import print
from helpers.publish.lock import held
from helpers.publish.plan import REPORTS
from helpers.publish.record import read_release
from helpers.publish.releases import Releases

Out = Annotated[Path | None, typer.Option("--out", help="Folder with the releases.", show_default="reports/")]


def releases(out: Out = None, as_json: Json = False) -> None:
    """List the releases, the oldest first, and tell which one readers see."""
    here = Releases(out or REPORTS)
    now, withdrawn = here.current, here.withdrawn
    rows = [
        {**found.model_dump(), "published": now == here.folder(name), "rolled_back": name in withdrawn}
        for name in here.order
        if (found := read_release(here.folder(name)))
    ]
    if as_json:
        print(json.dumps({"releases": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        marks = ["published"] * row["published"] + ["rolled back"] * row["rolled_back"]
        failed = f", {row['failed']} failed" if row["failed"] else ""
        print(f"{row['id']}  {row['edition']}: {row['reports']} reports{failed}{'  ← ' + marks[0] if marks else ''}")
    if not rows:
        print(f"{here.root}: there are no releases. Run mottagning reports.")


def rollback(
    release: Annotated[
        str | None, typer.Argument(metavar="[RELEASE]", help="The release to show.", show_default="the one before")
    ] = None,
    out: Out = None,
) -> None:
    """Let readers see an earlier release again, in one step; the one left is not published again but by --force."""
    folder = out or REPORTS
    with held(folder, "rollback"):
        damaged = (here := Releases(folder)).damaged
        chosen = here.rollback(release)
    if damaged:
        print(f"Release {damaged}, which readers saw, has a record (release.json) that is damaged or gone.")
    print(f"Readers see release {chosen} again. Open {folder / 'html' / 'index.html'}")


def explain(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="A report's id, such as lan/24 or kommun/2480.")],
    edition: Annotated[str, typer.Option(help="The edition it belongs to, by name or by path.")] = "standard",
    out: Out = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell whether a report would be made again by the next run, and why; nothing is written."""
    from helpers.cli.publishing import requested
    from helpers.publish.explain import explain as find

    options.use_data(data)
    run = options.run_options(out, 1, 120, None)
    found = find(requested(edition, run), replace(run, workers=1), report)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    verdict = "would be made again" if found.again else "would stay as it is"
    print(f"{found.id} {verdict}" + (f" (release {found.release})." if found.release else "."))
    for reason in found.reasons:
        print(f"– {reason}")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="Example: mottagning releases")(releases)
    app.command(epilog="Examples: mottagning rollback · mottagning rollback 6479d82eb6d1")(rollback)
    app.command(epilog="Example: mottagning explain kommun/2480 --edition alla")(explain)
