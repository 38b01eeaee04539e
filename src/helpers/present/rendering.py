"""Views in the two forms in which a page holds them: accessible HTML, and the facts as data.

The HTML has captions, header scopes, units, alternative text and scrolling regions. A fact has
name, value, unit, key, sources, origin and readable words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from helpers.contracts.text import as_html
from helpers.model.exact import NOISE, exact_sum, rounded
from helpers.present.language import VERDICTS, Language, adds_up
from helpers.present.measures import cell_measure, fact_measure
from helpers.present.style import style_sheet
from helpers.present.views import (
    Column,
    Fact,
    Provenance,
    Statement,
    Table,
    Value,
    Verbatim,
    is_unknown,
    rests_on_estimate,
)

NAMES = ("{", "Sverige")  # what a sentence begins with that keeps its capital
ORIGINS = {
    "official": "officiell uppgift",
    "county": "länets egen uppgift",
    "press": "enligt press",
    "computed": "beräknat",
    "derived": "härlett",
    "estimated": "uppskattat",
}
DERIVED = {  # what a derived figure follows from
    "lanstal": (
        "Härlett: talet står inte i källan. De andra kommunernas kommuntal är tillsammans hela"
        " länstalet, så ingen återstår."
    ),
    "ensam": "Härlett: länet har en enda kommun, så dess kommuntal är hela länstalet.",
    "skillnad": (
        "Härlett: talet står inte i källan. Det är räknat ur nästa års tal och hur mycket det"
        " ändrades."
    ),
}
# JupyterLab aligns every cell of a table to the right; numbers alone belong there
# and has none of a page's style: there a figure is the wide one, on white
IN_JUPYTERLAB = (
    "<style>.jp-RenderedHTMLCommon :is(td, th):not(.num) { text-align: left }"
    f"{style_sheet(dark=False)}"
    ".drawing { max-width: 52rem; background: #fff }"
    " .drawing svg { font-family: 'DejaVu Sans', Verdana, sans-serif; stroke-linejoin: round }"
    " .drawing .narrow { display: none }</style>"
)


def head_html(title: str) -> str:
    """Return the head as JupyterLab shows it; a report's page has a heading of its own."""
    return f"<p>{as_html(title)}</p>{IN_JUPYTERLAB}"


def words(values: Mapping[str, Value], language: Language) -> dict[str, str]:
    """Return each placeholder's value as the reader sees it."""
    return {name: _word(value, language) for name, value in values.items()}


def _word(value: Value, language: Language) -> str:
    if isinstance(value, Fact):
        return value.shown(language)
    if isinstance(value, Verbatim):
        return str(value)
    return (
        language.t(value)
        if isinstance(value, str)
        else language.listing([_word(part, language) for part in value])
    )


def sentence(view: Statement, language: Language) -> str:
    """Return a statement as plain text."""
    if view.quoted:
        return together(view.text)
    # a sign keeps its number
    said = _said(view, words(view.values, language), language)
    return re.sub(r"(?<=[0-9]) (?=[%‰])", "\u00a0", said)


def _said(view: Statement, filled: Mapping[str, str], language: Language) -> str:
    """A statement with its places filled; its lines are texts of their own, which follow each other
    in one paragraph but in a key number, and a number alone is none.
    """
    lines = [_line_said(line, filled, language) for line in view.text.split("\n")]
    return ("\n" if view.tone == "key" else " ").join(lines)


def _line_said(line: str, filled: Mapping[str, str], language: Language) -> str:
    name, _, noun = line[1:-1].partition(":")
    if f"{{{line[1:-1]}}}" != line or name not in filled:
        return language.t(line, **filled)
    return language.counted(filled[name], noun) if noun else filled[name]


def estimate_told(text: str, view: Statement, catalogue: Provenance, language: Language) -> str:
    """Return a sentence's words with the word for estimated, where a figure of it rests on an
    estimated share and the sentence does not say so itself.
    """
    rests = any(
        rests_on_estimate(fact.unit, fact.sources, catalogue) for fact in view.facts.values()
    )
    if not rests or "uppskatt" in view.text.lower():
        return text
    if not view.text.startswith(NAMES):
        text = text[:1].lower() + text[1:]
    return language.t("Uppskattat: {mening}", mening=text)


def does_not_add(view: Table) -> bool:
    """Whether some figure of a table is the sum of others, but not as they are shown: rounded one
    by one.
    """
    return any(not adds_up(whole, parts, decimals) for whole, parts, decimals in _sums(view))


