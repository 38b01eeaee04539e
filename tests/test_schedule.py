"""Runs by the clock, as a user installs them and as cron and systemd start them."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import cli
from helpers.clock import history
from helpers.contracts.marks import MARK
from helpers.errors import DataError
from tests.patience import PATIENCE

pytestmark = pytest.mark.xdist_group("schedule")

MOTTAGNING = Path(sys.executable).parent / "mottagning"
EDITION = """title: Liten utgåva
ar: 2018
prognos_ekb: 1500
prognoser_ekb: [1500, 2300]
lan: [AC]
"""
CRONTAB = """#!/bin/sh
# What cron's own crontab does with one user's file.
case "$1" in
  -l) cat "$CRONTAB_FILE" 2>/dev/null || { echo "no crontab for $USER" >&2; exit 1; } ;;
  -) cat > "$CRONTAB_FILE.new" && mv "$CRONTAB_FILE.new" "$CRONTAB_FILE" ;;
esac
"""
OTHERS = b"# min egen\n5 4 * * * /bin/true \\% 100%\n"


@pytest.fixture(autouse=True)
def _calm(monkeypatch):
    """No setting of a test's that outlives it: --data is remembered in the environment."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(Path(__file__).parents[1] / "data"))
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder whose name a schedule must take: with spaces, a quote, Swedish letters and a per
    cent sign.
    """
    folder = tmp_path_factory.mktemp("schedule") / "Åsas mapp's 5%"
    folder.mkdir()
    (folder / "liten.yaml").write_text(EDITION, "utf-8")
    return folder


def _run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    said = capsys.readouterr()
    return end.value.code or 0, said.out, said.err


def _by_cron(line: str) -> subprocess.CompletedProcess[str]:
    """Run a crontab line's command as cron does: with /bin/sh, almost no environment, and no
    backslash before a %.
    """
    command = line.split(" ", 5)[5].replace("\\%", "%")
    kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    sparse = {
        "HOME": os.environ.get("HOME", "/"),
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/sh",
        **kept,
    }
    return subprocess.run(
        ["/bin/sh", "-c", command], env=sparse, cwd="/", capture_output=True, text=True, check=False
    )


def _printed(*arguments: str) -> str:
    call = [str(MOTTAGNING), "schedule", "install", "--print", "--backend", "cron", *arguments]
    printed = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return next(line for line in printed.splitlines() if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def made(place) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """What a crontab line made, and what it said."""
    out = place / "ut"
    line = _printed(
        "--edition",
        str(place / "liten.yaml"),
        "--out",
        str(out),
        "--on-failure",
        f"touch '{place}/larm'",
    )
    return out, _by_cron(line)


def test_the_crontab_line_makes_an_edition_with_log_record_and_status(made, place):
    out, ran = made
    (log,) = (out / "logs").iterdir()
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), log.read_text("utf-8")
    assert (out / "html" / "lan" / "24.html").is_file()
    assert "1 of 1 delivered" in log.read_text("utf-8")
    (run,), _ = history.read_runs(out)
    assert (run.edition, run.delivered, run.failed, run.exit_code) == ("liten", 1, [], 0)
    assert run.slowest.id == "lan/24"
    assert run.slowest.seconds > 0
    assert run.seconds > 0
    kept = history.read_status(out)
    assert (kept.state, kept.last_success, kept.delivered) == ("ok", run.started, 1)
    assert not (place / "larm").exists()


def test_history_and_status_tell_of_it(made, capsys):
    out, _ = made
    code, said, _ = _run(capsys, "history", "--out", str(out))
    assert code == 0
    assert "lan/24" in said
    assert "█" * 20 in said
    code, said, _ = _run(capsys, "history", "--json", "--last", "1", "--out", str(out))
    assert [run["edition"] for run in json.loads(said)["runs"]] == ["liten"]
    assert _run(capsys, "status", "--out", str(out))[0] == 0
    code, said, _ = _run(capsys, "status", "--json", "--out", str(out))
    assert (code, json.loads(said)["state"]) == (0, "ok")


def test_a_second_run_beside_the_first_is_on_record_and_the_status_stands(made):
    out, _ = made
    before = history.read_status(out)
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = _by_cron(_printed("--edition", str(out.parent / "liten.yaml"), "--out", str(out)))
    (out / ".lock").unlink()
    assert ran.returncode == 75
    assert history.read_runs(out)[0][-1].exit_code == 75
    assert history.read_status(out) == before


def test_a_run_whose_edition_is_gone_calls_the_on_failure_command(place):
    (place / "borta.yaml").write_text(EDITION, "utf-8")
    tells = f'echo "$MOTTAGNING_EXIT_CODE 100%" > "{place}/larm"'
    line = _printed(
        "--edition", str(place / "borta.yaml"), "--out", str(place / "ut2"), "--on-failure", tells
    )
    (place / "borta.yaml").unlink()
    ran = _by_cron(line)
    assert (ran.returncode, (place / "larm").read_text("utf-8")) == (2, "2 100%\n")
    assert "the run ended with 2; log:" in ran.stderr
    assert "borta.yaml: cannot be read" in history.read_runs(place / "ut2")[0][-1].reason
    (place / "larm").unlink()


@pytest.fixture
def crontab(tmp_path, monkeypatch) -> Path:
    """A user's crontab behind a crontab command of our own, on a machine without systemd."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "crontab").write_text(CRONTAB, "utf-8")
    (tools / "crontab").chmod(0o755)
    for name in ("sh", "cat", "mv"):
        (tools / name).symlink_to(str(shutil.which(name)))
    file = tmp_path / "crontab of the user"
    file.write_bytes(OTHERS)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("CRONTAB_FILE", str(file))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return file


