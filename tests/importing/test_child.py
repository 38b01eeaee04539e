"""The limited child: whatever becomes of it, the parent has a finding and goes on."""

import pytest

from helpers.sources.files import child
from tests.patience import MOMENT, PATIENCE

from .layouts import as_csv, as_xlsx, saved

WAYS = {
    "abort": ("import os\nos.abort()", "olaslig"),
    "silence": ("", "olaslig"),
    "half_an_answer": ('print(\'{"kind": "te\')', "olaslig"),
    "another_answer": ("print('[1, 2]')", "olaslig"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "olaslig"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_child_that_dies_is_a_finding_and_no_traceback(way, stand_in, tmp_path):
    code, finding = WAYS[way]
    stand_in(code)
    reading = child.read_apart(tmp_path / "any.csv", seconds=PATIENCE)
    assert [one.code for one in reading.findings] == [finding]
    assert reading.refused


def test_a_child_that_hangs_is_ended_and_a_finding(stand_in, tmp_path):
    stand_in("import time\ntime.sleep(99999)")
    reading = child.read_apart(tmp_path / "any.csv", seconds=MOMENT)
    assert [one.code for one in reading.findings] == ["for_langsam"]
    assert reading.refused


@pytest.mark.parametrize(
    ("code", "computing", "within"),
    [
        ("bytearray(1 << 30)", PATIENCE, "for_stor"),
        ("sys.stdout.write('x' * (65 << 20)); sys.stdout.flush()", PATIENCE, "olaslig"),
        ("exec('while True: pass')", MOMENT, "olaslig"),
    ],
)
def test_the_child_may_not_take_all_memory_nor_write_nor_compute_without_end(
    code, computing, within, stand_in, tmp_path
):
    real = "import sys\nfrom helpers.sources.files import child\n"
    stand_in(f"{real}child.COMPUTING = {computing}\nchild.read = lambda path: {code}\nchild.main()")
    reading = child.read_apart(tmp_path / "any.csv", seconds=PATIENCE)
    assert [one.code for one in reading.findings] == [within]


def test_nothing_that_lies_beside_the_file_is_run(sound, tmp_path, monkeypatch):
    (tmp_path / "csv.py").write_text("raise SystemExit(3)", "utf-8")
    (tmp_path / "tal.csv").write_bytes(as_csv(sound.kommuntal, ","))
    monkeypatch.chdir(tmp_path)
    assert not child.read_apart(tmp_path / "tal.csv").refused


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path):
    assert [one.code for one in child.read_apart(tmp_path / "gone.csv").findings] == ["olasbar"]


def test_a_sound_workbook_is_read_with_room_to_spare(sound, stand_in, tmp_path):
    path = tmp_path / "bok.xlsx"
    path.write_bytes(saved(as_xlsx(sound.mottagna)))
    stand_in(
        "from helpers.sources.files import child\nchild.MEMORY, child.COMPUTING = 160 << 20, 600\nchild.main()"
    )
    assert not child.read_apart(path, PATIENCE).refused
