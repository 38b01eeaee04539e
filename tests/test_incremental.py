"""Figures are changed one at a time: only what shows them is made again, and the whole is as if all
had been.
"""

import json
import shutil
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from helpers import cli
from helpers.warm.supervisor import Supervisor
from tests.edits import edit
from tests.publish.samples import contents

pytestmark = pytest.mark.xdist_group("incremental")

EDITION = """title: Liten utgåva
ar: 2018
prognos_ekb: 1500
prognoser_ekb: [1500, 2300]
lan: [AC, E]
kommuner: ["2480", "0580"]
"""
SHOWING, OTHERS = ("lan/24", "kommun/2480"), ("lan/05", "kommun/0580")
# one child more than printed
OUTCOME = ("andelstal_2018_ac", ("Umeå;11,97;18;11;", "Umeå;11,97;18;12;"))
PEOPLE = ("folkmangd", ("2418,2018,3122", "2418,2018,3123"))  # one inhabitant more in Malå
RULE = ('value = true\nunit = "allowed"', 'value = false\nunit = "allowed"')
UNSEEN = ("folkmangd", ("2480,2008,112728", "2480,2008,112729"))  # a year that no report shows


@dataclass
class Counted:
    """What a run did, beside what it gave: warm processes started, and notebooks they were
    handed.
    """

    started: int = 0
    given: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """What each command said, in order, what each did, and the folders of the two ways to the same
    edition.
    """
    folder = tmp_path_factory.mktemp("incremental")
    data = Path(shutil.copytree(Path(__file__).parents[1] / "data", folder / "data"))
    (folder / "liten.yaml").write_text(EDITION, "utf-8")
    edition = ("--edition", str(folder / "liten.yaml"), "--json")
    step, anew = ("--out", str(folder / "step")), ("--out", str(folder / "anew"))
    did: dict[str, Counted] = {}

    def run(name: str, *arguments: str) -> dict:
        did[name] = Counted()
        with counting(did[name]):
            return _run(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTTAGNING_DATA", str(data))
        said = {"first": run("first", "reports", *edition, *step)}
        said["before"] = _run("explain", "lan/24", *edition, *step)
        edit(data, *OUTCOME)
        said |= {name: _run("explain", name, *edition, *step) for name in (SHOWING[0], OTHERS[0])}
        said["outcome"] = run("outcome", "reports", *edition, *step)
        said["idle"] = run("idle", "reports", *edition, *step)
        edit(data, *PEOPLE)
        said["people"] = run("people", "reports", *edition, *step)
        rules = data / "rules.toml"
        rules.write_text(rules.read_text("utf-8").replace(*RULE), "utf-8")
        said["rule"] = run("rule", "reports", *edition, *step)
        edit(data, *UNSEEN)
        said["unseen"] = run("unseen", "reports", *edition, *step)
        said["anew"] = run("anew", "reports", *edition, *anew)
    return said, did, folder


@contextmanager
def counting(counted: Counted):
    """While it lasts, what supervisors do is counted."""
    start, outcomes = Supervisor._start, Supervisor.outcomes

    def started(supervisor):
        counted.started += 1
        return start(supervisor)

    def given(supervisor, tasks):
        counted.given += [job.id for task in tasks for job in getattr(task, "tasks", (task,))]
        return outcomes(supervisor, tasks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Supervisor, "_start", started)
        patch.setattr(Supervisor, "outcomes", given)
        yield


def _run(*arguments: str) -> dict:
    said = StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert not end.value.code, said.getvalue()
    return json.loads(said.getvalue())


def test_only_what_shows_the_figure_is_made_again(runs):
    said, _, _ = runs
    assert sorted(said["first"]["made"]) == sorted([*SHOWING, *OTHERS])
    assert sorted(said["outcome"]["made"]) == sorted(SHOWING)
    assert said["idle"]["made"] == []


def test_one_inhabitant_more_changes_only_the_report_that_prints_the_inhabitants(runs):
    said, _, _ = runs
    assert said["people"]["made"] == ["lan/24"]


def test_a_changed_rule_makes_again_what_is_computed_by_the_rules(runs):
    """Every report here: where no share is published, one is estimated by the rules."""
    said, _, _ = runs
    assert sorted(said["rule"]["made"]) == sorted([*SHOWING, *OTHERS])


def test_a_figure_that_nothing_shows_changes_no_report(runs):
    said, did, _ = runs
    assert said["unseen"]["made"] == []
    assert did["unseen"].given == []


def test_an_update_starts_one_warm_process_and_runs_each_notebook_at_most_once(runs):
    said, did, _ = runs
    for name in ("first", "outcome", "people", "unseen"):
        assert did[name].started == 1, name
        assert sorted(did[name].given) == sorted(said[name]["made"]), name
    assert did["idle"] == Counted()


def test_the_edition_is_the_same_as_if_all_of_it_had_been_made(runs):
    said, _, folder = runs
    assert said["unseen"]["release"] == said["anew"]["release"]
    told = {"html/andringar.html", "html/andringar.json"}  # there was an edition before, or none
    step, anew = (
        {name: content for name, content in contents(folder / out).items() if name not in told}
        for out in ("step", "anew")
    )
    assert step == anew


def test_explain_says_beforehand_what_will_be_made_and_why(runs):
    said, _, _ = runs
    assert said["before"]["reasons"] == ["Nothing it rests on has changed."]
    shows, stays = said[SHOWING[0]], said[OTHERS[0]]
    assert shows["again"]
    assert "andelstal(24; )" in shows["inputs"]
    assert "andelstal(24; ) has changed." in shows["reasons"]
    assert not stays["again"]
    assert stays["inputs"] == []


def test_what_changed_is_told_figure_for_figure(runs):
    said, _, folder = runs
    assert sorted(said["outcome"]["changes"]["reports"]["changed"]) == sorted(SHOWING)
    release = folder / "step" / "releases" / said["outcome"]["release"]
    changes = json.loads((release / "html/andringar.json").read_text("utf-8"))
    umea = next(report for report in changes["reports"] if report["id"] == "kommun/2480")
    assert {
        (fact["old"], fact["new"]) for fact in umea["facts"] if fact["name"] == "utfall.utfall"
    } == {(11, 12)}