def derived_told(view: Table) -> list[str]:
    """What the cells of a table that are marked as derived follow from, a sentence each.

    The frame says so in the column named as the mark's with `_ur` after it; a länstal has none, and
    is never derived but from its change.
    """
    marked = [column for column in view.columns if column.derived]
    reasons = [
        row.get(f"{column.derived}_ur", "skillnad")
        for column in marked
        for row in view.rows
        if column.is_derived(row)
    ]
    known = ("skillnad" if is_unknown(reason) else str(reason) for reason in reasons)
    return [DERIVED[reason] for reason in dict.fromkeys(known)]


def _sums(view: Table) -> Iterator[tuple[Any, list[Any], int]]:
    """Every sum of decimals in a table with its parts, all known: the foot's, and the rows' where
    `adds` says so.
    """
    total: Mapping[str, Any] = view.total or {}
    rows: list[Mapping[Any, Any]] = [*view.rows, *([total] if total else [])]
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


def together(text: str) -> str:
    """A quoted text with its numbers kept whole: their thousands are not parted by a line break.

    >>> together("EKB 1 500 och 33 500")
    'EKB\\xa01\\xa0500 och 33\\xa0500'
    """
    whole = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "\u00a0", text)
    return re.sub(r"(?<=\bEKB) (?=[0-9])", "\u00a0", whole)


def cell_text(column: Column, row: Mapping[Any, Any], language: Language) -> str:
    """Return one cell as the reader sees it; an interval's two ends as one text, a derived figure
    marked.
    """
    text = _plain_cell(column, row, language)
    if column.is_derived(row):
        return language.t("{tal} (härlett)", tal=text)
    if not column.is_estimated(row) or column.all_estimated:
        return text
    # a foot that has both kinds says so
    mark = "{tal} (uppskattat)" if "tabell" in row else "{tal} (delvis uppskattat)"
    return language.t(mark, tal=text)


def cell_of(view: Table, column: Column, row: Mapping[Any, Any], language: Language) -> str:
    """Return what `cell_text` does of one of a table's own columns and rows, worked out once: the
    page, its measure and the facts beside it all ask for it.
    """
    place = id(column), id(row), language.code  # as long as the table is there, so are they
    if place not in view.texts:
        view.texts[place] = cell_text(column, row, language)
    return view.texts[place]


def _plain_cell(column: Column, row: Mapping[Any, Any], language: Language) -> str:
    value: Any = row.get(column.name)
    if is_unknown(value):
        return language.missing
    if column.high and not isinstance(value, str):
        return language.range(int(value), int(row[column.high]))
    if column.quoted:
        return together(str(value))
    if value in VERDICTS:
        return language.t(VERDICTS[value])
    if isinstance(value, bool):
        return language.t("ja") if value else language.t("nej")
    of = row[column.of] if isinstance(column.of, str) else column.of
    return Fact(value, decimals=column.decimals, sign=column.sign, of=of).shown(language)


def statement_facts(
    view: Statement, catalogue: Provenance, language: Language
) -> list[dict[str, Any]]:
    """Return the facts of a sentence, named `<sentence>.<placeholder>`; the label is the sentence
    around the figure.
    """
    filled = words(view.values, language)
    return [
        _record(
            f"{view.id}.{name}{end}",
            value,
            fact.unit,
            fact.key,
            "derived"
            if fact.derived
            else _origin(fact.published, fact.sources, catalogue, fact.unit),
            fact.sources,
            _said(view, {**filled, name: "…"}, language).replace("\n", " · "),
            measure=fact_measure(name, fact, catalogue),
            preliminary=fact.preliminary,
        )
        | {"shown": replace(fact, spelled=False).shown(language)}
        for name, fact in view.facts.items()
        for end, value in _ends(fact).items()
    ]


def _ends(fact: Fact) -> dict[str, object]:
    """A figure's value, or the two ends of a range, by what each adds to the name."""
    return {"": fact.value} if fact.high is None else {"_low": fact.value, "_high": fact.high}


