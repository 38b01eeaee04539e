"""What can happen to a run: told to stop, killed, started twice, its sources replaced under it, its
swap cut off.
"""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage

from helpers.make.run import BUILDING, JOURNAL
from helpers.releases.folder import LOCK
from tests.drill.process import Run, command
from tests.drill.scene import Ground, Line, NotHeldError, Scene, alone, checked, demand
from tests.drill.shop import SOUND, Shop, marks
from tests.patience import until

CONNECTIONS = "kernel-*.json"

TERM = Line(
    "F7",
    "supervisor told to stop",
    "kill -TERM in mid-run",
    "exit 143, journal whole, nothing left",
)
KILL = Line(
    "F8",
    "supervisor killed",
    "kill -9 at random points",
    "only what is unfinished is made again; nothing left",
)
TORN = Line(
    "F28",
    "torn journal line",
    "the last line cut in half",
    "the run goes on; that report is made again",
)
TWICE = Line(
    "F19", "two runs at once", "start twice", "the second exits 75 at once and names the first"
)
REPLACED = Line(
    "F20",
    "source replaced in mid-run",
    "overwrite it",
    "every report uses what was there at the start",
)
CUT = Line(
    "F22",
    "publishing interrupted",
    "kill -9 before each step of the swap",
    "the old or the new release, never both",
)
PORTS = Line(
    "F27",
    "port clash",
    "12 kernels started at once; 2 in the small drill",
    "at most 1 retry each, 0 lost",
)


def published(ground: Ground, name: str, *cells: str) -> Shop:
    """Return a small edition that readers see with the mark A, and whose data have become B."""
    shop = Shop(ground.folder / name, {report: cells for report in SOUND})
    shutil.copytree(ground.base / "reports", shop.out, symlinks=True)
    (shop.out / JOURNAL).unlink()  # so that what it holds next is the next run's
    shop.mark("B")
    return shop


def stand_whole(shop: Shop, *allowed: set[str]) -> set[str]:
    """Return the marks that readers see: all of one release's."""
    found = marks(shop.out)
    demand(found in allowed, f"readers see {sorted(found)}")
    return found


def terminate(ground: Ground) -> str:
    """F7: SIGTERM when some reports are made, and the others would never end."""
    shop = published(ground, "term")
    shop.hold()
    shop.let(*SOUND[:3])
    run = shop.begin()
    demand(
        run.signalled_when(lambda: len(shop.journal()) > 2, signal.SIGTERM),
        "the run had ended already",
    )
    demand(run.code == 143, f"exit {run.code}: {run.err[-300:]}")
    left = shop.left() + [str(path) for path in shop.folder.rglob(CONNECTIONS)]
    demand(not left, f"left: {left}")
    stand_whole(shop, {"A"})
    kept = shop.delivered()
    shop.let(*SOUND)
    again = shop.run().told
    demand(kept and not kept & set(again["made"]), f"made again: {kept & set(again['made'])}")
    stand_whole(shop, {"B"})
    return f"exit 143, nothing left; the next run kept {len(kept)} of {len(SOUND)}"


def kill(ground: Ground) -> Iterator[tuple[str, str | NotHeldError]]:
    """F8 and F28: kill -9 again and again; once, what it wrote last is cut."""
    shop, chance, kills = published(ground, "kill"), Random(ground.seed), 5 if ground.big else 3
    shop.hold()
    torn, lost = "", set[str]()
    for number in range(kills):
        lost |= _killed(shop, shop.delivered(), chance.random() / 4)
        stand_whole(shop, {"A"})
        if number == 1:
            torn = _tear(shop.out / JOURNAL)
            demand(torn not in shop.delivered(), f"{torn} counts as made though its line is cut")
    before = shop.delivered()
    shop.let(*SOUND)
    last = shop.run()
    yield from checked(
        {
            KILL.number: lambda: _nothing_lost(shop, last, before, lost, kills),
            TORN.number: lambda: _redone(shop, torn),
        }
    )


def _killed(shop: Shop, before: set[str], pause: float) -> set[str]:
    """Kill a run one report on, while it makes the next; return what was made before and is no
    longer known.

    The last report is let through by none of them, so that no run has ended before its kill.
    """
    left = [name for name in SOUND[:-1] if f"prov/{name}" not in before]
    shop.let(*left[:1])
    run = shop.begin()

    def far() -> bool:
        if left and shop.delivered() <= before:
            return False
        shop.let(*left[:2])
        return (shop.out / LOCK).exists() and not time.sleep(pause)

    demand(run.signalled_when(far), "the run had ended already")
    running = shop.left()
    demand(not running, f"left after the kill: {running}")
    return before - shop.delivered()


