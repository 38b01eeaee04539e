"""What a warm process of ours begins with, and the resident process that one may be forked from:
where the one of this interpreter, code and packages listens, and how it is started.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

import helpers
from helpers.errors import SetupError
from helpers.warm.processes import end_family, lacking, processors
from helpers.warm.supervisor import Started, environment_of, started

AROUND = "helpers.lean:without"  # how it imports what reports take
OURS = ("helpers.warm.client:practise", "helpers.make.warm_reports:ready")
IDLE = 15 * 60  # seconds without a run, after which it ends
PROGRAM = "helpers.warm.resident"
OWN_SHELL = "helpers.warm.shell:forget"  # a run's shell is made in the run's environment
ENDING = ".socket"
# beginnings of the names of variables that are read while modules are imported
READ_AT_START = (
    "HOME", "IPYTHON", "JE_", "JUPYTER", "LANG", "LC_", "LD_", "MALLOC_", "MATPLOTLIB",
    "MOTTAGNING_REPORTS", "MPL", "PANDAS", "PROJ_", "PYTHON", "TZ", "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)  # fmt: skip


_early: list[Started] = []  # at most one


def start_early(ahead: Sequence[str]) -> None:
    """Start a warm process before it is known what for, so that it imports meanwhile; not where one
    may be forked from a resident process, nor where it would be in the way.
    """
    if not (lacking() or addresses()) and processors() > 1:
        scratch = Path(tempfile.mkdtemp(prefix="mottagning-"))
        _early.append(started(scratch, environment_of(scratch), AROUND, [*ahead, *OURS]))


def early() -> Started | None:
    """Return the warm process that was started early, if one was."""
    return _early[0] if _early else None


def end_early() -> None:
    """End it, whether or not it was of use."""
    while _early:
        own = _early.pop()
        own.line.close()
        end_family(own.process.pid)
        own.process.wait()
        shutil.rmtree(own.log.parent, ignore_errors=True)


def address() -> Path | None:
    """Return where a resident process would listen that has what this one would import; None where
    none can run.
    """
    place = folder()
    return place / f"{_key()}{ENDING}" if place else None


def folder() -> Path | None:
    """Return the folder of all of this user's resident processes; None where none can run."""
    if lacking():
        return None
    own = f"mottagningsboken-{os.geteuid()}"
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(given) if os.path.isabs(given) and os.path.isdir(given) else tempfile.gettempdir()
    return Path(base, own)


def running() -> bool:
    """Tell whether a resident process may run: there is a folder for it that is this user's
    alone.
    """
    place = folder()
    if place is None:
        return False
    from helpers.warm.resident import private

    return private(place)


def addresses() -> list[Path]:
    """Return where resident processes of this user listen or have listened, whatever their code."""
    place = folder()
    return sorted(place.glob(f"*{ENDING}")) if place and running() else []


def _key() -> str:
    """Return a checksum over all that is imported, and over what importing reads of the
    environment.
    """
    from helpers.report.manifest import code_version

    told = [
        sys.executable, sys.version, sys.prefix, helpers.__file__, code_version(None),
        sys.flags.optimize, sys.flags.utf8_mode, sys.flags.no_user_site, sys.warnoptions,
        *_packages(sys.path),
        *sorted(item for item in os.environ.items() if item[0].startswith(READ_AT_START)),
    ]  # fmt: skip
    return hashlib.sha256("\0".join(map(str, told)).encode(errors="replace")).hexdigest()[:24]


def _packages(places: Iterable[str]) -> list[tuple[str, int]]:
    """Return what shows that a package was installed, removed or changed: the records that
    installers leave, with their times, and that of each folder.
    """
    found = []
    for place in places:
        if place.endswith(("site-packages", "dist-packages")) and os.path.isdir(place):
            found.append((place, os.stat(place).st_mtime_ns))
            with os.scandir(place) as entries:
                found += [
                    (entry.path, entry.stat().st_mtime_ns)
                    for entry in entries
                    if entry.name.endswith((".dist-info", ".egg-info", ".pth", ".egg-link"))
                ]
    return sorted(found)


def start(place: Path, modules: Iterable[str]) -> None:
    """Start the resident process that listens at a place, and wait until it does.

    Args:
        place: As `address` says.
        modules: What it imports and calls besides, by name as in `Order.warm`.

    Raises:
        SetupError: its folder is not this user's alone, or it did not come up; the message says
            why.
    """
    with suppress(FileExistsError):
        place.parent.mkdir(mode=0o700)
    if not running():
        raise SetupError(
            f"{place.parent}: is not a folder that is yours alone. Remove it, or set"
            " XDG_RUNTIME_DIR."
        )
    with tempfile.TemporaryDirectory(prefix="mottagning-") as scratch:
        log = Path(scratch, "said.log")
        with log.open("wb") as said:
            names = (*OURS, OWN_SHELL, *modules)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", PROGRAM, str(place), str(IDLE), AROUND, *names],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env=environment_of(Path(scratch)),
                start_new_session=True,
            )
        assert process.stdout is not None
        with process.stdout as told:
            ready = told.readline()
        if not ready:
            process.wait()
            lines = log.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise SetupError(f"the resident process did not start: {lines[-1]}. Run without it.")


def stop(place: Path) -> bool:
    """End the resident process that listens at a place, and tell whether there was one; runs that
    it has forked go on.
    """
    from helpers.warm.resident import found_at

    found = found_at(place)
    if found:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(found.pid)
            process.terminate()
            if psutil.wait_procs([process], timeout=5)[1]:
                process.kill()
    place.unlink(missing_ok=True)
    return found is not None
