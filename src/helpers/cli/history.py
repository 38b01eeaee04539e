"""`mottagning history`: the record of all runs."""

from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.options import Json, reader
from helpers.cli.terminal import print, print_json, print_table
from helpers.clock.history import RunRecord, bar, read_runs
from helpers.errors import SetupError, told
from helpers.make.plan import REPORTS
from helpers.releases.folder import HISTORY

Out = Annotated[
    Path | None, typer.Option(help="The folder that the runs write to.", show_default="reports/")
]


def history(
    last: Annotated[
        int, typer.Option(metavar="N", parser=reader("runs"), help="How many runs to show.")
    ] = 20,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """List the runs of whole editions: when, how long, what was delivered, what failed, which
    report was slowest.
    """
    folder = out or REPORTS
    try:
        runs, lost = read_runs(folder)
    except OSError as error:
        raise SetupError(
            f"{told(error)} The next run begins it anew, once it is moved away."
        ) from None
    shown = runs[-last:]
    if as_json:
        print_json({"runs": [run.model_dump() for run in shown], "unreadable_lines": lost})
        return
    longest = max((run.seconds for run in shown), default=0)
    print_table("Runs", [_row(run, longest) for run in shown])
    for run in shown:
        if run.failed or run.reason:
            print(f"– {run.started}: {run.reason or ', '.join(run.failed)}")
    if lost:
        print(
            f"{lost} line(s) of {folder / HISTORY} are damaged or were cut off; the others stand."
        )


def _row(run: RunRecord, longest: float) -> dict[str, object]:
    return {
        "started": run.started,
        "seconds": run.seconds,
        "": bar(run.seconds, longest),
        "edition": run.edition,
        "release": run.release,
        "delivered": run.delivered,
        "reused": run.reused or None,
        "failed": len(run.failed) or None,
        "slowest": f"{run.slowest.id} {run.slowest.seconds:.1f} s" if run.slowest else None,
        "exit": str(run.exit_code),
    }
