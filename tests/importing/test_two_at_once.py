"""Commands that write in one data folder at once, and those that read it: the end is that of some
order, none fails.

`ROUNDS=50 pytest -k some_order tests/importing/test_two_at_once.py` does it fifty times, each begun
in another order.
"""

import dataclasses
import datetime
import hashlib
import json
import os
import random
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import tomlkit
import typer

from helpers import tables
from helpers.cli import data_import
from helpers.contracts import files as files_of_ours
from helpers.errors import DataError, ParameterError, SetupError
from helpers.imports import detailed as apart
from helpers.imports import detailed_child, fetched
from helpers.imports.answers import Draft
from helpers.imports.judging import Asked
from helpers.make import inputs
from helpers.sources import imported, load_catalogue, recording
from helpers.sources.catalogue import of_one_generation
from helpers.sources.files.child import read_bytes
from helpers.sources.snapshot import Page, open_snapshot
from helpers.tables import workbook as workbook_of
from helpers.tables.workbook import Workbook
from tests.patience import until
from tests.publish.provided import PROVED

from .layouts import as_csv, by_month

ROUNDS = int(os.environ.get("ROUNDS", "1"))
COUNTED = (2, 3, 5)  # months that each file has
DETAILED = (1, 2)  # months that each detailed file of 2025 has, with two rows each
ROW = 100  # what the first detailed row is called
DETAIL_HEADER = "kommunkod;ar;manad;aldersgrupp;kon;medborgarskap;antal"


class Child:
    """A function in a process forked from this one, and what came of it."""

    def __init__(self, said: Path, work: Callable[[], object]) -> None:
        self.said = said
        self.pid = os.fork()
        if not self.pid:
            try:
                said.with_suffix(".out").write_text(json.dumps(work()), "utf-8")
            except BaseException:
                said.with_suffix(".err").write_text(traceback.format_exc(), "utf-8")
            os._exit(0)

    def told(self) -> object:
        """What it returned; what it raised fails the test."""
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        failed = self.said.with_suffix(".err")
        assert not failed.exists(), failed.read_text("utf-8")
        return json.loads(self.said.with_suffix(".out").read_text("utf-8"))


@pytest.fixture
def files(workbook, data_copy, tmp_path, monkeypatch):
    """One year's file by month as it grows, read in the same process; the data folder is set."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    monkeypatch.setattr(apart, "read_apart", lambda path: read_bytes(path.name, path.read_bytes()))
    monkeypatch.setattr(
        apart, "subprocess", SimpleNamespace(run=_answered, TimeoutExpired=TimeoutError)
    )
    found = {}
    for months in COUNTED:
        found[months] = tmp_path / f"manader_{months}.csv"
        found[months].write_bytes(as_csv(by_month(workbook, 2026, months)))
    return found


def _answered(*_: object, input: bytes, **__: object) -> SimpleNamespace:
    """What the process that reads a detailed table answers, found in this one."""
    return SimpleNamespace(
        returncode=0, stdout=json.dumps(detailed_child.answer(json.loads(input)))
    )


def _changed_tables(data: Path) -> list[str]:
    """Put tables of the project's own that differ from what is recorded; such as are not read when
    others are.
    """
    names = ["prov_a", "prov_b"]
    with (data / "sources.toml").open("a", encoding="utf-8") as file:
        for name in names:
            (data / f"{name}.parquet").write_text(name, "utf-8")
            told = {
                **PROVED,
                "path": f"{name}.parquet",
                "read_on": datetime.date(2024, 1, 1),
                "size": len(name),
            }
            file.write(tomlkit.dumps({name: told}))
    return names


def _detailed(folder: Path, months: int) -> Path:
    """One year's detailed file as it grows."""
    path = folder / f"uttag_{months}.csv"
    rows = [
        f"2480;2025;{month};18–24;{sex};Irak;3"
        for month in range(1, months + 1)
        for sex in ("kvinna", "man")
    ]
    path.write_text("\n".join([DETAIL_HEADER, *rows]) + "\n", "utf-8")
    return path


