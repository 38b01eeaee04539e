"""What the system refuses is told as what it is, what a number of a process or a signal means, and
what lies there.
"""

import errno
import fcntl
import hashlib
import os
import platform
import re
import signal

import psutil
import pytest

from helpers.cli import status as command
from helpers.clock import history
from helpers.errors import STEPS, SetupError, told
from helpers.make import plan
from helpers.make.plan import Options
from helpers.releases import folder
from helpers.releases.contents import file_of
from helpers.sending import send
from helpers.sending.targets import RemoteFile
from helpers.warm import processes

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EOPNOTSUPP, errno.EIO}


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_only_a_full_or_read_only_disk_is_told_as_one(number, tmp_path):
    with pytest.raises(SetupError) as refused, folder.held(tmp_path / "out", "prov"):
        raise OSError(number, os.strerror(number), "/srv/a.ipynb")
    said = str(refused.value)
    assert said.startswith(f"/srv/a.ipynb: {os.strerror(number)}")
    step = said.removeprefix(f"/srv/a.ipynb: {os.strerror(number)}")
    assert ("full" in step or "read-only" in step) == (
        number in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
    )
    assert ("disk" in step) == (number in DISK)
    assert said.rstrip(".").count(".") >= 1, "no next step"


def test_every_known_refusal_has_a_step_of_its_own_in_a_sentence():
    assert all(re.fullmatch(r"[A-Z].*\.", step) for step in STEPS.values())
    assert told(OSError("no number"), "reports").startswith("reports: no number. Run again")


def test_a_lock_that_cannot_be_removed_does_not_hide_what_happened(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    held = folder.held(tmp_path, "prov")
    held.__enter__()
    monkeypatch.setattr(type(tmp_path), "unlink", refuse)
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(SetupError, match="The disk is full"):
        held.__exit__(OSError, full, None)


def test_one_who_only_looks_never_stops_a_run(tmp_path):
    path = tmp_path / folder.LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # as `refuse_if_held` does for a moment
    mine = os.open(path, os.O_RDWR)
    assert folder._taken(mine, path) is False  # to be tried again, not told as another run
    fcntl.flock(mine, fcntl.LOCK_UN)
    os.close(descriptor)
    assert folder._taken(mine, path) is True
    os.close(mine)


def test_a_lock_file_that_goes_between_two_looks_is_no_fault(tmp_path):
    path = tmp_path / folder.LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    assert folder._is_on_disk(descriptor, path)
    path.unlink()
    assert not folder._is_on_disk(descriptor, path)
    os.close(descriptor)


@pytest.mark.parametrize("number", range(1, signal.SIGRTMAX + 1))
def test_every_signal_has_a_name(number):
    assert processes.signal_name(number).startswith("SIG")


def _running(**changed: object) -> history.Status:
    now = psutil.Process()
    told = {"pid": now.pid, "created": now.create_time(), "host": platform.node()}
    since = "2020-01-01T00:00:00Z"
    return history.Status.model_validate(
        {"state": "running", "since": since, "edition": "x", **told, **changed}
    )


def test_a_run_is_alive_only_if_its_number_is_still_its_own():
    assert command._alive(_running())
    # given to another since
    assert not command._alive(_running(created=psutil.Process().create_time() - 3600))
    assert not command._alive(_running(created=None))  # of before: this process began after 2020
    assert command._alive(_running(created=None, since="2999-01-01T00:00:00Z"))
    assert not command._alive(_running(pid=2**31 - 1))
    assert not command._alive(_running(pid=None))
    assert command._alive(_running(pid=2**31 - 1, host="another machine"))


class _Target:
    def __init__(self, content: bytes) -> None:
        self.content, self.asked = content, 0

    def read(self, name: str) -> bytes:
        self.asked += 1
        return self.content


@pytest.mark.parametrize("size", [10, send.SMALL + 1])
@pytest.mark.parametrize("same", [True, False], ids=["the same", "another"])
@pytest.mark.parametrize(
    "tag", ["", "md5", "of another", "a" * 32 + "-2", "0x8D"], ids=lambda tag: tag[:10] or "none"
)
def test_a_file_of_the_same_size_lies_there_only_if_it_can_be_the_same(tmp_path, size, same, tag):
    ours, other = b"a" * size, b"b" * size
    path = tmp_path / "x"
    path.write_bytes(ours)
    piece, there = send._piece("x", path, file_of(path)), ours if same else other
    md5 = hashlib.md5(there, usedforsecurity=False).hexdigest()
    other_md5 = hashlib.md5(b"encrypted", usedforsecurity=False).hexdigest()
    tag = {"md5": md5, "of another": other_md5}.get(tag, tag)
    target = _Target(there)
    there_whole = send.exists(target, piece, RemoteFile(size, tag))
    untold = size > send.SMALL and not RemoteFile(size, tag).says_md5  # then only the size is known
    assert there_whole == (same or untold)


def test_the_processors_are_those_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert (plan.processors(), Options().workers) == (1, 1)
    monkeypatch.delattr(os, "sched_getaffinity")
    assert (plan.processors(), Options().workers) == (64, 4)
