"""Whoever runs a notebook by the warm engine is not the notebook: nothing of it stays, nobody is in
its way, and its cells keep neither their time nor their output to themselves.
"""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from helpers.warm import apart, engine
from helpers.warm.streams import OutputTooBigError
from tests.patience import FOREVER, MOMENT, gate, until
from tests.publish.samples import notebook_of

pytestmark = pytest.mark.xdist_group("caller")


def _run(cells: list[str], folder: Path, **options) -> list[str]:
    """What each cell of a notebook shows, run by the engine as papermill knows it."""
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook_of(cells), folder / "in.ipynb")
    given = {"kernel_name": "python3", "progress_bar": False, "cwd": folder, **options}
    try:
        papermill.execute_notebook(
            folder / "in.ipynb", folder / "out.ipynb", engine_name="warm", **given
        )
    finally:
        done = nbformat.read(folder / "out.ipynb", as_version=4)
    return [_shown(cell) for cell in done.cells if cell.cell_type == "code"][-len(cells) :]


def _shown(cell) -> str:
    return "".join(
        output.get("text") or output.get("ename") or ",".join(output.get("data", {}))
        for output in cell.outputs
    )


def _open() -> list[str]:
    """What descriptors this process has, but those that lead nowhere by now."""
    found = [Path("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
    return sorted(os.readlink(place) for place in found if place.exists())


def test_nothing_of_a_notebook_stays_with_its_caller(tmp_path):
    processes = set(psutil.Process().children(recursive=True))  # of other tests, perhaps
    _run(["1"], tmp_path / "first")
    main, before = sys.modules["__main__"], (dict(os.environ), len(_open()), os.getcwd())
    cell = "import os, sys\nos.environ['LEFT'] = '1'\nsys.modules['left'] = os\nos.chdir('/')"
    _run([cell, "print(2)"], tmp_path / "second")
    assert sys.modules["__main__"] is main
    assert "left" not in sys.modules
    assert (dict(os.environ), len(_open()), os.getcwd()) == before
    assert set(psutil.Process().children(recursive=True)) <= processes


def test_a_figure_is_shown_whatever_the_caller_has_imported(tmp_path):
    import matplotlib.pyplot

    assert matplotlib.pyplot
    (shown,) = _run(["import matplotlib.pyplot as plt\nplt.plot([1, 2]);"], tmp_path)
    assert "image/png" in shown


def test_threads_each_run_a_notebook_of_their_own(tmp_path):
    found: dict[str, list[str]] = {}

    def work(name: str, other: str) -> None:
        meet = (
            f"import os, time\nopen({str(tmp_path / name)!r} + '.there', 'w').close()\n"
            f"while not os.path.exists({str(tmp_path / other)!r} + '.there'): time.sleep(0.02)"
        )
        found[name] = _run([f"own = {name!r}", f"{meet}\nprint(own)"], tmp_path / name, cwd=None)

    threads = [threading.Thread(target=work, args=names) for names in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"a": ["", "a\n"], "b": ["", "b\n"]}


def test_a_notebook_that_runs_another_keeps_its_own_display(tmp_path):
    nbformat.write(notebook_of(["display('inre')"]), tmp_path / "inner.ipynb")
    cell = (
        "import papermill\n_ = papermill.execute_notebook('inner.ipynb', 'done.ipynb',"
        " engine_name='warm', kernel_name='python3', progress_bar=False)"
    )
    assert _run([cell, "display('yttre')"], tmp_path)[1] == "text/plain"
    inner = nbformat.read(tmp_path / "done.ipynb", as_version=4)
    assert inner.cells[-1].outputs[0].data["text/plain"] == "'inre'"


def test_papermill_writes_to_its_own_output_and_what_it_says_is_no_output(tmp_path):
    nbformat.write(notebook_of(["print('inne')", "print('on')"]), tmp_path / "in.ipynb")
    command = [Path(sys.executable).with_name("papermill"), "in.ipynb", "-", "--engine", "warm"]
    done = subprocess.run(
        [*command, "-k", "python3"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    made = nbformat.reads(done.stdout, as_version=4)
    assert [_shown(cell) for cell in made.cells if cell.cell_type == "code"][-2:] == [
        "inne\n",
        "on\n",
    ]


def test_a_notebook_is_not_read_from_its_callers_input(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("svar\n"))
    with pytest.raises(papermill.PapermillExecutionError, match="StdinNotImplementedError"):
        _run(["input('fråga')"], tmp_path)


BLOCKED = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
TRICKS = {
    "sleeps": f"import time\ntime.sleep({FOREVER})",
    "awaits": f"import asyncio\nawait asyncio.sleep({FOREVER})",
    "spins": "sum(iter(int, 1))",
    "has set and cancelled an alarm": f"import signal, time\nsignal.alarm(9)\nsignal.alarm(0)\ntime.sleep({FOREVER})",
    "has a timer of its own": "import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: None)\n"
    f"signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)\nwhile True: time.sleep({FOREVER})",
    "catches everything": f"import time\nwhile True:\n    try: time.sleep({FOREVER})\n    except BaseException: pass",
    "blocks every signal": f"{BLOCKED}time.sleep({FOREVER})",
    "ignores interrupts": f"import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep({FOREVER})",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_cell_puts_its_limit_off(tmp_path, trick):
    with pytest.raises(CellTimeoutError):
        _run(["print('före')", f"print('i')\n{TRICKS[trick]}"], tmp_path, execution_timeout=MOMENT)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    before, late = [_shown(cell) for cell in done.cells if cell.cell_type == "code"][-2:]
    assert (before, late[:2]) == ("före\n", "i\n")


def test_the_notebooks_own_timer_is_its_own(tmp_path):
    cells = [
        "import signal\nfound = []\n_ = signal.signal(signal.SIGALRM, lambda *_: found.append(1))\n"
        "_ = signal.setitimer(signal.ITIMER_REAL, 0.2)",
        "import time\nwhile not found: time.sleep(0.02)\nprint('ringde')",
    ]
    assert _run(cells, tmp_path, execution_timeout=FOREVER)[1] == "ringde\n"


def test_what_a_running_cell_has_printed_is_there_while_it_runs(tmp_path):
    gate = tmp_path / "open"
    cell = f"import os, time\nprint('redan')\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.02)"
    told = tmp_path / "printed"
    with told.open("w") as file:
        given = {"stdout_file": file, "autosave_cell_every": 1}
        thread = threading.Thread(target=_run, args=([cell], tmp_path / "a"), kwargs=given)
        thread.start()
        until(lambda: told.read_text("utf-8") == "redan\n")
        assert thread.is_alive()
        gate.touch()
        thread.join()


def test_what_a_running_cell_has_printed_is_in_the_notebook_that_is_written_while_it_runs(tmp_path):
    """At the first of its prints that comes when saving is due, as by a kernel."""
    opened, made = tmp_path / "open", tmp_path / "a" / "out.ipynb"
    cell = f"print('redan')\n{gate(opened)}\n    print('åter')"
    thread = threading.Thread(
        target=_run, args=([cell], tmp_path / "a"), kwargs={"autosave_cell_every": MOMENT}
    )
    thread.start()
    until(lambda: made.exists() and _printed(made).startswith("redan\nåter\n"))
    assert thread.is_alive()
    opened.touch()
    thread.join()
    assert _printed(made).startswith("redan\nåter\n")


def _printed(made: Path) -> str:
    """What the last cell of a notebook on disk has printed."""
    try:
        return _shown(nbformat.read(made, as_version=4).cells[-1])
    except ValueError:  # half of it is written
        return ""


@pytest.fixture
def rung():
    """What is appended to when the caller's own alarm rings."""
    found: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda *_: found.append(1))
    try:
        yield found
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("limit", [{}, {"execution_timeout": FOREVER}])
def test_the_callers_own_alarm_is_left_to_it_and_rings_while_a_notebook_runs(tmp_path, rung, limit):
    own, opened = signal.getsignal(signal.SIGALRM), tmp_path / "open"
    cell = f"import signal\nsignal.alarm(9)\nsignal.alarm(0)\n{gate(opened)}\nprint('on')"

    def ring(*given: object) -> None:
        own(*given)
        opened.touch()

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    assert _run([cell], tmp_path / "a", **limit) == ["on\n"]
    assert rung
    assert signal.getsignal(signal.SIGALRM) is ring
    signal.alarm(FOREVER)
    _run(["import signal\nsignal.alarm(1)\nsignal.alarm(0)"], tmp_path / "b", **limit)
    assert signal.alarm(0) > 0


def test_a_callers_alarm_outlives_a_cell_that_is_over_its_time(tmp_path, rung):
    signal.alarm(FOREVER)
    with pytest.raises(CellTimeoutError):
        _run([TRICKS["sleeps"]], tmp_path, execution_timeout=MOMENT)
    assert (signal.alarm(0) > 0, rung) == (True, [])


ORDERS = {
    "a child between": (
        "import subprocess\nprint(1)\nsubprocess.run(['echo', '2'])\nprint(3)",
        "1\n2\n3\n",
    ),
    "opened anew": ("import os\nos.system('echo 1; echo 2 > /dev/stdout; echo 3')", "1\n2\n3\n"),
    "in a loop": (
        "import os\nos.system('for i in 1 2 3; do echo $i > /dev/stdout; done')",
        "1\n2\n3\n",
    ),
    "copied": ("import os\nos.system('echo 1 | tee /dev/stdout')", "1\n1\n"),
    "both": ("import os\nos.system('echo fel | tee /dev/stderr > /dev/null')", "fel\n"),
    "more than a pipe holds": (
        "import subprocess\n_ = subprocess.run('yes a | head -c 4000000', shell=True)\nprint('b')",
        "a\n" * 2_000_000 + "b\n",
    ),
}


def test_what_is_printed_stands_in_the_order_in_which_it_was_written_and_whole(tmp_path):
    shown = _run([f"{cell};" for cell, _ in ORDERS.values()], tmp_path)
    assert dict(zip(ORDERS, shown, strict=True)) == {name: due for name, (_, due) in ORDERS.items()}


def test_a_notebook_ends_with_its_process_and_the_next_has_another(tmp_path):
    with pytest.raises(DeadKernelError):
        _run(["import os\nos._exit(3)"], tmp_path)
    assert _run(["print('igen')"], tmp_path) == ["igen\n"]


def test_a_nursery_that_is_gone_is_replaced(tmp_path):
    _run(["1"], tmp_path)
    for known in [*apart._nurseries.values()]:
        known.way.shutdown(2)
    assert _run(["print('igen')"], tmp_path) == ["igen\n"]


def test_what_is_open_is_flushed_and_what_is_asked_for_at_exit_done(tmp_path):
    cell = (
        "import atexit\nkept = open('data.csv', 'w')\nkept.write('a;b')\n"
        "atexit.register(lambda: open('last', 'w').write('sist'));"
    )
    _run([cell], tmp_path)
    assert (tmp_path / "data.csv").read_text("utf-8") == "a;b"
    assert (tmp_path / "last").read_text("utf-8") == "sist"


def test_a_module_beside_the_notebook_is_found_also_if_it_is_called_as_ours(tmp_path):
    (tmp_path / "helpers.py").write_text("own = 'bredvid'", "utf-8")
    assert _run(["import helpers\nprint(helpers.own)"], tmp_path) == ["bredvid\n"]


def test_what_a_notebook_has_started_ends_with_it(tmp_path):
    cell = f"import subprocess\nprint(subprocess.Popen(['setsid', 'sleep', '{FOREVER}']).pid)"
    (pid,) = _run([cell], tmp_path)
    until(lambda: not psutil.pid_exists(int(pid)))


def test_a_flood_is_refused(tmp_path):
    with pytest.raises(OutputTooBigError):
        _run(["import os\nos.system('yes utfall')"], tmp_path, output_limit=1 << 20)


def test_an_option_without_a_meaning_is_refused_by_name(tmp_path):
    with pytest.raises(TypeError, match="no option prov"):
        _run(["1"], tmp_path, prov=1)


def test_a_notebook_that_is_killed_with_its_caller_leaves_nothing(tmp_path):
    nbformat.write(
        notebook_of([f"open('begun', 'w').close()\nimport time\ntime.sleep({FOREVER}.5)"]),
        tmp_path / "in.ipynb",
    )
    code = "import papermill\npapermill.execute_notebook('in.ipynb', None, engine_name='warm', kernel_name='python3')"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as caller:
        until((tmp_path / "begun").exists)
        there = [
            process for process in psutil.process_iter(["cmdline", "cwd"]) if _is(process, tmp_path)
        ]
        caller.kill()
    assert len(there) > 1
    until(lambda: not any(process.is_running() for process in there))


def _is(process: psutil.Process, folder: Path) -> bool:
    return process.info["cwd"] == str(folder)


def test_what_lies_in_ipythons_profile_is_not_read(tmp_path, monkeypatch):
    startup = tmp_path / "own" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-own.py").write_text("own = 1", "utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "own"))
    assert _run(["print('own' in globals())"], tmp_path) == ["False\n"]


def test_what_is_stored_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "own"))
    _run(["kept = 5", "%store kept"], tmp_path / "a")
    assert _run(["%store -r kept\nprint(kept)"], tmp_path / "b") == ["5\n"]


