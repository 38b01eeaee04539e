"""A papermill engine. Light: papermill imports every registered engine at its start."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from papermill.engines import Engine, NBClientEngine, papermill_engines
from papermill.log import logger

from .processes import lacking

MEANINGLESS = {  # papermill's own, and what only a kernel that is started needs
    "autosave_cell_every", "input_path", "iopub_timeout", "raise_on_iopub_timeout",
    "request_save_on_cell_execute", "shutdown_kernel", "start_timeout", "startup_timeout",
}  # fmt: skip
HONOURED = {
    "allow_error_names", "allow_errors", "force_raise_errors", "log", "log_output",
    "on_cell_complete", "on_cell_error", "on_cell_execute", "on_cell_executed", "on_cell_start",
    "record_timing", "skip_cells_with_tag", "stderr_file", "stdout_file", "store_widget_state",
}  # fmt: skip


class WarmEngine(Engine):  # type: ignore[misc]
    """Run a notebook's cells in a process of their own, with the outputs of an ordinary kernel.

    That process is forked from one that has imported what cells need: the first notebook starts it,
    and it ends with the caller. In a process that a `Supervisor` watches, which is a notebook's
    own, the cells run there. A notebook of another language, or whose kernel is another
    interpreter, is run by papermill's own engine; so is every notebook where there is no fork.
    """

    around = ""  # the context manager in which the process for cells imports, "module:function"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        output_limit: int | None = None,
        parting: frozenset[str] | None = None,
        trail: Path | None = None,
        in_place: bool | None = None,
        **options: Any,
    ) -> None:
        """Run the cells of `nb_man.nb`, as papermill asks.

        Args:
            nb_man: papermill's record of the notebook.
            kernel_name: The kernel the notebook is for.
            execution_timeout: Seconds one cell may take; so is nbclient's `timeout`. It is then
                interrupted, and its process killed if it goes on.
            output_limit: Bytes the notebook's outputs may have.
            parting: Run only the cells that do not depend on these names, in this process; forks of
                it then run the rest, each with its own parameters, when they are given the same
                notebook.
            trail: A file for what the running cell prints, as it comes.
            in_place: Whether the cells run in the calling process, which then keeps what they
                change; by itself only where a `Supervisor` watches it, and no notebook runs in it.
            options: What else papermill and nbclient take (`HONOURED`).

        Raises:
            OutputTooBigError: the outputs are over the limit.
            CellTimeoutError: a cell took longer than it may. DeadKernelError: its process ended.
            TypeError: an option that means nothing here; the message names it.
        """
        if told := _another(kernel_name):
            logger.warning("%s: %s, so papermill's own engine runs it", kernel_name, told)
            timed = {"execution_timeout": execution_timeout}
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **timed, **options)
            return
        limit = execution_timeout or options.pop("timeout", None)
        if unknown := sorted(options.keys() - HONOURED - MEANINGLESS - {"timeout"}):
            raise TypeError(f"the warm engine has no option {', '.join(unknown)}: leave it out.")
        given = {name: value for name, value in options.items() if name in HONOURED}
        if kernel_name:
            given["kernel_name"] = kernel_name
        if not (_is_watched() if in_place is None else in_place or parting):
            from .apart import run_cells

            run_cells(nb_man, limit, output_limit, trail, given, cls.around)
            return
        from . import local, sharing

        if parting is not None:
            sharing.run_shared(nb_man, limit, output_limit, parting)
        elif sharing.begun:
            sharing.begun.pop().go_on(nb_man, trail)
        else:
            local.run_cells(nb_man, limit, output_limit, trail, given)


def _is_watched() -> bool:
    """Tell whether this process is a notebook's own, with no notebook in it yet."""
    from . import slot

    cells = sys.modules.get(f"{__package__}.cells")
    running = cells.Cells.running if cells else 0
    return slot.is_watched() and (running != os.getpid() or bool(_begun()))


def _begun() -> list[Any]:
    sharing = sys.modules.get(f"{__package__}.sharing")
    return sharing.begun if sharing else []


def _another(kernel_name: str | None) -> str:
    """Return why papermill's own engine is to run a notebook; "" if it is not."""
    if lacking():
        return lacking()
    return "" if _ours(kernel_name) else "its kernel is no Python of this interpreter"


def _ours(kernel_name: str | None) -> bool:
    """Tell whether a kernel is this interpreter: by its name, else by what it is started with."""
    if kernel_name in (None, "", "python3"):
        return True
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False  # papermill's engine says so
    with suppress(OSError):
        return spec.language == "python" and Path(spec.argv[0]).samefile(sys.executable)
    return False


def register(name: str = __package__) -> str:
    """Let papermill know the engine by a name in this process, and return it."""
    papermill_engines.register(name, WarmEngine)
    return name
