"""The command line: parse, call, print. No logic of its own."""

import sys
from collections.abc import Sequence

from helpers.errors import WorkbookError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `mottagning`; end the process with the exit code, and an error as one plain message."""
    from helpers.cli.app import app

    try:
        app(args=arguments, standalone_mode=True)
    except WorkbookError as error:
        print(f"mottagning: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("mottagning: stopped; what was published before stands untouched.", file=sys.stderr)
        sys.exit(130)
