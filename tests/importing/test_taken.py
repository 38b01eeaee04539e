"""What an import takes away, takes back, and keeps of what a file held; and that whatever is
accepted loads.
"""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpers import tables
from helpers.cases.ledger import ledger
from helpers.cli.app import app
from helpers.imports.detailed import judged_apart
from helpers.imports.judging import Asked, judge
from helpers.imports.trial import tried
from helpers.sources import aside
from helpers.sources.files.child import read_bytes

from .layouts import as_csv

SHARED = Path(os.environ.get("MOTTAGNING_SHARED", Path(__file__).parents[3] / "shared"))
CASES = SHARED / "cases/import"
READ_RIGHT = {  # the others are refused; what each must say of itself when read
    "kt_hel.csv": ("kommuntal", 15201),
    "upphojd.xlsx": ("kommuntal", 15201),
    "titel_2010_1122.csv": ("totalt", 44217),
}
DETAIL = "Kommunkod;År;Månad;Åldersgrupp;Kön;Medborgarskap;Antal\n"


@pytest.fixture
def run(data_copy, monkeypatch):
    """Run `mottagning data` on a copy of the data folder; the exit code and the answer."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))

    def run(*arguments: object):
        result = CliRunner().invoke(app, ["data", *map(str, arguments), "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result.exit_code, json.loads(result.stdout)

    return run


@pytest.fixture
def kommuntal(sound, tmp_path):
    """Write the kommuntal layout without sums, each number one more than in 2018, changed."""

    def write(name: str, change=lambda rows: None) -> Path:
        rows = [list(row) for row in sound.kommuntal if row[1]]
        for row in rows[1:]:
            row[4] = str(int(row[4]) + 1)
        change(rows)
        path = tmp_path / name
        path.write_bytes(as_csv(rows, ","))
        return path

    return write


def _codes(answer: dict) -> set[str]:
    return {one["code"] for one in answer["files"][0]["findings"]}


def _bytes(data: Path) -> dict[str, bytes]:
    kept = [path for path in (data / "imported").iterdir() if path.name != ".left"]
    return {path.name: path.read_bytes() for path in kept}


def test_a_shorter_file_is_refused_with_what_disappears_until_it_is_asked_for(run, kommuntal):
    assert run("import", kommuntal("hel.csv"), "--ar", 2021)[0] == 0
    short = kommuntal("kapad.csv", lambda rows: rows.__delitem__(slice(101, None)))
    code, answer = run("import", short, "--ar", 2021)
    says = [one["says"] for one in answer["files"][0]["findings"]]
    assert code == 5
    assert any("167 kommuner och 334 kända tal försvinner" in one for one in says), says
    code, answer = run("import", short, "--ar", 2021, "--replace")
    assert code == 0
    assert "uppgifter_ersatts" in _codes(answer)
    assert answer["files"][0]["read"][0]["gone"] == 334
    vanished = answer["files"][0]["changes"]
    assert vanished["count"] == 334
    assert {row["nytt"] for row in vanished["rows"]} == {None}
    assert len({row["kommunkod"] for row in vanished["rows"]}) == 167


def test_a_file_without_all_counties_and_the_nations_sum_is_refused_until_it_is_looked_at(
    kommuntal, workbook
):
    """A file cut between two rows is whole in every other way."""
    short = kommuntal("kapad.csv", lambda rows: rows.__delitem__(slice(101, None)))
    for accept, verdict in ((False, "Avvisas"), (True, "Godtas med varning")):
        with judged_apart(short, workbook, Asked(None, 2021, accept=accept), dry_run=True) as told:
            assert told.verdict == verdict
            says = next(one.says for one in told.findings if one.code == "lan_utan_rad")
        assert says.startswith("11 av 21 län har ingen rad"), says


def test_a_known_figure_that_becomes_unknown_is_a_change_and_refused(run, kommuntal):
    run("import", kommuntal("hel.csv"), "--ar", 2021)
    dark = kommuntal("mork.csv", lambda rows: [row.__setitem__(5, "..") for row in rows[1:16]])
    assert "uppgifter_forsvinner" in _codes(run("import", dark, "--ar", 2021)[1])
    changes = run("import", dark, "--ar", 2021, "--replace")[1]["files"][0]["changes"]
    assert changes["count"] == 15
    assert {row["nytt"] for row in changes["rows"]} == {None}


def test_every_import_can_be_taken_back_to_the_bytes_before(run, kommuntal, data_copy):
    run("import", kommuntal("ett.csv"), "--ar", 2021)
    first = _bytes(data_copy)
    more = kommuntal("tva.csv", lambda rows: rows[1].__setitem__(4, "90"))
    run("import", more, "--ar", 2021)
    _, listed = run("imports")
    assert [row["file"] for row in listed["imports"]] == ["tva.csv"]
    assert listed["imports"][0]["replaced"].startswith("ett.csv")
    assert "267 kommuner, 2021, 267 rader" in listed["imports"][0]["held"]
    assert run("import", "--undo", "kommuntal_2021_fil") == (
        0,
        {"undone": [{"table": "kommuntal_2021_fil", "now": "ett.csv"}]},
    )
    assert {name: content for name, content in _bytes(data_copy).items() if name in first} == first
    run("import", "--undo", "kommuntal_2021_fil")
    assert run("imports")[1] == {"imports": []}
    assert run("import", more, "--ar", 2021)[0] == 0  # and it may come in again


def test_what_was_never_imported_cannot_be_taken_back(data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    result = CliRunner().invoke(app, ["data", "import", "--undo", "lan"])
    assert "no table that was imported" in str(result.exception)


def test_an_unreadable_import_is_set_aside_and_told_and_all_else_is_read(
    run, kommuntal, data_copy, monkeypatch
):
    run("import", kommuntal("hel.csv"), "--ar", 2021)
    file = next((data_copy / "imported").glob("kommuntal_2021_fil-*.csv"))
    file.write_text(file.read_text("utf-8").replace("0114,2021,", "0114,2021,x"), "utf-8")
    heard: list[str] = []
    monkeypatch.setattr(aside, "listeners", [heard.append])
    for _ in range(2):  # from the files, and from the tidy tables
        workbook = tables.load(data_copy)
        assert "kommuntal_2021_fil" not in workbook.catalogue.entries
        assert 2021 not in set(workbook.kommuntal[workbook.kommuntal["kommunkod"] == "0115"]["ar"])
        tables.refresh_tidy(data_copy)
    assert all("--undo kommuntal_2021_fil" in words for words in heard)
    assert heard
    assert run("import", "--undo", "kommuntal_2021_fil")[0] == 0


def test_a_later_extract_without_months_is_refused(run, tmp_path):
    rows = [f"2480;2019;{month};0–17;man;Syrien;{month}\n" for month in range(1, 13)]
    whole, cut = tmp_path / "hel.csv", tmp_path / "jan.csv"
    whole.write_text(DETAIL + "".join(rows), "utf-8")
    cut.write_text(DETAIL + rows[0], "utf-8")
    assert run("import", whole)[0] == 0
    code, answer = run("import", cut)
    assert code == 5
    assert "manader_forsvinner" in _codes(answer)


DOUBLED = {
    "totalt ålder": "summa_bland_delar",
    "Samtliga åldrar": "summa_bland_delar",
    "Alla åldersgrupper": "summa_bland_delar",
    "Totalsumma": "summa_bland_delar",
    "Hela riket": "summa_bland_delar",
    "18-24": "dubblett",
    "18 – 24": "dubblett",
    "18–24*": "dubblett",
    "#N/A": "felvarde",
}


@pytest.mark.parametrize("label", DOUBLED)
def test_a_key_that_is_a_sum_or_the_same_in_other_letters_is_counted_once(
    label, workbook, tmp_path
):
    path = tmp_path / "d.csv"
    row = "2480;2019;1;{};man;Syrien;4\n"
    path.write_text(DETAIL + row.format("18–24") + row.format(label), "utf-8")
    with judged_apart(path, workbook, Asked(), dry_run=True) as judged:
        assert DOUBLED[label] in {one.code for one in judged.findings}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (DETAIL.replace("\n", "\r") + "2480;2019;1;0–17;man;Syrien;4\r", "radslut"),
        (DETAIL + "2480;2019;1;0–17;man;Syrien;", "avklippt_rad"),
    ],
)
def test_an_extract_with_other_line_ends_or_a_cut_row_is_refused_by_name(
    text, code, workbook, tmp_path
):
    path = tmp_path / "d.csv"
    path.write_bytes(text.encode())
    with judged_apart(path, workbook, Asked(), dry_run=True) as judged:
        assert [one.code for one in judged.findings] == [code]


@pytest.mark.parametrize(
    ("name", "ar", "code"),
    [("uttag 2018.csv", None, "fel_ar"), ("uttag.csv", 2020, "fel_ar"), ("uttag.csv", None, "")],
)
def test_an_extract_is_of_the_year_that_its_name_and_the_call_say(
    name, ar, code, workbook, tmp_path
):
    path = tmp_path / name
    path.write_text(DETAIL + "2480;2019;1;0–17;man;Syrien;4\n", "utf-8")
    with judged_apart(path, workbook, Asked(None, ar), dry_run=True) as judged:
        assert [one.code for one in judged.findings] == ([code] if code else [])


def test_an_extract_without_its_last_line_end_is_told_for_its_last_number_may_be_cut(
    workbook, tmp_path
):
    path = tmp_path / "d.csv"
    path.write_text(DETAIL + "2480;2019;1;0–17;man;Syrien;4", "utf-8")
    with judged_apart(path, workbook, Asked(), dry_run=True) as judged:
        assert [(one.code, one.level) for one in judged.findings] == [("utan_radslut", "varning")]


def test_figures_out_of_proportion_come_in_only_when_looked_at(workbook, sound, tmp_path):
    rows = [list(row) for row in sound.andelstal if row[0] != "Summa"]
    next(row for row in rows if row[0] == "Umeå")[4] = "900"
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    for accept, verdict in ((False, "Avvisas"), (True, "Godtas med varning")):
        asked = Asked("24", 2019, accept=accept)
        with judged_apart(path, workbook, asked, dry_run=True) as judged:
            assert judged.verdict == verdict, judged.findings


def test_a_file_that_would_not_load_is_refused(workbook, sound, tmp_path):
    def broken(_: object) -> None:
        raise ArithmeticError

    path = tmp_path / "m.csv"
    path.write_bytes(as_csv(sound.mottagna).replace(b"2018", b"2017"))
    with judged_apart(path, workbook, Asked(), dry_run=True) as judged:
        found = tried(judged, path.name, workbook, broken)
    assert found.refused, judged.findings


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not at hand")
def test_every_shared_case_is_refused_or_read_right(workbook):
    for path in sorted(CASES.glob("*.csv")) + sorted(CASES.glob("*.xlsx")):
        by_year = path.name.startswith(("kt_", "kommuntal", "upphojd"))
        asked = Asked(None, 2021) if by_year else Asked("24", 2019)
        if path.name.startswith(("m_", "m2", "titel", "rubrik", "tom")):
            asked = Asked()
        with judged_apart(path, workbook, asked, dry_run=True) as found:
            judged = tried(found, path.name, workbook, ledger)
            if path.name not in READ_RIGHT:
                assert judged.refused, path.name
                continue
            field, total = READ_RIGHT[path.name]
            told = judged.tables[0].figures.items()
            assert sum(value or 0 for (_, _, what), value in told if what == field) == total


def test_shares_that_look_like_per_cent_are_told_of_the_first_of_them(workbook, sound):
    rows = [list(row) for row in sound.andelstal]
    for row in rows[1:]:
        row[2] = f"{float(row[2].replace(',', '.')) / 10:.3f}".replace(".", ",")
    judged = judge(read_bytes("a.csv", as_csv(rows)), workbook, Asked("24", 2019))
    found = [one for one in judged.findings if one.code == "procent"]
    assert [(one.rad, one.kolumn) for one in found] == [(2, "C")], judged.findings
