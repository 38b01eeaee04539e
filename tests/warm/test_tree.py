"""Notebooks that part: the same bytes as apart, the shared cells once, and a fault in a branch
fails that one alone.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.make.run import publish
from tests.publish.samples import WHOLE, contents, options_of, plan_of, read_journal, write_job
from tests.warm.faults import FAULTS, run_of, sleep_of

pytestmark = pytest.mark.xdist_group("tree")

BEFORE, AFTER = WHOLE[:2], WHOLE[2:]
SLEEP = sleep_of(9)
SOUND = {
    "plain": "",
    "escaping": f"import subprocess\nsubprocess.Popen(['setsid', 'sleep', '{SLEEP}'])",
    "littering": "import tempfile\ntempfile.mkdtemp()",
    "last": "",
}
APART = {  # what the shared cells leave so that they cannot be shared, though each report is sound
    "threaded": "import threading, time\nthreading.Thread(target=time.sleep, args=(99999,)).start()",
    "accompanied": f"import subprocess\nchild = subprocess.Popen(['sleep', '{SLEEP}'])",
    "awaiting": "import asyncio\ntold = asyncio.Event()\ntask = asyncio.create_task(told.wait())",
}
BRANCH = f"cells = {json.dumps({name: code for name, (_, code) in FAULTS.items()} | SOUND)}\nexec(cells[scenario])"
SHARED = (
    "import random, os, warnings\nrandom.seed(1)\nos.makedirs('own', exist_ok=True)\nos.chdir('own')",
    "import sys\nshown = display('före', display_id='x')\nprint('ut')\nprint('fel', file=sys.stderr)\nlans = []",
    "1 + 1",
    "import asyncio\nawait asyncio.sleep(0.001, 'väntat')",
    "sprak = sprak.upper()\nlans.append(sprak)",
)
OWN = (
    "print(scenario)",
    "shown.update(scenario)",
    "!echo $PWD | tail -c 4; echo fel >&2",
    "In[2], _i2, _ih[2], Out[6], random.random(), sprak, lans, get_ipython().execution_count",
    "scenario = scenario.upper()\nawait asyncio.sleep(0.001, scenario)",
    "warnings.warn(scenario)\nimport subprocess\nsubprocess.run(['echo', scenario]).returncode",
)


def _jobs(folder: Path, name: str, cells: list[str], scenarios) -> list:
    """Return one job per scenario of a notebook of these cells, which counts how often its first
    was run.
    """
    job = write_job(
        folder, name, [f"open({str(folder / f'runs-{name}')!r}, 'a').write('x')", *cells]
    )
    return [
        replace(
            job,
            id=f"scenario/{scenario}/{name}",
            parameters={**job.parameters, "scenario": scenario},
        )
        for scenario in scenarios
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run of every fault in a branch and in what is shared: results by id, the folder, what was
    left behind.
    """
    folder, temporary = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("tmp")
    jobs = _jobs(folder, "branches", [*BEFORE, BRANCH, *AFTER], [*SOUND, *FAULTS, "after"])
    jobs[-1] = replace(jobs[-1], parameters={**jobs[-1].parameters, "scenario": "last"})
    for name, cell in {**{name: cell for name, (_, cell) in FAULTS.items()}, **APART}.items():
        last = "told.set()\nawait task" if name == "awaiting" else ""
        jobs += _jobs(folder, name, [*BEFORE, cell, f"{last}\nscenario", *AFTER], ["a", "b"])
    jobs += _every_way(folder)
    results, left = run_of(
        folder, temporary, jobs, SLEEP, lambda report: report.removeprefix("scenario/")
    )
    return (
        results,
        folder,
        left | {"hidden": sorted(path.name for path in (folder / "reports").glob(".*"))},
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_a_branch_fails_that_report_with_its_reason(run, name):
    assert run[0][f"{name}/branches"].failure.code == FAULTS[name][0], run[0][
        f"{name}/branches"
    ].failure


@pytest.mark.parametrize("name", [*SOUND, "after"])
def test_the_other_branches_are_delivered_those_after_a_lost_process_too(run, name):
    assert run[0][f"{name}/branches"].failure is None
    page = run[1] / f"reports/html/scenario/{name}/branches.json"
    assert json.loads(page.read_text("utf-8"))["facts"][0]["value"] == 37


@pytest.mark.parametrize("branch", ["a", "b"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_what_is_shared_fails_each_report_with_its_reason(run, name, branch):
    assert run[0][f"{branch}/{name}"].failure.code == FAULTS[name][0], run[0][
        f"{branch}/{name}"
    ].failure


@pytest.mark.parametrize("branch", ["a", "b"])
@pytest.mark.parametrize("name", APART)
def test_what_cannot_be_forked_is_run_apart(run, name, branch):
    assert run[0][f"{branch}/{name}"].failure is None
    assert _runs(run, name) == 3  # once in vain, then each on its own


def test_the_shared_cells_are_run_once_and_once_more_for_those_after_a_lost_process(run):
    assert _runs(run, "branches") == 2
    assert _runs(run, "killed") == 1


def _runs(run, name: str) -> int:
    return len((run[1] / f"runs-{name}").read_text("utf-8"))


def test_nothing_is_left_behind(run):
    assert run[2] == {
        "processes": set(),
        "escaped": [],
        "files": [],
        "hidden": [".journal.jsonl", ".mottagningsboken"],
    }


def test_a_failed_branch_leaves_a_page_that_says_so_and_no_figures(run):
    html = run[1] / "reports/html/scenario"
    for name in FAULTS:
        assert "kunde inte tas fram" in (html / name / "branches.html").read_text("utf-8")
        assert not (html / name / "branches.json").exists()


def test_the_journal_has_a_line_for_each_report_and_the_first_tells_what_was_shared(run):
    lines = {
        line["id"].removeprefix("scenario/"): line
        for line in read_journal(run[1] / "reports" / ".journal.jsonl")
    }
    assert set(lines) == set(run[0])
    assert lines["endless/branches"]["seconds"] > 0
    assert lines["a/endless"]["seconds"] > 0 == lines["b/endless"]["seconds"]
    assert all(line["cpu_seconds"] >= 0 for line in lines.values())


def _every_way(folder: Path) -> list:
    """The jobs of a notebook that shows in every way on both sides of the parting."""
    return _jobs(folder, "alla", [*SHARED, *BEFORE, *OWN, *AFTER], ["grund", "nollning", "platser"])


@pytest.fixture(scope="module")
def apart(run, tmp_path_factory):
    """The same notebook without the tree: the reports' bytes; and how often its first cell was run
    with it, without.
    """
    with_tree, out = _runs(run, "alla"), tmp_path_factory.mktemp("apart")
    options = replace(options_of(run[1], engine="warm", tree=False), out=out)
    publish(plan_of(run[1], *_every_way(run[1])), options)
    return _reports(out), (with_tree, _runs(run, "alla") - with_tree)


def _reports(out: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(out).items() if "/alla." in name}


def test_reports_through_the_tree_are_the_same_bytes_as_apart(run, apart):
    through, alone = _reports(run[1] / "reports"), apart[0]
    assert len(through) == 3 * 3
    assert sorted(through) == sorted(alone)
    assert [name for name in alone if through[name] != alone[name]] == []


def test_the_tree_runs_what_is_shared_once(apart):
    assert apart[1] == (1, 3)


def test_each_branch_shows_its_own(run):
    executed = _reports(run[1] / "reports")["executed/scenario/platser/alla.ipynb"].decode()
    assert 'scenario = \\"platser\\"' in executed
    assert "PLATSER" in executed
    assert "nollning" not in executed.lower()
