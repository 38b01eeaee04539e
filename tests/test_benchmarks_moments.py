"""The benchmark of single reports and tiny notebooks runs, so that it does not rot."""

from benchmarks import moments


def test_tiny_notebooks_are_run_by_every_engine_that_is_there(tmp_path):
    ways = moments.of_tiny(tmp_path, 1)
    assert {"kernel", "warm"} <= {*ways}
    ways["warm"]()
    assert (tmp_path / "0.ipynb").is_file()


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
