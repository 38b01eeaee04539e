"""A systemd user timer: the text of its two units; install, query and remove them."""

import datetime
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

from helpers.clock.schedule import HEAD, Schedule, read_note
from helpers.contracts.files import bytes_in, kind_of, put
from helpers.contracts.marks import refuse_in_the_way
from helpers.errors import BUSY, ParameterError, SetupError

SERVICE = """# {head}
# {note}
[Unit]
Description=Mottagningsboken: {name}

[Service]
Type=oneshot
ExecStart={command}
# {busy}: another run was at work, which is no failure
SuccessExitStatus={busy}
Nice=10
"""
TIMER = """# {head}
[Unit]
Description=Mottagningsboken: when {name} is made

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""


def folder() -> Path:
    """Return the folder of a user's own units."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def unit(name: str) -> str:
    """Return the units' name, without ending."""
    return f"mottagning-{name}"


def texts(schedule: Schedule) -> dict[str, str]:
    """Return each unit's text by its file name."""
    command = " ".join([quoted(schedule.words[0], program=True), *map(quoted, schedule.words[1:])])
    said = {
        "head": HEAD,
        "busy": BUSY,
        "name": schedule.name,
        "calendar": schedule.calendar,
        "note": schedule.note(),
    }
    return {
        f"{unit(schedule.name)}.service": SERVICE.format(command=command, **said),
        f"{unit(schedule.name)}.timer": TIMER.format(**said),
    }


def quoted(word: str, program: bool = False) -> str:
    r"""Return a word as ExecStart takes it; variables are not looked for in the programme's own
    path.

    >>> print(quoted("it's 5% of $HOME"))
    "it's 5%% of $$HOME"
    """
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{safe if program else safe.replace("$", "$$")}"'


def answers() -> bool:
    """Return whether this user has a systemd that answers."""
    return _ask("show", "--property=Version").returncode == 0


def install(schedule: Schedule) -> str:
    """Write the units and start the timer; return its path. Earlier units of that name are
    replaced.

    Raises:
        ParameterError: systemd does not know the time. SetupError: systemd or the folder refuses.
    """
    if shutil.which("systemd-analyze"):
        said = subprocess.run(
            ["systemd-analyze", "calendar", schedule.calendar], capture_output=True, text=True
        )
        if said.returncode:
            raise ParameterError(
                f"--on-calendar: {said.stderr.strip()}. Write it as in 'Mon 06:00'."
            )
    refuse_in_the_way(folder().parents[1], dict.fromkeys(("systemd", "systemd/user"), stat.S_IFDIR))
    try:
        folder().mkdir(parents=True, exist_ok=True)
        units = texts(schedule)
        if other := [name for name in units if not _replaceable(folder() / name)]:
            raise SetupError(
                f"{folder()}: {', '.join(other)} was not made here. Nothing was changed. Move it"
                " elsewhere."
            )
        for name, text in units.items():
            put(folder() / name, text.encode("utf-8"))
    except OSError as error:
        raise SetupError(
            f"{folder()}: cannot be written ({error.strerror}). Give --print and install by hand."
        ) from None
    timer = f"{unit(schedule.name)}.timer"
    for call in (("daemon-reload",), ("enable", "--quiet", timer), ("restart", timer)):
        ran = _ask(*call)
        if ran.returncode:
            raise SetupError(
                f"systemctl --user {' '.join(call)}: {ran.stderr.strip()}. Is the user's systemd"
                " running?"
            )
    return str(folder() / timer)


def _replaceable(path: Path) -> bool:
    """Return whether a unit is one of ours, or does not exist; a link is never ours."""
    return kind_of(path) == 0 or (
        kind_of(path) == stat.S_IFREG and HEAD in bytes_in(path).decode("utf-8", "replace")
    )


def remove(name: str) -> bool:
    """Stop and remove the units; return whether there were any.

    Raises:
        SetupError: the folder refuses.
    """
    files = [folder() / f"{unit(name)}.{ending}" for ending in ("timer", "service")]
    if not any(file.exists() for file in files):
        return False
    _ask("disable", "--now", "--quiet", files[0].name)
    try:
        for file in filter(_replaceable, files):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(
            f"{folder()}: cannot be written ({error.strerror}). Remove {files[0].name} by hand."
        ) from None
    _ask("daemon-reload")
    return True


def installed(name: str) -> tuple[Schedule, str] | None:
    """Return what is installed under a name and its text; None if nothing is."""
    files = [folder() / f"{unit(name)}.{ending}" for ending in ("service", "timer")]
    try:
        text = "\n".join(bytes_in(file).decode("utf-8", "replace") for file in files)
    except OSError:
        return None
    found = next(filter(None, map(read_note, text.splitlines())), None)
    return (found, text) if found else None


def next_run(calendar: str) -> datetime.datetime | None:
    """Return when an OnCalendar comes next, UTC; None if systemd does not say.

    The timer itself is not asked: it does not know while its service is at work.
    """
    if not shutil.which("systemd-analyze"):
        return None
    said = subprocess.run(
        ["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(?:Next elapse|\(in UTC\)): \w+ ([0-9-]+ [0-9:]+) UTC", said)
    return datetime.datetime.fromisoformat(f"{found[1]}+00:00") if found else None


def _ask(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask the user's systemd; a machine without one answers like one that is not running."""
    call = ["systemctl", "--user", *words]
    try:
        return subprocess.run(call, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(call, 127, "", "there is no systemctl")
