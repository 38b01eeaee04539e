"""Reports by the warm engine: what is not whole says why, nothing leaks or is left behind."""

import json
from pathlib import Path

import pytest

from helpers.errors import SetupError
from helpers.make.run import publish, publish_single
from tests.patience import MOMENT
from tests.publish.samples import (
    WHOLE,
    contents,
    older_edition,
    options_of,
    plan_of,
    read_journal,
    write_job,
)
from tests.warm.faults import FAULTS as COMMON
from tests.warm.faults import run_of, sleep_of

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("reports")

BEFORE, AFTER = WHOLE[:2], WHOLE[2:]
SLEEP = sleep_of(8)
# the other ways to end, and what hangs and does nothing, are the drill's
FAULTS = {
    **{name: COMMON[name] for name in ("killed", "raised", "flooding", "orphaned")},
    "quit": ("INCOMPLETE", "quit()"),
    "greedy array": ("MEMORY", "import numpy\nx = numpy.ones(1 << 30)"),
    "flooding past python": ("TOO_BIG", "import os\nos.system('yes utfall')"),
}
STUBBORN = (
    "import time\nwhile True:\n  try:\n    time.sleep(99999)\n  except BaseException:\n    pass"
)
LEAK = """import os, sys, pandas, matplotlib, locale
matplotlib.rcParams["font.size"] = 40
pandas.set_option("display.precision", 1)
os.environ["LEAK"] = "1"
os.chdir("/")
sys.path.clear()
sys.modules["leak"] = os
leak = 1"""
TIGHT = """import os, sys, pandas, matplotlib
settings = matplotlib.rcParams["font.size"], pandas.get_option("display.precision"), os.environ.get("LEAK")
assert settings == (10, 6, None), settings
assert os.path.basename(os.getcwd()) == "notebooks"
assert "leak" not in sys.modules and "leak" not in globals()"""
THREAD = """import threading, time
threading.Thread(target=time.sleep, args=(99999,)).start()"""
SOUND = {
    "leaking": LEAK,
    "tight": TIGHT,
    "tight again": TIGHT,
    "collecting": "import gc\nassert gc.isenabled()",
    "threaded": THREAD,
    "littering": "import tempfile\nopen(tempfile.mkdtemp() + '/x', 'w').close()\ntempfile.mkstemp()",
    "escaping": f"import subprocess\nsubprocess.Popen(['setsid', 'sleep', '{SLEEP}'])",
    "twofold": "import os\nif os.fork() == 0:\n    os.setsid()",
    "late": f"!(setsid sleep {SLEEP} &) > /dev/null 2>&1",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run of every fault and every sound notebook: results by name, the folder, and what was
    left behind.
    """
    folder, temporary = tmp_path_factory.mktemp("warm"), tmp_path_factory.mktemp("tmp")
    cells = {**{name: cell for name, (_, cell) in FAULTS.items()}, **SOUND}
    jobs = [write_job(folder, name, [*BEFORE, cell, *AFTER]) for name, cell in cells.items()]
    results, left = run_of(
        folder, temporary, jobs, SLEEP, lambda report: report.removeprefix("prov/")
    )
    return (
        results,
        folder / "reports",
        left | {"parts": sorted(path.name for path in (folder / "reports").iterdir())},
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_report_that_is_not_whole_fails_with_its_reason(run, name):
    assert run[0][name].failure.code == FAULTS[name][0], run[0][name].failure


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_report_is_delivered_whatever_the_others_do(run, name):
    assert run[0][name].failure is None
    assert (
        json.loads((run[1] / f"html/prov/{name}.json").read_text("utf-8"))["facts"][0]["value"]
        == 37
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_failed_report_leaves_a_page_that_says_so_and_no_figures(run, name):
    html = run[1] / "html" / "prov"
    page = (html / f"{name}.html").read_text("utf-8")
    assert "kunde inte tas fram" in page
    assert FAULTS[name][0] in page
    assert "Länet tog emot" not in page
    assert not (html / f"{name}.json").exists()
    assert not (run[1] / f"executed/prov/{name}.ipynb").exists()


def test_nothing_is_left_behind(run):
    assert run[2] == {
        "processes": set(),
        "escaped": [],
        "files": [],
        "parts": [".journal.jsonl", ".mottagningsboken", "current", "executed", "html", "releases"],
    }


def test_the_journal_tells_of_every_report_what_became_of_it_and_what_it_took(run):
    lines = {
        line["id"].removeprefix("prov/"): line for line in read_journal(run[1] / ".journal.jsonl")
    }
    assert set(lines) == set(run[0])
    assert lines["greedy array"]["failure"]["code"] == "MEMORY"
    assert lines["tight"]["peak_bytes"] < 1 << 30


@pytest.fixture(scope="module")
def hung(tmp_path_factory):
    """A run of a cell that never ends, with a limit on time: results by name, and the folder."""
    folder, temporary = tmp_path_factory.mktemp("hung"), tmp_path_factory.mktemp("hung-tmp")
    jobs = [write_job(folder, "stubborn", [*BEFORE, STUBBORN, *AFTER])]
    named = {"name": lambda report: report.removeprefix("prov/"), "cell_timeout": MOMENT}
    results, left = run_of(folder, temporary, jobs, SLEEP, **named)
    assert left == {"processes": set(), "escaped": [], "files": []}
    return results, folder / "reports"


def test_a_cell_that_never_ends_is_ended_by_its_limit_whatever_it_does(hung):
    failure = hung[0]["stubborn"].failure
    assert failure.code == "TIMEOUT", failure


def test_the_journal_tells_time_and_processor_time_apart(hung):
    (line,) = [
        line for line in read_journal(hung[1] / ".journal.jsonl") if line["id"] == "prov/stubborn"
    ]
    assert line["seconds"] >= MOMENT
    assert 0 <= line["cpu_seconds"] < line["seconds"]  # it slept


def test_the_warm_process_says_why_it_cannot_start_and_the_old_edition_stands(tmp_path):
    older_edition(tmp_path / "reports")
    job = write_job(tmp_path, "sound", WHOLE)
    with pytest.raises(SetupError, match=r"No module named 'finns_inte'.*--engine kernel"):
        publish(plan_of(tmp_path, job), options_of(tmp_path, engine="warm", warm=("finns_inte",)))
    assert contents(tmp_path / "reports") == {"html/index.html": b"gammal"}


def test_a_report_that_cannot_be_written_ends_the_run(tmp_path):
    blocked = f"from pathlib import Path\nPath({str(tmp_path / 'reports/.single/html/prov')!r}).write_text('')"
    job = write_job(tmp_path, "sound", [*BEFORE, blocked, *AFTER])
    with pytest.raises(SetupError, match=r"prov/sound: .*: File exists\. Check what lies there"):
        publish_single(plan_of(tmp_path, job), options_of(tmp_path, engine="warm"))
    kept = contents(tmp_path / "reports")
    # what is not ours stays
    assert kept == {".mottagningsboken": kept[".mottagningsboken"], ".single/html/prov": b""}
