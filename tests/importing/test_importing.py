"""The command as an analyst uses it: the real file, a dry run, the same file again, a file that is
refused.
"""

import csv
import json
import os
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cases, tables
from helpers.cli.app import app
from helpers.imports.judging import Asked, judge
from helpers.sources.files.child import read_apart

from . import corpus_more
from .layouts import as_csv, as_xlsx, saved

SHARED = Path(os.environ.get("MOTTAGNING_SHARED", Path(__file__).parents[3] / "shared"))
AGENCY = SHARED / "data/raw/Kommunmottagna_enligt_ersattningsforordningen_2018.csv"
at_hand = pytest.mark.skipif(
    not AGENCY.is_file(), reason="the agency's own file is not at hand; set MOTTAGNING_SHARED"
)


@pytest.fixture
def run(data_copy, monkeypatch):
    """Run `mottagning data import` on a copy of the data folder; the exit code and the answer."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))

    def run(*arguments: object):
        result = CliRunner().invoke(app, ["data", "import", *map(str, arguments), "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result.exit_code, json.loads(result.stdout)

    return run


@pytest.fixture
def put(tmp_path):
    """Write a file beside the data folder."""

    def put(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


def _codes(answer: dict) -> list[str]:
    return [one["code"] for one in answer["files"][0]["findings"]]


def _changed(rows, name, column, text):
    return [[*row[:column], text, *row[column + 1 :]] if row[2] == name else row for row in rows]


def _blank_sums(path: Path) -> int:
    """How many of a file's printed sums are blank, and prove nothing: each row's two totals, and
    every column of the rows Delsumma and Totalt.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    first = next(number for number, row in enumerate(rows) if "varav ensamk barn" in row) + 1
    told = [row for row in rows[first:] if any(cell.strip() for cell in row[3:])]
    sums = [row for row in told if row[2].strip() in {"Delsumma", "Totalt"}]
    across = sum(not cell.strip() for row in told for cell in row[13:15])
    return across + sum(not cell.strip() for row in sums for cell in row[3:15])


@at_hand
def test_the_agencys_own_file_reconciles_and_equals_our_transcription_cell_by_cell(workbook):
    judged = judge(read_apart(AGENCY), workbook, Asked())
    assert [one.code for one in judged.findings] == ["bom"]
    mottagna, summor = judged.tables
    root = workbook.catalogue.root / "published"
    for table, name in ((mottagna, "kommunmottagna_2018"), (summor, "kommunmottagna_2018_summor")):
        ours = (root / f"{name}.csv").read_text("utf-8").splitlines()
        assert sorted(table.csv_text.splitlines()) == sorted(ours)
    assert len({kod for kod, _, _ in mottagna.figures}) == 290
    printed = [line.split(",") for line in summor.csv_text.splitlines()[1:]]
    assert len({line[0] for line in printed} - {"00"}) == 21
    assert ["00", "2018", "totalt", "44216", "6635"] in printed


@at_hand
def test_the_agencys_own_file_comes_in_and_changes_no_figure(run, workbook):
    code, answer = run(AGENCY)
    assert code == 0
    assert answer["files"][0]["tables"] == [
        "kommunmottagna_2018_fil",
        "kommunmottagna_summor_2018_fil",
    ]
    assert answer["files"][0]["changes"]["count"] == 0
    loaded = tables.load()
    for frame in (workbook.mottagna, loaded.mottagna):
        assert (
            frame.loc[(frame["ar"] == 2018) & (frame["kategori"] == "totalt"), "antal"].sum()
            == 44216
        )


@at_hand
@pytest.mark.parametrize("option", [(), ("--dry-run",)], ids=["written", "dry run"])
def test_the_agencys_own_file_says_what_was_read_of_it_and_that_it_reconciles(
    run, workbook, option
):
    """44 216 received in 2018, 6 635 of them unaccompanied, are the file's own printed total."""
    _, answer = run(AGENCY, *option)
    (file,) = answer["files"]
    (read,) = file["read"]
    categories, rows, columns = 6, 290 + 21 + 1, 12
    # the total of each row, of all and of children; each column by county and in all
    sums = 2 * rows + columns * (21 + 1) - _blank_sums(AGENCY)
    assert (file["rows"], file["sums"]) == (rows, {"printed": sums, "held": sums})
    assert (read["rows"], read["municipalities"], read["ar"]) == (categories * 290, 290, 2018)
    assert read["totals"] == {"totalt": 44216, "totalt, varav ensamkommande": 6635}
    assert (read["unknown"], read["new"], read["changed"], read["gone"]) == (0, 0, 0, 0)
    frame = (workbook if option else tables.load()).mottagna
    ours = frame[(frame["ar"] == 2018) & (frame["kategori"] == "totalt")]
    assert ours[["antal", "varav_ensamkommande"]].sum().tolist() == [*read["totals"].values()]


