"""Whole runs of an edition in this very process: small pages are written where notebooks would be
run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.cli.run_record import running
from helpers.cli.summary import sum_up, tell_standing
from helpers.make import run as running_edition
from helpers.make.plan import Options, Plan, Setting, request_of
from helpers.make.reuse import standing
from helpers.make.run import Published
from helpers.report.job import Cost, Job, Result
from tests.publish.samples import WHOLE, options_of, plan_of, write_job

NAMES = ("a", "b", "c")
PAGE = "<!DOCTYPE html><p>{} {}</p></html>"


class Maker:
    """Makes each report of what its file of the data folder says, as an engine does of its
    notebook.
    """

    def __init__(self, data: Path) -> None:
        self.data = data

    def ask(self, work: Callable[[], Any]) -> Any:
        return work()

    def run(
        self, jobs: list[Job], setting: Setting, workers: int, _: object = None
    ) -> Iterator[tuple[Result, Cost]]:
        for job in jobs:
            name = f"{Path(job.id).name}.csv"
            said, page, executed = (
                (self.data / name).read_text("utf-8"),
                setting.page(job),
                setting.executed(job),
            )
            pages = setting.pages(job).values()
            for place in (*pages, executed):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(PAGE.format(job.id, said), "utf-8")
            page.with_suffix(".json").write_text("{}", "utf-8")
            files = setting.files(*pages, page.with_suffix(".json"), executed)
            yield (
                Result(
                    job.id, answer=said, read=[name], values={"x(2480; 2018)": "1"}, files=files
                ),
                Cost(0.5),
            )


def order(folder: Path) -> tuple[Plan, Options]:
    """Return a plan of three reports, each of its own file in data/, and how to run it; files that
    lie there stay.
    """
    plan = plan_of(folder, *(write_job(folder, name, WHOLE) for name in NAMES))
    for name in NAMES:
        if not (place := folder / "data" / f"{name}.csv").exists():
            place.write_text(name, "utf-8")
    told = {
        path.name: lambda path=path: path.read_text("utf-8") for path in (folder / "data").iterdir()
    }
    values = {
        "fingerprints": lambda: {name: say() for name, say in told.items()},
        "values": lambda _: {"x(2480; 2018)": "1"},
    }
    return plan, options_of(folder, **values)


def edition(folder: Path, monkeypatch, **choices: bool) -> Published | None:
    """Make the edition as `mottagning reports` does, and return what became of it; None where
    nothing was to do.
    """
    plan, options = order(folder)
    request, options = request_of(plan), replace(options, **choices)

    @contextmanager
    def engine(*_: object) -> Iterator[Maker]:
        yield Maker(folder / "data")

    monkeypatch.setattr(running_edition, "engine", engine)
    monkeypatch.setattr("os.sync", lambda: None)
    monkeypatch.setattr("os.fsync", lambda _: None)
    with running(options.out, "prov", "kernel", 1) as record:
        if stands := standing(request, options):
            record.done(stands.release.id, [one.result() for one in stands.reports])
            tell_standing(stands, options.out, False)
            return None
        done = running_edition.publish(request, options)
        record.done(done.release, done.results, done.stood)
        sum_up(done.results, options.out / "html" / "index.html", False, done)
        return done
