"""What the supervisor's tests do in its children. Light: the warm process imports it."""

import atexit
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.patience import FOREVER, until


def do(task: tuple[str, str]) -> object:
    """Do what the first word says, with the second as its argument."""
    name, argument = task
    return globals()[name](argument)


def hold() -> None:
    """Wait, as an import may, until a file says that something has been asked."""
    until(Path(os.environ["TMPDIR"], "asked").exists)


def remember() -> tuple[int, int]:
    """Remember something; returns who does, and whose child that is."""
    known.append(7)
    return os.getpid(), os.getppid()


def remembered(_: str) -> list[int]:
    """Return what the process that this one was forked from knows."""
    return known


def end() -> None:
    """End without an answer."""
    os._exit(0)


known: list[int] = []


def share(tasks: Sequence[object]) -> None:
    """Do what tasks share: learn how many they are."""
    known.append(len(tasks))


def share_in_vain(tasks: Sequence[object]) -> None:
    known.append(len(tasks))
    raise ValueError("nothing in common")


def share_and_hang(_: Sequence[object]) -> None:
    time.sleep(FOREVER)


def learn(_: str) -> int:
    """Return what was learnt, and spoil it for those that come after."""
    learnt = known[-1] if known else 0
    known.clear()
    return learnt


def echo(text: str) -> str:
    return text


def fail(text: str) -> None:
    raise ValueError(text)


def leave(code: str) -> None:
    os._exit(int(code))


def kill_self(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_slot(_: str) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(FOREVER)


def kill_warm_process(marker: str) -> str:
    """Kill the warm process, the first time only."""
    if Path(marker).exists():
        return "again"
    Path(marker).touch()
    with open(f"/proc/{os.getppid()}/stat", encoding="utf-8") as stat:
        os.kill(int(stat.read().rsplit(")", 1)[1].split()[1]), signal.SIGKILL)
    time.sleep(FOREVER)
    return ""


def hang(_: str) -> None:
    time.sleep(FOREVER)


def spin(_: str) -> None:
    sum(iter(int, 1))


def wake(_: str) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    spin("")


def hoard(bytes_: str) -> int:
    return len(bytearray(int(bytes_)))


def write(path: str) -> None:
    Path(path).write_bytes(b"x" * 3_000_000)


def escape(seconds: str) -> int:
    """Leave a process of another session behind, its parent gone."""
    code = f"import subprocess; print(subprocess.Popen(['setsid', 'sleep', '{seconds}'], stdout=-3, stderr=-3).pid)"
    return int(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
    )


def escape_and_hang(seconds: str) -> None:
    escape(seconds)
    time.sleep(FOREVER)


def chance(_: str) -> float:
    return random.random()


def folder(_: str) -> str:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        return file.name


kept: list[object] = []


def leave_open(path: str) -> None:
    """Leave a file open, and something to be done at exit."""
    file = open(path, "w", encoding="utf-8")  # noqa: SIM115
    file.write("a;b")
    kept.append(file)
    atexit.register(Path(f"{path}.last").touch)


def begin_thread() -> None:
    threading.Thread(target=time.sleep, args=(FOREVER,), daemon=True).start()


def answer_twice(text: str) -> str:
    """Fork, and let both go on as if nothing had happened."""
    return f"{text} {os.fork() > 0}"


def surroundings(variable: str) -> list[object]:
    """Return what a process has of its own: a variable, its folder, mask, limit and niceness."""
    mask = os.umask(0)
    os.umask(mask)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    return [os.environ.get(variable), os.getcwd(), mask, limit, nice, os.getsid(0) == os.getpid()]


def grandparent(_: str) -> int:
    """Return the id of the warm process's parent."""
    return psutil.Process().parents()[2].pid
