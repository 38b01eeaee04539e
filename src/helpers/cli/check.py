"""The commands `check` and `sources`: the recomputed totals, and the published tables."""

from typing import Annotated

import typer

from helpers.cli.options import Data, Json, use_data
from helpers.cli.terminal import print, print_json, print_table, records


def check(data: Data = None, as_json: Json = False) -> None:
    """Recompute every published total and list what disagrees; fails only on what is not yet
    known.
    """
    from helpers.cases import ledger
    from helpers.tables import load

    use_data(data)
    found = ledger(load())
    disagreeing = found[~found["agrees"]]
    unknown = disagreeing[~disagreeing["known"]]
    counts = {"checks": len(found), "disagree": len(disagreeing), "unknown": len(unknown)}
    if as_json:
        print_json({**counts, "ledger": records(found)})
    else:
        columns = [
            "check",
            "subject",
            "ar",
            "published",
            "published_high",
            "recomputed",
            "difference",
            "known",
        ]
        print_table("Published totals that do not agree", records(disagreeing[columns]))
        for note in filter(None, dict.fromkeys(disagreeing["note"])):
            print(f"– {note}")
        print(
            f"{counts['checks']} checks: {len(found) - len(disagreeing)} agree,"
            f" {len(disagreeing) - len(unknown)} disagree as known, {len(unknown)} disagree and are"
            " not known."
        )
        for warning in _personal():
            print(f"Warning: {warning}")
    if len(unknown):
        raise typer.Exit(5)


def _personal() -> list[str]:
    """The cells of counties' own words that seem to hold personal data, never what they hold."""
    from helpers.tables import load
    from helpers.tables.own_checks import OWN, personal_warnings

    book = load()
    return [
        warning
        for own, entry in book.catalogue.entries.items()
        if entry.kind.startswith(OWN)
        for warning in personal_warnings(book.checked[own], entry)
    ]


def sources(
    record: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE", help="Record a table's checksum anew, after a change you intended."
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the published tables: who published them, when, and how far they are trusted."""
    from helpers.sources import catalogue

    use_data(data)
    if record is not None:
        _record(record, as_json)
        return
    listed = [
        {
            "id": table.id,
            "producer": table.producer,
            "title": table.title,
            "published": str(table.published),
            "read_on": str(table.read_on),
            "origin": table.origin,
            "trust": table.trust,
            "discrepancies": [getattr(known, "says", str(known)) for known in table.discrepancies],
        }
        for table in catalogue.load_catalogue().tables.values()
    ]
    if as_json:
        print_json({"tables": listed})
        return
    rows = [{**row, "discrepancies": len(row["discrepancies"]) or None} for row in listed]
    print_table("Published tables", rows)
    for row in listed:
        for says in row["discrepancies"]:
            print(f"– {row['id']}: {says}")


def _record(table_id: str, as_json: bool) -> None:
    from helpers.sources import recording

    old, new = recording.record(table_id)
    if as_json:
        print_json({"table": table_id, "before": old, "after": new})
    elif old == new:
        print(f"{table_id}: the checksum was already right; nothing changed.")
    else:
        print(f"{table_id}: recorded {new[:12]}… in place of {old[:12]}…")
