"""Whatever standard output is like, a command does its work, ends with its own code, and shows no traceback."""

import errno
import importlib
import io
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import cli, tables
from helpers.cli import tidying
from tests.importing.layouts import as_csv, sound
from tests.patience import PATIENCE

PROJECT = Path(__file__).parents[1]
COMMANDS = [
    ["--help"],
    ["rapport"],
    ["check"],
    ["check", "--json"],
    ["sources"],
    ["sources", "--record", "rykte"],
    ["data", "status"],
    ["data", "status", "--json"],
    ["scenario", "list"],
    ["scenario", "run", "vasterbotten-2018"],
    ["scenario", "compare", "vasterbotten-2019-grund", "vasterbotten-2019-nollning"],
    ["scenario", "kommuntal", "--lan", "AC", "--lanstal", "320"],
    ["releases"],
    ["history"],
    ["status"],
    ["rollback"],
    ["publish", "ftp://"],
    ["schedule", "install", "--backend", "windows", "--print", "--cron", "0 6 * * 1"],
]
STREAMS = ["cp1252", "latin-1", "ascii", "closed", "full", "left"]


class Refusing(io.RawIOBase):
    """A stream that takes nothing, as a full disk or a pipe that no one reads any more."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(self.number, os.strerror(self.number))


def stream(kind: str) -> tuple[io.TextIOWrapper | None, io.BytesIO]:
    """Return a standard output of a kind, and the bytes that reach it."""
    reached = io.BytesIO()
    if kind == "closed":
        return None, reached
    numbers = {"full": errno.ENOSPC, "left": errno.EPIPE}
    raw = Refusing(numbers[kind]) if kind in numbers else None
    encoding = "utf-8" if raw else kind
    return io.TextIOWrapper(io.BufferedWriter(raw) if raw else reached, encoding, write_through=True), reached


def ended(monkeypatch, arguments: list[str], kind: str) -> tuple[int, bytes, str]:
    """Return a command's exit code, what reached its standard output, and what it said on standard error."""
    out, reached = stream(kind)
    err = io.TextIOWrapper(io.BytesIO(), "ascii", "backslashreplace", write_through=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
    return end.value.code or 0, reached.getvalue(), err.buffer.getvalue().decode("ascii")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the data folder."""
    ignored = shutil.ignore_patterns("raw", "tidy")
    return Path(shutil.copytree(PROJECT / "data", tmp_path_factory.mktemp("terminal") / "data", ignore=ignored))


@pytest.fixture(scope="module")
def loaded(copy):
    """Its tables, read once."""
    return tables.load(copy)


@pytest.fixture(autouse=True)
def _calm(monkeypatch, copy, loaded, tmp_path):
    monkeypatch.setenv("MOTTAGNING_DATA", str(copy))
    monkeypatch.setenv("MOTTAGNING_REPORTS", str(tmp_path / "reports"))
    monkeypatch.setenv("TERM", "dumb")
    real = tables.load
    for found in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):  # none may bind what stands in for it
        module = importlib.import_module(found.name)
        if vars(module).get("load") is real:
            monkeypatch.setattr(module, "load", lambda: loaded)
    monkeypatch.setattr(tables, "load", lambda: loaded)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_ends_alike_whatever_standard_output_is_like(monkeypatch, arguments):
    code, whole, _ = ended(monkeypatch, arguments, "utf-8")
    for kind in STREAMS:
        own, reached, said = ended(monkeypatch, arguments, kind)
        lost = kind == "full" and whole != b""
        assert own == (code or 4 if lost else code), (kind, said)
        assert "Traceback" not in said, kind
        assert ("standard output: No space left" in said) is lost, kind
        if "--json" in arguments and reached:
            assert json.loads(reached.decode(kind)) == json.loads(whole), kind


@pytest.mark.parametrize("kind", STREAMS)
def test_a_file_is_imported_and_the_rest_is_done_whatever_becomes_of_the_words(monkeypatch, copy, loaded, kind):
    refreshed = []
    monkeypatch.setattr(tidying, "refresh", lambda: refreshed.append(kind))
    imported = copy / "imported"
    file = copy.parent / "kommuntal.csv"
    file.write_bytes(as_csv(sound(loaded).kommuntal))
    code, _, said = ended(monkeypatch, ["data", "import", str(file), "--ar", "2018"], kind)
    assert (code, refreshed) == (4 if kind == "full" else 0, [kind]), said
    assert list(imported.glob("*.csv"))
    for path in imported.iterdir():
        path.unlink()


def test_letters_an_encoding_lacks_are_written_and_all_others_stand(monkeypatch):
    _, reached, _ = ended(monkeypatch, ["scenario", "list"], "ascii")
    _, whole, _ = ended(monkeypatch, ["scenario", "list"], "utf-8")
    assert "V\\u00e4sterbotten 2018" in reached.decode("ascii")
    assert "Västerbotten 2018" in whole.decode()


@pytest.mark.parametrize(
    ("redirect", "code"), [("> /dev/full", 4), (">&-", 0), (">&- 2>&- <&-", 0), ("| head -c 1", 0)]
)
def test_a_process_ends_as_told_where_its_own_output_is_refused(redirect, code):
    program = "import sys; from helpers.cli import main; sys.argv[0] = 'mottagning'; main()"
    command = f'set -o pipefail; "$0" -c "{program}" sources --json {redirect}'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


@pytest.mark.parametrize("descriptor", [0, 1, 2])
def test_no_file_takes_the_place_of_a_stream_that_is_closed(descriptor):
    program = (
        f"import os; os.close({descriptor}); from helpers.cli.streams import patient\n"
        "with patient(): assert open(os.devnull).fileno() > 2"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=PATIENCE, check=False).returncode == 0
