"""The commands that make reports: check the call and the data, run, summarise."""

import dataclasses
import re
import sys
from contextlib import suppress
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from helpers.cli.compare import changes_as_json, what_changed
from helpers.cli.options import (
    Data,
    Json,
    all_of,
    contract_values,
    give_signature,
    run_options,
    scheduler_address,
    use_data,
)
from helpers.cli.request import Single, edition_file, requested
from helpers.cli.run_record import running
from helpers.cli.terminal import print, print_json, progress
from helpers.contracts.reading import nearest, read_yaml
from helpers.editions.edition import contract_for, read_edition
from helpers.editions.parameters import Contract
from helpers.errors import ParameterError, WorkbookError
from helpers.make.plan import NOTEBOOKS, REPORTS, Options, Request, Settled
from helpers.make.reuse import Standing, standing
from helpers.releases.folder import refuse_foreign, refuse_if_held
from helpers.report.job import Job, Result
from helpers.sources.catalogue import ENTRIES, data_folder, load_catalogue

if TYPE_CHECKING:
    from helpers.make.run import Published


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
    use_data(data)
    call = partial(run_options, out, workers, timeout, engine, not no_tree, keep)
    try:
        run = call()
    # a fault of the edition is reported beside it; alone, it is recorded as the run's end
    except ParameterError:
        run, _ = all_of(call, lambda: read_edition(edition_file(edition)))
    run = dataclasses.replace(
        run, force=force, verify=verify, scheduler=scheduler_address(scheduler, run.engine)
    )
    path = edition_file(edition)
    if only:
        _some(path, only, run, as_json)
    else:
        _whole(path, run, as_json, stale_ok)


def _whole(path: Path, run: Options, as_json: bool, stale_ok: bool) -> None:
    """Make an edition and put the run on record."""
    with running(run.out, path.stem, run.engine, run.workers) as record:
        request = requested(path, run)
        record.sources(load_catalogue(), stale_ok)
        if stands := standing(request, run):
            results, names = (
                [one.result() for one in stands.reports],
                [one.id for one in stands.reports],
            )
            record.done(None if stands.withdrawn else stands.release.id, results, names)
            _tell_standing(stands, run.out, as_json)
            return
        from helpers.make.run import publish

        with progress() as begin:
            done = publish(request, run, begin)
        record.done(done.release if done.shown else None, done.results, done.stood)
        _sum_up(done.results, run.out / "html" / "index.html", as_json, done)


def _some(path: Path, only: str, run: Options, as_json: bool) -> None:
    """Make those reports of an edition that match a pattern, beside the edition."""
    run = (
        dataclasses.replace(run, out=REPORTS / "single" / path.stem) if run.out == REPORTS else run
    )
    refuse_foreign(run.out)
    request = requested(path, run)
    refuse_if_held(run.out)
    from helpers.make.run import publish_single

    def matching(settled: Settled, run: Options) -> tuple[Settled, Options]:
        return dataclasses.replace(settled, jobs=_matching(settled.jobs, only)), run

    with progress() as begin:
        results, pages = publish_single(request, run, begin, matching)
    _sum_up(results, pages[0], as_json)


# its options (--lan, --kommunkod, --ar …) are those of the contracts in editions/parameters.py
def report(**given: Any) -> None:
    """Make one report, of a county or of a municipality, without touching the edition.

    Codes are text, forecasts are numbers of children: 1500, never 1.5.
    """
    use_data(given.pop("data"))
    out, timeout, engine = (given.pop(name) for name in ("out", "timeout", "engine"))
    file, as_json = given.pop("file"), given.pop("as_json")
    where = file.name if file else "report"
    values = {**(read_yaml(file) if file else {}), **contract_values(given)}
    how = partial(run_options, out, 1, timeout, engine)
    try:
        contract, run = all_of(lambda: contract_for(values, where), how)
    except ParameterError:
        all_of(lambda: Single(values, where)(NOTEBOOKS), how)  # what the tables refuse is told too
        raise
    from helpers.make.run import publish_single

    def placed(settled: Settled, run: Options) -> tuple[Settled, Options]:
        if run.out == REPORTS:
            named = choices(contract.model_construct(**settled.parameters))
            run = dataclasses.replace(run, out=REPORTS / "single" / named)
        refuse_foreign(run.out)
        refuse_if_held(run.out)
        return settled, run

    request = Request("", {}, Single(values, where, run.engine))
    with progress() as begin:
        results, pages = publish_single(request, run, begin, placed)
    _sum_up(results, pages[0], as_json)


