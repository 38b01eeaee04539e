"""The workbook's errors: each names what, where, what was found and the next step.

A user's mistake is one of these; anything else is ours. The exit codes are the command line's.
"""

import errno

# what an error of the system asks of the user; only the first three are about the disk itself
STEPS = {
    errno.ENOSPC: (
        "The disk is full, of bytes or of files: remove some, or choose a folder on another disk."
    ),
    errno.EDQUOT: (
        "Your part of the disk is full: remove files of yours, or choose a folder on another disk."
    ),
    errno.EROFS: "The disk is read-only: choose a folder on another disk.",
    errno.EACCES: "Check who owns it and who may read and write it.",
    errno.EPERM: "Check who owns it and who may read and write it.",
    errno.ENOENT: "Check that it is there, and that nothing else has removed it.",
    errno.ENOTDIR: "Check the path: a part of it is a file, not a folder.",
    errno.EISDIR: "Check the path: move what is there, and put the file in its place.",
    errno.EEXIST: "Check what lies there; move it, or choose another folder.",
    errno.ENOTEMPTY: "Check what lies there; move it, or choose another folder.",
    errno.ENAMETOOLONG: "Choose a folder with a shorter path.",
    errno.EMFILE: (
        "Too many files are open: run with fewer workers, or raise the limit (ulimit -n)."
    ),
    errno.ENFILE: "Too many files are open on this machine: end what is not needed, and run again.",
    errno.ENOMEM: "The memory is used up: run with fewer workers.",
    errno.EAGAIN: (
        "No more processes may be started: run with fewer workers, or raise the limit (ulimit -u)."
    ),
    errno.EPIPE: "What it wrote to has ended: see what that process says, and run again.",
    errno.ECONNRESET: "What it spoke to has ended: see what that process says, and run again.",
    errno.EIO: "The disk does not answer as it should: check it, and run again on another.",
    errno.EOPNOTSUPP: "That disk has no such files, as links: choose a folder on another disk.",
}


LONGEST = 2000  # characters of a line that is told: what it quotes may be a million of them


BUSY = 75  # the exit code of a run that found another at work: it says nothing of its own work


class WorkbookError(Exception):
    """One or more problems found in one pass, told in whole sentences.

    >>> str(WorkbookError("first problem.", "second problem."))
    'first problem.\\nsecond problem.'
    """

    exit_code = 1

    def __init__(self, *problems: str) -> None:
        self.problems = tuple(map(_short, problems))
        super().__init__(*self.problems)

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


class BusyError(WorkbookError):
    """Another run is at work on the same folder."""

    exit_code = BUSY


def _short(problem: str) -> str:
    """Return a problem, each of its lines cut as `contracts.text.cut` does, which may not be
    imported here.
    """
    half = LONGEST // 2 - 1
    lines = problem.split("\n")
    return "\n".join(
        line if len(line) <= LONGEST else f"{line[:half]}…{line[-half:]}" for line in lines
    )


def told(error: OSError, place: object = "") -> str:
    """Return an error of the system as what it is: the path, what the system says, and the next
    step.

    Args:
        error: The error; its own path counts, if it has one.
        place: What was being done or worked on, where the error names no path.

    >>> told(FileNotFoundError(2, "No such file or directory", "rapport.ipynb"))
    ... # doctest: +NORMALIZE_WHITESPACE
    'rapport.ipynb: No such file or directory. Check that it is there, and that nothing else has
    removed it.'
    >>> told(BrokenPipeError(32, "Broken pipe"), "reports")
    'reports: Broken pipe. What it wrote to has ended: see what that process says, and run again.'
    """
    where = error.filename if isinstance(error.filename, str) else place
    said = error.strerror or str(error) or type(error).__name__
    step = STEPS.get(error.errno or 0, "Run again; if it comes back, report it with these words.")
    return f"{where}: {said.rstrip('.')}. {step}" if str(where) else f"{said.rstrip('.')}. {step}"
