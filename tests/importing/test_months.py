"""The table by month: every likely form of it, what becomes of it, the next month's file. All are
synthetic.
"""

import copy
import json
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from helpers import cases, tables
from helpers.cli.app import app
from helpers.imports.judging import Asked, judge
from helpers.sources import imported
from helpers.sources.files.child import read_bytes
from tests.patience import PATIENCE
from tests.tables.test_precedence import add

from .corpus_months import JAN, YEAR, at, changed, headings, out, row_of
from .layouts import MONTHS, Rows, as_csv, as_xlsx, by_month, hidden, saved, with_information


@pytest.fixture
def take(data_copy, tmp_path, monkeypatch):
    """Import rows as a file into a copy of the data folder: the exit code and what was said of the
    file.
    """
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))

    def take(rows: Rows, *arguments: str, as_json: bool = True):
        path = tmp_path / "manader.csv"
        path.write_bytes(as_csv(rows))
        result = CliRunner().invoke(
            app, ["data", "import", str(path), *arguments, *(["--json"] if as_json else [])]
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result.exit_code, json.loads(result.stdout)["files"][0] if as_json else result.stdout

    return take


def judged_as(workbook, rows: Rows | bytes, name: str = "m.csv", ar: int | None = None):
    return judge(
        read_bytes(name, rows if isinstance(rows, bytes) else as_csv(rows)),
        workbook,
        Asked(None, ar),
    )


def told(judged) -> str:
    return "\n".join(f"{one.code}: {one.where}: {one.says}" for one in judged.findings)


def codes(answer: dict) -> set[str]:
    return {one["code"] for one in answer["findings"]}


def lines(judged, number: int = 0) -> list[str]:
    return judged.tables[number].csv_text.splitlines()


def with_values(rows: Rows, name: str, values: dict[int, int]) -> Rows:
    """Other numbers for a municipality, and every sum that they are part of."""
    rows = copy.deepcopy(rows)
    own, total = rows[row_of(rows, name)], rows[row_of(rows, "Totalt")]
    for place, value in values.items():
        step = value - int(own[place])
        for row in (own, total):
            for column in (place, YEAR):
                row[column] = str(int(row[column]) + step)
    return rows


@pytest.fixture(scope="module")
def intact(sound, workbook):
    return judged_as(workbook, sound.manad)


def test_a_whole_year_gives_its_months_their_sums_and_the_years_figures(sound, intact):
    assert (intact.verdict, intact.layout) == ("Godtas", "kommunmottagna_manad")
    assert [(table.kind, table.ar) for table in intact.tables] == [
        ("kommunmottagna_manad", 2026),
        ("kommunmottagna_manad_summor", 2026),
        ("kommunmottagna", 2026),
    ]
    umea = sound.manad[row_of(sound.manad, "Umeå")]
    assert [line for line in lines(intact) if line.startswith("2480,")] == [
        f"2480,2026,{month},{number}," for month, number in enumerate(umea[JAN:YEAR], 1)
    ]
    assert f"2480,2026,totalt,{umea[YEAR]}," in lines(intact, 2)
    assert len(lines(intact)) == 1 + 291 * 12
    assert len(lines(intact, 2)) == 1 + 290


@pytest.mark.parametrize("name", ["m.xlsx", "med_information.xlsx"])
def test_a_workbook_says_the_same_as_text_with_a_sheet_of_information_or_without(
    name, sound, workbook, intact
):
    book = as_xlsx(sound.manad) if name == "m.xlsx" else with_information(sound.manad)
    judged = judged_as(workbook, saved(book), name)
    assert judged.verdict == "Godtas", told(judged)
    assert [table.csv_text for table in judged.tables] == [
        table.csv_text for table in intact.tables
    ]
    day = "ej angivet i filen" if name == "m.xlsx" else "2027-01-15"
    assert {table.published for table in judged.tables} == {day}


@pytest.mark.office
def test_a_workbook_in_the_older_format_says_the_same(sound, workbook, intact, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not on the PATH; on Debian: apt-get install libreoffice-calc-nogui")
    newer = tmp_path / "m.xlsx"
    newer.write_bytes(saved(with_information(sound.manad)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        "xls:MS Excel 97",
        "--outdir",
        str(tmp_path),
        str(newer),
    ]
    subprocess.run(
        command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, capture_output=True
    )
    judged = judged_as(workbook, (tmp_path / "m.xls").read_bytes(), "m.xls")
    assert [table.csv_text for table in judged.tables] == [
        table.csv_text for table in intact.tables
    ], told(judged)


HEADINGS = {
    "short": [name[:3] for name in MONTHS],
    "long": list(MONTHS),
    "capitals and the year": [f"{name.capitalize()} 2026" for name in MONTHS],
    "two digits": [f"{name[:3]}-26" for name in MONTHS],
    "ISO months": [f"2026-{number:02}" for number in range(1, 13)],
    "dates": [f"2026-{number:02}-01T00:00:00" for number in range(1, 13)],
    "marked": [f"{name[:3]}. 2026*" for name in MONTHS],
}


@pytest.mark.parametrize("names", HEADINGS.values(), ids=HEADINGS.keys())
def test_a_month_is_known_however_its_heading_is_written(names, sound, workbook, intact):
    judged = judged_as(workbook, changed(sound.manad, headings(*names)))
    assert judged.verdict == "Godtas", told(judged)
    assert judged.tables == intact.tables


def test_a_real_date_in_a_heading_is_a_month(sound, workbook, intact):
    import datetime

    book = as_xlsx(sound.manad)
    for month in range(1, 13):
        book.active.cell(2, JAN + month).value = datetime.datetime(2026, month, 1)
    judged = judged_as(workbook, saved(book), "m.xlsx")
    assert judged.tables == intact.tables, told(judged)


def _untitled(rows: Rows) -> None:
    rows[0][0] = "Kommunmottagna"
    rows[1] = [heading.removesuffix(" 2026") for heading in rows[1]]


def test_the_year_comes_from_the_title_or_the_call_where_the_months_do_not_tell_it(
    sound, workbook, intact
):
    plain = changed(sound.manad, headings(*MONTHS))
    assert judged_as(workbook, plain).tables == intact.tables
    assert judged_as(workbook, changed(sound.manad, _untitled), ar=2026).tables == intact.tables
    over = changed(sound.manad, _untitled)
    over.insert(1, ["", "", "2026", *[""] * 12])
    assert judged_as(workbook, over).tables == intact.tables
    book = with_information(changed(sound.manad, _untitled), title="2026")
    assert (
        judged_as(workbook, saved(book), "m.xlsx").tables[0].csv_text == intact.tables[0].csv_text
    )


def test_a_date_of_updating_and_a_statutes_number_are_not_the_year(sound, workbook):
    rows = changed(sound.manad, _untitled)
    rows.insert(
        1,
        ["Uppdaterad 2027-01-15. Förordning (2010:1122). Publicerad 3 februari 2027.", *[""] * 14],
    )
    judged = judged_as(workbook, rows)
    assert [one.code for one in judged.findings] == ["ar_saknas"]


@pytest.mark.parametrize("mark", ["..", "-", "–", "…"])
def test_a_hidden_cell_is_said_to_be_hidden_and_is_unknown_not_zero(mark, sound, workbook):
    rows = changed(sound.manad, out(YEAR), at("Bjurholm", JAN, mark))
    judged = judged_as(workbook, rows)
    assert judged.verdict == "Godtas med varning", told(judged)
    assert "2403,2026,1,,ja" in lines(judged)
    assert "2403,2026,totalt,," in lines(judged, 2)
    assert [one.where for one in judged.findings] == [
        f"blad 1, rad {row_of(rows, 'Bjurholm') + 1}, kolumn C"
    ]


def test_the_years_figure_is_the_printed_one_the_sum_of_twelve_known_months_or_unknown(
    sound, workbook, intact
):
    summed = judged_as(workbook, changed(sound.manad, out(YEAR)))
    assert summed.tables[2].figures == intact.tables[2].figures
    printed = judged_as(workbook, hidden(sound.manad))
    small = sound.manad[row_of(sound.manad, "Bjurholm")][YEAR]
    assert int(small) >= 6, "printed, while its months are hidden"
    assert f"2403,2026,totalt,{small}," in lines(printed, 2)
    unknown = judged_as(workbook, changed(hidden(sound.manad), out(YEAR)))
    assert unknown.tables[2].figures["2403", 2026, "totalt"] is None
    assert (
        unknown.tables[2].figures["2480", 2026, "totalt"]
        == intact.tables[2].figures["2480", 2026, "totalt"]
    )


def test_a_year_that_is_not_over_has_no_figure_and_its_coming_months_no_row(workbook):
    judged = judged_as(workbook, by_month(workbook, 2026, 10))
    assert [one.code for one in judged.findings] == ["ofullstandigt_ar"]
    assert [table.kind for table in judged.tables] == [
        "kommunmottagna_manad",
        "kommunmottagna_manad_summor",
    ]
    assert len(lines(judged)) == 1 + 291 * 10
    assert lines(judged, 1)[-1].startswith("00,2026,10,")


def test_totals_of_nought_under_months_to_come_do_not_publish_them(workbook):
    rows = by_month(workbook, 2026, 10)
    rows[row_of(rows, "Totalt")][JAN + 10] = "0"
    judged = judged_as(workbook, rows)
    assert (
        judged.tables[0].csv_text
        == judged_as(workbook, by_month(workbook, 2026, 10)).tables[0].csv_text
    )


def test_january_alone_is_a_table_by_month(workbook):
    rows = [[*row[: JAN + 1]] for row in by_month(workbook, 2026, 1)]
    judged = judged_as(workbook, rows)
    assert judged.verdict == "Godtas med varning", told(judged)
    assert "Filen har januari 2026" in told(judged)


def _coded(rows: Rows, workbook) -> Rows:
    """Columns for the codes of county and municipality, as text has them."""
    kod = dict(zip(workbook.kommuner["kommun"], workbook.kommuner["kommunkod"], strict=True))
    rows = [[*row[:2], kod.get(row[1], "")[:2], kod.get(row[1], ""), *row[2:]] for row in rows]
    rows[1][2:4] = ["Länskod", "Kommunkod"]
    return rows


def test_codes_are_read_beside_names_and_settle_one_that_is_cut(sound, workbook, intact):
    rows = _coded(sound.manad, workbook)
    assert judged_as(workbook, rows).tables == intact.tables
    rows[row_of(rows, "Upplands Väsby")][1] = "Upplands Väs"
    judged = judged_as(workbook, rows)
    assert [one.code for one in judged.findings] == ["lagat_namn"]
    assert judged.tables == intact.tables
    rows[row_of(rows, "Umeå")][3] = "2482"
    assert "kod_och_namn" in told(judged_as(workbook, rows))


def test_names_alone_counties_sums_notes_and_capitals_are_read_too(sound, workbook, intact):
    """No column for the county, its name as a heading and in a sum; Totalt first; a note in a
    merged row.
    """
    rows = [[row[1], *row[2:]] for row in sound.manad]
    rows[1][0] = ""
    own = [row for row in sound.manad if row[0] == "Blekinge län"]
    sums = [str(sum(int(row[place]) for row in own)) for place in range(JAN, YEAR + 1)]
    rows = [
        *rows[:2],
        rows[row_of(sound.manad, "Totalt")],
        *(row for row in rows[2:] if row[0] != "Totalt"),
    ]
    rows = [*rows[:2], *([row[0].upper(), *row[1:]] for row in rows[2:])]
    rows += [
        ["BLEKINGE LÄN", *[""] * 13],
        ["BLEKINGE LÄN", *sums],
        ["Källa: Migrationsverket.", *[""] * 13],
    ]
    book = as_xlsx(rows)
    book.active.merge_cells(start_row=len(rows), end_row=len(rows), start_column=1, end_column=14)
    book.active["A1"] = "Kommunmottagna 2026"
    judged = judged_as(workbook, saved(book), "m.xlsx")
    assert [one.code for one in judged.findings] == ["fotnot"], told(judged)
    assert judged.tables[0] == intact.tables[0]
    assert f"10,2026,1,{sums[0]}" in lines(judged, 1)


def test_two_years_in_one_sheet_become_two_tables(workbook):
    first, second = by_month(workbook, 2025), by_month(workbook, 2026, 3)
    rows = [[*row[:YEAR], *other[JAN : JAN + 3]] for row, other in zip(first, second, strict=True)]
    rows[0] = ["Kommunmottagna 2025 och 2026", *[""] * 16]
    judged = judged_as(workbook, rows)
    assert [one.code for one in judged.findings] == ["ofullstandigt_ar"], told(judged)
    assert [(table.kind.removeprefix("kommunmottagna"), table.ar) for table in judged.tables] == [
        ("_manad", 2025),
        ("_manad_summor", 2025),
        ("", 2025),
        ("_manad", 2026),
        ("_manad_summor", 2026),
    ]
    assert {line.split(",")[1] for line in lines(judged, 3)[1:]} == {"2026"}
    assert len(lines(judged, 3)) == 1 + 291 * 3


def test_twelve_months_over_a_turn_of_the_year_give_no_year_a_figure(workbook):
    first, second = by_month(workbook, 2025), by_month(workbook, 2026, 3)
    rows = [
        [*row[:2], *row[JAN + 3 : YEAR], *other[JAN : JAN + 3]]
        for row, other in zip(first, second, strict=True)
    ]
    rows[0] = ["Kommunmottagna", *[""] * 13]
    judged = judged_as(workbook, rows)
    assert {table.kind for table in judged.tables} == {
        "kommunmottagna_manad",
        "kommunmottagna_manad_summor",
    }
    assert "Filen har april–december 2025" in told(judged)


def test_those_of_unknown_place_are_kept_apart_and_belong_to_no_municipality(sound, take):
    take(sound.manad)
    loaded = tables.load()
    apart = loaded.manader[loaded.manader["kommunkod"].isna()]
    assert apart["antal"].tolist() == list(range(1, 13))
    year = loaded.mottagna[loaded.mottagna["ar"] == 2026]
    assert year["kommunkod"].nunique() == len(year) == 290
    printed = int(sound.manad[row_of(sound.manad, "Totalt")][YEAR])
    assert int(year["antal"].sum()) == printed - sum(range(1, 13))


def test_the_next_months_file_shows_exactly_its_new_cells_and_takes_the_earlier_ones_place(
    workbook, take, data_copy
):
    assert take(by_month(workbook, 2026, 2))[0] == 0
    code, answer = take(by_month(workbook, 2026, 3), "--dry-run")
    assert code == 0
    rows = answer["changes"]["rows"]
    assert {(row["uppgift"], row["gammalt"], row["ar"]) for row in rows} == {("mars", None, 2026)}
    assert len(rows) == 291
    assert rows[0]["kommun"] == "Okänd kommun"
    assert take(by_month(workbook, 2026, 3))[1]["changes"] == answer["changes"]
    with imported.held(data_copy):
        kept = list((data_copy / "imported").glob("kommunmottagna_manad_2026_fil-*.csv"))
        assert len(kept) == 2  # the earlier one is there to be taken back to
    loaded = tables.load()
    assert sorted(loaded.manader["manad"].unique()) == [1, 2, 3]
    assert "januari–mars" in loaded.catalogue["kommunmottagna_manad_2026_fil"].title


def test_a_revised_month_a_cell_made_known_and_a_cell_now_hidden_are_shown(workbook, take):
    first = by_month(workbook, 2026, 3)
    values = {kod: int(first[row_of(first, kod)][JAN]) for kod in ("Umeå", "Bjurholm", "Luleå")}
    take(changed(first, at("Bjurholm", JAN, "..")))
    later = with_values(by_month(workbook, 2026, 3), "Umeå", {JAN: values["Umeå"] + 2})
    later = with_values(later, "Luleå", {JAN: 4})
    later = changed(later, at("Luleå", JAN, ".."))
    assert values["Bjurholm"] <= 5, "small enough to be hidden"
    _, answer = take(later, "--dry-run")
    seen = {
        (row["kommun"], row["uppgift"], row["gammalt"], row["nytt"])
        for row in answer["changes"]["rows"]
    }
    assert seen == {
        ("Umeå", "januari", values["Umeå"], values["Umeå"] + 2),
        ("Bjurholm", "januari", None, values["Bjurholm"]),
        ("Luleå", "januari", values["Luleå"], None),
    }


def test_a_person_reads_what_each_month_was_and_becomes(workbook, take):
    take(by_month(workbook, 2026, 2))
    rows = by_month(workbook, 2026, 2)
    old = int(rows[row_of(rows, "Ale")][JAN])
    _, said = take(
        with_values(rows, "Ale", {JAN: old + 1, JAN + 1: old + 2}), "--dry-run", as_json=False
    )
    assert "skulle ge kommunmottagna_manad_2026_fil, kommunmottagna_manad_summor_2026_fil" in said
    assert "mot det som fanns: 0 nya, 2 ändrade, 0 borta" in said
    assert said.index(f"1440 Ale 2026 januari: {old} → {old + 1}") < said.index(
        "1440 Ale 2026 februari: "
    )


def test_an_older_file_is_refused_for_it_would_take_months_away(workbook, take):
    take(by_month(workbook, 2026, 3))
    code, answer = take(by_month(workbook, 2026, 2))
    assert code == 5
    assert codes(answer) >= {"manader_forsvinner"}
    assert "saknar mars 2026" in answer["findings"][0]["says"]
    assert sorted(tables.load().manader["manad"].unique()) == [1, 2, 3]


def test_last_years_file_under_a_new_year_is_refused_even_when_it_has_grown(workbook, take):
    take(by_month(workbook, 2025, 10))
    for months in (10, 12):
        code, answer = take(by_month(workbook, 2026, months))
        assert code == 5
        assert "samma_siffror" in codes(answer)


def test_the_ledger_checks_every_month_hidden_cells_and_all(sound, take):
    take(
        changed(
            hidden(sound.manad), lambda rows: rows.append(_subtotal(sound.manad, "Gotlands län"))
        )
    )
    ledger = cases.ledger(tables.load())
    own = ledger[ledger["check"].str.startswith("kommunmottagna_manad_2026_fil.")]
    assert own["subject"].value_counts().to_dict() == {"00": 13, "09": 12}
    assert own["agrees"].all()
    total = int(sound.manad[row_of(sound.manad, "Totalt")][JAN])
    january = own[
        (own["check"] == "kommunmottagna_manad_2026_fil.1.manad") & (own["subject"] == "00")
    ].iloc[0]
    assert january["published"] == total
    assert january["recomputed"] < total, "the hidden cells are not in the sum"
    assert set(ledger["agrees"]) == {True, False}, (
        "the project's own two disagreements are as they were"
    )


def _subtotal(rows: Rows, lan: str) -> list[str]:
    own = [row for row in rows if row[0] == lan]
    return [
        lan,
        "Delsumma",
        *(str(sum(int(row[place]) for row in own)) for place in range(JAN, YEAR + 1)),
    ]


def test_another_sources_year_is_compared_with_the_months_year(sound, take, data_copy):
    take(sound.manad)
    umea = int(sound.manad[row_of(sound.manad, "Umeå")][YEAR])
    add(data_copy, "kommunmottagna_kolada", [f"2480,2026,totalt,{umea + 4},"])
    ledger = cases.ledger(tables.load()).set_index("check")
    cell = ledger.loc["overlap.kommunmottagna_2026_manader.kommunmottagna_kolada.cell"]
    assert (cell["subject"], cell["published"], cell["recomputed"]) == ("2480", umea, umea + 4)
    assert ledger.loc["kommunmottagna_manad_2026_fil.helar", ["published", "agrees"]].tolist() == [
        290,
        True,
    ]


def test_a_years_own_file_with_categories_goes_before_the_months(sound, take, data_copy):
    take(sound.manad)
    add(data_copy, "kommunmottagna_2026_fil", ["2480,2026,totalt,407,"], precedence=10)
    loaded = tables.load()
    own = loaded.mottagna[
        (loaded.mottagna["ar"] == 2026) & (loaded.mottagna["kommunkod"] == "2480")
    ]
    assert own["antal"].tolist() == [407]


def test_without_any_table_by_month_the_frames_are_empty_and_nothing_is_said_of_them(workbook):
    assert workbook.manader.empty
    assert workbook.manader_summor.empty
    kinds = {
        "kommunkod": "string",
        "ar": "Int64",
        "manad": "Int64",
        "antal": "Int64",
        "sekretess": "string",
    }
    assert workbook.manader.dtypes.astype(str).to_dict() == kinds | {"tabell": "string"}
    assert "manader" not in set(cases.coverage(workbook, range(2008, 2019))["table"])


def test_the_empty_frame_has_the_types_of_a_filled_one(workbook, take):
    take(by_month(workbook, 2026, 2))
    loaded = tables.load()
    assert loaded.manader.dtypes.to_dict() == workbook.manader.dtypes.to_dict()
    assert loaded.manader_summor.dtypes.to_dict() == workbook.manader_summor.dtypes.to_dict()


def test_a_hidden_cell_is_not_displaced_by_a_blank_one_of_a_source_that_goes_first(data_copy):
    columns, kind = "kommunkod,ar,manad,antal,sekretess", "kommunmottagna_manad"
    add(
        data_copy, "manader_a", ["2480,2026,1,,", "2480,2026,2,7,", ",2026,1,3,"], 10, kind, columns
    )
    add(
        data_copy,
        "manader_b",
        ["2480,2026,1,,ja", "2480,2026,2,8,", ",2026,1,4,"],
        20,
        kind,
        columns,
    )
    rows = tables.load(data_copy).manader.fillna({"kommunkod": "", "antal": -1, "sekretess": ""})
    assert rows[["kommunkod", "manad", "antal", "sekretess"]].to_numpy().tolist() == [
        ["2480", 1, -1, "ja"],
        ["2480", 2, 7, ""],
        ["", 1, 3, ""],
    ]


def test_the_status_has_a_row_for_months_whole_years_and_years_in_part(workbook, take):
    take(hidden(by_month(workbook, 2025)))
    take(by_month(workbook, 2026, 3), "--ar", "2026")
    loaded = tables.load()
    row = cases.status(loaded, range(2024, 2027)).set_index("table").loc["manader"]
    assert (row["whole"], row["partly"], row["missing"]) == ([2025], [2026], [2024])
    assert row["command"] == "mottagning data import FILE"
    assert row["tables"] == ["kommunmottagna_manad_2025_fil", "kommunmottagna_manad_2026_fil"]
