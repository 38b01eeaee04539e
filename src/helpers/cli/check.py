"""`mottagning check`: the recomputed totals, and what seems to be a person's data."""

from typing import TYPE_CHECKING

import typer

from helpers.cli.options import Data, Json, use_data
from helpers.cli.terminal import print, print_json, print_table, records

if TYPE_CHECKING:
    from helpers.tables import Workbook


def check(data: Data = None, as_json: Json = False) -> None:
    """Recompute every published total and list what disagrees; fails only on what is not yet
    known.
    """
    from helpers.cases import ledger
    from helpers.tables import load

    use_data(data)
    book = load()
    found, warnings = ledger(book), _personal(book)
    disagreeing = found[~found["agrees"]]
    unknown = disagreeing[~disagreeing["known"]]
    counts = {"checks": len(found), "disagree": len(disagreeing), "unknown": len(unknown)}
    if as_json:
        print_json({**counts, "ledger": records(found), "warnings": warnings})
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
        for warning in warnings:
            print(f"Warning: {warning}")
    if len(unknown):
        raise typer.Exit(5)


def _personal(book: "Workbook") -> list[str]:
    """The cells of counties' own words that seem to hold personal data, never what they hold."""
    from helpers.tables.check import checked_table  # whose rows are numbered as in the file
    from helpers.tables.own_checks import OWN, personal_warnings

    return [
        warning
        for own, entry in book.catalogue.entries.items()
        if entry.kind.startswith(OWN)
        for warning in personal_warnings(checked_table(book.catalogue, own), entry)
    ]
