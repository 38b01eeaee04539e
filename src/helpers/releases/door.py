"""The folder door/ of a release, which the link html shows: its pages lead into the release."""

import os
import re
from pathlib import Path

from helpers.contracts.opening import bytes_in

PAGES = ("index.html", "andringar.html")
RELATIVE = re.compile(r'(<a\b[^>]*? href=")(?!#|/|\.\./|[A-Za-z][A-Za-z0-9+.-]*:)')


def pointing_into(page: str, prefix: str) -> str:
    """Return a page whose relative links begin with `prefix`; all else is the same.

    >>> pointing_into('<a href="a/24.html">AC</a> <a class="skip" href="#om">Om</a>',
    ...     "../releases/4f/html/")
    '<a href="../releases/4f/html/a/24.html">AC</a> <a class="skip" href="#om">Om</a>'
    """
    return RELATIVE.sub(lambda link: link[1] + prefix, page)


def make_door(release: Path, identity: str) -> None:
    """Make a release's folder door/: its index leads into the release, all else are links to what
    lies in html/.

    Args:
        release: The folder with html/, which may still have another name.
        identity: The release's id, which its folder will have.
    """
    door = release / "door"
    door.mkdir()
    for found in sorted((release / "html").iterdir()):
        if found.name in PAGES:
            page = pointing_into(bytes_in(found).decode("utf-8"), f"../releases/{identity}/html/")
            (door / found.name).write_text(page, "utf-8")
        else:
            os.symlink(f"../html/{found.name}", door / found.name)
