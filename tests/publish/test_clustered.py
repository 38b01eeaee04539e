"""Reports made on a real dask cluster of processes on this machine: the same bytes, and nothing
lost.
"""

import json
import os
import re
import shutil
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from helpers.cli import main
from helpers.errors import SetupError
from helpers.make import cluster as clustered
from helpers.make.reuse import earlier_reports
from helpers.make.run import BUILDING, JOURNAL, publish, publish_single
from helpers.releases.contents import file_faults
from tests.patience import MOMENT, PATIENCE, running, until
from tests.publish.samples import WHOLE, contents, options_of, plan_of, read_journal, write_job

pytestmark = pytest.mark.xdist_group("clustered")

BEFORE, AFTER = WHOLE[:2], WHOLE[2:]
SOURCE = Path(clustered.__file__).parents[2]
READS = (
    "import os, pathlib\nassert (pathlib.Path(os.environ['PROV_DATA']) / 'prov.csv').stat().st_size"
)
ONCE = """import os, pathlib, time
marker = pathlib.Path({marker!r})
if not marker.exists():
    marker.write_text(str(os.getpid()))
    time.sleep(99999)"""

FATAL = """import psutil, time
next(above for above in psutil.Process().parents() if "helpers.warm.parent" not in above.cmdline()).kill()
time.sleep(99999)"""


def dask(role: str, *arguments: str, cwd: Path, source: Path = SOURCE) -> psutil.Popen:
    """Start a scheduler or a worker as a user does, quietly, in a folder of its own."""
    cwd.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "dask", role, "--no-dashboard", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(source), "TMPDIR": str(cwd)}
    with (cwd / "said.log").open("ab") as log:
        return psutil.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log)


def scheduler(cwd: Path) -> tuple[psutil.Popen, str]:
    """Start a scheduler on a free port; give it and its address."""
    file = cwd / "scheduler.json"
    process = dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), cwd=cwd
    )
    try:
        # it is not written in one step
        until(lambda: file.exists() and file.read_text("utf-8").endswith("}"))
    except BaseException:
        end(process)
        raise
    return process, json.loads(file.read_text("utf-8"))["address"]


def worker(address: str, cwd: Path, *more: str, source: Path = SOURCE) -> psutil.Popen:
    """Start a worker of a scheduler."""
    own = ("--nthreads", "1", "--host", "127.0.0.1", "--local-directory", str(cwd))
    return dask("worker", address, *own, *more, cwd=cwd, source=source)


def end(*processes: psutil.Popen) -> None:
    """End processes and all that descends from them."""
    family = [
        child
        for process in processes
        if process.is_running()
        for child in process.children(recursive=True)
    ]
    for process in (*processes, *family):
        if process.is_running():
            process.kill()
    for process in processes:
        process.wait(PATIENCE)


def registered(cwd: Path) -> bool:
    """Whether a worker that was started in a folder has found its scheduler."""
    return "Registered to" in (cwd / "said.log").read_text("utf-8")


@pytest.fixture(scope="module", autouse=True)
def _patient():
    """A scheduler and workers may take their time to answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustered, "ANSWER", PATIENCE)
        patch.setattr(clustered, "PATIENCE", PATIENCE)
        yield


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, the second with dask's own nanny above it."""
    folder = tmp_path_factory.mktemp("dask")
    head, address = scheduler(folder / "scheduler")
    workers: list[psutil.Popen] = []
    try:
        workers += [worker(address, folder / "one", "--no-nanny"), worker(address, folder / "two")]
        until(lambda: registered(folder / "one") and registered(folder / "two"))
        yield SimpleNamespace(head=head, address=address, workers=workers)
    finally:
        end(head, *workers)


