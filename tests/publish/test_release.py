"""The swap: readers have the old edition or the new one, and never lose either."""

import contextlib
from pathlib import Path

import pytest

from helpers.errors import SetupError
from helpers.publish import release
from tests.publish.samples import contents

OLD = {"html/index.html": b"old", "executed/a.ipynb": b"old"}
NEW = {"html/index.html": b"new", "executed/a.ipynb": b"new"}


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_a_new_edition_takes_the_old_ones_place_and_leaves_nothing_else(tmp_path):
    write(tmp_path, OLD)
    with release.building(tmp_path, "prov") as aside:
        write(aside, NEW)
        release.swap(aside, tmp_path)
    assert contents(tmp_path) == NEW


def test_a_run_that_fails_leaves_the_old_edition_and_no_trace(tmp_path):
    write(tmp_path, OLD)
    with contextlib.suppress(ZeroDivisionError), release.building(tmp_path, "prov") as aside:
        write(aside, NEW)
        1 / 0  # noqa: B018
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_swap_that_fails_at_any_step_puts_the_old_edition_back(tmp_path, monkeypatch, failing):
    write(tmp_path, OLD)
    real, calls = Path.rename, []

    def rename(self, target):
        calls.append(target)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        return real(self, target)

    with release.building(tmp_path, "prov") as aside:
        write(aside, NEW)
        monkeypatch.setattr(Path, "rename", rename)
        with pytest.raises(SetupError, match="nothing changed"):
            release.swap(aside, tmp_path)
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("done", [1, 2, 3])
def test_a_run_killed_in_the_middle_of_the_swap_is_mended_by_the_next(tmp_path, monkeypatch, done):
    write(tmp_path, OLD)
    write(tmp_path / ".building", NEW)
    real, calls = Path.rename, []

    def rename(self, target):
        if len(calls) == done:
            raise KeyboardInterrupt
        calls.append(target)
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            release.swap(tmp_path / ".building", tmp_path)
    with release.building(tmp_path, "prov"):
        pass
    assert contents(tmp_path) == OLD


def test_a_run_killed_after_the_swap_has_published(tmp_path):
    write(tmp_path, NEW)
    write(tmp_path, {f".previous-{name}": data for name, data in OLD.items()})
    with release.building(tmp_path, "prov"):
        pass
    assert contents(tmp_path) == NEW


def test_a_leftover_lock_file_without_a_holder_stops_no_one(tmp_path):
    (tmp_path / ".lock").write_text('{"pid": 1, "run": "gammal"}', "utf-8")
    release.refuse_if_held(tmp_path)
    with release.building(tmp_path, "prov"):
        pass
    assert contents(tmp_path) == {}


def test_a_held_folder_is_refused_without_writing(tmp_path):
    with release.building(tmp_path, "prov"), pytest.raises(release.LockedError, match=r"process \d+ \(prov\)"):
        release.refuse_if_held(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_fault_of_the_machine(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SetupError, match="--out") as refused, release.building(tmp_path / "file" / "reports", "x"):
        raise AssertionError("built under a file")
    assert refused.value.exit_code == 4


def test_a_read_only_folder_is_a_fault_of_the_machine(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(release.os, "open", refuse)
    with pytest.raises(SetupError, match="Permission denied"), release.building(tmp_path, "prov"):
        raise AssertionError("built in a read-only folder")
