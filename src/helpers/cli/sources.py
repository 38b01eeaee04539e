"""`mottagning sources`: the published tables, and a checksum recorded anew."""

from typing import Annotated

import typer

from helpers.cli.options import Data, Json, use_data
from helpers.cli.terminal import print, print_json, print_table


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
