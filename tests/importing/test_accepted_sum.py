"""A published table that contradicts itself: refused, until someone who has looked at it takes it
as printed.
"""

import csv
import json

import pytest
from typer.testing import CliRunner

from helpers import cases, tables
from helpers.cli.app import app

from .layouts import as_csv


@pytest.fixture
def printed(workbook):
    """Västerbotten's own table of 2018: fifteen outcomes that add up to 37, and a printed sum of
    35.
    """
    with (workbook.catalogue.root / "published/andelstal_2018_ac.csv").open(
        encoding="utf-8"
    ) as file:
        return [
            ["Kommun", "Andelstal", "Förväntat", "Utfall"],
            *[row[:4] for row in csv.reader(file, delimiter=";")][1:],
        ]


@pytest.fixture
def run(data_copy, tmp_path, monkeypatch):
    """Import rows as Västerbotten's table of 2018; the exit code and what is said of the file."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))

    def run(rows, *options):
        path = tmp_path / "lansstyrelsen.csv"
        path.write_bytes(as_csv(rows))
        arguments = ["data", "import", str(path), "--lan", "AC", "--ar", "2018", "--json", *options]
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, json.loads(result.stdout)["files"][0]

    return run


def test_a_wrong_printed_sum_is_refused_with_the_option_that_takes_it(printed, run, data_copy):
    code, file = run(printed)
    assert (code, file["verdict"]) == (5, "Avvisas")
    (finding,) = file["findings"]
    assert "35 står tryckt, men delarna blir 37" in finding["says"]
    assert "--accept-sum" in finding["says"]
    assert not (data_copy / "imported").exists()


def test_an_accepted_sum_stands_in_the_ledger_printed_beside_recomputed(printed, run, data_copy):
    code, file = run(printed, "--accept-sum")
    assert (code, file["verdict"], file["changes"]["count"]) == (0, "Godtas med varning", 0)
    assert [one["code"] for one in file["findings"]] == ["summa_godtagen"]
    loaded = tables.load()
    (table,) = file["tables"]
    assert loaded.catalogue[table].trust == "medium"
    row = cases.ledger(loaded).set_index("check").loc[f"{table}.utfall_sum"]
    assert (row["published"], row["recomputed"], row["difference"], row["known"]) == (
        35,
        37,
        2,
        True,
    )
    assert loaded.andelstal_summor.set_index("tabell").loc[table, "utfall"] == 35
    assert CliRunner().invoke(app, ["check"]).exit_code == 0


def test_a_wrong_sum_of_shares_can_be_taken_and_a_wrong_sum_of_intervals_cannot(printed, run):
    *rows, summa = printed
    assert run([*rows, ["Summa", "33,26", *summa[2:3], "37"]], "--accept-sum")[0] == 0
    code, file = run([*rows, ["Summa", summa[1], "40-55", "37"]], "--accept-sum")
    assert code == 5
    assert "--accept-sum" not in file["findings"][0]["says"]


def test_a_sum_of_which_a_part_is_not_told_cannot_be_accepted(printed, run):
    rows = [[*row[:3], ".."] if row[0] == "Umeå" else row for row in printed]
    rows[-1] = [*rows[-1][:3], "99"]
    code, file = run(rows, "--accept-sum")
    assert code == 5
    assert "--accept-sum" not in next(
        one["says"] for one in file["findings"] if one["level"] == "avvisas"
    )
