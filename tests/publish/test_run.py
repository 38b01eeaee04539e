"""Runs with real kernels: what is delivered is whole, what is not says why, and nothing else is
touched.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from helpers.errors import SetupError
from helpers.make.plan import Setting
from helpers.make.run import BUILDING, publish, publish_single
from helpers.report.job import TRAIL
from tests.patience import MOMENT, PATIENCE, running, until
from tests.publish.samples import (
    HEAD,
    WHOLE,
    contents,
    older_edition,
    options_of,
    plan_of,
    write_job,
)

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("run")

BEFORE, AFTER = WHOLE[:2], WHOLE[2:]
ORPHANING = """import os, pathlib, time
print("strax ensam", flush=True)
while "strax ensam" not in pathlib.Path(TRAIL).read_text("utf-8"):  # it comes across in its time
    time.sleep(0.02)
os.kill(os.getppid(), 9)"""
FAULTS = {
    "killed": ("KERNEL_DIED", [*BEFORE, "import os\nos.kill(os.getpid(), 9)", *AFTER]),
    "raised": ("CELL_ERROR", [*BEFORE, "raise ValueError('utfall: 3,5 är inget heltal')", *AFTER]),
    "exited": ("INCOMPLETE", [*BEFORE, "import sys\nsys.exit()", *AFTER]),
    "greedy": ("MEMORY", [*BEFORE, "bytearray(3 << 30)", *AFTER]),
    "flooding": ("TOO_BIG", [*BEFORE, "print('x' * 3_000_000)", *AFTER]),
    "orphaned": ("WORKER_DIED", [*BEFORE, ORPHANING, *AFTER]),
}
WIDGET = """import uuid
view = {"model_id": uuid.uuid4().hex}
display({"application/vnd.jupyter.widget-view+json": view}, raw=True)"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """One run of a sound notebook and of one notebook per fault: results by name, and the
    folder.
    """
    folder = tmp_path_factory.mktemp("faulty")
    trail = folder / "reports" / BUILDING / "executed" / "prov" / f"orphaned{TRAIL}"
    cells = {"sound": WHOLE} | {name: cells for name, (_, cells) in FAULTS.items()}
    cells["orphaned"] = [cell.replace("TRAIL", repr(str(trail))) for cell in cells["orphaned"]]
    jobs = [write_job(folder, name, cells) for name, cells in cells.items()]
    done = publish(plan_of(folder, *jobs), options_of(folder))
    return {result.id.removeprefix("prov/"): result for result in done.results}, folder / "reports"


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The bytes of two runs of one notebook with a widget, in two folders."""
    made = []
    for name in ("one", "other"):
        folder = tmp_path_factory.mktemp(name)
        job = write_job(folder, "sound", [*BEFORE, WIDGET, WIDGET, *AFTER])
        publish(plan_of(folder, job), options_of(folder))
        made.append(contents(folder / "reports"))
    return made


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (code, _) in FAULTS.items()])
def test_a_report_that_is_not_whole_fails_with_its_reason(faulty, name, code):
    assert faulty[0][name].failure.code == code


def test_a_cell_that_never_ends_is_ended_by_its_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(Setting, "deadline", PATIENCE)
    hung = write_job(tmp_path, "hung", [*BEFORE, "import time\ntime.sleep(99999)", *AFTER])
    options = replace(options_of(tmp_path, cell_timeout=MOMENT), workers=1)
    (result,) = publish(plan_of(tmp_path, hung), options).results
    assert result.failure.code == "TIMEOUT"
    assert "TIMEOUT" in (tmp_path / "reports/html/prov/hung.html").read_text("utf-8")


def test_the_other_reports_are_delivered_when_some_fail(faulty):
    results, out = faulty
    assert results["sound"].failure is None
    assert json.loads((out / "html/prov/sound.json").read_text("utf-8"))["facts"][0]["value"] == 37


def test_a_cell_error_is_told_with_its_cell_and_message(faulty):
    page = (faulty[1] / "html/prov/raised.html").read_text("utf-8")
    told, _, folded = page.partition("<details>")
    assert "ValueError: utfall: 3,5 är inget heltal" in folded
    assert "ValueError" not in told