def table_facts(view: Table, catalogue: Provenance, language: Language) -> list[dict[str, Any]]:
    """Return the facts of a table's cells, named `<table>.<column>`, keyed by the table's key
    columns.

    The foot row is keyed `{"row": "total"}`. Labels and notes are no facts. A fact's own label is
    the table's caption and the column's heading; `about` is what heads the row.
    """
    figures = view.columns[1:]
    labels = [_label(view, column, language) for column in figures]
    facts: list[dict[str, Any]] = []
    for key, row in _keyed_rows(view):
        about = _about(view, row, language)
        for column, label in zip(figures, labels, strict=True):
            if column.name in row and _is_figure(column, row[column.name]):
                facts += _cell_facts(view, column, key, row, (label, about), catalogue, language)
    return facts


def _keyed_rows(view: Table) -> Iterator[tuple[dict[str, str], Mapping[Any, Any]]]:
    """Every row with what identifies it, the foot last."""
    for row in view.rows:
        yield {name: _text(row[name]) for name in view.key}, row
    if view.total is not None:
        yield {"row": "total"}, view.total


def _is_figure(column: Column, value: object) -> bool:
    """Words are facts only where the source published them or we judged by them; labels are not."""
    return not isinstance(value, str) or column.published or column.name == "verdict"


def _cell_facts(
    view: Table,
    column: Column,
    key: Mapping[str, str],
    row: Mapping[Any, Any],
    heads: tuple[str, str],
    catalogue: Provenance,
    language: Language,
) -> list[dict[str, Any]]:
    """A cell's facts, of an interval two; `heads` are the words over it and those before it."""
    sources = column.sources or view.sources
    published = column.published and (view.total_published or row is not view.total)
    origin = "derived" if column.is_derived(row) else _origin(published, sources, catalogue)
    origin = "estimated" if column.is_estimated(row) else origin
    label, about = heads
    measure = cell_measure(view, column, row, catalogue)
    named = (
        [(column.name, f"{label} (min)"), (column.high, f"{label} (max)")]
        if column.high
        else [(column.name, label)]
    )
    return [
        _record(
            f"{view.id}.{name}", row[name], column.unit, key, origin, sources, said, about, measure
        )
        | {"shown": _shown(view, column, name, row, language)}
        | ({"preliminary": True} if column.preliminary and not is_unknown(row[name]) else {})
        for name, said in named
        if name in row
    ]


def _shown(
    view: Table, column: Column, name: str, row: Mapping[Any, Any], language: Language
) -> str:
    """A cell as the page shows it; of an interval, the one end alone."""
    if column.high and not is_unknown(row[name]):
        return Fact(row[name]).shown(language)
    return cell_of(view, column, row, language)


def _label(view: Table, column: Column, language: Language) -> str:
    caption = language.t(view.caption, **words(view.values, language))
    heads = [column.group] * bool(column.group) + [column.label]
    told = [language.t(head, **words(column.values, language)) for head in heads]
    return f"{caption}: {', '.join(told)}"


def _about(view: Table, row: Mapping[Any, Any], language: Language) -> str:
    """What heads a row, and the labels beside it that distinguish it from its neighbours."""
    first, *rest = view.columns
    heads = [column for column in rest if column.name in row]
    beside = [
        column
        for column in heads
        if column.name in view.key or not _is_figure(column, row[column.name])
    ]
    return ", ".join(cell_of(view, column, row, language) for column in [first, *beside])


def _record(
    name: str,
    value: object,
    unit: str,
    key: Mapping[str, str],
    origin: str,
    sources: tuple[str, ...],
    label: str,
    about: str = "",
    measure: str = "",
    preliminary: bool = False,
) -> dict[str, Any]:
    record = {
        "name": name,
        "value": _plain(value),
        "unit": unit,
        "key": dict(key),
        "sources": list(sources),
        "origin": origin,
        "label": label,
    }
    marks = {"about": about, "measure": measure, "preliminary": preliminary}
    return {**record, **{name: mark for name, mark in marks.items() if mark}}


def _origin(
    published: bool, sources: tuple[str, ...], catalogue: Provenance, unit: str = ""
) -> str:
    """A published figure has its source's origin; what rests on an estimated share is estimated,
    anything else we computed.
    """
    if rests_on_estimate(unit, sources, catalogue):
        return "estimated"
    return catalogue[sources[0]].origin if published and sources else "computed"


def _plain(value: object) -> float | int | str | bool | None:
    """A JSON value: unknown is null, numbers keep nine decimals so that equal figures are equal
    text.
    """
    if is_unknown(value):
        return None
    if isinstance(value, (str, bool)):
        return value
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else float(rounded(number, NOISE))


def _text(value: object) -> str:
    return "" if is_unknown(value) else str(value)
