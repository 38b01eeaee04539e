"""The supervisor and its slots, without any notebook: what each ending is told as, and that nothing
is left.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from helpers.warm import slot
from helpers.warm.outcome import End, Limits
from helpers.warm.processes import WarmError
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor, environment_of, started
from helpers.warm.tree import Tree, each
from tests.patience import FOREVER, MOMENT, PATIENCE, running, until
from tests.warm import work
from tests.warm.faults import sleep_of, sleepers

pytestmark = pytest.mark.xdist_group("supervisor")

ROOT = Path(__file__).parents[2]
IMPORTABLE = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
SLEEP = sleep_of(7)
LIMITS = Limits(wall=PATIENCE, cpu=PATIENCE, memory=64 << 20, file=1 << 20)
SHORT = replace(LIMITS, wall=MOMENT)  # for what hangs and does nothing
# for what computes for ever: on a busy machine a second of that may take many
BUSY = replace(LIMITS, cpu=MOMENT)
LATE = f"longer than {MOMENT} s"
OWN_LIMITS = {"hang": SHORT, "escape_and_hang": SHORT, "spin": BUSY}
TASKS = {
    "echo": ("å", End.VALUE, "å"),
    "fail": ("utfall", End.RAISED, "ValueError: utfall"),
    "leave": ("3", End.EXITED, "exit code 3"),
    "kill_self": ("", End.KILLED, "SIGKILL"),
    "kill_slot": ("", End.WORKER, "ended"),
    "hang": ("", End.WALL, LATE),
    "spin": ("", End.CPU, f"more than {MOMENT} s of processor time"),
    "wake": ("", End.ALARM, "longer than it may"),
    "hoard": (str(1 << 30), End.RAISED, "MemoryError"),
    "write": ("stor.bin", End.RAISED, "File too large"),
    "escape": (SLEEP, End.VALUE, ""),
    "escape_and_hang": (SLEEP, End.WALL, LATE),
    "answer_twice": ("en", End.VALUE, "en True"),
}


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """The warm process finds what is installed; our work lies beside it."""
    monkeypatch.setenv("PYTHONPATH", IMPORTABLE)


def _order(
    scratch: Path,
    slots: int = 2,
    warm: tuple[str, ...] = ("tests.warm.work",),
    limits: Limits = LIMITS,
) -> Order:
    return Order(work.do, limits, slots, scratch, warm, share=work.share)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of every task of TASKS, run together by their limits; what was left in scratch
    folders, of processes.

    What is to be ended by time has a limit of its own, and never ends by itself; the others could
    take minutes.
    """
    found, asleep, left = {}, [], []
    for limits in (LIMITS, SHORT, BUSY):
        tasks = [(name, TASKS[name][0]) for name in TASKS if OWN_LIMITS.get(name, LIMITS) is limits]
        scratch = tmp_path_factory.mktemp("scratch")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", IMPORTABLE)
            patch.chdir(scratch)
            with Supervisor(_order(scratch, limits=limits)) as supervisor:
                found |= {tasks[place][0]: outcome for place, outcome in supervisor.outcomes(tasks)}
                asleep += sleepers(SLEEP)
            left.append(len(list(scratch.glob("task-*"))))
    return found, asleep, left


@pytest.mark.parametrize("name", TASKS)
def test_each_ending_is_told_as_what_it_was(outcomes, name):
    _, end, words = TASKS[name]
    outcome = outcomes[0][name]
    assert outcome.end is end, outcome.found
    assert words in (str(outcome.value) if end is End.VALUE else outcome.found)


def test_an_outcome_tells_time_and_memory(outcomes):
    """What hangs has taken its limit of time, and less processor time than what spins."""
    spun, hung = outcomes[0]["spin"], outcomes[0]["hang"]
    assert hung.seconds >= MOMENT
    assert 0 <= hung.cpu < spun.cpu
    assert spun.peak > 1 << 20


def test_a_task_ends_with_all_it_started_even_in_another_session(outcomes):
    assert outcomes[1] == []


def test_a_slot_that_is_gone_leaves_one_folder_at_most(outcomes):
    assert max(outcomes[2]) <= 1


PARTED = [
    "learn",
    "fail",
    "leave",
    "kill_self",
    "kill_slot",
    "learn",
    "wake",
    "hoard",
    "escape",
    "answer_twice",
]


