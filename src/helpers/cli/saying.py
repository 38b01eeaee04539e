"""The one printer of the command line: what a stranger wrote is shown as text, with nothing hidden
in it.
"""

import builtins
import sys
from typing import Any

from helpers.contracts.text import LONGEST, cut, visible


def print(*texts: object, end: str = "\n", file: Any = None) -> None:
    """Print as Python does, hidden characters escaped as in JSON, a message's lines never longer
    than a person reads.

    Args:
        texts: What to say; line breaks and tabs in it stay.
        end: What follows.
        file: Where to; standard output if none is given.
    """
    shown = visible(" ".join(map(str, texts)), layout=True)
    if file is sys.stderr:
        shown = "\n".join(cut(line, LONGEST) for line in shown.split("\n"))
    builtins.print(shown, end=end, file=file)
