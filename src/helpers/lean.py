"""What need not be imported, or not yet, though a library asks for it where it happens to be
installed.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

UNNEEDED = (
    # jsonschema's: each is for a format, and no notebook's schema names one that is checked; the
    # first builds a grammar for a second or two
    "rfc3987_syntax",
    "fqdn",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "uri_template",
    "webcolors",
    "boto3",  # papermill's, for notebooks in S3
    "geopandas",  # pandera's, for frames with shapes; whoever draws a map imports it itself
    "hypothesis",  # pandera's, for making up frames
)
# papermill's for notebooks on the web, BeautifulSoup's for CSS, and what numpy has of Fortran: all
# of them are imported by who may never use them
LATER = ("requests", "soupsieve", "numpy.f2py")


class _Later(MetaPathFinder):
    """Finds modules whose code is run when something of theirs is first asked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where such a module is; nothing of any other."""
        found = PathFinder.find_spec(fullname, path, target) if fullname in LATER else None
        if found and found.loader:
            found.loader = LazyLoader(found.loader)
        return found


@contextmanager
def without(names: tuple[str, ...] = UNNEEDED) -> Iterator[None]:
    """While it lasts, modules that are not imported yet are as if they were not installed, and
    others are loaded at their first use.
    """
    hidden = [name for name in names if name not in sys.modules]
    # None is what Python takes for "not there"
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    later = _Later()
    sys.meta_path.insert(0, later)
    try:
        yield
    finally:
        sys.meta_path.remove(later)
        for name in hidden:
            if sys.modules.get(name) is None:
                del sys.modules[name]
