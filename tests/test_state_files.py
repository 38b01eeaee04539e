"""Whatever lies in the place of a file that tells how things stand, it is read or told; no other
file suffers.

What lies in a folder of reports is tried by tests/publish/test_whole.py, what people write by
tests/test_yaml.py.
"""

import datetime
import re
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from helpers.cli import schedule as scheduling
from helpers.clock import systemd
from helpers.clock.schedule import Schedule
from helpers.contracts.files import resolved
from helpers.contracts.marks import mark_for, write_mark
from helpers.contracts.text import from_json
from helpers.errors import WorkbookError
from helpers.releases import folder as ours
from helpers.releases.compare import compare, is_edition
from helpers.sending import send
from helpers.sending.targets import Target
from helpers.sources import imported, load_catalogue
from helpers.sources.published import load_measures
from helpers.sources.recording import record
from helpers.sources.rules import load_rules
from helpers.sources.snapshot import Page, newest_answers, open_snapshot, snapshots
from helpers.tables import parquet
from tests.publish.test_compare import edition, fact
from tests.publish.test_whole import DEEP, PUT, STATES

SOURCE = Path(__file__).parents[1] / "src" / "helpers"
READING = re.compile(  # calls that make something of the text of a file
    r"\b(json\.loads?|from_json|tom\w+\.(loads|parse)|state\.(read|lines|parsed|content)|(model_)?validate_json)\("
)
# each place of the package that reads a file of ours: what it reads, by the test's own names
STATED = {
    "contracts/marks.py": ("reports/.mottagningsboken",),
    "cli/run_record.py": (".journal.jsonl",),
    "releases/compare.py": ("html/manifest.json",),
    "clock/history.py": ("history.jsonl", "status.json"),
    "releases/folder.py": ("reports/.single.jsonl", ".lock"),
    "releases/contents.py": ("current/release.json",),
    "releases/store.py": ("releases/state.json", "current/reports.jsonl"),
    "make/reuse.py": (".journal.jsonl",),
    "clock/schedule.py": ("systemd/user/mottagning-prov.service",),
    "sending/send.py": ("www/current.json",),
    "sources/catalogue.py": ("sources.toml", "measures.toml", "rules.toml"),
    "sources/snapshot.py": ("raw/kolada/2026-01-02/index.json",),
    "sources/recording.py": ("sources.toml", "imported/entries.toml"),
    "imports/answers.py": ("raw/kolada/2026-01-02/N01986_2016_1.json",),
    "tables/parquet.py": ("tidy/index.json",),
}
NONE_OF_OURS = {  # no file that tells how things stand, and why it needs no line
    "cli/terminal.py": "a frame's own JSON",
    "make/execute.py": "a notebook of the package's",
    "releases/state.py": "the reader itself",
    "contracts/text.py": "the reader itself",
    "sources/files/child.py": "the answer of a process of ours",
    "sending/address.py": "an option of the command line",
    "sources/borders.py": "what a file of an installed package says of itself",
    "sources/web.py": "an answer from the network",
    "imports/detailed_child.py": "what a process of ours was asked",
    "imports/detailed.py": "the answer of a process of ours",
    "warm/resident.py": "what a process of ours tells of itself",
    "warm/wire.py": "what a process of ours tells",
    "workbench.py": "the answer of a process of ours",
}
DAY, QUESTION = datetime.date(2026, 1, 2), ("N01986", 2016)
CALL = Schedule("/m", "prov", "/out", None, 12, 360, "", "0 6 * * 1", "Mon 06:00")


def sources(root: Path) -> None:
    load_measures(load_catalogue(root))
    load_rules(load_catalogue(root))
    record("lan", root)


def fetched(root: Path) -> None:
    with open_snapshot(root, "kolada", DAY) as snapshot:
        snapshot.in_hand(QUESTION, "http://x/")
    for _, pages in newest_answers(snapshots(root, "kolada")).values():
        with suppress(ValueError):
            pages[0].json()


def left(root: Path) -> None:
    imported._sweep(root)


def tidied(root: Path) -> None:
    catalogue = load_catalogue(root)
    parquet.read(catalogue)
    parquet.read_columns(catalogue, "prov", ["a"])
    parquet.write(catalogue, "k", {"prov": pd.DataFrame({"a": [1]})}, {}, lambda _: {})


def scheduled(root: Path) -> None:
    scheduling._there("systemd", "prov")


def claimed(root: Path) -> None:
    ours.claim(root / "reports")


def sent(root: Path) -> None:
    target = Target(str(root / "www"), {})
    send.claim_target(target, False)
    send._order(target)