def test_what_a_killed_report_had_printed_is_told_with_its_cell(faulty):
    failure = faulty[0]["orphaned"].failure
    # after two of parameters and two of its own
    assert (failure.where, failure.log) == ("code cell 5", "strax ensam")
    assert (
        "strax ensam"
        in (faulty[1] / "html/prov/orphaned.html").read_text("utf-8").partition("<details>")[2]
    )


def test_a_single_report_leaves_the_journal_of_an_edition_in_its_folder_alone(tmp_path):
    journal = tmp_path / "reports" / ".journal.jsonl"
    journal.parent.mkdir(parents=True)
    line = '{"id": "lan/24", "status": "delivered", "failure": null}\n'
    journal.write_text(line, "utf-8")
    publish_single(
        plan_of(tmp_path, write_job(tmp_path, "sound", WHOLE)), options_of(tmp_path, engine="warm")
    )
    assert journal.read_text("utf-8") == line
    assert '"prov/sound"' in (tmp_path / "reports" / ".single.jsonl").read_text("utf-8")


def test_the_index_names_what_failed_and_what_did_not(faulty):
    index = (faulty[1] / "html/index.html").read_text("utf-8")
    assert f"1 av {1 + len(FAULTS)} rapporter är klara." in index
    assert "Länet tog emot 37 barn." in index
    assert index.count('class="is-failed"') == len(FAULTS)


def test_two_runs_give_the_same_bytes(twice):
    assert twice[0] == twice[1]
    assert set(twice[0]) == {
        "html/andringar.html",
        "html/andringar.json",
        "html/index.html",
        "html/manifest.json",
        "html/prov/sound.html",
        "html/prov/sound.json",
        "executed/prov/sound.ipynb",
    }


def test_a_widget_becomes_one_sentence(twice):
    page = twice[0]["html/prov/sound.html"].decode()
    assert page.count("Reglagen fungerar i JupyterLab") == 1


def test_a_single_report_never_touches_the_edition(tmp_path):
    edition = older_edition(tmp_path / "reports")
    job = write_job(tmp_path, "sound", WHOLE)
    _, pages = publish_single(plan_of(tmp_path, job), options_of(tmp_path, engine="warm"))
    assert edition.read_text("utf-8") == "gammal"
    assert pages == [tmp_path / "reports/prov/sound.html"]
    assert "index.html" not in pages[0].read_text("utf-8")


def test_a_missing_notebook_is_named_before_any_kernel_starts(tmp_path):
    job = write_job(tmp_path, "sound", WHOLE)
    job.notebook.unlink()
    with pytest.raises(SetupError, match=r"sound\.ipynb"):
        publish(plan_of(tmp_path, job), options_of(tmp_path))
    assert contents(tmp_path / "reports") == {}


RUN = """
import sys
from dataclasses import replace
from pathlib import Path
from helpers.report.job import TRAIL
from helpers.make.run import publish
from tests.publish.samples import options_of, plan_of, write_job
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    job = write_job(folder, "a", ["import time", f"open({str(folder / 'alive')!r}, 'w').close()\\ntime.sleep(99999)"])
    publish(plan_of(folder, job), options_of(folder))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_an_interrupted_run_leaves_the_old_edition_and_no_process(tmp_path, number):
    older_edition(tmp_path / "reports")
    (tmp_path / "run.py").write_text(RUN, "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (PROJECT, PROJECT / "src"))),
    }
    run = subprocess.Popen(
        [sys.executable, "run.py", str(tmp_path)], cwd=tmp_path, env=environment, stderr=-3
    )
    until((tmp_path / "alive").exists, "the notebook")
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(number)
    assert run.wait(PATIENCE) == 128 + number
    until(lambda: not any(map(running, family)), "their end")
    assert contents(tmp_path / "reports") == {"html/index.html": b"gammal"}
    assert not (tmp_path / "reports" / ".building").exists()


def test_the_head_of_a_whole_notebook_is_what_the_index_says(faulty):
    sound = faulty[0]["sound"]
    assert (sound.title, sound.question, sound.status) == (
        HEAD["title"],
        "Hur är läget?",
        HEAD["status"],
    )
