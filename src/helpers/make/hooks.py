"""What our notebooks need of the warm engine, which itself knows of no library for figures or
numbers.
"""

import os
import sys


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
