"""Facts as data: every figure a view states, with name, value, unit, key, sources and origin."""

from collections.abc import Mapping
from typing import Any

from helpers.present.views import Column, Provenance, Statement, Table, is_unknown


def statement_facts(view: Statement, catalogue: Provenance) -> list[dict[str, Any]]:
    """Return the facts of a sentence, named `<sentence>.<placeholder>`."""
    return [
        _record(
            f"{view.id}.{name}",
            fact.value,
            fact.unit,
            fact.key,
            _origin(fact.published, fact.sources, catalogue),
            fact.sources,
        )
        for name, fact in view.facts.items()
    ]


def table_facts(view: Table, catalogue: Provenance) -> list[dict[str, Any]]:
    """Return the facts of a table's cells, named `<table>.<column>`, keyed by the table's key columns.

    The foot row is keyed `{"row": "total"}`. Labels and notes are no facts.
    """
    rows: list[tuple[dict[str, str], Mapping[Any, Any]]] = [
        ({name: _text(row[name]) for name in view.key}, row) for row in view.frame.to_dict("records")
    ]
    if view.total is not None:
        rows.append(({"row": "total"}, view.total))
    return [
        fact
        for key, row in rows
        for column in view.columns[1:]
        if column.name in row and _is_figure(column, row[column.name])
        for fact in _cell_facts(view, column, key, row, catalogue)
    ]


def _is_figure(column: Column, value: object) -> bool:
    """Words are facts only where the source published them or we judged by them; labels are not."""
    return not isinstance(value, str) or column.published or column.name == "verdict"


def _cell_facts(
    view: Table, column: Column, key: Mapping[str, str], row: Mapping[Any, Any], catalogue: Provenance
) -> list[dict[str, Any]]:
    sources = column.sources or view.sources
    published = column.published and (view.total_published or row is not view.total)
    origin = _origin(published, sources, catalogue)
    names = [column.name, column.high] if column.high else [column.name]
    return [_record(f"{view.id}.{name}", row[name], column.unit, key, origin, sources) for name in names if name in row]


def _record(
    name: str, value: object, unit: str, key: Mapping[str, str], origin: str, sources: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "name": name,
        "value": _plain(value),
        "unit": unit,
        "key": dict(key),
        "sources": list(sources),
        "origin": origin,
    }


def _origin(published: bool, sources: tuple[str, ...], catalogue: Provenance) -> str:
    """A published figure has its source's origin; anything else we computed."""
    return catalogue[sources[0]].origin if published and sources else "computed"


def _plain(value: object) -> float | int | str | bool | None:
    """A JSON value: unknown is null, numbers keep nine decimals so that equal figures are equal text."""
    if is_unknown(value):
        return None
    if isinstance(value, (str, bool)):
        return value
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else round(number, 9)


def _text(value: object) -> str:
    return "" if is_unknown(value) else str(value)
