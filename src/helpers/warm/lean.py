"""What a warm process need not import, though a library asks for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# jsonschema imports it where it is installed, and it then builds a grammar for a second or two; it is for a format
# that no notebook's schema names, and without it jsonschema leaves that format unchecked.
UNNEEDED = ("rfc3987_syntax",)


@contextmanager
def without(names: tuple[str, ...] = UNNEEDED) -> Iterator[None]:
    """While it lasts, modules that are not imported yet are as if they were not installed."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is what Python takes for "not there"
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name) is None:
                del sys.modules[name]
