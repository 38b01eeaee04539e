"""The papermill engine "warm". For papermill alone, which imports it at its start: so it is light,
and whoever imported it first would find it half made.
"""

from typing import Any

from papermill.engines import Engine

from helpers.make.hooks import inline_figures


class NotebookEngine(Engine):  # type: ignore[misc]
    """Runs a notebook's cells in the calling process; figures are shown in the cell that draws
    them.
    """

    @classmethod
    def execute_managed_notebook(cls, *given: Any, **options: Any) -> None:
        """Run the cells, as papermill asks; takes what `WarmEngine` does."""
        from helpers.warm.engine import WarmEngine

        inline_figures()
        WarmEngine.execute_managed_notebook(*given, **options)
