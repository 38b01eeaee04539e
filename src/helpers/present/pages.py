"""Open a page: whose it is, for which year, in which language."""

from helpers.present.language import Code, Language
from helpers.present.page import Page
from helpers.present.views import Place, Provenance


def open_page(report: str, place: Place | None, ar: int | None, sprak: Code, catalogue: Provenance) -> Page:
    """Return a new page.

    Args:
        report: The notebook's short name, e.g. "lansrapport".
        place: Whose page it is; None for the whole workbook.
        ar: Its year; None when it spans all years.
        sprak: The reader's language.
        catalogue: Published tables by id, for citing.
    """
    name = Language(sprak).t("Hela arbetsboken") if place is None else place.namn
    title = name if ar is None else f"{name} {ar}"
    where = {} if place is None else {"kind": place.kind, "kod": place.kod}
    return Page(report, title, where, ar, sprak, catalogue)