@pytest.mark.parametrize("lacking", ["this system is not Linux", ""])
def test_what_cannot_run_here_goes_to_papermills_own_engine_with_a_word(
    monkeypatch, caplog, lacking
):
    asked = []
    monkeypatch.setattr(engine, "lacking", lambda: lacking)
    monkeypatch.setattr(
        engine.NBClientEngine, "execute_managed_notebook", lambda *given, **_: asked.append(given)
    )
    kernel = "python3" if lacking else "ir"
    engine.WarmEngine.execute_managed_notebook(None, kernel)
    assert asked == [(None, kernel)]
    assert "papermill's own engine runs it" in caplog.text


def test_a_notebook_of_another_language_is_run_by_the_kernel_that_is_installed_for_it(
    tmp_path, monkeypatch, caplog
):
    place = tmp_path / "jupyter" / "kernels" / "eget"
    place.mkdir(parents=True)
    call = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": call, "display_name": "Eget", "language": "bash", "env": {"RUN_BY": "eget"}}
    (place / "kernel.json").write_text(json.dumps(spec), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    cell = "import os\nprint(os.environ.get('RUN_BY'))"
    assert _run([cell], tmp_path / "a", kernel_name="eget") == ["eget\n"]
    assert "eget: its kernel is no Python of this interpreter, so papermill's" in caplog.text
    spec["language"] = "python"  # and then it is one of ours, which starts no kernel
    (place / "kernel.json").write_text(json.dumps(spec), "utf-8")
    assert _run([cell], tmp_path / "b", kernel_name="eget") == ["None\n"]


def test_times_are_kept_of_the_notebook_and_of_each_cell(tmp_path):
    _run(["1"], tmp_path)
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert made.metadata.papermill.duration > 0
    assert all(cell.metadata.papermill.duration is not None for cell in made.cells)
    assert made.cells[-1].metadata.get("execution") or made.cells[-2].metadata.execution
