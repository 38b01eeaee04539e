"""Put a municipality's answers among its county's own words, in place of those of the same
round.
"""

import csv
import io
from pathlib import Path

from helpers.contracts.files import bytes_in
from helpers.errors import DataError
from helpers.imports.survey import Survey
from helpers.sources import load_catalogue
from helpers.sources.recording import record
from helpers.sources.snapshot import write_whole
from helpers.tables import Workbook


def last_answers(data: Workbook, lanskod: str, kommunkod: str) -> list[dict[str, str]]:
    """Return a municipality's answers of the latest round in which it has answered.

    Args:
        data: The published tables.
        lanskod, kommunkod: The county and the municipality.
    """
    table = f"lan_{lanskod}_svar"
    if table not in data.checked:
        return []
    own = data.checked[table]
    own = own[own["svarande"] == kommunkod].astype(object)
    last = own[own["datum"] == own["datum"].max()]
    shown = last[["omrade", "betyg", "tema", "text"]].fillna("")
    return [
        {str(name): str(cell) for name, cell in row.items()} for row in shown.to_dict("records")
    ]


def save_answers(data: Workbook, survey: Survey, internal: bool = False) -> Path:
    """Write answers to the county's table and record its checksum; return the table's path.

    Args:
        data: The published tables: the round must be among the county's.
        survey: What was read, without faults.
        internal: Whether no report is to show them.

    Raises:
        DataError: the county has no table of answers, or no such round; what to add.
        SetupError: the file cannot be written.
    """
    head = survey.head
    table, rounds = f"lan_{head.lanskod}_svar", f"lan_{head.lanskod}_rundor"
    if table not in data.checked or rounds not in data.checked:
        raise DataError(f"data/sources.toml: add [{table}] and [{rounds}] (docs/data.md) first.")
    known = data.checked[rounds].set_index("id")
    if head.runda not in known.index:
        raise DataError(
            f"data/lan/{head.lanskod}/rundor.csv: there is no round {head.runda!r}. Add its row, or"
            f" write one of: {', '.join(known.index)}."
        )
    path = load_catalogue().root / data.catalogue.entries[table].path
    rows = list(csv.DictReader(io.StringIO(bytes_in(path).decode("utf-8"), newline="")))
    kept = [row for row in rows if (row["runda"], row["svarande"]) != (head.runda, head.svarande)]
    common = {
        "lanskod": head.lanskod,
        "runda": head.runda,
        "datum": head.datum or str(known.loc[head.runda, "datum"]),
        "roll": "kommunen",
        "kalla": str(known.loc[head.runda, "kalla"]),
        "synlighet": "intern" if internal else "publik",
        "granskad": "",
    }
    new = [
        {"id": f"{head.runda}-{head.svarande}-{at}", **answer, **common}
        for at, answer in enumerate(survey.answers, start=1)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *new])
    write_whole(path, text.getvalue().encode("utf-8"))
    record(table)
    return path
