"""`python -m tests.drill`: play the drill and show its table; exit code 1 if anything did not
hold.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.drill.program import scenes
from tests.drill.runner import as_json, ground_in, shown, table


def main() -> None:
    """Play what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument(
        "--small", action="store_true", help="small notebooks, three real reports, few kills"
    )
    parser.add_argument("--only", nargs="+", metavar="LINE", help="lines of the table, such as F7")
    parser.add_argument(
        "--seed", type=int, default=2018, help="of the points in time that are left to chance"
    )
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    given = parser.parse_args()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="drill-") as base:
        ground = ground_in(Path(base), not given.small, given.seed)
        found = shown(scenes(not given.small, given.only), ground, console)
    print(as_json(found)) if given.json else Console(width=max(Console().width, 150)).print(
        table(found)
    )
    failed = [row.line.number for row in found if row.verdict == "FAIL"]
    console.print(f"{sum(row.held for row in found)} of {len(found)} hold.", *failed)
    sys.exit(1 if failed or not found else 0)


if __name__ == "__main__":
    main()
