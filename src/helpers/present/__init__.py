"""Say and draw: results become sentences, tables and figures in the reader's language.

Takes results, gives views with the facts they state; never reads a table, never computes a result.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.present.page import Page, Shown, open_page
    from helpers.present.views import answers_first, plainly

__all__ = ["Page", "Shown", "answers_first", "open_page", "plainly"]
_MODULES = {"Page": "page", "Shown": "page", "open_page": "page"}
_MODULES |= dict.fromkeys(("answers_first", "plainly"), "views")


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the index of an edition needs the language, and no
    drawing.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"helpers.present.{_MODULES[name]}"), name)
