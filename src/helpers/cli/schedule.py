"""The commands under `mottagning schedule`: install, show, remove and run a schedule."""

import dataclasses
import datetime
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

import typer
from typer.main import get_command

from helpers.cli.options import Commands, Data, folder_for_reports, reader
from helpers.cli.request import edition_file
from helpers.cli.terminal import print
from helpers.clock import crontab, history, systemd, windows
from helpers.clock.runner import stamp
from helpers.clock.schedule import (
    Schedule,
    calendar_of,
    checked,
    cron_of,
    name_of,
    next_after,
    read_cron,
)
from helpers.contracts.files import resolved
from helpers.errors import ParameterError, SetupError, WorkbookError, told
from helpers.make.plan import REPORTS
from helpers.releases.folder import STATUS, refuse_foreign

USUAL = "0 6 * * 1"
NOT_AFTER = {"--edition", "--out", "--data", "--only", "--help", "-h"}
NO_PLACE = (
    "has no place after --: a schedule makes its whole edition. Give --edition, --out and --data"
    " before it."
)
BACKENDS: dict[str, ModuleType] = {"systemd": systemd, "cron": crontab}


def wanted(call: Schedule, on_calendar: str | None, cron: str | None) -> Schedule:
    """Return a schedule with its time, every word of it checked.

    Raises:
        ParameterError: there is no such edition, or the time cannot be read.
        SetupError: `mottagning` does not stand where this Python does.
    """
    if not Path(call.program).is_file():
        raise SetupError(
            f"{call.program}: there is no such command. Run mottagning from the project's own"
            " .venv."
        )
    if on_calendar and cron:
        raise ParameterError("--on-calendar and --cron both say when. Give one of them.")
    call = checked(dataclasses.replace(call, cron=cron or "", calendar=on_calendar or ""))
    file = edition_file(call.edition)
    if not file.is_file():
        raise ParameterError(f"--edition: {file}: there is no such file. Check the path.")
    read = cron_of(on_calendar) if on_calendar else read_cron(cron or USUAL)
    calendar = on_calendar or (
        calendar_of(read) if read and (read.any_day or read.any_weekday) else ""
    )
    return dataclasses.replace(call, cron=read.text if read else "", calendar=calendar)


def asked(
    edition: str,
    out: Path | None,
    data: Path | None,
    keep_logs: int,
    time_limit: float,
    on_failure: str,
    options: list[str] | None,
) -> Schedule:
    """Return the schedule a call asks for, without its time; its paths are absolute, so that the
    working folder does not matter.

    Raises:
        ParameterError: what follows -- is set by the schedule, stands twice or is empty. A usage
            error of typer's: `mottagning reports` has no such option.
    """
    given = [word.partition("=")[0] for word in options or ()]
    if own := sorted({*given} & NOT_AFTER):
        raise ParameterError(*(f"{name}: {NO_PLACE}" for name in own))
    call = Schedule(
        program=str(
            Path(sys.executable).parent / ("mottagning.exe" if os.name == "nt" else "mottagning")
        ),
        edition=str(resolved(Path(edition))) if edition.endswith((".yaml", ".yml")) else edition,
        out=str(folder_for_reports(out, data) if out is not None else REPORTS),
        data=str(resolved(data)) if data else None,
        keep_logs=keep_logs,
        time_limit=time_limit,
        on_failure=on_failure,
        options=tuple(options or ()),
    )
    _refuse_unfit(call)
    return call


def _refuse_unfit(call: Schedule) -> None:
    """Refuse what `mottagning reports` would not take, before there is a log in which no one
    looks.
    """
    from helpers.cli.app import app  # it imports this

    reports = get_command(app).commands["reports"]  # type: ignore[attr-defined]
    reports.make_context("mottagning reports", reports_call(call)[2:], allow_extra_args=False)


def reports_call(call: Schedule) -> list[str]:
    """Return the command that makes the reports of a schedule."""
    given = [
        "--edition",
        call.edition,
        "--out",
        call.out,
        *(["--data", call.data] if call.data else []),
    ]
    return [call.program, "reports", *given, *call.options]


