"""The commands of the resident process, from which single reports and small updates start."""

from pathlib import Path

import psutil  # type: ignore[import-untyped]

from helpers.cli import PARTED, WARM
from helpers.cli.options import Commands, Json
from helpers.cli.terminal import print, print_json
from helpers.errors import SetupError
from helpers.make import warm_start
from helpers.warm.processes import lacking

warm = Commands(
    no_args_is_help=True,
    help="A process that has imported what reports take, so that a single one is made at once.",
)
MODULES = (*(name for name in WARM if ":" not in name), *PARTED, "helpers.cases:hold")


@warm.command(epilog="Example: mottagning warm start")
def start() -> None:
    """Start it, if none runs for this version; it holds the tables as they are, believed only while
    no file of the data folder changes, and ends after 15 minutes without a run.
    """
    place = _place()
    if found := _found(place):
        print(f"Process {found.pid} runs already.")
        return
    warm_start.start(place, MODULES)
    if warm_start.address() != place:
        warm_start.stop(place)
        raise SetupError("the code or its packages were changed meanwhile. Run warm start again.")
    print("Started. It ends after 15 minutes without a run, or by mottagning warm stop.")


@warm.command(epilog="Example: mottagning warm status --json")
def status(as_json: Json = False) -> None:
    """Tell whether it runs, and what it takes in memory."""
    own = warm_start.address()
    running = {place: found for place in warm_start.addresses() if (found := _found(place))}
    told = [
        {"pid": found.pid, "bytes": found.memory_info().rss, "for_this_version": place == own}
        for place, found in running.items()
    ]
    if as_json:
        print_json({"processes": told})
        return
    for one in told:
        version = "this version" if one["for_this_version"] else "another version or environment"
        print(f"Process {one['pid']} runs for {version}: {one['bytes'] / 1e6:.0f} MB.")
    if own not in running:
        print("None runs for this version. Start it: mottagning warm start")


@warm.command(epilog="Example: mottagning warm stop")
def stop() -> None:
    """End it, those of earlier versions too; runs that have begun go on."""
    ended = [place for place in warm_start.addresses() if warm_start.stop(place)]
    print(f"Ended: {len(ended)}.")


def _place() -> Path:
    """Return where it listens.

    Raises:
        SetupError: it cannot run here.
    """
    place = warm_start.address()
    if place is None:
        raise SetupError(f"a resident process cannot run here: {lacking()}. Make reports without.")
    return place


def _found(place: Path) -> psutil.Process | None:
    from helpers.warm.resident import found_at

    found = found_at(place)
    return psutil.Process(found.pid) if found else None
