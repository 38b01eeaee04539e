"""Tables as HTML: a caption outside the box that scrolls, headings with scopes, numbers that are
numbers where they are pasted.
"""

import re
from collections.abc import Mapping
from itertools import dropwhile, groupby
from typing import Any

from helpers.contracts.text import as_html
from helpers.present.language import PARTS, Language, placeholders
from helpers.present.rendering import cell_of, derived_told, does_not_add, words
from helpers.present.views import Column, Table, is_unknown

VERDICT_MARKS = {"fewer": ("under", "▼"), "within": ("inom", "●"), "more": ("over", "▲")}
THOUSANDS = re.compile(r"(?<=[0-9])\u00a0([0-9]{3})(?![0-9])")
# CSS pixels: the narrowest phone's room, a letter of a table and of its headings, what is beside a
# column, and the room that a cell of many letters is given
PHONE, LETTER, HEADING, BESIDE, ROOM = 288, 8.0, 8.6, 14, 224
FEW = 4  # columns: more are always wider than that
LONG = 40  # letters: a cell of more is given room


def table_html(
    view: Table, language: Language, title: str, source: str, nested: bool = False
) -> str:
    """Return a table under its caption, which names it and is heard as its name alone.

    Its box scrolls where the page is too narrow, with the first column standing still; one that a
    phone has room for is no stop for the keyboard.

    Args:
        view: The table.
        language: The reader's language.
        title: The whole caption, numbered, plain text.
        source: The source line, plain text.
        nested: Whether it is a figure's numbers (then the caption is the figure's, without a
            number).
    """
    name = f"tab-{view.id}"
    head = "".join(_heading(view, column, language) for column in view.columns)
    body = "".join(_row(view, row, language) for row in view.rows)
    foot = f"<tfoot>{_row(view, view.total, language)}</tfoot>" if view.total is not None else ""
    notes = [*view.note.splitlines(), *derived_told(view), *[PARTS] * does_not_add(view)]
    values = words(view.values, language)
    note = "".join(f'<p class="note">{as_html(language.t(text, **values))}</p>' for text in notes)
    line = "" if nested else f'<p class="source">{as_html(source)}</p>'
    words_only = ' class="words"' if _is_words(view, language) else ""
    return (
        f'<p class="caption" id="{name}-caption" aria-hidden="true">{as_html(title)}</p>'
        f'<div class="scroll stay"{_stop(view, language)}>'
        f'<table id="{name}"{words_only} aria-labelledby="{name}-caption">'
        f"<thead>{_groups(view, language)}"
        f"<tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></div>{note}{line}"
    )


def table_text(view: Table, language: Language) -> str:
    """Return a table as plain text, for where no page is shown: a line for each row, its cells
    parted by tabs.
    """
    heads = [language.t(column.label, **words(column.values, language)) for column in view.columns]
    rows = [*view.rows, *([view.total] if view.total is not None else [])]
    cells = ([cell_of(view, column, row, language) for column in view.columns] for row in rows)
    return "\n".join("\t".join(line) for line in (heads, *cells))


def _stop(view: Table, language: Language) -> str:
    """What makes a box reachable by keyboard, where its table is wider than the narrowest phone."""
    if _is_words(view, language):
        return ""
    told = as_html(language.t("Tabellen går att rulla i sidled."))
    stop = f' role="group" aria-label="{told}" tabindex="0"'
    many = len(view.columns) > FEW
    wide = many or sum(_least(view, column, language) for column in view.columns) > PHONE
    return stop if wide else ""


def _is_words(view: Table, language: Language) -> bool:
    """Whether a table is a name and a sentence in each row: a phone shows them one below the
    other, and nothing of it scrolls.
    """
    if len(view.columns) != 2:
        return False
    rows = view.rows
    cells = [cell_of(view, view.columns[1], row, language) for row in rows]
    return any(len(text) > LONG and not _is_number(text) for text in cells)


