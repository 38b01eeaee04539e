"""Views as a page's HTML: sentences, key numbers, words beside what they are about, folds and
figures; what is in them is put in as text.
"""

import re

from helpers.contracts.text import as_html
from helpers.present.language import Language
from helpers.present.views import Statement

# a range, a date, the number of a law
WHOLE = re.compile(
    r"\b(?:[0-9][0-9\u00a0]*(?:–[0-9][0-9\u00a0]*|(?:-[0-9]{2}){2})|SFS [0-9]+:[0-9]+)\b"
)


def statement_html(view: Statement, language: Language, text: str) -> str:
    """Return a statement, worded as `text`, as one paragraph; its class is the tone."""
    if view.tone == "key":
        return _key_html(view.id, text.split("\n"))
    tongue = ' lang="sv"' if view.quoted and language.code != "sv" else ""
    leads = f' <span data-leads="{as_html(view.leads)}"></span>' if view.leads else ""
    return f'<p class="{view.tone}" id="{view.id}"{tongue}>{_unbroken(as_html(text))}{leads}</p>'


def _unbroken(markup: str) -> str:
    """Return a text's HTML with ranges, dates and numbers of laws that no line break parts."""
    return WHOLE.sub(r'<span class="whole">\g<0></span>', markup)


def _key_html(name: str, lines: list[str]) -> str:
    """Return a key number: its name, the number, what it is compared with, what to know of it."""
    parts = zip(("what", "number", "beside", "caveat"), lines, strict=True)
    told = {css: as_html(line) for css, line in parts}
    told["number"] = re.sub(r" ([^0-9]+)$", r'<span class="unit"> \1</span>', told["number"])
    # for who hears them, copies them, or sees them without the page's style, as in JupyterLab
    marks = {"number": ":", "beside": ";", "caveat": "."}
    inner = "".join(
        (f'<span class="unseen">{marks[css]}</span> ' if css in marks and line else "")
        + f'<span class="{css}">{line}</span>'
        for css, line in told.items()
    )
    return f'<p class="key" id="{name}">{inner}</p>'


def keys_html(keys: list[str]) -> str:
    """Return key numbers beside each other."""
    return f'<div class="keys">{"".join(keys)}</div>'


def row_html(words: list[str], exhibit: list[str], after: list[str]) -> str:
    """Return a figure or table with the words before and after it; words alone where there is
    none.
    """
    parts = (("words", words), ("exhibit", exhibit), ("words", after))
    told = [f'<div class="{css}">' + " ".join(found) + "</div>" for css, found in parts if found]
    return f'<div class="row">{"".join(told)}</div>' if exhibit else "".join(told)


def reading_html(text: str, language: Language) -> str:
    """Return how to read the figure above, as one paragraph."""
    return f'<p class="reading">{as_html(language.t(text))}</p>'


def fold_html(name: str, summary: str, inner: str) -> str:
    """Return views that a reader opens."""
    return (
        f'<details class="fold" id="{name}"><summary>{as_html(summary)}</summary>{inner}</details>'
    )


def figure_html(
    name: str, drawing: str, alt: str, caption: str, source: str, numbers: str, summary: str
) -> str:
    """Return a figure: its caption, heard once as its name, the drawing as one image whose words
    are the alternative text, its source, its numbers folded.
    """
    return (
        f'<figure class="fig" id="fig-{name}" aria-labelledby="fig-{name}-caption">'
        f'<figcaption id="fig-{name}-caption" aria-hidden="true">{as_html(caption)}</figcaption>'
        f'<div class="drawing" role="img" aria-label="{as_html(alt)}">{drawing}</div>'
        f'<p class="source">{as_html(source)}</p>'
        f"<details><summary>{as_html(summary)}</summary>{numbers}</details></figure>"
    )
