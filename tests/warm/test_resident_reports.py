"""Reports with a resident process: the same bytes as without, of the data as it is now, and it is
found only by what it can stand in for.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from helpers.cli import main
from helpers.errors import SetupError
from helpers.make import warm_start
from tests.patience import running, until
from tests.publish.samples import contents

pytestmark = pytest.mark.xdist_group("resident")

COMMAND = [sys.executable, "-P", "-c", "from helpers.cli import main; main()"]
MALA = "published/folkmangd.csv", "\n2418,2018,"


def _command(*words: str, **how) -> subprocess.Popen:
    return subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, **how
    )


def _said(*words: str, **how) -> str:
    with _command(*words, **how) as process:
        said = process.communicate()[0].decode()
    assert process.returncode == 0, said
    return said


def _forks(environment: dict[str, str], words: list[list[str]]) -> list[int]:
    """Run commands at once, and return how many warm processes of each were its own children."""
    begun = [_command(*own, env=environment) for own in words]
    found = [set() for _ in begun]

    def all_ended() -> bool:
        for process, seen in zip(begun, found, strict=True):
            try:
                children = psutil.Process(process.pid).children()
            except psutil.NoSuchProcess:
                continue
            seen |= {child.pid for child in children}
        return all(process.poll() is not None for process in begun)

    until(all_ended)
    for process in begun:
        process.stdout.close()
    assert [process.returncode for process in begun] == [0] * len(begun)
    return [len(seen) for seen in found]


def _reports(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(folder).items() if "/." not in name}


@pytest.fixture(scope="module")
def made(data_copied, tmp_path_factory):
    """Two reports made at once with a resident process that was started before the data changed,
    and without: their files by way; and how many children each command had.
    """
    folder = tmp_path_factory.mktemp("made")
    (folder / "run").mkdir()
    with_it = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "MOTTAGNING_DATA": str(data_copied),
    }
    without = {**with_it, "XDG_RUNTIME_DIR": str(folder)}
    _said("warm", "start", env=with_it)
    _change(data_copied, with_it)
    calls = [["report", "--kommunkod", "2418"], ["report", "--lan", "AC"]]
    files, children = {}, {}
    for way, environment in (("with", with_it), ("without", without)):
        out = [[*call, "--out", str(folder / way / str(place))] for place, call in enumerate(calls)]
        children[way] = _forks(environment, out)
        files[way] = _reports(folder / way)
    told = json.loads(_said("warm", "status", "--json", env=with_it))["processes"]
    pids = [psutil.Process(one["pid"]) for one in told]
    said = _said("warm", "stop", env=with_it)
    until(lambda: not any(map(running, pids)), "its end")
    return files, children, told, said, list((folder / "run").rglob("*.socket"))


@pytest.fixture(scope="module")
def data_copied(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("copied") / "data"
    source = Path(__file__).parents[2] / "data"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("raw", "tidy"))
    return target


def _change(data: Path, environment: dict[str, str]) -> None:
    """Give Malå one inhabitant more, and record it."""
    file, line = data / MALA[0], MALA[1]
    before, _, rest = file.read_text("utf-8").partition(line)
    number = rest.split(",")[0].split("\n")[0]
    file.write_text(f"{before}{line}{int(number) + 1}{rest[len(number) :]}", "utf-8")
    _said("sources", "--record", "folkmangd", env=environment)


def test_reports_are_the_same_bytes_with_it_as_without_though_the_data_changed_after_its_start(
    made,
):
    files = made[0]
    # pages, one more of a county that says something, and what a machine reads
    assert len(files["with"]) == 2 * (3 + 2) + 1
    assert sorted(files["with"]) == sorted(files["without"])
    assert [name for name in files["with"] if files["with"][name] != files["without"][name]] == []


def test_each_run_has_its_process_from_it_and_starts_none_itself(made):
    assert made[1] == {"with": [0, 0], "without": [1, 1]}


def test_status_tells_of_it_and_stop_ends_it_and_leaves_nothing(made):
    _, _, told, said, left = made
    assert [(one["for_this_version"], one["bytes"] > 50e6) for one in told] == [(True, True)]
    assert said == "Ended: 1.\n"
    assert left == []


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_its_address_changes_with_what_a_start_reads_and_with_nothing_else(own_folder, monkeypatch):
    before = warm_start.address()
    assert before.parent.parent == own_folder
    monkeypatch.setenv("TERM", "annan")
    monkeypatch.setenv("MOTTAGNING_DATA", "annan")
    monkeypatch.chdir(own_folder)
    assert warm_start.address() == before
    for name in ("PYTHONPATH", "MPLBACKEND", "LC_ALL", "TZ", "HOME"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(name, "annan")
            assert warm_start.address() != before
    assert warm_start.address() == before


def test_its_address_changes_with_the_code_and_the_packages(own_folder, monkeypatch):
    before, place = warm_start.address(), own_folder / "site-packages"
    place.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(place)])
    (place / "a-1.dist-info").mkdir()
    other = warm_start.address()
    (place / "a-1.dist-info").rename(place / "a-2.dist-info")
    assert len({before, other, warm_start.address()}) == 3
    monkeypatch.setattr("helpers.report.manifest.code_version", lambda _: "annan")
    assert warm_start.address() not in {before, other}


@pytest.mark.parametrize("given", ["", "run", "/finns/inte"])
def test_without_a_runtime_folder_it_is_in_the_one_for_temporary_files(
    tmp_path, monkeypatch, given
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    assert warm_start.folder().parent == tmp_path


def test_a_folder_that_others_may_enter_is_refused_and_nothing_there_is_believed(own_folder):
    folder = warm_start.folder()
    folder.mkdir()
    folder.chmod(0o755)
    (folder / f"x{warm_start.ENDING}").touch()
    assert warm_start.addresses() == []
    with pytest.raises(SetupError, match="not a folder that is yours alone"):
        warm_start.start(warm_start.address(), ())


@pytest.mark.parametrize(
    ("name", "said"),
    [("finns_inte", "No module named 'finns_inte'"), ("os:abort", "start: it said nothing. Run")],
    ids=["fails", "is ended"],
)
def test_one_that_cannot_start_says_why(own_folder, name, said):
    with pytest.raises(SetupError, match=said):
        warm_start.start(warm_start.address(), (name,))
    assert warm_start.addresses() == []


def test_a_process_whose_code_changed_while_it_began_is_ended(own_folder, monkeypatch, capsys):
    kept = warm_start._key
    monkeypatch.setattr(warm_start, "OURS", ())
    monkeypatch.setattr("helpers.cli.warm.MODULES", ())
    keys = iter(["a", "b"])
    monkeypatch.setattr(warm_start, "_key", lambda: next(keys))
    with pytest.raises(SystemExit) as ended:
        main(["warm", "start"])
    assert (ended.value.code, "changed meanwhile" in capsys.readouterr().err) == (4, True)
    monkeypatch.setattr(warm_start, "_key", kept)
    assert warm_start.addresses() == []


def test_where_none_can_run_start_says_so_and_a_run_asks_for_none(own_folder, monkeypatch, capsys):
    monkeypatch.setattr(warm_start, "lacking", lambda: "this system is not Linux")
    assert warm_start.address() is None
    assert warm_start.addresses() == []
    with pytest.raises(SystemExit) as ended:
        main(["warm", "start"])
    assert (ended.value.code, "cannot run here" in capsys.readouterr().err) == (4, True)
