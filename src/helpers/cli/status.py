"""`mottagning status`: how things stand now, for a person or a monitor."""

import datetime
import platform
import sys

import psutil  # type: ignore[import-untyped]
import typer

from helpers.cli.history import Out
from helpers.cli.options import Json
from helpers.cli.terminal import print, print_json
from helpers.clock.history import EXIT_CODES, Status, judged, known_status
from helpers.errors import SetupError
from helpers.make.plan import REPORTS
from helpers.releases.folder import STATUS

CLOCK = 2.0  # seconds by which a process's beginning may seem to move when the clock is set


def status(out: Out = None, as_json: Json = False) -> None:
    """Say how things stand, for a person or a monitor; exit 0 running or ok, 3 failing, 5 stale, 4
    nothing told yet.
    """
    folder = out or REPORTS
    found = known_status(folder)
    if (kept := found.value) is None:
        untold = f"{folder / STATUS}: no run has told how it went. Run mottagning reports first."
        raise SetupError(found.fault or untold)
    if found.fault:
        print(f"mottagning: {found.fault}", file=sys.stderr)
    state, why = judged(kept, datetime.datetime.now(datetime.UTC), _alive(kept))
    if as_json:
        print_json({**kept.model_dump(), "state": state, "reason": why})
    else:
        _print(kept, state, why)
    if EXIT_CODES[state]:
        raise typer.Exit(EXIT_CODES[state])


def _alive(kept: Status) -> bool:
    """Return whether the run's process is alive, and no other process that got its number; one on
    another machine is believed.
    """
    if kept.host != platform.node():
        return True
    try:
        created = psutil.Process(kept.pid).create_time() if kept.pid else None
    except psutil.Error:
        return False
    began = kept.created or datetime.datetime.fromisoformat(kept.since).timestamp()
    return (
        created is not None
        and created <= began + CLOCK
        and (kept.created is None or created >= began - CLOCK)
    )


def _print(kept: Status, state: str, why: str) -> None:
    print(f"{state} since {kept.since}" + (f": {why}" if why else ""))
    if kept.last_run:
        print(
            f"Last run {kept.last_run}: exit {kept.exit_code}, {kept.delivered} delivered,"
            f" {len(kept.failed)} failed."
        )
    for name in kept.failed:
        print(f"– {name}")
    print(
        f"Last success: {kept.last_success or 'none'}. Next due:"
        f" {kept.next_due or 'no schedule is known'}."
    )
    for source, age in kept.sources_age.items():
        old = "; older than agreed" if age.days > age.limit else ""
        print(f"{source}: {age.date}, {age.days} of {age.limit} days{old}.")
