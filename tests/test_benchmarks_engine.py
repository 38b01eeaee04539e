"""The benchmarks of the engines run, so that they do not rot; their times are for a person to
read.
"""

import os
import signal
import subprocess

import psutil
import pytest

from benchmarks import batch, engine, parts
from helpers import tables
from helpers.cases.scenarios import load_scenario
from helpers.make.plan import PROJECT
from tests.patience import until


def frame_in(file):
    """A frame whose code lies in a file of this name."""
    return eval(compile("__import__('sys')._getframe()", file, "eval"))


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("/x/src/helpers/present/figures/rates.py", "drawing"),
        ("/x/src/helpers/present/rendering.py", "words and tables"),
        ("/x/src/helpers/model/shares.py", "computing"),
        ("/x/src/helpers/pages/gate.py", "page, proof and files"),
        ("/x/nbclient/client.py", "running cells"),
    ],
)
def test_a_sample_belongs_to_the_part_that_called_last(file, part):
    assert parts.part_of(frame_in(file)) == part


def test_the_profile_tells_the_time_of_work_done_in_forks():
    assert (
        sum(parts.spent(lambda n: sum(each % 7 for each in range(n)), 3_000_000, times=1).values())
        > 0
    )


def test_a_row_tells_how_a_way_stands_to_the_plain_ones_and_to_its_floor(capsys):
    seconds = {
        "commands": 8.0,
        "plain loop": 4.0,
        "warm, 2 workers": 0.25,
        "floor, 1 at a time": 0.4,
    }
    samples = {name: [engine.Sample(took, took / 2, 1000)] for name, took in seconds.items()}
    engine.show({**samples, "floor, 2 at a time": [engine.Sample(0.2, 0.1, 1000)]})
    warm = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| warm"))
    assert warm == "| warm, 2 workers | 0.25 | 0.12 | 16.0 | 16.0 | 32.0 | 32.0 | 1.25 | 1 |"


def test_each_municipality_is_made_in_every_scenario(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", os.environ.get("MOTTAGNING_DATA", ""))
    jobs = engine.supposed(2, 3, 2018, tmp_path / "data")
    assert [(job.parameters["kommunkod"], job.parameters["scenario"]) for job in jobs] == [
        (kod, f"benchmark-{place}") for kod in ("2401", "2403") for place in (1, 2, 3)
    ]
    book = tables.load()
    forecasts = [load_scenario(book, f"benchmark-{place}").prognos_ekb for place in (1, 2, 3)]
    assert forecasts == [1500, 1900, 2300]


def test_a_run_of_the_batch_tells_time_memory_and_pages(tmp_path, monkeypatch):
    plan = batch.planned()
    assert len(plan["jobs"]) == 4 * 312
    monkeypatch.setenv(batch.FOLDER, str(tmp_path))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    )
    few = {
        **plan,
        "jobs": [
            job for job in plan["jobs"] if job[0] in {"2300/lan/01", "2300/lan/24", "None/lan/24"}
        ],
    }
    row = dict(zip(batch.HEADS, batch.run(few, 3, 1, tmp_path), strict=True))
    assert row["reports"] == "3"
    row.pop("a report's own, MB")  # none of three short ones may have been looked at
    assert all(float(value) > 0 for value in row.values())


def test_what_a_reports_process_has_for_itself_is_seen():
    """The warm process, a slot, a report: here they are two shells and what the inner one runs."""
    with subprocess.Popen(
        ["sh", "-c", "sh -c 'sleep 99999; true'; true"], start_new_session=True
    ) as warm:
        try:
            until(lambda: len(psutil.Process(warm.pid).children(recursive=True)) == 2)
            memory = batch.Memory()
            memory._look()
        finally:
            os.killpg(warm.pid, signal.SIGKILL)
    assert 0 < memory.own < memory.most
