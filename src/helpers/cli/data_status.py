"""The command that shows what is in hand, how trusted, and which command fills what is missing."""

from helpers.cli.saying import print
from helpers.cli.terminal import print_table
from helpers.contracts.json_text import to_json


def status(first: int, last: int, as_json: bool) -> None:
    """Print, per kind of figure, the years in hand and missing over `first`–`last`."""
    from helpers.cases import status
    from helpers.tables import load

    workbook, years = load(), range(first, last + 1)
    rows = status(workbook, years).to_dict("records")
    if as_json:
        print(to_json({"years": [first, last], "figures": rows}, indent=1))
        return
    shown = [
        {
            "figure": row["table"],
            "in hand": f"{row['known']} of {row['units']}",
            "whole country": _years(row["whole"]),
            "in part": _years(row["partly"]),
            "missing": _years(row["missing"]),
            "trust": ", ".join(row["trust"]),
            "read on": row["read_on"],
            "fill with": row["command"] or ("by hand" if row["missing"] or row["partly"] else ""),
        }
        for row in rows
    ]
    print_table(f"What is in hand {first}–{last}", shown)
    print(
        "A figure is counted once for each municipality, county or nation and year (a month is a"
        " figure too)."
    )


def _years(years: list[int]) -> str:
    from helpers.present.language import spans

    return ", ".join(spans(years))
