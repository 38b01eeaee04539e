"""The only code that reads the outside: published tables come out as text, exactly as published."""

from helpers.sources.catalogue import Catalogue, SourceTable, load_catalogue
from helpers.sources.published import read_published

__all__ = ["Catalogue", "SourceTable", "load_catalogue", "read_published"]
