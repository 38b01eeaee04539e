"""What each command creates, replaces and removes is what docs/operations.md says of it, and
nothing else.
"""

import contextlib
import dataclasses
import datetime
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer.main

from helpers.cli import data_fetch, main
from helpers.cli import schedule as scheduling
from helpers.cli.app import app
from helpers.cli.options import Commands
from helpers.imports import detailed, fetched
from helpers.imports.answers import Draft
from helpers.imports.spot_check import PLACE, Told
from helpers.make import run as making
from helpers.make import warm_start
from helpers.sources import load_catalogue
from helpers.sources.files.child import read_bytes
from helpers.sources.snapshot import Page
from tests.importing.layouts import as_csv, by_month
from tests.publish.runs import Maker, edition, order
from tests.test_scenario_cli import AGREED, PLACES, SOUND

pytestmark = pytest.mark.xdist_group("touched")

DOCUMENT = (Path(__file__).parents[1] / "docs/operations.md").read_text("utf-8")
TABLE = DOCUMENT.partition("### What a command may touch")[2].partition("\n## ")[0]
OWN = ("book/data", "book/notebooks")  # what the small edition is made from, written by the test
COLUMNS = ("creates", "replaces", "removes")
PAIR = ("vasterbotten-2019-grund", "vasterbotten-2019-nollning")
ANSWERED = ("N01951", 2031)
TRUE = shutil.which("true") or ""  # found before the test hides the path


def codes(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def rows_of(text: str) -> dict[str, dict[str, list[str]]]:
    """The table by what its first column names, an option included, and its other columns'
    places.
    """
    cells = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {
        name: {column: codes(cell) for column, cell in zip(COLUMNS, told, strict=True)}
        for first, _, *told in cells
        for name in codes(first)
    }


ROWS = rows_of(TABLE)


def allowed(name: str, column: str) -> set[str]:
    """The places that a command's row names in a column; where it names another command, that one's
    too.
    """
    found: set[str] = set()
    for place in ROWS[name][column]:
        if place in ROWS:
            found |= allowed(place, column)
        elif not place.startswith("--"):
            told = re.escape(place).replace("…", ".+").replace("<report>", ".+")
            found.add(re.sub("<[^<>]+>", "[^/]+", told))
    return found


def commands(group: object, before: str = "") -> Iterator[str]:
    """Every command of the command line, by the words that call it."""
    for name, command in getattr(group, "commands", {}).items():
        words = f"{before} {name}".strip()
        yield from commands(command, words) if hasattr(command, "commands") else [words]


def seen(folder: Path) -> dict[str, tuple[int, ...]]:
    """All that lies below a folder, with what shows that it was touched; of a folder, that it is
    there.
    """
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}
    found = {name: told for name, told in found.items() if not name.startswith(OWN)}
    return {
        name: (0,) if stat.S_ISDIR(told.st_mode) else (told.st_mtime_ns, told.st_ino, told.st_size)
        for name, told in found.items()
    }


def touched(
    before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]]
) -> dict[str, set[str]]:
    """What was created, replaced and removed; a folder that something was put into is not told of
    by itself.
    """
    new, gone = after.keys() - before.keys(), before.keys() - after.keys()
    bare = {
        name
        for name in new
        if after[name] == (0,) and any(other.startswith(f"{name}/") for other in new)
    }
    left = {
        name
        for name in gone
        if before[name] == (0,) and any(other.startswith(f"{name}/") for other in gone)
    }
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return {"creates": new - bare, "replaces": changed, "removes": gone - left}


def refused(name: str, bases: list[str], found: dict[str, set[str]]) -> list[str]:
    """What a command touched that its row does not name, as a place in one of the folders that the
    row is about.
    """
    return [
        f"{column} {path}"
        for column, paths in found.items()
        for path in sorted(paths)
        if not any(
            path.startswith(base) and re.fullmatch(may, path.removeprefix(base))
            for base in bases
            for may in allowed(name, column)
        )
    ]


def test_every_command_has_a_row_and_every_row_a_command_and_a_run():
    there = set(commands(typer.main.get_command(app)))
    assert {name.partition(" --")[0] for name in ROWS} == there
    assert set(ROWS) == set(CALLS)
    assert len(there) >= 24


