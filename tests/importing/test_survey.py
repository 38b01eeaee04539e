"""The spreadsheet of a municipality's answers: what it offers is accepted, faults are told all at
once, hostile text is text.
"""

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cases, tables
from helpers.cli.lagesbild import mall
from helpers.errors import DataError, ParameterError
from helpers.imports.survey import (
    AREAS,
    COVER,
    HEAD_ROW,
    READY,
    STATE,
    THEMES,
    Head,
    read_survey,
)
from helpers.imports.survey_store import last_answers, save_answers
from helpers.imports.survey_template import cells_of, returned, template
from helpers.model.own_words import READINESS
from helpers.tables.own_schemas import RATINGS

HEAD = Head("2022-02", "22", "2260", "Ånge", "2022-02-23")
HOSTILE = "=1+1 <script>alert(1)</script> **x** \x1b[31mröd \u202esvart @SUM(A1)"
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="no LibreOffice here"
)


def every_choice() -> list[dict[str, str]]:
    """Answers in which every choice of the template is taken."""
    ratings = [*RATINGS, *RATINGS]
    rows = [
        {"omrade": area, "betyg": rating, "tema": "", "text": ""}
        for area, rating in zip((*AREAS, *READINESS[:3]), ratings, strict=True)
    ]
    areas = [*AREAS, *(f"eget {n}" for n in range(9))]
    return rows + [
        {"omrade": areas[at // 3], "betyg": "", "tema": theme, "text": ""}
        for at, theme in enumerate(THEMES)
    ]


def written(folder: Path, content: bytes, name: str = "svar.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def resaved(path: Path, kind: str) -> Path:
    """The file as LibreOffice saves it."""
    out = path.parent / kind
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return out / f"{path.stem}.{kind}"


def test_the_same_template_is_the_same_bytes():
    assert template(HEAD) == template(HEAD)


def test_every_choice_is_accepted_untouched(tmp_path):
    survey = read_survey(written(tmp_path, template(HEAD, cells_of(every_choice()))))
    assert not survey.faults
    assert {row["tema"] for row in survey.answers if row["tema"]} == set(THEMES)
    assert {row["betyg"] for row in survey.answers if row["betyg"]} == set(RATINGS)


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_every_choice_is_accepted_after_libreoffice_has_saved_it(tmp_path, kind):
    path = written(tmp_path, template(HEAD, cells_of(every_choice())))
    assert read_survey(resaved(path, kind)).answers == read_survey(path).answers


def test_the_lists_of_the_template_are_what_is_accepted(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, template(HEAD)))
    offered = {cell.value for row in book["Val"].iter_rows(min_row=2) for cell in row if cell.value}
    assert offered == {*RATINGS, *THEMES}
    assert all(
        sheet.protection.sheet and not sheet.protection.password
        for sheet in book
        if sheet.title != "Anteckningar"
    )


def spoiled(folder: Path, changes: dict[tuple[str, str], str]) -> Path:
    """A template with cells changed by a stranger."""
    path = written(folder, template(HEAD, cells_of(every_choice()[:2])))
    book = openpyxl.load_workbook(path)
    for (sheet, cell), text in changes.items():
        book[sheet][cell] = text
    book.save(path)
    return path


def test_all_faults_are_told_in_one_pass_with_cell_and_step(tmp_path):
    changes = {
        (STATE, "B4"): "bra",
        (STATE, "C4"): "vädret",
        (STATE, "F5"): "x" * 600,
        (STATE, "F6"): "se https://exempel.se",
        (READY, "A4"): "humör",
        (READY, "B5"): "kanske",
        (COVER, "B7"): "i går",
    }
    survey = read_survey(spoiled(tmp_path, changes))
    assert {(own.sheet, own.cell) for own in survey.faults} == set(changes)
    assert all(own.step and own.found for own in survey.faults)
    back = openpyxl.load_workbook(written(tmp_path, returned(survey), "tillbaka.xlsx"))
    told = " ".join(str(cell.value) for sheet in back for row in sheet.iter_rows() for cell in row)
    assert "Att rätta" in told
    assert "B4: Välj ett av" in told


TYPOS = ["Fungerar!", "0", "ja", "  ", "delvis ansträngt", "=A1", "språk"]


@pytest.mark.parametrize("cell", ["B4", "C5", "D6"])
@pytest.mark.parametrize("text", TYPOS)
def test_what_is_no_choice_is_refused_and_a_blank_is_none(tmp_path, cell, text):
    survey = read_survey(spoiled(tmp_path, {(STATE, cell): text}))
    accepted = not text.strip() or (text == "språk" and cell != "B4") or text == "=A1"
    assert bool(survey.faults) == (not accepted)


def test_stray_blanks_are_no_rows(tmp_path):
    survey = read_survey(spoiled(tmp_path, {(STATE, "F40"): "  \u00a0 "}))
    assert len(survey.answers) == 2


def test_other_files_are_named_as_what_they_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Budget"
    book.save(tmp_path / "annan.xlsx")
    with pytest.raises(DataError, match="annan arbetsbok, med bladen Budget"):
        read_survey(tmp_path / "annan.xlsx")
    with pytest.raises(DataError, match="filen är tom"):
        read_survey(written(tmp_path, b"", "tom.xlsx"))
    with pytest.raises(DataError, match="ingen arbetsbok"):
        read_survey(written(tmp_path, b"%PDF-1.4", "fel.xlsx"))
    with pytest.raises(DataError, match="inget är ifyllt"):
        read_survey(written(tmp_path, template(HEAD), "ofylld.xlsx"))


SPOILED = {  # what a stranger has done to a sound file: the cells that are told
    "rating": {(STATE, "B4"): "bra"},
    "rating in the plural": {(STATE, "B5"): "fungerar, ansträngt"},
    "rating of readiness": {(READY, "B4"): "kanske"},
    "number as a rating": {(READY, "B6"): "3"},
    "theme": {(STATE, "C4"): "vädret"},
    "theme in another case": {(STATE, "D4"): "Språk"},
    "same theme twice": {(STATE, "E4"): "språk", (STATE, "D4"): "språk"},
    "long text": {(STATE, "F4"): "x" * 501},
    "address": {(STATE, "F5"): "se https://exempel.se"},
    "area without a name": {(STATE, "A4"): ""},
    "long area": {(STATE, "A7"): "y" * 61, (STATE, "B7"): "fungerar"},
    "same area twice": {(STATE, "A7"): AREAS[0], (STATE, "B7"): "fungerar"},
    "other readiness": {(READY, "A4"): "humör"},
    "own readiness": {(READY, "A9"): "mod", (READY, "B9"): "fungerar"},
    "no day": {(COVER, "B7"): "i går"},
    "impossible day": {(COVER, "B7"): "2022-02-30"},
    "other respondent": {(COVER, "B5"): "0180"},
    "no round": {(COVER, "B3"): ""},
    "no county": {(COVER, "B4"): "Y"},
    "heading": {(STATE, "B3"): "Betyg"},
    "beside the columns": {(STATE, "H5"): "en anteckning"},
    "under a strange heading": {(READY, "D3"): "Kommentar", (READY, "D4"): "svårt"},
}
TOLD_AT = {  # where that is not every cell that was changed
    "same theme twice": {(STATE, "E4")},
    "long area": {(STATE, "A7")},
    "same area twice": {(STATE, "A7")},
    "own readiness": {(READY, "A9")},
    "no county": {(COVER, "B4"), (COVER, "B5")},
}


@pytest.mark.parametrize("name", SPOILED)
def test_every_spoiled_file_is_refused_at_the_cells_that_were_spoiled(tmp_path, name):
    survey = read_survey(spoiled(tmp_path, SPOILED[name]))
    expected = TOLD_AT.get(name, set(SPOILED[name]))
    assert {(own.sheet, own.cell) for own in survey.faults} == expected
    assert all(own.step for own in survey.faults)


def test_a_file_spoiled_in_every_way_is_refused_with_all_of_them(tmp_path):
    changes = {cell: text for change in SPOILED.values() for cell, text in change.items()}
    told = {(own.sheet, own.cell) for own in read_survey(spoiled(tmp_path, changes)).faults}
    assert len(told) >= 18  # some ways are in the same cells
    back = written(tmp_path, returned(read_survey(spoiled(tmp_path, changes))), "tillbaka.xlsx")
    again = {(own.sheet, own.cell) for own in read_survey(back).faults}
    assert {one for one in told if one[1][0] in "ABCDEF"} - again <= {
        (STATE, "B3"),
        (READY, "D3"),
        (READY, "D4"),
    }


def test_a_file_that_was_sent_back_and_mended_is_accepted(tmp_path):
    survey = read_survey(spoiled(tmp_path, SPOILED["rating"]))
    book = openpyxl.load_workbook(written(tmp_path, returned(survey), "tillbaka.xlsx"))
    book[STATE]["B4"] = RATINGS[0]
    book.save(tmp_path / "rattad.xlsx")
    assert not read_survey(tmp_path / "rattad.xlsx").faults


def test_what_the_last_round_said_is_in_the_next_template_whole(tmp_path, workbook):
    answers = workbook.checked["lan_22_svar"]
    for code in answers["svarande"].unique():
        last = last_answers(workbook, "22", code)
        head = Head("2022-09", "22", code, "Kommunen")
        survey = read_survey(written(tmp_path, template(head, cells_of(last)), f"{code}.xlsx"))
        assert not survey.faults
        read = " ".join(f"{row['omrade']} {row['tema']} {row['text']}" for row in survey.answers)
        said = [row[name] for row in last for name in ("omrade", "tema", "text")]
        assert not [text for text in said if text not in read]


@pytest.mark.parametrize("named", [True, False])
def test_a_template_that_is_there_stays_and_only_an_option_that_was_given_is_named(
    named, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    path = Path("annan.xlsx" if named else "lagesbild-2022-02-2260.xlsx")
    path.write_bytes(b"svar")
    with pytest.raises(ParameterError) as error:
        mall(kommunkod="2260", runda="2022-02", till=path if named else None, data=None)
    assert str(error.value).startswith("--till: " if named else str(path))
    assert path.read_bytes() == b"svar"


def test_personal_data_is_told_by_its_cell_and_never_repeated(tmp_path):
    survey = read_survey(spoiled(tmp_path, {(STATE, "F4"): "Ring 070-123 45 67"}))
    assert "cell F4" in survey.warnings[0]
    assert "070" not in " ".join(map(str, [*survey.warnings, *survey.faults]))


def test_hostile_text_comes_back_as_the_text_it_is(tmp_path):
    rows = [{"omrade": AREAS[0], "betyg": "", "tema": "", "text": HOSTILE}]
    path = written(tmp_path, template(HEAD, cells_of(rows)))
    sheet = openpyxl.load_workbook(path)[STATE]
    cell = sheet.cell(HEAD_ROW + 2, 6)
    assert cell.data_type == "s"
    assert "\x1b" not in cell.value
    assert "\u202e" not in cell.value
    assert "<script>" in read_survey(path).answers[0]["text"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(AREAS), st.sampled_from(RATINGS), st.sampled_from(THEMES)),
        min_size=1,
        max_size=3,
        unique_by=lambda row: row[0],
    )
)
def test_a_round_trip_loses_nothing(tmp_path_factory, rows):
    answers = [
        {"omrade": area, "betyg": rating, "tema": theme, "text": "text"}
        for area, rating, theme in rows
    ]
    path = written(tmp_path_factory.mktemp("svar"), template(HEAD, cells_of(answers)))
    found = [{name: row[name] for name in answers[0]} for row in read_survey(path).answers]
    assert sorted(found, key=str) == sorted(answers, key=str)


def test_answers_are_in_the_report_once_they_are_saved(data_copy, monkeypatch, tmp_path):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    rows = [{"omrade": AREAS[0], "betyg": "ansträngt", "tema": "språk", "text": HOSTILE[:40]}]
    survey = read_survey(written(tmp_path, template(HEAD, cells_of(rows))))
    save_answers(tables.load(), survey)
    data = tables.load()
    own = cases.own_words(data, data.county("Y"), 2022)
    saved = own.svar[own.svar["svarande"] == "2260"]
    assert saved["betyg"].tolist() == ["ansträngt"]
    assert last_answers(data, "22", "2260")[0]["tema"] == "språk"
    save_answers(data, survey, internal=True)
    data = tables.load()
    own = cases.own_words(data, data.county("Y"), 2022)
    assert own.svar[own.svar["svarande"] == "2260"].empty
