"""The resident process: what is forked from it is as what a supervisor starts itself, for this user
alone, and nothing rests on it.
"""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from helpers.warm import resident
from helpers.warm.outcome import End
from helpers.warm.processes import Adopted
from helpers.warm.supervisor import Supervisor
from tests.patience import FOREVER, MOMENT, PATIENCE, running, until
from tests.warm.faults import sleep_of, sleepers
from tests.warm.test_supervisor import IMPORTABLE, _order

pytestmark = pytest.mark.xdist_group("resident")

SLEEP = sleep_of(8)
NOBODY = 65534
OWNED = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user for a moment")


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", IMPORTABLE)


@contextmanager
def begun(address: Path, idle: float = FOREVER, patient: bool = True):
    """A resident process that listens at an address."""
    command = [sys.executable, "-P", "-m", resident.__name__, str(address), str(idle), ""]
    with subprocess.Popen(
        [*command, "tests.warm.work"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": IMPORTABLE},
        start_new_session=True,
    ) as process:
        try:
            if patient:
                assert process.stdout.readline() == resident.READY
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def kept():
    """A resident process for all tests that leave it as it was: its address, and its id."""
    with tempfile.TemporaryDirectory() as folder, begun(Path(folder, "s")) as process:
        yield Path(folder, "s"), process.pid


def supervised(scratch: Path, address: Path | None, slots: int = 1, **order) -> Supervisor:
    scratch.mkdir(exist_ok=True)
    return Supervisor(_order(scratch, slots=slots, **order), address=address)


def values(supervisor: Supervisor, *tasks: tuple[str, str]) -> list[object]:
    outcomes = sorted(supervisor.outcomes(tasks), key=lambda pair: pair[0])
    assert [outcome.end for _, outcome in outcomes] == [End.VALUE] * len(tasks)
    return [outcome.value for _, outcome in outcomes]


def test_a_warm_process_is_forked_from_the_resident_one(kept, tmp_path):
    with supervised(tmp_path, kept[0]) as supervisor:
        assert isinstance(supervisor.process, Adopted)
        assert values(supervisor, ("grandparent", "")) == [kept[1]]
    until(lambda: not psutil.Process(kept[1]).children(), "their end")


def test_it_has_all_that_one_started_by_the_supervisor_has(kept, tmp_path, monkeypatch):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setenv("EGET", "å\udcff")
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    try:
        found = []
        for address in (None, kept[0]):
            with supervised(tmp_path / str(bool(address)), address) as supervisor:
                found += values(supervisor, ("surroundings", "EGET"))
                found.append(os.getsid(supervisor.process.pid) == supervisor.process.pid)
    finally:
        os.umask(before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert found[0][:4] == ["å\udcff", str(tmp_path), 0o027, (soft - 1, hard)]
    assert found[2:] == found[:2]


def test_two_callers_at_once_have_each_their_own(kept, tmp_path):
    with (
        supervised(tmp_path / "a", kept[0]) as one,
        supervised(tmp_path / "b", kept[0]) as other,
    ):
        assert one.process.pid != other.process.pid
        assert values(one, ("echo", "en")) == ["en"]
        assert values(other, ("echo", "annan")) == ["annan"]


def absent(address: Path) -> None:
    """Nobody has ever listened there."""


def left(address: Path) -> None:
    """Who listened was killed."""
    with socket.socket(*resident.KIND) as door:
        door.bind(str(address))


def strange(address: Path) -> None:
    address.write_text("en fil", "utf-8")


@pytest.mark.parametrize("prepare", [absent, left, strange])
def test_where_no_resident_process_answers_the_supervisor_starts_its_own(tmp_path, prepare):
    prepare(tmp_path / "s")
    with supervised(tmp_path / "scratch", tmp_path / "s") as supervisor:
        assert isinstance(supervisor.process, subprocess.Popen)
        assert values(supervisor, ("echo", "a")) == ["a"]


@pytest.mark.parametrize("listens", [True, False], ids=["silent", "full"])
def test_one_that_is_silent_or_full_is_not_waited_for(tmp_path, monkeypatch, listens):
    monkeypatch.setattr(resident, "SOON", MOMENT)
    with socket.socket(*resident.KIND) as door, socket.socket(*resident.KIND) as first:
        door.bind(str(tmp_path / "s"))
        door.listen(5 if listens else 0)
        first.connect(str(tmp_path / "s"))
        with supervised(tmp_path / "scratch", tmp_path / "s") as supervisor:
            assert isinstance(supervisor.process, subprocess.Popen)
            assert values(supervisor, ("echo", "a")) == ["a"]


def test_a_fork_that_ends_at_once_is_replaced_by_a_start_of_ones_own(tmp_path, monkeypatch):
    def ended(*_: object) -> Adopted:
        with subprocess.Popen(["true"]) as process:
            return Adopted(process.pid, os.pidfd_open(process.pid))

    monkeypatch.setattr(resident, "fork_of", ended)
    with supervised(tmp_path, tmp_path / "s") as supervisor:
        assert values(supervisor, ("echo", "a")) == ["a"]
    with Supervisor(scratch=tmp_path, address=tmp_path / "s") as supervisor:
        assert supervisor.ask(os.getpid) == supervisor.process.pid


def test_what_a_caller_may_not_have_is_not_had_at_all(kept, tmp_path, monkeypatch):
    """Here a limit that is higher than any process may have."""
    own, too_much = resident._own, {"RLIMIT_NOFILE": [1 << 40, 1 << 40]}
    monkeypatch.setattr(resident, "_own", lambda told: {**own(told), "limits": too_much})
    with supervised(tmp_path, kept[0]) as supervisor:
        assert isinstance(supervisor.process, subprocess.Popen)


@pytest.mark.parametrize("said", [b"", b"{}", b"\xff\xfe", b"[1]", b"x" * 100_000, b"[" * 100_000])
def test_a_stranger_s_words_end_nothing(kept, tmp_path, said):
    with socket.socket(*resident.KIND) as way:
        way.connect(str(kept[0]))
        if said:
            way.send(said)
    with supervised(tmp_path, kept[0]) as supervisor:
        assert isinstance(supervisor.process, Adopted)
        assert values(supervisor, ("echo", "a")) == ["a"]


def test_a_killed_resident_process_takes_no_run_with_it_and_the_next_is_started_as_ever(tmp_path):
    address = tmp_path / "s"
    with begun(address) as process, supervised(tmp_path / "a", address) as supervisor:
        process.kill()
        process.wait(PATIENCE)
        assert values(supervisor, ("echo", "a"), ("echo", "b")) == ["a", "b"]
        with supervised(tmp_path / "b", address) as other:
            assert isinstance(other.process, subprocess.Popen)
            assert values(other, ("echo", "c")) == ["c"]


def test_a_warm_process_that_dies_is_forked_anew(kept, tmp_path):
    tasks = [("kill_warm_process", str(tmp_path / "once")), ("echo", "a")]
    with supervised(tmp_path / "scratch", kept[0]) as supervisor:
        ends = [outcome.end for _, outcome in sorted(supervisor.outcomes(tasks), key=str)]
        assert isinstance(supervisor.process, Adopted)
    assert sorted(ends) == sorted([End.WORKER, End.VALUE])


def test_a_supervisor_ends_what_was_forked_for_it_and_what_that_started(kept, tmp_path):
    with supervised(tmp_path, kept[0], slots=2) as supervisor:
        list(supervisor.outcomes([("echo", "a"), ("escape", SLEEP)]))
        family = [psutil.Process(supervisor.process.pid)]
        family += family[0].children(recursive=True)
    until(lambda: not any(map(running, family)), "their end")
    assert sleepers(SLEEP) == []


RUN = """
import sys
from pathlib import Path
from tests.warm.test_resident import SLEEP, supervised
with supervised(Path.cwd(), Path(sys.argv[1]), slots=2) as supervisor:
    print(supervisor.process.pid, flush=True)
    list(supervisor.outcomes([("escape_and_hang", SLEEP), ("hang", "")]))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_supervisor_that_is_killed_takes_its_fork_with_it_and_the_resident_stays(
    kept, tmp_path, number
):
    command = [sys.executable, "-c", RUN, str(kept[0])]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as run:
        forked = psutil.Process(int(run.stdout.readline()))
        until(lambda: sleepers(SLEEP) and len(forked.children(recursive=True)) >= 4)
        family = [forked, *forked.children(recursive=True)]
        os.kill(run.pid, number)
    until(lambda: not any(map(running, family)), "their end")
    assert sleepers(SLEEP) == []
    assert resident.found_at(kept[0]).pid == kept[1]


def test_it_ends_itself_when_nobody_asks_and_leaves_nothing(tmp_path):
    with begun(tmp_path / "s", idle=0) as process:
        assert process.wait(PATIENCE) == 0
    assert list(tmp_path.iterdir()) == []


def test_it_is_told_to_end_by_a_signal_and_leaves_nothing(tmp_path):
    with begun(tmp_path / "s") as process:
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert list(tmp_path.iterdir()) == []


def test_there_is_one_at_an_address_and_a_killed_one_s_place_is_taken(tmp_path):
    address = tmp_path / "s"
    left(address)
    with begun(address) as first:
        with begun(address, patient=False) as second:
            assert second.wait(PATIENCE) == 1
            assert b"another process listens there" in second.stderr.read()
        assert resident.found_at(address).pid == first.pid


def test_its_socket_is_its_user_s_alone(kept):
    assert kept[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o701])
def test_only_a_folder_that_is_ours_alone_is_private(tmp_path, mode):
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    folder.chmod(mode)
    link.symlink_to(folder)
    assert resident.private(folder) is (mode == 0o700)
    assert not resident.private(link)
    assert not resident.private(tmp_path / "missing")


@OWNED
def test_a_folder_of_another_user_is_not_private(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    assert not resident.private(folder)


@pytest.fixture
def public():
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


BECOME = f"""
import os, socket, sys
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
"""
ASK = """
way = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
way.connect(sys.argv[1])
try:
    way.send(b'{}')
    print(len(way.recv(100)))
except ConnectionError:
    print(0)
"""


def _as_nobody(code: str, *given: str) -> subprocess.Popen:
    """Begin a program of another user; the interpreter may be one that only we can start."""
    command = [sys.executable, "-I", "-S", "-c", BECOME + code, *given]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
    )


@OWNED
def test_another_user_cannot_reach_it(public):
    """Neither where the folder and the socket keep others out, nor where both are left open."""
    with begun(public / "s") as process:
        with _as_nobody(ASK, str(public / "s")) as stranger:
            assert "PermissionError" in stranger.communicate()[1]
        (public / "s").chmod(0o777)
        with _as_nobody(ASK, str(public / "s")) as stranger:
            assert stranger.communicate() == ("0\n", "")
        assert psutil.Process(process.pid).children() == []


LISTEN = """
door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
door.bind(sys.argv[1])
door.listen(5)
print("ready", flush=True)
way, _ = door.accept()
print(len(way.recv(1_000_000)), flush=True)
"""


@OWNED
def test_another_user_s_process_is_told_nothing(public, tmp_path):
    os.chown(public, NOBODY, NOBODY)
    with _as_nobody(LISTEN, str(public / "s")) as stranger:
        assert stranger.stdout.readline() == "ready\n"
        with supervised(tmp_path, public / "s") as supervisor:
            assert isinstance(supervisor.process, subprocess.Popen)
        assert stranger.stdout.readline() == "0\n"
