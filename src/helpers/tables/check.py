"""Read, parse and check one published table; all its faults come out in one pass."""

import pandas as pd

from helpers.errors import DataError
from helpers.sources import Catalogue, SourceTable, read_published
from helpers.sources.catalogue import ENTRIES, sha256_of
from helpers.tables.parse import parse_frame
from helpers.tables.schemas import SchemaErrors, kinds, schema_for


def checked_table(catalogue: Catalogue, table_id: str) -> pd.DataFrame:
    """Return one published table, typed and checked; index `rad` is the row in the file.

    Raises:
        DataError: cells that cannot be read, values out of range, or doubled keys.
    """
    text = read_published(catalogue, table_id)
    source = catalogue[table_id]
    schema = schema_for(table_id, source.kind)
    frame, problems = parse_frame(text, source, kinds(schema))
    unknown = [name for name in text if name not in schema.columns]
    problems += [f'{source.shown_path}, row 1: the column "{name}" is unknown.' for name in unknown]
    problems = problems or _schema_faults(frame, source)
    if problems:
        raise DataError(*problems)
    return frame


def _schema_faults(frame: pd.DataFrame, source: SourceTable) -> list[str]:
    schema = schema_for(source.id, source.kind)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return _told(error.failure_cases, source)
    return []


def _told(cases: pd.DataFrame, source: SourceTable) -> list[str]:
    """Word pandera's failure cases; a whole row that fails a check between columns is told once."""
    told: dict[tuple[object, ...], str] = {}
    for case in cases.to_dict("records"):
        row = "" if pd.isna(case["index"]) else f", row {case['index']}"
        between = case["schema_context"] == "DataFrameSchema" and case["check"] != "multiple_fields_uniqueness"
        column = "" if between else f', "{case["column"]}"'
        found = "" if between else f": found {str(case['failure_case'])!r}"
        key = (case["index"], case["check"]) if between else (case["index"], case["column"], case["check"])
        rule = _rule(str(case["check"]))
        told.setdefault(key, f"{source.shown_path}{row}{column}{found}; {rule}. Compare with the source.")
    return list(told.values())


def _rule(check: str) -> str:
    words = {
        "not_nullable": "the cell must not be blank",
        "multiple_fields_uniqueness": "the key stands on more than one row",
    }
    return words.get(check, f"the rule is {check}")


def checksum_faults(catalogue: Catalogue, source: SourceTable) -> list[str]:
    """Return a message if a table's file is not the one recorded in `data/sources.toml`."""
    found = sha256_of(catalogue.file(source.id))
    if found == source.sha256:
        return []
    step = f"If the change is intended, run `mottagning sources --record {source.id}`; if not, put the"
    if source.remade:
        step = f"Run `{source.remade}` to make it again, or put the"
    return [
        f"{source.shown_path}: the file is not the one recorded in data/{ENTRIES[bool(source.remade)]} "
        f"(sha256 {found[:12]}…, recorded {source.sha256[:12]}…). {step} recorded file back."
    ]