def _tear(journal: Path) -> str:
    """Cut the last line in half; return the report that it was about."""
    whole = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*whole[:-1], whole[-1][: len(whole[-1]) // 2]]))
    return whole[-1].split(b'"id": "')[1].split(b'"')[0].decode()


def _nothing_lost(shop: Shop, last: Run, before: set[str], lost: set[str], kills: int) -> str:
    demand(last.code == 0, f"exit {last.code}: {last.err[-300:]}")
    demand(not lost, f"made again: {sorted(lost)}")
    again = before & set(last.told["made"])
    demand(not again, f"made again at the end: {sorted(again)}")
    stand_whole(shop, {"B"})
    hidden = [path.name for path in shop.out.iterdir() if path.name in {BUILDING, LOCK}]
    demand(not hidden and not list((shop.out / "releases").glob(".?*/")), f"left: {hidden}")
    return (
        f"{kills} kills, nothing lost, 0 processes left; the last run made {len(last.told['made'])}"
    )


def _redone(shop: Shop, torn: str) -> str:
    demand((shop.out / "current" / "html" / f"{torn}.html").is_file(), f"{torn} is not there")
    return f"went on; {torn}, whose line was cut, was made again"


def twice(ground: Ground) -> str:
    """F19: the command, while a run of ours holds the folder."""
    shop = published(ground, "twice")
    shop.hold()
    first = shop.begin()
    until(lambda: (shop.out / LOCK).exists() or first.code is not None, "the first run")
    edition = shop.folder / "liten.yaml"
    edition.write_text("title: Liten\nar: 2018\nprognoser_ekb: [1500]\nlan: [AC]\n", "utf-8")
    before = getrusage(RUSAGE_CHILDREN).ru_utime
    second = command(["reports", "--edition", edition, "--out", shop.out])
    seconds = getrusage(RUSAGE_CHILDREN).ru_utime - before
    demand(first.code is None, "the first had ended already")
    demand(second.returncode == 75, f"exit {second.returncode}: {second.stderr[-300:]}")
    demand(str(first.pid) in second.stderr, f"says: {second.stderr}")
    stand_whole(shop, {"A"})
    shop.let(*SOUND)
    demand(first.ended().code == 0, f"the first: exit {first.code}: {first.err[-300:]}")
    stand_whole(shop, {"B"})
    return f"exit 75 after {seconds:.1f} s of processor time: {second.stderr.strip()[-70:]}"


def replaced(ground: Ground) -> str:
    """F20: the data become C when the first report is made from B."""
    shop = published(ground, "replaced")
    shop.hold()
    shop.let(SOUND[0])
    run = shop.begin()
    until(lambda: shop.journal() or run.code is not None, "the first report")
    demand(run.code is None, "the run had ended already")
    shop.mark("C")
    shop.let(*SOUND)
    demand(run.ended().code == 0, f"exit {run.code}: {run.err[-300:]}")
    stand_whole(shop, {"B"})
    return f"all {len(SOUND)} reports tell B, though the data told C"


def cut(ground: Ground) -> str:
    """F22: from one state, built and not yet swapped, a run for each step of the swap, killed
    before it.
    """
    shop = published(ground, "cut")
    demand(
        shop.run(lambda: _die_at("releases/", 1)).code == -signal.SIGKILL,
        "the swap was never reached",
    )
    saved, seen, step = shop.folder / "saved", list[str](), 0
    often = 1 if ground.big else 3  # the run after a kill is tried at every step, or at every third
    shutil.copytree(shop.out, saved, symlinks=True)
    while True:
        step += 1
        shutil.rmtree(shop.out)
        shutil.copytree(saved, shop.out, symlinks=True)
        run = shop.run(lambda: _die_at("", step))  # noqa: B023
        seen += stand_whole(shop, {"A"}, {"B"})
        if run.code != -signal.SIGKILL:
            break
        if step % often:
            continue
        again = shop.run()
        demand(again.code == 0, f"after step {step}: exit {again.code}: {again.err[-300:]}")
        demand(not again.told["made"], f"after step {step}: made again: {again.told['made']}")
        stand_whole(shop, {"B"})
    demand(run.code == 0, f"exit {run.code}: {run.err[-300:]}")
    return f"{step - 1} steps: readers saw the old release {seen.count('A')} times, the new one {seen.count('B')} times"


def _die_at(where: str, number: int) -> None:
    """Let this process kill itself before the so-manyeth link or rename to a place that holds some
    words.
    """
    calls = 0

    def deadly(real):
        def call(source, target, *rest, **more):
            nonlocal calls
            calls += where in os.fspath(target)
            if calls == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(source, target, *rest, **more)

        return call

    for name in ("rename", "replace", "symlink"):
        setattr(os, name, deadly(getattr(os, name)))


def ports(ground: Ground) -> str:
    """F27: as many ordinary kernels at once."""
    many = 12 if ground.big else 2
    shop = Shop(ground.folder / "ports", {f"r{number}": [] for number in range(many)})
    run = shop.run(engine="kernel", workers=many)
    demand(run.code == 0, f"exit {run.code}: {run.told['failed']}")
    restarts = run.told["restarts"].values()
    demand(max(restarts) <= 1, restarts)
    return f"{many} kernels at once: 0 lost, {sum(restarts)} started again"


SCENES = (
    alone(TERM, terminate),
    Scene((KILL, TORN), kill),
    alone(TWICE, twice),
    alone(REPLACED, replaced),
    alone(CUT, cut),
    alone(PORTS, ports),
)