@pytest.fixture(scope="module")
def parted(tmp_path_factory):
    """What became of tasks of a tree, in their order; and what was left in the scratch folder and
    of processes.
    """
    scratch = tmp_path_factory.mktemp("scratch")
    tree = Tree(tuple((name, TASKS[name][0] if name in TASKS else "") for name in PARTED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", IMPORTABLE)
        with Supervisor(_order(scratch)) as supervisor:
            ((_, outcome),) = supervisor.outcomes([tree])
            asleep = sleepers(SLEEP)
    return (
        [own for _, own in each(tree, outcome)],
        asleep,
        [path.name for path in scratch.glob("task-*")],
    )


@pytest.mark.parametrize(
    "place", range(len(PARTED)), ids=[f"{place} {name}" for place, name in enumerate(PARTED)]
)
def test_each_task_of_a_tree_ends_as_it_would_alone(parted, place):
    outcome = parted[0][place]
    _, end, words = TASKS.get(PARTED[place], ("", End.VALUE, ""))
    assert outcome.end is end, outcome.found
    assert words in (str(outcome.value) if end is End.VALUE else outcome.found)


def test_tasks_of_a_tree_know_what_was_shared_and_nothing_of_each_other(parted):
    """After the fifth took the process along that it came from, those left share anew."""
    assert [parted[0][place].value for place in (0, 5)] == [len(PARTED), len(PARTED) - 5]


def test_a_tree_leaves_no_process_and_one_folder_at_most(parted):
    assert parted[1] == []
    assert len(parted[2]) <= 1


def test_a_task_of_a_tree_has_its_own_processor_time(tmp_path):
    tree = Tree((("spin", ""), ("spin", ""), ("echo", "a")))
    with Supervisor(_order(tmp_path, limits=BUSY)) as supervisor:
        ((_, outcome),) = supervisor.outcomes([tree])
    assert [own.end for _, own in each(tree, outcome)] == [End.CPU, End.CPU, End.VALUE]


def test_tasks_that_cannot_share_are_run_each_on_its_own(tmp_path):
    tree = Tree((("learn", ""), ("echo", "a")))
    with Supervisor(replace(_order(tmp_path), share=work.share_in_vain)) as supervisor:
        ((_, outcome),) = supervisor.outcomes([tree])
    assert [own.value for _, own in each(tree, outcome)] == [0, "a"]


def test_where_what_is_shared_takes_too_long_each_task_did(tmp_path):
    tree = Tree((("echo", "a"), ("echo", "b")))
    with Supervisor(
        replace(_order(tmp_path, limits=SHORT), share=work.share_and_hang)
    ) as supervisor:
        ((_, outcome),) = supervisor.outcomes([tree])
    ends = [own for _, own in each(tree, outcome)]
    assert [own.end for own in ends] == [End.WALL, End.WALL]
    assert ends[0].seconds >= MOMENT
    assert ends[1].seconds == 0  # it was never begun


def test_each_piece_of_news_gives_the_process_that_shares_twice_the_time_of_a_task(monkeypatch):
    ours, theirs = slot.Pipe(duplex=False)
    rounds, given = [ours, None], []

    def wait(_, timeout: float) -> list:
        given.append(timeout)
        ready = rounds.pop(0)
        return [ready] if ready else []

    monkeypatch.setattr(slot, "wait", wait)
    theirs.send("begun")
    with subprocess.Popen(["sleep", str(FOREVER)]) as child:
        found = slot._Watch(child.pid, ours, PATIENCE).until_end()
    assert found == (End.WALL, ["begun"])
    assert given[0] <= PATIENCE < given[1] <= 2 * PATIENCE


def test_tasks_have_own_chance_and_own_folder_that_is_removed(tmp_path):
    with Supervisor(_order(tmp_path)) as supervisor:
        found = [
            outcome.value
            for _, outcome in supervisor.outcomes([("chance", ""), ("chance", ""), ("folder", "")])
        ]
    drawn, files = (
        [v for v in found if isinstance(v, float)],
        [v for v in found if isinstance(v, str)],
    )
    assert drawn[0] != drawn[1]
    assert files[0].startswith(str(tmp_path))
    assert not Path(files[0]).exists()


def test_a_task_ends_as_a_process_of_its_own_would(tmp_path):
    task = ("leave_open", str(tmp_path / "data.csv"))
    with Supervisor(_order(tmp_path)) as supervisor:
        ((_, outcome),) = supervisor.outcomes([task])
    assert outcome.end is End.VALUE
    assert (tmp_path / "data.csv").read_text("utf-8") == "a;b"
    assert (tmp_path / "data.csv.last").exists()


def test_a_warm_process_that_dies_costs_what_it_had_in_hand_and_no_more(tmp_path):
    tasks = [("kill_warm_process", str(tmp_path / "once")), ("echo", "a"), ("echo", "b")]
    with Supervisor(_order(tmp_path, slots=1)) as supervisor:
        ends = [
            outcome.end
            for _, outcome in sorted(supervisor.outcomes(tasks), key=lambda pair: pair[0])
        ]
    assert ends == [End.WORKER, End.VALUE, End.VALUE]


@pytest.fixture
def importing(tmp_path):
    """A supervisor whose warm process has imports ahead of it, and has been asked nothing yet."""
    ahead = ("tests.warm.work:hold", "tests.warm.work")
    with Supervisor(scratch=tmp_path, ahead=ahead) as supervisor:
        yield supervisor


def _ask(supervisor: Supervisor, work: Callable[[], object]) -> tuple[object, Exception | None]:
    """Ask while it imports, and return the answer and the error."""
    supervisor.line.send(slot.Errand(work))
    (supervisor.scratch / "asked").touch()
    return supervisor.line.recv()


def test_what_is_asked_while_it_imports_is_done_by_a_fork_and_brought_by_the_order(importing):
    (who, parent), _ = _ask(importing, work.remember)
    assert (parent, who != parent) == (importing.process.pid, True)
    importing.begin(_order(importing.scratch))
    outcomes = list(importing.outcomes([("remembered", "")]))
    assert [outcome.value for _, outcome in outcomes] == [[]]  # a fork keeps what it has read
    importing.order = replace(importing.order, handed=work.remember)
    importing.end()
    importing._start()
    importing.begin(importing.order)
    assert [outcome.value for _, outcome in importing.outcomes([("remembered", "")])] == [[7]]


def test_a_fork_that_ends_without_an_answer_is_told_and_the_order_is_taken(importing):
    _, error = _ask(importing, work.end)
    assert isinstance(error, WarmError)
    importing.begin(_order(importing.scratch))
    assert [outcome.value for _, outcome in importing.outcomes([("echo", "å")])] == ["å"]


def test_one_that_is_asked_nothing_is_ended_in_the_midst_of_an_import(importing):
    importing.end()
    assert importing.process.poll() is not None


def test_one_that_was_started_early_has_the_surroundings_it_is_given(tmp_path, monkeypatch):
    early, later = tmp_path / "early", tmp_path / "later"
    early.mkdir()
    later.mkdir()
    own = started(early, environment_of(early), "")
    monkeypatch.chdir(later)
    monkeypatch.setenv("SAID_LATER", "ja")
    with Supervisor(scratch=later, started=own) as supervisor:
        assert supervisor.process is own.process
        found = supervisor.ask(partial(work.surroundings, "SAID_LATER"))
        assert found[:2] == ["ja", str(later)]
        assert supervisor.ask(partial(work.surroundings, "TMPDIR"))[0] == str(later)


def test_one_that_was_started_early_and_has_ended_is_replaced(tmp_path):
    own = started(tmp_path, environment_of(tmp_path), "")
    own.process.kill()
    own.process.wait()
    with Supervisor(_order(tmp_path), started=own) as supervisor:
        assert [outcome.value for _, outcome in supervisor.outcomes([("echo", "å")])] == ["å"]


def test_nothing_runs_when_the_supervisor_has_ended(tmp_path):
    before = set(psutil.Process().children(recursive=True))
    with Supervisor(_order(tmp_path)) as supervisor:
        list(supervisor.outcomes([("echo", "a"), ("escape", SLEEP)]))
    assert set(psutil.Process().children(recursive=True)) == before
    assert sleepers(SLEEP) == []


@pytest.mark.parametrize(
    ("warm", "words"),
    [
        ("tests.warm.work:begin_thread", "has 2 threads"),
        ("tests.warm.missing", "No module named 'tests.warm.missing'"),
    ],
)
def test_a_warm_process_that_cannot_be_forked_says_why(tmp_path, warm, words):
    with pytest.raises(WarmError, match="the warm process did not start") as refused:
        Supervisor(_order(tmp_path, warm=("tests.warm.work", warm)))
    assert words in str(refused.value)


RUN = """
from pathlib import Path
from helpers.warm.supervisor import Supervisor
from helpers.warm.tree import Tree, each
from tests.warm.test_supervisor import SLEEP, _order
with Supervisor(_order(Path.cwd())) as supervisor:
    print("ready", flush=True)
    list(supervisor.outcomes([("escape_and_hang", SLEEP), ("hang", "")]))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_supervisor_that_is_killed_takes_everything_with_it(tmp_path, number):
    run = subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout.readline() == "ready\n"
    until(lambda: sleepers(SLEEP) and len(psutil.Process(run.pid).children(recursive=True)) >= 5)
    family = psutil.Process(run.pid).children(recursive=True)
    os.kill(run.pid, number)
    run.wait(PATIENCE)
    run.stdout.close()
    until(lambda: not any(map(running, family)), "their end")
    assert sleepers(SLEEP) == []