def install_schedule(call: Schedule, backend: str | None, print_only: bool) -> None:
    """Install a schedule, or print its text."""
    name = backend or _default(print_only)
    text = _text(call, name)
    if print_only:
        print(text, end="")
        return
    if name == "windows":
        raise ParameterError(
            "--backend windows: only printed. Give --print, then schtasks /Create /XML FILE on"
            " Windows."
        )
    if not BACKENDS[name].answers():
        raise SetupError(
            f"--backend {name}: it does not answer here. Leave out --backend, or give --print."
        )
    where = BACKENDS[name].install(call)
    for other in BACKENDS.keys() - {name}:
        if _there(other, call.name):
            BACKENDS[other].remove(call.name)
    print(f"Installed: {where}. Next run: {_said(_next(call))}.")
    note_due(call)
    if name == "systemd":
        print("To have it run while you are not logged in: loginctl enable-linger")


def _text(call: Schedule, backend: str) -> str:
    """Return the text that a backend would be given.

    Raises:
        ParameterError: the backend cannot say when.
    """
    if backend == "systemd":
        if not call.calendar:
            raise ParameterError(
                f"--cron {call.cron!r}: day and weekday are both named; systemd needs"
                " --on-calendar."
            )
        return "\n".join(f"# {name}\n{text}" for name, text in systemd.texts(call).items())
    if not call.cron:
        raise ParameterError(
            f"--on-calendar {call.calendar!r}: only systemd can say that. Write it with --cron."
        )
    if backend == "cron":
        return crontab.block(call)
    return windows.task(call, read_cron(call.cron), datetime.date.today())


def _default(print_only: bool = False) -> str:
    found = next((name for name, backend in BACKENDS.items() if backend.answers()), None)
    if found or print_only:
        return found or "cron"
    raise SetupError(
        "Neither systemd (systemctl --user) answers nor is there a crontab command. Install cron,"
        " or give --print with --backend systemd, cron or windows and install the text by hand."
    )


def _installed(edition: str, backend: str | None) -> tuple[str, Schedule, str]:
    own = name_of(edition)
    for name in [backend] if backend in BACKENDS else BACKENDS:
        if found := _there(name, own):
            return name, *found
    raise ParameterError(
        f"--edition: no schedule for {own!r} is installed. Run mottagning schedule install first."
    )


def _there(backend: str, name: str) -> tuple[Schedule, str] | None:
    """Return the schedule a backend has under a name, and its text; None if it has none, or the
    machine has no cron.
    """
    if backend == "cron" and not crontab.answers():
        return None
    found: tuple[Schedule, str] | None = BACKENDS[backend].installed(name)
    return found


def note_due(call: Schedule, gone: bool = False) -> None:
    """Write into the status when the schedule runs next; nothing before the first run."""
    moment = None if gone else _known_next(call)
    try:
        refuse_foreign(Path(call.out))
        history.due(Path(call.out), stamp(moment) if moment else None)
    except WorkbookError:
        return  # it is not ours, which is reported to whoever runs there
    except OSError as error:
        print(
            f"mottagning: {call.out}: {STATUS} could not be written ({error.strerror}).",
            file=sys.stderr,
        )


def _known_next(call: Schedule) -> datetime.datetime | None:
    """When the edition's schedule runs next, if one is installed for the same folder."""
    try:
        _, there, _ = _installed(call.edition, None)
    except (ParameterError, SetupError):
        return None
    return _next(there) if there.out == call.out else None


def _next(call: Schedule) -> datetime.datetime | None:
    if not call.cron:
        return systemd.next_run(call.calendar)
    found = next_after(read_cron(call.cron), datetime.datetime.now())
    return found.astimezone(datetime.UTC) if found else None