def test_a_schedule_is_installed_once_shown_and_removed_without_a_trace(
    crontab, place, capsys, tmp_path
):
    edition = ["--edition", str(place / "liten.yaml")]
    _standing(tmp_path)
    for _ in range(2):
        call = ["schedule", "install", *edition, "--cron", "0 6 * * 1", "--out", str(tmp_path)]
        assert _run(capsys, *call, "--", "--workers", "1")[0] == 0
    text = crontab.read_bytes()
    assert text.startswith(OTHERS)
    assert text.count(b"\n0 6 * * 1 ") == 1
    assert history.read_status(tmp_path).next_due
    code, said, _ = _run(capsys, "schedule", "show", *edition)
    assert code == 0
    assert re.search(r"liten: cron, next run \d{4}-\d\d-\d\d 06:00\.", said)
    assert "-- --workers 1" in said
    assert _run(capsys, "schedule", "remove", *edition)[0] == 0
    assert (crontab.read_bytes(), history.read_status(tmp_path).next_due) == (OTHERS, None)
    assert _run(capsys, "schedule", "remove", *edition)[0] == 2


WRONG = [
    (["install", "--edition", "standrad"], 2, "Did you mean standard?"),
    (["install", "--edition", "ingen.yaml"], 2, "there is no such file"),
    (["install", "--cron", "0 6 * *"], 2, "write five fields"),
    (["install", "--cron", "0 6 * * 1", "--on-calendar", "Mon 06:00"], 2, "Give one of them"),
    (["install", "--on-calendar", "*:0/5"], 2, "only systemd can say that"),
    (["install", "--backend", "windows"], 2, "Give --print"),
    (["install", "--backend", "systemd", "--cron", "0 6 1 * 1"], 2, "needs --on-calendar"),
    (["install", "--out", "a\nb"], 2, "line break"),
    *(
        ([name, "--", option, "x"], 2, f"{option}: has no place after --")
        for name in ("install", "run")
        for option in ("--out", "--edition", "--data", "--only")
    ),
    (["run", "--", "--out=x"], 2, "--out: has no place after --"),
    (["run", "--", "--help"], 2, "--help: has no place after --"),
    (["run", "--", "--nej"], 2, "No such option: --nej"),
    (["run", "--", "x"], 2, "unexpected extra argument"),
    (["run", "--", "--keep", "2", "--keep", "3"], 2, "--keep: is given 2 times"),
    (["install", "--", "--engine", "x"], 2, "'x' is not one of"),
    (["install", "--backend", "systemd"], 4, "does not answer here"),
    (["show"], 2, "Run mottagning schedule install first"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "says"), WRONG, ids=[" ".join(call) for call, _, _ in WRONG]
)
def test_a_mistake_leaves_the_crontab_alone(crontab, capsys, arguments, code, says):
    ended, _, err = _run(capsys, "schedule", *arguments)
    assert (ended, crontab.read_bytes()) == (code, OTHERS)
    assert says in err
    assert not (crontab.parent / "config").exists()


def test_a_machine_without_systemd_and_cron_is_told_of_both_and_of_print(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = _run(capsys, "schedule", "install")
    assert code == 4
    assert all(word in err for word in ("systemctl --user", "crontab", "--print"))
    assert _run(capsys, "schedule", "install", "--print")[0] == 0


def _standing(folder: Path, **given) -> None:
    usual = {"state": "ok", "since": "2026-11-16T06:05:00Z", "edition": "standard"}
    history.write_status(folder, history.Status.model_validate({**usual, **given}))


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"state": "failing", "reason": "disken är full"}, 3, "disken är full"),
        ({"state": "stale"}, 5, "stale since"),
        ({"next_due": "2020-01-06T06:00:00Z"}, 3, "has not begun"),
        ({"state": "running", "host": "en annan dator", "pid": 1}, 0, "running since"),
        ({"state": "running", "host": os.uname().nodename, "pid": None}, 3, "ended without a word"),
    ],
)
def test_a_monitor_is_told_by_the_exit_code(tmp_path, capsys, given, code, says):
    _standing(tmp_path, **given)
    ended, said, _ = _run(capsys, "status", "--out", str(tmp_path))
    assert ended == code
    assert says in said


def test_a_folder_without_runs_is_no_success(tmp_path, capsys):
    code, _, err = _run(capsys, "status", "--out", str(tmp_path))
    assert code == 4
    assert "no run has told how it went" in err