def test_a_command_without_a_row_or_a_touched_place_that_no_row_names_is_found():
    more = Commands()
    more.command(name="nytt")(lambda: None)
    more.command(name="annat")(lambda: None)
    assert set(commands(typer.main.get_command(more))) - set(ROWS) == {"nytt", "annat"}
    put = touched(
        {"data/x": (1, 1, 1)},
        {"data/x": (1, 2, 1), "data/tidy": (0,), "data/tidy/y.parquet": (1, 1, 1)},
    )
    assert refused("data tidy", ["data/"], put) == ["replaces data/x"]
    assert refused("data tidy", ["reports/"], put) == [
        "creates data/tidy/y.parquet",
        "replaces data/x",
    ]
    assert refused("check", ["data/"], put) == ["creates data/tidy/y.parquet", "replaces data/x"]
    assert refused("data import", ["data/"], touched({"data/raw/mitt": (1, 1, 1)}, {})) == [
        "removes data/raw/mitt"
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory, workbook):
    """A user's home with the data, two releases of a small edition, a file to import, and no
    network.
    """
    home = tmp_path_factory.mktemp("world")
    data = home / "data"
    shutil.copytree(
        Path(__file__).parents[1] / "data", data, ignore=shutil.ignore_patterns("raw", "tidy")
    )
    (home / "file.csv").write_bytes(as_csv(by_month(workbook, 2026, 2)))
    (data / "scenarios/prov.yaml").write_text(SOUND + AGREED + PLACES, "utf-8")
    aside = tmp_path_factory.mktemp("aside")
    # of matplotlib's list of letters
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    for name in ("tmp", "bin"):
        (aside / name).mkdir()
    (aside / "bin/systemctl").write_text("#!/bin/sh\n", "utf-8")
    (aside / "bin/systemctl").chmod(0o755)
    for name in ("book", "run", "config/matplotlib"):  # the last is matplotlib's own to make
        (home / name).mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        places = {
            "HOME": home,
            "XDG_CONFIG_HOME": home / "config",
            "TMPDIR": aside / "tmp",
            "XDG_RUNTIME_DIR": home / "run",
            "XDG_CACHE_HOME": cache,
        }
        for name, value in {
            **places,
            "MOTTAGNING_DATA": data,
            "PATH": aside / "bin",
            "TERM": "dumb",
        }.items():
            patch.setenv(name, str(value))
        patch.chdir(home)
        patch.setattr(detailed, "read_apart", lambda path: read_bytes(path.name, path.read_bytes()))
        patch.setattr(
            making, "engine", lambda *_: contextlib.nullcontext(Maker(home / "book/data"))
        )
        patch.setattr(scheduling, "reports_call", lambda _: [TRUE])
        patch.setattr(data_fetch, "_kolada", partial(_service, home))
        with pytest.MonkeyPatch.context() as own:
            edition(home / "book", own)
            (home / "book/data/b.csv").write_text("annat", "utf-8")
            edition(home / "book", own)
        yield SimpleNamespace(home=home, patch=patch, out=home / "book/reports")
        for place in warm_start.addresses():
            warm_start.stop(place)


def _service(home: Path, *_: object) -> data_fetch.ServiceCall:
    """One that answers one question with one figure, without a network."""
    header = ("kommunkod", "ar", "folkmangd")
    draft = Draft("folkmangd_prov", "folkmangd", "N01951", "Prov", header, (("2480", "2031", "7"),))
    service = dataclasses.replace(
        fetched.KOLADA, read=lambda *_: {}, drafts=lambda *_: ([draft], [])
    )
    page = Page("http://127.0.0.1/N01951", b"7")
    return data_fetch.ServiceCall(
        service,
        "--base-url",
        "http://127.0.0.1/",
        [ANSWERED],
        lambda _: ([ANSWERED], lambda _: [page], []),
        ask_figure=lambda held: Told(
            held.words, "antal", {(PLACE, "T"): Decimal(held.number)}, county_unit=""
        ),
    )


def call(*words: str) -> Callable[[SimpleNamespace], None]:
    """Call the command line; OUT stands for the folder of reports, HOME for where all lies."""

    def run(world: SimpleNamespace) -> None:
        with pytest.raises(SystemExit) as ended:
            main(
                [
                    word.replace("OUT", str(world.out)).replace("HOME", str(world.home))
                    for word in words
                ]
            )
        assert not ended.value.code

    return run


def make_edition(world: SimpleNamespace) -> None:
    """An update after which the oldest release goes."""
    (world.home / "book/data/c.csv").write_text("nytt", "utf-8")
    with pytest.MonkeyPatch.context() as own:
        assert edition(world.home / "book", own, kept=2)


def make_single(world: SimpleNamespace) -> None:
    plan, options = order(world.home / "book")
    for _ in range(2):
        making.publish_single(plan, dataclasses.replace(options, out=world.home / "enstaka"))


def change_a_table(world: SimpleNamespace) -> None:
    table = world.home / "data" / load_catalogue(world.home / "data")["lan"].path
    table.write_bytes(table.read_bytes() + b"\n")


