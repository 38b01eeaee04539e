"""The papermill engine "warm", and what our notebooks need of it, which itself knows of no library
for figures or numbers.

papermill imports this at its start: so it is light, and asks for papermill only when it is used.
"""

import os
import sys
from typing import Any


class _NotebookEngine:
    """Runs a notebook as `WarmEngine` does, and leaves out of the imports what `lean` does."""

    def __getattr__(self, asked: str) -> Any:
        """Return what papermill asks of an engine."""
        from helpers.warm.engine import WarmEngine

        class Lean(WarmEngine):
            around = "helpers.lean:without"

        return getattr(Lean, asked)


NotebookEngine = _NotebookEngine()


def inline_figures() -> None:
    """Let matplotlib show figures in their cell, as in a kernel, unless told otherwise; to be
    called before it is imported.
    """
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"


def own_chance() -> None:
    """Let numpy, where it is imported, draw other random numbers than the process that this one was
    forked from.
    """
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
