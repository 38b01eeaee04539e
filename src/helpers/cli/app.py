"""The commands of `mottagning` and what they say of themselves."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from helpers.cli import check as checking
from helpers.cli import compare as comparing
from helpers.cli import options, releases
from helpers.cli import publish as sending
from helpers.cli import reports as publishing
from helpers.cli.data import data as data_commands
from helpers.cli.history import history, status
from helpers.cli.options import Commands, Data, Json
from helpers.cli.scenario import scenario as scenario_commands
from helpers.cli.schedule import schedule as schedule_commands
from helpers.cli.warm import warm as warm_commands
from helpers.errors import ParameterError

app = Commands(
    name="mottagning",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Reports on the reception of newly arrived refugees and unaccompanied children in"
        " Sweden.\n\nStart with [bold]mottagning reports[/bold], then open reports/html/index.html."
    ),
    epilog=(
        "Exit codes: 0 done · 2 bad call or parameters · 3 some reports failed · 4 the machine · "
        "5 a source refused · 75 another run is writing."
    ),
)
app.add_typer(data_commands, name="data")
app.add_typer(scenario_commands, name="scenario")
app.add_typer(schedule_commands, name="schedule")
app.add_typer(warm_commands, name="warm")
app.command(epilog="Example: mottagning history --last 5")(history)
app.command(epilog="Example: mottagning status --json")(status)

Workers = Annotated[
    str | None,
    typer.Option(metavar="N", help="Reports made at once.", show_default="cores, at most 4"),
]
Engine = Annotated[
    Literal["warm", "kernel"] | None,
    typer.Option(
        help="Fork each report from one warm process, or start a kernel for each.",
        envvar="MOTTAGNING_ENGINE",
        show_default="warm on Linux, else kernel",
    ),
]
Timeout = Annotated[
    str,
    typer.Option(
        metavar="N", help="Seconds one notebook cell may take.", envvar="MOTTAGNING_TIMEOUT"
    ),
]


@app.command(epilog="Example: mottagning reports --edition standard --workers 2")
def reports(  # long: one option a line
    edition: Annotated[
        str, typer.Option(help="Name of a file in reports/parameters, or the path of a YAML file.")
    ] = "standard",
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for html/ and executed/.", show_default="reports/")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Make only reports whose id matches, such as 'lan/*', into reports/single.",
        ),
    ] = None,
    timeout: Timeout = "120",
    engine: Engine = None,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Make the reports on a dask cluster, as in tcp://host:8786."
        ),
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Make every report, also what stands as it would be.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file again, not only what was changed.")
    ] = False,
    keep: Annotated[
        str, typer.Option(metavar="N", help="Releases that stay, the newest included.")
    ] = "5",
    no_tree: Annotated[
        bool,
        typer.Option(
            "--no-tree", help="Run each report whole, though several scenarios share most of it."
        ),
    ] = False,
    stale_ok: Annotated[
        bool,
        typer.Option(
            "--stale-ok", help="Take sources that are older than data/sources.toml allows."
        ),
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an edition and publish it as a release: what has not changed since the last is not made
    again.
    """
    options.use_data(data)
    call = partial(options.run_options, out, workers, timeout, engine, not no_tree, keep)
    try:
        run = call()
    # what is wrong with the edition is told beside it; alone it is put on record as a run's end
    except ParameterError:
        run, _ = options.all_of(call, lambda: publishing.asked_for(edition))
    run = replace(
        run, force=force, verify=verify, scheduler=options.scheduler_address(scheduler, run.engine)
    )
    publishing.reports(edition, only, run, as_json, stale_ok)


# its options (--lan, --kommunkod, --ar …) are those of the contracts in editions/parameters.py
def report(**given: Any) -> None:
    """Make one report, of a county or of a municipality, without touching the edition.

    Codes are text, forecasts are numbers of children: 1500, never 1.5.
    """
    options.use_data(given.pop("data"))
    out, timeout, engine = (given.pop(name) for name in ("out", "timeout", "engine"))
    file, as_json = given.pop("file"), given.pop("as_json")
    publishing.report(file, lambda: options.run_options(out, 1, timeout, engine), as_json, given)


options.give_signature(report, data=Data, timeout=Timeout, engine=Engine, as_json=Json)
app.command(
    epilog=(
        "Examples: mottagning report --lan AC --ar 2018 · mottagning report --kommunkod 2480 "
        "--prognos-ekb 1500 · mottagning report --file reports/parameters/umea-2018.yaml"
    )
)(report)


@app.command(epilog="Example: mottagning compare old/html reports/html")
def compare(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="The html folder of the earlier edition.")
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="The html folder of the later edition.")
    ],
    as_json: Json = False,
) -> None:
    """Compare two editions, figure for figure: what changed in inputs, code, choices and
    reports.
    """
    comparing.compare(old, new, as_json)


releases.register(app)
sending.register(app)


@app.command(epilog="Example: mottagning check --json")
def check(data: Data = None, as_json: Json = False) -> None:
    """Recompute every published total and list what disagrees; fails only on what is not yet
    known.
    """
    options.use_data(data)
    checking.check(as_json)


@app.command(epilog="Example: mottagning sources --record andelstal_2018_ac")
def sources(
    record: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE", help="Record a table's checksum anew, after a change you intended."
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the published tables: who published them, when, and how far they are trusted."""
    options.use_data(data)
    checking.sources(record, as_json)
