"""How a forked process ends as Python itself would: what is to be done at the end is done, what is
written is flushed; and nothing that is its parent's to do.
"""

import atexit
import gc
import io
import sys
import weakref
from contextlib import suppress

KEPT = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)  # texts first: they fill the others


def forget_the_parents() -> None:
    """Let what the process that this one was forked from has to do at its end be its own."""
    for finalizer in getattr(weakref.finalize, "_registry", ()):
        finalizer.atexit = False
    atexit._clear()
    atexit.register(getattr(weakref.finalize, "_exitfunc", gc.isenabled))


def finish() -> None:
    """Do what has been asked for at exit since, and write what open files still hold."""
    atexit._run_exitfuncs()
    found = [made for made in gc.get_objects() if isinstance(made, KEPT)]
    for kind in KEPT:
        for file in found:
            if type(file) is kind and file not in (sys.__stdout__, sys.__stderr__):
                with suppress(Exception):
                    file.flush()
