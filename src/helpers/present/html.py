"""Views become accessible HTML: captions, header scopes, units, alternative text, scrolling
regions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from helpers.contracts.text import as_html
from helpers.model.exact import exact_sum
from helpers.present.language import Language
from helpers.present.precision import PARTS, adds_up
from helpers.present.terms import VERDICTS
from helpers.present.views import Column, Fact, Statement, Table, Value, is_unknown

ORIGINS = {
    "official": "officiell uppgift",
    "county": "länets egen uppgift",
    "press": "enligt press",
    "computed": "beräknat",
    "derived": "härlett",
}
# an SVG in one
ADDRESS = str.maketrans({"%": "%25", "#": "%23", "<": "%3C", ">": "%3E", '"': "%22", "&": "%26"})
VERDICT_MARKS = {"fewer": ("under", "▼"), "within": ("inom", "●"), "more": ("over", "▲")}
# JupyterLab aligns every cell of a table to the right; numbers alone belong there
IN_JUPYTERLAB = "<style>.jp-RenderedHTMLCommon :is(td, th):not(.num) { text-align: left }</style>"


def head_html(title: str) -> str:
    """Return the head as JupyterLab shows it; a report's page has a heading of its own."""
    return f"<p>{as_html(title)}</p>{IN_JUPYTERLAB}"


def words(values: Mapping[str, Value], language: Language) -> dict[str, str]:
    """Return each placeholder's value as the reader sees it."""
    return {name: _word(value, language) for name, value in values.items()}


def _word(value: Value, language: Language) -> str:
    if isinstance(value, Fact):
        return value.shown(language)
    return (
        language.t(value)
        if isinstance(value, str)
        else language.listing([_word(part, language) for part in value])
    )


def sentence(view: Statement, language: Language) -> str:
    """Return a statement as plain text."""
    if view.quoted:
        return view.text
    filled = words(view.values, language)
    # a sign keeps its number
    return re.sub(r"(?<=[0-9]) (?=[%‰])", "\u00a0", language.t(view.text, **filled))


def statement_html(view: Statement, language: Language, text: str) -> str:
    """Return a statement, worded as `text`, as one paragraph; its class is the tone."""
    tongue = ' lang="sv"' if view.quoted and language.code != "sv" else ""
    return f'<p class="{view.tone}" id="{view.id}"{tongue}>{as_html(text)}</p>'


