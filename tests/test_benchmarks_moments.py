"""The benchmark of single reports and tiny notebooks runs, so that it does not rot."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import moments

ENGINE = """
import json, os
from papermill.engines import Engine
class Idle(Engine):
    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        with open(os.path.join(os.path.expanduser("~"), "seen.json"), "w") as file:
            json.dump(dict(os.environ), file)
"""


@pytest.fixture
def rivals(tmp_path, monkeypatch):
    """A folder that holds an engine of the rival's name, which runs no cell."""
    folder = tmp_path / "rivals"
    about = folder / "idle-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: idle\nVersion: 1\n", "utf-8")
    (about / "entry_points.txt").write_text("[papermill.engine]\nembedded = idle:Idle\n", "utf-8")
    (folder / "idle.py").write_text(ENGINE, "utf-8")
    monkeypatch.setattr(moments, "RIVALS", folder)
    return folder


@pytest.mark.parametrize("name", ["kernel", "warm"])
def test_tiny_notebooks_are_run_by_every_engine_of_ours(name, tmp_path):
    moments.of_tiny(tmp_path, 2)[name]()  # raises where one of them was not run
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.ipynb"]


def test_a_rival_that_is_not_installed_is_left_out_with_a_word(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(moments, "RIVALS", tmp_path / "rivals")
    monkeypatch.setattr(moments, "compare", lambda ways, rounds, heading: print(*ways))
    monkeypatch.setattr(moments, "of_one_report", lambda base, year: {})
    monkeypatch.setattr(moments.subprocess, "run", lambda *command, **options: None)
    monkeypatch.setattr(sys, "argv", ["moments"])
    moments.main()
    said = capsys.readouterr().out.split("\n", 1)[1]
    assert said == "kernel warm\n\nploomber-engine is not installed (make bench does), and so not measured.\n"  # fmt: skip


def test_notebooks_that_a_rival_has_not_run_are_no_time_of_its(tmp_path, rivals):
    with pytest.raises(RuntimeError, match="ploomber-engine ran 0 of 2 notebooks"):
        moments.of_tiny(tmp_path, 2)["ploomber-engine"]()


def test_a_rival_alone_has_its_folder_and_a_home_of_its_own_and_tells_nobody(tmp_path, rivals):
    with pytest.raises(RuntimeError):
        moments.of_tiny(tmp_path, 1)["ploomber-engine"]()
    seen = json.loads(next(tmp_path.rglob("seen.json")).read_text("utf-8"))
    assert seen["PYTHONPATH"].startswith(str(rivals))
    assert Path(seen["HOME"]) == Path(seen["PLOOMBER_HOME_DIR"])
    assert Path(seen["HOME"]).is_relative_to(tmp_path)
    assert seen["PLOOMBER_STATS_ENABLED"] == "false"
    assert seen["PLOOMBER_VERSION_CHECK_DISABLED"] == "true"


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ([], []),
        ([{"output_type": "error", "ename": "NameError", "traceback": []}], [""]),
        ([{"text": "6\n"}, {"data": {"text/plain": ["[6, ", "6, 6]"]}}], moments.said(3)),
    ],
)
def test_what_an_executed_notebook_holds_is_read_from_its_outputs(outputs, told, tmp_path):
    notebook = tmp_path / "0.ipynb"
    cells = [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": outputs}]
    notebook.write_text(json.dumps({"cells": cells}), "utf-8")
    assert moments.told(notebook) == told
    assert moments.told(tmp_path / "1.ipynb") == []


def test_one_report_is_made_by_every_way_that_is_ours_and_not(tmp_path):
    ways = moments.of_one_report(tmp_path, 2018)
    assert len(ways) == 5
    assert {*ways, *moments.ENGINES} >= moments.UNTOLD


def test_ways_are_held_against_the_first(capsys):
    moments.compare({"a": int, "warm": int}, 1, "prov")
    head, _, first, second = capsys.readouterr().out.strip().splitlines()
    assert head.startswith("| prov | s |")
    assert first.startswith("| a |")
    assert second.endswith("| – |")


def test_a_first_way_too_short_for_the_clock_gives_no_ratio_and_no_error(capsys, monkeypatch):
    monkeypatch.setattr(moments, "measure", lambda way: moments.Sample(0.0, 0.0))
    moments.compare({"a": int, "b": int}, 1, "prov")
    *_, second = capsys.readouterr().out.strip().splitlines()
    assert second == "| b | 0.00 | 0.00 | – | – |"
