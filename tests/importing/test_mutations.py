"""A sound file spoiled scores of times by chance: nothing crashes, and no total changes
unsaid.
"""

import random

import pytest

from helpers.imports.judging import Asked, judge
from helpers.sources.files.child import read_apart, read_bytes

from .layouts import as_csv, as_xlsx, hidden, saved

SEEDS = range(100)
MONTH_SEEDS = range(50)
APART = range(0, 100, 50)


def _flip(rng: random.Random, data: bytes) -> bytes:
    spoiled = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def _swap(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\r\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\r\n".join(lines)


def _drop(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\r\n")
    number = rng.randrange(len(lines))
    cells = lines[number].split(b";")
    place = rng.randrange(len(cells))
    lines[number] = b";".join(
        cells[:place] + ([b""] if rng.random() < 0.5 else []) + cells[place + 1 :]
    )
    return b"\r\n".join(lines)


def _digit(rng: random.Random, data: bytes) -> bytes:
    places = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    place = rng.choice(places)
    return data[:place] + str(rng.randrange(10)).encode() + data[place + 1 :]


def _mutated(seed: int, data: bytes) -> bytes:
    rng = random.Random(seed)
    return rng.choice([_flip, _swap, _drop, _digit])(rng, data)


def _totals(judged) -> dict[str, int]:
    """What an accepted file says Sweden received, by category, from the municipalities' own
    rows.
    """
    totals: dict[str, int] = {}
    for (_, _, what), value in judged.tables[0].figures.items():
        totals[what] = totals.get(what, 0) + (value or 0)
    return totals


def _by_table(judged) -> dict[tuple[str, int, str], float]:
    """What an accepted table by month says Sweden received, each month and the whole year."""
    totals: dict[tuple[str, int, str], float] = {}
    for table in judged.tables:
        for (_, ar, what), value in table.figures.items():
            totals[table.kind, ar, what] = totals.get((table.kind, ar, what), 0) + (value or 0)
    return totals


def _unsaid(judged) -> bool:
    """Whether an accepted file says nothing of a figure it could not check."""
    return not {one.code for one in judged.findings} & {"ej_redovisat"}


@pytest.fixture(scope="module")
def intact(sound, workbook):
    return _totals(judge(read_bytes("m.csv", as_csv(sound.mottagna)), workbook, Asked()))


def test_no_mutation_crashes_and_none_changes_a_total_unsaid(sound, workbook, intact):
    data = as_csv(sound.mottagna)
    verdicts = {"Godtas": 0, "Godtas med varning": 0, "Avvisas": 0}
    for seed in SEEDS:
        spoiled = _mutated(seed, data)
        judged = judge(read_bytes("m.csv", spoiled), workbook, Asked())
        verdicts[judged.verdict] += 1
        assert judged.tables == [] or _totals(judged) == intact or not _unsaid(judged), seed
    assert verdicts["Avvisas"] > 50, verdicts
    assert verdicts["Godtas"] + verdicts["Godtas med varning"] > 4, verdicts


def test_a_mutated_workbook_never_crashes_the_reader(sound, workbook, intact):
    data = saved(as_xlsx(sound.mottagna))
    for seed in range(60):
        judged = judge(read_bytes("m.xlsx", _flip(random.Random(seed), data)), workbook, Asked())
        assert judged.tables == [] or _totals(judged) == intact, seed


def test_no_mutation_of_a_table_by_month_crashes_and_none_changes_a_total(sound, workbook):
    data = as_csv(sound.manad)
    intact = _by_table(judge(read_bytes("m.csv", data), workbook, Asked()))
    accepted = 0
    for seed in MONTH_SEEDS:
        judged = judge(read_bytes("m.csv", _mutated(seed, data)), workbook, Asked())
        accepted += bool(judged.tables)
        assert judged.tables == [] or _by_table(judged) == intact, seed
    assert 5 < accepted < 38, accepted


def test_a_mutation_among_hidden_cells_changes_no_month_by_more_than_they_can_hide(sound, workbook):
    rows = hidden(sound.manad)
    dark = {place: sum(row[place] == ".." for row in rows) for place in range(2, 14)}
    intact = judge(read_bytes("m.csv", as_csv(rows)), workbook, Asked())
    for seed in MONTH_SEEDS:
        judged = judge(read_bytes("m.csv", _mutated(seed, as_csv(rows))), workbook, Asked())
        if judged.tables:
            assert "ej_redovisat" in {one.code for one in judged.findings}, seed
            before, after = (_by_table(one) for one in (intact, judged))
            steps = [
                abs(after[month] - before[month])
                for month in before
                if month[0] == "kommunmottagna_manad"
            ]
            assert all(step <= 5 * most for step, most in zip(steps, dark.values(), strict=True)), (
                seed
            )


@pytest.mark.parametrize("seed", APART)
def test_the_limited_child_judges_a_mutation_as_this_process_does(seed, sound, workbook, tmp_path):
    path = tmp_path / "m.csv"
    path.write_bytes(_mutated(seed, as_csv(sound.mottagna)))
    assert read_apart(path) == read_bytes("m.csv", path.read_bytes())
