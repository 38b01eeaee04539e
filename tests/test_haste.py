"""No test depends on how fast the machine is; each way to depend on it is shown to be found."""

from pathlib import Path

import pytest

from tests.house.haste import hasty

TESTS = Path(__file__).parent
SEEDED = (
    "began = time.monotonic()",
    "from time import perf_counter\nbegan = perf_counter()",
    "assert 0.9 < spun.cpu < 2",
    "assert line['seconds'] < 3",
    "demand(journal[name]['seconds'] <= 10, name)",
    "assert spun.cpu <= 1.1 * spun.seconds",
    "assert line['cpu_seconds'] <= line['seconds'] - MOMENT / 2",
    "assert (ended - began).seconds < LIMIT + 1",
    "assert took * 2 < other",
    "publish(plan, options_of(folder, cell_timeout=3))",
    "LIMITS = Limits(wall=3, cpu=600)",
    "reading = read_apart(path, seconds=1.5)",
    "QUICK = Patience(read_timeout=2)",
    "code = run.wait(5)",
    "gone, alive = psutil.wait_procs(family, timeout=2)",
    "process.join(timeout=10)",
    "time.NAP(0.5)",
    "ORPHANING = 'import time\\ntime.NAP(1)'",
    "ENDLESS = 'NAP(60)'",
)
SOUND = (
    "until(path.exists)",
    "run.wait(PATIENCE)",
    "publish(plan, options_of(folder, cell_timeout=MOMENT))",
    "HUNG = 'import time\\ntime.sleep(99999)'",
    "POLLING = 'while not path.exists():\\n    time.sleep(0.02)'",
    "assert line['seconds'] >= MOMENT",
    "assert first.seconds > 0 == second.seconds",
    "assert hung.cpu < spun.cpu",
    "told = Run(seconds=9)",
    "subprocess.run(command, timeout=240)",
)


def test_no_test_depends_on_how_fast_the_machine_is():
    assert hasty(TESTS) == []


@pytest.mark.parametrize("line", SEEDED)
def test_a_seeded_violation_is_found(line, tmp_path):
    (tmp_path / "test_x.py").write_text(line.replace("NAP", "sleep"), "utf-8")
    assert len(hasty(tmp_path)) == 1


@pytest.mark.parametrize("line", SOUND)
def test_what_waits_for_an_event_or_ends_what_never_would_is_no_violation(line, tmp_path):
    (tmp_path / "test_x.py").write_text(line, "utf-8")
    assert hasty(tmp_path) == []
