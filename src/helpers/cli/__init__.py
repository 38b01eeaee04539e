"""The command line: a file for each command, named as the command.

Takes a call, checks it, calls and prints; never computes.

`check.py` has `sources` too, `history.py` `status`, `releases.py` `rollback` and `explain`.
`app.py` gathers the commands, `options.py` reads a call, `terminal.py` prints, `request.py` finds
an edition and plans it, and `run_record.py` records what `reports` does.
"""

import sys
from collections.abc import Sequence

from helpers.errors import SetupError, WorkbookError, told

STOPPED = {130, 143}  # Ctrl-C and SIGTERM
WRITTEN = (
    "The command went to its end: what it writes to files is written; only what it printed is lost."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `mottagning`; end the process with the exit code, and an error as one plain message."""
    from helpers.cli.terminal import patient, print

    with patient() as refused:
        code = _ended(arguments)
    if refused:
        with patient():
            print(f"mottagning: {told(refused[0], 'standard output')} {WRITTEN}", file=sys.stderr)
        code = code or SetupError.exit_code
    sys.exit(code)


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
