"""The log in a failed report's page: what its notebook last printed, short, escaped, the same on
every machine.
"""

import nbformat
import pytest

from helpers.pages.layout import Frame, failed_page
from helpers.report.job import BYTES, LINES, TRAIL, Failure, Job, last, same_anywhere, witnessed
from helpers.report.manifest import Manifest
from helpers.warm.streams import Trail
from tests.house import web

MANIFEST = Manifest(edition="Prov", parameters={}, code_version="1", inputs=[], packages={})
DIED = Failure("KERNEL_DIED", "the report", "the process was ended by SIGKILL")


@pytest.fixture
def executed(tmp_path):
    """Where an executed notebook of two cells lies: one has printed, one has raised."""
    printed = nbformat.v4.new_output(
        "stream", name="stdout", text="läser /data/published/lan.csv\n"
    )
    steps = [
        "\x1b[31mValueError\x1b[0m  Traceback",
        "Cell In[2], line 1",
        "----> 1 läs()",
        "      2 skriv()",
    ]
    raised = nbformat.v4.new_output("error", ename="ValueError", evalue="fel", traceback=steps)
    cells = [
        nbformat.v4.new_code_cell("a", execution_count=1, outputs=[printed]),
        nbformat.v4.new_code_cell("b", execution_count=2, outputs=[raised]),
    ]
    path = tmp_path / "prov.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_the_log_holds_what_each_cell_printed_and_the_steps_of_the_traceback(executed, tmp_path):
    failure = witnessed(Failure("CELL_ERROR", "code cell 2", "ValueError: fel"), executed, tmp_path)
    assert failure.log.splitlines() == [
        "[1]",
        "läser …/published/lan.csv",
        "[2]",
        "ValueError  Traceback",
        "Cell In[2], line 1",
        "----> 1 läs()",
    ]


def test_a_killed_report_is_told_with_the_cell_that_ran_and_what_it_had_printed(tmp_path):
    trail = Trail(tmp_path / f"prov{TRAIL}")
    trail.begin(1)
    trail.add("förra cellen\n")
    trail.begin(4)
    trail.add("nästan klar\n")
    failure = witnessed(DIED, tmp_path / "prov.ipynb", tmp_path)
    assert (failure.where, failure.log) == ("code cell 4", "nästan klar")


def test_a_report_that_left_nothing_is_told_without_a_log(tmp_path):
    assert witnessed(DIED, tmp_path / "prov.ipynb", tmp_path) == DIED


def test_a_half_written_notebook_says_nothing_and_stops_nothing(tmp_path):
    (tmp_path / "prov.ipynb").write_text('{"cells": [', "utf-8")
    assert witnessed(DIED, tmp_path / "prov.ipynb", tmp_path).log == ""


def test_a_trail_keeps_no_more_than_it_may(tmp_path):
    trail = Trail(tmp_path / "a")
    trail.begin(1)
    for _ in range(3):
        trail.add("å" * Trail.most)
    assert (tmp_path / "a").stat().st_size == Trail.most + 2


def test_a_log_is_cut_to_its_last_lines_and_bytes():
    assert last("\n".join(map(str, range(1000)))).splitlines() == [
        str(number) for number in range(1000 - LINES, 1000)
    ]
    assert len(last("å" * 100_000).encode()) == BYTES


@pytest.mark.parametrize("folder", ["/tmp/a", "/srv/en annan mapp å/byggd"])
def test_the_same_log_comes_out_wherever_it_was_written(folder):
    text = f'File "{folder}/notebooks/x.py", line 3, <object at 0x7f3a11bc20>'
    assert same_anywhere(text, folder) == 'File "…/notebooks/x.py", line 3, <object at 0x…>'


@pytest.mark.browser
def test_the_page_with_a_log_keeps_the_rules_of_every_page(browser, tmp_path):
    log = "<script>alert(1)</script>\n" + "en mycket lång rad utan slut " * 40
    failure = Failure("CELL_ERROR", "code cell 5", "ValueError: <b>fel</b>", log)
    job = Job("lan/24", tmp_path / "a.ipynb", {"sprak": "sv"}, "Län", "Västerbottens län 2018")
    page = failed_page(job, failure, "Hur är läget i länet?", Frame(MANIFEST, index=False))
    (tmp_path / "page.html").write_text(page, "utf-8")
    with web.served(tmp_path) as address:
        reading = web.read_page(browser, f"{address}/page.html", axe_on_phone=True)
    assert web.broken(reading) == {}
    assert "alert(1)" in reading.text
    assert "kodcell 5" in reading.text
