"""The papermill engine "warm". Light: papermill imports every registered engine at its start."""

from typing import Any

from papermill.engines import Engine


class WarmEngine(Engine):  # type: ignore[misc]
    """Run a notebook's cells in the calling process, with the outputs of an ordinary kernel.

    The process keeps what the cells change, so it should run one notebook and end; `supervisor` gives each
    notebook a process. A cell over its time ends the process, by SIGALRM: nothing in it can prevent that.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        output_limit: int | None = None,
        **options: Any,
    ) -> None:
        """Run the cells of `nb_man.nb`, as papermill asks.

        Args:
            nb_man: papermill's record of the notebook.
            kernel_name: Not used; the cells are Python.
            execution_timeout: Seconds one cell may take.
            output_limit: Bytes the notebook's outputs may have.
            options: What else papermill gives; a kernel's settings have no use here.

        Raises:
            OutputTooBigError: the outputs are over the limit.
        """
        from helpers.warm.client import run_cells

        run_cells(nb_man, execution_timeout, output_limit)
