"""What a report can do wrong: one run of a small edition with a notebook for each fault, and sound
ones among them.
"""

from collections.abc import Iterator

from helpers.pages.gate import faults
from tests.drill.process import Run
from tests.drill.scene import Ground, Line, NotHeldError, Scene, checked, demand
from tests.drill.shop import AFTER, BEFORE, Shop, marks
from tests.house.notebooks import Notebook, magic
from tests.patience import MOMENT, PATIENCE

GIB = 1 << 30
SLEEP = "86397.25"  # seconds; the grandchild that must not stay
REPORT = 3  # seconds that the report of cells that end may take; each alone sleeps as long
SCRIPT = (
    '<script>alert("1")</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">Umeå</a>'
)
MARKUP = """html = f'<p class="answer" id="svar"><b onclick="alert(4)">Utgåva</b> <script>5</script></p>'
display({"text/html": html, "text/plain": "", "application/vnd.mottagning+json": answer}, raw=True)"""
CELLS = {
    "killed": "print('strax slut')\nimport os\nos.kill(os.getpid(), 9)",
    "greedy": "x = bytearray(8 << 30)",
    "orphaned": "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(99999)",
    "escaping": f"import subprocess\nsubprocess.Popen(['setsid', 'sleep', '{SLEEP}'])",
    "exited": "import sys\nsys.exit()",
    "left": "import os\nos._exit(0)",
    "threaded": "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()",
    "flooding": "while True:\n    print('x' * 1_000_000)",
    "large": "print('x' * 3_000_000)",
    "scripted": f"raise ValueError('{SCRIPT}')",
}
HANGS = {"hung": "import time\ntime.sleep(99999)", "endless": "sum(iter(int, 1))"}
MUST_FAIL = {
    "killed": "KERNEL_DIED", "greedy": "MEMORY", "hung": "TIMEOUT", "endless": "TIMEOUT", "slow": "DEADLINE",
    "orphaned": "WORKER_DIED", "exited": "INCOMPLETE", "left": "INCOMPLETE", "threaded": "INCOMPLETE",
    "flooding": "TOO_BIG", "large": "TOO_BIG", "uncharted": "CHART_MISSING", "scripted": "CELL_ERROR",
    "marked up": "GATE",
}  # fmt: skip
SOUND = ("escaping", "sound", "well")

LINES = (
    Line("F1", "kernel killed", "kill -9 itself in a cell", "KERNEL_DIED, the others delivered"),
    Line("F2", "out of memory", "8 GiB asked for in a cell", "MEMORY, the peak at most 4 GiB"),
    Line("F3", "hang", "time.sleep(99999)", "TIMEOUT at the cell's limit"),
    Line(
        "F4",
        "hang that ignores interrupts",
        "sum(iter(int, 1))",
        "killed at its limit, 0 processes left",
    ),
    Line("F5", "many slow cells", "cells below the cell's limit", "DEADLINE at the report's limit"),
    Line("F6", "worker killed", "kill -9 of the cell's parent", "WORKER_DIED, its child gone"),
    Line("F9", "escaped grandchild", "setsid sleep, not waited for", "killed with its report"),
    Line("F10", "early exit", "sys.exit() and os._exit(0)", "INCOMPLETE, both"),
    Line(
        "F11",
        "error in a thread, failing !cmd",
        "in a cell",
        "INCOMPLETE, or the notebook's lint refuses it",
    ),
    Line(
        "F13", "output flood, page of 3 MB", "printing without end; printing 3 MB", "TOO_BIG, both"
    ),
    Line("F23", "a chart is missing", "its call removed", "CHART_MISSING, expected and found"),
    Line(
        "F24",
        "script in data",
        "in an error's text, a title and a report's HTML",
        "text, or GATE; none in any page",
    ),
    Line(
        "page",
        "a failed report's page",
        "all of the above",
        "a page each: what, where, why, what to do, the log",
    ),
)


def play(ground: Ground) -> Iterator[tuple[str, str | NotHeldError]]:
    """Run all of it, then look at each fault's end.

    What is to be ended by time is run with a limit that it can only exceed; all else could take
    minutes.
    """
    shop = Shop(
        ground.folder / "reports",
        {name: [cell] for name, cell in CELLS.items()} | {"sound": [], "well": []},
    )
    shop.write("uncharted", [*BEFORE, AFTER[1]])
    shop.write("marked up", [*BEFORE[:2], MARKUP, *AFTER])
    shop.ask(f"Provutgåva {SCRIPT}", [*CELLS, "uncharted", "marked up", "sound", "well"])
    hung = Shop(ground.folder / "hung", {name: [cell] for name, cell in HANGS.items()})
    slow = Shop(ground.folder / "slow", {"slow": [f"import time\ntime.sleep({REPORT})"] * 3})
    runs = {
        shop: shop.run(),
        hung: hung.run(timeout=MOMENT, deadline=PATIENCE),
        slow: slow.run(deadline=REPORT),
    }
    yield from checked(_checks(runs))