def table_html(
    view: Table, language: Language, title: str, source: str, nested: bool = False
) -> str:
    """Return a table in a region that scrolls and can be reached by keyboard.

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
    body = "".join(_row(view, row, language) for row in view.frame.to_dict("records"))
    foot = f"<tfoot>{_row(view, view.total, language)}</tfoot>" if view.total is not None else ""
    notes = [view.note] * bool(view.note) + [PARTS] * does_not_add(view)
    note = "".join(f'<p class="note">{as_html(language.t(text))}</p>' for text in notes)
    line = "" if nested else f'<p class="source">{as_html(source)}</p>'
    return (
        f'<div class="scroll" role="region" aria-labelledby="{name}-caption" tabindex="0"><table'
        f' id="{name}">'
        f'<caption id="{name}-caption">{as_html(title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>{note}{line}"
    )


def does_not_add(view: Table) -> bool:
    """Whether some figure of a table is the sum of others, but not as they are shown: rounded one
    by one.
    """
    return any(not adds_up(whole, parts, decimals) for whole, parts, decimals in _sums(view))


def _sums(view: Table) -> Iterator[tuple[Any, list[Any], int]]:
    """Every sum of decimals in a table with its parts, all known: the foot's, and the rows' where
    `adds` says so.
    """
    total: Mapping[str, Any] = view.total or {}
    rows: list[Mapping[Any, Any]] = [*view.frame.to_dict("records"), *([total] if total else [])]
    for column in view.columns[1:]:
        if column.decimals and not column.high and column.name in total:
            whole, parts = total[column.name], view.frame[column.name].tolist()
            if not any(map(is_unknown, [whole, *parts])) and exact_sum([*parts, -whole]) == 0:
                yield whole, parts, column.decimals
    decimals = {column.name: column.decimals or 0 for column in view.columns}
    for row in rows if view.adds else []:
        whole, *parts = (row[name] for name in view.adds)
        if not any(map(is_unknown, [whole, *parts])):
            yield whole, parts, decimals[view.adds[0]]


def _heading(view: Table, column: Column, language: Language) -> str:
    """A heading stands over its figures, to the right, or over its words, to the left; a unit tells
    figures.
    """
    known = view.frame[column.name].dropna()
    figures = column.unit or not (known.empty or isinstance(known.iloc[0], str))
    side = ' class="num"' if figures else ""
    label = language.t(column.label, **words(column.values, language))
    label = language.t("{uppgift}, preliminärt", uppgift=label) if column.preliminary else label
    unit = f' <span class="unit">({as_html(language.t(column.unit))})</span>' if column.unit else ""
    return f'<th scope="col"{side}>{as_html(label)}{unit}</th>'


def _row(view: Table, row: Mapping[Any, Any], language: Language) -> str:
    first, *rest = view.columns
    tongue = ' lang="sv"' if first.quoted and language.code != "sv" else ""
    head = f'<th scope="row"{tongue}>{as_html(cell_text(first, row, language))}</th>'
    return f"<tr>{head}{''.join(_cell(column, row, language) for column in rest)}</tr>"


def _cell(column: Column, row: Mapping[Any, Any], language: Language) -> str:
    value, text = row.get(column.name), as_html(cell_text(column, row, language))
    if is_unknown(value):
        return f'<td class="num missing">{text}</td>'
    if value in VERDICT_MARKS:
        css, mark = VERDICT_MARKS[str(value)]
        return f'<td class="verdict-{css}"><span aria-hidden="true">{mark}</span> {text}</td>'
    tongue = ' lang="sv"' if column.quoted and language.code != "sv" else ""
    words_only = isinstance(value, str) and not column.unit
    return f"<td{tongue}>{text}</td>" if words_only else f'<td class="num">{text}</td>'


def cell_text(column: Column, row: Mapping[Any, Any], language: Language) -> str:
    """Return one cell as the reader sees it; an interval's two ends as one text, a derived figure
    marked.
    """
    text = _plain_cell(column, row, language)
    return language.t("{tal} (härlett)", tal=text) if column.is_derived(row) else text


def _plain_cell(column: Column, row: Mapping[Any, Any], language: Language) -> str:
    value: Any = row.get(column.name)
    if is_unknown(value):
        return language.missing
    if column.high and not isinstance(value, str):
        return language.range(int(value), int(row[column.high]))
    if column.quoted:
        return str(value)
    if value in VERDICTS:
        return language.t(VERDICTS[value])
    if isinstance(value, bool):
        return language.t("ja") if value else language.t("nej")
    of = row[column.of] if isinstance(column.of, str) else column.of
    return Fact(value, decimals=column.decimals, sign=column.sign, of=of).shown(language)


def reading_html(text: str, language: Language) -> str:
    """Return how to read the figure above, as one paragraph."""
    return f'<p class="reading">{as_html(language.t(text))}</p>'


def fold_html(name: str, summary: str, inner: str) -> str:
    """Return views that a reader opens."""
    return (
        f'<details class="fold" id="{name}"><summary>{as_html(summary)}</summary>{inner}</details>'
    )


def figure_html(
    name: str, svg: str, alt: str, caption: str, source: str, numbers: str, summary: str
) -> str:
    """Return a figure: the drawing as an image with alternative text, its caption, its numbers
    folded.
    """
    data = svg.translate(ADDRESS)
    return (
        f'<figure class="fig" id="fig-{name}"><div class="scroll" role="region" tabindex="0" '
        f'aria-labelledby="fig-{name}-caption"><img alt="{as_html(alt)}"'
        f' src="data:image/svg+xml,{data}"></div>'
        f'<figcaption id="fig-{name}-caption">{as_html(caption)} <span'
        f' class="source">{as_html(source)}</span>'
        f"</figcaption><details><summary>{as_html(summary)}</summary>{numbers}</details></figure>"
    )
