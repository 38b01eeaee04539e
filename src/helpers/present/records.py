"""Facts as data: every figure a view states, with name, value, unit, key, sources, origin and
readable words.
"""

from collections.abc import Mapping
from typing import Any

from helpers.model.exact import NOISE, rounded
from helpers.present.html import cell_text, words
from helpers.present.language import Language
from helpers.present.measures import cell_measure, fact_measure
from helpers.present.views import Column, Fact, Provenance, Statement, Table, is_unknown


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
            "derived" if fact.derived else _origin(fact.published, fact.sources, catalogue),
            fact.sources,
            language.t(view.text, **{**filled, name: "…"}),
            measure=fact_measure(name, fact, catalogue),
            preliminary=fact.preliminary,
        )
        | {"shown": fact.shown(language)}
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
    rows: list[tuple[dict[str, str], Mapping[Any, Any]]] = [
        ({name: _text(row[name]) for name in view.key}, row)
        for row in view.frame.to_dict("records")
    ]
    if view.total is not None:
        rows.append(({"row": "total"}, view.total))
    return [
        fact
        for key, row in rows
        for column in view.columns[1:]
        if column.name in row and _is_figure(column, row[column.name])
        for fact in _cell_facts(view, column, key, row, catalogue, language)
    ]


def _is_figure(column: Column, value: object) -> bool:
    """Words are facts only where the source published them or we judged by them; labels are not."""
    return not isinstance(value, str) or column.published or column.name == "verdict"


def _cell_facts(
    view: Table,
    column: Column,
    key: Mapping[str, str],
    row: Mapping[Any, Any],
    catalogue: Provenance,
    language: Language,
) -> list[dict[str, Any]]:
    sources = column.sources or view.sources
    published = column.published and (view.total_published or row is not view.total)
    origin = "derived" if column.is_derived(row) else _origin(published, sources, catalogue)
    label, about = _label(view, column, language), _about(view, row, language)
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
        | {"shown": _shown(column, name, row, language)}
        | ({"preliminary": True} if column.preliminary and not is_unknown(row[name]) else {})
        for name, said in named
        if name in row
    ]


def _shown(column: Column, name: str, row: Mapping[Any, Any], language: Language) -> str:
    """A cell as the page shows it; of an interval, the one end alone."""
    if column.high and not is_unknown(row[name]):
        return Fact(row[name]).shown(language)
    return cell_text(column, row, language)


def _label(view: Table, column: Column, language: Language) -> str:
    caption = language.t(view.caption, **words(view.values, language))
    return f"{caption}: {language.t(column.label, **words(column.values, language))}"


def _about(view: Table, row: Mapping[Any, Any], language: Language) -> str:
    """What heads a row, and the labels beside it that tell it from its neighbours."""
    first, *rest = view.columns
    heads = [column for column in rest if column.name in row]
    beside = [
        column
        for column in heads
        if column.name in view.key or not _is_figure(column, row[column.name])
    ]
    return ", ".join(cell_text(column, row, language) for column in [first, *beside])


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


def _origin(published: bool, sources: tuple[str, ...], catalogue: Provenance) -> str:
    """A published figure has its source's origin; anything else we computed."""
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
