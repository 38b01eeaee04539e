"""Say and draw: results become sentences, tables and figures in the reader's language."""

from helpers.present.page import Page, Shown
from helpers.present.pages import open_page
from helpers.present.views import answers_first

__all__ = ["Page", "Shown", "answers_first", "open_page"]
