"""A folder is one run's at a time, and a folder that cannot be written is the machine's fault."""

import os

import pytest

from helpers.contracts.marks import MARK
from helpers.errors import SetupError
from helpers.releases import folder


def test_a_leftover_lock_file_without_a_holder_stops_no_one(tmp_path):
    (tmp_path / ".lock").write_text('{"pid": 1, "run": "gammal"}', "utf-8")
    folder.refuse_if_held(tmp_path)
    with folder.held(tmp_path, "prov"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


def test_a_held_folder_is_refused_without_writing(tmp_path):
    with (
        folder.held(tmp_path, "prov"),
        pytest.raises(folder.LockedError, match=r"process \d+ \(prov\)"),
    ):
        folder.refuse_if_held(tmp_path)


def test_a_second_run_is_told_who_holds_the_folder(tmp_path):
    second = folder.held(tmp_path, "en annan")
    with folder.held(tmp_path, "Provutgåva"), pytest.raises(folder.LockedError) as refused:
        second.__enter__()
    assert refused.value.exit_code == 75
    assert f"process {os.getpid()} (Provutgåva)" in str(refused.value)


def test_a_folder_that_cannot_be_made_is_a_fault_of_the_machine(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(SetupError, match="--out") as refused,
        folder.held(tmp_path / "file" / "reports", "x"),
    ):
        raise AssertionError("held under a file")
    assert refused.value.exit_code == 4


def test_a_read_only_folder_is_a_fault_of_the_machine(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder.os, "open", refuse)
    with pytest.raises(SetupError, match="Permission denied"), folder.held(tmp_path, "prov"):
        raise AssertionError("held a read-only folder")
