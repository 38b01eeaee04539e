"""The record of runs: nothing of it is lost, and a line that a crash cut off spoils no other."""

from helpers.clock import history
from helpers.clock.history import HISTORY, RunRecord, Slowest

FIRST = RunRecord(
    started="2026-11-16T06:00:00Z", seconds=61.5, edition="standard", release="0123456789ab", delivered=41,
    slowest=Slowest(id="lan/24", seconds=7.9), exit_code=0, engine="warm", workers=2,
)  # fmt: skip
SECOND = RunRecord(
    started="2026-11-23T06:00:00Z", seconds=60, edition="standard", failed=["lan/01"], exit_code=3
)


def test_runs_come_back_as_they_were_written_oldest_first(tmp_path):
    for run in (FIRST, SECOND):
        history.add_run(tmp_path, run)
    assert history.read_runs(tmp_path) == ([FIRST, SECOND], 0)


def test_a_folder_without_runs_has_an_empty_record(tmp_path):
    assert history.read_runs(tmp_path) == ([], 0)


def test_a_torn_last_line_is_left_out_and_told(tmp_path):
    for run in (FIRST, SECOND):
        history.add_run(tmp_path, run)
    file = tmp_path / HISTORY
    file.write_bytes(file.read_bytes()[:-30])
    assert history.read_runs(tmp_path) == ([FIRST], 1)


def test_the_run_after_a_torn_line_is_kept_whole(tmp_path):
    history.add_run(tmp_path, FIRST)
    (tmp_path / HISTORY).write_bytes((tmp_path / HISTORY).read_bytes() + b'{"started": "2026-1')
    history.add_run(tmp_path, SECOND)
    assert history.read_runs(tmp_path) == ([FIRST, SECOND], 1)


def test_a_line_of_a_later_version_is_read_for_what_is_known(tmp_path):
    history.add_run(tmp_path, FIRST)
    text = (
        (tmp_path / HISTORY)
        .read_text("utf-8")
        .replace('"seconds"', '"colour": "blue", "seconds"', 1)
    )
    (tmp_path / HISTORY).write_text(text, "utf-8")
    assert history.read_runs(tmp_path) == ([FIRST], 0)
