"""The only code that reads the outside: published tables come out as text, exactly as published.

Takes files, answers of services and the entries of `sources.toml`, gives text cells with the file's
own row numbers; never decides what a cell means.
"""

from helpers.sources.catalogue import Catalogue, SourceTable, load_catalogue
from helpers.sources.published import read_published

__all__ = ["Catalogue", "SourceTable", "load_catalogue", "read_published"]
