"""Other machines than ours: what they lack, and what their disks refuse."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers import cli
from helpers.errors import SetupError
from helpers.make import inputs as snapshot
from helpers.releases import contents
from tests.patience import PATIENCE

PROJECT = Path(__file__).parents[1]
WINDOWS = """
import builtins, fcntl, os, sys, types
windows = types.ModuleType("msvcrt")
windows.LK_UNLCK, windows.LK_NBLCK = 0, 2
windows.locking = lambda descriptor, kind, _: fcntl.lockf(descriptor, 6 if kind else 8, 1)
load = builtins.__import__
def hiding(name, globals=None, locals=None, fromlist=(), level=0):
    if str((globals or {}).get("__name__")).startswith("helpers."):
        if name in ("fcntl", "resource"):
            raise ModuleNotFoundError(name)
        if name == "msvcrt":
            return windows
    return load(name, globals, locals, fromlist, level)
builtins.__import__ = hiding
for name in ("fork", "pidfd_open", "memfd_create", "setsid", "sync", "sched_getaffinity", "getuid", "geteuid"):
    delattr(os, name)
"""
COMMAND = f"{WINDOWS}\nfrom helpers.cli import main\nmain()"
REPORT = f"""{WINDOWS}
from pathlib import Path
from helpers.make.run import publish_single
from tests.publish.samples import WHOLE, options_of, plan_of, write_job
if __name__ == "__main__":
    here = Path(sys.argv[1])
    results, _ = publish_single(plan_of(here, write_job(here, "sound", WHOLE)), options_of(here, engine="kernel"))
    sys.exit(results[0].failure and str(results[0].failure))
"""


def on_windows(program: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run a command without what only Unix has."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["check"],
        ["schedule", "install", "--backend", "windows", "--print", "--cron", "0 6 * * 1"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_works_without_what_only_unix_has(arguments):
    ran = on_windows(COMMAND, *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_report_is_made_by_a_kernel_without_what_only_unix_has(tmp_path):
    ran = on_windows(REPORT, str(tmp_path))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert list(tmp_path.rglob("*.html"))


class Forbidden:
    """Paths that the system refuses, by the error it gives; Python itself asks before it opens,
    lists or makes one.
    """

    def __init__(self) -> None:
        self.paths: dict[str, int] = {}

    def __call__(self, event: str, details: tuple) -> None:
        if self.paths and event in {
            "open",
            "os.listdir",
            "os.scandir",
            "os.mkdir",
            "os.rename",
            "os.symlink",
        }:
            for detail in details[:2]:
                number = self.paths.get(str(detail)) if isinstance(detail, str | Path) else None
                if number:
                    raise OSError(number, os.strerror(number), str(detail))


HOOK = Forbidden()
sys.addaudithook(HOOK)


@pytest.fixture
def forbidden():
    """Refuse a path from now on."""
    yield HOOK.paths
    HOOK.paths.clear()


def run(capsys, *arguments: str) -> tuple[int, str]:
    """Return a command's exit code and what it said on standard error."""
    with pytest.MonkeyPatch.context() as own:
        own.setenv("MOTTAGNING_DATA", "")  # what --data leaves there is for this command alone
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
    return end.value.code or 0, capsys.readouterr().err


TABLES = ["sources.toml", "imported/entries.toml", "published/lan.csv"]
READERS = [
    ["check"],
    ["data", "status"],
    ["data", "tidy"],
    ["report", "--lan", "AC"],
    ["scenario", "list"],
]
UNREADABLE = [
    *((name, arguments) for name in TABLES for arguments in READERS),
    ("scenarios", ["scenario", "list"]),
    ("scenarios/vasterbotten-2018.yaml", ["scenario", "run", "vasterbotten-2018"]),
]


@pytest.mark.parametrize(("name", "arguments"), UNREADABLE, ids=str)
def test_what_cannot_be_read_is_named_with_the_next_step(
    forbidden, capsys, data_copy, name, arguments, tmp_path
):
    path = data_copy / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    forbidden[str(path)] = errno.EACCES
    out = []
    if "report" in arguments:  # a warm process reads for itself, where the system refuses nothing
        out = ["--engine", "kernel", "--out", str(tmp_path / "out")]
    code, said = run(capsys, *arguments, "--data", str(data_copy), *out)
    assert code in (2, 4, 5), said
    assert Path(name).name in said
    assert "Permission denied" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_an_unreadable_folder_of_scenarios_is_not_taken_for_an_empty_one(forbidden, data_copy):
    from helpers.sources.scenarios import scenario_files

    assert scenario_files(data_copy)
    forbidden[str(data_copy / "scenarios")] = errno.EACCES
    with pytest.raises(PermissionError):
        scenario_files(data_copy)


def test_a_disk_without_symbolic_links_is_told_before_anything_is_made(forbidden, tmp_path):
    snapshot.refuse_without_links(tmp_path)
    assert list(tmp_path.iterdir()) == []
    forbidden["nothing"] = errno.EOPNOTSUPP
    with pytest.raises(
        SetupError, match=r"symbolic links cannot be made here .*Choose a folder on another disk"
    ):
        snapshot.refuse_without_links(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_hard_links_takes_a_copy(monkeypatch, tmp_path):
    def refused(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.html").write_text("x", "utf-8")
    report = SimpleNamespace(files={"x.html": None})
    contents.link(report, tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b/x.html").read_text("utf-8") == "x"


def test_a_full_disk_is_told_as_such_where_no_setting_names_the_data_folder(
    forbidden, monkeypatch, tmp_path
):
    monkeypatch.delenv("MOTTAGNING_DATA", raising=False)
    forbidden[str(tmp_path / "inputs" / "MOTTAGNING_DATA")] = errno.ENOSPC
    with (
        pytest.raises(OSError, match="No space left"),
        snapshot.held_still(
            tmp_path / "inputs", PROJECT / "notebooks", {"MOTTAGNING_DATA": PROJECT / "data"}
        ),
    ):
        pass
    assert "MOTTAGNING_DATA" not in os.environ


@pytest.mark.parametrize("setting", ["C", "POSIX", "sv_SE.UTF-8"])
def test_the_package_is_found_in_a_folder_whose_name_a_c_locale_cannot_read(setting, tmp_path):
    folder = tmp_path / "Läns är"
    (folder / "src/helpers").mkdir(parents=True)
    (folder / "src/helpers/__init__.py").touch()
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", ".venv"],
        cwd=folder,
        timeout=PATIENCE,
        check=True,
    )
    python = folder / ".venv/bin/python"
    made = (
        (PROJECT / "Makefile")
        .read_text("utf-8")
        .split("POINT := ")[1]
        .split("\n\n")[0]
        .replace("\\\n", "")
    )
    subprocess.run([python, "-c", made], cwd=folder, timeout=PATIENCE, check=True)
    (pointer,) = folder.rglob("helpers.pth")
    assert pointer.read_bytes().isascii()
    calm = {"LC_ALL": setting, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [python, "-c", "import helpers"],
        env=calm,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