def _read_all() -> list[int]:
    """The months of 2026, then the detailed rows by number; loaded anew where others have come in
    meanwhile.
    """
    while True:
        loaded = tables.load()
        try:
            return _months_of(loaded) + list(range(ROW, ROW + len(tables.detail(loaded))))
        except DataError as error:
            if load_catalogue().written == loaded.catalogue.written:
                raise AssertionError(error) from None


def _import(file: Path) -> int:
    """Import a file as the command does: its exit code."""
    try:
        data_import.import_files([file], Asked(), dry_run=False, as_json=True)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _months() -> list[int]:
    return _months_of(tables.load())


def _months_of(loaded: Workbook) -> list[int]:
    return sorted(loaded.manader.loc[loaded.manader["ar"] == 2026, "manad"].unique().tolist())


def _fetch(data: Path) -> str:
    """Answer a question without the network, and write the table that the answers give."""
    header = ("kommunkod", "ar", "folkmangd")
    draft = Draft("folkmangd_prov", "folkmangd", "N01951", "Prov", header, (("2480", "2031", "7"),))
    service = dataclasses.replace(
        fetched.KOLADA, read=lambda *_: {}, drafts=lambda *_: ([draft], [])
    )
    with open_snapshot(data, service.id, datetime.date(2026, 11, 26)) as opened:
        opened.add(("N01951", 2031), "http://127.0.0.1/", [Page("http://127.0.0.1/N01951", b"7")])
        return fetched.store(data, service, opened).tables[0].table_id


def _copied(data: Path, aside: Path) -> list[int]:
    """A run's own copy of the data, loaded."""
    inputs.copy(data, aside, ("raw", "tidy"))
    return _months_of(tables.load(aside))


def _read_until(over: Path, read: Callable[[], list[int]]) -> list[list[int]]:
    """Read again and again until the writers have ended, and once more: what each reading found,
    without repeats.
    """
    found: list[list[int]] = []
    last = False
    while not last:
        last = over.exists()
        now = read()
        if not found or found[-1] != now:
            found.append(now)
    return found


def test_whoever_comes_first_is_judged_first(files, data_copy, tmp_path, monkeypatch):
    """A shorter file that was asked for before a longer one came in must not take its months
    away.
    """
    held, waits = tmp_path / "held", tmp_path / "waits"
    whole = files_of_ours._locked

    def locked(*given):
        waits.touch()
        return whole(*given)

    def late() -> int:
        until(held.exists, "the first import")
        monkeypatch.setattr(files_of_ours, "_locked", locked)
        return _import(files[2])

    second = Child(tmp_path / "child", late)
    with imported.held(data_copy):
        held.touch()
        until(waits.exists, "the second import")
        assert _import(files[5]) == 0
    assert second.told() == 5
    assert _months() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_end_is_that_of_some_order_and_no_reader_fails(seed, files, data_copy, tmp_path):
    over = tmp_path / "over"
    works: dict[str, Callable[[], object]] = {
        f"import {at}": partial(_import, file) for at, file in files.items()
    }
    details = {months: _detailed(tmp_path, months) for months in DETAILED}
    works |= {f"detail {months}": partial(_import, file) for months, file in details.items()}
    works |= {
        "fetch": partial(_fetch, data_copy),
        "tidy": lambda: len(tables.write_tidy(data_copy)),
    }
    works |= {
        f"record {name}": partial(recording.record, name, data_copy)
        for name in _changed_tables(data_copy)
    }
    reads = {"load": _read_all, "copy": partial(_copied, data_copy, tmp_path / "aside")}
    readers = {
        name: Child(tmp_path / name, partial(_read_until, over, read))
        for name, read in reads.items()
    }
    order = random.Random(seed).sample(sorted(works), len(works))
    writers = {name: Child(tmp_path / name, works[name]) for name in order}
    ended = {name: writer.told() for name, writer in writers.items()}
    over.touch()
    assert ended[f"import {max(COUNTED)}"] == 0, (
        "the longest file takes no month away, whoever came first"
    )
    assert all(ended[name] in (0, 5) for name in ended if name.startswith(("import", "detail")))
    assert ended["fetch"] == "folkmangd_prov"
    assert ended[f"detail {max(DETAILED)}"] == 0
    for name in ("prov_a", "prov_b"):
        now = hashlib.sha256(name.encode()).hexdigest()
        assert (ended[f"record {name}"], load_catalogue(data_copy)[name].sha256) == (
            [PROVED["sha256"], now],
            now,
        )
    assert _months() == list(range(1, max(COUNTED) + 1))
    catalogue = load_catalogue(data_copy)
    assert {"folkmangd_prov", "kommunmottagna_manad_2026_fil"} <= set(catalogue.tables)
    for name, reader in readers.items():
        seen = reader.told()
        assert seen == sorted(seen, key=len), f"{name}: never an older generation after a newer"
        found = [
            ([one for one in read if one < ROW], sum(one >= ROW for one in read)) for read in seen
        ]
        assert all(
            months in ([], *(list(range(1, at + 1)) for at in COUNTED)) for months, _ in found
        ), f"{name}: {seen}"
        assert {rows for _, rows in found} <= {0, *(2 * months for months in DETAILED)}, (
            f"{name}: {seen}"
        )
    with imported.held(data_copy):
        lying = {
            path.relative_to(data_copy).as_posix() for path in (data_copy / "imported").iterdir()
        }
    used = {entry.path for entry in catalogue.tables.values() if entry.remade}
    assert used <= lying
    # what they took the place of stays for a while, so that it can be taken back
    assert {name.rpartition("-")[0] for name in lying - used - {"imported/entries.toml"}} <= {
        name.rpartition("-")[0] for name in used
    }


