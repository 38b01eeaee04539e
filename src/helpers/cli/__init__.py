"""The command line: a file for each command, named as the command.

Takes a call, checks it, calls and prints; never computes.

The file of a command of a group begins with the group's name (`data_import.py`). `app.py` gathers
the commands, `options.py` reads a call, `terminal.py` prints, `request.py` finds an edition and
plans it, `run_record.py` records what `reports` does, and `summary.py` says what came of it.
"""

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from helpers.errors import SetupError, WorkbookError, told

STOPPED = {130, 143}  # Ctrl-C and SIGTERM
# objects made before it is looked for those to forget: imports make many, and none is to be
MANY = 50_000
atexit.register(gc.freeze)  # the process ends, and looking for them takes a fifth of a second
# pydantic would look through all that is installed for plugins, and none of ours needs one
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# what our notebooks begin with; first what reading the tables takes
WARM = ("helpers.cli.request", "helpers.cases", "helpers.present.topics", "helpers.cases:preload")
# what a report of a scenario takes besides: a proposal is solved in a fork of a process that has
# it, as where memory is nearly full the import of its linear algebra hangs
PARTED = ("scipy.optimize",)
BEGUN = "Importing what reports take.\n"
WRITTEN = (
    "The command went to its end: what it writes to files is written; only what it printed is lost."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `mottagning`; end the process with the exit code, and an error as one plain message."""
    gc.set_threshold(MANY)
    with _early(sys.argv[1:] if arguments is None else []):
        from helpers.cli.terminal import patient, print, tell_what_is_set_aside

        tell_what_is_set_aside()
        with patient() as refused:
            code = _ended(arguments)
    if refused:
        with patient():
            print(f"mottagning: {told(refused[0], 'standard output')} {WRITTEN}", file=sys.stderr)
        code = code or SetupError.exit_code
    sys.exit(code)


@contextmanager
def _early(given: Sequence[str]) -> Iterator[None]:
    """Where a call seems to be for reports, let what makes them be imported while the call is read,
    in the process that will make them; it is ended if it was in vain.
    """
    other = {"-h", "--help", "--engine", "--scheduler", "MOTTAGNING_ENGINE"}
    named = {word.partition("=")[0] for word in (*given, *os.environ)}
    if given[:1] not in (["report"], ["reports"]) or other & named:
        yield
        return
    if sys.stderr and sys.stderr.isatty():  # whoever sits there sees at once that it has begun
        sys.stderr.write(BEGUN)
        sys.stderr.flush()
    from helpers.make import warm_start

    warm_start.start_early([name for name in WARM if ":" not in name])
    try:
        yield
    finally:
        warm_start.end_early()


def _ended(arguments: Sequence[str] | None) -> int | str | None:
    """Run a command; its exit code."""
    from helpers.cli.app import app
    from helpers.cli.terminal import print

    try:
        app(args=arguments, standalone_mode=True)
    except WorkbookError as error:
        print(f"mottagning: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"mottagning: {told(error)}", file=sys.stderr)
        return SetupError.exit_code
    except SystemExit as end:
        if end.code in STOPPED:
            print(
                "mottagning: stopped; what was published before stands untouched.", file=sys.stderr
            )
        return end.code
    return 0
