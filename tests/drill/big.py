"""The edition of 312 real reports, 13 of them faulty, killed again and again, mended, and made once
more elsewhere.
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from helpers.make.run import JOURNAL
from helpers.releases.compare import CHANGES
from helpers.releases.contents import read_reports
from helpers.releases.store import Releases
from tests.drill.process import begin, command
from tests.drill.project import copy_to, differing, edition, elsewhere, pages_in, release, reports
from tests.drill.scene import Ground, Line, NotHeldError, Scene, checked, demand
from tests.patience import PATIENCE
from tests.publish.samples import read_journal
from tests.warm.faults import AT_ONCE

FAULTS = "DRILL_FAULTS"
CELL = f"""from pathlib import Path
import os
fault = Path(os.environ["{FAULTS}"], f"{{kommunkod}}.py")
exec(fault.read_text("utf-8") if fault.is_file() else "")"""
BROKEN = {
    "0114": ("KERNEL_DIED", "import os\nos.kill(os.getpid(), 9)"),
    "0180": ("CELL_ERROR", "1 / 0"),
    "0380": ("INCOMPLETE", "import sys\nsys.exit()"),
    "0580": ("INCOMPLETE", "import os\nos._exit(0)"),
    "0680": ("MEMORY", "x = bytearray(8 << 30)"),
    "0880": (
        "INCOMPLETE",
        "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()",
    ),
    "1280": ("TOO_BIG", "print('x' * 3_000_000)"),
    "1480": ("WORKER_DIED", "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(99999)"),
    "1880": ("CELL_ERROR", "raise ValueError('<script>alert(1)</script>')"),
    "2180": ("GATE", "from IPython.display import HTML\ndisplay(HTML('<script>1</script>'))"),
    "2480": ("CELL_ERROR", "open('/finns/inte')"),
    "2582": ("TIMEOUT", f"{AT_ONCE}\nimport time\ntime.sleep(99999)"),
    "2584": ("TIMEOUT", f"{AT_ONCE}\nsum(iter(int, 1))"),
}
REPORTS, KILLS, LIMIT = 312, 50, PATIENCE
SHORT, LONG = 8, 300  # seconds until a kill at the latest
RECORD = "release.json"

KILLED = Line(
    "kills",
    f"{REPORTS} reports, 13 faulty",
    f"kill -9 {KILLS} times",
    "299 delivered, 13 named, none lost",
)
REPAIRED = Line("repair", "the faults mended", "and the edition run again", "only the 13 are made")
IDLE = Line("idle", "nothing to do", "run once more", "says so, in a second of processor time")
SAME = Line(
    "312",
    "the same edition elsewhere",
    "clock, locale, zone, seed, folder, user",
    "312 of 312 the same bytes",
)


class Batch:
    """A copy of the project whose municipalities' notebook asks a folder whether it is to fail."""

    def __init__(self, ground: Ground) -> None:
        self.folder, self.chance = ground.folder, Random(ground.seed)
        self.project = copy_to(ground.folder / "projekt")
        self.faults = ground.folder / "fel"
        self.faults.mkdir()
        for code, (_, cell) in BROKEN.items():
            (self.faults / f"{code}.py").write_text(cell, "utf-8")
        _inject(self.project / "notebooks" / "11_kommunrapport.ipynb")
        everything = {"lan": "alla", "kommuner": "alla", "oversikter": ["riket"]}
        self.edition = edition(ground.folder / "alla.yaml", title="Alla", **everything)
        self.out, self.known = ground.folder / "ut", set[str]()
        self.environment = {FAULTS: str(self.faults)}

    def run(self) -> dict:
        """Run to the end."""
        return reports(
            self.edition,
            self.out,
            "--timeout",
            LIMIT,
            project=self.project,
            environment=self.environment,
        )

    def delivered(self) -> set[str]:
        """The reports that are made and kept: the published release has them, or the journal of a
        run since.
        """
        published = Releases(self.out).current
        kept = (
            {report.id for report in read_reports(published) if not report.failure}
            if published
            else set()
        )
        try:
            return kept | {
                line["id"]
                for line in read_journal(self.out / JOURNAL)
                if line["status"] == "delivered"
            }
        except OSError:
            return kept

    def kill_once(self, left: int) -> bool:
        """Kill a run some reports on, so many that the kills that are left share what is to be
        made.

        Where nothing but the faulty reports is left, it is killed some seconds on.

        Returns:
            Whether it was killed; a run that ended before its kill was not.
        """
        rest = REPORTS - len(BROKEN) - len(self.known)
        lines, pause = (
            min(self.chance.uniform(0, 2 * rest / left), rest - 1),
            self.chance.random() / 2,
        )
        latest = time.monotonic() + (LONG if rest else self.chance.uniform(0, SHORT))
        call = [
            "reports",
            "--edition",
            self.edition,
            "--out",
            self.out,
            "--workers",
            2,
            "--timeout",
            LIMIT,
        ]
        run = begin(call, project=self.project, environment=self.environment)
        while (
            run.poll() is None and time.monotonic() < latest and (not rest or self._new() <= lines)
        ):
            time.sleep(0.05)
        time.sleep(pause)
        killed = run.poll() is None
        if killed:
            os.kill(run.pid, signal.SIGKILL)
        run.communicate()
        demand(not (lost := self.known - self.delivered()), f"lost: {sorted(lost)}")
        self.known = self.delivered()
        return killed

    def _new(self) -> int:
        return len(self.delivered() - self.known)


