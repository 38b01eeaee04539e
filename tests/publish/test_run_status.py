"""The status that a monitor polls: what each kind of end makes of it, and what a dead run cannot
hide.
"""

import datetime

import pytest

from helpers.clock import history
from helpers.clock.history import RunRecord, SourceAge, Status, begun, ended, judged

MONDAY, NEXT, LATER = "2026-11-16T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-23T06:05:00Z"
OLD = {"kommuntal": SourceAge(date="2025-01-01", days=691, limit=400)}


def _run(exit_code: int, **more) -> RunRecord:
    return RunRecord(started=NEXT, seconds=300, edition="standard", exit_code=exit_code, **more)


@pytest.fixture
def good() -> Status:
    """The status after a sound run last Monday."""
    run = RunRecord(
        started=MONDAY,
        seconds=9,
        edition="standard",
        exit_code=0,
        delivered=41,
        release="0123456789ab",
    )
    return ended(None, run, "2026-11-16T06:05:00Z", {})


@pytest.mark.parametrize(
    ("exit_code", "stale", "state"),
    [(0, [], "ok"), (3, [], "failing"), (5, [], "failing"), (143, [], "failing"), (5, ["x"], "stale"),
     (0, ["x"], "stale"), (3, ["x"], "failing")],
)  # fmt: skip
def test_each_end_gives_its_state(good, exit_code, stale, state):
    assert ended(good, _run(exit_code, stale=stale), LATER, OLD).state == state


def test_since_stands_as_long_as_the_state_does(good):
    again = ended(good, _run(0), LATER, {})
    broken = ended(again, _run(3, failed=["lan/01"]), "2026-11-30T06:05:00Z", {})
    still = ended(broken, _run(3), "2026-12-07T06:05:00Z", {})
    assert (again.since, broken.since, still.since) == (
        good.since,
        "2026-11-30T06:05:00Z",
        "2026-11-30T06:05:00Z",
    )


def test_a_failed_run_leaves_the_last_success_and_the_release_readers_see(good):
    after = ended(good, _run(4, reason="the disk is full"), LATER, {})
    assert (after.last_success, after.release, after.last_run) == (MONDAY, "0123456789ab", NEXT)
    assert (after.delivered, after.reason) == (0, "the disk is full")


def test_a_run_at_work_keeps_what_is_known_and_says_who_it_is(good):
    at_work = begun(good, "standard", NEXT, "dator", 4711)
    assert (at_work.state, at_work.since, at_work.host, at_work.pid) == (
        "running",
        NEXT,
        "dator",
        4711,
    )
    assert (at_work.last_success, at_work.delivered) == (MONDAY, 41)
    assert ended(at_work, _run(0), LATER, {}).pid is None


def test_a_run_that_did_not_look_at_its_sources_keeps_their_last_known_age(good):
    looked = ended(good, _run(5, stale=["kommuntal"]), LATER, OLD)
    assert ended(looked, _run(2), "2026-11-30T06:00:01Z", {}).sources_age == OLD


def _at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def test_a_run_that_was_killed_is_failing_and_one_that_lives_is_running(good):
    at_work = begun(good, "standard", NEXT, "dator", 4711)
    assert judged(at_work, _at(LATER), alive=True) == ("running", "")
    assert judged(at_work, _at(LATER), alive=False)[0] == "failing"


@pytest.mark.parametrize(("now", "state"), [(LATER, "ok"), ("2026-11-23T07:00:01Z", "failing")])
def test_a_schedule_that_does_not_run_is_failing_after_an_hour(good, now, state):
    assert judged(good.model_copy(update={"next_due": NEXT}), _at(now), alive=False)[0] == state


def test_the_status_is_replaced_in_one_step_and_read_back(tmp_path, good):
    history.write_status(tmp_path, good)
    history.due(tmp_path, NEXT)
    assert history.read_status(tmp_path) == good.model_copy(update={"next_due": NEXT})
    assert [path.name for path in tmp_path.iterdir()] == [history.STATUS]


def test_the_next_time_is_not_noted_where_no_run_has_been_told(tmp_path):
    history.due(tmp_path, NEXT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "glad"}'])
def test_a_status_that_cannot_be_read_is_none(tmp_path, text):
    (tmp_path / history.STATUS).write_text(text, "utf-8")
    assert history.read_status(tmp_path) is None