def test_a_reader_that_meets_a_missing_file_reads_what_has_come_in_its_place(
    files, data_copy, monkeypatch
):
    """Two generations pass between its look at the entries and its reading of the tables they
    name.
    """
    _import(files[2])
    whole, met = workbook_of.loaded, []

    def late(catalogue):
        if not met:
            met.append(catalogue)
            _import(files[3])
            _import(files[5])
            for entry in catalogue.tables.values():
                if entry.remade:  # what was replaced stays for a while, and is then swept away
                    (data_copy / entry.path).unlink(missing_ok=True)
        return whole(catalogue)

    monkeypatch.setattr(workbook_of, "loaded", late)
    assert sorted(tables.load().manader["manad"].unique().tolist()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "error", [DataError("prov"), SetupError("prov"), FileNotFoundError(2, "prov")]
)
def test_whatever_a_reader_meets_while_a_generation_ends_it_reads_the_next(error, data_copy):
    met = []

    def read(catalogue) -> str:
        met.append(catalogue.written)
        if len(met) == 1:
            with (data_copy / "sources.toml").open("a", encoding="utf-8") as file:
                file.write("# another\n")
            raise error
        return catalogue.written

    assert of_one_generation(data_copy, read) != met[0]
    met.clear()
    with pytest.raises(type(error)):
        of_one_generation(data_copy, lambda _: (_ for _ in ()).throw(error))


def test_a_damaged_imported_table_is_made_again_by_the_command_that_its_message_names(
    files, data_copy
):
    _import(files[2])
    entry = load_catalogue(data_copy)["kommunmottagna_manad_2026_fil"]
    path, content = data_copy / entry.path, (data_copy / entry.path).read_bytes()
    for damage in (lambda: path.write_bytes(content + b"\n"), path.unlink):
        damage()
        if path.exists():
            with pytest.raises(DataError, match=r"mottagning data import manader_2\.csv"):
                tables.load()
        else:  # what cannot be read at all is set aside
            assert entry.id not in tables.load().catalogue.tables
        with pytest.raises(ParameterError, match=r"mottagning data import manader_2\.csv"):
            recording.record(entry.id, data_copy)
        assert _import(files[2]) == 0
        assert path.read_bytes() == content
    path.write_bytes(b"")  # what cannot be read is set aside, and a longer file takes its place
    assert _import(files[3]) == 0
    assert _months() == [1, 2, 3]