def _inject(path: Path) -> None:
    """Put the cell that may fail after the parameters."""
    notebook = json.loads(path.read_text("utf-8"))
    tagged = [
        place
        for place, cell in enumerate(notebook["cells"])
        if "parameters" in cell["metadata"].get("tags", [])
    ]
    cell = {
        "cell_type": "code",
        "id": "fault",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": CELL,
    }
    notebook["cells"].insert(tagged[0] + 1, cell)
    path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def _but_the_changes(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out the files that tell of the edition before, also where the record names them."""
    found = {name: content for name, content in files.items() if CHANGES not in name}
    record = json.loads(found[RECORD])
    del record["checksum"]  # over all of the record
    record["files"] = {name: one for name, one in record["files"].items() if CHANGES not in name}
    return {**found, RECORD: json.dumps(record).encode()}


def play(ground: Ground) -> Iterator[tuple[str, str | NotHeldError]]:
    """Kill, resume to the end, mend, run again, and make all of it once more elsewhere."""
    batch = Batch(ground)

    def kills() -> str:
        left = KILLS
        while left:
            left -= batch.kill_once(left)
        told = batch.run()
        failed = {one["id"].removeprefix("kommun/"): one["code"] for one in told["failed"]}
        demand(
            failed == {code: reason for code, (reason, _) in BROKEN.items()}, f"failed: {failed}"
        )
        demand(
            len(told["delivered"]) == REPORTS - len(BROKEN), f"{len(told['delivered'])} delivered"
        )
        again = batch.known & set(told["made"])
        demand(not again, f"made again: {sorted(again)}")
        return f"{len(told['delivered'])} delivered, {len(failed)} named, none lost; the last run made {len(told['made'])}"

    def repair() -> str:
        shutil.rmtree(batch.faults)
        told = batch.run()
        demand(
            {name.removeprefix("kommun/") for name in told["made"]} == set(BROKEN),
            f"made: {told['made'][:20]}",
        )
        demand(
            not told["failed"] and len(told["delivered"]) == REPORTS,
            f"failed: {told['failed'][:3]}",
        )
        return f"{len(told['made'])} made, {REPORTS} delivered"

    def idle() -> str:
        before = os.times().children_user
        ran = command(
            ["reports", "--edition", batch.edition, "--out", batch.out], project=batch.project
        )
        seconds = os.times().children_user - before
        demand(
            "Nothing has changed" in ran.stdout,
            f"exit {ran.returncode}: {ran.stdout}{ran.stderr[-300:]}",
        )
        return f"said so after {seconds:.1f} s of processor time"

    def same() -> str:
        copy = copy_to(ground.folder / "en annan mapp å", batch.project)
        _, whose = elsewhere(batch.edition, copy, copy / "ut", batch.environment)
        here, there = (_but_the_changes(release(out)) for out in (batch.out, copy / "ut"))
        other = differing(here, there)
        demand(not other, f"{len(other)} of {len(here)} files differ: {other[:5]}")
        return f"{pages_in(there)} of {REPORTS} pages and all files but the changes the same bytes; {whose}"

    yield from checked(
        {KILLED.number: kills, REPAIRED.number: repair, IDLE.number: idle, SAME.number: same}
    )


SCENES = (Scene((KILLED, REPAIRED, IDLE, SAME), play),)
