"""Read an untrusted file in a process of its own, with limits on memory, time and what it may
write.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from helpers.contracts.files import resolved
from helpers.contracts.json_text import from_json
from helpers.sources.files.findings import Finding, Reading
from helpers.sources.files.reading import read

MEMORY, ANSWER = 512 << 20, 64 << 20  # bytes of address space; bytes on standard output
SECONDS = 60.0  # from start to end: on a busy machine a sound file waits for its turn
COMPUTING = 5  # seconds of processor time
MODULE = "helpers.sources.files.child"


def read_apart(path: Path, seconds: float = SECONDS) -> Reading:
    """Read a file in a limited child; whatever happens to the child becomes a finding.

    Args:
        path: The file; it need not be what its name says.
        seconds: Wall-clock limit for the child, its start included.
    """
    with tempfile.TemporaryFile() as answer:
        # -P: nothing beside the file, such as a csv.py in the same folder, is taken for ours.
        command = [sys.executable, "-P", "-m", MODULE, str(resolved(path))]
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            return _failed(
                "for_langsam", f"Filen tog mer än {seconds:g} s att läsa. Spara om bara tabellen."
            )
        finally:
            child.kill()
            child.wait()
        return _answered(code, answer)


def _answered(code: int, answer: IO[bytes]) -> Reading:
    answer.seek(0)
    try:
        if code == 0:
            return Reading.from_dict(from_json(answer.read()))
    except (ValueError, KeyError, TypeError):
        pass  # half an answer is no answer
    return _failed(
        "olaslig",
        f"Filen fick läsaren att avbryta (kod {code}). Spara om den i Excel och försök igen.",
    )


def _failed(code: str, says: str) -> Reading:
    return Reading("okänd", "", [Finding(code, says)], [])


def limit() -> None:
    """Bind this process to its limits, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the wall limit still holds
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, COMPUTING),
        (resource.RLIMIT_FSIZE, ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read the file named on the command line and answer in JSON; the parent judges the exit."""
    limit()
    try:
        reading = read(Path(sys.argv[-1]))
    except MemoryError:
        reading = _failed(
            "for_stor",
            f"Filen kräver mer än {MEMORY >> 20} MiB minne att läsa. Spara om bara tabellen.",
        )
    except OSError as error:
        reading = _failed("olasbar", f"Filen går inte att öppna ({error.strerror}).")
    except Exception as error:
        reading = _failed(
            "olaslig", f"Filen går inte att läsa ({type(error).__name__}). Spara om den i Excel."
        )
    json.dump(reading.as_dict(), sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
