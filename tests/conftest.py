"""Shared by all tests: the browser, and one edition rendered the way a user renders it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import Phase, settings
from xdist.scheduler import LoadScopeScheduling

from tests.patience import PATIENCE

if TYPE_CHECKING:
    import pandas as pd

    from helpers.sources import Catalogue

# The same examples on every run and no clock: a property fails because it is false, not because a
# machine is slow. A failing example is made small, and that says enough: why each part of it
# matters costs far more to find out.
PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
settings.register_profile("house", deadline=None, derandomize=True, phases=PHASES)
settings.load_profile("house")

# a cell that is slow here is not one that hangs
os.environ.setdefault("MOTTAGNING_TIMEOUT", str(PATIENCE))

BROWSER = "chromium"
GROUP = re.compile(r'^pytestmark = .*xdist_group\("(\w+)"\)', re.MULTILINE)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def pytest_addoption(parser):
    """Let the golden texts be written anew."""
    parser.addoption(
        "--accept", action="store_true", help="take what the pages say now as the golden texts"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """In CI a test of a browser or an office programme that was skipped has failed: what nobody
    opened is not known.
    """
    report = yield
    needed = [name for name in ("browser", "office") if item.get_closest_marker(name)]
    if report.skipped and os.environ.get("CI") == "true" and needed:
        report.outcome = "failed"
        report.longrepr = f"In CI no {needed[0]} test may be skipped: {report.longrepr}"
    return report


class ByGroup(LoadScopeScheduling):
    """Modules with a group stay on one worker, whole, for they share what is dear; other tests go
    anywhere.

    xdist's own way marks the tests' names, which pytest no longer lets it do.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return group_of(module) or nodeid


@cache
def group_of(module: str) -> str:
    """The group that a module names in its `pytestmark`; nothing where it names none."""
    path = Path(__file__).parents[1] / module
    found = GROUP.search(path.read_text("utf-8")) if path.is_file() else None
    return found[1] if found else ""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep groups together with --dist loadgroup."""
    return ByGroup(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's chromium."""
    path = shutil.which(BROWSER)
    if path is None:
        pytest.skip(f"{BROWSER} is not on the PATH; on Debian: apt-get install {BROWSER}")
    return path


@pytest.fixture(scope="module")
def browser(chromium):
    """A headless browser, ended with the module: its event loop would disturb the tests that
    follow.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh page on a desktop."""
    with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
        page.set_default_timeout(1000 * PATIENCE)
        yield page


@pytest.fixture(scope="session")
def edition(tmp_path_factory) -> Path:
    """The pages of the nation's edition, all 316 reports."""
    return _edition(tmp_path_factory, "alla")


@pytest.fixture(scope="session")
def english(tmp_path_factory) -> Path:
    """The pages of the English edition: Västerbotten, Umeå and the five overviews."""
    return _edition(tmp_path_factory, "english")


def _edition(tmp_path_factory, name: str) -> Path:
    """An edition's pages, rendered once per run by the command a user types."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"edition {name}"
    shared.mkdir(exist_ok=True)
    said = shared / "said.txt"
    with FileLock(shared / "lock"):
        if not said.exists():  # a failed rendering is not tried again by the next worker
            said.write_text(_render(name, shared / "out"), "utf-8")
    pages = shared / "out" / "current" / "html"
    assert (pages / "index.html").is_file(), (
        f"mottagning reports left no index:\n{said.read_text('utf-8')}"
    )
    return pages


def _render(edition: str, out: Path) -> str:
    """Run the command; what it said and how it ended."""
    command = [
        str(Path(sys.executable).parent / "mottagning"),
        "reports",
        "--edition",
        edition,
        "--out",
        str(out),
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    return f"{ran.stdout}{ran.stderr}exit {ran.returncode}"


@pytest.fixture(scope="session", autouse=True)
def nursery() -> Iterator:
    """Forks the warm processes that are started in a test's own process; the first start begins
    it.
    """
    from tests.nursery import Nursery

    nursery = Nursery()
    yield nursery
    nursery.end()


@pytest.fixture(scope="module", autouse=True)
def warm_by_fork(request, nursery) -> Iterator[None]:
    """Let supervisors fork their warm process, but where its start is what is tested."""
    from helpers.warm.supervisor import Supervisor

    with pytest.MonkeyPatch.context() as patch:
        if Path(request.path).parent.name != "warm":
            patch.setattr(Supervisor, "_start", lambda own: nursery.start(own))
        yield


@pytest.fixture(scope="session", autouse=True)
def checked_once() -> Iterator[None]:
    """Parse and check a table once for all tests that load it with the same bytes and entry: most
    of loading is that.

    What a table holds decides whether it is sound, so nothing is judged by what another test has
    loaded.
    """
    from helpers.tables import check, workbook

    sound: dict[tuple[str, bytes], pd.DataFrame] = {}

    def checked(catalogue: "Catalogue", table_id: str) -> "pd.DataFrame":
        file = catalogue.file(table_id)  # which notes the table as read
        if not file.is_file():
            return check.checked_table(catalogue, table_id)
        told = catalogue[table_id].model_dump_json(), sha256(file.read_bytes()).digest()
        if told not in sound:
            sound[told] = check.checked_table(catalogue, table_id)
        return sound[told].copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "checked_table", checked)
        yield


@pytest.fixture(scope="session")
def workbook():
    """All published tables, checked and tidy; frozen, so that tests can share it."""
    from helpers import tables

    return tables.load()


@pytest.fixture
def data_copy(tmp_path) -> Path:
    """A copy of the data folder that a test may spoil."""
    target = tmp_path / "data"
    shutil.copytree(
        Path(__file__).parents[1] / "data", target, ignore=shutil.ignore_patterns("raw", "tidy")
    )
    return target
