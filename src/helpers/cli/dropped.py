"""Files dropped into data/raw/: which of them are not imported yet."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.cli.saying import print

if TYPE_CHECKING:
    from helpers.sources import Catalogue

FOLDER = "raw"
LEFT_ALONE = (".", "~$", "README")  # hidden files, Excel's lock files, and what explains the folder


def new_files(quiet: bool) -> list[Path]:
    """Return the files at the top of data/raw/ that no table was made from, by name; say which are known.

    A file whose figures a later file has replaced is known too: taking it again would undo the later one.
    `quiet` leaves standard output to the JSON; it is then said on standard error.
    """
    from helpers.sources import load_catalogue
    from helpers.sources.catalogue import sha256_of

    catalogue = load_catalogue()
    taken = _taken(catalogue)
    files = _files(catalogue.root / FOLDER)
    known = [file.name for file in files if sha256_of(file) in taken]
    out = sys.stderr if quiet else sys.stdout
    if known:
        print(f"Already imported: {', '.join(known)}.", file=out)
    new = [file for file in files if file.name not in known]
    if not new:
        print(f"Nothing new in {catalogue.root / FOLDER}. Put an agency's file there, or name one.", file=out)
    return new


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith(LEFT_ALONE))


def _taken(catalogue: "Catalogue") -> set[str]:
    """The checksums of every file that a table was made from, now or before a later file replaced it."""
    tables = catalogue.tables.values()
    return {checksum for table in tables for checksum in (table.original_sha256, *table.superseded)}
