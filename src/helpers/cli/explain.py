"""`mottagning explain`: why a report would be made again, or would not."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from helpers.cli import options
from helpers.cli.options import Data, Json
from helpers.cli.releases import Out
from helpers.cli.terminal import print, print_json


def explain(
    report: Annotated[
        str, typer.Argument(metavar="REPORT", help="A report's id, such as lan/24 or kommun/2480.")
    ],
    edition: Annotated[
        str, typer.Option(help="The edition it belongs to, by name or by path.")
    ] = "standard",
    out: Out = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell whether a report would be made again by the next run, and why; nothing is written."""
    from helpers.cli.request import edition_file, requested
    from helpers.make.explain import explain as find

    options.use_data(data)
    run = options.run_options(out, 1, 120, None)
    # the other engine writes data/tidy
    found = find(
        requested(edition_file(edition), replace(run, engine="warm")),
        replace(run, workers=1),
        report,
    )
    if as_json:
        print_json(asdict(found))
        return
    verdict = "would be made again" if found.again else "would stay as it is"
    print(f"{found.id} {verdict}" + (f" (release {found.release})." if found.release else "."))
    for reason in found.reasons:
        print(f"– {reason}")
