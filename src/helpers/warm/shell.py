"""The shell that runs the cells: ipykernel's own, without a kernel around it."""

import os
import platform
import sys

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

LANGUAGE = {
    "name": "python",
    "version": platform.python_version(),
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}
_prepared: list[ZMQInteractiveShell] = []


def prepare() -> None:
    """Make a shell ahead, before the fork: it costs more than many a cell."""
    if not _prepared:
        _prepared.append(_make())


def take(channel: Session) -> ZMQInteractiveShell:
    """Return a shell that no notebook has used, and let it publish to a channel."""
    made = _prepared.pop() if _prepared else _make()
    for publisher in (made.displayhook, made.display_pub):
        publisher.session = channel
    made.displayhook.topic = b"execute_result"
    return made


def _make() -> ZMQInteractiveShell:
    if "" not in sys.path:
        sys.path.insert(0, "")  # a notebook may import what lies beside it
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as in a kernel
    settings = Config()
    settings.HistoryManager.enabled = False  # else it writes to a database, from a thread
    ZMQInteractiveShell.clear_instance()
    made: ZMQInteractiveShell = ZMQInteractiveShell.instance(config=settings, compiler_class=XCachingCompiler)
    made.enable_gui = _no_window  # type: ignore[method-assign]
    made.ask_exit = _leave  # type: ignore[method-assign]
    return made


def _no_window(gui: object = None) -> None:
    """Do nothing for %matplotlib, which asks the kernel that is not there to keep a window alive."""


def _leave() -> None:
    """End the notebook at exit and quit, as sys.exit() does."""
    raise SystemExit