ASKED = ("--kommunkod", "2260", "--runda", "2022-02")
OUT, DATA, UNITS = "book/reports/", "data/", "config/systemd/user/"
RUNTIME = "run/"
CALLS: dict[str, tuple[list[str], Callable[[SimpleNamespace], None]]] = {
    "data tidy": ([DATA], call("data", "tidy")),
    "check": ([], call("check")),
    "compare": ([], call("compare", "OUT/html", "OUT/html")),
    "data imports": ([], call("data", "imports")),
    "data status": ([], call("data", "status")),
    "lagesbild mall": ([""], call("lagesbild", "mall", *ASKED, "--till", "HOME/mall.xlsx")),
    "lagesbild las": ([DATA], call("lagesbild", "las", "HOME/svar.xlsx", "--spara")),
    "explain": ([], call("explain", "lan/24", "--out", "OUT")),
    "history": ([], call("history", "--out", "OUT")),
    "releases": ([], call("releases", "--out", "OUT")),
    "sources": ([], call("sources")),
    "status": ([], call("status", "--out", "OUT")),
    "warm start": ([RUNTIME], call("warm", "start")),
    "warm status": ([], call("warm", "status")),
    "warm stop": ([RUNTIME], call("warm", "stop")),
    "scenario compare": ([], call("scenario", "compare", *PAIR)),
    "scenario kommuntal": ([], call("scenario", "kommuntal", "--lan", "AC", "--lanstal", "320")),
    "scenario list": ([], call("scenario", "list")),
    "scenario propose": ([], call("scenario", "propose", "prov")),
    "scenario run": ([], call("scenario", "run", PAIR[0])),
    "scenario compare --svg": ([""], call("scenario", "compare", *PAIR, "--svg", "HOME/bild.svg")),
    "publish": (["www/"], call("publish", "HOME/www", "--out", "OUT")),
    "reports": ([OUT], make_edition),
    "report": (["enstaka/"], make_single),
    "reports --only": (["enstaka/"], make_single),
    "schedule install": ([UNITS, OUT], call("schedule", "install", "--backend", "systemd", "--out", "OUT")),
    "schedule show": ([], call("schedule", "show")),
    "schedule run": ([OUT], call("schedule", "run", "--out", "OUT", "--keep-logs", "1")),
    "schedule remove": ([UNITS, OUT], call("schedule", "remove")),
    "rollback": ([OUT], call("rollback", "--out", "OUT")),
    "data import": ([DATA], call("data", "import", "HOME/file.csv")),
    "data fetch": ([DATA], call("data", "fetch", "--source", "kolada")),
    "scenario propose --write": ([DATA], call("scenario", "propose", "prov", "--write", "Förslag")),
    "sources --record": ([DATA], call("sources", "--record", "lan")),
}  # fmt: skip


PREPARED = {
    "sources --record": change_a_table,
    "warm stop": call("warm", "start"),
    "lagesbild las": call("lagesbild", "mall", *ASKED, "--till", "HOME/svar.xlsx"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_command_touches_what_its_row_says_and_nothing_else(name, world):
    bases, run = CALLS[name]
    PREPARED.get(name, lambda _: None)(world)
    before = seen(world.home)
    run(world)
    found = touched(before, seen(world.home))
    assert refused(name, bases, found) == []
    assert any(found.values()) == any(ROWS[name].values()), found


WRITING = {
    "data import": ["data", "import", "HOME/file.csv"],
    "data fetch": ["data", "fetch", "--source", "kolada"],
    "data tidy": ["data", "tidy"],
    "scenario propose --write": [
        "scenario",
        "propose",
        "prov",
        "--write",
        "Förslag",
        "--overwrite",
    ],
    "scenario compare --svg": [
        "scenario",
        "compare",
        *PAIR,
        "--svg",
        "HOME/bild.svg",
        "--overwrite",
    ],
    "schedule install": ["schedule", "install", "--backend", "systemd"],
}
LINKED = {
    "data import": ["imported", "imported/.left"],
    "data fetch": [
        "imported/entries.toml",
        "raw",
        "raw/kolada",
        "raw/kolada/DAY",
        "raw/kolada/DAY/index.json",
    ],
    "data tidy": ["tidy", "tidy/mottagna.parquet"],
    "scenario propose --write": ["scenarios", "scenarios/forslag.yaml"],
    "scenario compare --svg": ["../bild.svg"],
    "schedule install": [
        f"../{UNITS}".rstrip("/"),
        "../config/systemd",
        f"../{UNITS}mottagning-standard.timer",
    ],
}


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name, places in LINKED.items() for place in places]
)
def test_a_link_in_a_place_of_ours_is_refused_and_nothing_is_written_through_it(
    name, place, world, tmp_path, capsys
):
    path = world.home / "data" / place.replace("DAY", datetime.date.today().isoformat())
    target = tmp_path / "theirs"
    if path.is_dir():
        shutil.copytree(path, target, symlinks=True)
        path.rename(tmp_path / "kept")
    else:
        target.write_bytes(path.read_bytes() if path.exists() else b"deras")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.rename(tmp_path / "kept")
    path.symlink_to(target)
    before = seen(world.home), seen(tmp_path), target.is_file() and target.read_bytes()
    with pytest.raises(SystemExit) as ended:
        main([word.replace("HOME", str(world.home)) for word in WRITING[name]])
    after = seen(world.home), seen(tmp_path), target.is_file() and target.read_bytes()
    path.unlink()
    if (tmp_path / "kept").exists():
        (tmp_path / "kept").rename(path)
    assert (ended.value.code, path.name in capsys.readouterr().err) == (4, True)
    assert after == before
