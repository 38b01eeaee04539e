"""A papermill engine. Light: papermill imports every registered engine at its start."""

from pathlib import Path
from typing import Any

from papermill.engines import Engine, papermill_engines


class WarmEngine(Engine):  # type: ignore[misc]
    """Run a notebook's cells in the calling process, with the outputs of an ordinary kernel.

    The process keeps what the cells change, so it should run one notebook and end; `supervisor`
    gives each notebook a process. A cell over its time ends the process, by SIGALRM: nothing in it
    can prevent that.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        output_limit: int | None = None,
        parting: frozenset[str] | None = None,
        trail: Path | None = None,
        **options: Any,
    ) -> None:
        """Run the cells of `nb_man.nb`, as papermill asks.

        Args:
            nb_man: papermill's record of the notebook.
            kernel_name: Not used; the cells are Python.
            execution_timeout: Seconds one cell may take.
            output_limit: Bytes the notebook's outputs may have.
            parting: Run only the cells that do not depend on these names; forks of this process
                then run the rest, each with its own parameters, when they are given the same
                notebook.
            trail: A file for what the running cell prints, as it comes.
            options: What else papermill gives; a kernel's settings have no use here.

        Raises:
            OutputTooBigError: the outputs are over the limit.
        """
        from . import client, sharing

        if parting is not None:
            sharing.run_shared(nb_man, execution_timeout, output_limit, parting)
        elif sharing.begun:
            sharing.begun.pop().go_on(nb_man, trail)
        else:
            client.run_cells(nb_man, execution_timeout, output_limit, trail)


def register(name: str = __package__) -> str:
    """Let papermill know the engine by a name in this process, and return it."""
    papermill_engines.register(name, WarmEngine)
    return name
