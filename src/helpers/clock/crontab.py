"""A crontab line between two marks of ours: every other line of the user's crontab is left
unchanged.
"""

import re
import shlex
import shutil
import subprocess

from helpers.clock.schedule import Schedule, read_note
from helpers.errors import SetupError

BEGIN, END = (
    "# >>> mottagning {} >>> written by `mottagning schedule install`",
    "# <<< mottagning {} <<<",
)


def block(schedule: Schedule) -> str:
    """Return the schedule's lines as they are in the crontab."""
    line = f"{schedule.cron} {' '.join(map(quoted, schedule.words))}"
    return "\n".join(
        [BEGIN.format(schedule.name), f"# {schedule.note()}", line, END.format(schedule.name), ""]
    )


def quoted(word: str) -> str:
    r"""Return a word as a crontab's command takes it.

    Cron ends the command at a `%` without a backslash. What it makes of two characters that begin
    with a backslash differs between crons, so a backslash of the word's own never stands before
    another or a `%`.

    >>> print(quoted("it's 5%"), quoted(r"a\%b"))
    'it'"'"'s 5\%' 'a\''\%b'
    """
    return shlex.quote(word).replace("\\", "\\''").replace("%", "\\%")


def with_block(crontab: bytes, schedule: Schedule) -> bytes:
    """Return a crontab with the schedule's lines, in place of earlier ones or at the end.

    Raises:
        SetupError: only one of our two marks stands there.
    """
    ours = block(schedule).encode()
    found = _found(crontab, schedule.name)
    if found:
        return crontab[: found.start()] + ours + crontab[found.end() :]
    return crontab + (b"" if not crontab or crontab.endswith(b"\n") else b"\n") + ours


def without_block(crontab: bytes, name: str) -> bytes:
    """Return a crontab without the schedule's lines.

    Raises:
        SetupError: only one of our two marks stands there.
    """
    found = _found(crontab, name)
    return crontab[: found.start()] + crontab[found.end() :] if found else crontab


def _found(crontab: bytes, name: str) -> re.Match[bytes] | None:
    begin, end = (re.escape(mark.format(name).encode()) for mark in (BEGIN, END))
    found = re.search(rb"(?ms)^%s$.*?^%s$\n?" % (begin, end), crontab)
    marks = len(re.findall(rb"(?m)^(?:%s|%s)$" % (begin, end), crontab))
    if marks != (2 if found else 0):
        raise SetupError(
            f"crontab: the marks of {name!r} do not stand there as one pair. Take the lines with"
            f" 'mottagning {name}' out with crontab -e, then try again."
        )
    return found


def answers() -> bool:
    """Return whether there is a crontab command."""
    return shutil.which("crontab") is not None


def install(schedule: Schedule) -> str:
    """Put the schedule's lines into the user's crontab; return how to see them.

    Raises:
        SetupError: the crontab cannot be read or is refused; it is then as it was.
    """
    _write(with_block(_read(), schedule))
    return "crontab -l"


def remove(name: str) -> bool:
    """Take the schedule's lines out of the user's crontab; return whether there were any.

    Raises:
        SetupError: the crontab cannot be read or is refused; it is then as it was.
    """
    before = _read()
    after = without_block(before, name)
    if after == before:
        return False
    _write(after)
    return True


def installed(name: str) -> tuple[Schedule, str] | None:
    """Return what is installed under a name and its text; None if nothing is."""
    found = _found(_read(), name)
    text = found[0].decode("utf-8", "replace") if found else ""
    schedule = next(filter(None, map(read_note, text.splitlines())), None)
    return (schedule, text) if schedule else None


def _read() -> bytes:
    ran = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    if ran.returncode and b"no crontab" not in ran.stderr.lower():
        raise SetupError(
            f"crontab -l: {ran.stderr.decode('utf-8', 'replace').strip()}. May this user have a"
            " crontab?"
        )
    return ran.stdout if not ran.returncode else b""


def _write(crontab: bytes) -> None:
    ran = subprocess.run(["crontab", "-"], input=crontab, capture_output=True, check=False)
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip()
        raise SetupError(f"crontab: {said}. Nothing was changed; give --print and install by hand.")
