"""The benchmark runs and both its ways agree; what is held of a table is small."""

import sys

import pytest

from benchmarks import large_tables


def test_the_benchmark_prints_a_row_for_each_size(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["large_tables", "--rows", "2000", "--repeats", "1"])
    large_tables.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("| 2 000 |")
    assert len(lines[-1].split("|")) == len(lines[-3].split("|"))


def test_the_synthetic_table_is_the_same_every_time_and_has_no_row_twice(tmp_path):
    first, second = (
        large_tables.make(tmp_path / name, 3000).read_bytes() for name in ("a.csv", "b.csv")
    )
    assert first == second
    keys = [line.rsplit(b";", 1)[0] for line in first.splitlines()[1:]]
    assert len(set(keys)) == 3000
    assert b"Syntetiskt" in first


def test_a_table_larger_than_what_there_is_to_make_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(
        large_tables, "LABELS", {name: words[:1] for name, words in large_tables.LABELS.items()}
    )
    with pytest.raises(SystemExit, match="ask for fewer"):
        large_tables.make(tmp_path / "x.csv", 1000)


def test_two_ways_that_disagree_are_not_measured(tmp_path, monkeypatch):
    answers = iter(
        [
            {"sums": [[2019, 1, 1]], "mib": 1, "seconds": 1},
            {"sums": [[2019, 1, 2]], "mib": 1, "seconds": 1},
        ]
    )
    monkeypatch.setattr(large_tables, "run_apart", lambda *_: next(answers))
    with pytest.raises(SystemExit, match="different sums"):
        large_tables.measure(10, tmp_path, 1)


def test_what_a_larger_table_takes_beyond_the_smallest_is_told_as_a_ratio():
    sizes = [{"rows": rows, "file_mib": 5 * rows, "ours_mib": 300 + 8 * rows} for rows in (1, 3)]
    assert large_tables.growth(sizes) == (
        "\n\nBeyond the smallest table, ours took 1.6 MiB of memory for each MiB more of file."
    )
    assert large_tables.growth(sizes[:1]) == ""
