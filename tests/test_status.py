"""`mottagning data status` says what is in hand, in a table and as JSON."""

import json

import pytest

from helpers.cli import main


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["data", "status", *arguments])
    return ended.value.code, capsys.readouterr()


def test_the_missing_years_stand_with_the_command_that_fills_them(capsys):
    code, said = run(capsys)
    assert code == 0
    row = next(line for line in said.out.splitlines() if "mottagna " in line)
    assert "2008–2014, 2017" in row
    assert "mottagning data fetch" in row


def test_json_holds_years_and_shares(capsys):
    code, said = run(capsys, "--json", "--first", "2015", "--last", "2018")
    told = json.loads(said.out)
    assert (code, told["years"]) == (0, [2015, 2018])
    mottagna = next(row for row in told["figures"] if row["table"] == "mottagna")
    assert (mottagna["whole"], mottagna["missing"], mottagna["share"]) == (
        [2015, 2016, 2018],
        [2017],
        0.75,
    )


def test_years_the_wrong_way_round_are_refused(capsys):
    code, said = run(capsys, "--first", "2019", "--last", "2010")
    assert code == 2
    assert "Give the earlier year first" in said.err
