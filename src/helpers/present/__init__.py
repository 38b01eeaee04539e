"""Say and draw: results become sentences, tables and figures in the reader's language."""

from helpers.present.page import Page, Shown
from helpers.present.pages import open_page

__all__ = ["Page", "Shown", "open_page"]