@at_hand
def test_a_person_reads_what_the_agencys_own_file_gave(data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    said = (
        CliRunner()
        .invoke(app, ["data", "import", str(AGENCY), "--dry-run"])
        .stdout.replace("\u00a0", " ")
    )
    assert "läste 312 rader under rubriken; 865 av 865 tryckta summor stämmer" in said
    assert (
        "290 kommuner, 2018, 1 740 rader; 44 216 mottagna, av dem 6 635 ensamkommande barn" in said
    )
    assert "mot det som fanns: 0 nya, 0 ändrade, 0 borta" in said


def test_what_a_later_file_no_longer_tells_is_said_to_be_gone(sound, run, put):
    rows = [
        [*row[:4], row[5], *row[5:]] if number else row
        for number, row in enumerate(sound.kommuntal)
    ]
    alone = [row for row in rows if row[1]]  # without the counties' sums
    run(put("hel.csv", as_csv(alone, ",")), "--ar", 2021)
    _, answer = run(put("kortare.csv", as_csv(alone[:101], ",")), "--ar", 2021, "--replace")
    (read,) = answer["files"][0]["read"]
    told = [cell for row in alone[101:] for cell in row[4:6] if cell]
    assert (read["municipalities"], read["new"], read["changed"]) == (100, 0, 0)
    assert read["gone"] == len(told) > 0
    assert answer["files"][0]["sums"] == {"printed": 0, "held": 0}


def test_the_totals_of_each_layout_are_those_of_its_figures_in_hand(sound, run, put, workbook):
    found = {}
    for rows, mark in ((sound.mottagna, ";"), (sound.kommuntal, ","), (sound.andelstal, ";")):
        _, answer = run(
            put("tabell.csv", as_csv(rows, mark)), "--lan", "AC", "--ar", 2018, "--dry-run"
        )
        for read in answer["files"][0]["read"]:
            found[read["kind"]] = read["totals"]
        assert answer["files"][0]["sums"]["printed"] == answer["files"][0]["sums"]["held"] > 0
    shares, quotas = workbook.andelstal, workbook.kommuntal[workbook.kommuntal["ar"] == 2018]
    assert found["andelstal"] == {
        "andelstal": round(shares["andelstal"].sum(), 2),
        "utfall": shares["utfall"].sum(),
    }
    assert found["kommuntal"] == {
        name: quotas[name].sum() for name in ("kommuntal", "mottagna_efter_anvisning")
    }
    assert found["kommunmottagna"]["totalt"] == 44216


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_layout_comes_in_as_text_and_as_workbook_with_the_published_figures(
    ending, sound, run, put, workbook
):
    for rows, mark in ((sound.mottagna, ";"), (sound.kommuntal, ","), (sound.andelstal, ";")):
        content = as_csv(rows, mark) if ending == "csv" else saved(as_xlsx(rows))
        code, answer = run(put(f"tabell.{ending}", content), "--lan", "AC", "--ar", 2018)
        assert (code, answer["files"][0]["verdict"]) == (0, "Godtas")
        assert answer["files"][0]["changes"] == {"count": 0, "rows": []}


def test_what_is_written_is_what_was_in_the_file(sound, run, put, data_copy):
    run(put("tal.csv", as_csv(sound.kommuntal, ",")), "--ar", 2018)
    (path,) = (data_copy / "imported").glob("kommuntal_2018_fil-*.csv")
    pd.testing.assert_frame_equal(
        pd.read_csv(path, dtype=str),
        pd.read_csv(data_copy / "published/kommuntal_2018.csv", dtype=str),
    )


def test_a_dry_run_shows_each_cell_that_would_change_and_writes_nothing(sound, run, put, data_copy):
    rows = [list(row) for row in sound.kommuntal]
    own = next(row for row in rows if row[1] == "UMEÅ")
    total = next(row for row in rows if row[0] == own[0] and not row[1])
    old = int(own[4])
    own[4], total[4] = str(old + 5), str(int(total[4]) + 5)
    code, answer = run(put("tal.csv", as_csv(rows, ",")), "--ar", 2018, "--dry-run")
    assert code == 0
    assert answer["files"][0]["changes"]["rows"] == [
        {
            "kommunkod": "2480",
            "ar": 2018,
            "uppgift": "kommuntal",
            "gammalt": old,
            "nytt": old + 5,
            "kommun": "Umeå",
        }
    ]
    assert not (data_copy / "imported").exists()


def test_a_new_year_comes_in_as_figures_that_were_unknown(sound, run, put):
    rows = [list(row) for row in sound.kommuntal]
    for row in rows[1:]:
        row[4] = row[5]
    assert 2024 not in set(tables.load().kommuntal["ar"])
    code, answer = run(put("tal.csv", as_csv(rows, ",")), "--ar", 2024)
    assert code == 0
    assert {(row["gammalt"], row["ar"]) for row in answer["files"][0]["changes"]["rows"]} == {
        (None, 2024)
    }
    assert set(tables.load().kommuntal["ar"]) >= {2018, 2024}


def test_the_same_file_again_is_refused_with_the_name_of_the_earlier_import(sound, run, put):
    path = put("tal.csv", as_csv(sound.kommuntal, ","))
    assert run(path, "--ar", 2018)[0] == 0
    code, answer = run(path, "--ar", 2019)
    assert code == 5
    assert _codes(answer) == ["samma_fil"]
    assert (
        "samma innehåll som kommuntal_2018_fil" in answer["files"][0]["findings"][0]["says"].lower()
    )


def test_a_later_file_for_the_same_year_supersedes_the_earlier(sound, run, put, data_copy):
    run(put("a.csv", as_csv(sound.kommuntal, ",")), "--ar", 2018)
    assert run(put("b.csv", as_csv(sound.kommuntal, ";")), "--ar", 2018)[0] == 0
    assert len(list((data_copy / "imported").glob("*.csv"))) == 1  # the same figures, once
    assert tables.load().catalogue["kommuntal_2018_fil"].original == "b.csv"


def test_printed_sums_are_reconciled_by_the_division_of_the_files_year(sound, run, put):
    case = next(case for case in corpus_more.WARNED if case.name == "2006.csv")
    code, answer = run(put("mottagna.csv", case.build(sound)))
    assert code == 0
    loaded = tables.load()
    ledger = cases.ledger(loaded)
    own = ledger[ledger["check"].str.startswith(answer["files"][0]["tables"][0])]
    assert set(own["subject"]) == {"00", *loaded.lan["lanskod"]}
    assert own["agrees"].all()
    heby = loaded.mottagna.query("kommunkod == '0331' and ar == 2006 and kategori == 'totalt'")
    assert len(heby) == 1


def test_a_refused_file_leaves_nothing_behind_and_the_sound_one_beside_it_comes_in(
    sound, run, put, data_copy
):
    bad = put("bad.csv", as_csv(_changed(sound.mottagna, "UMEÅ", 3, "9999")))
    good = put("good.csv", as_csv(sound.kommuntal, ","))
    code, answer = run(bad, good, "--ar", 2018)
    assert code == 5
    assert [file["verdict"] for file in answer["files"]] == ["Avvisas", "Godtas"]
    assert [path.name[:18] for path in (data_copy / "imported").glob("*.csv")] == [
        "kommuntal_2018_fil"
    ]


def test_all_faults_of_a_file_are_told_in_one_pass_with_their_cells(sound, run, put):
    rows = _changed(_changed(sound.mottagna, "UMEÅ", 3, "x"), "MALÅ", 5, "-1")
    code, answer = run(put("bad.csv", as_csv(rows)))
    assert code == 5
    where = {one["code"]: one["where"] for one in answer["files"][0]["findings"]}
    umea, mala = (
        next(number for number, row in enumerate(rows, 1) if row[2] == name)
        for name in ("UMEÅ", "MALÅ")
    )
    assert where["ej_tal"] == f"blad 1, rad {umea}, kolumn D"
    assert where["negativt"] == f"blad 1, rad {mala}, kolumn F"


def test_two_files_for_one_table_in_one_call_are_not_both_taken(sound, run, put):
    code, answer = run(
        put("a.csv", as_csv(sound.kommuntal, ",")),
        put("b.csv", as_csv(sound.kommuntal)),
        "--ar",
        2018,
    )
    assert code == 5
    assert answer["files"][1]["findings"][0]["code"] == "dubbel_i_anropet"


def test_a_bad_call_is_told_as_one_and_ends_with_two(data_copy, tmp_path):
    for arguments, says in (
        (["missing.csv"], "there is no such file"),
        ([str(tmp_path)], "is a folder, not a file"),
    ):
        with pytest.raises(Exception, match=says) as told:
            CliRunner().invoke(app, ["data", "import", *arguments], catch_exceptions=False)
        assert told.value.exit_code == 2
    year = CliRunner().invoke(
        app, ["data", "import", str(data_copy / "sources.toml"), "--ar", "1999"]
    )
    assert year.exit_code == 2
    assert "write 2000 to 2030" in " ".join(year.output.split())


def test_a_file_whose_name_is_no_text_comes_in_all_the_same(sound, run, tmp_path):
    path = tmp_path / os.fsdecode(b"tal-\xe5.csv")
    path.write_bytes(as_csv(sound.kommuntal, ","))
    assert run(path, "--ar", 2018)[0] == 0
    assert tables.load().catalogue["kommuntal_2018_fil"].original == "tal-?.csv"


def test_a_person_reads_the_verdict_and_the_first_changes(sound, put, data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    rows = [list(row) for row in sound.kommuntal]
    for row in rows[1:]:
        row[4] = row[5]
    result = CliRunner().invoke(
        app, ["data", "import", str(put("tal.csv", as_csv(rows, ","))), "--ar", "2021", "--dry-run"]
    )
    assert ": Godtas (kommuntal)" in result.stdout
    assert "0114 Upplands Väsby 2021 kommuntal: uppgift saknas → 81" in result.stdout
    assert "till; alla med --json" in result.stdout