def sample(folder: Path, marker: Path, place: int = 1):
    """A plan of six reports: one fails, and the one at `place` hangs the first time that it is
    run.
    """
    cells = [
        ("hel", [*BEFORE, READS, *AFTER]),
        ("felande", [*BEFORE, "raise ValueError('utfall: 3,5')", *AFTER]),
        *[(f"hel {number}", WHOLE) for number in range(3)],
    ]
    cells.insert(place, ("dröjande", [*BEFORE, ONCE.format(marker=str(marker)), *AFTER]))
    return plan_of(folder, *[write_job(folder, name, own) for name, own in cells])


def run_options(folder: Path, address: str = ""):
    return options_of(
        folder, engine="warm", scheduler=address, inputs={"PROV_DATA": folder / "data"}
    )


@contextmanager
def beside(work):
    """Do something in a thread meanwhile, and wait for it."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(PATIENCE)


@pytest.fixture(scope="module")
def killed(cluster, tmp_path_factory):
    """A run on two workers, of which one is killed while it makes a report; the same run on this
    machine.
    """
    folder, marker = tmp_path_factory.mktemp("there"), tmp_path_factory.mktemp("marker") / "pid"
    found = SimpleNamespace(there=folder, here=tmp_path_factory.mktemp("here"))

    def kill() -> None:
        until(lambda: marker.exists() and marker.read_text("utf-8"))
        above = psutil.Process(int(marker.read_text("utf-8"))).parents()
        victim = next(process for process in above if not warm(process))
        found.orphans = victim.children(recursive=True)
        victim.kill()

    with beside(kill):
        found.done = publish(sample(folder, marker), run_options(folder, cluster.address))
    until(lambda: not any(map(running, found.orphans)), "the end of what the worker had started")
    until(
        lambda: (
            not [
                child
                for process in cluster.workers
                for child in descendants(process)
                if warm(child)
            ]
        )
    )
    publish(sample(found.here, marker), run_options(found.here))
    return found


@pytest.fixture(scope="module")
def refused(cluster, killed, tmp_path_factory):
    """What a run says when a worker with other code has come, which then leaves."""
    folder = tmp_path_factory.mktemp("refused")
    source = folder / "src"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    with (source / "helpers" / "errors.py").open("a", encoding="utf-8") as code:
        code.write("# another version\n")
    other = worker(cluster.address, folder / "other", "--no-nanny", source=source)
    try:
        until(lambda: registered(folder / "other"))
        with pytest.raises(SetupError) as told:
            publish_single(sample(folder, folder / "pid"), run_options(folder, cluster.address))
    finally:
        end(other)
    return told.value


@pytest.fixture(scope="module")
def stopped(cluster, refused, tmp_path_factory):
    """The process of a report that a worker has in hand when its run is stopped, and the
    worker's.
    """
    folder, marker = (
        tmp_path_factory.mktemp("stopped"),
        tmp_path_factory.mktemp("stopped-marker") / "pid",
    )

    def listen(_) -> None:
        until(lambda: marker.exists() and marker.read_text("utf-8"))
        found.append(psutil.Process(int(marker.read_text("utf-8"))))
        raise SystemExit(143)

    found: list[psutil.Process] = []
    with pytest.raises(SystemExit):
        publish(sample(folder, marker), run_options(folder, cluster.address), lambda *_: listen)
    return found[0], [process for process in cluster.workers if process.is_running()]


@pytest.fixture(scope="module")
def gone(cluster, stopped, tmp_path_factory):
    """What a run says whose scheduler ends midway, and which reports the next run finds whole."""
    folder, marker = tmp_path_factory.mktemp("gone"), tmp_path_factory.mktemp("gone-marker") / "pid"
    plan = sample(folder, marker, place=5)

    def kill() -> None:
        until(lambda: marker.exists() and len(read_journal(folder / "reports" / JOURNAL)) == 5)
        cluster.head.kill()

    with beside(kill), pytest.raises(SetupError) as told:
        publish(plan, run_options(folder, cluster.address))
    building = folder / "reports" / BUILDING
    half, *_ = earlier_reports(folder / "reports", building, folder / "reports" / JOURNAL)
    return told.value, {
        name for name, kept in half.items() if not file_faults(building, kept.report.files)
    }


def descendants(process: psutil.Process) -> list[psutil.Process]:
    return process.children(recursive=True) if process.is_running() else []


def warm(process: psutil.Process) -> bool:
    """Whether a process is a warm one of ours."""
    try:
        return "helpers.warm.parent" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def test_a_worker_killed_midway_loses_nothing(killed):
    delivered = {
        result.id: result.failure.code if result.failure else "" for result in killed.done.results
    }
    assert len(delivered) == 6
    assert {name: code for name, code in delivered.items() if code} == {
        "prov/felande": "CELL_ERROR"
    }


def test_what_a_cluster_makes_has_the_same_bytes_as_what_this_machine_makes(killed):
    there, here = contents(killed.there / "reports"), contents(killed.here / "reports")
    assert set(there) == set(here)
    assert [name for name in there if there[name] != here[name]] == []
    assert len(there) > 12


def test_nothing_is_left_running_of_the_killed_worker_or_of_the_run(killed):
    assert len(killed.orphans) > 1
    assert not any(map(running, killed.orphans))


def test_the_journal_tells_of_every_report_what_it_took(killed):
    lines = {line["id"]: line for line in read_journal(killed.there / "reports" / JOURNAL)}
    assert len(lines) == 6
    assert all(line["cpu_seconds"] > 0 for line in lines.values())


def test_a_worker_with_other_code_is_refused(refused):
    assert re.search(
        r"has mottagningsboken \S+ instead of \S+. Install the same version", str(refused)
    )


def test_a_run_that_is_stopped_ends_what_its_workers_have_in_hand(stopped):
    report, workers = stopped
    until(lambda: not running(report), "the report's end")
    until(
        lambda: not [child for process in workers for child in descendants(process) if warm(child)]
    )


def test_a_scheduler_that_ends_midway_leaves_what_was_made_for_the_next_run(gone):
    told, stand = gone
    assert (told.exit_code, "the scheduler is gone" in str(told)) == (4, True)
    assert stand == {"prov/hel", "prov/hel 0", "prov/hel 1", "prov/hel 2"}


def test_a_cluster_without_workers_is_told_and_a_report_that_ends_them_all_fails(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    plan = plan_of(tmp_path, write_job(tmp_path, "farlig", [*BEFORE, FATAL, *AFTER]))
    head, address = scheduler(tmp_path / "head")
    only = None
    try:
        with monkeypatch.context() as hurried:
            hurried.setattr(clustered, "PATIENCE", MOMENT)
            with pytest.raises(SetupError, match="has no workers"):
                publish(plan, run_options(tmp_path, address))
        only = worker(address, tmp_path / "one", "--no-nanny")
        [result] = publish(plan, run_options(tmp_path, address)).results
    finally:
        end(*filter(None, [head, only]))
    assert (result.failure.code, result.failure.found) == (
        "WORKER_DIED",
        "workers that ended while they made it: 1",
    )


def test_a_scheduler_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(clustered, "ANSWER", MOMENT)
    with pytest.raises(SetupError, match="no scheduler answers"):
        publish(sample(tmp_path, tmp_path), run_options(tmp_path, "tcp://127.0.0.1:1"))


def test_a_missing_package_is_named_with_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SetupError, match="Install it: make extras"):
        publish(sample(tmp_path, tmp_path), run_options(tmp_path, "tcp://127.0.0.1:1"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scheduler", "127.0.0.1:8786"],
        ["--scheduler", "tcp://127.0.0.1:8786", "--engine", "kernel"],
    ],
)
def test_a_call_that_no_cluster_can_answer_is_refused_at_once(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["reports", "--out", str(tmp_path), *arguments])
    assert (
        ended.value.code,
        "--scheduler" in capsys.readouterr().err,
        list(tmp_path.iterdir()),
    ) == (2, True, [])
