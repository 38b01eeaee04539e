"""The commands under `mottagning schedule`: runs by the clock."""

import datetime
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from helpers.cli import scheduling
from helpers.cli.options import Data, reader
from helpers.cli.saying import print
from helpers.cli.strict import Commands

schedule = Commands(no_args_is_help=True, help="Make an edition by the clock: a systemd timer or a crontab line.")

Edition = Annotated[str, typer.Option(help="Name of a file in reports/parameters, or the path of a YAML file.")]
Backend = Annotated[
    Literal["systemd", "cron", "windows"] | None,
    typer.Option(help="What keeps the time.", show_default="systemd where it answers, else cron"),
]
OnFailure = Annotated[
    str, typer.Option("--on-failure", metavar="COMMAND", help="Shell command for a run that does not end with 0 or 75.")
]
KeepLogs = Annotated[
    int, typer.Option("--keep-logs", metavar="N", parser=reader("logs"), help="How many logs are kept.")
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", metavar="MINUTES", parser=reader("minutes"), help="What a run may take.")
]
Out = Annotated[Path | None, typer.Option(help="Folder that the runs write to.", show_default="reports/")]
More = Annotated[
    list[str] | None, typer.Argument(metavar="[-- OPTIONS…]", help="More options for mottagning reports, after --.")
]


@schedule.command(epilog="Example: mottagning schedule install --cron '0 6 * * 1' --on-failure 'mail -s fel a@b.se'")
def install(
    on_calendar: Annotated[
        str | None, typer.Option("--on-calendar", metavar="TIME", help="When, as systemd writes it: 'Mon 06:00'.")
    ] = None,
    cron: Annotated[
        str | None, typer.Option("--cron", metavar="FIELDS", help="When, as cron writes it: '0 6 * * 1'.")
    ] = None,
    edition: Edition = "standard",
    backend: Backend = None,
    on_failure: OnFailure = "",
    keep_logs: KeepLogs = 12,
    time_limit: TimeLimit = 360,
    out: Out = None,
    data: Data = None,
    print_only: Annotated[bool, typer.Option("--print", help="Only print the text; nothing is installed.")] = False,
    options: More = None,
) -> None:
    """Install a timer for an edition, Mondays at 06:00 unless told; one that was there is replaced."""
    call = scheduling.asked(edition, out, data, keep_logs, time_limit, on_failure, options)
    scheduling.install(scheduling.wanted(call, on_calendar, cron), backend, print_only)


@schedule.command(epilog="Example: mottagning schedule show")
def show(edition: Edition = "standard", backend: Backend = None) -> None:
    """Show what is installed: the next run, how the last one went, and the text."""
    scheduling.show(edition, backend)


@schedule.command(epilog="Example: mottagning schedule remove")
def remove(edition: Edition = "standard", backend: Backend = None) -> None:
    """Remove an edition's timer; what it made stays."""
    scheduling.remove(edition, backend)


@schedule.command(epilog="Example: mottagning schedule run --keep-logs 4 -- --workers 2")
def run(
    edition: Edition = "standard",
    on_failure: OnFailure = "",
    keep_logs: KeepLogs = 12,
    time_limit: TimeLimit = 360,
    out: Out = None,
    data: Data = None,
    options: More = None,
) -> None:
    """Do what a timer does: make the edition with a log and a time limit; exits as the run did."""
    from helpers.publish.schedule import runner

    call = scheduling.asked(edition, out, data, keep_logs, time_limit, on_failure, options)
    ended = runner.run(call, scheduling.reports_call(call), datetime.datetime.now(datetime.UTC))
    scheduling.note_due(call)
    for says in ended.says:
        print(f"mottagning schedule: {says}", file=sys.stderr)
    if ended.exit_code:
        print(f"mottagning schedule: the run ended with {ended.exit_code}; log: {ended.log}", file=sys.stderr)
        raise typer.Exit(ended.exit_code)
