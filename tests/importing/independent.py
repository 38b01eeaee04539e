"""Another reader than ours: pandas (openpyxl for workbooks) and a header found by its words, to hold
what an import took against.
"""

import io
import re
from collections.abc import Mapping

import pandas as pd

from .layouts import CATEGORIES, MONTHS

NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[0-9]{1,3}(?: [0-9]{3})+")
WIDEST = 40
WORDS = {
    "kommuntal": {"tal": "kommuntal", "mottagna": "mottagna_efter_anvisning"},
    "andelstal": {"andelstal": "andelstal", "utfall": "utfall"},
    "manad": {month: month for month in MONTHS},
}
Cells = dict[tuple[str, str], list[str]]  # kommunkod and what it is → what stands there


def grid(data: bytes, kind: str, encoding: str, mark: str) -> list[list[str]]:
    """Every cell of a file as text."""
    if kind == "xlsx":
        frame = pd.read_excel(io.BytesIO(data), header=None, dtype=object, engine="openpyxl")
    else:
        frame = pd.read_csv(
            io.BytesIO(data), header=None, names=range(WIDEST), dtype=str, sep=mark,
            encoding=encoding, keep_default_na=False, skip_blank_lines=False, engine="c",
        )  # fmt: skip
    return [["" if pd.isna(cell) else str(cell).strip() for cell in row] for row in frame.values]


def _folded(text: str) -> str:
    return re.sub(r"[-\s]+", " ", text).casefold().strip()


def cells(rows: list[list[str]], layout: str, names: Mapping[str, str]) -> Cells:
    """What stands under each heading in each municipality's row."""
    codes = {_folded(name): kod for kod, name in names.items()}
    columns: dict[int, str] = {}
    place = coded = None
    found: Cells = {}
    for row in rows:
        words = [_folded(cell) for cell in row]
        if not columns:
            columns, place, coded = _header(words, layout)
            continue
        kod = row[coded] if coded is not None else ""
        kod = kod.zfill(4) if kod.zfill(4) in names else codes.get(words[place], "")
        for column, what in columns.items() if kod else ():
            found.setdefault((kod, what), []).append(row[column])
    return found


def _header(words: list[str], layout: str) -> tuple[dict[int, str], int, int | None]:
    """The columns with figures, the one with names and the one with codes; {} of another row."""
    if layout == "mottagna":
        starts = {_folded(label)[:16]: name for name, label in CATEGORIES.items()}
        first = {place: starts.get(word[:16], "") for place, word in enumerate(words)}
        columns = {place: name for place, name in first.items() if name}
        columns |= {place + 1: f"{name}, varav ensamkommande" for place, name in columns.items()}
        return (columns, min(columns) - 1, None) if len(columns) > 6 else ({}, 0, None)
    known = WORDS[layout]
    heads = [word.split(" ")[0] if layout == "manad" else word for word in words]
    columns = {place: known[word] for place, word in enumerate(heads) if word in known}
    if "kommun" not in words or not columns:
        return {}, 0, None
    coded = words.index("kommunkod") if "kommunkod" in words else None
    return columns, words.index("kommun"), coded


def number(text: str) -> float | None:
    """A cell as a number, read plainly; None where it is none."""
    plain = text.replace("\u00a0", " ")
    return float(plain.replace(" ", "").replace(",", ".")) if NUMBER.fullmatch(plain) else None


def differences(
    figures: Mapping[tuple[str, int, str], float | None], told: set[str], second: Cells, zero: bool
) -> list[object]:
    """What an import took that does not stand in the file, and what stands there that it did not
    take, without a word in the verdict.

    Args:
        figures: What it took.
        told: The codes of what the verdict says.
        second: What the other reader finds.
        zero: Whether a blank cell may be 0.
    """
    taken = {(kod, what): value for (kod, _, what), value in figures.items() if kod}
    wrong: list[object] = []
    if not told & {"lagat_namn", "alias"}:
        wrong += sorted(set(taken) ^ set(second))[:3]
    for key in set(taken) & set(second):
        value, (text, *more) = taken[key], second[key]
        plain = number(text)
        if more and len({*more, text}) > 1:
            wrong.append((key, "stands twice", second[key]))
        elif plain is not None:
            wrong += [(key, value, text)] if value != plain else []
        elif not text:
            wrong += [(key, value, text)] if value is not None and not (zero and value == 0) else []
        elif not told & ({"ej_redovisat"} if value is None else {"fotnotstecken"}):
            wrong.append((key, value, text))
    return wrong


def month_sums(rows: list[list[str]]) -> dict[tuple[str, int, int], float | None]:
    """The sums per municipality, year and month of an extract; None where a part is no number."""
    header = [_folded(cell) for cell in rows[0]]
    frame = pd.DataFrame(rows[1:], columns=header).iloc[:, : sum(map(bool, header))]
    frame = frame[(frame != "").any(axis=1)]
    frame["antal"] = [number(text) for text in frame["antal"]]
    keys = ["kommunkod", "år", "månad"]
    sums = frame.groupby(keys)["antal"].agg(lambda own: own.sum(skipna=False))
    return {
        (kod.zfill(4), int(ar), int(manad)): None if pd.isna(value) else float(value)
        for (kod, ar, manad), value in sums.items()
    }
