"""Which of several answers is the newest: the one that came last, whatever the clock said; and
indexes of any shape.
"""

import datetime
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.imports import fetched
from helpers.sources.snapshot import Page, newest_answers, open_snapshot, snapshots
from helpers.sources.web import fill

BASE = "http://127.0.0.1/"
ASKED = [("N01986", 2016), ("N01986", 2017)]
DAYS = [datetime.date(2026, 11, day) for day in (20, 21, 22)]


def _fetch(data: Path, day: datetime.date, said: int, questions=ASKED) -> int:
    """Ask on a day, as the clock tells it; every answer says the same number."""
    with open_snapshot(data, "kolada", day) as snapshot:
        return fill(
            snapshot,
            BASE,
            lambda question: [Page(f"{BASE}{question[1]}", str(said).encode())],
            list(questions),
            lambda *_: None,
        )


def _newest(data: Path) -> dict:
    return {
        asked: pages[0].json()
        for asked, (_, pages) in newest_answers(snapshots(data, "kolada")).items()
    }


@settings(max_examples=30)
@given(days=st.lists(st.sampled_from(DAYS), min_size=1, max_size=6))
def test_however_the_clock_goes_the_last_answer_counts(days, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    last = {}
    for said, (day, runs) in enumerate(itertools.groupby(days)):
        asked = [_fetch(data, day, said) for _ in runs]
        assert asked == [len(ASKED)] + [0] * (len(asked) - 1), (
            "a day goes on where it was, and begins anew once only"
        )
        last = dict.fromkeys(ASKED, said)
        assert _newest(data) == last


def test_snapshots_without_turns_are_in_order_of_their_days_and_what_comes_now_is_after_all(
    tmp_path,
):
    for said, day in enumerate(DAYS):
        _fetch(tmp_path, day, said)
        index = tmp_path / "raw" / "kolada" / day.isoformat() / "index.json"
        told = json.loads(index.read_text("utf-8"))
        for answer in told["answers"].values():
            del answer["turn"]
        index.write_text(json.dumps(told), "utf-8")
    assert set(_newest(tmp_path).values()) == {2}
    assert _fetch(tmp_path, DAYS[-1], 7) == 0, "the day is not over"
    assert _fetch(tmp_path, DAYS[0], 7) == 2, "its clock was wrong, then or now"
    assert set(_newest(tmp_path).values()) == {7}


def test_a_run_that_was_cut_off_in_a_new_turn_of_a_day_continues_there(tmp_path):
    _fetch(tmp_path, DAYS[1], 0)
    _fetch(tmp_path, DAYS[0], 1)
    assert _fetch(tmp_path, DAYS[1], 2, ASKED[:1]) == 1
    assert _newest(tmp_path) == {ASKED[0]: 2, ASKED[1]: 1}
    assert _fetch(tmp_path, DAYS[1], 2) == 1
    assert set(_newest(tmp_path).values()) == {2}


def test_what_is_dated_later_than_today_is_told_with_a_word_about_the_clock(tmp_path):
    _fetch(tmp_path, DAYS[2], 0)
    _fetch(tmp_path, DAYS[0], 1)
    found = snapshots(tmp_path, "kolada")
    (said,) = fetched._ahead(found, found[-1])
    assert said.startswith(
        "data/raw/kolada/2026-11-22 is dated after 2026-11-20: a clock was wrong."
    )
    assert fetched._ahead(found, found[0]) == []


SHAPES = ["", "null", "[]", "5", "NaN", "[" * 5000, '"x"', "{", "{}", '{"answers": []}', '{"answers": {"x": {}}}',
          '{"answers": {"N01986/2016": 5}}', '{"answers": {"N01986/2016": {"pages": [{"file": 5}]}}}',
          '{"answers": {"N01986/x": {"base_url": "", "received": "", "pages": []}}}']  # fmt: skip


@pytest.mark.parametrize("text", [*SHAPES, b"\xff\x00", None])
def test_an_index_of_any_shape_is_taken_for_none_and_what_it_held_is_asked_for_again(
    text, tmp_path
):
    _fetch(tmp_path, DAYS[0], 0)
    index = tmp_path / "raw" / "kolada" / DAYS[0].isoformat() / "index.json"
    if text is None:
        index.unlink()
    else:
        index.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert _newest(tmp_path) == {}
    assert _fetch(tmp_path, DAYS[0], 1) == 2
    assert set(_newest(tmp_path).values()) == {1}
