"""Whatever is in the place of a file that we read, a pipe above all, no command waits for it."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.contracts.files import bytes_in, opened, refuse_no_file, sha256_of
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "helpers"


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        folder = os.open(path.parent, os.O_RDONLY)  # a socket's own path may be only short
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


FORMS: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": a_socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}
DIVIDE = ["scenario", "kommuntal", "--lan", "AC", "--ar", "2019", "--lanstal", "100", "--factors"]
# each place that a command reads: the command, and the code that it ends with
PLACES = {
    "data/sources.toml": (["sources"], 4),
    "data/published/lan.csv": (["check"], 5),
    "data/imported/entries.toml": (["sources"], 4),
    "data/scenarios/prov.yaml": (["scenario", "run", "prov"], 2),
    "utgåva.yaml": (["reports", "--edition", "utgåva.yaml", "--out", "out"], 2),
    "rapport.yaml": (["report", "--file", "rapport.yaml", "--out", "out"], 2),
    "faktorer.csv": ([*DIVIDE, "faktorer.csv"], 2),
    "fil.xlsx": (["data", "import", "fil.xlsx"], 2),
    "data/raw/fil.csv": (["data", "import"], 0),
    "stand/status.json": (["status", "--out", "stand"], 4),
    "html/manifest.json": (["compare", "html", "html"], 2),
}


def ended(form: str, place: str) -> tuple[int, str]:
    """Put something in a place, call the command that reads it, and take it away again."""
    path, kept = Path(place), Path("kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(kept)
    FORMS[form](path)
    said = StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main(PLACES[place][0])
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    path.rmdir() if form == "a folder" else path.unlink()
    if kept.exists():
        kept.rename(path)
    return code, said.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_no_command_waits_for_what_is_in_a_files_place(form, tmp_path):
    """All in one process: the last place that it names is the one that it waits for."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("tidy"))
    command = [sys.executable, "-m", "tests.test_opening", form, str(tmp_path)]
    said = tmp_path / "said.txt"
    with said.open("wb") as log:
        ran = subprocess.run(
            command, cwd=ROOT, stdout=log, stderr=log, timeout=PATIENCE, check=False
        )
    assert ran.returncode == 0, said.read_text("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_the_one_opener_refuses_what_is_no_file_in_words(form, tmp_path):
    path = tmp_path / "fil"
    FORMS[form](path)
    for ask in (opened, bytes_in, sha256_of, refuse_no_file):
        with pytest.raises(IsADirectoryError, match=f"is {form}, not a file"):
            ask(path)


def test_the_one_opener_follows_a_link_unless_it_is_told_not_to(tmp_path):
    (tmp_path / "fil").write_bytes(b"x")
    (tmp_path / "link").symlink_to("fil")
    assert bytes_in(tmp_path / "link") == b"x"
    with pytest.raises(OSError, match="is a link, not a file"):
        opened(tmp_path / "link", follow=False)


OPENING = re.compile(
    r"(?<![\w.])open\(|\.open\((?!name\))|\bos\.open\(|read_text\(|read_bytes\((?!name|path\.name)"
    r"|\bread_parquet\(|\bread_csv\(|\bParquetFile\(|\bread_table\(|\bopen_csv\("
)
OTHERWISE = {
    "contracts/files.py": "the opener itself; a new file, for writing; a folder, to hold it",
    "tables/parquet.py": "the code of the package; after the opener has looked",
    "tables/detailed.py": "after the opener has looked",
    "sources/stream.py": "after the opener has looked",
    "sources/files/xlsx.py": "a part of an archive in memory",
    "sources/files/superscripts.py": "a part of an archive in memory",
    "sources/borders.py": "a file of a package",
    "present/language.py": "a file of the package",
    "pages/layout.py": "a file of the package",
    "report/manifest.py": "own files, which are files",
    "make/run.py": "a page of its own making, in the folder it builds",
    "make/keys.py": "own files, which are files",
    "make/cluster.py": "own files, which are files",
    "releases/folder.py": "a lock, which holds no one up",
    "releases/state.py": "for writing, and a pipe holds no one up",
    "warm/streams.py": "for writing, in a folder of the report's own; the device that has nothing",
    "warm/supervisor.py": "a log in a folder of the run's own",
    "warm/resident.py": "what the system says of this process; a folder, to hold it",
    "make/warm_start.py": "a log in a folder of its own",
    "warm/processes.py": "what the system says of processes",
    "warm/outcome.py": "what the system says of memory",
    "make/kernel_reports.py": "a log in a folder of the run's own",
    "clock/runner.py": "a log, for writing",
    "cli/terminal.py": "the device that takes everything",
}


def test_every_file_that_others_may_have_put_there_is_opened_by_the_one_opener():
    files = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}
    found = {
        name
        for name, path in files.items()
        if any(
            OPENING.search(line) and "def " not in line
            for line in path.read_text("utf-8").splitlines()
        )
    }
    assert found == OTHERWISE.keys()


if __name__ == "__main__":
    os.chdir(sys.argv[2])
    os.environ["MOTTAGNING_DATA"] = "data"
    for name, (_, wanted) in PLACES.items():
        print(name, flush=True)
        became, words = ended(sys.argv[1], name)
        assert became == wanted, f"{name}: {became}\n{words}"
        assert "Traceback" not in words, words
        if wanted:
            assert "data/raw" in words or Path(name).name in words, words