@pytest.fixture
def stale_data(data_copy) -> Path:
    """Data whose kommuntal were read long before the agreed limit."""
    path = data_copy / "sources.toml"
    text = re.sub(
        r"(?s)(kind = \"kommuntal\".*?read_on = )[\d-]+",
        r"\g<1>2019-01-01",
        path.read_text("utf-8"),
    )
    path.write_text(f"{text}\n[freshness]\nkommuntal = 400\n", "utf-8")
    return data_copy


def test_a_run_on_sources_older_than_agreed_is_refused_before_anything_is_made(
    stale_data, place, capsys, tmp_path
):
    (out := tmp_path / "out").mkdir()
    call = [
        "reports",
        "--edition",
        str(place / "liten.yaml"),
        "--out",
        str(out),
        "--data",
        str(stale_data),
    ]
    code, _, err = _run(capsys, *call)
    assert code == 5
    assert "was read 2019-01-01" in err
    assert "--stale-ok" in err
    assert sorted(path.name for path in out.iterdir()) == [MARK, history.HISTORY, history.STATUS]
    assert (history.read_status(out).state, history.read_runs(out)[0][0].stale) == (
        "stale",
        ["kommuntal"],
    )
    assert history.read_status(out).sources_age["kommuntal"].limit == 400


def test_stale_sources_may_be_let_through_with_a_word(stale_data, capsys, tmp_path):
    from helpers.cli.run_record import running
    from helpers.sources import load_catalogue

    (out := tmp_path / "out").mkdir()
    with running(out, "liten", "warm", 1) as run:
        run.sources(load_catalogue(stale_data), stale_ok=True)
        run.done("0123456789ab", [])
    assert "Let through by --stale-ok: kommuntal: the newest table" in capsys.readouterr().err
    assert (history.read_status(out).state, history.read_status(out).release) == (
        "stale",
        "0123456789ab",
    )


def test_a_run_on_last_years_bytes_under_a_new_name_is_refused_whatever_is_let_through(
    data_copy, tmp_path
):
    from helpers.cli.run_record import running
    from helpers.sources import load_catalogue

    (out := tmp_path / "out").mkdir()
    catalogue = load_catalogue(data_copy)
    last_year = catalogue["kommuntal_2018"]
    catalogue.entries["kommuntal_2019"] = last_year.model_copy(
        update={"id": "kommuntal_2019", "path": "published/kommuntal_2019.csv"}
    )
    with (
        pytest.raises(
            DataError, match=r"kommuntal_2019.csv: same sha256 as data/published/kommuntal_2018.csv"
        ),
        running(out, "liten", "warm", 1) as run,
    ):
        run.sources(catalogue, stale_ok=True)
    assert (history.read_runs(out)[0][0].exit_code, history.read_status(out).state) == (
        5,
        "failing",
    )


SYSTEMD = """set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus HOME="$1" XDG_CONFIG_HOME="$1"
/lib/systemd/systemd --user --log-target=null &
for _ in $(seq 3000); do
  if systemctl --user is-system-running >/dev/null 2>&1; then break; fi
  sleep 0.1
done
"$2" -c "$3" "$1"
systemctl --user start mottagning-liten.service
systemctl --user is-active mottagning-liten.timer
"$2" -c "from helpers.clock import systemd; print(systemd.remove('liten'))"
systemctl --user list-timers --all --no-legend
"""
INSTALLS = """import sys
from helpers.clock import systemd
from helpers.clock.schedule import Schedule
folder = sys.argv[1]
told = "echo '5% $HOME' " + chr(92) * 2 + ' "å"'
call = Schedule(folder + "/5% $HOME/tell", "liten.yaml", folder + "/told", None, 1, 1, told, calendar="Mon 06:00")
for _ in range(2):
    systemd.install(call)"""


def _may_start_systemd() -> bool:
    """Whether this machine lets us start a systemd of our own, in namespaces that end with it."""
    if os.geteuid() or not all(map(shutil.which, ("unshare", "systemctl", "systemd-analyze"))):
        return False
    call = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--mount-proc",
        "test",
        "-x",
        "/lib/systemd/systemd",
    ]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_start_systemd(), reason="needs root, unshare and systemd")
def test_a_real_systemd_takes_the_timer_and_starts_its_command_word_for_word(tmp_path):
    program = tmp_path / "5% $HOME" / "tell"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{tmp_path}/told'\n", "utf-8")
    program.chmod(0o755)
    call = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "bash",
        "-c",
        SYSTEMD,
        "bash",
    ]
    call += [str(tmp_path), sys.executable, INSTALLS]
    ran = subprocess.run(call, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (ran.stdout, ran.returncode) == ("active\nTrue\n", 0), ran.stderr
    told = (tmp_path / "told").read_text("utf-8").splitlines()
    assert told[:6] == ["schedule", "run", "--edition", "liten.yaml", "--out", f"{tmp_path}/told"]
    assert told[-2:] == ["--on-failure", "echo '5% $HOME' \\\\ \"å\""]
