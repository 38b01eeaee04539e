"""The limited child: whatever becomes of it, the parent has a finding and goes on."""

import time

import pytest

from helpers.sources.files import child

from .layouts import as_csv, as_xlsx, saved

WAYS = {
    "abort": ("import os\nos.abort()", "olaslig"),
    "silence": ("", "olaslig"),
    "half_an_answer": ('print(\'{"kind": "te\')', "olaslig"),
    "another_answer": ("print('[1, 2]')", "olaslig"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "olaslig"),
    "sleep": ("import time\ntime.sleep(60)", "for_langsam"),
}


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Let another programme stand in for the child."""

    def stand_in(code: str) -> None:
        (tmp_path / "standin.py").write_text(code, "utf-8")
        monkeypatch.setattr(child, "MODULE", "standin")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return stand_in


@pytest.mark.parametrize("way", WAYS)
def test_a_child_that_dies_or_hangs_is_a_finding_and_no_traceback(way, stand_in, tmp_path):
    code, finding = WAYS[way]
    stand_in(code)
    started = time.monotonic()
    reading = child.read_apart(tmp_path / "any.csv", seconds=1.5)
    assert [one.code for one in reading.findings] == [finding]
    assert reading.refused
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("code", "within"),
    [
        ("bytearray(1 << 30)", "for_stor"),
        ("sys.stdout.write('x' * (65 << 20)); sys.stdout.flush()", "olaslig"),
        ("exec('while True: pass')", "olaslig"),
    ],
)
def test_the_child_may_not_take_all_memory_nor_write_nor_compute_without_end(code, within, stand_in, tmp_path):
    real = "import sys\nfrom helpers.sources.files import child\n"
    stand_in(f"{real}child.SECONDS = 1\nchild.read = lambda path: {code}\nchild.main()")
    reading = child.read_apart(tmp_path / "any.csv", seconds=6)
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
    stand_in("from helpers.sources.files import child\nchild.MEMORY = 160 << 20\nchild.main()")
    assert not child.read_apart(path).refused
