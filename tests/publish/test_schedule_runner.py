"""The runner that schedules start: logs, limits, and word of every failure, also of a run that was
killed.
"""

import datetime
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.clock import history, runner
from helpers.clock.schedule import Schedule
from tests.patience import MOMENT, PATIENCE, until

NOW = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.UTC)
TELLS = (
    'printf "%s|%s|%s" "$MOTTAGNING_EXIT_CODE" "$MOTTAGNING_LOG" "$MOTTAGNING_FAILED" > "{}/told"'
)
RECORDS = """import sys
from pathlib import Path
from helpers.clock import history
told = history.RunRecord(started="2026-11-23T06:00:00Z", seconds=1, edition="x", failed=["lan/01", "lan/24"], exit_code=3)
history.add_run(Path(sys.argv[1]), told)
sys.exit(3)"""


def _run(out: Path, *command: str, now=NOW, **given) -> runner.Ended:
    usual = {"keep_logs": 3, "time_limit": PATIENCE / 60, "on_failure": TELLS.format(out)}
    call = Schedule(program="", edition="x", out=str(out), data=None, **{**usual, **given})
    return runner.run(call, command, now)


def test_a_sound_run_leaves_a_log_and_calls_nobody(tmp_path):
    ended = _run(tmp_path / "out", "/bin/sh", "-c", "echo ut; echo fel >&2")
    assert (ended.exit_code, ended.says) == (0, [])
    assert ended.log == tmp_path / "out" / "logs" / "run-20261123T060000Z.log"
    assert ended.log.read_text("utf-8") == "ut\nfel\n"
    assert not (tmp_path / "out" / "told").exists()


def test_a_failed_run_is_told_with_its_code_its_log_and_what_failed(tmp_path):
    ended = _run(tmp_path, sys.executable, "-c", RECORDS, str(tmp_path))
    assert ended.exit_code == 3
    assert (tmp_path / "told").read_text("utf-8") == f"3|{ended.log}|lan/01 lan/24"
    assert len(history.read_runs(tmp_path)[0]) == 1


def test_a_locked_folder_is_no_failure_and_passes_its_code_on(tmp_path):
    assert _run(tmp_path, "/bin/sh", "-c", "exit 75").exit_code == 75
    assert not (tmp_path / "told").exists()


def test_a_killed_run_is_on_record_and_failing(tmp_path):
    assert _run(tmp_path, "/bin/sh", "-c", "kill -9 $$").exit_code == 137
    (told,), _ = history.read_runs(tmp_path)
    assert (told.exit_code, told.started) == (137, "2026-11-23T06:00:00Z")
    assert history.read_status(tmp_path).state == "failing"
    assert (tmp_path / "told").read_text("utf-8").startswith("137|")


def test_a_killed_run_is_on_record_though_another_was_turned_away_beside_it(tmp_path):
    beside = RECORDS.replace("exit_code=3", "exit_code=75").replace(
        "sys.exit(3)", "import os; os.kill(os.getpid(), 9)"
    )
    assert _run(tmp_path, sys.executable, "-c", beside, str(tmp_path)).exit_code == 137
    assert [run.exit_code for run in history.read_runs(tmp_path)[0]] == [75, 137]


def test_a_run_over_its_time_is_stopped_and_told(tmp_path):
    ended = _run(tmp_path, "sleep", "99999", time_limit=MOMENT / 60)
    assert ended.exit_code == 143
    assert "time limit of 0.0166667 minutes" in ended.says[0]


def test_a_run_that_cannot_be_started_is_told_as_a_fault_of_the_machine(tmp_path):
    ended = _run(tmp_path, str(tmp_path / "borta"))
    assert ended.exit_code == 4
    assert "borta: No such file" in ended.says[0]
    assert (tmp_path / "told").read_text("utf-8").startswith("4|")


def test_a_folder_that_cannot_be_made_is_told_to_whom_it_concerns(tmp_path):
    (tmp_path / "fil").write_text("", "utf-8")
    ended = _run(tmp_path / "fil" / "ut", "true", on_failure=TELLS.format(tmp_path))
    assert (ended.exit_code, ended.log) == (4, None)
    assert (tmp_path / "told").read_text("utf-8") == "4||"


def test_an_on_failure_command_that_fails_is_told(tmp_path):
    assert (
        "--on-failure: the command ended with 9"
        in _run(tmp_path, "false", on_failure="exit 9").says[0]
    )


@pytest.mark.parametrize("keep", [1, 3])
def test_only_the_last_logs_are_kept(tmp_path, keep):
    for day in range(5):
        _run(tmp_path, "true", keep_logs=keep, now=NOW + datetime.timedelta(days=day))
    kept = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert kept == [f"run-202611{day}T060000Z.log" for day in range(23, 28)][-keep:]


STOPPED = """import datetime, sys
from helpers.clock import runner
from helpers.clock.schedule import Schedule
call = Schedule(program="", edition="x", out=sys.argv[1], data=None, keep_logs=1, time_limit=10)
command = ["/bin/sh", "-c", "trap 'exit 143' TERM; touch " + sys.argv[1] + "/begun; while :; do sleep 0.1; done"]
sys.exit(runner.run(call, command, datetime.datetime.now(datetime.UTC)).exit_code)"""


def test_a_runner_that_is_stopped_stops_its_run_and_records_it(tmp_path):
    with subprocess.Popen([sys.executable, "-c", STOPPED, str(tmp_path)]) as started:
        until((tmp_path / "begun").exists, "the run")
        started.send_signal(signal.SIGTERM)
        assert started.wait(PATIENCE) == 143
    assert history.read_runs(tmp_path)[0][0].exit_code == 143
