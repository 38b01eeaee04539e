"""The workbook's errors: each names what, where, what was found and the next step.

A user's mistake is one of these; anything else is ours. The exit codes are the command line's.
"""


class WorkbookError(Exception):
    """One or more problems found in one pass, told in whole sentences.

    >>> str(WorkbookError("first problem.", "second problem."))
    'first problem.\\nsecond problem.'
    """

    exit_code = 1

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        """Keep every problem when the error crosses a process border."""
        return type(self), self.problems


class ParameterError(WorkbookError):
    """A call, a parameter or an edition file asks for what does not exist."""

    exit_code = 2


class RenderError(WorkbookError):
    """A report did not run to its end, or its page failed the gate."""

    exit_code = 3


class SetupError(WorkbookError):
    """The machine cannot do it: read-only folder, full disk, missing programme."""

    exit_code = 4


class DataError(WorkbookError):
    """A published table is missing, malformed, or says something impossible."""

    exit_code = 5
