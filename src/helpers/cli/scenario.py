"""The commands under `mottagning scenario`: what if the forecast, the shares or the capacity were
others.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli import options
from helpers.cli.options import Commands, Data, Json
from helpers.errors import ParameterError

scenario = Commands(
    no_args_is_help=True,
    help=(
        "What if: forecasts, redistributions and capacities of one county, from files in"
        " data/scenarios/."
    ),
)

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE…", help="Name of a file in data/scenarios/, or the path of a YAML file."
    ),
]


class Goal(StrEnum):
    """What a proposal aims at."""

    fewest = "fewest"
    evenest = "evenest"


class Whole(StrEnum):
    """How whole persons are made of exact parts."""

    hamilton = "hamilton"
    webster = "webster"
    adams = "adams"
    jefferson = "jefferson"


@scenario.command(name="list", epilog="Example: mottagning scenario list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the scenario files: county, year, forecast, and whether they hold."""
    from helpers.cli import scenario_run

    options.use_data(data)
    scenario_run.show_all(as_json)


@scenario.command(epilog="Example: mottagning scenario run vasterbotten-2018")
def run(
    files: Files,
    more_than: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=options.reader("children"),
            help="Add in how many cases more than N children come.",
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compute scenarios: planning estimate, the placement rule, interval and capacity per
    municipality.
    """
    from helpers.cli import scenario_run

    options.use_data(data)
    scenario_run.run(files, as_json, more_than)


@scenario.command(
    epilog="Example: mottagning scenario compare vasterbotten-2019-grund vasterbotten-2019-nollning"
)
def compare(
    files: Files,
    svg: Annotated[
        Path | None,
        typer.Option(
            "--svg", metavar="FILE", help="Draw them too, at most six, into this .svg file."
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file that is named.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show two or more scenarios of one county side by side, with what differs from the first."""
    from helpers.cli import scenario_compare

    if len(files) < 2:
        raise ParameterError(f"compare: found one scenario, {files[0]}; name two or more.")
    options.use_data(data)
    scenario_compare.compare(files, as_json, svg, overwrite)


@scenario.command(
    epilog=(
        "Example: mottagning scenario propose mitt-scenario --goal evenest --write 'Mitt förslag'"
    )
)
def propose(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="Name of a file in data/scenarios/, or the path of a YAML file."
        ),
    ],
    goal: Annotated[
        Goal, typer.Option(help="Fewest municipalities involved, or the evenest use of the places.")
    ] = Goal.fewest,
    write: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Save the proposal as a new scenario under this name."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file that has that name.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Propose a redistribution that the county's places suffice for, or say what stands in the
    way.
    """
    from helpers.cli import scenario_propose

    options.use_data(data)
    scenario_propose.propose(file, goal.value, write, overwrite, as_json)


@scenario.command(
    epilog=(
        "Example: mottagning scenario kommuntal --lan AC --lanstal 320 --weight folkmangd=1"
        " --weight mottagande=1"
    )
)
def kommuntal(
    lan: Annotated[str, typer.Option(help="The county, by letter or code.")],
    lanstal: Annotated[str, typer.Option(metavar="N", help="Persons to divide.")],
    ar: Annotated[
        str,
        typer.Option(
            metavar="N", help="The year of the population, the reception and the last decision."
        ),
    ] = "2018",
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACTOR=NUMBER",
            help="arbetsmarknad, folkmangd, mottagande or asylsokande, and its weight.",
            show_default="folkmangd=1",
        ),
    ] = None,
    method: Annotated[Whole, typer.Option(help="How whole persons are made.")] = Whole.hamilton,
    factors: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A table with kommunkod, and arbetsmarknad or asylsokande per municipality.",
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Divide a county's länstal by weighted factors, in whole persons."""
    from helpers.cli import scenario_kommuntal

    options.use_data(data)
    scenario_kommuntal.kommuntal(lan, lanstal, ar, weight or [], method.value, factors, as_json)
