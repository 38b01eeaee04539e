"""The shell that runs the cells: ipykernel's own, without a kernel around it."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

_prepared: list[ZMQInteractiveShell] = []
# what was found out of a cell's source, by question and source
_known: dict[tuple[Any, ...], Any] = {}


def prepare() -> None:
    """Make a shell ahead, before the fork: it costs more than many a cell."""
    if not _prepared:
        _prepared.append(_make())


def forget() -> None:
    """Forget the shell that was made ahead: a process forked from this one makes its own, in its
    own environment.
    """
    _prepared.clear()


def study(sources: Iterable[str]) -> None:
    """Find out before the fork what every run of these cells would find out again."""
    prepare()
    for source in sources:
        plain = _prepared[-1].input_transformer_manager.transform_cell(source)
        _prepared[-1].should_run_async(source, transformed_cell=plain)
        _prepared[-1].displayhook.semicolon_at_end_of_expression(plain)


def take(channel: Session) -> ZMQInteractiveShell:
    """Return a shell that no notebook has used, and let it publish to a channel."""
    made = _prepared.pop() if _prepared else _make()
    for publisher in (made.displayhook, made.display_pub):
        publisher.session = channel
    made.displayhook.topic = b"execute_result"
    # this process's, which may have another environment than when it was made
    made.init_environment()  # type: ignore[no-untyped-call]
    return made


def _make() -> ZMQInteractiveShell:
    if "" not in sys.path:  # a notebook may import what lies beside it, after the standard library
        sys.path.insert(_first_of_others(), "")
    settings = Config()
    settings.HistoryManager.enabled = False  # else it writes to a database, from a thread
    ZMQInteractiveShell.clear_instance()
    made: ZMQInteractiveShell = ZMQInteractiveShell.instance(
        config=settings, compiler_class=XCachingCompiler
    )
    made.extension_manager.load_extension("storemagic")  # as a kernel does
    made.enable_gui = _no_window  # type: ignore[method-assign]
    made.ask_exit = _leave  # type: ignore[method-assign]
    _find_out_once(made)
    return made


def _first_of_others() -> int:
    """Return where in sys.path the standard library ends."""
    others = (
        place
        for place, folder in enumerate(sys.path)
        if folder.endswith(("site-packages", "dist-packages"))
    )
    return next(others, len(sys.path))


def _find_out_once(shell: Any) -> None:
    """Let a shell remember what it finds out of a cell by its source alone; each run asks it more
    than once.
    """
    manager, hook = shell.input_transformer_manager, shell.displayhook
    transform, awaits, is_quiet = (
        manager.transform_cell,
        shell.should_run_async,
        hook.semicolon_at_end_of_expression,
    )

    def transform_cell(cell: str) -> str:
        rules = (
            *manager.cleanup_transforms,
            None,
            *manager.line_transforms,
            None,
            *manager.token_transformers,
        )
        return str(_once(transform, (cell, *rules), cell))

    def should_run_async(
        raw_cell: str, *, transformed_cell: str, preprocessing_exc_tuple: Any = None
    ) -> bool:
        if preprocessing_exc_tuple is not None:
            return False
        return bool(
            _once(
                awaits,
                (transformed_cell, shell.autoawait),
                raw_cell,
                transformed_cell=transformed_cell,
            )
        )

    manager.transform_cell, shell.should_run_async = transform_cell, should_run_async
    hook.semicolon_at_end_of_expression = lambda cell: _once(is_quiet, (cell,), cell)


def _once(find: Callable[..., Any], known: tuple[Any, ...], *given: Any, **named: Any) -> Any:
    """Return what a function finds; it is asked once for what is known of a cell, whichever shell
    it belongs to.
    """
    key = find.__name__, *known
    if key not in _known:
        _known[key] = find(*given, **named)
    return _known[key]


def _no_window(gui: object = None) -> None:
    """Do nothing for %matplotlib, which asks the kernel that is not there to keep a window
    alive.
    """


def _leave() -> None:
    """End the notebook at exit and quit, as sys.exit() does."""
    raise SystemExit
