"""The command that makes an edition: checks the call and the data, makes it, sums up."""

import dataclasses
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.options import (
    Data,
    Engine,
    Json,
    Timeout,
    Workers,
    all_of,
    run_options,
    scheduler_address,
    use_data,
)
from helpers.cli.request import edition_file, requested
from helpers.cli.run_record import running
from helpers.cli.summary import sum_up, tell_standing
from helpers.cli.terminal import progress
from helpers.contracts.reading import nearest
from helpers.editions.edition import read_edition
from helpers.errors import ParameterError
from helpers.make.plan import REPORTS, Options, Settled
from helpers.make.reuse import standing
from helpers.releases.folder import refuse_foreign, refuse_if_held
from helpers.report.job import Job
from helpers.sources.catalogue import load_catalogue


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
            tell_standing(stands, run.out, as_json)
            return
        from helpers.make.run import publish

        with progress() as begin:
            done = publish(request, run, begin)
        record.done(done.release if done.shown else None, done.results, done.stood)
        sum_up(done.results, run.out / "html" / "index.html", as_json, done)


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
    sum_up(results, pages[0], as_json)


def _matching(jobs: list[Job], only: str) -> list[Job]:
    chosen = [job for job in jobs if fnmatch(job.id, only)]
    if not chosen:
        known = [job.id for job in jobs]
        raise ParameterError(f"--only: no report's id matches {only!r}. {nearest(only, known)}")
    return chosen
