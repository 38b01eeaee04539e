"""The commands under `mottagning data`: their options, and `tidy` and `status`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.cli import options
from helpers.cli.options import Commands, Data, Json
from helpers.cli.terminal import print, print_json, print_table
from helpers.errors import ParameterError

data = Commands(
    no_args_is_help=True,
    help="Bring figures in: from Kolada and SCB over the network, or from files on this machine.",
)
DATA_YEAR = options.reader("data_year")


@data.command(epilog="Example: mottagning data fetch --years 2008-2018")
def fetch(  # long: one option a line
    base_url: Annotated[
        str,
        typer.Option(
            "--base-url", metavar="URL", help="Address of Kolada's API, version 3, or of a mirror."
        ),
    ] = "https://api.kolada.se/v3/",
    scb_url: Annotated[
        str,
        typer.Option(
            "--scb-url", metavar="URL", help="Address of SCB's PxWeb, version 1, or of a mirror."
        ),
    ] = "https://api.scb.se/OV0104/v1/doris/sv/ssd/",
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="SOURCE", help="Only kolada or scb.", show_default="both"),
    ] = None,
    years: Annotated[
        str | None,
        typer.Option(
            metavar="YEARS",
            help="Such as 2008-2018 or 2015,2017.",
            show_default="2008 to this year",
        ),
    ] = None,
    kpi: Annotated[
        list[str] | None,
        typer.Option(
            "--kpi",
            metavar="KPI",
            help="One of Kolada's KPIs; may be given again. Then only Kolada is asked.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Only ask for a figure that is in hand and say if it agrees; write nothing.",
        ),
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fetch the years that are missing from Kolada and SCB; the only command that uses the network.

    It continues where an earlier run that day was cut off, and says which values have been revised.
    """
    from helpers import tables
    from helpers.cli import data_fetch

    options.use_data(data)
    if check:
        if years is not None:
            raise ParameterError(
                "--years: --check asks for one year of its own. Drop one of the two."
            )
        data_fetch.check(base_url, scb_url, kpi or [], source or [], as_json)
        return
    data_fetch.fetch(base_url, scb_url, years, kpi or [], source or [], as_json)
    tables.refresh_tidy()


@data.command(
    name="import", epilog="Example: mottagning data import data/raw/kommunmottagna.xlsx --dry-run"
)
def import_(  # long: one option a line
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]",
            help="Files as .csv, .xlsx or .xls; without any, what is new in data/raw/.",
        ),
    ] = None,
    lan: Annotated[
        str | None, typer.Option(help="The county an andelstal table is about, letter or code.")
    ] = None,
    ar: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=options.reader("import_year"),
            help="The year, where the file does not say.",
        ),
    ] = None,
    accept_sum: Annotated[
        bool,
        typer.Option(
            "--accept-sum",
            help="Take an andelstal table with a wrong printed sum as it is printed.",
        ),
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Take figures out of proportion, or without all counties, once looked at.",
        ),
    ] = False,
    undo: Annotated[
        str | None,
        typer.Option(
            "--undo",
            metavar="TABLE",
            help="Take back the import that a table came with: the tables before lie again.",
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Let a file take away figures that are in hand."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show the verdict and what would change.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import files of an agency or a county; a file with any fault is refused whole, with every
    fault named.
    """
    from helpers.cli import data_import, data_imported
    from helpers.imports.judging import Asked

    options.use_data(data)
    if undo is not None:
        if files or dry_run:
            raise ParameterError("--undo takes back one import. Give neither files nor --dry-run.")
        data_imported.take_back(undo, as_json)
        return
    data_import.import_files(files, Asked(lan, ar, accept_sum, accept, replace), dry_run, as_json)


@data.command(epilog="Example: mottagning data imports --json")
def imports(data: Data = None, as_json: Json = False) -> None:
    """List the imported tables: when, from which file, what they replaced, and what the file held.

    Each can be taken back with `mottagning data import --undo TABLE`.
    """
    from helpers.cli import data_imported

    options.use_data(data)
    data_imported.list_imports(as_json)


@data.command(epilog="Example: mottagning data tidy --json")
def tidy(data: Data = None, as_json: Json = False) -> None:
    """Write the tidy tables as Parquet in data/tidy/, for R, DuckDB and other tools."""
    from helpers import tables

    options.use_data(data)
    files = [str(path) for path in tables.write_tidy()]
    print_json({"files": files}) if as_json else print("\n".join(files))


@data.command(epilog="Example: mottagning data status --first 2008 --last 2018")
def status(
    first: Annotated[
        int, typer.Option(metavar="N", parser=DATA_YEAR, help="The first year to look at.")
    ] = 2008,
    last: Annotated[
        int, typer.Option(metavar="N", parser=DATA_YEAR, help="The last year to look at.")
    ] = 2018,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what is in hand year by year, how trusted it is, and which command fills what is
    missing.
    """
    if first > last:
        raise ParameterError(
            f"--first {first} is after --last {last}. Give the earlier year first."
        )
    from helpers.cases import status as in_hand
    from helpers.tables import load

    options.use_data(data)
    workbook, years = load(), range(first, last + 1)
    rows = in_hand(workbook, years).to_dict("records")
    if as_json:
        print_json({"years": [first, last], "figures": rows})
        return
    print_table(f"What is in hand {first}–{last}", [_in_hand(row) for row in rows])
    print(
        "A figure is counted once for each municipality, county or nation and year (a month is a"
        " figure too)."
    )


def _in_hand(row: dict[Any, Any]) -> dict[str, str]:
    """Return one kind of figure as a row of text."""
    return {
        "figure": row["table"],
        "in hand": f"{row['known']} of {row['units']}",
        "whole country": _years(row["whole"]),
        "in part": _years(row["partly"]),
        "missing": _years(row["missing"]),
        "trust": ", ".join(row["trust"]),
        "read on": row["read_on"],
        "fill with": row["command"] or ("by hand" if row["missing"] or row["partly"] else ""),
    }


def _years(years: list[int]) -> str:
    from helpers.present.numerals import spans

    return ", ".join(spans(years))
