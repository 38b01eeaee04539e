"""Reports rehearsed, and drawn, each in a child of a warm process; and what came of it."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpers.publish.jobs import Job
from helpers.publish.manifest import make_manifest, report_sources
from helpers.publish.rehearsal import rehearse
from helpers.publish.render import attempt
from helpers.publish.setting import Frame, Setting
from helpers.sources import load_catalogue
from helpers.warm.outcome import End, Limits
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor

PROJECT = Path(__file__).parents[1]
WARM = ("helpers.tables:preload", "helpers.publish.warmed:ready", "helpers.present", "helpers.workbench")


@dataclass(frozen=True)
class Case:
    """A report to make: which notebook of which tables, and whether it is also drawn."""

    notebook: str
    parameters: dict[str, Any] = field(default_factory=dict)
    data: Path = PROJECT / "data"
    drawn: bool = True


@dataclass(frozen=True)
class Came:
    """What came of a case: digests without and with drawing, what was read, the page and its figures."""

    rehearsed: dict[str, str] | None
    drawn: dict[str, str] | None = None
    read: frozenset[str] = frozenset()
    html: bytes = b""
    figures: bytes = b""


def make(case: Case, building: Path) -> Came:
    """Rehearse a report and, if asked for, make it; in a process that is to end."""
    os.environ["MOTTAGNING_DATA"] = str(case.data)
    catalogue, notebooks = load_catalogue(case.data), PROJECT / "notebooks"
    frame = Frame(make_manifest("Prov", {}, catalogue, notebooks))
    own = Path(tempfile.mkdtemp(dir=building))
    setting = Setting(own, frame, report_sources(catalogue), engine="warm")
    job = Job(f"prov/{case.notebook}", notebooks / f"{case.notebook}.ipynb", {"sprak": "sv", **case.parameters})
    rehearsal = rehearse(job, setting)
    rehearsed, read = (rehearsal.digests, frozenset(rehearsal.read or ())) if rehearsal else (None, frozenset[str]())
    if not case.drawn:
        return Came(rehearsed, read=read)
    result = attempt(job, setting)
    assert getattr(result, "failure", result) is None, result
    page = setting.page(job)
    assert result.read is not None
    assert read == frozenset(result.read)
    return Came(rehearsed, result.digests, read, page.read_bytes(), page.with_suffix(".json").read_bytes())


@contextmanager
def company(building: Path) -> Iterator[Any]:
    """Give what makes cases, one after the other, and gives what came of each."""
    scratch = Path(tempfile.mkdtemp(dir=building))
    order = Order(partial(make, building=building), Limits(wall=300, cpu=300), 1, scratch, WARM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(PROJECT), prepend=os.pathsep)  # our work lies beside what is installed
        supervisor = Supervisor(order)
    with supervisor:

        def play(*cases: Case) -> list[Came]:
            came = {place: outcome for place, outcome in supervisor.outcomes(list(cases))}
            assert all(outcome.end is End.VALUE for outcome in came.values()), came
            return [came[place].value for place in range(len(cases))]

        yield play


def reword(data: Path, entries: set[str]) -> None:
    """Write something else about tables, in the catalogue of a data folder."""
    path = data / "sources.toml"
    text = path.read_text("utf-8")
    for own in entries:
        head = re.escape(f"[{own}]")
        text, times = re.subn(rf'(?ms)^({head}$.*?^title = ")', r"\g<1>Omskriven: ", text, count=1)
        assert times == 1, own
    path.write_text(text, "utf-8")


def figures_of(came: Came) -> Any:
    """Return the JSON beside a page."""
    return json.loads(came.figures)