def _said(moment: datetime.datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "not known"


schedule = Commands(
    no_args_is_help=True, help="Make an edition by the clock: a systemd timer or a crontab line."
)

Edition = Annotated[
    str, typer.Option(help="Name of a file in reports/parameters, or the path of a YAML file.")
]
Backend = Annotated[
    Literal["systemd", "cron", "windows"] | None,
    typer.Option(help="What keeps the time.", show_default="systemd where it answers, else cron"),
]
OnFailure = Annotated[
    str,
    typer.Option(
        "--on-failure",
        metavar="COMMAND",
        help="Shell command for a run that does not end with 0 or 75.",
    ),
]
KeepLogs = Annotated[
    int,
    typer.Option("--keep-logs", metavar="N", parser=reader("logs"), help="How many logs are kept."),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        "--time-limit", metavar="MINUTES", parser=reader("minutes"), help="What a run may take."
    ),
]
Out = Annotated[
    Path | None, typer.Option(help="Folder that the runs write to.", show_default="reports/")
]
More = Annotated[
    list[str] | None,
    typer.Argument(metavar="[-- OPTIONS…]", help="More options for mottagning reports, after --."),
]


@schedule.command(
    epilog=(
        "Example: mottagning schedule install --cron '0 6 * * 1' --on-failure 'mail -s fel a@b.se'"
    )
)
def install(
    on_calendar: Annotated[
        str | None,
        typer.Option(
            "--on-calendar", metavar="TIME", help="When, as systemd writes it: 'Mon 06:00'."
        ),
    ] = None,
    cron: Annotated[
        str | None,
        typer.Option("--cron", metavar="FIELDS", help="When, as cron writes it: '0 6 * * 1'."),
    ] = None,
    edition: Edition = "standard",
    backend: Backend = None,
    on_failure: OnFailure = "",
    keep_logs: KeepLogs = 12,
    time_limit: TimeLimit = 360,
    out: Out = None,
    data: Data = None,
    print_only: Annotated[
        bool, typer.Option("--print", help="Only print the text; nothing is installed.")
    ] = False,
    options: More = None,
) -> None:
    """Install a timer for an edition, Mondays at 06:00 unless told; one that was there is
    replaced.
    """
    call = asked(edition, out, data, keep_logs, time_limit, on_failure, options)
    install_schedule(wanted(call, on_calendar, cron), backend, print_only)


@schedule.command(epilog="Example: mottagning schedule show")
def show(edition: Edition = "standard", backend: Backend = None) -> None:
    """Show what is installed: the next run, how the last one went, and the text."""
    name, call, text = _installed(edition, backend)
    try:
        runs, _ = history.read_runs(Path(call.out))
    except OSError as error:
        raise SetupError(told(error, call.out)) from None
    print(f"{call.name}: {name}, next run {_said(_next(call))}.")
    if runs:
        last = runs[-1]
        print(
            f"Last run {last.started}: exit {last.exit_code}, {last.delivered} delivered,"
            f" {len(last.failed)} failed."
        )
    else:
        print(f"No run has been recorded in {call.out}.")
    print(f"\n{text}", end="")


@schedule.command(epilog="Example: mottagning schedule remove")
def remove(edition: Edition = "standard", backend: Backend = None) -> None:
    """Remove an edition's timer; what it made stays."""
    name, call, _ = _installed(edition, backend)
    BACKENDS[name].remove(call.name)
    note_due(call, gone=True)
    print(f"Removed: {call.name}, from {name}. Reports, logs and history stay.")


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
    from helpers.clock import runner

    call = asked(edition, out, data, keep_logs, time_limit, on_failure, options)
    ended = runner.run(call, reports_call(call), datetime.datetime.now(datetime.UTC))
    note_due(call)
    for says in ended.says:
        print(f"mottagning schedule: {says}", file=sys.stderr)
    if ended.exit_code:
        print(
            f"mottagning schedule: the run ended with {ended.exit_code}; log: {ended.log}",
            file=sys.stderr,
        )
        raise typer.Exit(ended.exit_code)
