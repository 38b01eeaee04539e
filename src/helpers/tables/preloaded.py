"""Tables kept in memory by a process that others are forked from, so that each need not read them again."""

from typing import Any

import pandas as pd

from helpers.sources import Catalogue
from helpers.tables.tidy_layer import key_of

_kept: dict[tuple[str, str], dict[str, Any]] = {}


def keep(catalogue: Catalogue, tables: dict[str, Any]) -> None:
    """Keep tables under the folder they were read from and `tidy_layer.key_of` as it is now."""
    _kept[str(catalogue.root), key_of(catalogue)] = tables


def taken(catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the kept tables, if any, of this folder with these very bytes; None if they must be read.

    Each frame is the caller's own: pandas copies it when it is written to.
    """
    found = _kept.get((str(catalogue.root), key_of(catalogue))) if _kept else None
    return found and own(found)


def own(kept: Any) -> Any:
    """Return what a caller may write to unseen by others; frames, also within a dict or tuple, are copied then."""
    if isinstance(kept, dict):
        return {name: own(inner) for name, inner in kept.items()}
    if isinstance(kept, tuple):
        return tuple(own(inner) for inner in kept)
    return kept.copy(deep=False) if isinstance(kept, pd.DataFrame | pd.Series) else kept
