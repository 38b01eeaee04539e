"""Workbooks as an office programme writes them: the older format, charts, hidden rows, numbers kept
as text.
"""

import shutil
import subprocess

import pytest

from helpers.imports.judging import Asked, judge
from helpers.sources.files import preflight
from helpers.sources.files.child import read_apart, read_bytes
from helpers.sources.files.findings import RefusedFileError
from tests.patience import PATIENCE

from .layouts import as_xlsx, saved

LAYOUTS = ("mottagna", "kommuntal", "andelstal")


OUTWARD = {
    "fil": "of:=&apos;{other}&apos;#$Sheet.A1",
    "program": "of:=DDE(&quot;soffice&quot;;&quot;{other}&quot;;&quot;Sheet.A1&quot;)",
}
FODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="Blad"><table:table-row>
<table:table-cell table:formula="{formula}" office:value-type="float" office:value="11">
<text:p>11</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>
"""


@pytest.fixture(scope="module")
def old_workbooks(sound, tmp_path_factory):
    """Each layout saved by LibreOffice in the older format (.xls); one start for all."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("soffice is not on the PATH; on Debian: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("office")
    files = [folder / f"{name}.xlsx" for name in LAYOUTS]
    for name, file in zip(LAYOUTS, files, strict=True):
        file.write_bytes(saved(as_xlsx(getattr(sound, name))))
    for name, formula in OUTWARD.items():
        files.append(folder / f"{name}.fods")
        other = (folder / "annan.xlsx").as_uri()
        files[-1].write_text(FODS.format(formula=formula.format(other=other)), "utf-8")
    shutil.copy(files[0], folder / "annan.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        "xls:MS Excel 97",
        "--outdir",
        str(folder),
        *files,
    ]
    subprocess.run(
        command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, capture_output=True
    )
    return folder


@pytest.mark.office
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_workbook_in_the_older_format_holds_the_published_figures(
    layout, old_workbooks, sound, workbook
):
    reading = read_apart(old_workbooks / f"{layout}.xls")
    judged = judge(reading, workbook, Asked("24", 2018))
    newer = judge(
        read_bytes("ny.xlsx", saved(as_xlsx(getattr(sound, layout)))), workbook, Asked("24", 2018)
    )
    assert (reading.kind, judged.verdict, judged.findings) == ("xls", "Godtas", [])
    assert [table.csv_text for table in judged.tables] == [table.csv_text for table in newer.tables]


@pytest.mark.office
@pytest.mark.parametrize("source", OUTWARD)
def test_values_of_another_file_or_program_are_told_in_the_older_format_too(source, old_workbooks):
    data = (old_workbooks / f"{source}.xls").read_bytes()
    with pytest.raises(RefusedFileError) as refusal:
        preflight.preflight(f"{source}.xls", data)
    assert refusal.value.finding.code == "externa_lankar"


def test_a_sheet_with_only_a_chart_is_passed_over(sound, workbook):
    from openpyxl.chart import BarChart, Reference

    book = as_xlsx(sound.mottagna)
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=4, min_row=7, max_row=11))
    book.create_chartsheet("Diagram", 0).add_chart(chart)
    judged = judge(read_bytes("bok.xlsx", saved(book)), workbook, Asked())
    assert (judged.verdict, judged.findings) == ("Godtas", [])


def test_a_hidden_row_is_told_with_its_sheet_as_other_findings_number_it(sound):
    book = as_xlsx(sound.mottagna)
    book.create_chartsheet("Diagram", 0)
    book.create_sheet("Information", 1)
    book["Tabell"].row_dimensions[9].hidden = True
    book["Tabell"].column_dimensions["E"].hidden = True
    found = {one.code: one for one in read_bytes("bok.xlsx", saved(book)).findings}
    assert found["dold_rad"].where == "blad 2, rad 9"
    assert found["dold_kolumn"].where == "blad 2, kolumn E"
    assert "”Tabell”" in found["dold_rad"].says


def test_codes_are_text_by_right_and_figures_are_not(sound, workbook):
    book = as_xlsx(sound.kommuntal)
    for row in book.active.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].value = row[0].value and str(row[0].value)
    assert judge(read_bytes("bok.xlsx", saved(book)), workbook, Asked(ar=2018)).findings == []
    book.active["E2"].value = f"{book.active['E2'].value}\u00a0"
    judged = judge(read_bytes("bok.xlsx", saved(book)), workbook, Asked(ar=2018))
    assert {one.code: one.where for one in judged.findings if one.code == "tal_som_text"} == {
        "tal_som_text": "blad 1, rad 2, kolumn E"
    }


def test_an_interval_with_a_dash_of_print_is_kept_as_the_tables_write_it(sound, workbook):
    from .corpus import andelstal, at

    for dash in "–—\u2212":
        content = andelstal(at("Bjurholm", 3, f"1 {dash} 2"))(sound)
        (table,) = judge(read_bytes("tabell.csv", content), workbook, Asked("24", 2018)).tables
        assert "Bjurholm;1,00;1-2;" in table.csv_text


def test_the_error_values_of_an_xls_are_told_by_cell():
    value = bytes.fromhex("0502080002000400000f2a01")  # row 3, column E
    formula = bytes.fromhex("06001600050003000000020007000000ffff")  # row 6, column D
    found = preflight.errors_in(bytes(64) + value + bytes(8) + formula)
    assert [(one.rad, one.kolumn, one.says.split(" ")[0]) for one in found] == [
        (3, "E", "”#N/A”"),
        (6, "D", "”#DIV/0!”"),
    ]
