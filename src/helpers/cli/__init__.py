"""The command line: parse, call, print. No logic of its own."""

import sys
from collections.abc import Sequence

from helpers.cli.saying import print
from helpers.errors import WorkbookError

STOPPED = {130, 143}  # Ctrl-C and SIGTERM


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `mottagning`; end the process with the exit code, and an error as one plain message."""
    from helpers.cli.app import app

    try:
        app(args=arguments, standalone_mode=True)
    except WorkbookError as error:
        print(f"mottagning: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code in STOPPED:
            print("mottagning: stopped; what was published before stands untouched.", file=sys.stderr)
        raise
