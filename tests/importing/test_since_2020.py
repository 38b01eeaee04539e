"""The agency's layout since about 2020, as it is described: by county and month, numbers hidden,
Totalt below each county, one municipality without a row. The file is made up.
"""

import json

import pytest
from typer.testing import CliRunner

from helpers import cases, tables
from helpers.cli.app import app
from helpers.imports.judging import Asked, judge
from helpers.sources.files.child import read_bytes

from .layouts import as_csv, by_month, saved, since_2020

BJURHOLM, UPPLANDS_VASBY, UMEA = "2403", "0114", "2480"
SHEET = "Län, kommun och månad"


def _judged(workbook, book):
    return judge(read_bytes("kommunmottagna.xlsx", saved(book)), workbook, Asked(None, None))


def _told(judged):
    return "\n".join(f"{one.code}: {one.where}: {one.says}" for one in judged.findings)


def _cells(judged, number=0):
    """Code and month → the cells after them."""
    rows = [line.split(",") for line in judged.tables[number].csv_text.splitlines()[1:]]
    return {(row[0], int(row[2])): row[3:] for row in rows}


def _row(sheet, name):
    return next(row for row in sheet.iter_rows() if name in {cell.value for cell in row})


@pytest.fixture(scope="module")
def described(workbook):
    return _judged(workbook, since_2020(workbook))


def test_the_described_layout_is_read_cell_by_cell(workbook, described):
    assert described.verdict == "Godtas med varning", _told(described)
    assert described.layout == "kommunmottagna_manad"
    sheet, cells = since_2020(workbook)[SHEET], _cells(described)
    names = dict(zip(workbook.kommuner["kommun"], workbook.kommuner["kommunkod"], strict=True))
    names["Upplands-Väsby"] = UPPLANDS_VASBY
    seen = 0
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if row[1] not in names:
            continue
        for month, value in enumerate(row[2:10], 1):
            hidden = isinstance(value, str)
            assert cells[names[row[1]], month] == (["", "ja"] if hidden else [str(value), ""])
            seen += hidden
    assert seen > 500
    assert {code for code, _ in cells} == {*names.values(), ""} - {BJURHOLM}


@pytest.mark.parametrize("lan", ["first", "none"])
@pytest.mark.parametrize("nation", [True, False], ids=["with nation", "without nation"])
def test_the_same_is_read_where_the_county_stands_once_or_nowhere(lan, nation, workbook, described):
    judged = _judged(workbook, since_2020(workbook, lan, nation))
    assert judged.verdict == "Godtas med varning", _told(judged)
    assert judged.tables[0].csv_text == described.tables[0].csv_text
    sums = {key: value for key, value in _cells(described, 1).items() if nation or key[0] != "00"}
    assert _cells(judged, 1) == sums


def test_every_countys_sum_and_the_nations_are_the_printed_ones(workbook, described):
    sheet, sums = since_2020(workbook)[SHEET], _cells(described, 1)
    counties = dict(zip(workbook.lan["lan"], workbook.lan["lanskod"], strict=True))
    counties["Totalt"] = "00"
    printed = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1] == "Totalt"]
    assert len(printed) == 22
    for row in printed:
        for month, value in enumerate(row[2:10], 1):
            assert sums[counties[row[0]], month] == ["" if isinstance(value, str) else str(value)]


def test_a_municipality_without_a_row_is_unknown_and_named(described):
    (missing,) = [one for one in described.findings if one.code == "kommun_utan_rad"]
    assert missing.says == (
        "1 kommun har ingen rad: Bjurholm. De tryckta summorna håller utan; talen är okända, inte"
        " noll."
    )


def test_a_row_that_was_lost_is_not_taken_for_one_that_never_was(workbook):
    book = since_2020(workbook)
    sheet = book[SHEET]
    sheet.delete_rows(_row(sheet, "Umeå")[0].row)
    judged = _judged(workbook, book)
    assert judged.verdict == "Avvisas"
    says = [one.says for one in judged.findings if one.code == "kommun_saknas"]
    assert says == ["2 kommuner saknas: Bjurholm, Umeå."]


def test_a_missing_row_under_sums_that_are_not_told_is_refused(workbook):
    book = since_2020(workbook, nation=False)
    sheet = book[SHEET]
    for row in sheet.iter_rows(min_row=4):
        if (row[0].value, row[1].value) == ("Västerbottens län", "Totalt"):
            row[5].value = ".."
    judged = _judged(workbook, book)
    assert "kommun_saknas" in {one.code for one in judged.findings}, _told(judged)


def test_a_countys_sum_that_is_wrong_is_refused_by_its_name(workbook):
    book = since_2020(workbook, "none")
    sheet = book[SHEET]
    first = next(row for row in sheet.iter_rows(min_row=4) if row[0].value == "Totalt")
    first[1].value += 400
    judged = _judged(workbook, book)
    assert judged.verdict == "Avvisas"
    assert any(one.says.startswith("Stockholms län, januari 2026") for one in judged.findings)


def test_months_do_not_add_up_to_a_year_where_one_is_hidden(workbook, described):
    """The printed total so far stands; it is no year, and the months' sum is not made one."""
    assert [table.kind for table in described.tables] == [
        "kommunmottagna_manad",
        "kommunmottagna_manad_summor",
    ]
    assert "ofullstandigt_ar" in {one.code for one in described.findings}


def test_imported_it_is_shown_with_its_blanks_and_the_ledger_holds(
    workbook, data_copy, tmp_path, monkeypatch
):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    path = tmp_path / "kommunmottagna.xlsx"
    path.write_bytes(saved(since_2020(workbook)))
    ran = CliRunner().invoke(app, ["data", "import", str(path), "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["files"][0]["verdict"] == "Godtas med varning"
    loaded = tables.load(data_copy)
    months = loaded.manader[loaded.manader["ar"] == 2026]
    assert not (months["kommunkod"] == BJURHOLM).any()
    assert months.loc[months["sekretess"].notna(), "antal"].isna().all()
    ledger = cases.ledger(loaded)
    own = ledger[ledger["check"].str.contains("manad")]
    assert len(own) >= 22 * 8
    assert own["agrees"].fillna(True).all(), own[own["agrees"] == False].to_string()  # noqa: E712


def test_the_year_is_blank_where_a_month_is_hidden_and_the_sum_of_its_months_elsewhere(workbook):
    rows = [row[:14] for row in by_month(workbook, 2026)]  # without the year's own column
    own = next(row for row in rows[2:] if row[4] in {"1", "2", "3", "4", "5"})
    other = next(row for row in rows[2:] if row[1] == "Umeå")
    own[4] = "–"
    judged = judge(read_bytes("m.csv", as_csv(rows)), workbook, Asked(None, None))
    assert judged.verdict == "Godtas med varning", _told(judged)
    names = dict(zip(workbook.kommuner["kommun"], workbook.kommuner["kommunkod"], strict=True))
    years = dict(line.split(",totalt,") for line in judged.tables[2].csv_text.splitlines()[1:])
    assert years[f"{names[own[1]]},2026"] == ","
    assert years[f"{UMEA},2026"] == f"{sum(map(int, other[2:14]))},"