def _checks(runs: dict[Shop, Run]) -> dict:
    told = {name: failure for run in runs.values() for name, failure in run.told["failed"].items()}
    failed = {name.removeprefix("prov/"): failure for name, failure in told.items()}
    journal = {line["id"].removeprefix("prov/"): line for shop in runs for line in shop.journal()}
    left = [process for shop in runs for process in shop.left()]
    shop = next(iter(runs))
    code = runs[shop].code

    def ends(*names: str) -> str:
        for name in names:
            found = failed.get(name, {"code": "delivered"})
            demand(found["code"] == MUST_FAIL[name], f"{name}: {found}")
        told = "; ".join(
            dict.fromkeys(f"{failed[name]['code']} at {failed[name]['where']}" for name in names)
        )
        return f"{told}, after {max(journal[name]['seconds'] for name in names):.1f} s"

    def others() -> str:
        demand(
            code == 3 and set(failed) == set(MUST_FAIL), f"exit {code}, failed: {sorted(failed)}"
        )
        demand(marks(shop.out) >= {"A"}, "the sound reports are not there")
        return f"{ends('killed')}; {len(SOUND)} others delivered"

    def memory() -> str:
        peak = max(line["peak_bytes"] or 0 for line in journal.values())
        demand(peak <= 4 * GIB, f"peak {peak}")
        return f"{ends('greedy')}; the run's peak {peak / GIB:.1f} GiB a process"

    def gone(*names: str) -> str:
        demand(not left, left)
        return f"{ends(*names) if names else 'delivered'}; 0 processes left"

    def refused() -> str:
        lint = magic(Notebook(_with(shop, "!false")))
        demand(lint, "the lint says nothing of !false")
        return f"{ends('threaded')}; !cmd: refused by the lint"

    return {
        "F1": others,
        "F2": memory,
        "F3": lambda: ends("hung"),
        "F4": lambda: gone("endless"),
        "F5": lambda: ends("slow"),
        "F6": lambda: gone("orphaned"),
        "F9": gone,
        "F10": lambda: ends("exited", "left"),
        "F11": refused,
        "F13": lambda: ends("flooding", "large"),
        "F23": lambda: f"{ends('uncharted')}: {failed['uncharted']['found']}",
        "F24": lambda: _no_script(shop, ends("scripted", "marked up")),
        "page": lambda: _tells(runs, failed),
    }


def _with(shop: Shop, cell: str):
    shop.write("banged", [*BEFORE, cell, *AFTER])
    return shop.folder / "notebooks" / "banged.ipynb"


def _no_script(shop: Shop, ends: str) -> str:
    found = list((shop.out / "current" / "html").rglob("*.html"))
    for page in found:
        wrong = faults(page.read_text("utf-8"))
        demand(not wrong, f"{page.name}: {wrong}")
    title = (shop.out / "html" / "index.html").read_text("utf-8")
    demand("&lt;script&gt;" in title, "the title is not shown as text")
    return f"{ends}; {len(found)} pages without script"


def _tells(runs: dict[Shop, Run], failed: dict) -> str:
    pages = {
        path.stem: (shop, path)
        for shop in runs
        for path in shop.out.glob("current/html/prov/*.html")
    }
    for name, failure in failed.items():
        shop, path = pages[name]
        page = path.read_text("utf-8")
        lacking = [
            part for part in ("vad", "gor", "teknik", "logg", failure["code"]) if part not in page
        ]
        demand(not lacking, f"{name} lacks {lacking}")
        demand(str(shop.folder) not in page, f"{name} tells where it lay")
    shop, path = pages["killed"]
    page = path.read_text("utf-8")
    demand(
        "strax slut" in page and "code cell 6" in page,
        "the killed report's page lacks its last words or its cell",
    )
    notebooks = list((shop.out / "current" / "executed").rglob("*"))
    demand(len([path for path in notebooks if path.suffix]) == len(SOUND), f"left: {notebooks}")
    return f"{len(failed)} pages; the killed one with its last words"


SCENE = Scene(LINES, play)
