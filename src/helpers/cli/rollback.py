"""`mottagning rollback`: readers see an earlier release again."""

from typing import Annotated

import typer

from helpers.cli import options
from helpers.cli.releases import Out, warn
from helpers.cli.terminal import print
from helpers.make.plan import REPORTS
from helpers.releases.contents import record_of
from helpers.releases.folder import held
from helpers.releases.store import Releases, first_of


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
        warn(here)
        chosen = here.rollback(release)
    if left and (wrong := record_of(left).wrong):
        print(f"Release {left.name}, which readers saw, is not whole: {first_of(wrong)}.")
    print(f"Readers see release {chosen} again. Open {folder / 'html' / 'index.html'}")
