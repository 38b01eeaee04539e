"""A small edition to do harm to: its files, its runs as processes, what its readers see and what is
left behind.
"""

import json
import os
import posixpath
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from helpers.make.run import JOURNAL
from tests.drill.process import Run
from tests.drill.scene import demand
from tests.drill.small import make
from tests.patience import gate, until
from tests.publish.samples import (
    ANSWER,
    END,
    FIGURE,
    FIGURE_HTML,
    HEAD,
    display,
    read_journal,
    write_job,
)

TAG = "DRILL_RUN"  # in the environment of a run and of all that it starts
LINK = re.compile(r'<a\b[^>]*? href="([^"#][^"]*)"')
SOUND = tuple("abcdefgh")
MARK = re.compile(r"Utgåva (\w+)")
LOAD = f"""import json, os
from pathlib import Path
mark = Path(os.environ["DRILL_DATA"], "prov.csv").read_text("utf-8").split()[1]
answer, end = {ANSWER!r}, {END | {"answer": "MARK"}!r}"""
SAY = """html = f'<p class="answer" id="svar">Utgåva {mark}.</p>'
display({"text/html": html, "text/plain": "", "application/vnd.mottagning+json": answer}, raw=True)"""
CLOSE = """end["answer"] = f"Utgåva {mark}."
display({"text/html": "", "text/plain": "", "application/vnd.mottagning+json": end}, raw=True)"""
BEFORE, AFTER = [display(HEAD), LOAD, SAY], [display(FIGURE, FIGURE_HTML), CLOSE]


@dataclass(eq=False)
class Shop:
    """A folder with a small edition.

    Attributes:
        folder: Where it lies.
        cells: For each report, cells of its own between its answer and its chart.
    """

    folder: Path
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "data").mkdir(exist_ok=True)
        for name, cells in self.cells.items():
            self.write(name, [*BEFORE, *cells, *AFTER])
        self.ask("Provutgåva", list(self.cells))
        self.mark("A")

    @property
    def out(self) -> Path:
        return self.folder / "reports"

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Write a report's notebook."""
        write_job(self.folder, name, list(cells))

    def ask(self, title: str, reports: Sequence[str]) -> None:
        """Say which reports the edition has."""
        (self.folder / "edition.json").write_text(
            json.dumps({"title": title, "reports": list(reports)}), "utf-8"
        )

    def mark(self, mark: str) -> None:
        """Replace the data: every page of a release made from it tells this mark."""
        aside = self.folder / "data.new"
        aside.write_text(f"kommunkod {mark}\n", "utf-8")
        aside.replace(self.folder / "data" / "prov.csv")

    def begin(self, before: Callable[[], object] | None = None, **how: Any) -> Run:
        """Start a run; `before` is called first in its process, and `how` is for `small.make`."""

        def play() -> None:
            os.environ[TAG] = self.tag
            if before:
                before()
            make(self.folder, **how)

        return Run(self.folder / "said", play)

    def hold(self) -> None:
        """Let every report wait at a gate of its own, after its answer, until it is let through."""
        (self.folder / "gates").mkdir()
        for name, cells in self.cells.items():
            self.write(name, [*BEFORE, *cells, gate(self.folder / "gates" / name), *AFTER])

    def let(self, *names: str) -> None:
        """Let reports through, in this run and those that follow."""
        for name in names:
            (self.folder / "gates" / name).touch()

    def run(self, before: Callable[[], object] | None = None, **how: Any) -> Run:
        """Make the edition, to the run's end."""
        return self.begin(before, **how).ended()

    def journal(self) -> list[dict[str, Any]]:
        """What the journal holds; nothing where there is none."""
        try:
            return read_journal(self.out / JOURNAL)
        except OSError:
            return []

    def delivered(self) -> set[str]:
        """The reports that the journal says are made."""
        return {line["id"] for line in self.journal() if line["status"] == "delivered"}

    def left(self) -> list[str]:
        """What runs still, of all that its runs have started, though its end was waited for."""
        try:
            until(lambda: not _tagged(self.tag))
        except AssertionError:
            return _tagged(self.tag)
        return []


def first_release(folder: Path) -> Shop:
    """Return a small edition that is published with the mark A."""
    shop = Shop(folder, {report: [] for report in SOUND})
    run = shop.run()
    demand(
        run.code == 0 and marks(shop.out) == {"A"},
        f"the first release: exit {run.code}: {run.err[-300:]}",
    )
    return shop


def pages(address: Path) -> dict[str, str]:
    """Return each page that a reader meets from the index on, by its address as a browser resolves
    it.
    """
    found, waiting = dict[str, str](), [str(address)]
    while waiting:
        here = waiting.pop()
        if here in found or not here.endswith(".html"):
            continue
        found[here] = Path(here).read_text("utf-8")
        waiting += [resolved(here, link) for link in LINK.findall(found[here])]
    return found


def resolved(address: str, link: str) -> str:
    """Return the address that a link on a page leads to: by its text, as in a browser, whatever is
    a link on disk.

    >>> resolved("/r/html/index.html", "../releases/4f/html/lan/24.html")
    '/r/releases/4f/html/lan/24.html'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(address), link))


def marks(out: Path) -> set[str]:
    """Return the marks that a reader of the published pages meets; that of what changed is told on
    both.
    """
    found = pages(out / "html" / "index.html")
    whole = [name for name, page in found.items() if not page.rstrip().endswith("</html>")]
    demand(not whole, f"torn: {whole}")
    return {
        mark
        for name, page in found.items()
        if "andringar" not in name
        for mark in MARK.findall(page)
    }


def _tagged(tag: str) -> list[str]:
    """Return the processes, but those that only wait to be reaped, whose environment holds a
    tag.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TAG) == tag and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())[:80]}")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found
