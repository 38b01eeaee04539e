"""The commands that make reports: check the call and the data, run, sum up."""

import dataclasses
import re
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from helpers.cli.compare import summary, told
from helpers.cli.request import Planner
from helpers.cli.run_record import running
from helpers.cli.terminal import print, print_json, progress
from helpers.contracts.files import bytes_in
from helpers.contracts.reading import nearest, read_yaml
from helpers.editions.edition import Edition, contract_for, make_job, named_after, read_edition
from helpers.editions.parameters import Contract, check
from helpers.errors import ParameterError
from helpers.make.plan import EDITIONS, REPORTS, Options, Plan, Request
from helpers.make.reuse import Standing, standing
from helpers.releases.folder import refuse_foreign, refuse_if_held
from helpers.report.job import Job, Result
from helpers.sources.catalogue import load_catalogue

if TYPE_CHECKING:
    from helpers.make.run import Published
    from helpers.tables import Workbook


def reports(
    edition: str, only: str | None, run: Options, as_json: bool, stale_ok: bool = False
) -> None:
    """Make an edition, or those of its reports that match `only`; only a whole edition is put on
    record.
    """
    path = edition_file(edition)
    if only:
        _some(path, only, run, as_json)
        return
    with running(run.out, path.stem, run.engine, run.workers) as record:
        asked = read_edition(path)
        record.sources(load_catalogue(), stale_ok)
        request = _request(asked, path, run)
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


def asked_for(edition: str) -> Edition:
    """Return an edition, given by name or by path, as its file says it."""
    return read_edition(edition_file(edition))


def requested(edition: str, run: Options) -> Request:
    """Return an edition, given by name or by path, as it is asked for."""
    path = edition_file(edition)
    return _request(read_edition(path), path, run)


def _request(asked: Edition, path: Path, run: Options) -> Request:
    """Return what is asked for; its tables are read when it is made."""
    return Request(asked.title, asked.model_dump(), Planner(asked, path.name, run.engine))


def _some(path: Path, only: str, run: Options, as_json: bool) -> None:
    """Make those reports of an edition that match a pattern, beside the edition."""
    run = (
        dataclasses.replace(run, out=REPORTS / "single" / path.stem) if run.out == REPORTS else run
    )
    refuse_foreign(run.out)
    asked = read_edition(path)
    refuse_if_held(run.out)
    from helpers.make.single import publish_single

    plan = _request(asked, path, run).make(run.notebooks)
    plan = dataclasses.replace(plan, jobs=_matching(plan.jobs, only))
    with progress() as begin:
        results, pages = publish_single(plan, run, begin)
    _sum_up(results, pages[0], as_json)


def report(
    file: Path | None, how: Callable[[], Options], as_json: bool, given: dict[str, Any]
) -> None:
    """Make one report from options, a file, or both; `how` gives how to run, or says what is wrong
    with that.
    """
    from helpers.cli.options import all_of, parsed

    where = file.name if file else "report"
    values = {**(read_yaml(file) if file else {}), **parsed(given)}
    (workbook, checked), run = all_of(lambda: _checked(values, where), how)
    if run.out == REPORTS:
        run = dataclasses.replace(run, out=REPORTS / "single" / choices(checked))
    refuse_foreign(run.out)
    refuse_if_held(run.out)
    job = make_job(checked, workbook, run.notebooks)
    if scenario := _scenario_title(workbook, checked.model_dump()):
        job = named_after(job, scenario)
    from helpers.make.single import publish_single

    plan = Plan(job.name, job.language, checked.model_dump(), [job], workbook.catalogue)
    with progress() as begin:
        results, pages = publish_single(plan, run, begin)
    _sum_up(results, pages[0], as_json)


def _checked(values: dict[str, object], where: str) -> tuple["Workbook", Contract]:
    """Return the tables, and a single report's parameters once they are found sound."""
    contract = contract_for(values, where)
    workbook = _load()
    return workbook, check(contract, values, workbook, where)


def choices(checked: Contract) -> str:
    """Return a folder's name for what a single report was asked for, so that another year's or
    scenario's stands.

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


def _scenario_title(workbook: "Workbook", values: dict[str, Any]) -> str:
    """Return what a report's scenario is called, "" without one.

    Raises:
        ParameterError: the report cannot show it, or its redistribution breaks a rule; before any
            kernel starts.
    """
    name = values["scenario"]
    if name is None:
        return ""
    from helpers.cases.report_scenario import scenario_of
    from helpers.cases.scenarios import refusals_of
    from helpers.cli.scenario_run import reasons

    place = (
        workbook.municipality(values["kommunkod"])
        if "kommunkod" in values
        else workbook.county(values["lan"])
    )
    scenario = scenario_of(workbook, name, str(place.lanskod), values["ar"])
    if refused := refusals_of(workbook, scenario):
        raise ParameterError(
            *(f"scenario: {name}: {reason}" for reason in reasons(workbook, refused))
        )
    return scenario.namn


def _load() -> Any:
    """Read and check every table before any kernel starts."""
    from helpers.tables import load

    return load()


def edition_file(edition: str) -> Path:
    """Return the file of an edition given by name or by path."""
    if edition.endswith((".yaml", ".yml")):
        return Path(edition)
    known = sorted(path.stem for path in EDITIONS.glob("*.yaml") if _is_edition(path))
    if edition not in known:
        raise ParameterError(
            f"--edition: there is no edition {edition!r}. {nearest(edition, known)}"
        )
    return EDITIONS / f"{edition}.yaml"


def _is_edition(path: Path) -> bool:
    """An edition has a title; the files of single reports, which plain papermill reads too, have
    none.
    """
    try:
        text = bytes_in(path).decode("utf-8", "replace")
    except OSError:
        return False
    return any(line.startswith("title:") for line in text.splitlines())


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
        told = {
            "page": str(page),
            "release": stands.release.id,
            "delivered": names,
            "made": [],
            "failed": [],
        }
        print_json({**told, "kernel_restarts": 0, "shown": not stands.withdrawn})
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


def _sum_up(
    results: list[Result], page: Path, as_json: bool, done: "Published | None" = None
) -> None:
    """Say what was made, what was not and what changed, and end with the exit code that tells
    it.
    """
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
    return {**own, "changes": summary(done.changes)}


def _said(done: "Published") -> str:
    if not done.shown:
        return f"Release {done.release} was rolled back and is not shown. --force publishes it."
    return (
        f"Release {done.release}: {len(done.made)} made, {len(done.results) - len(done.made)} stood"
        " already.\n" + told(done.changes)
    )