def _least(view: Table, column: Column, language: Language) -> float:
    """How many CSS pixels a column takes at least: numbers, and the word where one is missing, are
    not broken, words are at blanks.
    """
    rows = view.rows
    cells = [cell_of(view, column, row, language) for row in rows]
    given_room = column is not view.columns[0]  # the head of a row is broken as it must
    if given_room and any(len(text) > LONG and not _is_number(text) for text in cells):
        return ROOM + BESIDE
    whole = {language.missing} if any(map(_is_number, cells)) else set()
    longest = [
        len(text) if _is_number(text) or text in whole else max(map(len, text.split(" ")))
        for text in cells
    ]
    label = language.t(column.label, **words(column.values, language))
    head = max(map(len, label.split(" ")))
    return max([HEADING * head, *(LETTER * length for length in longest)]) + BESIDE


def _is_number(text: str) -> bool:
    return re.match("[0-9−+]|$", text) is not None


def _groups(view: Table, language: Language) -> str:
    """A row of headings that several columns share; nothing where none do."""
    if not any(column.group for column in view.columns):
        return ""
    said = [
        language.t(column.group, **words(column.values, language)) if column.group else ""
        for column in view.columns
    ]
    runs = [(group, len(list(run))) for group, run in groupby(said)]
    cells = (
        f'<th scope="colgroup" colspan="{count}"><span>{as_html(group)}</span></th>'
        if group
        else f'<td colspan="{count}"></td>'
        for group, count in runs
    )
    return f'<tr class="group">{"".join(cells)}</tr>'


def _heading(view: Table, column: Column, language: Language) -> str:
    """A heading is above its figures, to the right, or above its words, to the left; a unit shows
    figures.
    """
    cells = (row[column.name] for row in view.rows)
    figures = column.unit or not isinstance(next(dropwhile(is_unknown, cells), ""), str)
    side = ' class="num"' if figures else ""
    label = language.t(column.label, **words(column.values, language))
    label = language.t("{uppgift}, preliminärt", uppgift=label) if column.preliminary else label
    if column.all_estimated:
        label = language.t("{uppgift}, uppskattat", uppgift=label)
    unit = f' <span class="unit">({as_html(language.t(column.unit))})</span>' if column.unit else ""
    return f'<th scope="col"{side}>{as_html(label)}{unit}</th>'


def _row(view: Table, row: Mapping[Any, Any], language: Language) -> str:
    first, *rest = view.columns
    tongue = ' lang="sv"' if first.quoted and language.code != "sv" else ""
    head = as_html(cell_of(view, first, row, language))
    if first.report and all(name in row for name in placeholders(first.report)):
        # the page of an edition that has the report makes a link of it
        head = f'<span data-report="{as_html(first.report.format_map(row))}">{head}</span>'
    head = f'<th scope="row"{tongue}>{head}</th>'
    return f"<tr>{head}{''.join(_cell(view, column, row, language) for column in rest)}</tr>"


def _cell(view: Table, column: Column, row: Mapping[Any, Any], language: Language) -> str:
    value, text = row.get(column.name), as_html(cell_of(view, column, row, language))
    if is_unknown(value):
        return f'<td class="num missing">{text}</td>'
    if value in VERDICT_MARKS:
        css, mark = VERDICT_MARKS[str(value)]
        return f'<td class="verdict-{css}"><span aria-hidden="true">{mark}</span> {text}</td>'
    tongue = ' lang="sv"' if column.quoted and language.code != "sv" else ""
    if not isinstance(value, str) or column.unit:
        return f'<td class="num">{_to_copy(text)}</td>'
    css = ' class="long"' if len(text) > LONG else ""
    return f"<td{css}{tongue}>{text}</td>"


def _to_copy(text: str) -> str:
    """A number as a reader sees it, which is a number where it is pasted: thousands are parted by
    a margin, and the minus is a hyphen drawn as one.
    """
    parted = THOUSANDS.sub(r'<span class="t">\1</span>', text)
    return re.sub("^−", '<span class="m">-</span>', parted)
