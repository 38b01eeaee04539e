"""Resident processes that are killed at a line of their own, for the test that looks what becomes
of those who ask them. They are forked from a process that has imported what they begin with.
"""

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from helpers.cli.warm import MODULES
from helpers.make.warm_start import AROUND, OURS, OWN_SHELL
from helpers.warm import parent, resident
from tests.patience import FOREVER

NAMES = (*OURS, *MODULES)


class Counter:
    """Counts the lines of `resident` that a process runs, and kills it before one of them.

    Args:
        last: The line's number, from 1; with 0 none.
        counted: A file that has a byte for each line.
    """

    def __init__(self, last: int, counted: str) -> None:
        self.own, self.last, self.seen = os.getpid(), last, 0
        self.counted = os.open(counted, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        """Trace what is called: only `resident`, and only in the process that it began in."""
        if os.getpid() != self.own:
            sys.settrace(None)
            return None
        if frame.f_code.co_filename != resident.__file__:
            return None
        if event == "line":
            self.seen += 1
            os.write(self.counted, b".")
            if self.seen == self.last:
                os.kill(self.own, signal.SIGKILL)
        return self


def main() -> None:
    """Fork a resident process for each line of input, and print its id."""
    with parent.importing(AROUND):
        parent.warm_up(NAMES)
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _be_resident(**json.loads(line))
        print(pid, flush=True)


def _be_resident(address: str, last: int, counted: str, said: str) -> NoReturn:
    """Be what `python -m helpers.warm.resident` is."""
    try:
        os.setsid()
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 1)
        sys.settrace(Counter(last, counted))
        resident.serve(Path(address), AROUND, FOREVER, (*NAMES, OWN_SHELL))
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
