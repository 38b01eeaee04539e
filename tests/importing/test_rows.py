"""A message names a row as the file numbers it: blank rows are counted, in every reader."""

import pytest

from helpers.imports import detailed
from helpers.imports.judging import Asked, judge
from helpers.sources.files.child import read_bytes

from .layouts import as_csv, as_xlsx, saved

FAULTY = {  # a municipality whose figure is spoilt, and in which column
    "mottagna": ("KARLSHAMN", 3, Asked()),
    "kommuntal": ("UMEÅ", 4, Asked(None, 2018)),
    "andelstal": ("Umeå", 4, Asked("24", 2018)),
    "manad": ("Umeå", 2, Asked()),
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", FAULTY)
def test_a_fault_below_blank_rows_is_told_at_its_own_row(layout, kind, sound, workbook):
    name, column, asked = FAULTY[layout]
    rows = [list(row) for row in getattr(sound, layout)]
    own = next(row for row in rows if name in row)
    own[column] = "x"
    for place in (rows.index(own), rows.index(own) - 1, 1):
        rows.insert(place, [""] * len(own))
    data = as_csv(rows) if kind == "csv" else saved(as_xlsx(rows))
    judged = judge(read_bytes(f"m.{kind}", data), workbook, asked, f"m.{kind}")
    (fault,) = [one for one in judged.findings if one.code == "ej_tal"]
    assert (fault.rad, fault.kolumn) == (rows.index(own) + 1, "ABCDEFG"[column]), judged.findings


def test_a_fault_of_an_extract_below_blank_lines_is_told_at_its_own_line(workbook, tmp_path):
    header = "Kommunkod;År;Månad;Åldersgrupp;Kön;Medborgarskap;Antal"
    path = tmp_path / "d.csv"
    path.write_text(f"{header}\n\n2480;2019;1;0–17;man;Syrien;4\n\n2480;2019;1;0–17;man;Irak;x\n")
    judged = detailed.judge(path, workbook, tmp_path)
    assert [(one.code, one.rad, one.kolumn) for one in judged.findings] == [("ej_antal", 5, "G")]


def test_a_figure_out_of_proportion_is_told_at_its_cell(sound, workbook):
    rows = [list(row) for row in sound.kommuntal if row[1]]
    own = next(row for row in rows if row[1] == "BJURHOLM")
    own[4] = "900"
    judged = judge(read_bytes("k.csv", as_csv(rows)), workbook, Asked(None, 2021), "k.csv")
    (fault,) = [one for one in judged.findings if one.code == "avvikande"]
    assert (fault.rad, fault.kolumn) == (rows.index(own) + 1, "E")


def test_a_title_that_disagrees_is_told_at_its_cell(sound, workbook):
    rows = [["Andelstal", "", "", "", ""], ["", "för 2019", "", "", ""], *sound.andelstal]
    judged = judge(read_bytes("a.csv", as_csv(rows)), workbook, Asked("24", 2018), "a.csv")
    (fault,) = [one for one in judged.findings if one.code == "fel_ar"]
    assert fault.where == "blad 1, rad 2, kolumn B"
    assert "titeln säger 2019" in fault.says
    assert "--ar säger 2018" in fault.says
