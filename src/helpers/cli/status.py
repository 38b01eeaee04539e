"""The command that shows what is in hand, how trusted, and which command fills what is missing."""

import json

from helpers.cli.terminal import print_table


def status(first: int, last: int, as_json: bool) -> None:
    """Print, per kind of figure, the years in hand and missing over `first`–`last`."""
    from helpers.model.coverage import coverage_share
    from helpers.model.exact import rounded
    from helpers.tables import coverage, load, status

    workbook, years = load(), range(first, last + 1)
    rows = status(workbook, years).to_dict("records")
    share = coverage_share(coverage(workbook, years))
    if as_json:
        told = {"years": [first, last], "share": float(rounded(share, 4)), "figures": rows}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    shown = [
        {
            "figure": row["table"],
            "in hand": _percent(row["share"]),
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
    print(f"{_percent(share)} of what the years {first}–{last} need is in hand.")


def _percent(part: float) -> str:
    from helpers.present.language import Language

    return f"{Language('en').number(100 * part, 0)}%"


def _years(years: list[int]) -> str:
    from helpers.present.spans import spans

    return ", ".join(spans(years))
