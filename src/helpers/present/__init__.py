"""Say and draw: results become sentences, tables and figures in the reader's language."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.present.page import Page, Shown
    from helpers.present.pages import open_page
    from helpers.present.views import answers_first

__all__ = ["Page", "Shown", "answers_first", "open_page"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the index of an edition needs the language, and no drawing."""
    from helpers.present import page, pages, views

    for module in (page, pages, views):
        if name in __all__ and hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