def compared(root: Path) -> None:
    if is_edition(root / "html"):
        compare(root / "html", root / "html")


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """A small data folder with every file that tells how things stand, and a timer's units."""
    data = Path(__file__).parents[1] / "data"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("os.fsync", lambda _: None)
    for place in ("imported", "published"):
        (tmp_path / place).mkdir()
    (tmp_path / "published/lan.csv").write_bytes((data / "published/lan.csv").read_bytes())
    lan = (data / "sources.toml").read_text("utf-8").partition("[lan]")[2].partition("\n[")[0]
    (tmp_path / "sources.toml").write_text(f"[lan]{lan}", "utf-8")
    for name in ("measures.toml", "rules.toml"):
        (tmp_path / name).write_bytes((data / name).read_bytes())
    imported.replace(tmp_path / "imported/entries.toml", imported._toml("", {}))
    with open_snapshot(tmp_path, "kolada", DAY) as snapshot:
        snapshot.add(QUESTION, "http://x/", [Page("http://x/", b'{"values": []}')])
    systemd.folder().mkdir(parents=True)
    for name, text in systemd.texts(CALL).items():
        (systemd.folder() / name).write_text(text, "utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/.single.jsonl").write_text(
        '{"id": "a/b", "status": "delivered", "failure": null}\n', "utf-8"
    )
    write_mark(tmp_path / "reports", mark_for("reports"))
    (tmp_path / "www/releases").mkdir(parents=True)
    for name, text in {
        "current.json": '{"release": "x", "edition": "x", "reports": 1}',
        "releases/state.json": "{}",
    }.items():
        (tmp_path / "www" / name).write_text(text, "utf-8")
    edition(tmp_path / "html", {"lan/24": [fact(1)]})
    for ask in (sources, fetched, left, tidied, scheduled, claimed, sent, compared):
        ask(tmp_path)
    (tmp_path / "imported/.left").write_text("imported/borta-01234567.csv\n", "utf-8")
    return tmp_path


HERE = {  # what is asked of each
    "sources.toml": [sources, left, tidied],
    "measures.toml": [sources],
    "rules.toml": [sources],
    "imported/entries.toml": [sources, left],
    "imported/.left": [left],
    "tidy/index.json": [tidied],
    "tidy/prov.parquet": [tidied],
    "tidy/.mottagningsboken": [tidied],
    "raw/kolada/2026-01-02/index.json": [fetched],
    "raw/kolada/2026-01-02/N01986_2016_1.json": [fetched],
    "systemd/user/mottagning-prov.service": [scheduled],
    "systemd/user/mottagning-prov.timer": [scheduled],
    "reports/.mottagningsboken": [claimed],
    "reports/.single.jsonl": [claimed],
    "www/.mottagningsboken": [sent],
    "www/current.json": [sent],
    "www/releases/state.json": [sent],
    "html/manifest.json": [compared],
    "html/lan/24.json": [compared],
}
OURS = {  # what is written anew where it is lost
    "tidy/index.json", "tidy/prov.parquet", "tidy/.mottagningsboken", "reports/.mottagningsboken",
    "www/.mottagningsboken", "imported/.left",
}  # fmt: skip
SHAPES = dict(PUT)
SHAPES["deep as TOML"] = lambda path: path.write_bytes(b"a = " + DEEP)
SHAPES["deep in a unit"] = lambda path: path.write_bytes(b"# " + DEEP)
SHAPES["of other types"] = lambda path: path.write_bytes(
    b'{"key": [], "tables": 5, "answers": 5, "program": {}}'
)
SHAPES["a list of others"] = lambda path: path.write_bytes(
    b'{"key": "k", "tables": [5, "../sources", null]}'
)


def lying(root: Path, but: str) -> dict[str, bytes]:
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name not in {*OURS, but}}


@pytest.mark.parametrize("name", HERE)
def test_a_file_of_any_shape_is_told_and_costs_no_other(root, name):
    """One copy for all shapes: what is asked must leave the rest as it was, whatever was asked
    before.
    """
    path, whole = root / name, (root / name).read_bytes()
    assert path.is_file()
    before = lying(root, name)
    for put in SHAPES.values():
        put(path)
        for ask in HERE[name]:
            with suppress(WorkbookError, OSError):  # both are told without a traceback
                ask(root)
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(whole)
    assert lying(root, name) == before


def modules(calls: re.Pattern[str]) -> set[str]:
    """The modules that call what is named."""
    files = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}
    return {name for name, path in files.items() if calls.search(path.read_text("utf-8"))}


def test_every_place_that_reads_a_state_file_has_its_line_in_a_test():
    assert modules(READING) == STATED.keys() | NONE_OF_OURS.keys()
    assert {name for names in STATED.values() for name in names} <= {*HERE, *STATES}


def test_json_is_read_by_the_one_reader_that_no_depth_hurts():
    # the last two work without the house, and outlive whatever they are told
    house = {"contracts/text.py", "imports/detailed_child.py"}
    others = house | {"warm/resident.py", "warm/wire.py"}
    assert modules(re.compile(r"\bjson\.loads?\(")) == others
    for text in (DEEP, b"{", b"\xff", "\ud800"):
        with pytest.raises(ValueError, match=r"deep|Expecting|codec"):
            from_json(text)


def test_a_link_that_leads_in_a_circle_is_followed_by_the_one_function_that_takes_no_harm(tmp_path):
    assert modules(re.compile(r"(?<!__file__\))\.resolve\(")) == set()
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    assert resolved(circle).name == "circle"
    with pytest.raises(OSError, match="Too many levels"):
        resolved(circle).open()