give_signature(report, data=Data, timeout=Timeout, engine=Engine, as_json=Json)


def choices(checked: Contract) -> str:
    """Return a folder name for the parameters of a single report, so that reports of other years or
    scenarios are kept.

    >>> from helpers.editions.parameters import KommunrapportParameters
    >>> choices(KommunrapportParameters(ar=2019, sprak="en"))
    '2019-sprak-en'
    """
    values = checked.model_dump()
    unusual = {
        name: values[name]
        for name, field in type(checked).model_fields.items()
        if name not in {"lan", "kommunkod", "ar"} and values[name] != field.default
    }
    said = " ".join([str(values["ar"]), *(f"{name} {value}" for name, value in unusual.items())])
    return re.sub(r"[^a-z0-9_]+", "-", said.lower()).strip("-")


def _matching(jobs: list[Job], only: str) -> list[Job]:
    chosen = [job for job in jobs if fnmatch(job.id, only)]
    if not chosen:
        known = [job.id for job in jobs]
        raise ParameterError(f"--only: no report's id matches {only!r}. {nearest(only, known)}")
    return chosen


def _tell_standing(stands: Standing, out: Path, as_json: bool) -> None:
    """Say that there is nothing to do, and why."""
    page, names = out / "html" / "index.html", [report.id for report in stands.reports]
    if as_json:
        what_changed = {
            "page": str(page),
            "release": stands.release.id,
            "delivered": names,
            "made": [],
            "failed": [],
        }
        print_json({**what_changed, "kernel_restarts": 0, "shown": not stands.withdrawn})
    elif stands.withdrawn:
        print(
            f"Release {stands.release.id}, which was rolled back, would come out again. --force"
            " publishes it."
        )
    else:
        print(
            f"Nothing has changed since release {stands.release.id}: {len(names)} reports stand."
            f" Open {page}"
        )


def _tell_set_aside() -> None:
    """Have it said here which imported tables could not be read: it was another process that made
    the reports without them.
    """
    if (data_folder() / ENTRIES[1]).is_file():
        from helpers.tables import load

        with suppress(WorkbookError):
            load()


def _sum_up(
    results: list[Result], page: Path, as_json: bool, done: "Published | None" = None
) -> None:
    """Print what was made, what failed and what changed; exit 3 if a report failed."""
    _tell_set_aside()
    failed = [result for result in results if result.failure]
    delivered = [result.id for result in results if not result.failure]
    if as_json:
        reasons = [
            {"id": result.id, **dataclasses.asdict(result.failure)}
            for result in failed
            if result.failure
        ]
        answer = {
            "page": str(page),
            "delivered": delivered,
            "failed": reasons,
            "kernel_restarts": sum(result.retries for result in results),
            **(_told(done) if done else {}),
        }
        print_json(answer)
    for result in failed:
        print(f"FAILED {result.id}: {result.failure}", file=sys.stderr)
    for fault in done.mended if done else ():
        print(f"Not as it was made, and made again: {fault}", file=sys.stderr)
    if not as_json:
        print(f"{len(delivered)} of {len(results)} delivered. Open {page}")
        if done:
            print(_said(done))
    if failed:
        raise typer.Exit(3)


def _told(done: "Published") -> dict[str, Any]:
    own = {"release": done.release, "made": done.made, "mended": done.mended, "shown": done.shown}
    return {**own, "changes": changes_as_json(done.changes)}


def _said(done: "Published") -> str:
    if not done.shown:
        return f"Release {done.release} was rolled back and is not shown. --force publishes it."
    return (
        f"Release {done.release}: {len(done.made)} made, {len(done.results) - len(done.made)} stood"
        " already.\n" + what_changed(done.changes)
    )
