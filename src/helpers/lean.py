"""What need not be imported, though a library asks for it where it happens to be installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNNEEDED = (
    # jsonschema's, and it then builds a grammar for a second or two; it is for a format that no
    # notebook's schema names, and without it jsonschema leaves that format unchecked.
    "rfc3987_syntax",
    "boto3",  # papermill's, for notebooks in S3
    "geopandas",  # pandera's, for frames with shapes; whoever draws a map imports it itself
    "hypothesis",  # pandera's, for making up frames
)


@contextmanager
def without(names: tuple[str, ...] = UNNEEDED) -> Iterator[None]:
    """While it lasts, modules that are not imported yet are as if they were not installed."""
    hidden = [name for name in names if name not in sys.modules]
    # None is what Python takes for "not there"
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name) is None:
                del sys.modules[name]
