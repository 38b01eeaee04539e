"""A sound file of each layout with one to three things changed by chance: refused, or what it gives
is what another reader finds in the changed file, and it loads.

`MOTTAGNING_CHANGED` says how many files of each layout are tried.
"""

import csv
import io
import os
import random
from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest

from helpers.cases.ledger import ledger
from helpers.imports.judging import Asked, judge
from helpers.imports.trial import tried
from helpers.sources.files.child import read_bytes

from .layouts import Rows, as_csv, as_xlsx, saved

MANY = int(os.environ.get("MOTTAGNING_CHANGED", "40"))
LOADED = 25  # of so many that are accepted one is loaded with all tables
CELLS = (
    "", "..", "-", "0", "7", "11 12", "1 2 3", "11)", "3 1)", "#N/A", "1,5", "1.200", "99999999",
    "2019", "2018-03-06", "Totalt", "Umeå", "x", "١", "5*", "1 000",
)  # fmt: skip
ASKED = {
    "mottagna": Asked(),
    "kommuntal": Asked(None, 2018),
    "andelstal": Asked("24", 2018),
    "manad": Asked(),
}


def _cell(rng: random.Random, rows: Rows) -> None:
    row = rng.choice([row for row in rows if len(row) > 1])
    row[rng.randrange(len(row))] = rng.choice(CELLS)


def _digit(rng: random.Random, rows: Rows) -> None:
    row = rng.choice([row for row in rows if any(cell.isdigit() for cell in row)])
    place = rng.choice([place for place, cell in enumerate(row) if cell.isdigit()])
    row[place] = str(int(row[place]) + rng.choice([1, 10, 100]))


def _row(rng: random.Random, rows: Rows) -> None:
    place = rng.randrange(len(rows))
    rng.choice([lambda: rows.pop(place), lambda: rows.insert(place, list(rows[place]))])()


def _swapped(rng: random.Random, rows: Rows) -> None:
    one, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]


def _column(rng: random.Random, rows: Rows) -> None:
    place = rng.randrange(max(map(len, rows)))
    for row in rows:
        if len(row) > place:
            row.pop(place)


def _title(rng: random.Random, rows: Rows) -> None:
    said = rng.choice(["Kommunmottagna 2019", "Dnr 1.2-2024-17", "Norrbottens län", "En not"])
    rows.insert(0, [said, *[""] * (len(rows[0]) - 1)])


CHANGES: tuple[Callable[[random.Random, Rows], None], ...] = (
    _cell, _cell, _cell, _digit, _digit, _row, _swapped, _column, _title,
)  # fmt: skip


def _second(data: bytes, name: str) -> pd.DataFrame:
    """Every cell as text, by another reader than ours."""
    if name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        return pd.DataFrame(
            [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        )
    return pd.DataFrame(list(csv.reader(io.StringIO(data.decode("utf-8")), delimiter=";"))).fillna(
        ""
    )


def _numbers(frame: pd.DataFrame) -> dict[str, set[float]]:
    """The numbers of each row, by the names and codes that stand in it."""
    found: dict[str, set[float]] = {}
    for row in frame.itertuples(index=False):
        texts = [str(cell).strip() for cell in row]
        plain = [text.replace("\u00a0", "").replace(" ", "").replace(",", ".") for text in texts]
        numbers = {float(text) for text in plain if text.replace(".", "", 1).isdigit()}
        for text in texts:
            if text and not text[0].isdigit():
                found.setdefault(text.casefold().replace("-", " "), set()).update(numbers)
    return found


def _unfounded(judged, second: dict[str, set[float]], names: dict[str, str]) -> list[object]:
    """The figures of the file that no cell in their municipality's row holds."""
    blank_is_zero = judged.layout == "kommunmottagna_2018"
    figures = judged.tables[0].figures.items()
    return [
        (kod, what, value)
        for (kod, _, what), value in figures
        if kod and value is not None and not (value == 0 and blank_is_zero)
        if (own := second.get(names[kod].casefold().replace("-", " "))) is not None
        if value not in own
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", ASKED)
def test_a_changed_file_is_refused_or_gives_what_another_reader_finds(
    layout, kind, sound, workbook
):
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    accepted = 0
    for seed in range(MANY if kind == "csv" else MANY // 5):
        rng = random.Random(f"{layout} {kind} {seed}")
        rows = [list(row) for row in getattr(sound, layout)]
        for _ in range(rng.randint(1, 3)):
            rng.choice(CHANGES)(rng, rows)
        data = as_csv(rows) if kind == "csv" else saved(as_xlsx(rows))
        judged = judge(read_bytes(f"m.{kind}", data), workbook, ASKED[layout], f"m.{kind}")
        if judged.refused:
            continue
        assert judged.tables, seed
        told = {one.code for one in judged.findings} & {"fotnotstecken", "ej_redovisat"}
        unfounded = _unfounded(judged, _numbers(_second(data, f"m.{kind}")), names)
        assert told or not unfounded, (seed, unfounded[:5])
        if accepted % LOADED == 0:
            assert not tried(judged, f"m.{kind}", workbook, ledger).refused, seed
        accepted += 1
