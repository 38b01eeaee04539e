"""The commands of `mottagning`, each from the file of its name."""

from helpers.cli.check import check
from helpers.cli.compare import compare
from helpers.cli.data import data
from helpers.cli.explain import explain
from helpers.cli.history import history
from helpers.cli.lagesbild import lagesbild
from helpers.cli.options import Commands
from helpers.cli.publish import publish
from helpers.cli.releases import releases
from helpers.cli.report import report
from helpers.cli.reports import reports
from helpers.cli.rollback import rollback
from helpers.cli.scenario import scenario
from helpers.cli.schedule import schedule
from helpers.cli.sources import sources
from helpers.cli.status import status
from helpers.cli.warm import warm

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
app.add_typer(data, name="data")
app.add_typer(lagesbild, name="lagesbild")
app.add_typer(scenario, name="scenario")
app.add_typer(schedule, name="schedule")
app.add_typer(warm, name="warm")
app.command(epilog="Example: mottagning history --last 5")(history)
app.command(epilog="Example: mottagning status --json")(status)
app.command(epilog="Example: mottagning reports --edition standard --workers 2")(reports)
app.command(
    epilog=(
        "Examples: mottagning report --lan AC --ar 2018 · mottagning report --kommunkod 2480 "
        "--prognos-ekb 1500 · mottagning report --file reports/parameters/umea-2018.yaml"
    )
)(report)
app.command(epilog="Example: mottagning compare old/html reports/html")(compare)
app.command(epilog="Example: mottagning releases")(releases)
app.command(epilog="Examples: mottagning rollback · mottagning rollback 6479d82eb6d1")(rollback)
app.command(epilog="Example: mottagning explain kommun/2480 --edition alla")(explain)
app.command(
    epilog=(
        "Examples: mottagning publish /srv/www · mottagning publish s3://bucket/rapporter "
        "--option endpoint_url=http://127.0.0.1:9000"
    )
)(publish)
app.command(epilog="Example: mottagning check --json")(check)
app.command(epilog="Example: mottagning sources --record andelstal_2018_ac")(sources)
