"""The command that writes the tidy tables as Parquet."""

from helpers.cli.saying import print
from helpers.contracts.text import to_json


def refresh() -> None:
    """Bring the tidy tables up to date, silently."""
    from helpers import tables

    tables.refresh_tidy()


def tidy(as_json: bool) -> None:
    """Write every tidy table anew and name the files."""
    from helpers import tables

    files = [str(path) for path in tables.write_tidy()]
    if as_json:
        print(to_json({"files": files}, indent=1))
    else:
        print("\n".join(files))
