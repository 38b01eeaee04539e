"""The process that reads an untrusted detailed table, with limits on memory, time and what it may write."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from helpers.sources.files.findings import Finding
from helpers.tables.detailed import KIND
from helpers.tables.detailed.checking import Checked, check
from helpers.tables.detailed.coding import Coder
from helpers.tables.detailed.writing import month_sums, write_parquet, years

MEMORY, WRITTEN = 2 << 30, 2 << 30  # bytes of address space; bytes in one file
SECONDS = 900  # of computing: a hundred million rows


def limit() -> None:
    """Bind this process to its limits, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the wall limit still holds
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Check a table and, if it is sound, write one Parquet file per year into the folder given.

    Args:
        asked: path, delimiter, columns, kommunkoder, years (first and last), folder, about (what the files say of
            themselves).

    Returns:
        findings, and for each year its file's name, its number of rows and its sums per month as CSV text.
    """
    coder = Coder(asked["kommunkoder"], tuple(asked["years"]))
    checked = check(Path(asked["path"]), asked["delimiter"], asked["columns"], coder)
    return {
        "findings": [dataclasses.asdict(finding) for finding in checked.findings],
        "years": [_written(year, checked, asked) for year in years(checked.packed, coder)],
    }


def _written(year: int, checked: Checked, asked: dict[str, Any]) -> dict[str, Any]:
    rows = years(checked.packed, checked.coder)[year]
    file = Path(asked["folder"], f"{KIND}_{year}.parquet")
    write_parquet(file, rows, checked.coder, {**asked["about"], "ar": year, "rows": len(rows)})
    return {"ar": year, "file": file.name, "rows": len(rows), "months": month_sums(rows, checked.coder)}


def main() -> None:
    """Answer the question on standard input, both in JSON; the parent judges the exit."""
    limit()
    asked = json.load(sys.stdin)
    try:
        told = answer(asked)
    except MemoryError:
        says = f"Filen kräver mer än {MEMORY >> 30} GiB minne att läsa. Dela upp den på år."
        told = {"findings": [dataclasses.asdict(Finding("for_stor", says))], "years": []}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
