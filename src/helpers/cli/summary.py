"""What `report` and `reports` say at their end: what was made, what failed, what changed."""

import dataclasses
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from helpers.cli.compare import changes_as_json, what_changed
from helpers.cli.terminal import print, print_json
from helpers.errors import WorkbookError
from helpers.make.reuse import Standing
from helpers.report.job import Result
from helpers.sources.catalogue import ENTRIES, data_folder

if TYPE_CHECKING:
    from helpers.make.run import Published


def tell_standing(stands: Standing, out: Path, as_json: bool) -> None:
    """Say that there is nothing to do, and why."""
    page, names = out / "html" / "index.html", [report.id for report in stands.reports]
    if as_json:
        what_changed = {
            "page": str(page),
            "release": stands.release.id,
            "delivered": names,
            "made": [],
            "failed": [],
        }
        print_json({**what_changed, "kernel_restarts": 0, "shown": not stands.withdrawn})
    elif stands.withdrawn:
        print(
            f"Release {stands.release.id}, which was rolled back, would come out again. --force"
            " publishes it."
        )
    else:
        print(
            f"Nothing has changed since release {stands.release.id}: {len(names)} reports stand."
            f" Open {page}"
        )


def _tell_set_aside() -> None:
    """Have it said here which imported tables could not be read: it was another process that made
    the reports without them.
    """
    if (data_folder() / ENTRIES[1]).is_file():
        from helpers.tables import load

        with suppress(WorkbookError):
            load()


def sum_up(
    results: list[Result], page: Path, as_json: bool, done: "Published | None" = None
) -> None:
    """Print what was made, what failed and what changed; exit 3 if a report failed."""
    _tell_set_aside()
    failed = [result for result in results if result.failure]
    delivered = [result.id for result in results if not result.failure]
    if as_json:
        reasons = [
            {"id": result.id, **dataclasses.asdict(result.failure)}
            for result in failed
            if result.failure
        ]
        answer = {
            "page": str(page),
            "delivered": delivered,
            "failed": reasons,
            "kernel_restarts": sum(result.retries for result in results),
            **(_told(done) if done else {}),
        }
        print_json(answer)
    for result in failed:
        print(f"FAILED {result.id}: {result.failure}", file=sys.stderr)
    for fault in done.mended if done else ():
        print(f"Not as it was made, and made again: {fault}", file=sys.stderr)
    if not as_json:
        print(f"{len(delivered)} of {len(results)} delivered. Open {page}")
        if done:
            print(_said(done))
    if failed:
        raise typer.Exit(3)


def _told(done: "Published") -> dict[str, Any]:
    own = {"release": done.release, "made": done.made, "mended": done.mended, "shown": done.shown}
    return {**own, "changes": changes_as_json(done.changes)}


def _said(done: "Published") -> str:
    if not done.shown:
        return f"Release {done.release} was rolled back and is not shown. --force publishes it."
    return (
        f"Release {done.release}: {len(done.made)} made, {len(done.results) - len(done.made)} stood"
        " already.\n" + what_changed(done.changes)
    )
